//go:build full

package main

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// TestRebuiltBinaryFinishes has another build take up what a killed one began.
func TestRebuiltBinaryFinishes(t *testing.T) {
	t.Parallel()
	simulator := serve(t)
	rebuilt := rebuild(t)
	for _, w := range workflows() {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			simulator := w.on(t, simulator)
			db := filepath.Join(t.TempDir(), "orderops.db")
			start := func(binary string) *process {
				return startOn(t, binary, db, simulator.addresses["api"], simulator.addresses["control"], w.way.flags()...)
			}
			old := start(built.orderops)
			stages, ended := w.parkEverywhere(t, simulator, old, "rebuilt", "after")
			old.kill()
			for _, end := range ended {
				<-end
			}
			letGo(stages)
			again := start(rebuilt)
			for _, s := range stages {
				w.finishes(s, again)
				s.close()
			}
		})
	}
}

// rebuild makes another build of the service: it differs from the first as a release differs from the one before.
func rebuild(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "orderops")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-ldflags", "-X main.version=rebuilt", "-o", binary, ".").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if out, err := exec.CommandContext(t.Context(), binary, "version").Output(); err != nil || string(out) != "orderops rebuilt\n" {
		t.Fatalf("the other build calls itself %q %v", out, err)
	}
	return binary
}
