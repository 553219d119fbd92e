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

// kindResume is the due work that settles a command of unknown outcome; every other kind belongs to a handler.
const kindResume = "resume"

// Resuming is the due work of a result of unknown outcome, where a person is to be told of it at once. The item is settled
// when the outcome is.
func Resuming(item WorkItem) Due {
	return Due{Kind: kindResume, Effect: -1, Payload: json.RawMessage("null"), Item: &item}
}

// How due work is repeated: after a second, then twice as long each time up to the cap; after the last attempt a work
// item is opened.
const (
	firstBackoff = time.Second
	maxBackoff   = 5 * time.Minute
	maxAttempts  = 12
)

// backoff is the wait after the given number of attempts; at least what the system has asked for, up to LongestPause.
func backoff(attempts int, atLeast time.Duration) time.Duration {
	wait := firstBackoff
	for range attempts {
		wait = min(2*wait, maxBackoff)
	}
	return max(wait, min(atLeast, LongestPause))
}

// dueRow is a stored piece of due work.
type dueRow struct {
	Due
	id        int64
	commandID string
	attempt   int
	base      int           // attempts made before a person had it tried again: they do not count any more
	item      sql.NullInt64 // the work item that told a person of it, or on which one had it tried again
}

// tries is how often the work was tried since it was stored, or since a person had it tried again.
func (d dueRow) tries() int { return d.attempt - d.base }

// addDue stores the work that a result still owes. item is the work item on which a person had its predecessor tried
// again, if there is one.
func addDue(ctx context.Context, tx *transaction, row Row, result Result, item sql.NullInt64, dueAt time.Time) error {
	owed := result.Due
	if result.State == Unknown {
		owed = append(owed, Due{Kind: kindResume, Effect: -1, Payload: json.RawMessage("null")})
	}
	for _, d := range owed {
		if d.Kind == kindResume {
			var open int
			if err := tx.row(ctx, `SELECT count(*) FROM ops_due WHERE command_id = ? AND kind = ?`,
				row.ID, kindResume).Scan(&open); err != nil || open > 0 {
				return err
			}
		}
		_, err := tx.exec(ctx, `INSERT INTO ops_due (command_id, sandbox, kind, effect, payload, due_at, work_item_id)
			VALUES (?, ?, ?, ?, ?, ?, ?)`, row.ID, row.Sandbox, d.Kind, d.Effect, string(d.Payload), dueAt.Add(d.Wait).UnixMilli(), item)
		if err != nil {
			return fmt.Errorf("add due work: %w", err)
		}
	}
	return nil
}

// claimDue finds the first piece of due work of a sandbox that is due by now, if there is any. On a shared database it
// claims the due work of the whole command, so that no other instance runs what belongs to the same order meanwhile; the
// caller releases it. The claim of an instance that is not alive counts for nothing.
func (s *Store) claimDue(ctx context.Context, sandbox string, now time.Time) (dueRow, bool, error) {
	if !s.db.Shared() {
		return s.dueWhere(ctx, `sandbox = ? AND due_at <= ?`, sandbox, now.UnixMilli())
	}
	var id string
	err := s.db.row(ctx, `UPDATE ops_command SET due_claim = ? WHERE id = (
		SELECT c.id FROM ops_due d JOIN ops_command c ON c.id = d.command_id WHERE d.sandbox = ? AND d.due_at <= ?
		AND (c.due_claim IS NULL OR c.due_claim = ? OR c.due_claim NOT IN (`+alive+`))
		ORDER BY d.due_at, d.id LIMIT 1 FOR UPDATE OF c SKIP LOCKED) RETURNING id`, s.instance, sandbox, now.UnixMilli(), s.instance).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return dueRow{}, false, nil
	}
	if err != nil {
		return dueRow{}, false, fmt.Errorf("claim due work: %w", err)
	}
	d, found, err := s.dueWhere(ctx, `command_id = ? AND due_at <= ?`, id, now.UnixMilli())
	if err == nil && !found { // another instance did it between our look and our claim
		d.commandID = id
		err = s.releaseDue(ctx, d)
	}
	return d, found, err
}

// releaseDue gives a claim back.
func (s *Store) releaseDue(ctx context.Context, d dueRow) error {
	if !s.db.Shared() {
		return nil
	}
	_, err := s.db.exec(ctx, `UPDATE ops_command SET due_claim = NULL WHERE id = ? AND due_claim = ?`, d.commandID, s.instance)
	if err != nil {
		return fmt.Errorf("release due work of command %s: %w", d.commandID, err)
	}
	return nil
}

