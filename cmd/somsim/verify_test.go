package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/contracts"
	"github.com/somsim/somsim/contracts/drift"
	"github.com/somsim/somsim/contracts/states"
	"github.com/somsim/somsim/internal/relay"
	"github.com/somsim/somsim/simulator/simtest"
)

// elsewhere is a second simulator behind a proxy that deviates, with a hook for
// its states at /states.
func elsewhere(t *testing.T, deviate func(*http.Response) error) string {
	t.Helper()
	sim := simtest.Start(t)
	stage, err := states.Open(t.Context(), states.Addresses{API: sim.URL, Control: sim.ControlURL})
	if err != nil {
		t.Fatal(err)
	}
	target, err := url.Parse(sim.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := relay.To(target)
	proxy.ModifyResponse = deviate
	mux := http.NewServeMux()
	mux.Handle("/states", stage.Hook("som"))
	mux.Handle("/", stage.WithTokens(proxy))
	mux.HandleFunc("GET /services/data/v60.0/query", func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.URL.RawQuery, "IsSandbox") {
			stage.WithTokens(proxy).ServeHTTP(w, r)
			return
		}
		r.Header.Set("Authorization", "Bearer "+token(t, sim))
		proxy.ServeHTTP(w, r)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// token is one of the sandbox named default.
func token(t *testing.T, sim *simtest.Simulator) string {
	t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {"somsim"}, "client_secret": {"somsim"}}
	response, err := http.PostForm(sim.URL+"/services/oauth2/token", form)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return answer.AccessToken
}

// rewritten changes the JSON of an answer.
func rewritten(r *http.Response, change func(map[string]any)) error {
	source, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	var body map[string]any
	if err := json.Unmarshal(source, &body); err != nil {
		return err
	}
	change(body)
	if source, err = json.Marshal(body); err != nil {
		return err
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(source)), int64(len(source))
	r.Header.Set("Content-Length", strconv.Itoa(len(source)))
	return nil
}

// TestADriftIsFoundAndNothingElse plants three deviations: a field that a
// consumer reads is gone, a value has another type, a refusal another status.
func TestADriftIsFoundAndNothingElse(t *testing.T) {
	t.Parallel()
	provider := elsewhere(t, func(r *http.Response) error {
		path := r.Request.URL.Path
		switch {
		case strings.HasSuffix(path, "/actions/preview-cancel") && r.StatusCode == http.StatusCreated:
			return rewritten(r, func(body map[string]any) { delete(body, "changeBalances") })
		case strings.Contains(path, "/query/") && r.StatusCode == http.StatusOK:
			return rewritten(r, func(body map[string]any) { body["done"] = "yes" })
		case strings.HasSuffix(path, "/actions/preview-cancel") && r.StatusCode == http.StatusBadRequest:
			r.StatusCode = http.StatusConflict
		}
		return nil
	})
	out, code := runContracts(t, "contracts", "verify", "--provider", "som", "--url", provider, "--states", provider+"/states", "--format", "json")
	if code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	var results []drift.Result
	if err := json.NewDecoder(strings.NewReader(out)).Decode(&results); err != nil {
		t.Fatalf("%v in\n%s", err, out)
	}
	found, ran, writes := map[string][]drift.Finding{}, 0, 0
	for _, r := range results {
		switch {
		case r.Problem != "":
			t.Errorf("%s: %s", r.Description, r.Problem)
		case strings.Contains(r.Skipped, "--allow-writes"):
			writes++
		case r.Skipped == "":
			ran++
		}
		if len(r.Findings) > 0 {
			found[r.Description] = r.Findings
		}
	}
	want := map[string][]drift.Finding{
		"a preview of a cancel of one unit": {{
			Place: "body $.changeBalances", Provider: "nothing", Simulator: "object", Document: `doesn't match any schema from "anyOf"`, Pact: "is missing",
		}},
		"a preview of a cancel of more units than there are": {{
			Place: "status", Provider: "409", Simulator: "400", Document: "allows it", Pact: "want 400",
		}},
		"a question for the rest of a query": {{
			Place: "body $.done", Provider: "string", Simulator: "boolean", Document: "value must be a boolean", Pact: `"yes", want true`,
		}},
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("drifts (-want +got):\n%s", diff)
	}
	if ran < 10 || writes < 10 {
		t.Errorf("%d interactions were run and %d left out because they write", ran, writes)
	}
}

// TestVerifyRefusesAndLeavesOut has one case for each way in which a provider is
// not touched.
func TestVerifyRefusesAndLeavesOut(t *testing.T) {
	t.Parallel()
	production := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.URL.RawQuery, "IsSandbox") {
			t.Errorf("%s %s was sent to an org that is no sandbox", r.Method, r.URL)
		}
		_, _ = io.WriteString(w, `{"records":[{"Id":"1","IsSandbox":false}]}`)
	}))
	t.Cleanup(production.Close)
	silent := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(silent.Close)
	cases := []struct {
		name string
		args []string
		code int
		want string
	}{
		{"an org that is not a sandbox", []string{"--provider", "som", "--url", production.URL}, 1, "Organization.IsSandbox is not true"},
		{"an org that does not say", []string{"--provider", "som", "--url", silent.URL}, 1, "the org is not a sandbox, as far as it says"},
		{"no provider", nil, 2, "provider and url are wanted"},
		{"a provider that is none", []string{"--provider", "nobody", "--url", silent.URL}, 2, "nobody"},
		{"a simulator without its address", []string{"--provider", "slots", "--url", silent.URL, "--states", "simulator"}, 2, "needs simulator and control"},
		{"states that nobody brings about", []string{"--provider", "slots", "--url", silent.URL, "--states", "skip"}, 1, "not run   order-ops → slots: a question for bookings after too many calls: nobody brings about that too many calls were made"},
		{"writes", []string{"--provider", "slots", "--url", silent.URL, "--states", "skip"}, 1, "not run   order-ops → slots: the release of a booking: it may write; --allow-writes runs it"},
		{"an id that nobody has", []string{"--provider", "slots", "--url", silent.URL, "--states", "skip", "--allow-writes"}, 1, "the release of a booking: --world has no value for bookingId"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			out, code := runContracts(t, append([]string{"contracts", "verify"}, tc.args...)...)
			if code != tc.code || !strings.Contains(out, tc.want) {
				t.Errorf("exit code %d, want %d and %q in\n%s", code, tc.code, tc.want, out)
			}
		})
	}
}

