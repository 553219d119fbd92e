package command

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/somsim/somsim/orderops"
)

// ItemState says how far a work item has come.
type ItemState string

// The states of a work item. Only a resolved one is forgotten with its command.
const (
	ItemOpen     ItemState = "needs_attention"
	ItemRetrying ItemState = "retrying" // a person had the effect tried again, and it is still owed
	ItemResolved ItemState = "resolved"
)

// itself settles the items that a retry has settled.
const itself = "order-ops"

// What is noted on an item once a retry has ended.
const (
	settledByRetry = "a retry settled it"
	failedAgain    = "a retry failed; see the later item"
)

// StoredWorkItem is a work item with what has become of it.
type StoredWorkItem struct {
	ID          int64
	OperationID string // the command it belongs to
	Sandbox     string
	WorkItem
	State ItemState
	// Retriable says that an effect is behind the item that can be tried again.
	Retriable bool
	CreatedAt time.Time
	// SettledAt, SettledBy and Note are of a resolved item, and SettledBy of a retrying one.
	SettledAt *time.Time
	SettledBy string
	Note      string
}

// ItemQuery selects work items. Zero values select everything.
type ItemQuery struct {
	Sandbox string
	State   ItemState
	After   int64 // ids greater than this
	Limit   int   // 100 when zero
}

// Why a work item cannot be retried or resolved.
var (
	ErrNoItem       = errors.New("no such work item")
	ErrItemNotOpen  = errors.New("the work item is not open")
	ErrNotRetriable = errors.New("nothing is owed behind this work item that could be tried again")
)

// addWorkItems stores work items. An item that was there before is opened again. d is the due work that was given up, if
// that is the reason.
func addWorkItems(ctx context.Context, tx *transaction, row Row, d *dueRow, items []WorkItem, now time.Time) error {
	for _, item := range items {
		var amount, kind, payload sql.NullString
		var effect, attempt sql.NullInt64
		if item.Amount != nil {
			amount = sql.NullString{String: item.Amount.Decimal.String(), Valid: true}
		}
		owed := d
		if owed == nil && item.Retry != nil {
			owed = &dueRow{Due: *item.Retry, attempt: -1} // never tried as due work
		}
		if owed != nil {
			kind, payload = sql.NullString{String: owed.Kind, Valid: true}, sql.NullString{String: string(owed.Payload), Valid: true}
			effect, attempt = sql.NullInt64{Int64: int64(owed.Effect), Valid: true}, sql.NullInt64{Int64: int64(owed.attempt + 1), Valid: true}
		}
		_, err := tx.exec(ctx, `INSERT INTO ops_work_item (command_id, sandbox, order_no, entity, amount, currency, reason, created_at,
			due_kind, due_effect, due_payload, due_attempt, command_attempt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (command_id, entity, reason) DO UPDATE SET state = 'needs_attention', settled_by = NULL, settled_at = NULL,
			note = NULL, due_kind = excluded.due_kind, due_effect = excluded.due_effect, due_payload = excluded.due_payload,
			due_attempt = excluded.due_attempt, command_attempt = excluded.command_attempt`,
			row.ID, row.Sandbox, row.OrderNo, item.Entity, amount, item.Currency, item.Reason, now.UnixMilli(),
			kind, effect, payload, attempt, row.Attempt)
		if err != nil {
			return fmt.Errorf("add work item: %w", err)
		}
	}
	return nil
}

// addItemsOfDue stores the work items of new due work, which settles them.
func addItemsOfDue(ctx context.Context, tx *transaction, row Row, due []Due, now time.Time) error {
	for _, d := range due {
		if d.Item == nil {
			continue
		}
		if err := addWorkItems(ctx, tx, row, nil, []WorkItem{*d.Item}, now); err != nil {
			return err
		}
		_, err := tx.exec(ctx, `UPDATE ops_due SET work_item_id = (SELECT id FROM ops_work_item WHERE command_id = ? AND entity = ? AND reason = ?)
			WHERE command_id = ? AND kind = ? AND effect = ?`, row.ID, d.Item.Entity, d.Item.Reason, row.ID, d.Kind, d.Effect)
		if err != nil {
			return fmt.Errorf("tie due work to its work item: %w", err)
		}
	}
	return nil
}

const selectItem = `SELECT w.id, w.command_id, w.sandbox, w.order_no, w.entity, w.amount, w.currency, w.reason, w.state, w.created_at,
	w.settled_by, w.settled_at, w.note, w.due_kind IS NOT NULL AND w.state = 'needs_attention' AND w.command_attempt = c.attempt
	FROM ops_work_item w JOIN ops_command c ON c.id = w.command_id`

// Items lists work items by their ids, which grow with time.
func (s *Store) Items(ctx context.Context, q ItemQuery) ([]StoredWorkItem, error) {
	if q.Limit == 0 {
		q.Limit = 100
	}
	return list(ctx, s.db, "work items", scanItem, selectItem+` WHERE (? = '' OR w.sandbox = ?) AND (? = '' OR w.state = ?) AND w.id > ? ORDER BY w.id LIMIT ?`,
		q.Sandbox, q.Sandbox, string(q.State), string(q.State), q.After, q.Limit)
}

