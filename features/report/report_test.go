package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/features/report"
)

const source = `Feature: Mine

  @case-1
  Scenario: Holds
    Given one thing

  @case-2
  Scenario Outline: Breaks
    Given one thing
    Then <what>

    Examples:
      | what    |
      | another |
`

// run is one scenario that held and one that did not, in which an order was cancelled and then lost.
func run() report.Run {
	started := time.Date(2026, time.June, 1, 13, 0, 0, 0, time.UTC)
	journal := []report.Exchange{
		{Seq: 1, At: started, System: "b2c", Operation: "patchOrder", Method: "PATCH", Path: "/orders/1", Caller: "registered:<b>", Status: 200, Changes: []report.Change{
			{Entity: "b2c.Order", Key: "1", Before: `{"Status":"new","Total":"10"}`, After: `{"Status":"cancelled","Total":"10"}`},
		}},
		{Seq: 2, At: started, System: "som", Operation: "composite", Method: "POST", Path: "/composite", Caller: "user:x", Status: 200, Children: []report.Exchange{{
			Seq: 2, At: started, System: "som", Operation: "submitCancel", Method: "POST", Path: "/cancel", Status: 400, Rule: "som.cancel.reason-required", Fault: []string{"slow"},
			Response: report.Message{Body: "no reason"},
			Changes: []report.Change{{
				Entity: "som.Record", Key: "10u1", Before: `{"Object":"OrderItemSummary","Fields":[{"Name":"Status","Value":"ORDERED"}]}`,
				After: `{"Object":"OrderItemSummary","Fields":[{"Name":"Status","Value":"LOST"}]}`,
			}},
		}}},
	}
	report.Compact(journal, true)
	return report.Run{
		Started: started, Took: 2 * time.Second, Seed: 7, Concurrency: 4, Sources: map[string]string{"mine.feature": source},
		Operations: []report.Operation{{System: "som", Operation: "submitCancel"}, {System: "som", Operation: "query"}},
		Rules:      []report.Rule{{System: "som", ID: "som.cancel.reason-required", Text: "A reason."}, {System: "som", ID: "som.never", Text: "Never."}},
		Machines: []report.Machine{
			{System: "b2c", ID: "Order.status", Entity: "b2c.Order", Field: "Status", Transitions: []report.Transition{{From: "new", To: "cancelled"}, {From: "new", To: "open"}}},
			{System: "som", ID: "OrderItemSummary.Status", Entity: "OrderItemSummary", Field: "Status", Transitions: []report.Transition{{From: "ORDERED", To: "CANCELED"}}},
		},
		Scenarios: []report.Scenario{
			{Feature: "Mine", Name: "Holds", Path: "mine.feature", Line: 4, Tags: []string{"@case-1"}, Started: started, Took: time.Second, Status: report.Passed, Steps: []report.Step{
				{Keyword: "Given", Text: "one thing", Line: 5, Status: report.Passed, Took: time.Millisecond},
			}},
			{
				Feature: "Mine", Name: "Breaks", Path: "mine.feature", Line: 8, Row: 14, Tags: []string{"@case-2"}, Started: started, Took: time.Second, Status: report.Failed,
				Error: "after it: <script>money</script>", Sandbox: "s1", Journal: journal, Faults: []string{"slow"},
				Later:  report.Compacted([]report.Change{{Entity: "b2c.Order", Key: "1", Before: `{"Status":"new"}`, After: `{"Status":"open"}`}}),
				Broken: []report.Violation{{Invariant: "money.worth", Entity: "order 1", Detail: "10 is not 0", Since: 2}},
				Steps: []report.Step{
					{Keyword: "Given", Text: "one thing", Line: 9, Status: report.Passed, Took: time.Millisecond},
					{Keyword: "Then", Text: "another", Line: 10, Status: report.Passed, Took: time.Millisecond},
				},
			},
		},
	}
}

// written is what a writer of reports writes.
func written(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestAFailureIsExplainedWithWhatBrokeAndSinceWhen(t *testing.T) {
	t.Parallel()
	r := run()
	text := r.Scenarios[1].Explain()
	for _, want := range []string{
		"Mine: Breaks\n  at mine.feature:14, sandbox s1\n", "after it: <script>money</script>", "broken: money.worth: order 1: 10 is not 0, since exchange 2\n",
		"struck by slow  refused by som.cancel.reason-required\n", "changed OrderItemSummary 10u1\n", "answered no reason\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the explanation lacks %q:\n%s", want, text)
		}
	}
}

