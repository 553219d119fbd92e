//go:build foreign

package foreign_test

import (
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestTheOfficialVerifierAgreesWithTheGate has the executable of npm verify
// every pact with a simulated system, as somsim contracts gate asks it to.
func TestTheOfficialVerifierAgreesWithTheGate(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	gate := exec.CommandContext(ctx, build(t), "contracts", "gate", "--only", "simulator", "--verifier", "pact", "--pact", "pact-cli/node_modules/.bin/pact")
	out, err := gate.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "holds") || !strings.Contains(string(out), "  pact\n") {
		t.Errorf("%v\n%s", err, out)
	}
}
