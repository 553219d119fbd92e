//go:build foreign

// Package foreign_test runs vendors' own clients, as published, against a
// running simulator. It needs what they need (node) and their packages, which
// `make foreign` installs; hence the build tag.
package foreign_test

import (
	"context"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Each client has a folder with test files, and a simulator of its own whose
// clock they move; hence one file after another.
func TestClients(t *testing.T) {
	t.Parallel()
	somsim := build(t)
	for _, client := range []string{"commerce-sdk", "globalcollect", "jsforce", "onlinepayments", "square"} {
		t.Run(client, func(t *testing.T) {
			t.Parallel()
			api, control := serve(t, somsim)
			ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
			defer cancel()
			// Some clients cannot be told to hang up: jsforce goes on with the long polls of a connection's own streaming client.
			args := []string{"--test", "--test-force-exit", "--test-concurrency=1", "--test-reporter=spec"}
			script := exec.CommandContext(ctx, "node", append(args, files(t, client)...)...)
			script.Dir = client
			script.Env = append(script.Environ(), "SOMSIM_API="+api, "SOMSIM_CONTROL="+control)
			out, err := script.CombinedOutput()
			t.Logf("%s", out)
			if err != nil {
				t.Errorf("%s: %v", client, err)
			}
		})
	}
}

// files lists the test files of a client.
func files(t *testing.T, client string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(client, "*.test.mjs"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no test files: %v", err)
	}
	for i, path := range paths {
		paths[i] = filepath.Base(path)
	}
	return paths
}
