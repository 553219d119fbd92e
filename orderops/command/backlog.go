package command

import (
	"context"
	"fmt"
)

// Backlog is what waits to be done, in all sandboxes.
type Backlog struct {
	Commands  int // open ones
	Due       int // effects that are owed
	WorkItems int // that wait for a person
}

// Backlog counts what waits to be done.
func (s *Store) Backlog(ctx context.Context) (Backlog, error) {
	var b Backlog
	row := s.db.row(ctx, `SELECT (SELECT count(*) FROM ops_command WHERE state IN (?, ?)), (SELECT count(*) FROM ops_due),
		(SELECT count(*) FROM ops_work_item WHERE state = ?)`, Running, Unknown, ItemOpen)
	if err := row.Scan(&b.Commands, &b.Due, &b.WorkItems); err != nil {
		return b, fmt.Errorf("count what waits: %w", err)
	}
	return b, nil
}
