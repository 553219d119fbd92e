package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// scenariosOf runs the command line as main does and returns what it wrote to standard output and the error.
func scenariosOf(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	root := rootCommand()
	root.SetArgs(append([]string{"scenarios"}, args...))
	root.SetOut(&out)
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

func TestScenariosRunAgainstAnUpOfTheirOwnAndReport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out, err := scenariosOf(t, "--tags", "@som-C4", "--report", dir, "--seed", "7")
	if err != nil || !strings.Contains(out, "7 scenarios: 7 passed, 0 failed") || !strings.Contains(out, "7 scenarios in the order of seed 7\n") {
		t.Fatalf("error %v, output:\n%s", err, out)
	}
	for name, want := range map[string]string{
		"junit.xml": `tests="7"`, "cucumber.json": `"Cancel an order"`, "messages.ndjson": `"testRunFinished"`, "report.html": "7 passed",
	} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s lacks %s: %v", name, want, err)
		}
	}
}

func TestScenariosThatDoNotHoldEndWithOneAndShowWhatHappened(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, steps, want string }{
		{"a step that does not hold", "Then the shop shows the order as cancelled", "the shop shows the order as new"},
		{"a sentence nobody knows", "Then the shop shows the order as canceled", "the nearest are:\n      Then the shop shows the order as cancelled"},
		{"a fault that never strikes", "And the slot service does not get round to the release of the booking\n    Then nothing has changed in any system", "armed and never struck: 2 the slot service: does not get round to the release of the booking"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			out, err := scenariosOf(t, "--features", mine(t, tc.steps))
			if exitCode(err) != 1 || !strings.Contains(out, tc.want) {
				t.Errorf("exit %d, output:\n%s\nwant exit 1 and %q", exitCode(err), out, tc.want)
			}
			if !strings.Contains(out, "authorizeCustomer") {
				t.Errorf("the journal is not shown:\n%s", out)
			}
		})
	}
}

func TestScenariosAskedForWronglyEndWithTwo(t *testing.T) {
	t.Parallel()
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "a.feature"), []byte("Given nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	taken := t.TempDir()
	if err := os.Mkdir(filepath.Join(taken, "junit.xml"), 0o700); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"a tag that no scenario has", []string{"--tags=@nope"}, `no scenario has the tags "@nope"`},
		{"a face that nobody speaks", []string{"--face=soap"}, `face: "soap" is no face: ocapi, rest or both`},
		{"a face of an order-ops of its own", []string{"--face=rest"}, "face and sandbox are given only together"},
		{"one URL of three", []string{"--control=http://127.0.0.1:1"}, "given together"},
		{"operators of an order-ops of its own", []string{"--operator=http://127.0.0.1:1"}, "operator is given only together"},
		{"a selection that ends in a comma", []string{"--tags=@case-1,"}, `tags: "@case-1," is no selection`},
		{"a selection of nothing", []string{"--tags=&&"}, `tags: "&&" is no selection`},
		{"a selection in another language", []string{"--tags=@case-1 or @case-2"}, "write @a, ~@a for all without it"},
		{"a report where a file is", []string{"--tags=@case-34", "--report=" + filepath.Join(broken, "a.feature")}, "report: mkdir"},
		{"a report that cannot be written", []string{"--tags=@case-34", "--report=" + taken}, "report: open"},
		{"a part that is none", []string{"--shard=3"}, `shard: "3" is no part like 1/3`},
		{"a part beyond the last", []string{"--shard=4/3"}, "there is no part 4 of 3"},
		{"a part that is empty", []string{"--shard=900/999"}, "there are fewer scenarios than parts"},
		{"what failed in a run that there was not", []string{"--rerun", "--report=" + t.TempDir()}, "there is no run in it"},
		{"what failed in no run at all", []string{"--rerun"}, "rerun needs --report"},
		{"a bundle in no folder", []string{"--tags=@case-34", "--bundle=/does/not/exist/b.json"}, "bundle:"},
		{"results of a run that there was not", []string{"--catalogue", "--report=" + t.TempDir()}, "there is no run in it"},
		{"a folder without scenarios", []string{"--features=" + t.TempDir()}, "the feature files hold no scenario"},
		{"a list and a selection", []string{"--catalogue", "--tags=@case-1"}, "[catalogue tags]"},
		{"a URL that is none", []string{"--orderops=localhost"}, `orderops: "localhost" is not a base URL`},
		{"a seed that is none", []string{"--seed=lucky"}, `seed: "lucky" is not a whole number`},
		{"no patience at all", []string{"--patience=0s"}, `patience: "0s" is not a time like 90s or 5m`},
		{"no scenario at a time", []string{"--concurrency=0"}, `concurrency: "0"`},
		{"a folder that does not exist", []string{"--features=/does/not/exist"}, "is not a folder"},
		{"a feature file that is none", []string{"--features=" + broken}, "read the feature files"},
		{"two lists at once", []string{"--catalogue", "--steps"}, "[catalogue steps]"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := scenariosOf(t, tc.args...)
			if exitCode(err) != 2 || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("exit %d: %v, want exit 2 and %q", exitCode(err), err, tc.want)
			}
		})
	}
}

