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
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.ControlURL+"/control/v1/health", nil)
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
	var health struct{ Journals journals }
	if err := json.Unmarshal(text, &health); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return health.Journals
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
