package command

import (
	"context"
	"fmt"
	"time"
)

// Later reports whether a later status of a thing is known than one that it had at an instant.
func (s *Store) Later(ctx context.Context, sandbox, thing string, rank int, at time.Time) (bool, error) {
	var later int
	err := s.db.row(ctx, `SELECT count(*) FROM ops_thing_status WHERE sandbox = ? AND thing = ? AND (changed_at > ? OR changed_at = ? AND status_rank > ?)`,
		sandbox, thing, at.UnixMilli(), at.UnixMilli(), rank).Scan(&later)
	if err != nil {
		return false, fmt.Errorf("read status of %s: %w", thing, err)
	}
	return later > 0, nil
}

// Advance notes that a thing in another system has reached a status, by an event of the sender's. It reports false, and
// notes nothing, when the event came before, or when a later status of the thing is known: events come again and out of
// order. Of two statuses of one instant the one with the higher rank is the later.
func (s *Store) Advance(ctx context.Context, e Event, thing, status string, rank int, at time.Time) (fresh, newer bool, err error) {
	err = s.db.inTx(ctx, func(tx *transaction) error {
		result, err := tx.exec(ctx, `INSERT INTO ops_event (sandbox, uuid, channel, replay_id, body, received_at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT DO NOTHING`, e.Sandbox, e.UUID, e.Channel, e.ReplayID, e.Body, e.ReceivedAt.UnixMilli())
		if err != nil {
			return fmt.Errorf("store event: %w", err)
		}
		n, err := result.RowsAffected()
		if fresh = n > 0; err != nil || !fresh {
			return err
		}
		result, err = tx.exec(ctx, `INSERT INTO ops_thing_status (sandbox, thing, status, status_rank, changed_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (sandbox, thing) DO UPDATE SET status = excluded.status, status_rank = excluded.status_rank, changed_at = excluded.changed_at
			WHERE ops_thing_status.changed_at < excluded.changed_at
			OR ops_thing_status.changed_at = excluded.changed_at AND ops_thing_status.status_rank < excluded.status_rank`,
			e.Sandbox, thing, status, rank, at.UnixMilli())
		if err != nil {
			return fmt.Errorf("store status of %s: %w", thing, err)
		}
		n, err = result.RowsAffected()
		newer = n > 0
		return err
	})
	return fresh, newer, err
}