// dueWhere reads the first piece of due work of which a condition holds.
func (s *Store) dueWhere(ctx context.Context, condition string, args ...any) (dueRow, bool, error) {
	var d dueRow
	var payload string
	err := s.db.row(ctx, `SELECT id, command_id, kind, effect, payload, attempt, base, work_item_id FROM ops_due
		WHERE `+condition+` ORDER BY due_at, id LIMIT 1`, args...).
		Scan(&d.id, &d.commandID, &d.Kind, &d.Effect, &payload, &d.attempt, &d.base, &d.item)
	if errors.Is(err, sql.ErrNoRows) {
		return d, false, nil
	}
	if err != nil {
		return d, false, fmt.Errorf("read due work: %w", err)
	}
	d.Payload = json.RawMessage(payload)
	return d, true, nil
}

// earliestDue is when the next piece of due work of a sandbox is due; nil when there is none.
func (s *Store) earliestDue(ctx context.Context, sandbox string) (*time.Time, error) {
	var at sql.NullInt64
	if err := s.db.row(ctx, `SELECT min(due_at) FROM ops_due WHERE sandbox = ?`, sandbox).Scan(&at); err != nil {
		return nil, fmt.Errorf("read next due: %w", err)
	}
	if !at.Valid {
		return nil, nil
	}
	t := time.UnixMilli(at.Int64).UTC()
	return &t, nil
}

// sandboxesWithDue lists the sandboxes that have due work.
func (s *Store) sandboxesWithDue(ctx context.Context) ([]string, error) {
	return list(ctx, s.db, "sandboxes with due work", scanText, `SELECT DISTINCT sandbox FROM ops_due ORDER BY sandbox`)
}

// postpone puts a piece of due work off, with what the next attempt works with, and counts the attempt.
func (s *Store) postpone(ctx context.Context, d dueRow, until time.Time) error {
	_, err := s.db.exec(ctx, `UPDATE ops_due SET due_at = ?, payload = ?, attempt = attempt + 1 WHERE id = ?`, until.UnixMilli(), string(d.Payload), d.id)
	if err != nil {
		return fmt.Errorf("postpone due work %d: %w", d.id, err)
	}
	return nil
}

// putOff has a piece of due work run again later without counting the attempt.
func (s *Store) putOff(ctx context.Context, d dueRow, until time.Time) error {
	_, err := s.db.exec(ctx, `UPDATE ops_due SET due_at = ?, payload = ? WHERE id = ?`, until.UnixMilli(), string(d.Payload), d.id)
	if err != nil {
		return fmt.Errorf("put due work %d off: %w", d.id, err)
	}
	return nil
}

// salesforceID is the length of an id of order management without the check characters that may follow it.
const salesforceID = 15

// WakeDue has due work of a kind that waits, and whose payload names an id, run at an instant instead of later. An id of
// order management is the same with and without its last three characters.
func (s *Store) WakeDue(ctx context.Context, sandbox, kind, id string, at time.Time) error {
	if len(id) > salesforceID {
		id = id[:salesforceID]
	}
	if len(id) < salesforceID || strings.ContainsAny(id, "%_") {
		return nil
	}
	_, err := s.db.exec(ctx, `UPDATE ops_due SET due_at = ? WHERE sandbox = ? AND kind = ? AND due_at > ? AND payload LIKE ?`,
		at.UnixMilli(), sandbox, kind, at.UnixMilli(), `%"`+id+`%`)
	if err != nil {
		return fmt.Errorf("wake due work %s: %w", kind, err)
	}
	return nil
}

// drop removes a piece of due work that has become needless.
func (s *Store) drop(ctx context.Context, d dueRow, now time.Time) error {
	return s.db.inTx(ctx, func(tx *transaction) error { return dropIn(ctx, tx, d, settledByRetry, now) })
}

// dropIn removes a piece of due work and settles the work item, if a person was told of the work, with the note.
func dropIn(ctx context.Context, tx *transaction, d dueRow, note string, now time.Time) error {
	if _, err := tx.exec(ctx, `DELETE FROM ops_due WHERE id = ?`, d.id); err != nil {
		return fmt.Errorf("drop due work %d: %w", d.id, err)
	}
	if !d.item.Valid {
		return nil
	}
	_, err := tx.exec(ctx, `UPDATE ops_work_item SET state = ?, settled_by = ?, note = ?, settled_at = ? WHERE id = ? AND state <> ?
		AND NOT EXISTS (SELECT 1 FROM ops_due WHERE work_item_id = ops_work_item.id)`,
		ItemResolved, itself, note, now.UnixMilli(), d.item.Int64, ItemResolved)
	if err != nil {
		return fmt.Errorf("settle work item %d: %w", d.item.Int64, err)
	}
	return nil
}

