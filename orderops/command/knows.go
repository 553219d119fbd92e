package command

import (
	"context"
	"fmt"
)

// Knows says that a command was taken in under a key.
func (e *Engine) Knows(ctx context.Context, sandbox, orderNo, key string) (bool, error) {
	var n int
	row := e.store.db.row(ctx, `SELECT count(*) FROM ops_command WHERE sandbox = ? AND order_no = ? AND key = ?`, sandbox, orderNo, key)
	if err := row.Scan(&n); err != nil {
		return false, fmt.Errorf("look for command of order %s: %w", orderNo, err)
	}
	return n > 0, nil
}
