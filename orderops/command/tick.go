package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/remote"
)

// TickResult tells the caller of a tick what it did and when to come again.
type TickResult struct {
	Ran     int
	NextDue *time.Time // nil: nothing is owed
}

// maxPerTick bounds one tick, so that a mistake in back-off cannot make it endless.
const maxPerTick = 1000

// Tick runs the due work of a sandbox whose time has come. It is safe to call at any moment, from several callers and
// from several instances.
func (e *Engine) Tick(ctx context.Context, sandbox string, now time.Time) (TickResult, error) {
	held, _ := e.ticking.LoadOrStore(sandbox, &sync.Mutex{})
	if one, ok := held.(*sync.Mutex); ok {
		one.Lock()
		defer one.Unlock()
	}
	ctx = context.WithValue(ctx, tickKey{}, true)
	var result TickResult
	for result.Ran < maxPerTick {
		d, found, err := e.store.claimDue(ctx, sandbox, now)
		if err != nil {
			return result, err
		}
		if !found {
			break
		}
		err = errors.Join(e.runDue(ctx, d, now), e.store.releaseDue(context.WithoutCancel(ctx), d))
		if err != nil {
			return result, fmt.Errorf("due work %d: %w", d.id, err)
		}
		result.Ran++
	}
	if err := e.Forget(ctx, sandbox, now); err != nil {
		return result, err
	}
	next, err := e.store.earliestDue(ctx, sandbox)
	result.NextDue = next
	return result, err
}

// TickAll ticks every sandbox that has due work and whose clock runs by itself.
func (e *Engine) TickAll(ctx context.Context, runsByItself func(ctx context.Context, sandbox string) bool) error {
	names, err := e.store.sandboxesWithDue(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		scoped := remote.WithScope(ctx, remote.Scope{Sandbox: name, Forward: e.forward})
		if !runsByItself(scoped, name) {
			continue
		}
		if _, err := e.Tick(ctx, name, e.clock.Now(scoped)); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) runDue(ctx context.Context, d dueRow, now time.Time) error {
	row, err := e.store.Command(ctx, d.commandID)
	if err != nil {
		return err
	}
	ctx = e.scoped(ctx, row)
	if d.Kind == kindResume {
		return e.resumeCommand(ctx, row, d, now)
	}
	handler, ok := e.handlers[row.Action]
	if !ok {
		return fmt.Errorf("no handler for action %s", row.Action)
	}
	r := handler.Perform(ctx, row, d.Due)
	if r.Payload != nil {
		d.Payload = r.Payload
	}
	switch {
	case r.Again > 0:
		return e.store.putOff(ctx, d, now.Add(r.Again))
	case len(r.Instead) > 0:
		return e.store.settle(ctx, row, d, r, nil, now)
	case r.State == orderops.EffectPending && d.tries()+1 >= maxAttempts:
		r.State = orderops.EffectFailed
	case r.State == orderops.EffectPending:
		return e.store.postpone(ctx, d, now.Add(backoff(d.tries()+1, r.RetryAfter)))
	}
	var items []WorkItem
	if r.State == orderops.EffectFailed {
		items = []WorkItem{itemOf(row, d, r)}
	}
	e.log.InfoContext(ctx, "audit", "operation_id", row.ID, "order_no", row.OrderNo, "effect", d.Kind, "state", r.State, "code", r.Code, "actor", row.Actor, "correlation_id", row.CorrelationID)
	return e.store.settle(ctx, row, d, r, items, now)
}

// itemOf asks a person to see to an effect that was given up.
func itemOf(row Row, d dueRow, r EffectResult) WorkItem {
	item := WorkItem{OrderNo: row.OrderNo, Entity: d.Kind, Reason: "the effect was given up"}
	if said := cmp.Or(r.Note, r.Code); said != "" {
		item.Reason += ": " + said
	}
	if effects := *row.Answer.Effects(); d.Effect >= 0 && d.Effect < len(effects) {
		effect := effects[d.Effect]
		item.Entity = effect.System + ":" + effect.Action + ":" + effect.Reference
		item.Amount, item.Currency = effect.Amount, effect.Currency
	}
	return item
}

// resumeCommand has a command of unknown outcome try again to find out, as a workflow of its own.
func (e *Engine) resumeCommand(ctx context.Context, row Row, d dueRow, now time.Time) error {
	if row.State != Unknown {
		return e.store.drop(ctx, d, now)
	}
	if d.tries() >= maxAttempts {
		return e.store.giveUp(ctx, row, d, "the outcome could not be found out", now)
	}
	if d.attempt > 0 {
		if _, active, err := e.workflows.Known(resumeID(row, d.attempt)); err != nil || active {
			return orPostpone(err, func() error { return e.store.postpone(ctx, d, now.Add(maxBackoff)) })
		}
	}
	done := e.await(row.ID)
	if err := e.store.postpone(ctx, d, now.Add(backoff(d.tries()+1, 0))); err != nil {
		return err
	}
	if err := e.workflows.Start(resumeID(row, d.attempt+1), row.ID, true); err != nil {
		return err
	}
	bounded, cancel := context.WithTimeout(ctx, e.patience(ctx))
	defer cancel()
	select {
	case <-done:
	case <-bounded.Done():
	}
	return nil
}

func orPostpone(err error, postpone func() error) error {
	if err != nil {
		return err
	}
	return postpone()
}

func resumeID(row Row, attempt int) string { return row.WorkflowID() + "/resume-" + itoa(attempt) }
