package command

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// migrations are the steps that bring the service's part of a database to what this build works with. Steps are only ever
// added. {{id}} is a number that the database gives out. The first may meet its own tables: they came without a number.
func migrations() []string {
	return []string{`
CREATE TABLE IF NOT EXISTS ops_command (
	id TEXT PRIMARY KEY, sandbox TEXT NOT NULL, site TEXT NOT NULL, order_no TEXT NOT NULL, key TEXT NOT NULL,
	action TEXT NOT NULL, body_hash TEXT NOT NULL, input TEXT NOT NULL, correlation_id TEXT NOT NULL,
	trace_parent TEXT NOT NULL, state TEXT NOT NULL, attempt BIGINT NOT NULL, answer TEXT NOT NULL, resume TEXT,
	created_at BIGINT NOT NULL, finished_at BIGINT,
	CONSTRAINT ops_command_key UNIQUE (sandbox, order_no, key));
CREATE UNIQUE INDEX IF NOT EXISTS ops_command_one_open ON ops_command (sandbox, order_no)
	WHERE state IN ('running', 'outcome_unknown');
CREATE TABLE IF NOT EXISTS ops_intent (workflow_id TEXT NOT NULL, step TEXT NOT NULL, PRIMARY KEY (workflow_id, step));
CREATE TABLE IF NOT EXISTS ops_due (
	id {{id}}, command_id TEXT NOT NULL, sandbox TEXT NOT NULL, kind TEXT NOT NULL,
	effect BIGINT NOT NULL, payload TEXT NOT NULL, due_at BIGINT NOT NULL, attempt BIGINT NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS ops_due_next ON ops_due (sandbox, due_at);
CREATE TABLE IF NOT EXISTS ops_work_item (
	id {{id}}, command_id TEXT NOT NULL, sandbox TEXT NOT NULL, order_no TEXT NOT NULL,
	entity TEXT NOT NULL, amount TEXT, currency TEXT NOT NULL, reason TEXT NOT NULL,
	state TEXT NOT NULL DEFAULT 'needs_attention', created_at BIGINT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS ops_work_item_once ON ops_work_item (command_id, entity, reason);
`, `
ALTER TABLE ops_command ADD COLUMN due_claim TEXT;
ALTER TABLE ops_due ADD COLUMN base BIGINT NOT NULL DEFAULT 0;
ALTER TABLE ops_due ADD COLUMN work_item_id BIGINT;
ALTER TABLE ops_work_item ADD COLUMN due_kind TEXT;
ALTER TABLE ops_work_item ADD COLUMN due_effect BIGINT;
ALTER TABLE ops_work_item ADD COLUMN due_payload TEXT;
ALTER TABLE ops_work_item ADD COLUMN due_attempt BIGINT;
ALTER TABLE ops_work_item ADD COLUMN command_attempt BIGINT;
ALTER TABLE ops_work_item ADD COLUMN settled_by TEXT;
ALTER TABLE ops_work_item ADD COLUMN settled_at BIGINT;
ALTER TABLE ops_work_item ADD COLUMN note TEXT;
CREATE INDEX ops_due_command ON ops_due (command_id);
CREATE INDEX ops_work_item_open ON ops_work_item (sandbox, state);
CREATE TABLE ops_instance (
	id {{id}}, name TEXT NOT NULL CONSTRAINT ops_instance_name UNIQUE, host TEXT NOT NULL DEFAULT '',
	process BIGINT NOT NULL DEFAULT 0, started_at BIGINT NOT NULL DEFAULT 0, seen_at BIGINT NOT NULL DEFAULT 0,
	adopted_by TEXT);
`, `
CREATE TABLE ops_event (
	id {{id}}, sandbox TEXT NOT NULL, uuid TEXT NOT NULL, channel TEXT NOT NULL, replay_id BIGINT NOT NULL,
	body TEXT NOT NULL, received_at BIGINT NOT NULL, CONSTRAINT ops_event_once UNIQUE (sandbox, uuid));
CREATE INDEX ops_event_age ON ops_event (sandbox, received_at);
`, `
ALTER TABLE ops_command ADD COLUMN actor TEXT NOT NULL DEFAULT '';
ALTER TABLE ops_command ADD COLUMN overrides TEXT NOT NULL DEFAULT '';
`, `
CREATE TABLE ops_return_terms (hash TEXT PRIMARY KEY, terms TEXT NOT NULL);
CREATE TABLE ops_return_window (
	sandbox TEXT NOT NULL, order_no TEXT NOT NULL, line_id TEXT NOT NULL, terms TEXT NOT NULL, anchor_at BIGINT,
	provisional BIGINT NOT NULL, by_at BIGINT, captured_at BIGINT NOT NULL, PRIMARY KEY (sandbox, line_id));
CREATE INDEX ops_return_window_order ON ops_return_window (sandbox, order_no);
`, `
CREATE TABLE ops_thing_status (
	sandbox TEXT NOT NULL, thing TEXT NOT NULL, status TEXT NOT NULL, status_rank BIGINT NOT NULL, changed_at BIGINT NOT NULL,
	PRIMARY KEY (sandbox, thing));
CREATE INDEX ops_thing_status_age ON ops_thing_status (sandbox, changed_at);
`, `
CREATE TABLE ops_guest_try (
	sandbox TEXT NOT NULL, site TEXT NOT NULL, order_no TEXT NOT NULL, tally TEXT NOT NULL, tries BIGINT NOT NULL,
	since BIGINT NOT NULL, PRIMARY KEY (sandbox, site, order_no, tally));
CREATE TABLE ops_guest_access (
	hash TEXT PRIMARY KEY, sandbox TEXT NOT NULL, site TEXT NOT NULL, order_no TEXT NOT NULL, until BIGINT NOT NULL);
CREATE TABLE ops_snapshot (
	sandbox TEXT NOT NULL, order_no TEXT NOT NULL, body TEXT NOT NULL, kept_at BIGINT NOT NULL, PRIMARY KEY (sandbox, order_no));
`, `
ALTER TABLE ops_command ADD COLUMN turn BIGINT NOT NULL DEFAULT 0;
`, `
CREATE TABLE ops_refund_turn (
	sandbox TEXT NOT NULL, order_no TEXT NOT NULL, command_id TEXT NOT NULL, movement TEXT NOT NULL, PRIMARY KEY (sandbox, order_no));
CREATE INDEX ops_refund_turn_command ON ops_refund_turn (command_id);
`}
}

