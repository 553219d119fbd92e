package command

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/dbos-inc/dbos-transact-golang/dbos"
	_ "github.com/dbos-inc/dbos-transact-golang/dbos/driver/sqlite" // registers SQLite with DBOS
)

// applicationVersion is raised only when the order of steps of a workflow changes in a way that dbos.Patch cannot bridge.
const applicationVersion = "order-ops-1"

// OpenDatabase opens the SQLite file of a service. durable makes every commit survive a power cut, not just a crash of
// the process; a simulation does without.
func OpenDatabase(path string, durable bool) (*sql.DB, error) {
	synchronous := "normal"
	if durable {
		synchronous = "full"
	}
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	query := url.Values{
		"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "foreign_keys(1)", "synchronous(" + synchronous + ")"},
		"_txlock": {"immediate"},
	}
	db, err := sql.Open("sqlite", "file:"+escaped+"?"+query.Encode())
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	db.SetMaxOpenConns(8)
	if err := db.PingContext(context.Background()); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, err), db.Close())
	}
	return db, nil
}

// Runtime is the DBOS runtime of a service.
type Runtime struct {
	engine *Engine
	dbos   dbos.Context
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
// unfinished, and attaches it to the engine.
func Launch(ctx context.Context, db *sql.DB, instance string, engine *Engine, log *slog.Logger) (*Runtime, error) {
	dctx, err := dbos.NewContext(ctx, dbos.Config{
		AppName: "order-ops", SQLiteSystemDB: db, ExecutorID: instance, ApplicationVersion: applicationVersion, Logger: log,
	})
	if err != nil {
		return nil, fmt.Errorf("open workflow database: %w", err)
	}
	r := &Runtime{engine: engine, dbos: dctx}
	dbos.RegisterWorkflow(dctx, r.workflow, dbos.WithWorkflowName("order-ops.command"))
	if err := r.check(ctx, db, instance); err != nil {
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

// check refuses to start under another identity than the configured one, or beside workflows of an unknown version.
func (r *Runtime) check(ctx context.Context, db *sql.DB, instance string) error {
	if got := dbos.GetExecutorID(r.dbos); got != instance {
		return fmt.Errorf("the environment variable DBOS__VMID=%s overrides the configured instance %s: unset it", got, instance)
	}
	if got := dbos.GetApplicationVersion(r.dbos); got != applicationVersion {
		return fmt.Errorf("the environment variable DBOS__APPVERSION=%s overrides the version %s: unset it", got, applicationVersion)
	}
	rows, err := db.QueryContext(ctx, `SELECT DISTINCT coalesce(application_version, '') FROM workflow_status
		WHERE status IN ('PENDING', 'ENQUEUED') AND coalesce(application_version, '') <> ? ORDER BY 1`, applicationVersion)
	if err != nil {
		return fmt.Errorf("look for unfinished workflows: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var foreign []string
	for rows.Next() {
		var version string
		if err := rows.Scan(&version); err != nil {
			return fmt.Errorf("read workflow version: %w", err)
		}
		foreign = append(foreign, version)
	}
	if len(foreign) > 0 {
		return &ForeignVersionError{Versions: foreign}
	}
	return rows.Err()
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
	return json.RawMessage(out), err
}

// First implements Run.
func (r *dbosRun) First(ctx context.Context, name string) (bool, error) {
	return r.store.first(ctx, r.id, name)
}
