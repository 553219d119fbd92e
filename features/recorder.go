package features

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cucumber/godog"

	"github.com/somsim/somsim/features/report"
)

// recorder writes down what comes of every scenario. Scenarios end side by side.
type recorder struct {
	plan *plan
	now  func() time.Time
	// ended hears of each scenario when it is over, one at a time.
	ended func(report.Scenario)

	mu   sync.Mutex
	done map[string]report.Scenario
}

func newRecorder(p *plan, now func() time.Time, ended func(report.Scenario)) *recorder {
	return &recorder{plan: p, now: now, ended: ended, done: map[string]report.Scenario{}}
}

// recording is one scenario as it goes on; godog takes its steps one after another.
type recording struct {
	scenario report.Scenario
	next     int
	began    time.Time
}

// begin opens the record of a scenario.
func (r *recorder) begin(pickle *godog.Scenario, sandbox string) *recording {
	skeleton := r.plan.skeletons[pickle.Id]
	skeleton.Steps = slices.Clone(skeleton.Steps)
	skeleton.Started, skeleton.Sandbox = r.now(), sandbox
	return &recording{scenario: skeleton}
}

// finish closes it with the error it ended by, if any.
func (r *recorder) finish(id string, one *recording, err error) {
	one.scenario.Took = r.now().Sub(one.scenario.Started)
	one.scenario.Status = report.Passed
	if one.scenario.Unasked != "" {
		one.scenario.Status = report.Unasked
	}
	if err != nil {
		one.scenario.Status, one.scenario.Error = report.Failed, err.Error()
	}
	if errors.Is(err, godog.ErrUndefined) {
		one.scenario.Status = report.Undefined
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done[id] = one.scenario
	r.ended(one.scenario)
}

// scenarios are those that ended, in the order of the files.
func (r *recorder) scenarios() []report.Scenario {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []report.Scenario
	for _, s := range r.done {
		list = append(list, s)
	}
	slices.SortFunc(list, report.ByPlace)
	return list
}

// watch has the steps of a scenario recorded.
func (one *recording) watch(sc *godog.ScenarioContext, now func() time.Time) {
	sc.StepContext().Before(func(ctx context.Context, _ *godog.Step) (context.Context, error) {
		one.began = now()
		return ctx, nil
	})
	sc.StepContext().After(func(ctx context.Context, step *godog.Step, status godog.StepResultStatus, err error) (context.Context, error) {
		if one.next < len(one.scenario.Steps) && one.scenario.Steps[one.next].Text == step.Text {
			one.note(&one.scenario.Steps[one.next], status, err)
			one.scenario.Steps[one.next].Took = now().Sub(one.began)
			one.next++
		}
		return ctx, nil
	})
}

func (one *recording) note(step *report.Step, status godog.StepResultStatus, err error) {
	switch status {
	case godog.StepPassed:
		step.Status = report.Passed
	case godog.StepSkipped:
		step.Status = report.Skipped
	case godog.StepUndefined:
		step.Status, step.Error = report.Undefined, suggestion(step.Text)
	default:
		step.Status = report.Failed
		if err != nil {
			step.Error = err.Error()
		}
	}
}

// suggestion names the sentences that are most like one that nobody knows.
func suggestion(text string) string {
	near := Nearest(text, 3)
	if len(near) == 0 {
		return "no sentence is like this one; somsim scenarios --steps lists them"
	}
	return "nobody knows this sentence; the nearest are:\n  " + strings.Join(near, "\n  ")
}

// breaks notes the deviations that nobody was asked to look after.
func (one *recording) breaks(deviations []deviation, items []workItem) {
	for _, d := range deviations {
		if !slices.ContainsFunc(items, func(i workItem) bool { return i.names(d) }) {
			one.scenario.Broken = append(one.scenario.Broken, report.Violation{Invariant: d.Invariant, Entity: d.Entity, Detail: d.Detail, Since: d.Since})
		}
	}
}
