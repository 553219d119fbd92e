//go:build !full && !race

package features_test

import (
	"bufio"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/somsim/somsim/features"
)

// somewhere is a simulator and an order-ops in processes of their own, built from this tree, with the settings that the
// documentation gives to whoever wants to see the scenarios hold.
func somewhere(t *testing.T, left *kept) features.Options {
	t.Helper()
	dir := t.TempDir()
	sim := launch(t, nil, 2, built(t, dir, "somsim"), "serve", "--clock", "manual", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0")
	left.database = filepath.Join(dir, "orderops.db")
	ops := launch(t, left, 2, built(t, dir, "orderops"), "serve", "--config", filepath.Join("..", "docs", "examples", "orderops-for-scenarios.yaml"),
		"--policies", filepath.Join("returns", "policies.yaml"), "--listen", "127.0.0.1:0", "--operator", "127.0.0.1:0", "--log-format", "json",
		"--db", left.database, "--simulator", sim["api"], "--simulator-control", sim["control"])
	left.url = ops["orderops"]
	return features.Options{API: sim["api"], Control: sim["control"], OrderOps: ops["orderops"], Operator: ops["operator"]}
}

// built builds one of the programs into a folder.
func built(t *testing.T, dir, name string) string {
	t.Helper()
	binary := filepath.Join(dir, name)
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../cmd/"+name)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", name, err, out)
	}
	return binary
}

// launch starts a program, whose log goes to left, and reads the addresses it prints first, by name. The program is
// stopped with the test.
func launch(t *testing.T, left *kept, addresses int, binary string, args ...string) map[string]string {
	t.Helper()
	cmd := exec.Command(binary, args...) //nolint:noctx // it ends with the test, and not before what the test does last
	cmd.Stderr = t.Output()
	if left != nil {
		cmd.Stderr = left
	}
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
	said := map[string]string{}
	for lines := bufio.NewScanner(out); len(said) < addresses && lines.Scan(); {
		name, address, _ := strings.Cut(lines.Text(), "=")
		said[name] = address
	}
	if len(said) < addresses {
		t.Fatalf("%s printed only %v", filepath.Base(binary), said)
	}
	return said
}
