package gate

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/contracts/coverage"
	"github.com/somsim/somsim/contracts/pactfile"
	"github.com/somsim/somsim/contracts/verification"
)

func TestAReleasePassesWhenEverythingIsKnownAndHolds(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		rows  []Row
		ok    bool
		first string
	}{
		{"nothing was checked", nil, false, ""},
		{"all hold", []Row{{Check: "a", Verdict: Holds}, {Check: "b", Verdict: LeftOut}}, true, ""},
		{"one is broken", []Row{{Check: "a", Verdict: Holds}, {Check: "b", Verdict: Broken, Problems: []string{"p", "q"}, Fix: "f"}}, false, "b: p (f)"},
		{"of one nothing is known", []Row{{Check: "a", Verdict: Missing, Detail: "d", Fix: "f"}, {Check: "b", Verdict: Broken}}, false, "a: d (f)"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			table := Table{Rows: tc.rows}
			if table.OK() != tc.ok || table.First() != tc.first {
				t.Errorf("passes %v, fix first %q", table.OK(), table.First())
			}
		})
	}
}

func TestTheVerdictIsWrittenInThreeForms(t *testing.T) {
	t.Parallel()
	table := Table{Rows: []Row{
		{Check: Specs, Verdict: Holds, Detail: "2 interactions of 1 pact", By: "documents"},
		{Check: Coverage, Verdict: Broken, Detail: "1 problem", Problems: []string{"a | <b>"}, Fix: "add one", Table: [][]string{{"system"}, {"slots"}}},
	}}
	var text, markdown, structured bytes.Buffer
	for _, err := range []error{table.Text(&text), table.Markdown(&markdown), table.JSON(&structured)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	wantText := `CHECK        VERDICT  DETAIL                    BY
pact ⊂ spec  holds    2 interactions of 1 pact  documents
coverage     broken   1 problem                 
  coverage: a | <b>

stop
fix first: coverage: a | <b> (add one)
`
	if diff := cmp.Diff(wantText, text.String()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	for _, want := range []string{"### Contracts: stop", "**Fix first:** coverage", "| pact ⊂ spec | ✅ holds |", `- a \| &lt;b&gt;`, "| system |\n|---|\n| slots |"} {
		if !strings.Contains(markdown.String(), want) {
			t.Errorf("%q is not in\n%s", want, markdown.String())
		}
	}
	var read struct {
		Verdict, FixFirst string
		Rows              []Row
	}
	if err := json.Unmarshal(structured.Bytes(), &read); err != nil || read.Verdict != "stop" || len(read.Rows) != 2 {
		t.Errorf("read %+v (%v)", read, err)
	}
}

// TestAKeptResultIsAboutThesePacts proves that a result of yesterday's pacts
// lets nobody pass today.
func TestAKeptResultIsAboutThesePacts(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	pacts := small(t, "/good")
	row, err := CheckSpecs(pacts, document())
	if err != nil {
		t.Fatal(err)
	}
	if err := Save(folder, "specs", row); err != nil {
		t.Fatal(err)
	}
	if kept, ok, err := Kept(os.DirFS(folder), "specs", pacts); err != nil || !ok || kept.Verdict != Holds || kept.By != "documents (kept)" {
		t.Errorf("kept %+v, %v (%v)", kept, ok, err)
	}
	for name, other := range map[string][]pactfile.Pact{"another pact": small(t, "/other"), "one more pact": append(small(t, "/good"), pactfile.Pact{File: "b"})} {
		if _, ok, err := Kept(os.DirFS(folder), "specs", other); ok || err != nil {
			t.Errorf("%s: a result was found (%v)", name, err)
		}
	}
	if _, ok, err := Kept(os.DirFS(folder), "simulator", pacts); ok || err != nil {
		t.Errorf("another check: a result was found (%v)", err)
	}
	if _, _, err := Kept(fstest.MapFS{"gate-specs.json": {Data: []byte("{}")}}, "specs", pacts); err == nil {
		t.Error("a file that is no result was read")
	}
}

func TestEachCheckFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	good, bad := small(t, "/good"), small(t, "/bad")
	gone := fstest.MapFS{"slots/openapi.yaml": {Data: []byte(strings.ReplaceAll(paper, "/good", "/gone"))}}
	calls := []coverage.Call{{System: "slots", Operation: "good", By: []string{"a.go"}}, {System: "slots", Operation: "never", By: []string{"b.go"}}}
	cases := []struct {
		name  string
		check func() (Row, error)
		want  string
	}{
		{"pact ⊂ spec", func() (Row, error) { return CheckSpecs(good, document()) }, ""},
		{"pact ⊄ spec", func() (Row, error) { return CheckSpecs(bad, document()) }, "/bad"},
		{"no breaking change", func() (Row, error) { return CheckBreaking("base", document(), document(), good) }, ""},
		{"a breaking change", func() (Row, error) { return CheckBreaking("base", document(), gone, good) }, "breaks order-ops (1 interaction)"},
		{"a breaking change for nobody", func() (Row, error) { return CheckBreaking("base", document(), gone, bad) }, ""},
		{"covered", func() (Row, error) { return CheckCoverage(calls[:1], good, document()) }, ""},
		{"not covered", func() (Row, error) { return CheckCoverage(calls[:1], bad, document()) }, "slots good is called by a.go and in no pact"},
		{"in no document", func() (Row, error) { return CheckCoverage(calls, good, document()) }, "slots never is called by b.go and in no document"},
		{"verified", func() (Row, error) { return CheckReports(Simulator, reports(""), good), nil }, ""},
		{"not kept", func() (Row, error) { return CheckReports(Simulator, reports("status: 500, want 200"), good), nil }, "order-ops → slots: one: status: 500"},
		{"nothing verified", func() (Row, error) { return CheckReports(Simulator, nil, nil), nil }, "no pact was verified"},
		{"scenarios", func() (Row, error) { return ScenarioRow(3, nil, "x"), nil }, ""},
		{"no scenarios", func() (Row, error) { return ScenarioRow(0, nil, "x"), nil }, "no scenario ran"},
		{"a scenario that failed", func() (Row, error) { return ScenarioRow(3, []string{"a cancel"}, "x"), nil }, "a cancel"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			row, err := tc.check()
			if err != nil {
				t.Fatal(err)
			}
			table := Table{Rows: []Row{row}}
			if table.OK() != (tc.want == "") || !strings.Contains(table.First(), tc.want) {
				t.Errorf("came to %+v, want %q first", row, tc.want)
			}
			if !table.OK() && row.Fix == "" {
				t.Errorf("%+v does not say what to do", row)
			}
		})
	}
}

func reports(problem string) []verification.Report {
	i := verification.InteractionReport{Description: "one"}
	if problem != "" {
		i.Problems = []string{problem}
	}
	return []verification.Report{{Provider: "slots", Verifier: "replay", Pacts: []verification.PactReport{{Consumer: "order-ops", Interactions: []verification.InteractionReport{i}}}}}
}

const paper = `openapi: 3.0.3
info: {title: slots, version: "1"}
paths:
  /good: {get: {operationId: good, responses: {"200": {description: good}}}}
`

func document() fstest.MapFS { return fstest.MapFS{"slots/openapi.yaml": {Data: []byte(paper)}} }

func small(t *testing.T, path string) []pactfile.Pact {
	t.Helper()
	source := `{"consumer":{"name":"order-ops"},"provider":{"name":"slots"},"interactions":[{"type":"Synchronous/HTTP","description":"one",
		"comments":{"testname":"slotsclient.One","outcome":"success"},"request":{"method":"GET","path":"` + path + `"},"response":{"status":200}}]}`
	pacts, err := pactfile.ReadAll(fstest.MapFS{"order-ops-slots.json": {Data: []byte(source)}})
	if err != nil {
		t.Fatal(err)
	}
	return pacts
}
