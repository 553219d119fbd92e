package command

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/somsim/somsim/orderops"
)

// Modification finds the newest modification of an order that came about, the one that began last, whether it is still being edited or not, and
// what its handler noted for whoever ends it.
func (s *Store) Modification(ctx context.Context, sandbox, orderNo string) (Row, json.RawMessage, error) {
	rows, err := list(ctx, s.db, "modifications", scanRow, selectCommand+` WHERE sandbox = ? AND order_no = ? AND action = ?
		ORDER BY turn DESC, created_at DESC, id`, sandbox, orderNo, orderops.ActionModify)
	if err != nil {
		return Row{}, nil, err
	}
	for _, row := range rows {
		if m := row.Answer.Modification; m != nil && !m.Resumed && m.BasketID != "" {
			note, err := s.resume(ctx, row.ID)
			return row, note, err
		}
	}
	return Row{}, nil, nil
}

// EndEditing says how the editing of an order ended, and stops watching over it. One that has ended stays as it is.
func (s *Store) EndEditing(ctx context.Context, id string, end orderops.EditingEnd) error {
	return s.db.inTx(ctx, func(tx *transaction) error {
		answer, err := answerOf(ctx, tx, id)
		if err != nil || answer.Modification == nil {
			return err
		}
		answer.Modification.EditingEnd = end
		raw, err := json.Marshal(answer)
		if err != nil {
			return fmt.Errorf("encode answer of command %s: %w", id, err)
		}
		res, err := tx.exec(ctx, `UPDATE ops_command SET state = ?, answer = ? WHERE id = ? AND state = ?`, Succeeded, string(raw), id, Editing)
		if err != nil {
			return fmt.Errorf("end editing %s: %w", id, err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		if _, err := tx.exec(ctx, `DELETE FROM ops_due WHERE command_id = ? AND effect < 0 AND kind <> ?`, id, kindResume); err != nil {
			return fmt.Errorf("stop watching over %s: %w", id, err)
		}
		return nil
	})
}

// Modification is Store.Modification.
func (e *Engine) Modification(ctx context.Context, sandbox, orderNo string) (Row, json.RawMessage, error) {
	return e.store.Modification(ctx, sandbox, orderNo)
}

// EndEditing is Store.EndEditing.
func (e *Engine) EndEditing(ctx context.Context, id string, end orderops.EditingEnd) error {
	return e.store.EndEditing(ctx, id, end)
}
