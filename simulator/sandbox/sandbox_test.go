package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/fault"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

type note struct{ ID, Text string }

type fixture struct {
	worlds *sandbox.Worlds
	notes  store.Table[note]
}

func nine() time.Time { return time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC) }

// newFixture has a preset with one note, and due work "echo" that writes a note and, on demand, schedules itself again.
func newFixture(t *testing.T, change ...func(*sandbox.Config)) *fixture {
	t.Helper()
	schema := store.NewSchema()
	tables := sandbox.Declare(schema)
	f := &fixture{notes: store.Add(schema, store.Def[note]{Name: "test.Note", Key: func(n *note) string { return n.ID }})}
	cfg := sandbox.Config{
		Schema: schema, Machine: clock.Fixed(nine()), Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Redactor: journal.NewRedactor(),
		Presets: map[string]sandbox.Preset{
			"one": func(tx *sandbox.Tx) error {
				f.notes.Put(tx.Tx, note{ID: "first", Text: tx.UUID("note")})
				return nil
			},
			"impossible": func(*sandbox.Tx) error { return errors.New("it contradicts itself") },
		},
		Runners: map[string]sandbox.Runner{"echo": f.echo},
	}
	for _, c := range change {
		c(&cfg)
	}
	f.worlds = sandbox.New(tables, cfg)
	return f
}

func (f *fixture) echo(tx *sandbox.Tx, d sandbox.Due) error {
	f.notes.Put(tx.Tx, note{ID: fmt.Sprintf("%s-%d", d.Subject, tx.Next("echo")), Text: tx.Now().Format(time.TimeOnly)})
	if d.Detail == "" {
		return nil
	}
	again, err := time.ParseDuration(d.Detail)
	d.At = d.At.Add(again)
	tx.Schedule(d)
	return err
}

func (f *fixture) create(t *testing.T, name string, o sandbox.Options) *sandbox.World {
	t.Helper()
	w, err := f.worlds.Create(name, o)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (f *fixture) texts(w *sandbox.World) map[string]string {
	tx := w.Read()
	defer tx.Abort()
	out := map[string]string{}
	f.notes.Scan(tx.Tx, func(n *note) bool {
		out[n.ID] = n.Text
		return true
	})
	return out
}

func manual() sandbox.Options {
	return sandbox.Options{From: "one", Mode: clock.ModeManual, At: nine(), Seed: 7}
}

func TestCreate(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.create(t, "taken", manual())
	tests := []struct {
		name    string
		sandbox string
		from    string
		want    error
		text    string
	}{
		{"a name with capitals", "Shop", "one", sandbox.ErrName, `"Shop"`},
		{"a name that ends in a hyphen", "shop-", "one", sandbox.ErrName, `"shop-"`},
		{"no name", "", "one", sandbox.ErrName, ""},
		{"a name that is taken", "taken", "one", sandbox.ErrExists, `"taken"`},
		{"an unknown preset", "fresh", "none", sandbox.ErrPreset, "presets are impossible, one"},
		{"a preset that fails", "fresh", "impossible", nil, "it contradicts itself"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			_, err := f.worlds.Create(tc.sandbox, sandbox.Options{From: tc.from})
			if err == nil || (tc.want != nil && !errors.Is(err, tc.want)) || !strings.Contains(err.Error(), tc.text) {
				t.Errorf("got %v", err)
			}
		})
	}
	if n := len(f.worlds.All()); n != 1 {
		t.Errorf("refused creations left %d sandboxes", n)
	}
}

func TestSameSeedSameIds(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	a, b := f.create(t, "a", manual()), f.create(t, "b", manual())
	if diff := cmp.Diff(f.texts(a), f.texts(b)); diff != "" {
		t.Error(diff)
	}
	other := manual()
	other.Seed = 8
	if c := f.create(t, "c", other); cmp.Equal(f.texts(a), f.texts(c)) {
		t.Error("another seed gave the same ids")
	}
}

func TestForkTakesEverythingAlong(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	origin := f.create(t, "origin", manual())
	if err := origin.Arm(fault.Rule{Name: "armed", Effect: fault.Effect{Kind: fault.Reset}}); err != nil {
		t.Fatal(err)
	}
	schedule(t, origin, sandbox.Due{Kind: "echo", Subject: "s", At: nine().Add(time.Hour)})
	record(t, origin, "before the fork")
	fork := f.create(t, "fork", sandbox.Options{From: "origin"})
	record(t, fork, "after the fork")

	if got := fork.Faults(); len(got) != 1 {
		t.Errorf("the fork has %d faults", len(got))
	}
	if !fork.Now().Equal(nine()) {
		t.Errorf("the fork's clock shows %s", fork.Now())
	}
	entries, _ := fork.Journal(journal.Query{})
	if len(entries) != 2 || entries[1].Seq != 2 {
		t.Errorf("the fork's journal is %+v", entries)
	}
	if _, err := fork.Advance(t.Context(), 2*time.Hour); err != nil {
		t.Fatal(err)
	}
	if len(f.texts(fork)) != 2 || len(f.texts(origin)) != 1 {
		t.Errorf("fork has %v, origin %v", f.texts(fork), f.texts(origin))
	}
	if entries, _ := origin.Journal(journal.Query{}); len(entries) != 1 {
		t.Errorf("the origin's journal has %d entries", len(entries))
	}
}

