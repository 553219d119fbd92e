package simulator_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/simtest"
)

var update = flag.Bool("update", false, "rewrite golden files")

func TestOperationsAreAsListed(t *testing.T) {
	t.Parallel()
	s, err := simulator.New(simulator.Config{Preset: "empty"})
	if err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	for _, op := range s.Operations() {
		kind := "stateful"
		if op.Example != "" {
			kind = "example only"
		}
		fmt.Fprintf(&lines, "%s %s %s %s %s\n", op.System, op.Method, op.Path, op.ID, kind)
	}
	const golden = "testdata/routes.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(lines.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), lines.String()); diff != "" {
		t.Errorf("the simulated surface changed; if that is meant, run this test with -update:\n%s", diff)
	}
}

// exchange is one request of a script.
type exchange struct{ method, path, body, auth string }

func send(t testing.TB, base string, e exchange) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), e.method, base+e.path, strings.NewReader(e.body))
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case strings.HasPrefix(e.body, "{"):
		req.Header.Set("Content-Type", "application/json")
	case e.body != "":
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("Authorization", e.auth)
	// Links in answers follow the host that the caller used; a port would differ from run to run.
	req.Host = "somsim.test"
	resp, err := (&http.Client{}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func integrationToken(t testing.TB, s *simtest.Simulator) string {
	t.Helper()
	body := send(t, s.URL, exchange{http.MethodPost, "/services/oauth2/token", "grant_type=client_credentials&client_id=somsim&client_secret=somsim", ""})
	var out struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(body), &out); err != nil || out.AccessToken == "" {
		t.Fatalf("no token: %s", body)
	}
	return out.AccessToken
}

func TestSameSeedSameRequestsSameJournal(t *testing.T) {
	t.Parallel()
	run := func() []journal.Entry {
		s := simtest.Start(t)
		token := "Bearer " + integrationToken(t, s)
		found := send(t, s.URL, exchange{http.MethodGet, "/services/data/v60.0/query?q=SELECT+Id,(SELECT+Id+FROM+OrderItemSummaries+WHERE+TypeCode='Product')+FROM+OrderSummary+WHERE+OrderNumber='00000101'", "", token})
		var out struct {
			Records []struct {
				ID    string `json:"Id"`
				Items struct {
					Records []struct {
						ID string `json:"Id"`
					} `json:"records"`
				} `json:"OrderItemSummaries"`
			} `json:"records"`
		}
		if err := json.Unmarshal([]byte(found), &out); err != nil || len(out.Records) != 1 {
			t.Fatalf("%v: %s", err, found)
		}
		cancel := fmt.Sprintf(`{"changeItems":[{"orderItemSummaryId":%q,"quantity":1,"reason":"Unknown","shippingReductionFlag":true}]}`, out.Records[0].Items.Records[0].ID)
		path := "/services/data/v60.0/commerce/order-management/order-summaries/" + out.Records[0].ID + "/actions/submit-cancel"
		if answer := send(t, s.URL, exchange{http.MethodPost, path, cancel, token}); !strings.Contains(answer, `"success":true`) {
			t.Fatal(answer)
		}
		entries, _ := s.Default.Journal(journal.Query{})
		for i := range entries {
			entries[i].RequestHeader = ""
		}
		return entries
	}
	first, second := run(), run()
	if len(first) != 3 || len(first[2].Changes) == 0 {
		t.Fatalf("the journal has %d entries", len(first))
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Error(diff)
	}
}
