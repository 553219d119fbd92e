package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestFilesStandInForABroker publishes, records a first deployment with one
// command, and asks; then a pact changes.
func TestFilesStandInForABroker(t *testing.T) {
	t.Parallel()
	ledger, pacts := filepath.Join(t.TempDir(), "matrix"), pactFolder(t, gatePact, storefrontPact)
	changed := pactFolder(t, strings.Replace(gatePact, "the bookings of nobody", "the bookings of nobody at all", 1), storefrontPact)
	steps := []struct {
		name, line string
		code       int
		want       string
	}{
		{"nothing was published", "gate --can-deploy order-ops --to production", 1, "somsim contracts publish --version"},
		{"nothing to deploy", "deployed all --to production", 1, "nothing is published"},
		{"publish", "publish --version 1 --branch main --tags v1,stable --verifier replay --pacts " + pacts, 0, "published slots 1"},
		{"slots are not there", "gate --can-deploy order-ops --to production", 1, "somsim contracts deployed slots --to production"},
		{"a first deployment", "deployed all --to production", 0, "order-ops 1 is in production"},
		{"all is well", "gate --can-deploy order-ops --to production", 0, "can order-ops 1 be deployed to production? yes"},
		{"the consumer changes", "publish --version 2 --pacticipants order-ops --verifier replay --pacts " + changed, 0, "published order-ops 2"},
		{"nobody verified that", "gate --can-deploy order-ops --to production", 1, "this pact was not verified with this version"},
		{"the one before", "gate --can-deploy order-ops --to production --version 1", 0, "yes"},
		{"no version", "publish", 2, "version is wanted"},
		{"no environment", "gate --can-deploy order-ops", 2, "to is wanted"},
		{"no broker", "import", 2, "broker is wanted"},
		{"a version that never was", "deployed order-ops --to production --version 7", 1, "publish it first"},
	}
	for _, step := range steps { // in this order
		args := append([]string{"contracts"}, strings.Fields(step.line)...)
		out, code := runContracts(t, append(args, "--matrix", ledger)...)
		if code != step.code || !strings.Contains(out, step.want) {
			t.Errorf("%s: exit code %d, want %d and %q in\n%s", step.name, code, step.code, step.want, out)
		}
	}
}
