package command

import (
	"context"
	"fmt"
	"time"
)

// Event is something that another system told of its own accord.
type Event struct {
	Sandbox string
	// UUID is the sender's; an event comes once under it, however often it is sent.
	UUID string
	// Channel says what kind of event it is, ReplayID its place among the sender's.
	Channel  string
	ReplayID int64
	// Body is the event as it came.
	Body       string
	ReceivedAt time.Time
}

// KeepEvent stores an event, for thirty days, and reports whether it was new to its sandbox.
func (s *Store) KeepEvent(ctx context.Context, e Event) (bool, error) {
	result, err := s.db.exec(ctx, `INSERT INTO ops_event (sandbox, uuid, channel, replay_id, body, received_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, e.Sandbox, e.UUID, e.Channel, e.ReplayID, e.Body, e.ReceivedAt.UnixMilli())
	if err != nil {
		return false, fmt.Errorf("store event: %w", err)
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// Events lists what was kept of a sandbox, in the order in which it came.
func (s *Store) Events(ctx context.Context, sandbox string) ([]Event, error) {
	rows, err := s.db.query(ctx, `SELECT sandbox, uuid, channel, replay_id, body, received_at FROM ops_event WHERE sandbox = ? ORDER BY id`, sandbox)
	if err != nil {
		return nil, fmt.Errorf("list events: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var list []Event
	for rows.Next() {
		var e Event
		var at int64
		if err := rows.Scan(&e.Sandbox, &e.UUID, &e.Channel, &e.ReplayID, &e.Body, &at); err != nil {
			return nil, fmt.Errorf("list events: %w", err)
		}
		e.ReceivedAt = time.UnixMilli(at).UTC()
		list = append(list, e)
	}
	return list, rows.Err()
}

// forgetEvents deletes the events of a sandbox that came before a time.
func (s *Store) forgetEvents(ctx context.Context, sandbox string, before time.Time) error {
	if _, err := s.db.exec(ctx, `DELETE FROM ops_event WHERE sandbox = ? AND received_at < ?`, sandbox, before.UnixMilli()); err != nil {
		return fmt.Errorf("forget events: %w", err)
	}
	if _, err := s.db.exec(ctx, `DELETE FROM ops_thing_status WHERE sandbox = ? AND changed_at < ?`, sandbox, before.UnixMilli()); err != nil {
		return fmt.Errorf("forget statuses: %w", err)
	}
	return nil
}
