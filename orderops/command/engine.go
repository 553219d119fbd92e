package command

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/remote"
)

// Clock is the part of opsclock.Clock that the engine needs.
type Clock interface {
	Now(ctx context.Context) time.Time
}

// errHandedOver says that the workflow has been handed to another instance while this one took it for its own.
var errHandedOver = errors.New("the workflow was handed to another instance")

// Workflows starts durable executions; the DBOS runtime is one.
type Workflows interface {
	// Start begins the workflow of that id, unless it has begun before.
	Start(id, commandID string, resumed bool) error
	// Known says whether a workflow of that id was ever started, and whether it is still going on.
	Known(id string) (known, active bool, err error)
	// Forget deletes the workflow of that id and those whose ids continue it after a slash.
	Forget(id string) error
}

// Engine takes commands in, has them run, and runs due work.
type Engine struct {
	store     *Store
	clock     Clock
	handlers  map[orderops.Action]Handler
	log       *slog.Logger
	workflows Workflows
	// answerWithin bounds how long Submit waits for the work; it then goes on in the background.
	answerWithin time.Duration
	tickWithin   time.Duration // the same for what a tick begins
	// forward is set in simulation mode: outbound calls name their sandbox.
	forward bool
	ended   func(ctx context.Context, row Row, result Result)

	mu      sync.Mutex
	waiting map[string]chan struct{}
	ticking sync.Map // *sync.Mutex by sandbox: the ticks of one may wait long for what they began
}

// Options are what an engine is made of.
type Options struct {
	Store        *Store
	Clock        Clock
	Handlers     map[orderops.Action]Handler
	Log          *slog.Logger
	AnswerWithin time.Duration
	// TickWithin is how long a tick waits for the commands that it began or took up again; zero means AnswerWithin. Where
	// time stands still between ticks, nothing may be under way any more when one has ended.
	TickWithin time.Duration
	Forward    bool
	// Ended is told what each command came to; nil tells nobody.
	Ended func(ctx context.Context, row Row, result Result)
}

// NewEngine makes an engine; Attach gives it the runtime of its workflows.
func NewEngine(o Options) *Engine {
	return &Engine{
		store: o.Store, clock: o.Clock, handlers: o.Handlers, log: o.Log, answerWithin: o.AnswerWithin, tickWithin: cmp.Or(o.TickWithin, o.AnswerWithin),
		forward: o.Forward, ended: o.Ended, waiting: map[string]chan struct{}{},
	}
}

// Attach hands in the workflow runtime and starts the work of rows that were stored but never started.
func (e *Engine) Attach(ctx context.Context, w Workflows) error {
	e.workflows = w
	_, err := e.startStored(ctx)
	return err
}

// startStored starts the work of rows that were stored but never started, and says how many those are. Another instance
// that has stored a row this moment may start it as well: a workflow of one id runs once.
func (e *Engine) startStored(ctx context.Context) (started int, err error) {
	rows, err := e.store.running(ctx)
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		known, active, err := e.workflows.Known(row.WorkflowID())
		switch {
		case err != nil:
			return started, fmt.Errorf("look up workflow of command %s: %w", row.ID, err)
		case !known:
			e.log.InfoContext(ctx, "starting a stored command", "operation_id", row.ID)
			started++
			err = e.workflows.Start(row.WorkflowID(), row.ID, false)
		case !active:
			err = e.store.finish(ctx, row, broken(row), e.clock.Now(e.scoped(ctx, row)), time.Time{})
		}
		if err != nil {
			return started, fmt.Errorf("start command %s: %w", row.ID, err)
		}
	}
	return started, nil
}

// tickKey marks the context of a tick.
type tickKey struct{}

// patience is how long whoever asks with a context waits for a command.
func (e *Engine) patience(ctx context.Context) time.Duration {
	if ctx.Value(tickKey{}) != nil {
		return e.tickWithin
	}
	return e.answerWithin
}

// Submit takes a command in and waits for its work, for as long as answerWithin. The row's state says whether the work
// is finished. Errors are refusals (*orderops.Refusal) or faults of the service.
func (e *Engine) Submit(ctx context.Context, c Command) (Row, error) {
	row, fresh, err := e.store.begin(ctx, uuid.NewString(), c, e.clock.Now(ctx))
	switch {
	case errors.Is(err, errOtherOpen):
		return Row{}, orderops.RefuseFor(2*time.Second, orderops.OrderActionInProgress, "order %s has another open action", c.OrderNo)
	case err != nil:
		return Row{}, fmt.Errorf("store command of order %s: %w", c.OrderNo, err)
	case row.BodyHash != c.BodyHash || row.Action != c.Action:
		return Row{}, orderops.Refuse(orderops.IdempotencyKeyReused, "the key was used for another request on order %s", c.OrderNo)
	}
	done := e.await(row.ID)
	if fresh {
		if err := e.workflows.Start(row.WorkflowID(), row.ID, false); err != nil {
			return Row{}, fmt.Errorf("start command %s: %w", row.ID, err)
		}
	}
	row, err = e.wait(ctx, row, done)
	if err == nil && !row.State.Open() {
		e.release(row.ID) // nobody else will, when the work had ended before
	}
	return row, err
}