func TestScenariosAgainstNothingSayWhereNothingIs(t *testing.T) {
	t.Parallel()
	nowhere := []string{"--orderops=http://127.0.0.1:1", "--simulator=http://127.0.0.1:1", "--control=http://127.0.0.1:1"}
	_, err := scenariosOf(t, append(nowhere, "--operator=http://127.0.0.1:2")...)
	for _, want := range []string{"nothing answers at http://127.0.0.1:1", "nothing answers at http://127.0.0.1:2"} {
		if exitCode(err) != 1 || !strings.Contains(err.Error(), want) {
			t.Errorf("exit %d: %v, want %q", exitCode(err), err, want)
		}
	}
	if _, err = scenariosOf(t, append(nowhere, "--operator=none")...); exitCode(err) != 1 || strings.Contains(err.Error(), "8703") {
		t.Errorf("exit %d: %v", exitCode(err), err)
	}
}

// What answers at a URL is looked at before a scenario runs: three URLs are easily mixed up.
func TestScenariosPointedAtTheWrongThingsSayWhich(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(other.Close)
	_, err := scenariosOf(t, "--orderops="+other.URL, "--simulator="+other.URL, "--control="+other.URL, "--operator="+other.URL)
	if exitCode(err) != 1 {
		t.Fatalf("exit %d: %v", exitCode(err), err)
	}
	for flag, path := range map[string]string{
		"simulator": "/services/data", "control": "/control/v1/sandboxes", "orderops": "/order-ops/v1/orders", "operator": "/operator/v1/work-items",
	} {
		if want := flag + ": what is at " + other.URL + " answers 404 to GET " + path; !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in\n%v", want, err)
		}
	}
}

func TestOperatorsAreFoundBesideOrderOps(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, given, orderops, want string }{
		{"nothing given", "", "", ""},
		{"beside order-ops", "", "http://ops.test:9000", "http://ops.test:8703"},
		{"somewhere else", "http://desk.test", "http://ops.test:9000", "http://desk.test"},
		{"nowhere", "none", "http://ops.test:9000", ""},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := operatorOf(tc.given, tc.orderops); got != tc.want {
				t.Errorf("operators are looked for at %q, want %q", got, tc.want)
			}
		})
	}
}

func TestCatalogueAndSteps(t *testing.T) {
	t.Parallel()
	out, _ := scenariosOf(t, "--catalogue")
	for _, want := range []string{"@case-1    A second tap", "- test orderops/service TestProductionIgnoresSandboxes", " of 192 cases are proved"} {
		if !strings.Contains(out, want) {
			t.Errorf("the catalogue lacks %q:\n%s", want, out)
		}
	}
	out, err := scenariosOf(t, "--steps")
	if err != nil || !strings.Contains(out, "\n# Cancelling and returning\nWhen  the shopper <begins to cancel|") || !strings.Contains(out, "\n      as in: the shopper begins to cancel ") {
		t.Errorf("error %v, steps:\n%s", err, out)
	}
}

