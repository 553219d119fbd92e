package remote

import "context"

// Observer sees the calls to other systems.
type Observer interface {
	// Attempt sees an attempt begin; what it returns is called with the error of the attempt, nil for a 2xx. The context is
	// the attempt's: its scope names the attempt in the trace.
	Attempt(ctx context.Context, system, operation string) (context.Context, func(err error))
	// Held sees a call that was not sent, for the reason of its error's VendorCode.
	Held(system, reason string)
	// BreakerOpen sees the circuit breaker of a system open or close.
	BreakerOpen(system string, open bool)
}

// observe begins an attempt; without an observer nobody sees it.
func (c *Caller) observe(ctx context.Context, operation string) (context.Context, func(err error)) {
	if c.Observer == nil {
		return ctx, func(error) {}
	}
	return c.Observer.Attempt(ctx, c.System, operation)
}

// held notes that a call was not sent.
func (c *Caller) held(reason string) {
	if c.Observer != nil {
		c.Observer.Held(c.System, reason)
	}
}
