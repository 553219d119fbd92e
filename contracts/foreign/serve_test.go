//go:build foreign

package foreign_test

import (
	"bufio"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// build builds the binary that users run.
func build(t *testing.T) (binary string) {
	t.Helper()
	binary = filepath.Join(t.TempDir(), "somsim")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../../cmd/somsim").CombinedOutput(); err != nil {
		t.Fatalf("build somsim: %v\n%s", err, out)
	}
	return binary
}

// serve starts `somsim serve` on free ports and returns the addresses
// of the API and of the control plane. The process ends with the test.
func serve(t *testing.T, binary string) (api, control string) {
	t.Helper()
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
