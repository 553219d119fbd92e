package command

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/somsim/somsim/orderops/guest"
)

var _ guest.Store = (*Store)(nil)

// Try implements guest.Store: it counts a try within a window that begins with the first one.
func (s *Store) Try(ctx context.Context, o guest.Order, t guest.Tally, most int, now time.Time, window time.Duration) (allowed bool, until time.Time, err error) {
	err = s.db.inTx(ctx, func(tx *transaction) error {
		// A row that is there can be locked; of two callers who make it at once, the second waits for the first.
		_, err := tx.exec(ctx, `INSERT INTO ops_guest_try (sandbox, site, order_no, tally, tries, since) VALUES (?, ?, ?, ?, 0, ?) ON CONFLICT DO NOTHING`,
			o.Sandbox, o.Site, o.OrderNo, t, now.UnixMilli())
		if err != nil {
			return err
		}
		var tries int
		var since int64
		row := tx.row(ctx, s.db.locking(`SELECT tries, since FROM ops_guest_try WHERE sandbox = ? AND site = ? AND order_no = ? AND tally = ?`), o.Sandbox, o.Site, o.OrderNo, t)
		if err := row.Scan(&tries, &since); err != nil {
			return err
		}
		begun := time.UnixMilli(since).UTC()
		if !now.Before(begun.Add(window)) {
			tries, begun = 0, now
		}
		until = begun.Add(window)
		if allowed = tries < most; !allowed {
			return nil
		}
		_, err = tx.exec(ctx, `UPDATE ops_guest_try SET tries = ?, since = ? WHERE sandbox = ? AND site = ? AND order_no = ? AND tally = ?`,
			tries+1, begun.UnixMilli(), o.Sandbox, o.Site, o.OrderNo, t)
		return err
	})
	if err != nil {
		return false, until, fmt.Errorf("count a guest's try: %w", err)
	}
	return allowed, until, nil
}

// Forgive implements guest.Store.
func (s *Store) Forgive(ctx context.Context, o guest.Order, t guest.Tally) error {
	_, err := s.db.exec(ctx, `UPDATE ops_guest_try SET tries = tries - 1 WHERE sandbox = ? AND site = ? AND order_no = ? AND tally = ? AND tries > 0`,
		o.Sandbox, o.Site, o.OrderNo, t)
	if err != nil {
		return fmt.Errorf("take a guest's try back: %w", err)
	}
	return nil
}

// Grant implements guest.Store.
func (s *Store) Grant(ctx context.Context, hash string, o guest.Order, until time.Time) error {
	_, err := s.db.exec(ctx, `INSERT INTO ops_guest_access (hash, sandbox, site, order_no, until) VALUES (?, ?, ?, ?, ?)`,
		hash, o.Sandbox, o.Site, o.OrderNo, until.UnixMilli())
	if err != nil {
		return fmt.Errorf("keep a guest's access: %w", err)
	}
	return nil
}

// Granted implements guest.Store.
func (s *Store) Granted(ctx context.Context, hash string, now time.Time) (guest.Order, bool, error) {
	var o guest.Order
	row := s.db.row(ctx, `SELECT sandbox, site, order_no FROM ops_guest_access WHERE hash = ? AND until > ?`, hash, now.UnixMilli())
	switch err := row.Scan(&o.Sandbox, &o.Site, &o.OrderNo); {
	case errors.Is(err, sql.ErrNoRows):
		return o, false, nil
	case err != nil:
		return o, false, fmt.Errorf("look for a guest's access: %w", err)
	}
	return o, true, nil
}

// forgetGuests deletes accesses that have ended, and tries of before; a window of tries is shorter than an access.
func (s *Store) forgetGuests(ctx context.Context, sandbox string, now time.Time) error {
	if _, err := s.db.exec(ctx, `DELETE FROM ops_guest_access WHERE sandbox = ? AND until <= ?`, sandbox, now.UnixMilli()); err != nil {
		return fmt.Errorf("forget accesses of guests: %w", err)
	}
	if _, err := s.db.exec(ctx, `DELETE FROM ops_guest_try WHERE sandbox = ? AND since <= ?`, sandbox, now.Add(-guest.AccessLife).UnixMilli()); err != nil {
		return fmt.Errorf("forget tries of guests: %w", err)
	}
	return nil
}
