package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/dbos-inc/dbos-transact-golang/dbos"
	_ "github.com/dbos-inc/dbos-transact-golang/dbos/driver/sqlite" // registers SQLite with DBOS

	"github.com/somsim/somsim/orderops/opsclock"
)

// applicationVersion is raised only when the order of steps of a workflow changes in a way that dbos.Patch cannot bridge. The
// steps that belong to it are in cmd/orderops/testdata/steps.golden, and a test holds workflows to them.
const applicationVersion = "order-ops-4"

// Runtime is the DBOS runtime of a service.
type Runtime struct {
	engine   *Engine
	dbos     dbos.Context
	db       *Database
	instance string
	log      *slog.Logger
}

// workflowInput names the command; its content is in the command's row.
type workflowInput struct {
	CommandID string
	Resumed   bool
}

// ForeignVersionError says that the database holds unfinished workflows of a version that this build does not know.
type ForeignVersionError struct{ Versions []string }

// Error implements error.
func (e *ForeignVersionError) Error() string {
	return fmt.Sprintf("the database holds unfinished workflows of version %s; this build knows only %s: "+
		"finish them with the build that started them", strings.Join(e.Versions, ", "), applicationVersion)
}

// Launch starts DBOS on the database under the instance's name, has it recover the workflows that this instance left
// unfinished, and attaches it to the engine. On a shared database the name has to be held: see Hold.
func Launch(ctx context.Context, db *Database, instance string, engine *Engine, log *slog.Logger) (*Runtime, error) {
	config := dbos.Config{AppName: "order-ops", ExecutorID: instance, ApplicationVersion: applicationVersion, Logger: quiet(log)}
	if db.Shared() {
		config.SystemDBPool = db.pool
	} else {
		config.SQLiteSystemDB = db.sql
	}
	dctx, err := openWorkflows(ctx, db, config)
	if err != nil {
		return nil, fmt.Errorf("open workflow database: %w", err)
	}
	r := &Runtime{engine: engine, dbos: dctx, db: db, instance: instance, log: log}
	dbos.RegisterWorkflow(dctx, r.workflow, dbos.WithWorkflowName("order-ops.command"))
	if err := r.check(ctx); err != nil {
		return nil, errors.Join(err, dbos.Shutdown(dctx, time.Second))
	}
	if err := dbos.Launch(dctx); err != nil {
		return nil, fmt.Errorf("launch workflows: %w", err)
	}
	if err := engine.Attach(ctx, r); err != nil {
		return nil, errors.Join(err, r.Shutdown(time.Second))
	}
	return r, nil
}

// workflowLock is the advisory lock under which one instance at a time has DBOS make its tables. The number means nothing.
const workflowLock = 0x6f7073_64626f73

// openWorkflows has DBOS make its tables, or bring them up to date. DBOS does not expect another instance to do the same at
// that moment: instances that start at once do it one after another. Those that wait ask again and again instead of
// sleeping in the server: DBOS builds indexes concurrently, and that waits for every statement that is under way.
func openWorkflows(ctx context.Context, db *Database, config dbos.Config) (dbos.Context, error) {
	if !db.Shared() {
		return dbos.NewContext(ctx, config)
	}
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Release()
	for got := false; !got; {
		if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, int64(workflowLock)).Scan(&got); err != nil {
			return nil, fmt.Errorf("wait for other instances: %w", err)
		}
		if !got {
			if err := (opsclock.Wall{}).Wait(ctx, lockInterval); err != nil {
				return nil, fmt.Errorf("wait for other instances: %w", err)
			}
		}
	}
	defer func() {
		_, _ = conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(workflowLock))
	}()
	return dbos.NewContext(ctx, config)
}

// check refuses to start under another identity than the configured one, or beside workflows of an unknown version.
func (r *Runtime) check(ctx context.Context) error {
	if got := dbos.GetExecutorID(r.dbos); got != r.instance {
		return fmt.Errorf("the environment variable DBOS__VMID=%s overrides the configured instance %s: unset it", got, r.instance)
	}
	if got := dbos.GetApplicationVersion(r.dbos); got != applicationVersion {
		return fmt.Errorf("the environment variable DBOS__APPVERSION=%s overrides the version %s: unset it", got, applicationVersion)
	}
	foreign, err := r.foreignVersions(ctx)
	if err != nil {
		return err
	}
	if len(foreign) > 0 {
		return &ForeignVersionError{Versions: foreign}
	}
	return nil
}