func schedule(t *testing.T, w *sandbox.World, work ...sandbox.Due) {
	t.Helper()
	err := w.Update(func(tx *sandbox.Tx) error {
		for _, d := range work {
			tx.Schedule(d)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func record(t *testing.T, w *sandbox.World, path string) {
	t.Helper()
	e := journal.Entry{System: "test", Path: path}
	w.Open(&e)
	w.Close(&e)
}

// service is a ticker with one timer.
type service struct {
	due  *time.Time
	seen []string
	err  error
}

func (s *service) Tick(_ context.Context, _ string, now time.Time) (int, *time.Time, error) {
	if s.err != nil || s.due == nil || now.Before(*s.due) {
		return 0, s.due, s.err
	}
	s.seen = append(s.seen, now.Format(time.TimeOnly))
	s.due = nil
	return 1, nil, nil
}

func TestAdvance(t *testing.T) {
	t.Parallel()
	t.Run("runs due work in time order, each at its time", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		w := f.create(t, "w", manual())
		schedule(t, w,
			sandbox.Due{Kind: "echo", Subject: "late", At: nine().Add(20 * time.Minute)},
			sandbox.Due{Kind: "echo", Subject: "early", At: nine().Add(10 * time.Minute)},
			sandbox.Due{Kind: "echo", Subject: "beyond", At: nine().Add(31 * time.Minute)})
		done, err := w.Advance(t.Context(), 30*time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		got := f.texts(w)
		delete(got, "first")
		if diff := cmp.Diff(map[string]string{"early-1": "09:10:00", "late-2": "09:20:00"}, got); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(sandbox.Advanced{Now: nine().Add(30 * time.Minute), Rounds: 2, Ran: 2}, done); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("stops where a service has something due", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		w := f.create(t, "w", manual())
		due := nine().Add(5 * time.Minute)
		s := &service{due: &due}
		f.worlds.Register("s", s)
		done, err := w.Advance(t.Context(), time.Hour)
		if err != nil || done.Ticked != 1 || !cmp.Equal(s.seen, []string{"09:05:00"}) {
			t.Errorf("got %+v, %v, service saw %v", done, err, s.seen)
		}
	})
	t.Run("goes a long way by many rounds", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		w := f.create(t, "w", manual())
		schedule(t, w, sandbox.Due{Kind: "echo", Subject: "s", At: nine(), Detail: "30m"})
		if done, err := w.Advance(t.Context(), 60*24*time.Hour); err != nil || done.Rounds != 60*48+1 {
			t.Errorf("got %+v, %v", done, err)
		}
	})
	t.Run("says which work spins on its way", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		w := f.create(t, "w", manual())
		schedule(t, w, sandbox.Due{Kind: "echo", Subject: "s", At: nine(), Detail: "1s"})
		if done, err := w.Advance(t.Context(), 24*time.Hour); !errors.Is(err, sandbox.ErrSpin) || done.Rounds != 1001 {
			t.Errorf("got %+v, %v", done, err)
		}
	})
	t.Run("says which work spins", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		w := f.create(t, "w", manual())
		schedule(t, w, sandbox.Due{Kind: "echo", Subject: "s", At: nine(), Detail: "0s"})
		_, err := w.Advance(t.Context(), time.Minute)
		if !errors.Is(err, sandbox.ErrSpin) || !strings.Contains(err.Error(), "echo") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("fails when a service fails", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		w := f.create(t, "w", manual())
		f.worlds.Register("s", &service{err: errors.New("gone")})
		if _, err := w.Advance(t.Context(), time.Minute); err == nil || !strings.Contains(err.Error(), "gone") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("does not go back", func(t *testing.T) {
		t.Parallel()
		w := newFixture(t).create(t, "w", manual())
		if _, err := w.Advance(t.Context(), -time.Second); err == nil {
			t.Error("no error")
		}
	})
	t.Run("names work that nobody runs", func(t *testing.T) {
		t.Parallel()
		w := newFixture(t).create(t, "w", manual())
		schedule(t, w, sandbox.Due{Kind: "forgotten", Subject: "s", At: nine()})
		if _, err := w.Advance(t.Context(), 0); err == nil || !strings.Contains(err.Error(), "forgotten") {
			t.Errorf("got %v", err)
		}
	})
}

func TestClockModes(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	w := f.create(t, "w", sandbox.Options{From: "one"})
	if !w.Now().Equal(nine()) {
		t.Errorf("a real clock shows %s", w.Now())
	}
	if err := w.MoveTo(nine().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := w.SetMode(clock.ModeManual); err != nil {
		t.Fatal(err)
	}
	if !w.Now().Equal(nine().Add(time.Hour)) {
		t.Errorf("changing the mode moved the clock to %s", w.Now())
	}
}
