package command

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// ReturnWindow is what was captured about giving back one line of an order.
type ReturnWindow struct {
	OrderNo string
	LineID  string // of the OrderItemSummary
	// Terms are the policy as it was, written down.
	Terms string
	// AnchorAt is what days are counted from, By the last instant that a customer was told; zero before there is one.
	AnchorAt    time.Time
	Provisional bool
	By          time.Time
}

// clockSkew is how far clocks of instances may differ. What was captured later than that is of a future that a sandbox has
// been taken back from.
const clockSkew = 5 * time.Minute

// ReturnWindows lists what was captured about orders of a sandbox until a time.
func (s *Store) ReturnWindows(ctx context.Context, sandbox string, orders []string, until time.Time) ([]ReturnWindow, error) {
	if len(orders) == 0 {
		return nil, nil
	}
	args := []any{sandbox, until.Add(clockSkew).UnixMilli()}
	for _, no := range orders {
		args = append(args, no)
	}
	rows, err := s.db.query(ctx, `SELECT w.order_no, w.line_id, t.terms, coalesce(w.anchor_at, 0), w.provisional, coalesce(w.by_at, 0)
		FROM ops_return_window w JOIN ops_return_terms t ON t.hash = w.terms
		WHERE w.sandbox = ? AND w.captured_at <= ? AND w.order_no IN (?`+strings.Repeat(", ?", len(orders)-1)+`)`, args...)
	if err != nil {
		return nil, fmt.Errorf("list return windows: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var list []ReturnWindow
	for rows.Next() {
		var w ReturnWindow
		var anchor, provisional, by int64
		if err := rows.Scan(&w.OrderNo, &w.LineID, &w.Terms, &anchor, &provisional, &by); err != nil {
			return nil, fmt.Errorf("list return windows: %w", err)
		}
		w.AnchorAt, w.Provisional, w.By = fromMillis(anchor), provisional != 0, fromMillis(by)
		list = append(list, w)
	}
	return list, rows.Err()
}

// KeepReturnWindows captures. Of a line that was captured before the terms stay, and the dates only move on, whatever the
// order in which instances get here.
func (s *Store) KeepReturnWindows(ctx context.Context, sandbox string, list []ReturnWindow, at time.Time) error {
	return s.db.inTx(ctx, func(tx *transaction) error {
		for _, w := range list {
			sum := sha256.Sum256([]byte(w.Terms))
			hash := hex.EncodeToString(sum[:])
			if _, err := tx.exec(ctx, `INSERT INTO ops_return_terms (hash, terms) VALUES (?, ?) ON CONFLICT DO NOTHING`, hash, w.Terms); err != nil {
				return fmt.Errorf("keep return terms: %w", err)
			}
			if _, err := tx.exec(ctx, `DELETE FROM ops_return_window WHERE sandbox = ? AND line_id = ? AND captured_at > ?`,
				sandbox, w.LineID, at.Add(clockSkew).UnixMilli()); err != nil {
				return fmt.Errorf("keep return window: %w", err)
			}
			provisional := 0
			if w.Provisional {
				provisional = 1
			}
			if _, err := tx.exec(ctx, keepReturnWindow, sandbox, w.OrderNo, w.LineID, hash, millis(w.AnchorAt), provisional, millis(w.By),
				at.UnixMilli()); err != nil {
				return fmt.Errorf("keep return window: %w", err)
			}
		}
		return nil
	})
}

const keepReturnWindow = `INSERT INTO ops_return_window AS w (sandbox, order_no, line_id, terms, anchor_at, provisional, by_at, captured_at)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sandbox, line_id) DO UPDATE SET
	provisional = CASE WHEN w.anchor_at IS NULL OR excluded.anchor_at >= w.anchor_at THEN excluded.provisional ELSE w.provisional END,
	anchor_at = CASE WHEN w.anchor_at IS NULL OR excluded.anchor_at > w.anchor_at THEN excluded.anchor_at ELSE w.anchor_at END,
	by_at = CASE WHEN w.by_at IS NULL OR excluded.by_at > w.by_at THEN excluded.by_at ELSE w.by_at END`

// keepWindowsFor is how long what was captured outlives the last date that a customer was told.
const keepWindowsFor = 365 * 24 * time.Hour

// forgetReturnWindows deletes what nobody can ask for any more.
func (s *Store) forgetReturnWindows(ctx context.Context, sandbox string, now time.Time) error {
	_, err := s.db.exec(ctx, `DELETE FROM ops_return_window WHERE sandbox = ? AND captured_at < ? AND (by_at IS NULL OR by_at < ?)`,
		sandbox, now.Add(-keepWindowsFor).UnixMilli(), now.Add(-keepWindowsFor).UnixMilli())
	if err != nil {
		return fmt.Errorf("forget return windows: %w", err)
	}
	return nil
}

// millis is an instant as the tables hold it; nil for none.
func millis(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	n := t.UnixMilli()
	return &n
}

func fromMillis(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}
