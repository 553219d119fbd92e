package command

import (
	"context"
	"errors"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/remote"
)

// WorkItems lists the open work items of a sandbox, oldest first.
func (e *Engine) WorkItems(ctx context.Context, sandbox string) ([]WorkItem, error) {
	return e.store.WorkItems(ctx, sandbox)
}

// Items lists work items with what has become of them.
func (e *Engine) Items(ctx context.Context, q ItemQuery) ([]StoredWorkItem, error) {
	return e.store.Items(ctx, q)
}

// Item reads one work item; without one the error is ErrNoItem.
func (e *Engine) Item(ctx context.Context, id int64) (StoredWorkItem, error) {
	return e.store.Item(ctx, id)
}

// Instances lists the instances that ever worked on a shared database.
func (e *Engine) Instances(ctx context.Context) ([]InstanceStatus, error) {
	return e.store.Instances(ctx)
}

// Retry makes the effect behind an open work item owed again and tries it at once, on behalf of by. It returns what has
// become of the item: retrying as long as the effect is still owed. Errors are ErrNoItem, ErrItemNotOpen,
// ErrNotRetriable, a refusal, or a fault of the service.
func (e *Engine) Retry(ctx context.Context, id int64, by string) (StoredWorkItem, error) {
	item, err := e.store.Item(ctx, id)
	if err != nil {
		return item, err
	}
	ctx = remote.WithScope(ctx, remote.Scope{Sandbox: item.Sandbox, Forward: e.forward})
	now := e.clock.Now(ctx)
	if err := e.store.retry(ctx, id, by, now); err != nil {
		if errors.Is(err, errOtherOpen) {
			err = orderops.Refuse(orderops.OrderActionInProgress, "order %s has another open action", item.OrderNo)
		}
		return item, err
	}
	e.auditItem(ctx, item, "retried", by, "")
	if _, err := e.Tick(ctx, item.Sandbox, now); err != nil {
		e.log.ErrorContext(ctx, "due work failed", "sandbox", item.Sandbox, "error", err.Error())
	}
	return e.store.Item(ctx, id)
}

// Resolve closes an open work item: by says who settled it, note how. Errors are ErrNoItem, ErrItemNotOpen or a fault of
// the service.
func (e *Engine) Resolve(ctx context.Context, id int64, by, note string) (StoredWorkItem, error) {
	item, err := e.store.Item(ctx, id)
	if err != nil {
		return item, err
	}
	ctx = remote.WithScope(ctx, remote.Scope{Sandbox: item.Sandbox, Forward: e.forward})
	if err := e.store.resolve(ctx, id, by, note, e.clock.Now(ctx)); err != nil {
		return item, err
	}
	e.auditItem(ctx, item, "resolved", by, note)
	return e.store.Item(ctx, id)
}

// auditItem tells what a person decided.
func (e *Engine) auditItem(ctx context.Context, item StoredWorkItem, what, by, note string) {
	attrs := []any{
		"work_item", item.ID, "decision", what, "by", by, "operation_id", item.OperationID, "sandbox", item.Sandbox,
		"order_no", item.OrderNo, "entity", item.Entity, "reason", item.Reason,
	}
	if note != "" {
		attrs = append(attrs, "note", note)
	}
	e.log.InfoContext(ctx, "audit", attrs...)
}
