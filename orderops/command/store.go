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

// Store is the commands, due work and work items of one service. They share the database with DBOS: see
// docs/decisions/0102 and 0106.
type Store struct {
	db *Database
	// instance is who claims due work; nothing is claimed on a database that is not shared.
	instance string
	// overtaking looks back at what systems told of effects; see LookBack.
	overtaking map[string]Overtaking
}

// OpenStore makes sure that the tables are as this build needs them.
func OpenStore(ctx context.Context, db *Database, instance string) (*Store, error) {
	if err := migrate(ctx, db); err != nil {
		return nil, fmt.Errorf("prepare tables of order-ops: %w", err)
	}
	return &Store{db: db, instance: instance, overtaking: map[string]Overtaking{}}, nil
}

// errOtherOpen says that the order has another open command.
var errOtherOpen = errors.New("another command of this order is open")

// beginAttempts bounds how often begin looks again after somebody else stored the same key meanwhile.
const beginAttempts = 5

// begin stores a new command as running, or finds the one stored under its key. fresh says which. A released command
// with the same body runs again.
func (s *Store) begin(ctx context.Context, id string, c Command, now time.Time) (row Row, fresh bool, err error) {
	for range beginAttempts {
		row, fresh, err = s.tryBegin(ctx, id, c, now)
		switch {
		case refusedBy(err, "ops_command_one_open", "ops_command.sandbox, ops_command.order_no"):
			return Row{}, false, errOtherOpen
		case refusedBy(err, "ops_command_key", "ops_command.sandbox, ops_command.order_no, ops_command.key"):
			continue // stored by another caller after we had looked: look again
		default:
			return row, fresh, err
		}
	}
	return Row{}, false, err
}

func (s *Store) tryBegin(ctx context.Context, id string, c Command, now time.Time) (row Row, fresh bool, err error) {
	err = s.db.inTx(ctx, func(tx *transaction) error {
		row, err = scanRow(tx.row(ctx, s.db.locking(selectCommand+` WHERE sandbox = ? AND order_no = ? AND key = ?`),
			c.Sandbox, c.OrderNo, c.Key))
		switch {
		case errors.Is(err, sql.ErrNoRows):
			row, fresh = Row{ID: id, Command: c, State: Running, Attempt: 1, CreatedAt: now}, true
			_, err = tx.exec(ctx, `INSERT INTO ops_command (id, sandbox, site, order_no, key, action, body_hash, input,
				correlation_id, trace_parent, actor, overrides, state, attempt, answer, created_at, turn)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, '{}', ?, `+nextTurn+`)`,
				id, c.Sandbox, c.Site, c.OrderNo, c.Key, c.Action, c.BodyHash, string(c.Input), c.CorrelationID, c.TraceParent,
				c.Actor, c.Overrides.String(), Running, now.UnixMilli(), c.Sandbox, c.OrderNo)
		case err == nil && row.State == Released && row.BodyHash == c.BodyHash && row.Action == c.Action:
			row.State, row.Answer, row.CreatedAt, row.Input, fresh = Running, Answer{}, now, c.Input, true
			row.Attempt++
			_, err = tx.exec(ctx, `UPDATE ops_command SET state = ?, answer = '{}', attempt = ?, created_at = ?, input = ?,
				finished_at = NULL, turn = `+nextTurn+` WHERE id = ?`,
				Running, row.Attempt, now.UnixMilli(), string(c.Input), c.Sandbox, c.OrderNo, row.ID)
		}
		return err
	})
	return row, fresh, err
}

// nextTurn numbers the commands of an order in the order in which they begin, which instants do not tell: a clock may stand
// still, and those of two instances differ. As one command is open at a time, no two begin at once.
const nextTurn = `(SELECT COALESCE(MAX(turn), 0) + 1 FROM ops_command WHERE sandbox = ? AND order_no = ?)`

const selectCommand = `SELECT id, sandbox, site, order_no, key, action, body_hash, input, correlation_id, trace_parent, actor, overrides, state, attempt,
	answer, created_at FROM ops_command`

// ErrNoCommand says that there is no command of that id.
var ErrNoCommand = errors.New("no such command")

