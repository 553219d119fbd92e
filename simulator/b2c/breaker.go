package b2c

import (
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// The figures of a hook's circuit breaker (specs/b2c/SOURCES.md, hooks).
const (
	breakerWindow   = 100
	breakerFailures = 50
	breakerPause    = time.Minute
	breakerTrials   = 10
	breakerRelapse  = 5
)

// breaker is the circuit breaker of an extension point. It is closed until more than half of the last hundred calls have
// failed; then it is open for a minute, and after that on trial.
type breaker struct {
	Point string
	// Calls are the last outcomes, oldest first: a dot for a call that went well, an x for one that failed. On trial they are
	// those of the trial.
	Calls string
	// OpenUntil is set when the breaker has opened, and stays until a trial went well.
	OpenUntil time.Time
}

// HookOpen reports whether the circuit breaker of an extension point keeps its hooks from being called now.
func (b *B2C) HookOpen(tx *sandbox.Tx, point string) bool {
	known, ok := b.breakers.Peek(tx.Tx, point)
	return ok && tx.Now().Before(known.OpenUntil)
}

// BookHook notes how a call at an extension point has gone. A status of error is no failure: the hook did its work.
func (b *B2C) BookHook(tx *sandbox.Tx, point string, failed bool) {
	known, _ := b.breakers.Get(tx.Tx, point)
	known.Point = point
	known.book(tx.Now(), failed)
	b.breakers.Put(tx.Tx, known)
}

func (k *breaker) book(now time.Time, failed bool) {
	if now.Before(k.OpenUntil) {
		return // called before it opened
	}
	outcome := "."
	if failed {
		outcome = "x"
	}
	k.Calls += outcome
	failures := strings.Count(k.Calls, "x")
	if k.OpenUntil.IsZero() {
		if len(k.Calls) > breakerWindow {
			k.Calls = k.Calls[len(k.Calls)-breakerWindow:]
			failures = strings.Count(k.Calls, "x")
		}
		if failures > breakerFailures {
			k.Calls, k.OpenUntil = "", now.Add(breakerPause)
		}
		return
	}
	switch {
	case failures > breakerRelapse:
		k.Calls, k.OpenUntil = "", now.Add(breakerPause)
	case len(k.Calls) >= breakerTrials:
		k.Calls, k.OpenUntil = "", time.Time{}
	}
}
