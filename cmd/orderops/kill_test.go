package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestKilledAtEveryCall parks each call of each workflow, before or after the simulator has committed it, each in a sandbox of
// its own, kills the process with signal 9, starts it again on the same database and expects each to be finished with every
// effect once.
func TestKilledAtEveryCall(t *testing.T) {
	t.Parallel()
	simulator := serve(t)
	for _, w := range workflows() {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			simulator := w.on(t, simulator)
			db := filepath.Join(t.TempDir(), "orderops.db")
			start := func() *process {
				return startOn(t, built.orderops, db, simulator.addresses["api"], simulator.addresses["control"], w.way.flags()...)
			}
			ops := start()
			stages, ended := w.parkEverywhere(t, simulator, ops, "kill", "before", "after")
			ops.kill()
			for _, end := range ended {
				<-end
			}
			letGo(stages)
			again := start()
			for _, s := range stages {
				t.Run(strings.TrimPrefix(s.name, "kill-"), func(t *testing.T) {
					s.t = t
					w.finishes(s, again)
					s.close()
				})
			}
		})
	}
}
