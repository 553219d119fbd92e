package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// programs are the two binaries, built once for all tests of this package.
type programs struct{ somsim, orderops string }

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "orderops-test-")
		if err != nil {
			panic(err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		built = programs{filepath.Join(dir, "somsim"), filepath.Join(dir, "orderops")}
		for binary, source := range map[string]string{built.somsim: "../somsim", built.orderops: "."} {
			// Without what debuggers read: it takes as long to link as all the rest.
			if out, err := exec.Command("go", "build", "-ldflags", "-s -w", "-o", binary, source).CombinedOutput(); err != nil {
				fmt.Fprintf(os.Stderr, "build %s: %v\n%s", source, err, out)
				return 1
			}
		}
		return m.Run()
	}())
}

// built is set once by TestMain, before any test runs.
var built programs

// process is a running binary and the addresses it printed.
type process struct {
	cmd       *exec.Cmd
	addresses map[string]string
}

// launch starts a binary and reads the first n lines of `key=value` that it prints.
func launch(t *testing.T, binary string, n int, args ...string) *process {
	t.Helper()
	return launchWith(t, nil, binary, n, args...)
}

// launchWith is launch with more environment.
func launchWith(t *testing.T, env []string, binary string, n int, args ...string) *process {
	t.Helper()
	cmd := exec.Command(binary, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: cmd, addresses: map[string]string{}}
	t.Cleanup(p.kill)
	mute := time.AfterFunc(endsWithin, func() { _ = cmd.Process.Kill() }) // or it would be waited for for ever
	defer mute.Stop()
	lines := bufio.NewScanner(out)
	for len(p.addresses) < n && lines.Scan() {
		key, value, _ := strings.Cut(lines.Text(), "=")
		p.addresses[key] = value
	}
	if len(p.addresses) < n {
		t.Fatalf("%s printed only %v", filepath.Base(binary), p.addresses)
	}
	return p
}

// kill is kill −9.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// endsWithin is how long a command may take that has to come to its end. One that goes on serving is stopped then.
const endsWithin = 2 * time.Minute

// finish has a command come to its end and returns its exit code and what it said.
func finish(t *testing.T, env []string, args ...string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), endsWithin)
	defer cancel()
	cmd := exec.CommandContext(ctx, built.orderops, args...)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// finishHere is finish without a process of its own: nothing but what env says is in its environment.
func finishHere(t *testing.T, env map[string]string, args ...string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), endsWithin)
	defer cancel()
	var said bytes.Buffer
	code := run(ctx, args, func(name string) (string, bool) { v, ok := env[name]; return v, ok }, &said, &said)
	return code, said.String()
}

// refuses asserts that a start is refused with exit code 2 and one line that says why.
func refuses(t *testing.T, env []string, why string, args ...string) {
	t.Helper()
	code, said := finish(t, env, args...)
	refusedFor(t, why, code, said)
}

// refusedFor asserts that what came of a start is a refusal, in one line that says why.
func refusedFor(t *testing.T, why string, code int, said string) {
	t.Helper()
	if code != exitRefused || strings.Count(strings.TrimSpace(said), "\n") != 0 || !strings.Contains(said, why) {
		t.Errorf("exit code %d, said %q, want %d and one line about %q", code, said, exitRefused, why)
	}
}
