package features

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/cucumber/godog"
)

// failures collects what happened in the scenarios that failed, for the end of the run.
type failures struct {
	mu   sync.Mutex
	list []failure
}

type failure struct{ scenario, sandbox, journal string }

func (f *failures) add(one failure) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, one)
}

// String is the journals of the scenarios that failed.
func (f *failures) String() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var text strings.Builder
	for _, one := range f.list {
		_, _ = fmt.Fprintf(&text, "\nWhat happened in %q (sandbox %s):\n%s", one.scenario, one.sandbox, one.journal)
	}
	return text.String()
}

// hooks frame a scenario: a sandbox before it, and after it everything that must hold whatever it was about.
func (w *world) hooks(sc *godog.ScenarioContext, failed *failures) {
	sc.Before(func(ctx context.Context, _ *godog.Scenario) (context.Context, error) {
		return ctx, w.begin(ctx)
	})
	sc.After(func(ctx context.Context, scenario *godog.Scenario, err error) (context.Context, error) {
		ended := w.end(ctx, err == nil)
		if err != nil || ended != nil {
			ctx = w.attachJournal(ctx, scenario, failed)
		}
		return ctx, errors.Join(ended, w.control.delete(ctx))
	})
}

// end brings the scenario to rest. Only a scenario whose steps held is held against the truths: after a failed step the
// world is not in the state that the scenario was about.
func (w *world) end(ctx context.Context, held bool) error {
	idle, err := w.control.disarmAll(ctx)
	err = errors.Join(err, w.gather(ctx))
	if !held || err != nil {
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

func (w *world) attachJournal(ctx context.Context, scenario *godog.Scenario, failed *failures) context.Context {
	happened, err := w.control.journal(ctx, 0)
	text := happened.String()
	if err != nil {
		text = "the journal could not be read: " + err.Error() + "\n"
	}
	failed.add(failure{scenario.Name, w.control.sandbox, text})
	return godog.Attach(ctx, godog.Attachment{Body: []byte(text), FileName: "journal.txt", MediaType: "text/plain"})
}
