package command

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// keepFor is how long a finished command is remembered. Until then its key answers the stored result.
const keepFor = 30 * 24 * time.Hour

// Forget deletes the commands of a sandbox that finished more than thirty days before now, with their workflows and
// settled work items, the events that came before then, return windows long closed, what guests tried and snapshots. Commands that still owe something, and those a person has to settle, stay.
func (e *Engine) Forget(ctx context.Context, sandbox string, now time.Time) error {
	if err := e.store.forgetEvents(ctx, sandbox, now.Add(-keepFor)); err != nil {
		return err
	}
	if err := e.store.forgetReturnWindows(ctx, sandbox, now); err != nil {
		return err
	}
	if err := errors.Join(e.store.forgetGuests(ctx, sandbox, now), e.store.forgetSnapshots(ctx, sandbox, now.Add(-keepFor))); err != nil {
		return err
	}
	rows, err := e.store.finishedBefore(ctx, sandbox, now.Add(-keepFor))
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := e.workflows.Forget(row.baseID()); err != nil {
			return fmt.Errorf("forget workflows of command %s: %w", row.ID, err)
		}
		if err := e.store.forget(ctx, row); err != nil {
			return err
		}
	}
	return nil
}

// finishedBefore lists the commands that may be forgotten, a hundred at a time.
func (s *Store) finishedBefore(ctx context.Context, sandbox string, before time.Time) ([]Row, error) {
	return list(ctx, s.db, "old commands", scanRow, selectCommand+` WHERE sandbox = ? AND finished_at < ? 
		AND (state IN (?, ?, ?) OR state = ? AND EXISTS (SELECT 1 FROM ops_work_item WHERE command_id = ops_command.id))
		AND NOT EXISTS (SELECT 1 FROM ops_due WHERE command_id = ops_command.id)
		AND NOT EXISTS (SELECT 1 FROM ops_work_item WHERE command_id = ops_command.id AND state <> ?) ORDER BY finished_at LIMIT 100`,
		sandbox, before.UnixMilli(), Succeeded, Refused, Released, NeedsAttention, ItemResolved)
}

func (s *Store) forget(ctx context.Context, row Row) error {
	base := row.baseID()
	if _, err := s.db.exec(ctx, `DELETE FROM ops_intent WHERE workflow_id = ? OR substr(workflow_id, 1, ?) = ?`,
		base, len(base)+1, base+"/"); err != nil {
		return fmt.Errorf("forget intents of command %s: %w", row.ID, err)
	}
	if _, err := s.db.exec(ctx, `DELETE FROM ops_work_item WHERE command_id = ?`, row.ID); err != nil {
		return fmt.Errorf("forget work items of command %s: %w", row.ID, err)
	}
	if _, err := s.db.exec(ctx, `DELETE FROM ops_refund_turn WHERE command_id = ?`, row.ID); err != nil {
		return fmt.Errorf("forget turns of command %s: %w", row.ID, err)
	}
	if _, err := s.db.exec(ctx, `DELETE FROM ops_command WHERE id = ?`, row.ID); err != nil {
		return fmt.Errorf("forget command %s: %w", row.ID, err)
	}
	return nil
}

// ForgetSandbox drops everything that is kept about a sandbox: it was made anew, and what was is not any more.
func (e *Engine) ForgetSandbox(ctx context.Context, sandbox string) error {
	rows, err := list(ctx, e.store.db, "commands of the sandbox", scanRow, selectCommand+` WHERE sandbox = ?`, sandbox)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := errors.Join(e.workflows.Forget(row.baseID()), e.store.forget(ctx, row)); err != nil {
			return fmt.Errorf("forget sandbox %s: %w", sandbox, err)
		}
	}
	for _, table := range []string{"due", "work_item", "event", "return_window", "thing_status", "guest_try", "guest_access", "snapshot", "refund_turn"} {
		if _, err := e.store.db.exec(ctx, `DELETE FROM ops_`+table+` WHERE sandbox = ?`, sandbox); err != nil {
			return fmt.Errorf("forget sandbox %s: %w", sandbox, err)
		}
	}
	return nil
}
