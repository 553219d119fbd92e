//go:build full

package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/somsim/somsim/internal/pgcluster"
)

// TestTheTutorialWorksOnPostgreSQL runs what docs/tutorial.md does on PostgreSQL in one shell, at other addresses, and
// looks for the answers that the page shows.
func TestTheTutorialWorksOnPostgreSQL(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Fatal("the tutorial uses curl: apt-get install curl")
	}
	page, err := os.ReadFile("../../docs/tutorial.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(page), "\n# Five minutes more")
	for _, port := range []string{"8700", "8701", "8702", "8703", "8712", "8713"} {
		text = strings.ReplaceAll(text, "localhost:"+port, freeAddress(t))
	}
	steps := regexp.MustCompile("(?s)```sh\n(.*?)```\n\n```\n(.*?)```").FindAllStringSubmatch(text, -1)
	if len(steps) != 3 || !strings.Contains(text, "export ORDEROPS_DB=postgres://") || !strings.Contains(text, " ORDEROPS_DB_PASSWORD=") {
		t.Fatalf("the page has %d steps, or does not say where the database is", len(steps))
	}
	answers := inShell(t, steps)
	for i, step := range steps {
		for _, want := range strings.Split(strings.TrimSpace(step[2]), "\n") {
			if !strings.Contains(answers[i], want) {
				t.Errorf("step %d\n%s\nanswers %s\nand not %s", i+1, step[1], answers[i], want)
			}
		}
	}
}

// inShell runs the commands of all steps and returns what each said.
func inShell(t *testing.T, steps [][]string) []string {
	t.Helper()
	script := ""
	for _, step := range steps {
		script += step[1] + "echo '=== end of step'\n"
	}
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, binary := range map[string]string{"somsim": built.somsim, "orderops": built.orderops} {
		if err := os.Symlink(binary, filepath.Join(folder, "bin", name)); err != nil {
			t.Fatal(err)
		}
	}
	output, err := os.Create(filepath.Join(folder, "output"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute) // the page waits in loops for what may never come
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, "sh", "-e", "-c", script)
	cmd.Dir, cmd.Stdout, cmd.Stderr = folder, output, t.Output()
	cmd.Env = append(os.Environ(), "ORDEROPS_DB="+pgcluster.Start(t).Database(t), "ORDEROPS_DB_PASSWORD="+pgcluster.Password)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }) // whatever a failed page left running
	err = cmd.Wait()
	said, readErr := os.ReadFile(output.Name())
	if err != nil || readErr != nil {
		t.Fatalf("%v %v\n%s", err, readErr, said)
	}
	return strings.Split(string(said), "=== end of step")
}

// freeAddress is an address of this machine where nothing listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return fmt.Sprint(listener.Addr())
}
