//go:build unix

package deploy_test

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// zoneFolders are where the run time looks for time zones on a machine.
func zoneFolders() []string {
	return []string{"/usr/share/zoneinfo/", "/usr/share/lib/zoneinfo/", "/usr/lib/locale/TZ/", "/etc/zoneinfo"}
}

// static builds a package as the images have it, into a folder that holds nothing else.
func static(t *testing.T, in, source string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", path, source)
	build.Dir = in
	build.Env = append(build.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", source, err, out)
	}
	return path
}

// alone makes the command of a program that finds nothing of this machine: in a root of its own, as in an image from
// scratch, where the test may do that, and otherwise with the names of the folders of time zones spoilt in the program.
func alone(t *testing.T, program string, args ...string) *exec.Cmd {
	t.Helper()
	env := []string{"ZONEINFO=/nowhere"}
	if os.Getuid() == 0 {
		cmd := exec.CommandContext(t.Context(), "/"+filepath.Base(program), args...)
		cmd.SysProcAttr, cmd.Env, cmd.Dir = &syscall.SysProcAttr{Chroot: filepath.Dir(program)}, env, "/"
		return cmd
	}
	text, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range zoneFolders() {
		text = bytes.ReplaceAll(text, []byte(folder), []byte(strings.Repeat("-", len(folder))))
	}
	if err := os.WriteFile(program, text, 0o700); err != nil { // the folder is the test's own
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = env
	return cmd
}

// A program without zones of its own finds none there: otherwise the tests below would prove nothing.
func TestThereAreNoTimeZonesWhereTheBinariesAreTried(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const text = "package main\n\nimport \"time\"\n\nfunc main() {\n\tif _, err := time.LoadLocation(\"America/New_York\"); err != nil {\n\t\tpanic(err)\n\t}\n}\n"
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := alone(t, static(t, dir, "main.go")).CombinedOutput(); err == nil || !strings.Contains(string(out), "unknown time zone America/New_York") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestReturnByIsComputedWithoutZoneFiles(t *testing.T) {
	t.Parallel()
	program := static(t, root, "./cmd/orderops")
	out, err := alone(t, program, "policy", "explain", "--anchor", "2026-03-01T15:00:00Z", "--days", "14", "--time-zone", "America/New_York").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "return_by=2026-03-15T23:59:59.999-04:00\n") {
		t.Errorf("%v: %s", err, out)
	}
}

// The preset's slots open by a shop's local time: without zones the simulator would not even start.
func TestTheSimulatorStartsWithoutZoneFiles(t *testing.T) {
	t.Parallel()
	cmd := alone(t, static(t, root, "./cmd/somsim"), "serve", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0")
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), "api=http://127.0.0.1:") {
		t.Errorf("it says %q", lines.Text())
	}
}
