package command

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/somsim/somsim/orderops"
)

// later runs workflows as a runtime does, in the background.
type later struct {
	t      *testing.T
	engine *Engine
}

func (l *later) Start(_, commandID string, resumed bool) error {
	go func() {
		if err := l.engine.execute(l.t.Context(), direct{}, commandID, resumed); err != nil {
			l.t.Error(err)
		}
	}()
	return nil
}

func (*later) Known(string) (known, active bool, err error) { return false, false, nil }

func (*later) Forget(string) error { return nil }

// direct runs every step once.
type direct struct{}

func (direct) Step(_ string, f func(context.Context) (json.RawMessage, error)) (json.RawMessage, error) {
	return f(context.Background())
}

func (direct) First(context.Context, string) (bool, error) { return true, nil }

// finding is a handler that finds out what a command came to.
type finding struct{ counting }

func (*finding) Run(context.Context, Run, Row, json.RawMessage) (Result, error) {
	return Result{State: Succeeded, Answer: Answer{Cancellation: &orderops.Cancellation{}}}, nil
}

// Where time stands still between ticks, a command that a tick takes up again is over when the tick is, however short the
// patience of callers and however slow the machine.
func TestATickWaitsForWhatItBegan(t *testing.T) {
	t.Parallel()
	s := sqlite(t).open("a")
	w := &later{t: t}
	w.engine = NewEngine(Options{
		Store: s, Clock: fixedClock{}, Handlers: map[orderops.Action]Handler{orderops.ActionCancel: &finding{}}, Log: slog.New(slog.DiscardHandler),
		AnswerWithin: time.Nanosecond, TickWithin: time.Minute,
	})
	if err := w.engine.Attach(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	row := begin(t, s, order("1", "k"))
	if err := s.finish(t.Context(), row, Result{State: Unknown}, noon, noon); err != nil {
		t.Fatal(err)
	}
	if result, err := w.engine.Tick(t.Context(), "s", noon); err != nil || result.Ran != 1 {
		t.Fatalf("%d pieces of work, %v", result.Ran, err)
	}
	if got := command(t, s, row.ID); got.State != Succeeded {
		t.Errorf("after the tick the command is %s", got.State)
	}
}
