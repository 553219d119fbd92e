package somrest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/fault"
	"github.com/somsim/somsim/simulator/journal"
)

// rowsIn is a sub-request that makes accounts as a collection.
func rowsIn(reference string, allOrNone bool, names ...string) string {
	rows := make([]string, len(names))
	for i, name := range names {
		rows[i] = `Account "Name":"` + name + `"`
	}
	return `{"method":"POST","url":"` + base + `/composite/sobjects","referenceId":"` + reference + `","body":` + records(allOrNone, rows...) + `}`
}

func rowIn(reference, name string) string {
	return `{"method":"POST","url":"` + base + `/sobjects/Account","referenceId":"` + reference + `","body":{"Name":"` + name + `"}}`
}

// outcomesOf tells of each part of a composite its status and, of the rows of a collection, what became of each.
func outcomesOf(t *testing.T, answer []byte) string {
	t.Helper()
	var out struct {
		CompositeResponse []struct {
			HTTPStatusCode int
			Body           json.RawMessage
		}
	}
	if err := json.Unmarshal(answer, &out); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	var all []string
	for _, part := range out.CompositeResponse {
		var rows []struct {
			Success   bool
			ErrorCode string
			Errors    []struct{ StatusCode string }
		}
		_ = json.Unmarshal(part.Body, &rows) // a part that made one row is an object, one that was lost has none
		words := []string{fmt.Sprint(part.HTTPStatusCode)}
		for _, r := range rows {
			switch {
			case r.ErrorCode != "":
				words = append(words, r.ErrorCode)
			case r.Success:
				words = append(words, "ok")
			default:
				words = append(words, r.Errors[0].StatusCode)
			}
		}
		all = append(all, strings.Join(words, " "))
	}
	return strings.Join(all, ", ")
}

// A fault strikes one sub-request of a composite: some of its records, its answer, or the connection of all.
func TestFaultsInsideAComposite(t *testing.T) {
	t.Parallel()
	locked := fault.Effect{Kind: fault.Partial, Record: `"b"`, Code: "UNABLE_TO_LOCK_ROW", Message: "unable to obtain exclusive access to this record"}
	on := func(operation string, nth int, e fault.Effect) fault.Rule {
		return fault.Rule{Name: "f", Match: fault.Match{System: "som", Operation: operation, Nth: nth}, Effect: e}
	}
	cases := []struct {
		name  string
		rule  fault.Rule
		parts string
		all   bool
		want  string // empty when the connection is lost
		made  int
	}{
		{"some records of a collection", on("createRows", 0, locked), rowsIn("r1", false, "a", "b", "c") + "," + rowIn("r2", "d"), false, "200 ok UNABLE_TO_LOCK_ROW ok, 201", 3},
		{
			"some records of the second collection", on("createRows", 2, locked), rowsIn("r1", false, "a", "b") + "," + rowsIn("r2", false, "b", "c"), false,
			"200 ok ok, 200 UNABLE_TO_LOCK_ROW ok", 3,
		},
		{
			"one record of a collection that is all or none", on("createRows", 1, locked), rowsIn("r1", true, "a", "b") + "," + rowsIn("r2", false, "c"), false,
			"200 ALL_OR_NONE_OPERATION_ROLLED_BACK UNABLE_TO_LOCK_ROW, 200 ok", 1,
		},
		{"no record that is there", on("createRows", 0, fault.Effect{Kind: fault.Partial, Record: `"z"`, Code: "X"}), rowsIn("r1", false, "a", "b"), false, "200 ok ok", 2},
		{
			"the answer of one, all the others stay", on("createRow", 2, fault.Effect{Kind: fault.Status, HTTPStatus: http.StatusServiceUnavailable}),
			rowIn("r1", "a") + "," + rowIn("r2", "b") + "," + rowIn("r3", "c"), false, "201, 503, 201", 2,
		},
		{
			"the answer of one, all or none", on("createRow", 2, fault.Effect{Kind: fault.Status, HTTPStatus: http.StatusServiceUnavailable}),
			rowIn("r1", "a") + "," + rowIn("r2", "b") + "," + rowIn("r3", "c"), true, "400 PROCESSING_HALTED, 503, 400 PROCESSING_HALTED", 0,
		},
		{
			"the answer of one that was carried out, all or none", on("createRow", 1, fault.Effect{Kind: fault.Status, HTTPStatus: http.StatusInternalServerError, Phase: fault.After}),
			rowIn("r1", "a") + "," + rowIn("r2", "b"), true, "500, 400 PROCESSING_HALTED", 0,
		},
		{
			"a vendor's error with a wait", on("createRow", 1, fault.Effect{Kind: fault.VendorError, Code: "REQUEST_LIMIT_EXCEEDED", Message: "m", RetryAfter: 3}),
			rowIn("r1", "a") + "," + rowIn("r2", "b"), false, "403 REQUEST_LIMIT_EXCEEDED, 201", 1,
		},
		{"the request of one is lost", on("createRow", 2, fault.Effect{Kind: fault.LostBefore}), rowIn("r1", "a") + "," + rowIn("r2", "b"), false, "", 0},
		{"the connection breaks at one", on("createRow", 2, fault.Effect{Kind: fault.Reset}), rowIn("r1", "a") + "," + rowIn("r2", "b"), false, "", 0},
		{"the answer of one is lost", on("createRow", 1, fault.Effect{Kind: fault.LostAfterCommit}), rowIn("r1", "a") + "," + rowIn("r2", "b"), false, "", 2},
		{"the answer of one is lost, all or none", on("createRow", 1, fault.Effect{Kind: fault.LostAfterCommit}), rowIn("r1", "a") + "," + rowIn("r2", "b"), true, "", 2},
		{"one is held", on("createRow", 2, fault.Effect{Kind: fault.Hold, Phase: fault.Before}), rowIn("r1", "a") + "," + rowIn("r2", "b"), false, "", 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newRowServer(t)
			w, _ := s.worlds.Get("default")
			if err := w.Arm(c.rule); err != nil {
				t.Fatal(err)
			}
			before := s.count("Account")
			answer, lost := s.orLost(base+"/composite", fmt.Sprintf(`{"allOrNone":%t,"compositeRequest":[%s]}`, c.all, c.parts))
			if lost != (c.want == "") {
				t.Fatalf("lost: %t, answered %s", lost, answer)
			}
			if !lost {
				if got := outcomesOf(t, answer); got != c.want {
					t.Errorf("got  %s\nwant %s", got, c.want)
				}
			}
			if made := s.count("Account") - before; made != c.made {
				t.Errorf("%d accounts are new, want %d", made, c.made)
			}
			if f := w.Faults()[0]; f.Fired != 1 {
				t.Errorf("the fault has fired %d times", f.Fired)
			}
			entries, _ := w.Journal(journal.Query{})
			struckOne(t, entries)
		})
	}
}

// orLost posts, and reports whether the connection was cut instead of an answer.
func (s *server) orLost(path, body string) (answer []byte, lost bool) {
	defer func() {
		if cut, ok := recover().(error); ok && errors.Is(cut, http.ErrAbortHandler) {
			lost = true
		}
	}()
	return s.do("POST", path, body).Body.Bytes(), false
}

// struckOne wants the fault on the entry of one sub-request, and on no other.
func struckOne(t *testing.T, entries []journal.Entry) {
	t.Helper()
	struck := 0
	for _, e := range entries {
		for _, child := range e.Children {
			struck += len(child.Fault)
		}
	}
	if struck != 1 {
		t.Errorf("the fault is on %d sub-requests", struck)
	}
}
