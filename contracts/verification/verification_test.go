package verification

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/contracts/pactfile"
	"github.com/somsim/somsim/contracts/replay"
)

const twoOf = `{"consumer":{"name":"a"},"provider":{"name":"b"},"interactions":[
	{"type":"Synchronous/HTTP","description":"good","providerStates":[{"name":"s"}],"request":{"method":"GET","path":"/good"},"response":{"status":200}},
	{"type":"Synchronous/HTTP","description":"bad","providerStates":[{"name":"s"}],"request":{"method":"GET","path":"/bad"},"response":{"status":200}}]}`

func small(t *testing.T) pactfile.Pact {
	t.Helper()
	p := pactfile.Pact{File: "a-b.json", Source: []byte(twoOf)}
	if err := json.Unmarshal(p.Source, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestReportsOfTheOfficialVerifierAreRead has what the executable wrote of a
// mismatch, of a state that failed, and of an interaction it left out.
func TestReportsOfTheOfficialVerifierAreRead(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, source string
		want         []InteractionReport
	}{
		{
			"all hold", `{"errors":[],"interactionResults":[{"description":"good","result":"OK"},{"description":"bad","result":"OK"}]}`,
			[]InteractionReport{{Description: "good"}, {Description: "bad"}},
		},
		{
			"a mismatch", `{"errors":[{"interaction":"Verifying a pact between a and b Given s - bad","mismatch":{"type":"mismatches","mismatches":[{"path":"$.code","mismatch":"Expected 1"}]}}],
				"interactionResults":[{"description":"good","result":"OK"},{"description":"bad","result":"Error"}]}`,
			[]InteractionReport{{Description: "good"}, {Description: "bad", Problems: []string{"$.code Expected 1"}}},
		},
		{
			"a state", `{"errors":[{"interaction":"Verifying a pact between a and b Given s - bad","mismatch":{"type":"error","message":"the state failed"}}],
				"interactionResults":[{"description":"good","result":"OK"},{"description":"bad","result":"Error"}]}`,
			[]InteractionReport{{Description: "good"}, {Description: "bad", Problems: []string{"the state failed"}}},
		},
		{
			"one left out", `{"interactionResults":[{"description":"good","result":"OK"}]}`,
			[]InteractionReport{{Description: "good"}, {Description: "bad", Problems: []string{"was not verified"}}},
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := readOfficial([]byte(tc.source), small(t))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("read (-want +got):\n%s", diff)
			}
		})
	}
}

// still is a provider's states of which there is one.
type still struct{ unknown, looked error }

func (s still) SetUp(string, string, map[string]any) (map[string]any, error) { return nil, s.unknown }
func (still) Adjust(*http.Request)                                           {}
func (s still) LookAfter() error                                             { return s.looked }

func (still) Messages(string) http.Handler              { return http.NotFoundHandler() }
func (still) Hook(string) http.Handler                  { return http.NotFoundHandler() }
func (still) WithTokens(next http.Handler) http.Handler { return next }

func TestReplayReportsEachInteraction(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/bad" {
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	t.Cleanup(server.Close)
	cases := []struct {
		name   string
		states still
		want   []string
	}{
		{"one does not hold", still{}, []string{"a → b: bad: status: 418, want 200"}},
		{"a state that nobody knows", still{unknown: errors.New("no such state")}, []string{"a → b: good: no such state", "a → b: bad: no such state"}},
		{"something else came of it", still{looked: errors.New("no event")}, []string{"a → b: good: outcome: no event", "a → b: bad: status: 418, want 200"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := small(t)
			report := ByReplay(t.Context(), replay.Provider{Name: "b", Base: server.URL, States: tc.states, Client: replay.Client()}, []pactfile.Pact{p})
			if diff := cmp.Diff(tc.want, report.Failures()); diff != "" || report.Count() != 2 || report.Pacts[0].SHA256 != Sum(p) {
				t.Errorf("%+v failed otherwise (-want +got):\n%s", report, diff)
			}
		})
	}
}

// TestAnExecutableThatIsNoVerifierIsAnError proves that no report is no success.
func TestAnExecutableThatIsNoVerifierIsAnError(t *testing.T) {
	t.Parallel()
	script := filepath.Join(t.TempDir(), "pact")
	for name, text := range map[string]string{
		"silent":             "#!/bin/sh\nexit 0\n",
		"fails":              "#!/bin/sh\necho out of order >&2\nexit 3\n",
		"contradicts itself": "#!/bin/sh\nwhile [ \"$1\" != --json ]; do shift; done\necho '{\"interactionResults\":[{\"description\":\"good\",\"result\":\"OK\"},{\"description\":\"bad\",\"result\":\"OK\"}]}' > \"$2\"\nexit 1\n",
	} {
		if err := os.WriteFile(script, []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
		report, err := Official{Executable: script}.Verify(t.Context(), "b", "http://127.0.0.1:1", still{}, []pactfile.Pact{small(t)})
		if err == nil {
			t.Errorf("%s: taken for %+v", name, report)
		}
	}
}