func TestJUnitIsReadable(t *testing.T) {
	t.Parallel()
	r := run()
	var got struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Suites   []struct {
			Cases []struct {
				Name    string `xml:"name,attr"`
				Failure *struct {
					Message string `xml:"message,attr"`
					Text    string `xml:",chardata"`
				} `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(written(t, r.JUnit)), &got); err != nil {
		t.Fatal(err)
	}
	failure := got.Suites[0].Cases[1].Failure
	if got.Tests != 2 || got.Failures != 1 || got.Suites[0].Cases[0].Failure != nil || failure == nil {
		t.Fatalf("%+v", got)
	}
	if want := "money.worth: order 1: 10 is not 0, since exchange 2"; failure.Message != want || !strings.Contains(failure.Text, "What happened:") {
		t.Errorf("failure %q, want %q:\n%s", failure.Message, want, failure.Text)
	}
}

func TestCucumberBlamesTheLastStepForWhatBrokeAfterIt(t *testing.T) {
	t.Parallel()
	r := run()
	var got []struct {
		Elements []struct {
			Line  int
			Steps []struct{ Result struct{ Status string } }
		}
	}
	if err := json.Unmarshal([]byte(written(t, r.Cucumber)), &got); err != nil {
		t.Fatal(err)
	}
	var statuses []string
	for _, e := range got[0].Elements {
		for _, s := range e.Steps {
			statuses = append(statuses, s.Result.Status)
		}
	}
	if diff := cmp.Diff([]string{"passed", "passed", "failed"}, statuses); diff != "" || got[0].Elements[1].Line != 14 {
		t.Errorf("line %d, statuses (-want +got):\n%s", got[0].Elements[1].Line, diff)
	}
}

// Whoever reads messages follows ids; each that is named has been told of before.
func TestMessagesNameOnlyWhatWasToldBefore(t *testing.T) {
	t.Parallel()
	r := run()
	text := written(t, func(w io.Writer) error { return r.Messages(w, "test") })
	known, kinds := map[string]bool{}, map[string]int{}
	for line := range strings.Lines(text) {
		var envelope map[string]map[string]any
		if err := json.Unmarshal([]byte(line), &envelope); err != nil {
			t.Fatal(err)
		}
		for kind, message := range envelope {
			kinds[kind]++
			for _, name := range []string{"pickleId", "testCaseId", "testCaseStartedId"} {
				if id, ok := message[name].(string); ok && !known[name+id] {
					t.Errorf("%s names %s %s, of which nothing was told", kind, name, id)
				}
			}
			if id, ok := message["id"].(string); ok {
				known[kind+"Id"+id] = true
			}
		}
	}
	want := map[string]int{"meta": 1, "source": 1, "gherkinDocument": 1, "pickle": 2, "testRunStarted": 1, "testCase": 2, "testCaseStarted": 2, "testStepStarted": 3, "testStepFinished": 3, "attachment": 1, "testCaseFinished": 2, "testRunFinished": 1}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
}

func TestCoverageNamesWhatWasNeverReachedAndWhatNobodyListed(t *testing.T) {
	t.Parallel()
	r := run()
	want := []string{
		"operations      1 of    2 reached (50 %): som 1 of 2", "rules           1 of    2 reached (50 %): som 1 of 2",
		"transitions     2 of    3 reached (66 %): b2c 2 of 2, som 0 of 1",
	}
	if diff := cmp.Diff(want, r.Coverage()); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"OrderItemSummary.Status: ORDERED → LOST"}, r.Undeclared()); diff != "" {
		t.Errorf("undeclared (-want +got):\n%s", diff)
	}
}

// A reservation keeps no state until it has ended; order-ops' words for its answers count as rules.
func TestStatesWithoutAWordAndWordsOfOrderOpsAreCounted(t *testing.T) {
	t.Parallel()
	machine := report.Machine{System: "oci", ID: "Reservation.status", Entity: "oci.Reservation", Field: "EndedAs", Initial: "ACTIVE"}
	s := report.Scenario{Codes: []string{"CUTOFF_PASSED"}, Later: report.Compacted([]report.Change{
		{Entity: "oci.Reservation", Key: "1", After: `{"ID":"1","EndedAs":""}`},
		{Entity: "oci.Reservation", Key: "1", Before: `{"ID":"1","EndedAs":""}`, After: `{"ID":"1","EndedAs":"EXPIRED"}`},
		{Entity: "oci.Reservation", Key: "2", Before: `{"ID":"2","Ref":"a","EndedAs":""}`, After: `{"ID":"2","Ref":"b","EndedAs":""}`},
	})}
	got := report.Reach([]report.Machine{machine}, s)
	want := report.Reached{
		Operations: map[report.Operation]int{}, Rules: map[string]int{"orderops.code.CUTOFF_PASSED": 1},
		Transitions: map[string]map[report.Transition]int{machine.ID: {{From: "", To: "ACTIVE"}: 1, {From: "ACTIVE", To: "EXPIRED"}: 1}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reached (-want +got):\n%s", diff)
	}
}

func TestThePageStandsAloneAndEscapesWhatItShows(t *testing.T) {
	t.Parallel()
	r := run()
	cases := []report.Case{{Tag: "@case-1", Title: "One", Proofs: []string{"Mine: Holds"}}, {Tag: "@case-3", Title: "Three", Gap: true}}
	past := []report.Past{{Started: r.Started.Add(-time.Hour), Passed: 1, Failed: 1, Seed: 3}}
	text := written(t, func(w io.Writer) error { return r.Page(w, cases, past) })
	for _, want := range []string{
		"1 passed</span>", "after it: &lt;script&gt;", "money.worth: order 1: 10 is not 0, since exchange 2", "som.never: Never.", "nothing proves it",
		"2 submitCancel 400, struck by slow, refused by som.cancel.reason-required", `class="unlisted"`, `class="taken"`, `class="never"`, "2026-06-01 12:00:00: 1 passed, 1 failed",
		"Status: <del>new</del> → cancelled", `data-text="Mine Breaks @case-2" data-status="failed"`, "som 1 of 2",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, not := range []string{"<script>money", "http://", "https://", " src=", "<link"} {
		if strings.Contains(text, not) {
			t.Errorf("the page has %q", not)
		}
	}
}
