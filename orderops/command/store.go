package command

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/somsim/somsim/orderops"
)

// schema is the service's part of its database. It shares the file with DBOS: see docs/decisions/0102.
const schema = `
CREATE TABLE IF NOT EXISTS ops_command (
	id TEXT PRIMARY KEY, sandbox TEXT NOT NULL, site TEXT NOT NULL, order_no TEXT NOT NULL, key TEXT NOT NULL,
	action TEXT NOT NULL, body_hash TEXT NOT NULL, input TEXT NOT NULL, correlation_id TEXT NOT NULL,
	trace_parent TEXT NOT NULL, 	state TEXT NOT NULL, attempt INTEGER NOT NULL, answer TEXT NOT NULL, resume TEXT,
	created_at INTEGER NOT NULL, finished_at INTEGER,
	UNIQUE (sandbox, order_no, key));
CREATE UNIQUE INDEX IF NOT EXISTS ops_command_one_open ON ops_command (sandbox, order_no)
	WHERE state IN ('running', 'outcome_unknown');
CREATE TABLE IF NOT EXISTS ops_intent (workflow_id TEXT NOT NULL, step TEXT NOT NULL, PRIMARY KEY (workflow_id, step));
CREATE TABLE IF NOT EXISTS ops_due (
	id INTEGER PRIMARY KEY AUTOINCREMENT, command_id TEXT NOT NULL, sandbox TEXT NOT NULL, kind TEXT NOT NULL,
	effect INTEGER NOT NULL, payload TEXT NOT NULL, due_at INTEGER NOT NULL, attempt INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS ops_due_next ON ops_due (sandbox, due_at);
CREATE TABLE IF NOT EXISTS ops_work_item (
	id INTEGER PRIMARY KEY AUTOINCREMENT, command_id TEXT NOT NULL, sandbox TEXT NOT NULL, order_no TEXT NOT NULL,
	entity TEXT NOT NULL, amount TEXT, currency TEXT NOT NULL, reason TEXT NOT NULL,
	state TEXT NOT NULL DEFAULT 'needs_attention', created_at INTEGER NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS ops_work_item_once ON ops_work_item (command_id, entity, reason);
`

// Store is the commands, due work and work items of one service.
type Store struct{ db *sql.DB }

// OpenStore makes sure that the tables exist.
func OpenStore(ctx context.Context, db *sql.DB) (*Store, error) {
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return nil, fmt.Errorf("create command tables: %w", err)
	}
	return &Store{db: db}, nil
}

// errOtherOpen says that the order has another open command.
var errOtherOpen = errors.New("another command of this order is open")

// begin stores a new command as running, or finds the one stored under its key. fresh says which. A released command
// with the same body runs again.
func (s *Store) begin(ctx context.Context, id string, c Command, now time.Time) (row Row, fresh bool, err error) {
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		row, err = scanRow(tx.QueryRowContext(ctx, selectCommand+` WHERE sandbox = ? AND order_no = ? AND key = ?`,
			c.Sandbox, c.OrderNo, c.Key))
		switch {
		case errors.Is(err, sql.ErrNoRows):
			row, fresh = Row{ID: id, Command: c, State: Running, Attempt: 1, CreatedAt: now}, true
			_, err = tx.ExecContext(ctx, `INSERT INTO ops_command (id, sandbox, site, order_no, key, action, body_hash, input,
				correlation_id, trace_parent, state, attempt, answer, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, '{}', ?)`,
				id, c.Sandbox, c.Site, c.OrderNo, c.Key, c.Action, c.BodyHash, string(c.Input), c.CorrelationID, c.TraceParent, Running, now.UnixMilli())
		case err == nil && row.State == Released && row.BodyHash == c.BodyHash && row.Action == c.Action:
			row.State, row.Answer, row.CreatedAt, row.Input, fresh = Running, Answer{}, now, c.Input, true
			row.Attempt++
			_, err = tx.ExecContext(ctx, `UPDATE ops_command SET state = ?, answer = '{}', attempt = ?, created_at = ?, input = ?,
				finished_at = NULL WHERE id = ?`, Running, row.Attempt, now.UnixMilli(), string(c.Input), row.ID)
		}
		return err
	})
	if err != nil && strings.Contains(err.Error(), "UNIQUE constraint failed: ops_command.sandbox, ops_command.order_no") {
		return Row{}, false, errOtherOpen
	}
	return row, fresh, err
}

const selectCommand = `SELECT id, sandbox, site, order_no, key, action, body_hash, input, correlation_id, trace_parent, state, attempt,
	answer, created_at FROM ops_command`

// ErrNoCommand says that there is no command of that id.
var ErrNoCommand = errors.New("no such command")