// foreignVersions lists the versions of unfinished workflows that this build does not know. What another instance that is
// alive has going on is that one's to finish: otherwise versions could never be replaced one instance after another.
func (r *Runtime) foreignVersions(ctx context.Context) ([]string, error) {
	query := `SELECT DISTINCT coalesce(application_version, '') FROM workflow_status
		WHERE status IN ('PENDING', 'ENQUEUED') AND coalesce(application_version, '') <> ? ORDER BY 1`
	args := []any{applicationVersion}
	if r.db.Shared() {
		query = `SELECT DISTINCT coalesce(application_version, '') FROM dbos.workflow_status
			WHERE status IN ('PENDING', 'ENQUEUED') AND coalesce(application_version, '') <> ?
			AND NOT (executor_id <> ? AND executor_id IN (` + alive + `)) ORDER BY 1`
		args = append(args, r.instance)
	}
	return list(ctx, r.db, "versions of unfinished workflows", scanText, query, args...)
}

// workflow is the one workflow function; what it does is the handler's.
func (r *Runtime) workflow(ctx dbos.Context, in workflowInput) (string, error) {
	id, err := dbos.GetWorkflowID(ctx)
	if err != nil {
		return "", fmt.Errorf("workflow id: %w", err)
	}
	return "", r.engine.execute(ctx, &dbosRun{ctx: ctx, id: id, store: r.engine.store}, in.CommandID, in.Resumed)
}

// Start implements Workflows.
func (r *Runtime) Start(id, commandID string, resumed bool) error {
	_, err := dbos.RunWorkflow(r.dbos, r.workflow, workflowInput{commandID, resumed}, dbos.WithWorkflowID(id))
	return err
}

// Known implements Workflows.
func (r *Runtime) Known(id string) (known, active bool, err error) {
	list, err := dbos.ListWorkflows(r.dbos, dbos.WithFilterWorkflowIDs(id), dbos.WithFilterLoadInput(false), dbos.WithFilterLoadOutput(false))
	if err != nil || len(list) == 0 {
		return false, false, err
	}
	status := list[0].Status
	return true, status == dbos.WorkflowStatusPending || status == dbos.WorkflowStatusEnqueued, nil
}

// Forget implements Workflows.
func (r *Runtime) Forget(id string) error {
	list, err := dbos.ListWorkflows(r.dbos, dbos.WithFilterWorkflowIDPrefix(id), dbos.WithFilterLoadInput(false), dbos.WithFilterLoadOutput(false))
	if err != nil {
		return err
	}
	var ids []string
	for _, w := range list {
		if w.ID == id || strings.HasPrefix(w.ID, id+"/") {
			ids = append(ids, w.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return dbos.DeleteWorkflows(r.dbos, ids)
}

// Shutdown stops the runtime; workflows that are going on are left to the next start.
func (r *Runtime) Shutdown(timeout time.Duration) error { return dbos.Shutdown(r.dbos, timeout) }

// dbosRun runs steps as DBOS steps.
type dbosRun struct {
	ctx   dbos.Context
	id    string
	store *Store
}

// Step implements Run. The caller's scope is carried over, since DBOS hands the step a context of its own.
func (r *dbosRun) Step(name string, f func(context.Context) (json.RawMessage, error)) (json.RawMessage, error) {
	out, err := dbos.RunAsStep(r.ctx, func(ctx context.Context) (string, error) {
		raw, err := f(ctx)
		return string(raw), err
	}, dbos.WithStepName(name))
	if errors.Is(err, dbos.ErrConflictingWorkflowID) {
		err = fmt.Errorf("%w: %w", errHandedOver, err)
	}
	return json.RawMessage(out), err
}

// First implements Run.
func (r *dbosRun) First(ctx context.Context, name string) (bool, error) {
	return r.store.first(ctx, r.id, name)
}

// quiet gives DBOS a logger that only speaks up from warnings on.
func quiet(log *slog.Logger) *slog.Logger { return slog.New(atLeastWarn{log.Handler()}) }

type atLeastWarn struct{ slog.Handler }

// Enabled implements slog.Handler.
func (h atLeastWarn) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}
