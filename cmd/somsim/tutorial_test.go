package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/somsim/somsim/orderops/service"
	"github.com/somsim/somsim/simulator"
)

// TestTheTutorialWorks runs the commands of docs/tutorial.md in one shell and looks for the answers the page shows. What
// the page does on PostgreSQL is run by a test of cmd/orderops.
func TestTheTutorialWorks(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/tutorial.md")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	operators := func(ops *service.Config) { ops.Operator = "127.0.0.1:0" }
	running, wait, err := startUp(ctx, simulator.Config{Preset: "omnichannel"}, operators)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		if err := wait(); err != nil {
			t.Error(err)
		}
	})
	folder := t.TempDir()
	buildOrderOps(t, filepath.Join(folder, "bin"))
	alone, _, found := strings.Cut(string(page), "\n# Five minutes more")
	if !found {
		t.Fatal("the page does not say where PostgreSQL begins")
	}
	steps := stepsOf(alone, running)
	if len(steps) < 8 {
		t.Fatalf("the page has %d steps", len(steps))
	}
	walk(t, folder, steps)
}

// step is a command of a page and the answer that the page shows.
type step struct{ command, answer string }

// stepsOf reads the steps of a page, for services at other addresses than the usual ones.
func stepsOf(page string, running addresses) []step {
	text := strings.NewReplacer("http://localhost:8703", running.Operator, "localhost:8700", running.API, "localhost:8701", running.Control, "localhost:8702", running.OrderOps).Replace(page)
	var steps []step
	for _, found := range regexp.MustCompile("(?s)```sh\n(.*?)```\n\n```\n(.*?)```").FindAllStringSubmatch(text, -1) {
		steps = append(steps, step{found[1], found[2]})
	}
	return steps
}

// walk runs the steps in one shell and looks for their answers.
func walk(t *testing.T, folder string, steps []step) {
	t.Helper()
	script := ""
	for _, step := range steps {
		script += step.command + "echo '=== end of step'\n"
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-e", "-c", script)
	cmd.Dir, cmd.Env = folder, append(os.Environ(), "PATH="+pathWithCurl(t))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	answers := strings.Split(string(out), "=== end of step")
	for i, step := range steps {
		for _, want := range strings.Split(strings.TrimSpace(step.answer), "\n") {
			if !strings.Contains(answers[i], want) {
				t.Errorf("step %d\n%s\nanswers %s\nand not %s", i+1, step.command, answers[i], want)
			}
		}
	}
}
