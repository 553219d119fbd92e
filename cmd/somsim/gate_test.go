package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const (
	gatePact = `{"consumer":{"name":"order-ops"},"provider":{"name":"slots"},"interactions":[{"type":"Synchronous/HTTP","description":"the bookings of nobody",
		"comments":{"testname":"slotsclient.Bookings","outcome":"success"},"providerStates":[{"name":"preset omnichannel"}],
		"request":{"method":"GET","path":"/slots/v1/bookings","query":{"order_no":["none"]},"headers":{"Authorization":["Bearer somsim"]}},
		"response":{"status":200,"headers":{"Content-Type":["application/json"]},"body":{"content":{"bookings":[]},"contentType":"application/json"}}}]}`
	storefrontPact = `{"consumer":{"name":"pwa"},"provider":{"name":"order-ops"},"interactions":[{"type":"Synchronous/HTTP","description":"orders of nobody",
		"comments":{"testname":"pwa.Orders","outcome":"unauthorized"},"providerStates":[{"name":"preset omnichannel"}],
		"request":{"method":"GET","path":"/order-ops/v1/orders"},"response":{"status":401}}]}`
)

// TestTheGateIsOneVerdict runs a simulator and an order-ops, has them keep two
// small pacts, and breaks one thing after the other.
func TestTheGateIsOneVerdict(t *testing.T) {
	t.Parallel()
	good := pactFolder(t, gatePact, storefrontPact)
	cases := []struct {
		name string
		args []string
		code int
		want []string
	}{
		{"both providers keep them", []string{"--pacts", good, "--only", "specs,simulator,order-ops"}, 0, []string{"1 interaction of 1 provider", "pass"}},
		{
			"the simulator keeps them not",
			[]string{"--pacts", pactFolder(t, strings.Replace(gatePact, `"status":200`, `"status":404`, 1), storefrontPact), "--only", "simulator"},
			1,
			[]string{"fix first: simulator ⊨ pact: order-ops → slots: the bookings of nobody: status: 200, want 404"},
		},
		{
			"order-ops keeps them not",
			[]string{"--pacts", pactFolder(t, gatePact, strings.Replace(storefrontPact, `"status":401`, `"status":200`, 1)), "--only", "order-ops"},
			1,
			[]string{"fix first: order-ops ⊨ pact: pwa → order-ops: orders of nobody: status: 401, want 200"},
		},
		{
			"a state that nobody knows",
			[]string{"--pacts", pactFolder(t, strings.Replace(gatePact, "preset omnichannel", "preset nowhere", 1)), "--only", "simulator"},
			1,
			[]string{`"preset nowhere"`},
		},
		{
			"no pact with order-ops",
			[]string{"--pacts", pactFolder(t, gatePact), "--only", "order-ops", "--format", "markdown"},
			1,
			[]string{"### Contracts: stop", "no pact was verified"},
		},
		{"a pact beyond the documents", []string{"--pacts", pactFolder(t, strings.ReplaceAll(gatePact, "/bookings", "/nowhere")), "--only", "specs"}, 1, []string{"/slots/v1/nowhere"}},
		{"nothing but what is waived", []string{"--pacts", good, "--only", "specs,breaking", "--without", "breaking"}, 0, []string{"left out", "by --without breaking"}},
		{"a check that is none", []string{"--only", "everything"}, 2, nil},
		{"an empty folder", []string{"--pacts", t.TempDir(), "--only", "specs"}, 1, nil},
		{"two of three addresses", []string{"--orderops", "http://127.0.0.1:1", "--control", "http://127.0.0.1:1"}, 2, nil},
		{"an executable that is not there", []string{"--verifier", "pact", "--pact", "/no/such/pact"}, 2, nil},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			args := append([]string{"contracts", "gate"}, tc.args...)
			if !strings.Contains(strings.Join(args, " "), "--verifier") {
				args = append(args, "--verifier", "replay")
			}
			out, code := runContracts(t, args...)
			if code != tc.code {
				t.Errorf("exit code %d, want %d:\n%s", code, tc.code, out)
			}
			for _, want := range tc.want {
				if !strings.Contains(out, want) {
					t.Errorf("%q is not in\n%s", want, out)
				}
			}
		})
	}
}

// TestTheGateTakesWhatIsKnown keeps results in a folder and needs no provider
// the second time; other pacts need one again.
func TestTheGateTakesWhatIsKnown(t *testing.T) {
	t.Parallel()
	results, pacts := t.TempDir(), pactFolder(t, gatePact)
	if out, code := runContracts(t, "contracts", "gate", "--pacts", pacts, "--only", "simulator", "--verifier", "replay", "--save", results); code != 0 {
		t.Fatalf("exit code %d:\n%s", code, out)
	}
	out, code := runContracts(t, "contracts", "gate", "--pacts", pacts, "--only", "simulator", "--results", results,
		"--orderops", "http://127.0.0.1:1", "--simulator", "http://127.0.0.1:1", "--control", "http://127.0.0.1:1")
	if code != 0 || !strings.Contains(out, "replay (kept)") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
}