// migrationLock is the advisory lock under which one instance at a time migrates. The number means nothing.
const migrationLock = 0x6f7073_6d696772

// errNewer says that another build has been here.
var errNewer = errors.New("the database was written by a newer build of order-ops")

// migrate brings the tables to what this build works with; instances that start at once do it one after another.
func migrate(ctx context.Context, db *Database) error {
	return db.inTx(ctx, func(tx *transaction) error {
		id := "INTEGER PRIMARY KEY AUTOINCREMENT"
		if db.Shared() {
			id = "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
			if _, err := tx.exec(ctx, `SELECT pg_advisory_xact_lock(?)`, int64(migrationLock)); err != nil {
				return fmt.Errorf("wait for other instances: %w", err)
			}
		}
		var version int
		if _, err := tx.exec(ctx, `CREATE TABLE IF NOT EXISTS ops_schema (version BIGINT NOT NULL)`); err != nil {
			return err
		}
		if err := tx.row(ctx, `SELECT coalesce(max(version), 0) FROM ops_schema`).Scan(&version); err != nil {
			return err
		}
		steps := migrations()
		if version > len(steps) {
			return errNewer
		}
		for i, step := range steps[version:] {
			if _, err := tx.exec(ctx, strings.ReplaceAll(step, "{{id}}", id)); err != nil {
				return fmt.Errorf("step %d: %w", version+i+1, err)
			}
			if _, err := tx.exec(ctx, `INSERT INTO ops_schema (version) VALUES (?)`, version+i+1); err != nil {
				return err
			}
		}
		return nil
	})
}
