package command

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Turn is the right to have order management give money of an order back. It knows such refunds by nothing that order-ops
// has given it, so that two at a time could not be told apart. Key names the movement of the command.
type Turn struct{ Sandbox, OrderNo, CommandID, Key string }

// TakeTurn takes the turn of an order, or keeps it. It is not mine as long as another movement has it: while its command runs,
// or owes the movement. After says that another movement had the turn before, since this one had it or ever.
func (s *Store) TakeTurn(ctx context.Context, t Turn) (mine, after bool, err error) {
	err = s.db.inTx(ctx, func(tx *transaction) error {
		var command, key string
		err := tx.row(ctx, tx.db.locking(`SELECT command_id, movement FROM ops_refund_turn WHERE sandbox = ? AND order_no = ?`), t.Sandbox, t.OrderNo).
			Scan(&command, &key)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			mine, err = changes(tx.exec(ctx, `INSERT INTO ops_refund_turn (sandbox, order_no, command_id, movement) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
				t.Sandbox, t.OrderNo, t.CommandID, t.Key))
			return err
		case err != nil:
			return err
		}
		mine, after = command == t.CommandID && (key == t.Key || key == ""), command != t.CommandID || key != "" && key != t.Key
		if !mine {
			has, err := hasTurn(ctx, tx, command, key)
			if err != nil || has {
				return err
			}
		}
		mine, err = changes(tx.exec(ctx, `UPDATE ops_refund_turn SET command_id = ?, movement = ? WHERE sandbox = ? AND order_no = ?`,
			t.CommandID, t.Key, t.Sandbox, t.OrderNo))
		return err
	})
	if err != nil {
		return false, false, fmt.Errorf("take the turn of order %s: %w", t.OrderNo, err)
	}
	return mine, mine && after, nil
}

// hasTurn says that a movement that took a turn has it still.
func hasTurn(ctx context.Context, tx *transaction, command, key string) (bool, error) {
	if key == "" {
		return false, nil
	}
	var n int
	err := tx.row(ctx, `SELECT (SELECT count(*) FROM ops_command WHERE id = ? AND state IN (?, ?)) +
		(SELECT count(*) FROM ops_due WHERE command_id = ? AND payload LIKE ?)`, command, Running, Unknown, command, `%"`+key+`"%`).Scan(&n)
	return n > 0, err
}

// GiveTurn lets others have a turn of which nothing has come. It may be another's.
func (s *Store) GiveTurn(ctx context.Context, t Turn) error {
	_, err := s.db.exec(ctx, `UPDATE ops_refund_turn SET movement = '' WHERE sandbox = ? AND order_no = ? AND command_id = ? AND movement = ?`,
		t.Sandbox, t.OrderNo, t.CommandID, t.Key)
	if err != nil {
		return fmt.Errorf("give the turn of order %s: %w", t.OrderNo, err)
	}
	return nil
}

// changes says whether a statement has changed something.
func changes(result sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}
