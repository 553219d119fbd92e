package remote

import (
	"context"
	"sync"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// The breaker of a system opens after this many calls in a row got no answer, and lets one through again after the pause.
const (
	breakerFailures = 8
	breakerPause    = 15 * time.Second
)

// neverByItself keeps failsafe-go from closing a breaker by the machine's clock; Breakers does it by the injected one.
const neverByItself = 24 * 365 * time.Hour

// Breakers keeps one circuit breaker for each sandbox of one remote system, so that a fault injected into one world does
// not stop the calls of another.
type Breakers struct {
	clock Clock
	mu    sync.Mutex
	all   map[string]*breaker
}

// breaker pairs failsafe-go's state machine with the instant it opened at, in the time of its sandbox.
type breaker struct {
	machine  circuitbreaker.CircuitBreaker[any]
	openedAt time.Time
}

// NewBreakers makes the breakers of one system.
func NewBreakers(clock Clock) *Breakers {
	return &Breakers{clock: clock, all: map[string]*breaker{}}
}

// allow says whether a call may go out now; if not, after how long to come back.
func (b *Breakers) allow(ctx context.Context) (ok bool, wait time.Duration) {
	if b == nil {
		return true, 0
	}
	now := b.clock.Now(ctx)
	b.mu.Lock()
	defer b.mu.Unlock()
	one := b.of(ctx)
	if one.machine.IsOpen() {
		if left := breakerPause - now.Sub(one.openedAt); left > 0 && left <= breakerPause { // more when the time was set back
			return false, left
		}
		one.machine.HalfOpen()
	}
	return one.machine.TryAcquirePermit(), breakerPause
}

// record tells the breaker how the call went. open and changed say what came of it: for the system's observer.
func (b *Breakers) record(ctx context.Context, failed bool) (open, changed bool) {
	if b == nil {
		return false, false
	}
	now := b.clock.Now(ctx)
	b.mu.Lock()
	defer b.mu.Unlock()
	one := b.of(ctx)
	if !failed {
		wasClosed := one.machine.IsClosed()
		one.machine.RecordSuccess()
		return !one.machine.IsClosed(), wasClosed != one.machine.IsClosed()
	}
	wasOpen := one.machine.IsOpen()
	one.machine.RecordFailure()
	if one.machine.IsOpen() && !wasOpen {
		one.openedAt = now
	}
	return one.machine.IsOpen(), one.machine.IsOpen() != wasOpen
}

// Forget makes an end of what a sandbox's calls came to: it is another one under the same name.
func (b *Breakers) Forget(sandbox string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.all, sandbox)
}

func (b *Breakers) of(ctx context.Context) *breaker {
	name := ScopeOf(ctx).Sandbox
	one, ok := b.all[name]
	if !ok {
		one = &breaker{machine: circuitbreaker.NewBuilder[any]().
			WithFailureThreshold(breakerFailures).WithSuccessThreshold(1).WithDelay(neverByItself).Build()}
		b.all[name] = one
	}
	return one
}