// mine is a folder with one feature file of its own.
func mine(t *testing.T, steps ...string) string {
	t.Helper()
	dir := t.TempDir()
	text := "Feature: Mine\n"
	for i, step := range steps {
		text += fmt.Sprintf("\n  @case-%d\n  Scenario: Number %d\n    Given the unallocated order \"00000101\" of \"shopper-1\"\n    %s\n", i+1, i+1, step)
	}
	if err := os.WriteFile(filepath.Join(dir, "mine.feature"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

const (
	holds       = "Then nothing has changed in any system"
	doesNotHold = "Then the shop shows the order as cancelled"
)

func TestWhatFailedRunsAgainByItselfAndOutOfItsBundle(t *testing.T) {
	t.Parallel()
	dir, folder := mine(t, holds, doesNotHold), t.TempDir()
	bundle := filepath.Join(folder, "bundle.json")
	out, err := scenariosOf(t, "--features", dir, "--report", folder, "--bundle", bundle)
	if !strings.Contains(out, "\nok        Mine: Number 1 (") || !strings.Contains(out, "\nFAILED    Mine: Number 2 (") || strings.Contains(out, "\r") {
		t.Errorf("where there is no terminal each scenario has a line:\n%s", out)
	}
	if exitCode(err) != 1 || !strings.Contains(out, "2 scenarios: 1 passed, 1 failed") || !strings.Contains(out, "somsim replay "+bundle) {
		t.Fatalf("exit %d:\n%s", exitCode(err), out)
	}
	out, err = scenariosOf(t, "--catalogue", "--features", dir, "--report", folder)
	if exitCode(err) != 1 || !strings.Contains(out, "Mine: Number 1 (passed)") || !strings.Contains(out, "Mine: Number 2 (failed)\n           - GAP") {
		t.Errorf("exit %d, catalogue:\n%s", exitCode(err), out)
	}
	out, err = scenariosOf(t, "--features", dir, "--report", folder, "--rerun")
	if exitCode(err) != 1 || !strings.Contains(out, "1 scenario: 0 passed, 1 failed") {
		t.Errorf("rerun: exit %d:\n%s", exitCode(err), out)
	}
	var again bytes.Buffer
	root := rootCommand()
	root.SetArgs([]string{"replay", bundle})
	root.SetOut(&again)
	if err := root.ExecuteContext(t.Context()); exitCode(err) != 1 || !strings.Contains(again.String(), "the shop shows the order as new") {
		t.Errorf("replay: exit %d:\n%s", exitCode(err), again.String())
	}
	page, err := os.ReadFile(filepath.Join(folder, "report.html"))
	if err != nil || strings.Count(string(page), "1 failed, ") < 2 {
		t.Errorf("the page has no trend of two runs: %v", err)
	}
}

// cancelledInVain is a cancel, and a sentence about it that does not hold.
const cancelledInVain = `When the shopper cancels the order in the app
    Then nothing has changed in any system`

func TestABundleIsReplayedWithTheOwnerOfTheMoney(t *testing.T) {
	t.Parallel()
	bundle := filepath.Join(t.TempDir(), "bundle.json")
	if out, err := scenariosOf(t, "--features", mine(t, cancelledInVain), "--money-owner", "som", "--bundle", bundle); exitCode(err) != 1 {
		t.Fatalf("exit %d:\n%s", exitCode(err), out)
	}
	raw, err := os.ReadFile(bundle)
	if err != nil {
		t.Fatal(err)
	}
	for owner, call := range map[string]string{"som": "reverseAuthorization", "order_ops": "cancelPayment", "nobody": ""} {
		file := filepath.Join(t.TempDir(), "bundle.json")
		if err := os.WriteFile(file, bytes.Replace(raw, []byte(`"money_owner":"som"`), []byte(`"money_owner":"`+owner+`"`), 1), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		root := rootCommand()
		root.SetArgs([]string{"replay", file})
		root.SetOut(&out)
		err := root.ExecuteContext(t.Context())
		switch {
		case owner == "nobody" && (exitCode(err) != 2 || !strings.Contains(err.Error(), `"nobody" is not order_ops or som`)):
			t.Errorf("exit %d: %v", exitCode(err), err)
		case owner != "nobody" && (exitCode(err) != 1 || !strings.Contains(out.String(), call) || !strings.Contains(out.String(), "money owned by "+owner)):
			t.Errorf("%s: exit %d, want a failure after %s:\n%s", owner, exitCode(err), call, out.String())
		}
	}
}

func TestAFileThatIsNoBundleIsRefused(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "x")
	for text, want := range map[string]string{"nonsense": "read run", "{}": "holds no scenarios"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		root := rootCommand()
		root.SetArgs([]string{"replay", file})
		root.SetOut(io.Discard)
		if err := root.ExecuteContext(t.Context()); exitCode(err) != 2 || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: exit %d: %v", text, exitCode(err), err)
		}
	}
}

func TestPartsOfTheScenariosAreTheWholeTogether(t *testing.T) {
	t.Parallel()
	dir := mine(t, holds, holds, holds)
	seen := map[string]int{}
	for _, part := range []string{"1/2", "2/2"} {
		out, err := scenariosOf(t, "--features", dir, "--shard", part)
		if err != nil {
			t.Fatalf("part %s: %v\n%s", part, err, out)
		}
		for _, name := range []string{"Number 1 ", "Number 2 ", "Number 3 "} {
			seen[name] += strings.Count(out, name)
		}
	}
	if diff := cmp.Diff(map[string]int{"Number 1 ": 1, "Number 2 ": 1, "Number 3 ": 1}, seen); diff != "" {
		t.Errorf("scenarios that ran (-want +got):\n%s", diff)
	}
}