// Item reads one work item.
func (s *Store) Item(ctx context.Context, id int64) (StoredWorkItem, error) {
	item, err := scanItem(s.db.row(ctx, selectItem+` WHERE w.id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return item, ErrNoItem
	}
	return item, err
}

func scanItem(from scanner) (StoredWorkItem, error) {
	var item StoredWorkItem
	var amount, by, note sql.NullString
	var created int64
	var settled sql.NullInt64
	err := from.Scan(&item.ID, &item.OperationID, &item.Sandbox, &item.OrderNo, &item.Entity, &amount, &item.Currency, &item.Reason,
		&item.State, &created, &by, &settled, &note, &item.Retriable)
	if err != nil {
		return item, fmt.Errorf("read work item: %w", err)
	}
	item.CreatedAt, item.SettledBy, item.Note = time.UnixMilli(created).UTC(), by.String, note.String
	if settled.Valid {
		at := time.UnixMilli(settled.Int64).UTC()
		item.SettledAt = &at
	}
	if amount.Valid {
		item.Amount = &orderops.Amount{}
		if err := item.Amount.UnmarshalJSON([]byte(amount.String)); err != nil {
			return item, err
		}
	}
	return item, nil
}

// WorkItems lists the open work items of a sandbox, oldest first.
func (s *Store) WorkItems(ctx context.Context, sandbox string) ([]WorkItem, error) {
	var items []WorkItem
	q := ItemQuery{Sandbox: sandbox, State: ItemOpen, Limit: 1000}
	for {
		page, err := s.Items(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, item := range page {
			items = append(items, item.WorkItem)
			q.After = item.ID
		}
		if len(page) < q.Limit {
			return items, nil
		}
	}
}

// openItem reads an open work item inside a transaction, which keeps others from changing it meanwhile.
func openItem(ctx context.Context, tx *transaction, id int64) error {
	var state ItemState
	err := tx.row(ctx, tx.db.locking(`SELECT state FROM ops_work_item WHERE id = ?`), id).Scan(&state)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return ErrNoItem
	case err != nil:
		return fmt.Errorf("read work item %d: %w", id, err)
	case state != ItemOpen:
		return ErrItemNotOpen
	}
	return nil
}

// retry makes the effect behind an open work item owed again, from now on.
func (s *Store) retry(ctx context.Context, id int64, by string, now time.Time) error {
	err := s.db.inTx(ctx, func(tx *transaction) error {
		if err := openItem(ctx, tx, id); err != nil {
			return err
		}
		var d dueRow
		var sandbox, payload string
		err := tx.row(ctx, `SELECT w.command_id, w.sandbox, w.due_kind, w.due_effect, w.due_payload, w.due_attempt FROM ops_work_item w
			JOIN ops_command c ON c.id = w.command_id AND c.attempt = w.command_attempt WHERE w.id = ? AND w.due_kind IS NOT NULL`, id).
			Scan(&d.commandID, &sandbox, &d.Kind, &d.Effect, &payload, &d.attempt)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotRetriable
		}
		if err != nil {
			return fmt.Errorf("read what work item %d owes: %w", id, err)
		}
		if err := owedAgain(ctx, tx, d); err != nil {
			return err
		}
		_, err = tx.exec(ctx, `INSERT INTO ops_due (command_id, sandbox, kind, effect, payload, due_at, attempt, base, work_item_id)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, d.commandID, sandbox, d.Kind, d.Effect, payload, now.UnixMilli(), d.attempt, d.attempt, id)
		if err != nil {
			return fmt.Errorf("add due work of work item %d: %w", id, err)
		}
		_, err = tx.exec(ctx, `UPDATE ops_work_item SET state = ?, settled_by = ? WHERE id = ?`, ItemRetrying, by, id)
		return err
	})
	if refusedBy(err, "ops_command_one_open", "ops_command.sandbox, ops_command.order_no") {
		return errOtherOpen
	}
	return err
}

// owedAgain tells in the command's row what is owed again: an effect is pending, or its outcome unknown.
func owedAgain(ctx context.Context, tx *transaction, d dueRow) error {
	if d.Kind == kindResume {
		if _, err := tx.exec(ctx, `UPDATE ops_command SET state = ? WHERE id = ? AND state = ?`, Unknown, d.commandID, NeedsAttention); err != nil {
			return fmt.Errorf("open command %s again: %w", d.commandID, err)
		}
		return nil
	}
	answer, err := answerOf(ctx, tx, d.commandID)
	if err != nil {
		return err
	}
	effects := answer.Effects()
	if d.Effect < 0 || d.Effect >= len(*effects) {
		return nil
	}
	(*effects)[d.Effect].State, (*effects)[d.Effect].Code = orderops.EffectPending, ""
	raw, err := json.Marshal(answer)
	if err != nil {
		return fmt.Errorf("encode answer of command %s: %w", d.commandID, err)
	}
	if _, err := tx.exec(ctx, `UPDATE ops_command SET answer = ? WHERE id = ?`, string(raw), d.commandID); err != nil {
		return fmt.Errorf("update answer of command %s: %w", d.commandID, err)
	}
	return nil
}

// resolve closes an open work item with who did and why.
func (s *Store) resolve(ctx context.Context, id int64, by, note string, now time.Time) error {
	return s.db.inTx(ctx, func(tx *transaction) error {
		if err := openItem(ctx, tx, id); err != nil {
			return err
		}
		_, err := tx.exec(ctx, `UPDATE ops_work_item SET state = ?, settled_by = ?, note = ?, settled_at = ? WHERE id = ?`,
			ItemResolved, by, note, now.UnixMilli(), id)
		if err != nil {
			return fmt.Errorf("resolve work item %d: %w", id, err)
		}
		return nil
	})
}
