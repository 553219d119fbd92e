//go:build pact

package provider_test

import (
	"bufio"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/somsim/somsim/contracts/states"
	"github.com/somsim/somsim/simulator/simtest"
)

// TestEveryProviderKeepsWhatWasAgreed replays the pacts with every simulated
// system that has any, and with order-ops beside them: each on a stage of its
// own, all with one simulator, and one after the other, since the library looks
// for a free port before it takes it.
func TestEveryProviderKeepsWhatWasAgreed(t *testing.T) {
	sim := simtest.Start(t)
	orderOps := startOrderOps(t, sim.URL, sim.ControlURL)
	for _, name := range states.Providers() {
		t.Run(name, func(t *testing.T) {
			base := sim.URL
			if name == "order-ops" {
				base = orderOps
			}
			verify(t, name, base, open(t, states.Addresses{API: sim.URL, Control: sim.ControlURL, OrderOps: orderOps, Name: "pact-" + name}))
		})
	}
}

// TestEveryProviderOfAPactIsVerified fails for a pact that no test replays.
func TestEveryProviderOfAPactIsVerified(t *testing.T) {
	verified := states.Providers()
	for _, file := range allPacts(t) {
		if name := readPact(t, file).Provider.Name; !slices.Contains(verified, name) {
			t.Errorf("nobody brings %s into the states of %s", name, file)
		}
	}
}

// open opens a stage that ends what it began before the simulator stops, which
// waits for what is under way.
func open(t *testing.T, at states.Addresses) *states.Stage {
	t.Helper()
	stage, err := states.Open(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stage.LetGo(); err != nil {
			t.Errorf("what was held up came to %v", err)
		}
	})
	return stage
}

// startOrderOps runs the program of this tree beside the simulator and returns
// its base URL. It is a process of its own because no package below contracts
// may see both halves.
func startOrderOps(t *testing.T, api, control string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "orderops")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../../cmd/orderops")
	build.Env = append(build.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build order-ops: %v\n%s", err, out)
	}
	serve := exec.Command(binary, "serve", "--listen", "127.0.0.1:0", "--db", filepath.Join(t.TempDir(), "orderops.db"),
		"--simulator", api, "--simulator-control", control, "--answer-within", "3s", "--operator", "", "--switches", "../states/switches.yaml")
	serve.Stderr = t.Output()
	out, err := serve.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = serve.Process.Kill()
		_ = serve.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "orderops=")
	if !ok {
		t.Fatalf("order-ops printed %q (%v) instead of its address", line, err)
	}
	return address
}
