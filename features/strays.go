package features

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/somsim/somsim/features/report"
)

// elsewhere is the sandbox of whoever names none. While scenarios run in sandboxes of their own, an order-ops that forgets
// to say for whom it works is found out there.
const elsewhere = "default"

// strays watch that sandbox.
type strays struct {
	steer *control
	since int64
}

// watchStrays remembers what has happened there up to now.
func watchStrays(ctx context.Context, env environment) (strays, error) {
	s := strays{steer: called(env, elsewhere)}
	happened, err := s.read(ctx)
	s.since = happened.last()
	return s, err
}

// read is what has happened since; nothing where there is no such sandbox.
func (s strays) read(ctx context.Context) (journal, error) {
	happened, err := s.steer.journal(ctx, s.since)
	var no *unexpected
	if errors.As(err, &no) && no.reply.status == http.StatusNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what happened in the sandbox %s: %w", elsewhere, err)
	}
	return happened, nil
}

// tell has the run name the calls that reached it meanwhile. One that nothing simulated serves is an error: which scenario
// it belonged to nobody can say. The others may be somebody's who works beside the scenarios.
func (s strays) tell(ctx context.Context, run *report.Run) error {
	happened, err := s.read(ctx)
	for _, e := range happened {
		run.Strays = append(run.Strays, fmt.Sprintf("%s %s → %d", e.Method, e.Path, e.Status))
	}
	if strange := happened.strange(); len(strange) > 0 {
		return fmt.Errorf("%w: in the sandbox %s, where no scenario takes place, %w", ErrFailed, elsewhere, errors.Join(strange...))
	}
	return err
}

// straysOf tells of the calls that came for no scenario.
func (p *progress) straysOf(run *report.Run) {
	if len(run.Strays) == 0 {
		return
	}
	p.print("\n%d calls reached the sandbox %s, where no scenario takes place. Unless somebody else works there, order-ops makes them\n"+
		"without saying for whom. The first:\n  %s\n", len(run.Strays), elsewhere, strings.Join(run.Strays[:min(len(run.Strays), 5)], "\n  "))
}
