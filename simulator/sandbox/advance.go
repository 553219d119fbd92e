package sandbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/clock"
)

// Ticker is a service outside the simulator whose timers follow the sandbox's clock.
type Ticker interface {
	// Tick runs what the service has due in the sandbox at now, and returns how much that was and when more is due
	// (nil: nothing).
	Tick(ctx context.Context, sandbox string, now time.Time) (ran int, next *time.Time, err error)
}

// Register adds a service to those that are told when a sandbox's time moves, replacing one of the same name.
func (ws *Worlds) Register(name string, t Ticker) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.tickers[name] = t
}

// Outbound makes the deliveries of the sandboxes part of their work: they are made while a clock advances.
func (ws *Worlds) Outbound(t Ticker) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.outbound = t
}

// Deliver takes out what a sandbox has to tell others and is due, and returns how many deliveries that took and when more
// are due.
func (ws *Worlds) Deliver(ctx context.Context, w *World) (ran int, next *time.Time, err error) {
	ws.mu.RLock()
	outbound := ws.outbound
	ws.mu.RUnlock()
	if outbound == nil {
		return 0, nil, nil
	}
	return outbound.Tick(ctx, w.name, w.Now())
}

func (ws *Worlds) services() []Ticker {
	ws.mu.RLock()
	defer ws.mu.RUnlock()
	names := make([]string, 0, len(ws.tickers))
	for name := range ws.tickers {
		names = append(names, name)
	}
	slices.Sort(names)
	all := make([]Ticker, len(names))
	for i, name := range names {
		all[i] = ws.tickers[name]
	}
	return all
}

// Advanced tells what moving the clock has done.
type Advanced struct {
	Now time.Time
	// Rounds counts the instants at which something ran; Ran and Ticked the pieces of work of the sandbox, deliveries among
	// them, and of services.
	Rounds, Ran, Ticked int
}

// ErrSpin is returned when work keeps producing work without end: more than a thousand rounds within an hour.
var ErrSpin = errors.New("due work does not come to an end")

// ErrTick is returned when a registered service does not run what it has due.
var ErrTick = errors.New("a service does not tick")

const maxRounds = 1000

// spin counts the rounds within an hour of the sandbox's time: a long way has many that are no reason to stop.
type spin struct {
	since  time.Time
	rounds int
}

// endless counts a round and reports whether it is one too many.
func (s *spin) endless(at time.Time) bool {
	if at.Sub(s.since) >= time.Hour {
		s.since, s.rounds = at, 0
	}
	s.rounds++
	return s.rounds > maxRounds
}

// Advance moves the sandbox's clock by d. On the way it stops at every instant at which the sandbox or a registered
// service has something due, in time order, and lets both run until neither has anything left at that instant.
func (w *World) Advance(ctx context.Context, d time.Duration) (Advanced, error) {
	if d < 0 {
		return Advanced{}, fmt.Errorf("a clock cannot advance by %s", d)
	}
	var done Advanced
	var turning spin
	at := w.Now()
	target := at.Add(d)
	for {
		progressed, next, what, err := w.settle(ctx, at, &done)
		if err != nil {
			return done, err
		}
		if progressed {
			if done.Rounds++; turning.endless(at) {
				return done, fmt.Errorf("%w: %d rounds within an hour until %s, last was %s", ErrSpin, maxRounds, at.Format(time.RFC3339), what)
			}
			continue
		}
		if at.Equal(target) {
			done.Now = at
			return done, nil
		}
		at = target
		if next != nil && next.Before(target) {
			at = *next
		}
		if err := w.MoveTo(at); err != nil {
			return done, err
		}
	}
}

// settle runs what is due at an instant once around and returns whether anything was, and when something is due next.
func (w *World) settle(ctx context.Context, at time.Time, done *Advanced) (bool, *time.Time, string, error) {
	ran, what, err := w.RunDue()
	if err != nil {
		return false, nil, what, err
	}
	ticked := 0
	next := w.nextDue()
	delivered, due, err := w.worlds.Deliver(ctx, w)
	if err != nil {
		return false, nil, "a delivery", err
	}
	if delivered > 0 {
		what = "a delivery"
	}
	ran, next = ran+delivered, sooner(next, due, at)
	for _, service := range w.worlds.services() {
		n, due, err := service.Tick(ctx, w.name, at)
		if err != nil {
			return false, nil, what, fmt.Errorf("%w: %w", ErrTick, err)
		}
		ticked, next = ticked+n, sooner(next, due, at)
	}
	if ticked > 0 {
		what = "a service's tick"
	}
	done.Ran, done.Ticked = done.Ran+ran, done.Ticked+ticked
	return ran+ticked > 0, next, what, nil
}

// sooner returns the earlier of two times at which something is due, of which the second counts only after at.
func sooner(next, due *time.Time, at time.Time) *time.Time {
	if due != nil && due.After(at) && (next == nil || due.Before(*next)) {
		return due
	}
	return next
}

// Now returns the sandbox's time.
func (w *World) Now() time.Time {
	tx := w.Read()
	defer tx.Abort()
	return tx.Now()
}

// MoveTo sets the sandbox's clock without running anything.
func (w *World) MoveTo(at time.Time) error {
	return w.Update(func(tx *Tx) error {
		tx.SetClock(tx.meta.Clock.MovedTo(at, w.worlds.machine))
		return nil
	})
}

// SetMode changes what moves the clock, without a jump.
func (w *World) SetMode(mode clock.Mode) error {
	return w.Update(func(tx *Tx) error {
		now, state := tx.Now(), tx.meta.Clock
		state.Mode = mode
		tx.SetClock(state.MovedTo(now, w.worlds.machine))
		return nil
	})
}

// RunDue runs the work that is due by now, in time order, each piece in a transaction of its own. It returns how many
// pieces ran and the kind of the last.
func (w *World) RunDue() (ran int, last string, err error) {
	for ; ran < maxRounds; ran++ {
		if next := w.nextDue(); next == nil || next.After(w.Now()) {
			return ran, last, nil
		}
		if last, err = w.runFirst(); err != nil {
			return ran, last, err
		}
	}
	return ran, last, fmt.Errorf("%w: more than %d pieces at once, last was %s", ErrSpin, maxRounds, last)
}

func (w *World) runFirst() (kind string, err error) {
	var done Later
	err = w.Update(func(tx *Tx) error {
		first := w.worlds.tables.due.Range(tx.Tx, "at", "", "", 1)
		if len(first) == 0 || first[0].At.After(tx.Now()) {
			return nil
		}
		d := first[0]
		kind = d.Kind
		tx.Unschedule(d.Kind, d.Subject)
		run := w.worlds.Runners[d.Kind]
		if run == nil {
			return fmt.Errorf("due work %s of %s has nobody to run it", d.Kind, d.Subject)
		}
		if err := run(tx, d); err != nil {
			return fmt.Errorf("due work %s of %s: %w", d.Kind, d.Subject, err)
		}
		done = Later{kind, tx.Now(), tx.Changes()}
		return nil
	})
	if err == nil {
		w.noteLater(done)
	}
	return kind, err
}

func (w *World) nextDue() *time.Time {
	tx := w.db.Read()
	defer tx.Abort()
	first := w.worlds.tables.due.Range(tx, "at", "", "", 1)
	if len(first) == 0 {
		return nil
	}
	return &first[0].At
}

// Mode tells what moves the sandbox's clock.
func (w *World) Mode() clock.Mode {
	tx := w.Read()
	defer tx.Abort()
	return tx.ClockMode()
}
