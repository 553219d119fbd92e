package settle

import (
	"context"
	"fmt"
	"strings"

	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/somclient"
)

// Turns has one refund of an order after the other asked of order management: which of two is whose nothing there tells,
// least of all when an answer was lost.
type Turns interface {
	TakeTurn(ctx context.Context, t command.Turn) (mine, after bool, err error)
	GiveTurn(ctx context.Context, t command.Turn) error
}

func turnOf(row command.Row, step moneyStep) command.Turn {
	return command.Turn{Sandbox: row.Sandbox, OrderNo: row.OrderNo, CommandID: row.ID, Key: step.Key}
}

// inTurn reads what order management has done about an order's money when it is a movement's turn, and says so when it is not.
func (s *Systems) inTurn(run command.Run, row command.Row, step moneyStep) (command.Outcome[settlementRead], error) {
	return command.Call(run, "som.settlement/"+step.Key[:8], func(ctx context.Context) (settlementRead, error) {
		mine, after := true, false
		if s.Turns != nil {
			var err error
			if mine, after, err = s.Turns.TakeTurn(ctx, turnOf(row, step)); err != nil {
				return settlementRead{}, err
			}
		}
		if !mine {
			return settlementRead{Waits: true}, nil
		}
		read, err := s.readSettlement(ctx, step.Task.Claim.OrderSummaryID)
		read.After = after
		return read, err
	})
}

// ensure has order management give captured money back when it is the movement's turn. A turn of which nothing has come is
// another's.
func (s *Systems) ensure(run command.Run, row command.Row, step moneyStep) (moved, error) {
	done, err := s.ensureInTurn(run, row, step)
	if err != nil || s.Turns == nil || !isDue(run) || done.step.Ensure != nil {
		return done, err
	}
	_, err = command.Call(run, "order-ops.giveTurn", func(ctx context.Context) (nothing, error) {
		return nothing{}, s.Turns.GiveTurn(ctx, turnOf(row, step))
	})
	return done, err
}

// overtaken ends a movement that was noted, had been given up, and is tried again after another one had its turn: what has
// come of which nothing tells. Where nothing has come of any, it simply goes on.
func (m moved) overtaken(now settlementRead) (moved, bool) {
	noted := m.step.Ensure
	if !now.After || noted == nil {
		return m, false
	}
	ours := now.operationsSince(noted.Before)
	if len(ours) == 0 && noted.OperationID == "" {
		return m, false
	}
	return m.several(ours), true
}

// several leaves a movement to a person, since refunds are there that may be its own or another's.
func (m moved) several(operations []somclient.BackgroundOperation) moved {
	var ids []string
	for _, o := range operations {
		ids = append(ids, o.ID)
	}
	m = m.given(codeSeveral)
	m.note = fmt.Sprintf("%s: of the refunds in the background %s it cannot be told which is this one; see in order management what they gave back: "+
		"resolve this if it is among that, and have it tried again if it is not", codeSeveral, strings.Join(ids, ", "))
	return m
}