// TestAServiceOfOnesOwnIsVerifiedInItsSimulator has another simulator play the
// slot service, with the states brought about there, and finds no drift.
func TestAServiceOfOnesOwnIsVerifiedInItsSimulator(t *testing.T) {
	t.Parallel()
	sim := simtest.Start(t)
	out, code := runContracts(t, "contracts", "verify", "--provider", "slots", "--url", sim.URL, "--states", "simulator",
		"--simulator", sim.URL, "--control", sim.ControlURL, "--allow-writes")
	if code != 0 || !strings.Contains(out, ", 0 not run, 0 with a drift") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
}

// TestAnOrderOpsOfOnesOwnDriftsFromNothing holds an order-ops, which passes on
// whatever commerce has in its documents, against another one.
func TestAnOrderOpsOfOnesOwnDriftsFromNothing(t *testing.T) {
	t.Parallel()
	source, err := contracts.Pacts.ReadFile("pacts/storefront-sfra-order-ops.json")
	if err != nil {
		t.Fatal(err)
	}
	var pact map[string]any
	if err := json.Unmarshal(source, &pact); err != nil {
		t.Fatal(err)
	}
	wanted := []any{"a question for an order", "a question for a page of the order history", "the cancel of an order", "a preview of a cancel", "a cancel that is switched off"}
	all, _ := pact["interactions"].([]any)
	pact["interactions"] = slices.DeleteFunc(all, func(one any) bool {
		i, _ := one.(map[string]any)
		return !slices.Contains(wanted, i["description"])
	})
	if source, err = json.Marshal(pact); err != nil {
		t.Fatal(err)
	}
	work := &gateWork{}
	t.Cleanup(work.close)
	at, err := work.world(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out, code := runContracts(t, "contracts", "verify", "--provider", "order-ops", "--url", at.OrderOps, "--states", "simulator",
		"--simulator", at.API, "--control", at.Control, "--allow-writes", "--pacts", pactFolder(t, string(source)))
	if code != 0 || !strings.Contains(out, "5 interactions run, 0 not run, 0 with a drift") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
}

// TestTheWorldHasIdsAndNumbersOfItsOwn replays against an org with other order
// numbers and tokens.
func TestTheWorldHasIdsAndNumbersOfItsOwn(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 20)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Method + " " + r.URL.String() + " " + r.Header.Get("Authorization")
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "world.yaml")
	write(t, file, "values: {bookingId: b-7}\nreplace: {\"00000101\": \"ORD-9\"}\ntokens: {Bearer somsim: Bearer mine}\n")
	out, _ := runContracts(t, "contracts", "verify", "--provider", "slots", "--url", server.URL, "--world", file, "--allow-writes")
	close(asked)
	var all []string
	for one := range asked {
		all = append(all, one)
	}
	for _, want := range []string{"GET /slots/v1/bookings?order_no=ORD-9 Bearer mine", "GET /slots/v1/bookings?order_no=ORD-9 Bearer nobody", "DELETE /slots/v1/bookings/b-7 Bearer mine"} {
		if !slices.Contains(all, want) {
			t.Errorf("%q was not asked, but %q\n%s", want, all, out)
		}
	}
}
