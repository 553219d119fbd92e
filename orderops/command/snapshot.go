package command

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Sealed is an encrypted snapshot of an order.
type Sealed struct {
	OrderNo string
	Body    string
	At      time.Time
}

// KeepSnapshot keeps a snapshot in the place of the one before.
func (s *Store) KeepSnapshot(ctx context.Context, sandbox string, kept Sealed) error {
	_, err := s.db.exec(ctx, `INSERT INTO ops_snapshot (sandbox, order_no, body, kept_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (sandbox, order_no) DO UPDATE SET body = excluded.body, kept_at = excluded.kept_at`,
		sandbox, kept.OrderNo, kept.Body, kept.At.UnixMilli())
	if err != nil {
		return fmt.Errorf("keep snapshot of order %s: %w", kept.OrderNo, err)
	}
	return nil
}

// Snapshots finds those of orders that were kept after an instant.
func (s *Store) Snapshots(ctx context.Context, sandbox string, orderNos []string, after time.Time) ([]Sealed, error) {
	if len(orderNos) == 0 {
		return nil, nil
	}
	args := []any{sandbox, after.UnixMilli()}
	for _, orderNo := range orderNos {
		args = append(args, orderNo)
	}
	places := strings.TrimSuffix(strings.Repeat("?, ", len(orderNos)), ", ")
	return list(ctx, s.db, "snapshots", func(from scanner) (Sealed, error) {
		var one Sealed
		var at int64
		err := from.Scan(&one.OrderNo, &one.Body, &at)
		one.At = time.UnixMilli(at).UTC()
		return one, err
	}, `SELECT order_no, body, kept_at FROM ops_snapshot WHERE sandbox = ? AND kept_at > ? AND order_no IN (`+places+`)`, args...)
}

// forgetSnapshots deletes those that were kept before; whatever their time to live is, it is shorter.
func (s *Store) forgetSnapshots(ctx context.Context, sandbox string, before time.Time) error {
	if _, err := s.db.exec(ctx, `DELETE FROM ops_snapshot WHERE sandbox = ? AND kept_at < ?`, sandbox, before.UnixMilli()); err != nil {
		return fmt.Errorf("forget snapshots: %w", err)
	}
	return nil
}
