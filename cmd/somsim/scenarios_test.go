package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
	if err != nil || !strings.Contains(out, "7 scenarios (7 passed)") || !strings.Contains(out, "scenarios in the order of seed 7\n") {
		t.Fatalf("error %v, output:\n%s", err, out)
	}
	for name, want := range map[string]string{"junit.xml": `tests="7"`, "cucumber.json": `"Cancel an order"`} {
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
		{"a sentence nobody knows", "Then the shopper is happy", "the shopper is happy"},
		{"a fault that never strikes", "And the slot service refuses to release bookings\n    Then nothing has changed in any system", "armed and never struck: slots"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			text := "Feature: Mine\n  Scenario: One\n    Given the unallocated order \"00000101\" of \"shopper-1\"\n    " + tc.steps + "\n"
			if err := os.WriteFile(filepath.Join(dir, "mine.feature"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			out, err := scenariosOf(t, "--features", dir)
			if exitCode(err) != 1 || !strings.Contains(out, tc.want) {
				t.Errorf("exit %d, output:\n%s\nwant exit 1 and %q", exitCode(err), out, tc.want)
			}
			if !strings.Contains(tc.name, "nobody") && !strings.Contains(out, "authorizeCustomer") {
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
		{"one URL of three", []string{"--control=http://127.0.0.1:1"}, "given together"},
		{"operators of an order-ops of its own", []string{"--operator=http://127.0.0.1:1"}, "operator is given only together"},
		{"a selection that ends in a comma", []string{"--tags=@case-1,"}, `tags: "@case-1," is no selection`},
		{"a selection of nothing", []string{"--tags=&&"}, `tags: "&&" is no selection`},
		{"a selection in another language", []string{"--tags=@case-1 or @case-2"}, "write @a, ~@a for all without it"},
		{"a report where a file is", []string{"--tags=@case-34", "--report=" + filepath.Join(broken, "a.feature")}, "report: mkdir"},
		{"a report that cannot be written", []string{"--tags=@case-34", "--report=" + taken}, "report: open"},
		{"a report with a comma", []string{"--tags=@case-34", "--report=a,b"}, `report: "a,b" has a comma`},
		{"a folder without scenarios", []string{"--features=" + t.TempDir()}, "the feature files hold no scenario"},
		{"a list and a selection", []string{"--catalogue", "--tags=@case-1"}, "[catalogue tags]"},
		{"a URL that is none", []string{"--orderops=localhost"}, `orderops: "localhost" is not a base URL`},
		{"a seed that is none", []string{"--seed=lucky"}, `seed: "lucky" is not a whole number`},
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
	out, err := scenariosOf(t, "--catalogue")
	for _, want := range []string{"@case-1 ", "@case-35 ", "@som-C4 ", "@case-96   (test) orderops/service TestProductionIgnoresSandboxes", " of 192 cases are proved"} {
		if err != nil || !strings.Contains(out, want) {
			t.Errorf("the catalogue lacks %q (%v):\n%s", want, err, out)
		}
	}
	out, err = scenariosOf(t, "--steps")
	if err != nil || !strings.Contains(out, "When  ^the shopper repeats the cancel$") {
		t.Errorf("error %v, steps:\n%s", err, out)
	}
}
