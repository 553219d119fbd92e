// Package opsclock tells the service what time it is. In production that is the machine's clock; in simulation mode it
// is the clock of the caller's sandbox, read from the simulator's control plane. Nothing else in order-ops asks the
// machine for the time, so a scenario can make days pass without waiting.
package opsclock

import (
	"context"
	"time"
)

// Clock is the time as one use case sees it.
type Clock interface {
	// Now is the current instant in UTC, in the sandbox of ctx.
	Now(ctx context.Context) time.Time
	// Wait lets d pass. Under a manual clock time does not pass by waiting, so it returns at once: what does not work
	// then is handed to due work. It returns early with ctx's error.
	Wait(ctx context.Context, d time.Duration) error
}

// Wall is the machine's clock.
type Wall struct{}

// Now implements Clock.
func (Wall) Now(context.Context) time.Time { return time.Now().UTC() }

// Wait implements Clock.
func (Wall) Wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Every calls f every interval until ctx ends; it is the heartbeat of a real deployment. f never runs twice at a time.
func (Wall) Every(ctx context.Context, interval time.Duration, f func(context.Context)) {
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

// Refresh looks at the clock anew; the machine's clock always is.
func (Wall) Refresh(context.Context) {}