// Command reads a command by its id.
func (s *Store) Command(ctx context.Context, id string) (Row, error) {
	row, err := scanRow(s.db.QueryRowContext(ctx, selectCommand+` WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Row{}, ErrNoCommand
	}
	return row, err
}

// running lists the commands whose work has to be going on.
func (s *Store) running(ctx context.Context) ([]Row, error) {
	rows, err := s.db.QueryContext(ctx, selectCommand+` WHERE state = ? ORDER BY created_at, id`, Running)
	if err != nil {
		return nil, fmt.Errorf("list running commands: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var list []Row
	for rows.Next() {
		row, err := scanRow(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, row)
	}
	return list, rows.Err()
}

// resume reads what an unknown command has to be resumed with.
func (s *Store) resume(ctx context.Context, id string) (json.RawMessage, error) {
	var raw sql.NullString
	if err := s.db.QueryRowContext(ctx, `SELECT resume FROM ops_command WHERE id = ?`, id).Scan(&raw); err != nil {
		return nil, fmt.Errorf("read resume of command %s: %w", id, err)
	}
	return json.RawMessage(raw.String), nil
}

// first notes an intent; it answers false when it had been noted before.
func (s *Store) first(ctx context.Context, workflowID, step string) (bool, error) {
	res, err := s.db.ExecContext(ctx, `INSERT OR IGNORE INTO ops_intent (workflow_id, step) VALUES (?, ?)`, workflowID, step)
	if err != nil {
		return false, fmt.Errorf("note intent %s: %w", step, err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// finish stores what the work came to, with the work that is still owed. A command that is finished stays as it is.
func (s *Store) finish(ctx context.Context, row Row, result Result, now, dueAt time.Time) error {
	answer, err := json.Marshal(result.Answer)
	if err != nil {
		return fmt.Errorf("encode answer of command %s: %w", row.ID, err)
	}
	return s.inTx(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE ops_command SET state = ?, answer = ?, resume = ?, finished_at = ?
			WHERE id = ? AND state IN ('running', 'outcome_unknown')`,
			result.State, string(answer), string(result.Resume), now.UnixMilli(), row.ID)
		if err != nil {
			return fmt.Errorf("finish command %s: %w", row.ID, err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		if err := addDue(ctx, tx, row, result, dueAt); err != nil {
			return err
		}
		return addWorkItems(ctx, tx, row, result.WorkItems, now)
	})
}

// answerOf reads the answer of a row inside a transaction.
func answerOf(ctx context.Context, tx *sql.Tx, id string) (Answer, error) {
	var raw string
	var answer Answer
	if err := tx.QueryRowContext(ctx, `SELECT answer FROM ops_command WHERE id = ?`, id).Scan(&raw); err != nil {
		return answer, fmt.Errorf("read answer of command %s: %w", id, err)
	}
	return answer, json.Unmarshal([]byte(raw), &answer)
}

type scanner interface{ Scan(dest ...any) error }

func scanRow(from scanner) (Row, error) {
	var row Row
	var input, answer string
	var created int64
	err := from.Scan(&row.ID, &row.Sandbox, &row.Site, &row.OrderNo, &row.Key, &row.Action, &row.BodyHash, &input,
		&row.CorrelationID, &row.TraceParent, &row.State, &row.Attempt, &answer, &created)
	if err != nil {
		return row, err
	}
	row.Input, row.CreatedAt = json.RawMessage(input), time.UnixMilli(created).UTC()
	if err := json.Unmarshal([]byte(answer), &row.Answer); err != nil {
		return row, fmt.Errorf("decode answer of command %s: %w", row.ID, err)
	}
	return row, nil
}

func (s *Store) inTx(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := f(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func addWorkItems(ctx context.Context, tx *sql.Tx, row Row, items []WorkItem, now time.Time) error {
	for _, item := range items {
		var amount *string
		if item.Amount != nil {
			text := item.Amount.Decimal.String()
			amount = &text
		}
		_, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO ops_work_item (command_id, sandbox, order_no, entity, amount, currency,
			reason, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			row.ID, row.Sandbox, row.OrderNo, item.Entity, amount, item.Currency, item.Reason, now.UnixMilli())
		if err != nil {
			return fmt.Errorf("add work item: %w", err)
		}
	}
	return nil
}

// WorkItems lists the open work items of a sandbox, oldest first.
func (s *Store) WorkItems(ctx context.Context, sandbox string) ([]WorkItem, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT order_no, entity, amount, currency, reason FROM ops_work_item
		WHERE sandbox = ? AND state = 'needs_attention' ORDER BY id`, sandbox)
	if err != nil {
		return nil, fmt.Errorf("list work items: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var items []WorkItem
	for rows.Next() {
		var item WorkItem
		var amount sql.NullString
		if err := rows.Scan(&item.OrderNo, &item.Entity, &amount, &item.Currency, &item.Reason); err != nil {
			return nil, fmt.Errorf("read work item: %w", err)
		}
		if amount.Valid {
			item.Amount = &orderops.Amount{}
			if err := item.Amount.UnmarshalJSON([]byte(amount.String)); err != nil {
				return nil, err
			}
		}
		items = append(items, item)
	}
	return items, rows.Err()
}
