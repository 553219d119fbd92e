package main

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator"
)

// TestTheTutorialWorks runs the commands of docs/tutorial.md in one shell and looks for the answers the page shows.
func TestTheTutorialWorks(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/tutorial.md")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	running, wait, err := startUp(ctx, simulator.Config{Preset: "omnichannel"}, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		if err := wait(); err != nil {
			t.Error(err)
		}
	})
	text := strings.NewReplacer("localhost:8700", running.API, "localhost:8701", running.Control, "localhost:8702", running.OrderOps).Replace(string(page))
	steps := regexp.MustCompile("(?s)```sh\n(.*?)```\n\n```\n(.*?)```").FindAllStringSubmatch(text, -1)
	if len(steps) < 6 {
		t.Fatalf("the page has %d steps", len(steps))
	}
	script := ""
	for _, step := range steps {
		script += step[1] + "echo '=== end of step'\n"
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-e", "-c", script)
	cmd.Env = append(os.Environ(), "PATH="+pathWithCurl(t))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	answers := strings.Split(string(out), "=== end of step")
	for i, step := range steps {
		for _, want := range strings.Split(strings.TrimSpace(step[2]), "\n") {
			if !strings.Contains(answers[i], want) {
				t.Errorf("step %d\n%s\nanswers %s\nand not %s", i+1, step[1], answers[i], want)
			}
		}
	}
}
