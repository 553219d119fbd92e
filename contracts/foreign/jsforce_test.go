//go:build foreign

// Package foreign_test runs vendors' own clients, as published, against a
// running simulator. It needs what they need (node for jsforce) and their
// packages, which `make foreign` installs; hence the build tag.
package foreign_test

import (
	"bufio"
	"context"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestJsforce(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	script := exec.CommandContext(ctx, "node", append([]string{"--test", "--test-reporter=spec"}, scripts(t)...)...)
	script.Dir = "jsforce"
	api, control := serve(t)
	script.Env = append(script.Environ(), "SOMSIM_API="+api, "SOMSIM_CONTROL="+control)
	out, err := script.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Errorf("jsforce: %v", err)
	}
}

// scripts lists the test files of jsforce.
func scripts(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("jsforce/*.test.mjs")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no test files: %v", err)
	}
	for i, path := range paths {
		paths[i] = filepath.Base(path)
	}
	return paths
}

// serve builds and starts `somsim serve` on free ports and returns the addresses
// of the API and of the control plane. The process ends with the test.
func serve(t *testing.T) (api, control string) {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "somsim")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../../cmd/somsim").CombinedOutput(); err != nil {
		t.Fatalf("build somsim: %v\n%s", err, out)
	}
	server := exec.CommandContext(t.Context(), binary, "serve", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0", "--clock", "manual")
	server.Cancel = func() error { return server.Process.Signal(syscall.SIGTERM) }
	server.Stderr = t.Output()
	stdout, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		_ = server.Wait()
	})
	lines := bufio.NewScanner(stdout)
	api, control = addressOf(t, lines, "api="), addressOf(t, lines, "control=")
	go func() { _, _ = io.Copy(io.Discard, stdout) }()
	return api, control
}

// addressOf reads on to the line on which the server prints an address.
func addressOf(t *testing.T, lines *bufio.Scanner, key string) string {
	t.Helper()
	for lines.Scan() {
		if address, ok := strings.CutPrefix(lines.Text(), key); ok {
			return address
		}
	}
	t.Fatalf("the server ended before it printed %s", key)
	return ""
}
