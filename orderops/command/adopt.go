package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/dbos-inc/dbos-transact-golang/dbos"
)

// Adopted says what an adoption took over.
type Adopted struct {
	Workflows int // unfinished workflows that go on now
	Started   int // commands that were stored and had not been started
}

// ErrNotShared says that a database of one instance has nobody to adopt from.
var ErrNotShared = errors.New("the database belongs to one instance: adopting needs PostgreSQL")

// Adopt takes over what an instance left that will not come back: its unfinished workflows go on here or at another
// living instance. by says who decided it. An instance that is alive is refused with an *InstanceAliveError, an unknown
// one with ErrNoInstance, work of an unknown version with a *ForeignVersionError.
func (r *Runtime) Adopt(ctx context.Context, name, by string) (Adopted, error) {
	if !r.db.Shared() {
		return Adopted{}, ErrNotShared
	}
	if err := r.known(ctx, name); err != nil {
		return Adopted{}, err
	}
	session, err := lockedSession(ctx, r.db, name) // as long as this lasts, no instance of the name can start
	if err != nil {
		return Adopted{}, err
	}
	defer func() { _ = endSession(context.WithoutCancel(ctx), session) }()
	ids, err := r.left(name)
	if err != nil {
		return Adopted{}, err
	}
	var done Adopted
	if len(ids) > 0 {
		if _, err := dbos.ResumeWorkflows[string](r.dbos, ids); err != nil {
			return done, fmt.Errorf("resume workflows of instance %s: %w", name, err)
		}
	}
	done.Workflows = len(ids)
	if done.Started, err = r.engine.startStored(ctx); err != nil {
		return done, err
	}
	if _, err := r.db.exec(ctx, `UPDATE ops_instance SET adopted_by = ? WHERE name = ?`, r.instance, name); err != nil {
		return done, fmt.Errorf("note adoption of instance %s: %w", name, err)
	}
	r.log.InfoContext(ctx, "audit", "decision", "adopted", "by", by, "instance", name, "adopter", r.instance,
		"workflows", done.Workflows, "started", done.Started)
	return done, nil
}

func (r *Runtime) known(ctx context.Context, name string) error {
	var n int
	if err := r.db.row(ctx, `SELECT count(*) FROM ops_instance WHERE name = ?`, name).Scan(&n); err != nil {
		return fmt.Errorf("look for instance %s: %w", name, err)
	}
	if n == 0 {
		return ErrNoInstance
	}
	return nil
}

// left lists the unfinished workflows of an instance. Those that wait in the queue are anybody's already.
func (r *Runtime) left(name string) ([]string, error) {
	list, err := dbos.ListWorkflows(r.dbos, dbos.WithFilterExecutorIDs(name), dbos.WithFilterStatus(dbos.WorkflowStatusPending),
		dbos.WithFilterLoadInput(false), dbos.WithFilterLoadOutput(false))
	if err != nil {
		return nil, fmt.Errorf("list workflows of instance %s: %w", name, err)
	}
	ids := make([]string, 0, len(list))
	for _, w := range list {
		if w.ApplicationVersion != applicationVersion {
			return nil, &ForeignVersionError{Versions: []string{w.ApplicationVersion}}
		}
		ids = append(ids, w.ID)
	}
	return ids, nil
}
