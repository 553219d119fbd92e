package features

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cucumber/godog"

	"github.com/somsim/somsim/features/report"
)

// hooks frame a scenario: a sandbox before it, and after it everything that must hold whatever it was about.
func (w *world) hooks(sc *godog.ScenarioContext, record *recorder) {
	sc.Before(func(ctx context.Context, scenario *godog.Scenario) (context.Context, error) {
		w.recording = record.begin(scenario, w.control.sandbox)
		w.recording.watch(sc, record.now)
		return ctx, w.begin(ctx)
	})
	sc.After(func(ctx context.Context, scenario *godog.Scenario, err error) (context.Context, error) {
		if w.recording.scenario.Unasked = w.env.reach.missed(); errors.Is(err, godog.ErrSkip) {
			err = nil // the last step was the one that could not be asked
		}
		ended := w.end(ctx, err == nil)
		ended = errors.Join(ended, w.keepJournal(ctx, err != nil || ended != nil), w.leave(context.WithoutCancel(ctx), err == nil))
		w.recording.scenario.Codes = w.env.reach.heard()
		record.finish(scenario.Id, w.recording, errors.Join(err, ended))
		return ctx, ended
	})
}

// keepJournal keeps what happened for a report. Where there is to be none, it keeps that of a scenario that failed.
func (w *world) keepJournal(ctx context.Context, failed bool) (err error) {
	if w.env.lean && !failed {
		return nil
	}
	if w.happened == nil || w.env.lean { // the truths were not looked at, or had the outline only
		w.happened, err = w.control.exchanges(ctx, false)
	}
	report.Compact(w.happened, failed)
	later, unseen := w.control.dueWork(ctx)
	w.recording.scenario.Journal, w.recording.scenario.Later = w.happened, append(later, commands(slices.Concat(w.answers, w.finals))...)
	return errors.Join(err, unseen)
}

// end brings the scenario to rest. Only a scenario whose steps held is held against the truths: after a failed step the
// world is not in the state that the scenario was about. One that asked for what this order-ops cannot be asked is over.
func (w *world) end(ctx context.Context, held bool) error {
	armed, idle, err := w.control.disarmAll(ctx)
	w.recording.scenario.Faults = append(w.recording.scenario.Faults, armed...)
	err = errors.Join(err, w.gather(ctx))
	if !held || err != nil || w.env.reach.missed() != "" {
		return err
	}
	if len(idle) > 0 {
		return fmt.Errorf("armed and never struck: %s", strings.Join(idle, ", "))
	}
	if err := w.settle(ctx); err != nil {
		return err
	}
	return w.checkTruths(ctx)
}
