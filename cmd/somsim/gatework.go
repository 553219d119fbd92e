package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"

	"github.com/somsim/somsim/contracts/gate"
	"github.com/somsim/somsim/contracts/pactfile"
	"github.com/somsim/somsim/contracts/replay"
	"github.com/somsim/somsim/contracts/states"
	"github.com/somsim/somsim/contracts/verification"
	"github.com/somsim/somsim/features"
	"github.com/somsim/somsim/features/report"
	"github.com/somsim/somsim/internal/settings"
	"github.com/somsim/somsim/orderops/service"
	"github.com/somsim/somsim/simulator"
	"github.com/somsim/somsim/simulator/clock"
)

// gateWork finds out what a gate wants to know. Simulator and order-ops are
// started when the first check needs them, once.
type gateWork struct {
	agreements
	values settings.Values
	pact   string // the official executable, or ""
	at     *addresses
	given  bool // at was named by whoever asks
	stops  []func()
}

func newGateWork(v settings.Values) (*gateWork, error) {
	given := 0
	for _, name := range []string{"orderops", "simulator", "control"} {
		if v[name] != "" {
			given++
		}
	}
	if given != 0 && given != 3 {
		return nil, errors.New("orderops, simulator and control are given together, or none of them")
	}
	w := &gateWork{values: v, given: given == 3}
	var err error
	if w.pact, err = executable(v); err != nil {
		return nil, err
	}
	if w.agreements, err = readAgreements(v); err != nil {
		return nil, err
	}
	if w.given {
		w.at = &addresses{OrderOps: v["orderops"], Addresses: simulator.Addresses{API: v["simulator"], Control: v["control"]}}
	}
	return w, nil
}

func (w *gateWork) close() {
	for _, stop := range slices.Backward(w.stops) {
		stop()
	}
}

// world is where the providers are.
func (w *gateWork) world(ctx context.Context) (addresses, error) {
	if w.at != nil {
		return *w.at, nil
	}
	folder, err := os.MkdirTemp("", "somsim-gate-")
	if err != nil {
		return addresses{}, err
	}
	w.stops = append(w.stops, func() { _ = os.RemoveAll(folder) })
	switches := filepath.Join(folder, "switches.yaml")
	if err := os.WriteFile(switches, states.Switches, 0o600); err != nil {
		return addresses{}, err
	}
	started, err := w.start(ctx, asAgreed(switches))
	if err == nil {
		w.at = &started
	}
	return started, err
}

// start starts a simulator and an order-ops beside it, which end with the gate.
func (w *gateWork) start(ctx context.Context, change func(*service.Config)) (addresses, error) {
	ctx, cancel := context.WithCancel(ctx)
	started, wait, err := startUp(ctx, simulator.Config{Preset: "omnichannel", Clock: clock.ModeManual, Log: slog.New(slog.DiscardHandler)}, change)
	if err != nil {
		cancel()
		return started, err
	}
	w.stops = append(w.stops, func() {
		cancel()
		_ = wait() // it was told to
	})
	return started, nil
}

// asAgreed has order-ops answer callers as soon as the pacts' tests do, by the
// switches that they count on, and keep its requests out of the verdict.
func asAgreed(switches string) func(*service.Config) {
	return func(cfg *service.Config) {
		asExpected(cfg)
		cfg.Log, cfg.Switches = nil, switches
	}
}

// about are the pacts that a check is about.
func (w *gateWork) about(title string) (own []pactfile.Pact) {
	for _, p := range w.pacts {
		ofOrderOps := p.Provider.Name == "order-ops"
		if title == gate.Simulator && ofOrderOps || title == gate.OrderOps && !ofOrderOps {
			continue
		}
		own = append(own, p)
	}
	return own
}

func (w *gateWork) verified(ctx context.Context, title string) (gate.Row, error) {
	at, err := w.world(ctx)
	if err != nil {
		return gate.Row{}, err
	}
	pacts := w.about(title)
	var reports []verification.Report
	done := map[string]bool{}
	for _, p := range pacts {
		name := p.Provider.Name
		if done[name] {
			continue
		}
		done[name] = true
		r, err := w.verify(ctx, at, name)
		if err != nil {
			return gate.Row{}, fmt.Errorf("verify %s: %w", name, err)
		}
		reports = append(reports, r)
	}
	return gate.CheckReports(title, reports, pacts), nil
}

// verify has one provider verified on a stage of its own.
func (w *gateWork) verify(ctx context.Context, at addresses, name string) (r verification.Report, err error) {
	base := at.API
	if name == "order-ops" {
		base = at.OrderOps
	}
	stage, err := states.Open(ctx, states.Addresses{
		API: at.API, Control: at.Control, Token: w.values["control-token"], OrderOps: at.OrderOps, Name: "gate-" + name,
	})
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, stage.Close()) }()
	pacts := verification.With(name, w.pacts)
	if w.pact != "" {
		return verification.Official{Executable: w.pact}.Verify(ctx, name, base, stage, pacts)
	}
	return verification.ByReplay(ctx, replay.Provider{Name: name, Base: base, States: stage, Client: replay.Client()}, pacts), nil
}

// scenarios runs them, beside an order-ops of their own: the pacts count on switches that they do not.
func (w *gateWork) scenarios(ctx context.Context) (gate.Row, error) {
	var at addresses
	var err error
	if w.given {
		at = *w.at
	} else if at, err = w.start(ctx, asExpected); err != nil {
		return gate.Row{}, err
	}
	run, err := features.Run(ctx, features.Options{
		API: at.API, Control: at.Control, OrderOps: at.OrderOps, Operator: at.Operator, ControlToken: w.values["control-token"],
		Seed: -1, Concurrency: 2, Out: io.Discard, Now: clock.Real{}.Now,
	})
	if err != nil && !errors.Is(err, features.ErrFailed) {
		return gate.Row{}, err
	}
	return scenarioRow(run, "run now"), nil
}

// keptScenarios is what came of the scenarios of a report, unless there is none.
func keptScenarios(folder string) (gate.Row, bool, error) {
	if _, err := os.Stat(filepath.Join(folder, report.RunFile)); errors.Is(err, os.ErrNotExist) {
		return gate.Row{}, false, nil
	}
	run, err := report.Folder{Dir: folder}.Last()
	if err != nil {
		return gate.Row{}, false, err
	}
	if run.Tags != "" || run.Shard != "" || run.Chosen {
		part := run.Tags + run.Shard
		if run.Chosen {
			part += "those that were chosen"
		}
		return gate.Row{
			Check: gate.Scenarios, Verdict: gate.Missing, Detail: "the report is about a part of them: " + part,
			Fix: "somsim scenarios --report DIR, without --tags, --shard, --only and --rerun",
		}, true, nil
	}
	return scenarioRow(run, report.RunFile), true, nil
}

func scenarioRow(run report.Run, by string) gate.Row {
	var problems []string
	for _, s := range run.Failures() {
		problems = append(problems, fmt.Sprintf("%s (%s)", s.Name, s.Status))
	}
	return gate.ScenarioRow(len(run.Scenarios), problems, by)
}
