package modify

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
)

// Abandons ends modifications that nobody has gone on with. Only the service itself asks for that: as a command of the
// order, so that nothing else happens to the order meanwhile.
type Abandons struct{ *Modifies }

var _ command.Handler = (*Abandons)(nil)

// Run implements command.Handler.
func (a *Abandons) Run(_ context.Context, run command.Run, row command.Row, _ json.RawMessage) (command.Result, error) {
	var in Abandoned
	if err := json.Unmarshal(row.Input, &in); err != nil {
		return command.Result{}, fmt.Errorf("decode input of abandon: %w", err)
	}
	result := command.Result{State: command.Succeeded}
	before, err := Find(run, a.Commands, row)
	if err != nil || before.ID != in.OperationID || before.State != command.Editing {
		return result, err
	}
	// The last look: an order that has come of the basket is confirmed, not abandoned.
	found, err := command.Call(run, "b2c.arrived", func(ctx context.Context) (Arrival, error) {
		return a.arrived(ctx, command.Row{ID: before.ID, Command: row.Command}, before.Note.CustomerID)
	})
	switch {
	case err != nil:
		return result, err
	case found.Failure != nil || found.Value.OrderNo != "":
		result.State = command.Released // looked at again by the watch
		result.Answer.Refusal = orderops.RefuseFor(a.Policy.WatchEvery, orderops.OrderChanged, "the follow-up basket is gone, or cannot be looked at")
		return result, nil
	}
	return a.end(run, row, before)
}

// end lets everything be as it was: the basket goes, or stays as an ordinary one, what was set aside comes back, and the
// hold in order management is lifted. A basket that holds units of the order's does not stay: the order needs them. With cancel_first there is no order to go back to, and the basket is all that is left.
func (a *Abandons) end(run command.Run, row command.Row, before Edited) (command.Result, error) {
	answer := *before.Answer
	answer.EditingEnd, answer.Effects, answer.Redirect = orderops.EditingEnd{State: orderops.Expired}, []orderops.Effect{}, nil
	j := &job{Modifies: a.Modifies, run: command.Listen(run), row: row, shop: shopOf(row)}
	var err error
	if answer.Effects, err = j.makeGood(a.endings(before), answer.Effects); err != nil {
		return command.Result{}, err
	}
	_, err = command.Call(run, "order-ops.ended", func(ctx context.Context) (nothing, error) {
		return nothing{}, a.Commands.EndEditing(ctx, before.ID, orderops.EditingEnd{State: orderops.Expired})
	})
	return command.Result{State: command.Succeeded, Answer: command.Answer{Modification: &answer}, Due: j.due, WorkItems: j.workItems}, err
}

// endings are what ends a modification, in order.
func (a *Abandons) endings(before Edited) []compensation {
	var list []compensation
	first := before.Answer.Policy == orderops.CancelFirst
	reclaims := len(before.Note.Claims) > 0 && !first
	keep := a.Policy.KeepAbandoned && !reclaims || first
	if !keep {
		if before.Answer.SetAsideBasketID != "" {
			list = append(list, compensation{Kind: kindRestore, BasketID: before.Answer.SetAsideBasketID})
		}
		list = append(list, compensation{
			Kind: kindDelete, BasketID: before.Answer.BasketID, CustomerID: before.Note.CustomerID, OperationID: before.ID,
		})
	}
	if reclaims {
		list = append(list, compensation{Kind: kindReclaim, Claims: before.Note.Claims})
	}
	for _, s := range before.Answer.Slots {
		list = append(list, compensation{Kind: kindFree, HoldID: s.HoldID, BookingID: s.BookingID})
	}
	if before.Note.Hold != "" {
		list = append(list, compensation{
			Kind: kindLift, OrderSummaryID: before.Note.OrderSummaryID, Hold: before.Note.Hold, Before: before.Note.Before,
		})
	}
	return list
}

// Perform implements command.Handler.
func (a *Abandons) Perform(ctx context.Context, row command.Row, due command.Due) command.EffectResult {
	return a.Modifies.Perform(ctx, row, due)
}