// wait waits until the work of a row is finished, the caller leaves or the time is up.
func (e *Engine) wait(ctx context.Context, row Row, done <-chan struct{}) (Row, error) {
	if latest, err := e.store.Command(ctx, row.ID); err != nil || latest.State != Running {
		return latest, err
	}
	bounded, cancel := context.WithTimeout(ctx, e.patience(ctx))
	defer cancel()
	if e.store.db.Shared() { // another instance may be at work: it cannot wake who waits here
		return e.poll(bounded, row)
	}
	select {
	case <-done:
	case <-bounded.Done():
	}
	return e.store.Command(context.WithoutCancel(ctx), row.ID)
}

// pollInterval is how often a waiting caller of a shared database looks whether another instance has done the work.
const pollInterval = 100 * time.Millisecond

// poll waits like wait, looking at the row now and then. It is woken at once by work of this instance.
func (e *Engine) poll(ctx context.Context, row Row) (Row, error) {
	for {
		done := e.await(row.ID)
		latest, err := e.store.Command(context.WithoutCancel(ctx), row.ID)
		if err != nil || latest.State != Running || ctx.Err() != nil {
			return latest, err
		}
		nap, cancel := context.WithTimeout(ctx, pollInterval)
		select {
		case <-done:
		case <-nap.Done():
		}
		cancel()
	}
}

// Operation reads a command.
func (e *Engine) Operation(ctx context.Context, id string) (Row, error) {
	return e.store.Command(ctx, id)
}

// execute is the body of a workflow: it has the handler do the work and stores what came of it.
func (e *Engine) execute(ctx context.Context, run Run, commandID string, resumed bool) error {
	row, err := e.store.Command(ctx, commandID)
	if err != nil || !row.State.Open() {
		return err
	}
	var resume json.RawMessage
	if resumed {
		if resume, err = e.store.resume(ctx, commandID); err != nil {
			return err
		}
	}
	ctx = e.scoped(ctx, row)
	run = scopedRun{Run: run, engine: e, row: row}
	result, err := e.handle(ctx, run, row, resume)
	if ctx.Err() != nil { // the service is stopping; the workflow goes on at the next start
		return ctx.Err()
	}
	if errors.Is(err, errHandedOver) { // what comes of the command is the other instance's to say
		return err
	}
	if err != nil {
		e.log.ErrorContext(ctx, "command broke", "operation_id", row.ID, "error", err.Error())
		result = broken(row)
	}
	_, err = run.Step("finish", func(ctx context.Context) (json.RawMessage, error) {
		now := e.clock.Now(ctx)
		return json.RawMessage("null"), e.store.finish(ctx, row, result, now, now.Add(firstBackoff))
	})
	if err != nil {
		return err
	}
	e.audit(ctx, row, result)
	e.release(row.ID)
	return nil
}

// handle calls the handler and turns a panic into an error, so that one bad order does not take the service down.
func (e *Engine) handle(ctx context.Context, run Run, row Row, resume json.RawMessage) (result Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in %s of order %s: %v", row.Action, row.OrderNo, p)
		}
	}()
	handler, ok := e.handlers[row.Action]
	if !ok {
		return Result{}, fmt.Errorf("no handler for action %s", row.Action)
	}
	return handler.Run(ctx, run, row, resume)
}

// broken is the result of work that failed for a reason of our own: a person has to look at it.
func broken(row Row) Result {
	return Result{
		State:     NeedsAttention,
		Answer:    Answer{Refusal: orderops.Refuse(orderops.InternalError, "the action stopped halfway; it was handed to a person")},
		WorkItems: []WorkItem{{OrderNo: row.OrderNo, Entity: "order-ops:operation:" + row.ID, Reason: "the action broke"}},
	}
}

// scoped gives a context the scope of a command: background work has no inbound request to take it from.
func (e *Engine) scoped(ctx context.Context, row Row) context.Context {
	return remote.WithScope(ctx, remote.Scope{
		Sandbox: row.Sandbox, Forward: e.forward, CorrelationID: row.CorrelationID, TraceParent: row.TraceParent, Patient: true,
	})
}

// scopedRun gives every step the scope of its command, since a workflow runtime hands steps a context of its own.
type scopedRun struct {
	Run
	engine *Engine
	row    Row
}

// Step implements Run.
func (r scopedRun) Step(name string, f func(context.Context) (json.RawMessage, error)) (json.RawMessage, error) {
	return r.Run.Step(name, func(ctx context.Context) (json.RawMessage, error) { return f(r.engine.scoped(ctx, r.row)) })
}

// audit tells what was done, in ids and amounts; it is the notification of first light.
func (e *Engine) audit(ctx context.Context, row Row, result Result) {
	attrs := []any{
		"operation_id", row.ID, "action", row.Action, "sandbox", row.Sandbox, "order_no", row.OrderNo,
		"state", result.State, "correlation_id", row.CorrelationID, "actor", row.Actor,
	}
	if len(row.Overrides) > 0 {
		attrs = append(attrs, "overrides", row.Overrides.String())
	}
	if r := result.Answer.Refusal; r != nil {
		attrs = append(attrs, "code", r.Code)
	}
	for _, effect := range *result.Answer.Effects() {
		attrs = append(attrs, effect.System+":"+effect.Action, effect.State)
	}
	e.log.InfoContext(ctx, "audit", attrs...)
	if e.ended != nil {
		e.ended(ctx, row, result)
	}
}

// await returns a channel that is closed when the work of a command is finished.
func (e *Engine) await(id string) <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	done, ok := e.waiting[id]
	if !ok {
		done = make(chan struct{})
		e.waiting[id] = done
	}
	return done
}

// release wakes those who wait for a command.
func (e *Engine) release(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if done, ok := e.waiting[id]; ok {
		close(done)
		delete(e.waiting, id)
	}
}
