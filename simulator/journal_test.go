package simulator_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/simtest"
)

// journals is what the control plane says of all journals together.
type journals struct{ Bytes, Limit, Evicted int64 }

func readJournals(t *testing.T, s *simtest.Simulator) journals {
	t.Helper()
	text := readText(t, s.ControlURL+"/control/v1/health")
	var health struct{ Journals journals }
	if err := json.Unmarshal([]byte(text), &health); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return health.Journals
}

// readText is what the control plane answers.
func readText(t *testing.T, url string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
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

func TestJournalsOfAllSandboxesStayWithinTheirBounds(t *testing.T) {
	t.Parallel()
	s := simtest.Start(t, func(c *simulator.Config) { c.JournalBytes = simulator.MinJournalBytes })
	token := shopperToken(t, s)
	worlds := []*sandbox.World{s.Default}
	for i := range 12 {
		worlds = append(worlds, s.Sandbox(fmt.Sprintf("fork-%d", i), sandbox.Options{From: sandbox.Default}))
	}
	for i := range 100 {
		if err := orderRequest(t, s, token, i); err != nil {
			t.Fatal(err)
		}
		w := worlds[i%len(worlds)]
		for range 5 {
			e := journal.Entry{System: "som", Operation: "query", RequestBody: strings.Repeat("x", 2_000)}
			w.Open(&e)
			w.Close(&e)
		}
		if j := readJournals(t, s); j.Bytes > j.Limit || j.Limit != 8*simulator.MinJournalBytes {
			t.Fatalf("after %d requests: %+v", i+1, j)
		}
		if _, stats := w.Journal(journal.Query{}); stats.Bytes > simulator.MinJournalBytes {
			t.Fatalf("after %d requests one journal takes %d bytes", i+1, stats.Bytes)
		}
	}
	if j := readJournals(t, s); j.Evicted == 0 || j.Bytes < j.Limit/2 {
		t.Errorf("the bounds were never reached: %+v", j)
	}
}

func TestAJournalTooSmallForAnythingIsRefused(t *testing.T) {
	t.Parallel()
	_, err := simulator.New(simulator.Config{Preset: "empty", JournalBytes: 1000})
	if err == nil || !strings.Contains(err.Error(), "1000 is too little") || !strings.Contains(err.Error(), "65536") {
		t.Errorf("got %v", err)
	}
}

// The outline of a journal tells who asked what and what came of it, and which rows changed, and leaves out all that is long.
func TestTheOutlineOfAJournal(t *testing.T) {
	t.Parallel()
	s := simtest.Start(t)
	w := s.Default
	child := journal.Entry{System: "som", Operation: "query", ResponseBody: "child's"}
	e := journal.Entry{
		System: "som", Operation: "composite", Method: http.MethodPost, Path: "/composite", Status: 200, Rule: "r-1",
		RequestBody: "request's", ResponseBody: "response's", RequestHeader: "X-Header: header's\n",
		Changes: []journal.Change{{Entity: "som.OrderSummary", Key: "1Os1", Before: "row's", After: "row's"}}, Children: []journal.Entry{child},
	}
	w.Open(&e)
	w.Close(&e)
	whole, outline := readText(t, s.ControlURL+"/control/v1/sandboxes/default/journal"), readText(t, s.ControlURL+"/control/v1/sandboxes/default/journal?outline=true")
	for _, long := range []string{"request's", "response's", "header's", "row's", "child's"} {
		if !strings.Contains(whole, long) || strings.Contains(outline, long) {
			t.Errorf("%q is to be in the whole journal and not in the outline:\n%s\n%s", long, whole, outline)
		}
	}
	for _, told := range []string{`"operation":"composite"`, `"operation":"query"`, `"status":200`, `"rule":"r-1"`, `"entity":"som.OrderSummary","key":"1Os1"`} {
		if !strings.Contains(outline, told) {
			t.Errorf("the outline lacks %s: %s", told, outline)
		}
	}
}
