package command

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/remote"
)

// Overturned is an effect that a system had confirmed and takes back later.
type Overturned struct {
	Sandbox string
	// System and Reference tell the effect: where it was made, and the id of what was made there.
	System, Reference string
	// Code is the system's word for why, Reason what a person reads.
	Code, Reason string
	// Again is the work that brings the effect about once more, should a person want that.
	Again func(row Row, effect orderops.Effect) (Due, error)
}

// Overturn makes an effect that was done a failed one and asks a person to look. It returns the command of which it was an
// effect; without one the error is ErrNoCommand, and nothing has changed. Once it has failed, overturning it again finds
// nothing.
func (e *Engine) Overturn(ctx context.Context, o Overturned) (Row, error) {
	row, err := e.store.madeWith(ctx, o)
	if err != nil {
		return row, err
	}
	ctx = remote.WithScope(ctx, remote.Scope{Sandbox: o.Sandbox, CorrelationID: row.CorrelationID, Forward: e.forward})
	if err := e.store.overturn(ctx, row, o, e.clock.Now(ctx)); err != nil {
		return row, err
	}
	e.log.InfoContext(ctx, "audit", "operation_id", row.ID, "order_no", row.OrderNo, "effect", o.System+":"+o.Reference,
		"state", orderops.EffectFailed, "code", o.Code, "actor", o.System, "correlation_id", row.CorrelationID)
	return row, nil
}

// of finds the effect in an answer.
func (o Overturned) of(answer *Answer) (index int, found bool) {
	for i, effect := range *answer.Effects() {
		if effect.System == o.System && effect.Reference == o.Reference && effect.State == orderops.EffectDone {
			return i, true
		}
	}
	return 0, false
}

// madeWith finds the finished command of which the effect is. The text of its answer is searched first, which no index
// helps with: this happens seldom, and commands are forgotten after a while.
func (s *Store) madeWith(ctx context.Context, o Overturned) (Row, error) {
	reference, err := json.Marshal(o.Reference)
	if err != nil {
		return Row{}, fmt.Errorf("encode reference of effect: %w", err)
	}
	pattern := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(`"reference":`+string(reference)) + "%"
	rows, err := list(ctx, s.db, "commands", scanRow, selectCommand+` WHERE sandbox = ? AND answer LIKE ? ESCAPE '\' ORDER BY created_at, id`, o.Sandbox, pattern)
	if err != nil {
		return Row{}, err
	}
	for _, row := range rows {
		if _, found := o.of(&row.Answer); found && !row.State.Open() {
			return row, nil
		}
	}
	return Row{}, ErrNoCommand
}

func (s *Store) overturn(ctx context.Context, row Row, o Overturned, now time.Time) error {
	return s.db.inTx(ctx, func(tx *transaction) error { return overturnIn(ctx, tx, row, o, now) })
}

func overturnIn(ctx context.Context, tx *transaction, row Row, o Overturned, now time.Time) error {
	answer, err := answerOf(ctx, tx, row.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNoCommand
	}
	if err != nil {
		return err
	}
	index, found := o.of(&answer)
	if !found {
		return ErrNoCommand
	}
	effect := &(*answer.Effects())[index]
	again, err := o.Again(row, *effect)
	if err != nil {
		return fmt.Errorf("find out how effect %s of command %s is made again: %w", o.Reference, row.ID, err)
	}
	again.Effect = index
	item := WorkItem{
		OrderNo: row.OrderNo, Entity: effect.System + ":" + effect.Action + ":" + effect.Reference, Amount: effect.Amount,
		Currency: effect.Currency, Reason: o.Reason, Retry: &again,
	}
	effect.State, effect.Code = orderops.EffectFailed, o.Code
	raw, err := json.Marshal(answer)
	if err != nil {
		return fmt.Errorf("encode answer of command %s: %w", row.ID, err)
	}
	if _, err := tx.exec(ctx, `UPDATE ops_command SET answer = ? WHERE id = ?`, string(raw), row.ID); err != nil {
		return fmt.Errorf("update answer of command %s: %w", row.ID, err)
	}
	return addWorkItems(ctx, tx, row, nil, []WorkItem{item}, now)
}

// Overtaking says what becomes of an effect of which its system had told a status before order-ops knew that it was made.
// It answers false for a status that leaves the effect as it is.
type Overtaking func(sandbox string, effect orderops.Effect, status string) (Overturned, bool)

// LookBack has the effects in a system held against what it has told of them already, in the transaction that notes them as
// done: an event that was quicker than the answer is not lost. It is called before the store is used.
func (s *Store) LookBack(system string, at Overtaking) { s.overtaking[system] = at }

// lookBack overturns what an answer says is done and its system has taken back already.
func (s *Store) lookBack(ctx context.Context, tx *transaction, row Row, answer Answer, now time.Time) error {
	for _, effect := range *answer.Effects() {
		at, told := s.overtaking[effect.System]
		if !told || effect.State != orderops.EffectDone || effect.Reference == "" {
			continue
		}
		var status string
		err := tx.row(ctx, `SELECT status FROM ops_thing_status WHERE sandbox = ? AND thing = ?`, row.Sandbox, effect.System+":"+effect.Reference).Scan(&status)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return fmt.Errorf("look back at %s of command %s: %w", effect.Reference, row.ID, err)
		}
		if o, ok := at(row.Sandbox, effect, status); ok {
			if err := overturnIn(ctx, tx, row, o, now); err != nil {
				return err
			}
		}
	}
	return nil
}
