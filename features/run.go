package features

import (
	"context"
	"crypto/rand"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cucumber/godog"

	"github.com/somsim/somsim/features/report"
)

//go:embed */*.feature
var embedded embed.FS

// Options say where the scenarios take place, which of them run, and who hears of it.
type Options struct {
	// API, Control and OrderOps are the base URLs of the simulated systems, the control plane and order-ops.
	API, Control, OrderOps string
	// Operator is the base URL of order-ops' listener for those who run it; an order-ops without one may leave nothing to a
	// person, and scenarios tagged @operator are left out.
	Operator string
	// Faces are those that order-ops speaks; none means that they are found out.
	Faces []Face
	// Sandbox says how order-ops knows the sandbox of a request: ByBaggage, ByCredential, or the name of the one in which it
	// works; that one is made anew for each scenario, and put back in the end. Empty means that it is found out.
	Sandbox string
	// ControlToken and OperatorToken, when set, are sent to the control plane and to the operators' listener.
	ControlToken, OperatorToken string
	// MoneyOwner is who voids and refunds for that order-ops: `order_ops`, which empty means too, or `som`.
	MoneyOwner string
	// Features holds the feature files; nil means those that came with this package.
	Features fs.FS
	// Tags selects scenarios: `@case-1`, `~@slow`, `@case-1,@case-2` for either, `@som && ~@slow` for both.
	Tags string
	// Only, unless empty, are the places of the scenarios to run, of those that the tags select.
	Only []Spot
	// Shard is i/n for the i-th of n parts of the scenarios.
	Shard string
	// Seed decides the order of the scenarios and the ids in their sandboxes, and is printed: -1 picks one, 0 keeps the
	// order of the files.
	Seed int64
	// Lean keeps what happened in a scenario only if it failed: nobody wants a report of the run.
	Lean bool
	// StopAtFirst begins no scenario after one has failed.
	StopAtFirst bool
	// Concurrency is how many scenarios run at a time; below 1 it means 4.
	Concurrency int
	// Patience is how long, in real time, a step waits for something to happen, and no request takes longer than twice that;
	// below a millisecond it means a minute. A machine that is very busy wants more.
	Patience time.Duration
	// Now tells when a scenario began and ended.
	Now func() time.Time
	// Terminal says that Out is one: how far the run has come is then drawn on one line.
	Terminal bool
	Out      io.Writer
	// TestingT, when set, makes every scenario a sub-test.
	TestingT *testing.T
}

// ErrFailed is returned when scenarios ran and not all held.
var ErrFailed = errors.New("scenarios failed")

// Run runs the scenarios and returns what came of each, also when it returns ErrFailed. Any other error means that they
// could not run as asked, or not to the end.
func Run(ctx context.Context, o Options) (report.Run, error) {
	o = o.complete()
	selected, err := o.selection()
	if err != nil {
		return report.Run{}, err
	}
	p, err := o.plan(selected, o.Seed)
	if err != nil {
		return report.Run{}, err
	}
	client := &http.Client{Timeout: 2 * o.Patience, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	env := environment{
		api: trim(o.API), control: trim(o.Control), orderOps: trim(o.OrderOps), controlToken: o.ControlToken,
		operator: trim(o.Operator), operatorToken: o.OperatorToken, http: client, patience: o.Patience, bySOM: o.MoneyOwner == ownedBySOM, lean: o.Lean,
	}
	show := &progress{out: o.Out, terminal: o.Terminal, all: len(p.skeletons)}
	show.opening(o)
	origin, err := makeOrigin(ctx, env, o.Seed)
	if err != nil {
		return report.Run{}, err
	}
	env.origin = origin.sandbox
	after, err := env.open(ctx, &o)
	if err != nil {
		return report.Run{}, errors.Join(err, origin.delete(context.WithoutCancel(ctx)))
	}
	show.print("order-ops is asked by %s\n", env.manner())
	record := newRecorder(p, o.Now, show.ended)
	out := report.Run{Started: o.Now(), Seed: o.Seed, Shard: o.Shard, Tags: o.Tags, Chosen: len(o.Only) > 0, Concurrency: o.Concurrency, Sources: p.sources, Manner: env.manner(), MoneyOwner: o.MoneyOwner}
	suite := o.suite(selected, paths(p.spots), o.Concurrency)
	suite.Options.DefaultContext, suite.Options.StopOnFailure = ctx, o.StopAtFirst
	compiled := expressions()
	suite.ScenarioInitializer = func(sc *godog.ScenarioContext) {
		w := newWorld(env)
		w.hooks(sc, record)
		w.register(sc, compiled)
	}
	status := suite.Run()
	out.Took, out.Scenarios = o.Now().Sub(out.Started), record.scenarios()
	late := context.WithoutCancel(ctx)
	left := after(late, &out)
	show.closing(&out)
	return out, errors.Join(verdict(status), show.problem, left, origin.about(ctx, &out), aboutCommands(&out), origin.delete(late))
}

// open settles how order-ops is asked, and returns what is to be done after the scenarios: to put back the sandbox that they
// are going to replace, or to look what happened where none of them is.
func (e *environment) open(ctx context.Context, o *Options) (after func(context.Context, *report.Run) error, err error) {
	if err := e.approach(ctx, *o); err != nil {
		return nil, err
	}
	if e.lone == "" {
		watched, err := watchStrays(ctx, *e)
		return watched.tell, err
	}
	o.Concurrency = 1
	kept, err := keep(ctx, *e)
	return func(ctx context.Context, _ *report.Run) error { return kept.restore(ctx) }, err
}

// complete puts what was left open.
func (o Options) complete() Options {
	if o.Seed < 0 {
		o.Seed = anySeed()
	}
	if o.Concurrency < 1 {
		o.Concurrency = 4
	}
	if o.Patience < time.Millisecond {
		o.Patience = usualPatience
	}
	if o.Out == nil {
		o.Out = io.Discard
	}
	return o
}

// verdict is what a run came to.
func verdict(status int) error {
	switch status {
	case 0:
		return nil
	case 1:
		return ErrFailed
	default:
		return fmt.Errorf("the scenarios did not run: status %d", status)
	}
}

func trim(url string) string { return strings.TrimSuffix(url, "/") }

// anySeed picks a seed that is short enough to be typed.
func anySeed() int64 {
	raw := make([]byte, 2)
	_, _ = rand.Read(raw) // never fails
	return 1 + int64(binary.BigEndian.Uint16(raw))
}
