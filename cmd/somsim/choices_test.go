package main

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func choiceFileOf(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "choices.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// somsim runs a command line as main does, and returns what it prints, what it says on errors and its exit code.
func somsim(t *testing.T, args ...string) (printed, problem string, code int) {
	t.Helper()
	var out bytes.Buffer
	root := rootCommand()
	root.SetArgs(args)
	root.SetOut(&out)
	err := root.ExecuteContext(t.Context())
	if err != nil {
		problem = err.Error()
	}
	return out.String(), problem, exitCode(err)
}

func TestChoicesAreListedWithWhatHolds(t *testing.T) {
	t.Parallel()
	file := choiceFileOf(t, "som.rounding: half-even\nsom.connect.no-errors: null\n")
	printed, problem, code := somsim(t, "choices", "--som-choices", file)
	if code != 0 {
		t.Fatal(problem)
	}
	held := map[string]string{}
	for line := range strings.Lines(printed) {
		if fields := strings.Fields(line); len(fields) > 1 {
			held[fields[0]] = fields[1]
		}
	}
	for id, want := range map[string]string{"som.rounding": "half-even*", "som.connect.no-errors": "null*", "som.connect.action-status": "201", "som.rest.refusals": "-"} {
		if held[id] != want {
			t.Errorf("%s is %q, want %q", id, held[id], want)
		}
	}
	again := choiceFileOf(t, "")
	printed, _, _ = somsim(t, "choices", "--yaml", "--som-choices", file)
	if err := os.WriteFile(again, []byte(printed), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, problem, code := somsim(t, "choices", "--som-choices", again); code != 0 {
		t.Errorf("the file it prints is refused: %s", problem)
	}
}

func TestAllMistakesInChoicesAreToldAtOnce(t *testing.T) {
	t.Parallel()
	file := choiceFileOf(t, "som.rounding: sometimes\nsom.roundings: up\nsom.rounding: up\n")
	for _, command := range []string{"choices", "serve"} {
		_, problem, code := somsim(t, command, "--som-choices", file, "--log-format", "xml")
		want := []string{
			file + `:1: som.rounding: "sometimes" is none of half-up, half-even, down, up`, file + `:2: there is no choice "som.roundings"`,
			file + ":3: som.rounding was chosen in line 1 already", `"xml" is none of text, json`,
		}
		for _, text := range want {
			if !strings.Contains(problem, text) {
				t.Errorf("%s: %q is missing in\n%s", command, text, problem)
			}
		}
		if code != 2 {
			t.Errorf("%s: exit code %d", command, code)
		}
	}
	if _, problem, code := somsim(t, "choices", "--som-choices", file+"x"); code != 2 || !strings.Contains(problem, "no such file") {
		t.Errorf("a file that is not there: %d %s", code, problem)
	}
}

func TestChoicesHoldInARunningSimulator(t *testing.T) {
	t.Parallel()
	o := serveOrg(t, "--som-choices="+choiceFileOf(t, `
som.connect.action-status: 200
som.rest.refusals: {som.cancel.reason-active: {status: 422, code: NO_REASON}}
`))
	item := o.query("SELECT Id, OrderSummaryId FROM OrderItemSummary WHERE QuantityAvailableToCancel > 0 AND Type = 'Order Product' LIMIT 1")[0]
	path := "/commerce/order-management/order-summaries/" + item["OrderSummaryId"].(string) + "/actions/preview-cancel"
	body := func(reason string) string {
		return `{"changeItems":[{"orderItemSummaryId":"` + item["Id"].(string) + `","quantity":1,"reason":"` + reason + `","shippingReductionFlag":false}]}`
	}
	if r := o.data(http.MethodPost, path, body("Unknown")); r.status != http.StatusOK {
		t.Errorf("a cancel: %d %s", r.status, r.body)
	}
	if r := o.data(http.MethodPost, path, body("Boredom")); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, `"errorCode":"NO_REASON"`) {
		t.Errorf("a refusal: %d %s", r.status, r.body)
	}
	var listed struct {
		Choices []struct {
			ID, Value, Default string
			Overridden         bool
		}
	}
	o.into(&listed, o.send(http.MethodGet, o.control+"/control/v1/choices", "application/json", ""))
	chosen := map[string]string{}
	for _, c := range listed.Choices {
		if c.Overridden {
			chosen[c.ID] = c.Value + " for " + c.Default
		}
	}
	if diff := cmp.Diff(map[string]string{"som.connect.action-status": "200 for 201", "som.rest.refusals": "1 entries for "}, chosen); diff != "" {
		t.Errorf("the control plane shows (-want +got):\n%s", diff)
	}
}
