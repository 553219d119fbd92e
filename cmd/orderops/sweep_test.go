package main

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// trouble is a failure of the moment that a call may meet.
type trouble struct {
	name   string
	effect map[string]any
}

// troubles are all of them. Struck five times they outlast the retries inside a request.
func troubles() []trouble {
	return []trouble{
		{"lost before it happened", map[string]any{"kind": "lost_before"}},
		{"lost after it happened", map[string]any{"kind": "lost_after_commit"}},
		{"status 500", map[string]any{"kind": "status", "status": 500}},
		{"status 503", map[string]any{"kind": "status", "status": 503}},
		{"status 429", map[string]any{"kind": "status", "status": 429, "retry_after": 30}},
	}
}

// TestFailureOfTheMomentAtEveryCall lets each call of each workflow fail once, and five times in a row, also those that are made
// in the background. Whatever the caller is told then, once the failure has passed and time has moved on the same request must come about with every effect once.
// Without the tag full each call meets one of the failures.
func TestFailureOfTheMomentAtEveryCall(t *testing.T) {
	t.Parallel()
	for _, way := range ways() {
		t.Run(string(way), func(t *testing.T) {
			t.Parallel()
			simulator := serve(t)
			ops := startOn(t, built.orderops, filepath.Join(t.TempDir(), "orderops.db"), simulator.addresses["api"], simulator.addresses["control"],
				append(way.flags(), "--remote-timeout", "10s")...)
			for _, w := range workflows() {
				if w.way != way {
					continue
				}
				for i, at := range append(slices.Clone(w.calls), w.later...) {
					for n, hit := range hits() {
						if !everything && n != i%len(hits()) {
							continue
						}
						t.Run(fmt.Sprintf("%s %s %s %d %s %d times", w.name, at.system, at.operation, at.nth, hit.name, hit.times), func(t *testing.T) {
							t.Parallel()
							s := openStage(t, simulator, fmt.Sprintf("sweep-%s-%d-%d", w.name, i, n), at.about)
							s.ops = ops
							if i < len(w.calls) {
								w.sweep(s, at, hit)
							} else {
								w.sweepLater(s, at, hit)
							}
							s.close()
						})
					}
				}
			}
		})
	}
}

// hit is a failure and how many times in a row it strikes.
type hit struct {
	trouble
	times int
}

// hits begins with those that differ most.
func hits() []hit {
	var list []hit
	for i, what := range troubles() {
		list = append(list, hit{what, 1 + 4*(i%2)}, hit{what, 5 - 4*(i%2)})
	}
	return list
}

// sweep has the work done while a call fails, and again when it does not fail any more.
func (w workflow) sweep(s *stage, at parked, hit hit) {
	s.t.Helper()
	if w.ready != nil {
		w.ready(s)
	}
	s.arm(at, hit)
	status, answer, err := w.ask(s)
	switch {
	case err == nil && refusedForNow(status, answer):
		w.nothing(s, answer)
	case err != nil, status != w.answers() && status != http.StatusAccepted:
		s.t.Fatalf("under the fault it answers %d %s %v, want that it is done, or will be, or can be tried again", status, answer, err)
	}
	s.must(http.MethodDelete, s.sandbox("/faults?name=swept"), nil, nil)
	s.pass(w.soon)
	s.token = s.login() // the shopper's may have expired meanwhile, and so may the service's own
	status, answer, err = w.until(s)
	if err != nil || status != w.answers() {
		s.t.Fatalf("afterwards it answers %d %s %v", status, answer, err)
	}
	if len(w.later) > 0 {
		s.pass(w.soon)
		s.token = s.login()
	}
	w.after(s, answer)
}

// sweepLater has the work done, and then a call fail that is made in the background.
func (w workflow) sweepLater(s *stage, at parked, hit hit) {
	s.t.Helper()
	w.begin(s)
	s.arm(at, hit)
	s.pass(w.soon)
	if !strings.Contains(string(s.must(http.MethodGet, s.sandbox("/journal?limit=1000"), nil, nil)), `"swept"`) {
		s.t.Error("the call was never made")
	}
	s.must(http.MethodDelete, s.sandbox("/faults?name=swept"), nil, nil)
	s.pass(w.soon)
	w.settled(s)
	s.hold()
}

// arm has a call fail.
func (s *stage) arm(at parked, hit hit) {
	s.t.Helper()
	s.must(http.MethodPost, s.sandbox("/faults"), nil, map[string]any{
		"name": "swept", "times": hit.times, "effect": hit.effect,
		"match": map[string]any{"system": at.system, "operation": at.operation, "nth": at.nth},
	})
}