// Command reads a command by its id.
func (s *Store) Command(ctx context.Context, id string) (Row, error) {
	row, err := scanRow(s.db.row(ctx, selectCommand+` WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Row{}, ErrNoCommand
	}
	return row, err
}

// running lists the commands whose work has to be going on.
func (s *Store) running(ctx context.Context) ([]Row, error) {
	return list(ctx, s.db, "running commands", scanRow, selectCommand+` WHERE state = ? ORDER BY created_at, id`, Running)
}

// resume reads what an unknown command has to be resumed with.
func (s *Store) resume(ctx context.Context, id string) (json.RawMessage, error) {
	var raw sql.NullString
	if err := s.db.row(ctx, `SELECT resume FROM ops_command WHERE id = ?`, id).Scan(&raw); err != nil {
		return nil, fmt.Errorf("read resume of command %s: %w", id, err)
	}
	return json.RawMessage(raw.String), nil
}

// first notes an intent; it answers false when it had been noted before.
func (s *Store) first(ctx context.Context, workflowID, step string) (bool, error) {
	res, err := s.db.exec(ctx, `INSERT INTO ops_intent (workflow_id, step) VALUES (?, ?) ON CONFLICT DO NOTHING`, workflowID, step)
	if err != nil {
		return false, fmt.Errorf("note intent %s: %w", step, err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// finish stores what the work came to, with the work that is still owed. A command that is finished stays as it is, and
// so does one that has been begun anew since the row was read.
func (s *Store) finish(ctx context.Context, row Row, result Result, now, dueAt time.Time) error {
	answer, err := json.Marshal(result.Answer)
	if err != nil {
		return fmt.Errorf("encode answer of command %s: %w", row.ID, err)
	}
	return s.db.inTx(ctx, func(tx *transaction) error {
		res, err := tx.exec(ctx, `UPDATE ops_command SET state = ?, answer = ?, resume = ?, finished_at = ?
			WHERE id = ? AND attempt = ? AND state IN ('running', 'outcome_unknown')`,
			result.State, string(answer), string(result.Resume), now.UnixMilli(), row.ID, row.Attempt)
		if err != nil {
			return fmt.Errorf("finish command %s: %w", row.ID, err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		if err := addDue(ctx, tx, row, result, sql.NullInt64{}, dueAt); err != nil {
			return err
		}
		if err := addItemsOfDue(ctx, tx, row, result.Due, now); err != nil {
			return err
		}
		if err := addWorkItems(ctx, tx, row, nil, result.WorkItems, now); err != nil {
			return err
		}
		return s.lookBack(ctx, tx, row, result.Answer, now)
	})
}

// answerOf reads the answer of a row inside a transaction, which keeps others from changing it meanwhile.
func answerOf(ctx context.Context, tx *transaction, id string) (Answer, error) {
	var raw string
	var answer Answer
	if err := tx.row(ctx, tx.db.locking(`SELECT answer FROM ops_command WHERE id = ?`), id).Scan(&raw); err != nil {
		return answer, fmt.Errorf("read answer of command %s: %w", id, err)
	}
	return answer, json.Unmarshal([]byte(raw), &answer)
}

type scanner interface{ Scan(dest ...any) error }

func scanRow(from scanner) (Row, error) {
	var row Row
	var input, answer, overrides string
	var created int64
	err := from.Scan(&row.ID, &row.Sandbox, &row.Site, &row.OrderNo, &row.Key, &row.Action, &row.BodyHash, &input,
		&row.CorrelationID, &row.TraceParent, &row.Actor, &overrides, &row.State, &row.Attempt, &answer, &created)
	if err != nil {
		return row, err
	}
	row.Input, row.CreatedAt = json.RawMessage(input), time.UnixMilli(created).UTC()
	if row.Overrides, err = orderops.ParseOverrides(overrides); err != nil {
		return row, fmt.Errorf("read overrides of command %s: %w", row.ID, err)
	}
	if err := json.Unmarshal([]byte(answer), &row.Answer); err != nil {
		return row, fmt.Errorf("decode answer of command %s: %w", row.ID, err)
	}
	return row, nil
}
