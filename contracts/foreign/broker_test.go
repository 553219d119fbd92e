//go:build foreign

package foreign_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const brokerPact = `{"consumer":{"name":"order-ops"},"provider":{"name":"slots"},"metadata":{"pactSpecification":{"version":"4.0"}},"interactions":[{
	"type":"Synchronous/HTTP","description":"the bookings of nobody","pending":false,"providerStates":[{"name":"preset omnichannel"}],
	"request":{"method":"GET","path":"/slots/v1/bookings","query":{"order_no":["none"]},"headers":{"Authorization":["Bearer somsim"]}},
	"response":{"status":200,"headers":{"Content-Type":["application/json"]},"body":{"content":{"bookings":[]},"contentType":"application/json","encoded":false}}}]}`

// ledgerRun runs somsim contracts against a broker, or against files.
type ledgerRun struct {
	somsim string
	where  []string
	env    []string
}

func (l ledgerRun) run(t *testing.T, line string) (string, int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, l.somsim, append(append([]string{"contracts"}, strings.Fields(line)...), l.where...)...)
	command.Env = append(command.Environ(), l.env...)
	out, err := command.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s: %v", line, err)
	}
	return string(out), command.ProcessState.ExitCode()
}

// TestABrokerAndFilesGiveTheSameAnswers has the official command line do with a broker what files do without: the same
// commands, the same exit codes.
func TestABrokerAndFilesGiveTheSameAnswers(t *testing.T) {
	t.Parallel()
	somsim, hal := build(t), startBroker(t)
	pact, err := filepath.Abs("pact-cli/node_modules/.bin/pact")
	if err != nil {
		t.Fatal(err)
	}
	folder := func(source string) string {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "order-ops-slots.json"), []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	first, second := folder(brokerPact), folder(strings.Replace(brokerPact, "bookings of nobody", "bookings of nobody at all", 1))
	ledger := filepath.Join(t.TempDir(), "matrix")
	files := ledgerRun{somsim, []string{"--matrix", ledger}, nil}
	broker := ledgerRun{somsim, []string{"--broker", hal.url, "--pact", pact}, []string{"SOMSIM_CONTRACTS_BROKER_TOKEN=secret"}}
	for _, step := range []struct {
		name, line string
		code       int
	}{
		{"nothing was published", "gate --can-deploy order-ops --to production", 1},
		{"publish", "publish --version 1 --branch main --tags v1,stable --pacts " + first, 0},
		{"slots are not there", "gate --can-deploy order-ops --version 1 --to production", 1},
		{"slots are deployed", "deployed slots --version 1 --to production", 0},
		{"all is well", "gate --can-deploy order-ops --version 1 --to production", 0},
		{"order-ops is deployed", "deployed order-ops --version 1 --to production", 0},
		{"slots may be deployed", "gate --can-deploy slots --version 1 --to production", 0},
		{"the consumer changes", "publish --version 2 --pacticipants order-ops --pacts " + second, 0},
		{"nobody verified that", "gate --can-deploy order-ops --version 2 --to production", 1},
		{"the latest is the same", "gate --can-deploy order-ops --to production", 1},
		{"the one before", "gate --can-deploy order-ops --version 1 --to production", 0},
		{"a version that never was", "gate --can-deploy order-ops --version 7 --to production", 1},
		{"a version that never was is deployed", "deployed order-ops --version 7 --to production", 1},
		{"no environment", "gate --can-deploy order-ops", 2},
		{"nothing of it was published", "deployed loyalty --to production", 1},
		{"everybody is in another environment", "deployed all --to staging --pacts " + first, 0},
		{"the provider follows", "publish --version 3 --pacts " + second, 0},
		{"and is deployed", "deployed slots --version 3 --to production", 0},
		{"so may the consumer be", "gate --can-deploy order-ops --version 2 --to production", 0},
	} { // in this order
		args := map[string]ledgerRun{"files": files, "broker": broker}
		for name, l := range args {
			if out, code := l.run(t, step.line); code != step.code {
				t.Errorf("%s, %s: exit code %d, want %d:\n%s", step.name, name, code, step.code, out)
			}
		}
	}
	hal.mu.Lock()
	defer hal.mu.Unlock()
	if hal.deployed["staging slots"] != "1" || hal.deployed["staging order-ops"] != "2" {
		t.Errorf("deployed are %v, and not the latest of everybody in staging", hal.deployed)
	}
	if v := hal.find("order-ops", "1"); v == nil || v.branch != "main" || !slices.Equal(v.tags, []string{"v1", "stable"}) {
		t.Errorf("the broker has %+v", v)
	}
	if !slices.Contains(hal.tags, "slots/branches/main/versions/1") || !slices.Contains(hal.tags, "slots/versions/1/tags/stable") {
		t.Errorf("the broker knows of the provider %q", hal.tags)
	}
}

// TestFilesAreImportedIntoABroker brings what files know into a broker, which then answers as they do; and has it call a
// pipeline.
func TestFilesAreImportedIntoABroker(t *testing.T) {
	t.Parallel()
	somsim, hal := build(t), startBroker(t)
	pact, err := filepath.Abs("pact-cli/node_modules/.bin/pact")
	if err != nil {
		t.Fatal(err)
	}
	dir, ledger := t.TempDir(), filepath.Join(t.TempDir(), "matrix")
	if err := os.WriteFile(filepath.Join(dir, "order-ops-slots.json"), []byte(brokerPact), 0o600); err != nil {
		t.Fatal(err)
	}
	files := ledgerRun{somsim, []string{"--matrix", ledger}, nil}
	broker := ledgerRun{somsim, []string{"--broker", hal.url, "--pact", pact}, []string{"SOMSIM_CONTRACTS_BROKER_TOKEN=secret"}}
	stranger := ledgerRun{somsim, broker.where, []string{"SOMSIM_CONTRACTS_BROKER_TOKEN=wrong"}}
	for _, step := range []struct {
		by   ledgerRun
		line string
		code int
	}{
		{files, "publish --version 1 --branch main --tags v1 --verifier replay --pacts " + dir, 0},
		{files, "deployed all --to production", 0}, // the one command of a first deployment
		{files, "gate --can-deploy order-ops --to production", 0},
		{stranger, "import --matrix " + ledger, 1},
		{broker, "import --matrix " + ledger, 0},
		{broker, "gate --can-deploy order-ops --to production", 0},
		{broker, "gate --can-deploy slots --version 1 --to production", 0},
		{broker, "publish --version 2 --pacticipants order-ops --webhook http://127.0.0.1:9/pipeline --pacts " + dir, 0},
	} {
		if out, code := step.by.run(t, step.line); code != step.code {
			t.Errorf("%s: exit code %d, want %d:\n%s", step.line, code, step.code, out)
		}
	}
	hal.mu.Lock()
	defer hal.mu.Unlock()
	for _, want := range []string{`"url":"http://127.0.0.1:9/pipeline"`, `"method":"POST"`, `contract_requiring_verification_published`, `${pactbroker.pactUrl}`} {
		if !strings.Contains(string(hal.webhooks["somsim-contract-webhook"]), want) {
			t.Errorf("%q is not in the webhook %s", want, hal.webhooks)
		}
	}
	if hal.deployed["production slots"] != "1" || hal.deployed["production order-ops"] != "1" {
		t.Errorf("deployed are %v", hal.deployed)
	}
}