// TestBreakingChangesAreFoundAgainstAGitRef commits a document, changes it, and
// names the consumer that it breaks.
func TestBreakingChangesAreFoundAgainstAGitRef(t *testing.T) {
	repository := t.TempDir()
	document := "openapi: 3.0.3\ninfo: {title: slots, version: \"1\"}\npaths:\n  /slots/v1/bookings: {get: {operationId: listBookings, responses: {\"200\": {description: all}}}}\n"
	write(t, filepath.Join(repository, "specs/slots/openapi.yaml"), document)
	for _, args := range [][]string{{"init", "-q", "-b", "main"}, {"add", "."}, {"-c", "user.name=a", "-c", "user.email=a@example.test", "commit", "-qm", "one"}} {
		if out, err := exec.CommandContext(t.Context(), "git", append([]string{"-C", repository}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	t.Chdir(repository)
	args := []string{"contracts", "gate", "--pacts", pactFolder(t, gatePact), "--specs", "specs", "--only", "breaking"}
	if out, code := runContracts(t, args...); code != 0 {
		t.Errorf("unchanged: exit code %d:\n%s", code, out)
	}
	write(t, filepath.Join(repository, "specs/slots/openapi.yaml"), strings.ReplaceAll(document, "/v1/", "/v2/"))
	for _, base := range [][]string{nil, {"--base", "main"}} {
		out, code := runContracts(t, append(args, base...)...)
		if code != 1 || !strings.Contains(out, "breaks order-ops (1 interaction)") {
			t.Errorf("%v: exit code %d:\n%s", base, code, out)
		}
	}
	if out, code := runContracts(t, append(args, "--base", "no-such-ref")...); code == 0 {
		t.Errorf("no such ref: exit code 0:\n%s", out)
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func pactFolder(t *testing.T, sources ...string) string {
	t.Helper()
	folder := t.TempDir()
	for i, source := range sources {
		write(t, filepath.Join(folder, string(rune('a'+i))+".json"), source)
	}
	return folder
}

// runContracts runs the command line and returns what it printed, its error included.
func runContracts(t *testing.T, args ...string) (string, int) {
	t.Helper()
	var out bytes.Buffer
	root := rootCommand()
	root.SetArgs(args)
	root.SetOut(&out)
	root.SetErr(&out)
	err := root.ExecuteContext(t.Context())
	if err != nil {
		out.WriteString(err.Error())
	}
	return out.String(), exitCode(err)
}

// TestTheGateTakesAReportOfScenarios has one of all that held, one of which one
// failed, and those that tell nothing about all.
func TestTheGateTakesAReportOfScenarios(t *testing.T) {
	t.Parallel()
	const held, broke = `{"name":"a cancel","status":"passed","steps":[]}`, `{"name":"a return","status":"failed","steps":[]}`
	cases := []struct {
		name, run, format string
		code              int
		want              []string
	}{
		{"all hold", `{"scenarios":[` + held + `]}`, "json", 0, []string{`"verdict": "pass"`, `"detail": "1 scenario"`, `"by": "run.json"`}},
		{"one failed", `{"scenarios":[` + held + `,` + broke + `]}`, "text", 1, []string{"fix first: scenarios: a return (failed)", "1 problem, 2 scenarios"}},
		{"one failed, for a pull request", `{"scenarios":[` + broke + `]}`, "markdown", 1, []string{"### Contracts: stop", "**Fix first:** scenarios: a return (failed)", "| scenarios | ❌ broken |"}},
		{"one failed, for a tool", `{"scenarios":[` + broke + `]}`, "json", 1, []string{`"verdict": "stop"`, `"fix_first": "scenarios: a return (failed)`}},
		{"some of them", `{"tags":"@case-1","scenarios":[` + held + `]}`, "text", 1, []string{"a part of them: @case-1"}},
		{"a share of them", `{"shard":"1/2","scenarios":[` + held + `]}`, "text", 1, []string{"a part of them: 1/2"}},
		{"those that failed before, again", `{"chosen":true,"scenarios":[` + held + `]}`, "text", 1, []string{"a part of them: those that were chosen"}},
		{"none", `{"scenarios":[]}`, "text", 1, []string{"no scenario ran"}},
		{"no report", `{`, "text", 2, nil},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			write(t, filepath.Join(folder, "run.json"), tc.run)
			out, code := runContracts(t, "contracts", "gate", "--only", "scenarios", "--results", folder, "--format", tc.format)
			if code != tc.code {
				t.Errorf("exit code %d, want %d:\n%s", code, tc.code, out)
			}
			for _, want := range tc.want {
				if !strings.Contains(out, want) {
					t.Errorf("%q is not in\n%s", want, out)
				}
			}
		})
	}
}