// settle stores what an effect came to and removes or replaces its due work, in one transaction.
func (s *Store) settle(ctx context.Context, row Row, d dueRow, r EffectResult, items []WorkItem, now time.Time) error {
	return s.db.inTx(ctx, func(tx *transaction) error {
		answer, err := answerOf(ctx, tx, row.ID)
		if err != nil {
			return err
		}
		effects := answer.Effects()
		if d.Effect >= 0 && d.Effect < len(*effects) {
			applyResult(&(*effects)[d.Effect], r)
		}
		if err := replace(ctx, tx, row, d, r.Instead, effects, now); err != nil {
			return err
		}
		after := d
		after.Effect = -1 // a new effect of its own
		if err := replace(ctx, tx, row, after, r.Then, effects, now); err != nil {
			return err
		}
		raw, err := json.Marshal(answer)
		if err != nil {
			return fmt.Errorf("encode answer of command %s: %w", row.ID, err)
		}
		if _, err := tx.exec(ctx, `UPDATE ops_command SET answer = ? WHERE id = ?`, string(raw), row.ID); err != nil {
			return fmt.Errorf("update answer of command %s: %w", row.ID, err)
		}
		note := settledByRetry
		if len(items) > 0 {
			note = failedAgain
		}
		if err := dropIn(ctx, tx, d, note, now); err != nil {
			return err
		}
		if err := releaseIfPassed(ctx, tx, row, answer); err != nil {
			return err
		}
		if err := addWorkItems(ctx, tx, row, &d, items, now); err != nil {
			return err
		}
		return s.lookBack(ctx, tx, row, answer, now)
	})
}

// releaseIfPassed lets the key of a refused command be used again, once what was refused for a passing reason has also
// put back everything it had moved.
func releaseIfPassed(ctx context.Context, tx *transaction, row Row, answer Answer) error {
	if answer.Refusal == nil || !answer.Refusal.Retriable {
		return nil
	}
	_, err := tx.exec(ctx, `UPDATE ops_command SET state = ? WHERE id = ? AND state = ?
		AND NOT EXISTS (SELECT 1 FROM ops_due WHERE command_id = ops_command.id)`, Released, row.ID, Refused)
	if err != nil {
		return fmt.Errorf("release key of command %s: %w", row.ID, err)
	}
	return nil
}

// replace stores the work that takes the place of a piece of due work.
func replace(ctx context.Context, tx *transaction, row Row, d dueRow, instead []Owed, effects *[]orderops.Effect, now time.Time) error {
	var due []Due
	for i, owed := range instead {
		at := d.Effect
		if i > 0 || at < 0 || at >= len(*effects) {
			at = len(*effects)
			*effects = append(*effects, owed.Effect)
		}
		(*effects)[at] = owed.Effect
		due = append(due, Due{Effect: at, Kind: owed.Kind, Payload: owed.Payload})
	}
	return addDue(ctx, tx, row, Result{Due: due}, d.item, now)
}

func applyResult(e *orderops.Effect, r EffectResult) {
	e.State, e.Code = r.State, r.Code
	if r.Reference != "" {
		e.Reference = r.Reference
	}
}

// giveUp makes a command of unknown outcome one that a person has to settle.
func (s *Store) giveUp(ctx context.Context, row Row, d dueRow, reason string, now time.Time) error {
	item := WorkItem{OrderNo: row.OrderNo, Entity: "order-ops:operation:" + row.ID, Reason: reason}
	return s.db.inTx(ctx, func(tx *transaction) error {
		if _, err := tx.exec(ctx, `UPDATE ops_command SET state = ? WHERE id = ? AND state = ?`,
			NeedsAttention, row.ID, Unknown); err != nil {
			return fmt.Errorf("give up command %s: %w", row.ID, err)
		}
		if err := dropIn(ctx, tx, d, failedAgain, now); err != nil {
			return err
		}
		return addWorkItems(ctx, tx, row, &d, []WorkItem{item}, now)
	})
}
