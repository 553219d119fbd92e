package main

import (
	"fmt"
	"net/http"
	"path/filepath"
	"testing"
)

// TestKilledInTheBackground kills the process at the calls that it makes by itself once the shopper has been answered: money
// that order management gives back, goods that have come, edits that are over. One after the other, since only one tick runs
// at a time: without the tag full at some of them.
func TestKilledInTheBackground(t *testing.T) {
	t.Parallel()
	for _, w := range workflows() {
		if len(w.later) == 0 {
			continue
		}
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			simulator := serve(t)
			db := filepath.Join(t.TempDir(), "orderops.db")
			w.killedInTheBackground(t, simulator, func() *process {
				return startOn(t, built.orderops, db, simulator.addresses["api"], simulator.addresses["control"], w.way.flags()...)
			})
		})
	}
}

// killedInTheBackground does that with a service that start starts, or starts again.
func (w workflow) killedInTheBackground(t *testing.T, simulator *process, start func() *process) {
	t.Helper()
	ops := start()
	for i, at := range w.later {
		for n, phase := range phases() {
			if !everything && (2*i+n)%5 != 3 {
				continue
			}
			t.Run(fmt.Sprintf("%s %s %s %d", phase, at.system, at.operation, at.nth), func(t *testing.T) {
				s := openStage(t, simulator, fmt.Sprintf("background-%s-%d-%s", w.name, i, phase), at.about)
				s.ops = ops
				w.begin(s)
				ended := s.park(at, phase, func() {
					_, _, _ = s.call(http.MethodPost, s.sandbox("/clock/advance"), nil, map[string]any{"duration": w.soon}) // it loses whom it ticks
				})
				ops.kill()
				<-ended
				s.letGo()
				ops = start()
				s.pass(w.soon)
				w.settled(s)
				s.hold()
				s.close()
			})
		}
	}
}

// begin has everything done that comes before the work in the background.
func (w workflow) begin(s *stage) {
	s.t.Helper()
	if w.ready != nil {
		w.ready(s)
	}
	if w.ask == nil {
		return
	}
	status, answer, err := w.until(s)
	if err != nil || status != w.answers() {
		s.t.Fatalf("%s answers %d %s %v", w.name, status, answer, err)
	}
}

// phases are when a call can be interrupted: before the simulator has committed it, and after.
func phases() []string { return []string{"before", "after"} }
