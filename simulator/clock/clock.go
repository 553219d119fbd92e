// Package clock is the only place where the simulator reads the time of day or waits for it.
//
// Each sandbox remembers a [State]; together with the machine's clock it tells the sandbox's time. Everything else is
// handed a [Clock] or a time.
package clock

import (
	"context"
	"time"
)

// Clock tells the time. Implementations are safe for concurrent use.
type Clock interface {
	Now() time.Time
}

// Real is the machine's clock, in UTC.
type Real struct{}

// Now returns the present instant in UTC.
func (Real) Now() time.Time { return time.Now().UTC() }

// Fixed is a clock that stands still.
type Fixed time.Time

// Now returns the instant it stands at.
func (f Fixed) Now() time.Time { return time.Time(f) }

// Wait blocks for d of real time or until the context ends. It serves latency faults only: the caller's own time-outs
// run in real time, so a delay has to as well.
func Wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Mode says what moves a sandbox's clock.
type Mode string

// A real clock runs with the machine's, from an offset; a manual one stands still until it is told to move.
const (
	ModeReal   Mode = "real"
	ModeManual Mode = "manual"
)

// State is the clock of one sandbox as its store remembers it.
type State struct {
	Mode Mode
	// At is the instant a manual clock shows.
	At time.Time
	// Offset is added to the machine's time when the mode is real.
	Offset time.Duration
}

// Now returns the sandbox's time, in UTC with millisecond precision, the finest that the simulated vendors print.
func (s State) Now(machine Clock) time.Time {
	if s.Mode == ModeManual {
		return s.At
	}
	return machine.Now().Add(s.Offset).Truncate(time.Millisecond)
}

// MovedTo returns the state that shows the given instant now, in the same mode.
func (s State) MovedTo(at time.Time, machine Clock) State {
	at = at.UTC().Truncate(time.Millisecond)
	if s.Mode == ModeManual {
		s.At = at
		return s
	}
	s.Offset = at.Sub(machine.Now())
	return s
}

// Every calls f once per interval of real time until the context ends.
func Every(ctx context.Context, interval time.Duration, f func(context.Context)) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			f(ctx)
		case <-ctx.Done():
			return
		}
	}
}
