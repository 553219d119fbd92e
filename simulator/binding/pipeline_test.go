package binding_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/fault"
	"github.com/somsim/somsim/simulator/journal"
)

func TestAnswers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	tests := []struct {
		name    string
		request string
		body    string
		headers []string
		status  int
		text    string
	}{
		{"a good request", "POST /toy/counters/a", `{"by":2}`, nil, 200, `{"value":2}`},
		{"an unknown path", "GET /toy/nothing", "", nil, 404, "no operation at /toy/nothing"},
		{"a path of nobody", "GET /favicon.ico", "", nil, 404, "no operation"},
		{"a wrong verb names the right ones", "DELETE /toy/counters/a", "", nil, 405, "allowed are GET, POST"},
		{"no credentials", "GET /toy/counters/a", "", []string{"Authorization: "}, 401, "no token"},
		{"an unknown property", "POST /toy/counters/a", `{"by":1,"bye":2}`, nil, 400, `property \"bye\" is unsupported`},
		{"a missing property", "POST /toy/counters/a", `{}`, nil, 400, `body by`},
		{"a wrong type", "POST /toy/counters/a", `{"by":"1"}`, nil, 400, "body by"},
		{"broken JSON", "POST /toy/counters/a", `{"by":`, nil, 400, "body"},
		{"no body where one is needed", "POST /toy/counters/a", "", nil, 400, "it is required"},
		{"a wrong media type", "POST /toy/counters/a", `by=1`, []string{"Content-Type: text/plain"}, 400, "Content-Type"},
		{"a path parameter out of bounds", "GET /toy/counters/abcdefghijklmnop", "", nil, 400, "path id"},
		{"a refusal", "POST /toy/counters/refused", `{"by":0}`, nil, 409, "refused"},
		{"a refusal whose rule nobody listed is a bug", "POST /toy/counters/refused", `{"by":-1}`, nil, 500, "not in the rules"},
		{"an answer that breaks the document is a bug", "GET /toy/broken", "", nil, 500, "breaks its specification"},
		{"an operation bound to its example", "GET /toy/example", "", nil, 200, `{"value":42}`},
		{"a base address that ends in a slash", "GET //toy/counters/unheard-of", "", nil, 200, `{"value":0}`},
		{"a base address with a sandbox that ends in a slash", "GET /sandbox/default//toy/counters/unheard-of", "", nil, 200, `{"value":0}`},
		{"a path with escaped parentheses", "GET /toy/counters/a%28b%29%2Cc", "", nil, 200, `{"value":0}`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got := b.call(tc.request, tc.body, tc.headers...)
			if got.status != tc.status || !strings.Contains(got.body, tc.text) {
				t.Errorf("got %s\nwant %d with %s", got, tc.status, tc.text)
			}
		})
	}
	if got := b.counter("default", "refused"); got != 0 {
		t.Errorf("refused requests left the value %d", got)
	}
}

func TestSandboxIsChosenByWhatTheCallerSends(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		path    string
		headers []string
		// sandbox is where the change is found; empty when the request is refused with this text.
		sandbox string
		refusal string
	}{
		{"nothing means default", "/toy/counters/a", nil, "default", ""},
		{"path", "/sandbox/other/toy/counters/a", nil, "other", ""},
		{"header", "/toy/counters/a", []string{"X-Sandbox: other"}, "other", ""},
		{"baggage", "/toy/counters/a", []string{"Baggage: user=7, sandbox=other;ttl=1"}, "other", ""},
		{"credential", "/toy/counters/a", []string{"Authorization: Bearer me~other"}, "other", ""},
		{"two that agree", "/sandbox/other/toy/counters/a", []string{"Authorization: Bearer me~other"}, "other", ""},
		{"two that disagree", "/sandbox/other/toy/counters/a", []string{"X-Sandbox: default"}, "", `"other" in the path and "default" in the header X-Sandbox`},
		{"a token of another sandbox", "/toy/counters/a", []string{"X-Sandbox: default", "Authorization: Bearer me~other"}, "", `"other" in the credential`},
		{"an unknown one", "/toy/counters/a", []string{"X-Sandbox: nowhere"}, "", `there is no sandbox "nowhere"`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			got := b.call("POST "+tc.path, `{"by":1}`, tc.headers...)
			body := strings.ReplaceAll(got.body, `\"`, `"`)
			if tc.refusal != "" && (got.status != 400 || !strings.Contains(body, tc.refusal)) {
				t.Errorf("got %s\nwant 400 with %s", got, tc.refusal)
			}
			for _, name := range []string{"default", "other"} {
				want := 0
				if name == tc.sandbox {
					want = 1
				}
				if n := b.counter(name, "a"); n != want {
					t.Errorf("sandbox %s has %d, want %d", name, n, want)
				}
			}
		})
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		effect fault.Effect
		// status is what the caller sees; 0 when no answer arrives. value is what the sandbox holds afterwards.
		status int
		value  int
	}{
		{"delay", fault.Effect{Kind: fault.Delay, Delay: 1}, 200, 1},
		{"status before", fault.Effect{Kind: fault.Status, HTTPStatus: 503, RetryAfter: 7}, 503, 0},
		{"status after commit", fault.Effect{Kind: fault.Status, HTTPStatus: 502, Phase: fault.After}, 502, 1},
		{"vendor error", fault.Effect{Kind: fault.VendorError, Code: "LOCKED", HTTPStatus: 409}, 409, 0},
		{"reset", fault.Effect{Kind: fault.Reset}, 0, 0},
		{"lost before", fault.Effect{Kind: fault.LostBefore}, 0, 0},
		{"lost after commit", fault.Effect{Kind: fault.LostAfterCommit}, 0, 1},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			rule := fault.Rule{Name: "f", Match: fault.Match{System: "toy", Operation: "addToCounter", Nth: 1}, Effect: tc.effect}
			if err := b.world("default").Arm(rule); err != nil {
				t.Fatal(err)
			}
			got := b.call("POST /toy/counters/a", `{"by":1}`)
			if (tc.status == 0) != (got.err != nil) || got.status != tc.status {
				t.Errorf("got %s", got)
			}
			if n := b.counter("default", "a"); n != tc.value {
				t.Errorf("the sandbox holds %d, want %d", n, tc.value)
			}
			entry := b.last("default")
			if diff := cmp.Diff([]string{"f"}, entry.Fault); diff != "" {
				t.Errorf("journal: %s", diff)
			}
			if entry.Lost != (tc.status == 0) {
				t.Errorf("journal says lost: %v", entry.Lost)
			}
			if tc.effect.RetryAfter > 0 && got.header.Get("Retry-After") != "7" {
				t.Error("no Retry-After")
			}
			if again := b.call("POST /toy/counters/a", `{"by":1}`); again.status != 200 {
				t.Errorf("a fault for the first call struck the second: %s", again)
			}
		})
	}
}

func TestAHeldCallGoesOnWhenItsFaultIsDisarmed(t *testing.T) {
	t.Parallel()
	for phase, during := range map[fault.Phase]int{fault.Before: 0, fault.After: 1} {
		t.Run(string(phase), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			w := b.world("default")
			if err := w.Arm(fault.Rule{Name: "gate", Effect: fault.Effect{Kind: fault.Hold, Phase: phase}}); err != nil {
				t.Fatal(err)
			}
			answered := make(chan reply)
			go func() { answered <- b.call("POST /toy/counters/a", `{"by":1}`) }()
			if _, err := w.Await(t.Context(), journal.Query{Fault: "gate"}, 1, true); err != nil {
				t.Fatal(err)
			}
			if n := b.counter("default", "a"); n != during {
				t.Errorf("while it is held the sandbox has %d, want %d", n, during)
			}
			if err := w.Disarm("gate"); err != nil {
				t.Fatal(err)
			}
			if got := <-answered; got.status != 200 {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestFaultMatches(t *testing.T) {
	t.Parallel()
	status := fault.Effect{Kind: fault.Status, HTTPStatus: 503}
	tests := []struct {
		name  string
		match fault.Match
		times int
		// struck tells which of the calls on counters a, b, alias-of-7, a, a were struck.
		struck []bool
	}{
		{"every call", fault.Match{System: "toy"}, 0, []bool{true, true, true, true, true}},
		{"the second call", fault.Match{System: "toy", Nth: 2}, 0, []bool{false, true, false, false, false}},
		{"two calls from the third on", fault.Match{Nth: 3}, 2, []bool{false, false, true, true, false}},
		{"what contains a text", fault.Match{Contains: "counters/b"}, 0, []bool{false, true, false, false, false}},
		{"what is about an order", fault.Match{Order: "7"}, 0, []bool{false, false, true, false, false}},
		{"a header", fault.Match{Header: map[string]string{"X-Test": "other"}}, 0, []bool{false, false, false, false, false}},
		{"another operation", fault.Match{System: "toy", Operation: "addToCounter"}, 0, []bool{false, false, false, false, false}},
		{"never by chance", fault.Match{Probability: 0.0000001}, 0, []bool{false, false, false, false, false}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			if err := b.world("default").Arm(fault.Rule{Name: "f", Match: tc.match, Effect: status, Times: tc.times}); err != nil {
				t.Fatal(err)
			}
			var struck []bool
			for _, id := range []string{"a", "b", "alias-of-7", "a", "a"} {
				struck = append(struck, b.call("GET /toy/counters/"+id, "").status == 503)
			}
			if diff := cmp.Diff(tc.struck, struck); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCompositeSubRequests(t *testing.T) {
	t.Parallel()
	const add = `{"method":"POST","url":"/toy/counters/a","body":{"by":1}}`
	tests := []struct {
		name  string
		body  string
		rule  *fault.Rule
		want  string
		value int
	}{
		{"each in order", `[` + add + `,` + add + `]`, nil, "[200,200]", 2},
		{"one that is refused leaves nothing, the others stay", `[` + add + `,{"method":"POST","url":"/toy/counters/a","body":{"by":0}},` + add + `]`, nil, "[200,409,200]", 2},
		{"what cannot be composed", `[{"method":"POST","url":"/toy/lazy"}]`, nil, "[400]", 0},
		{"what does not exist", `[{"method":"GET","url":"/toy/none"}]`, nil, "[404]", 0},
		{"a wrong verb", `[{"method":"PUT","url":"/toy/counters/a"}]`, nil, "[405]", 0},
		{"an invalid one", `[{"method":"POST","url":"/toy/counters/a","body":{}}]`, nil, "[400]", 0},
		{
			"a fault strikes one of them", `[` + add + `,` + add + `]`,
			&fault.Rule{Name: "f", Match: fault.Match{Operation: "addToCounter", System: "toy", Nth: 2}, Effect: fault.Effect{Kind: fault.Status, HTTPStatus: 500}}, "[200,500]", 1,
		},
		{
			"a fault for the second call strikes no third", `[` + add + `,` + add + `,` + add + `]`,
			&fault.Rule{Name: "f", Match: fault.Match{Operation: "addToCounter", System: "toy", Nth: 2}, Effect: fault.Effect{Kind: fault.Status, HTTPStatus: 500}}, "[200,500,200]", 2,
		},
		{
			"a fault after one of them keeps its change", `[` + add + `,` + add + `]`,
			&fault.Rule{Name: "f", Match: fault.Match{Operation: "addToCounter", System: "toy", Nth: 1}, Effect: fault.Effect{Kind: fault.Status, HTTPStatus: 500, Phase: fault.After}}, "[500,200]", 2,
		},
		{"a composite inside a composite", `[{"method":"POST","url":"/toy/batch","body":[` + add + `]},` + add + `]`, nil, "[200,200]", 2},
		{
			"a connection lost before a sub-request inside undoes all", `[` + add + `,{"method":"POST","url":"/toy/batch","body":[` + add + `]}]`,
			&fault.Rule{Name: "f", Match: fault.Match{Operation: "addToCounter", System: "toy", Nth: 2}, Effect: fault.Effect{Kind: fault.LostBefore}}, "", 0,
		},
		{
			"a connection lost before a sub-request undoes all", `[` + add + `,` + add + `]`,
			&fault.Rule{Name: "f", Match: fault.Match{Operation: "addToCounter", System: "toy", Nth: 2}, Effect: fault.Effect{Kind: fault.LostBefore}}, "", 0,
		},
		{
			"a connection lost after a sub-request keeps all", `[` + add + `,` + add + `]`,
			&fault.Rule{Name: "f", Match: fault.Match{Operation: "addToCounter", System: "toy", Nth: 1}, Effect: fault.Effect{Kind: fault.LostAfterCommit}}, "", 2,
		},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			if tc.rule != nil {
				if err := b.world("default").Arm(*tc.rule); err != nil {
					t.Fatal(err)
				}
			}
			got := b.call("POST /toy/batch", tc.body)
			if got.body != tc.want || (tc.want == "") != (got.err != nil) {
				t.Errorf("got %s, want %s", got, tc.want)
			}
			if n := b.counter("default", "a"); n != tc.value {
				t.Errorf("the sandbox holds %d, want %d", n, tc.value)
			}
		})
	}
}

func TestWhatStruckASubRequestStaysCountedWhenAllIsUndone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	w := b.world("default")
	rule := fault.Rule{Name: "f", Match: fault.Match{System: "toy", Operation: "addToCounter", Nth: 2}, Effect: fault.Effect{Kind: fault.LostBefore}}
	if err := w.Arm(rule); err != nil {
		t.Fatal(err)
	}
	const two = `[{"method":"POST","url":"/toy/counters/a","body":{"by":1}},{"method":"POST","url":"/toy/counters/a","body":{"by":1}}]`
	if got := b.call("POST /toy/batch", two); got.err == nil {
		t.Errorf("the first composite got %s", got)
	}
	if f := w.Faults()[0]; f.Matched != 2 || f.Fired != 1 {
		t.Errorf("the fault has matched %d times and fired %d times", f.Matched, f.Fired)
	}
	if got := b.call("POST /toy/batch", two); got.body != "[200,200]" {
		t.Errorf("the same again got %s", got)
	}
}

func TestJournalTellsSubRequests(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.call("POST /toy/batch", `[{"method":"GET","url":"/toy/none?secret=x"},{"method":"POST","url":"/toy/batch","body":[{"method":"GET","url":"/toy/counters/a"}]},{"method":"POST","url":"/toy/counters/a","body":{"by":0}}]`)
	type told struct {
		Method, Path, Query, Operation, Rule string
		Status                               int
		Children                             []told
	}
	var tell func([]journal.Entry) []told
	tell = func(entries []journal.Entry) (out []told) {
		for _, e := range entries {
			out = append(out, told{e.Method, e.Path, e.Query, e.Operation, e.Rule, e.Status, tell(e.Children)})
		}
		return out
	}
	want := []told{
		{"GET", "/toy/none", "secret=[redacted]", "", "", 404, nil},
		{"POST", "/toy/batch", "", "batch", "", 200, []told{{"GET", "/toy/counters/a", "", "readCounter", "", 200, nil}}},
		{"POST", "/toy/counters/a", "", "addToCounter", "toy.by.not-zero", 409, nil},
	}
	if diff := cmp.Diff(want, tell(b.last("default").Children)); diff != "" {
		t.Error(diff)
	}
}

func TestJournalTellsAnExchange(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.call("POST /toy/counters/a", `{"by":3,"secret":"hush"}`, "Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	got := b.last("default")
	if auth := got.RequestHeader.Values()["Authorization"]; !slices.Equal(auth, []string{"Bearer [redacted]"}) {
		t.Errorf("the journal has the credential %q", auth)
	}
	got.RequestHeader, got.ResponseHeader = "", ""
	want := journal.Entry{
		Seq: 1, At: b.world("default").Now(), System: "toy", Operation: "addToCounter", Method: "POST", Path: "/toy/counters/a",
		Caller:      "user:me@test",
		RequestBody: `{"by":3,"secret":"[redacted]"}`, Status: 200, ResponseBody: `{"value":3}`,
		TraceID: "0af7651916cd43dd8448eb211c80319c",
		Changes: []journal.Change{{Entity: "toy.Counter", Key: "a", After: `{"ID":"a","Value":3}`}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	b.call("POST /toy/counters/a", `{"by":0}`)
	if got := b.last("default"); got.Rule != "toy.by.not-zero" || got.Status != 409 || len(got.Changes) != 0 {
		t.Errorf("a refusal is recorded as %+v", got)
	}
}

func TestOperationsThatReadFirstRunAgainWhenTheyWrite(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if got := b.call("POST /toy/lazy", ""); got.body != `{"value":2}` {
		t.Errorf("got %s, want the answer of the second run", got)
	}
	if n := b.counter("default", "lazy"); n != 2 {
		t.Errorf("the sandbox holds %d", n)
	}
}

func TestRouterReportsEveryMismatchAtOnce(t *testing.T) {
	t.Parallel()
	face := newBench(t).toy.face(t)
	face.Operations["inventedOperation"] = face.Operations["readCounter"]
	delete(face.Operations, "batch")
	delete(face.Operations, "readCounter")
	_, err := binding.NewRouter(binding.Options{}, face)
	if err == nil {
		t.Fatal("no error")
	}
	for _, text := range []string{`"inventedOperation", which the document does not`, `operationId "batch"`, `operationId "readCounter"`} {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("%q is missing in:\n%v", text, err)
		}
	}
}

func TestBrowsersMayReadTheHeadersOfAnAnswer(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := b.call("GET /toy/counters/a", "", "Origin: http://localhost:3000")
	for _, name := range []string{"X-Booked", "Date"} {
		if exposed := got.header.Get("Access-Control-Expose-Headers"); got.header.Get(name) == "" || !slices.Contains(strings.Split(exposed, ", "), name) {
			t.Errorf("%s is %q, exposed are %q", name, got.header.Get(name), exposed)
		}
	}
	if plain := b.call("GET /toy/counters/a", ""); plain.header.Get("Access-Control-Expose-Headers") != "" {
		t.Errorf("a client that is no browser is told %v", plain.header)
	}
}

func TestBrowsersMayCall(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := b.call("OPTIONS /toy/counters/a", "", "Origin: http://localhost:3000", "Access-Control-Request-Method: POST",
		"Access-Control-Request-Headers: authorization")
	if got.status != 204 || got.header.Get("Access-Control-Allow-Origin") != "http://localhost:3000" ||
		got.header.Get("Access-Control-Allow-Headers") != "authorization" {
		t.Errorf("got %s %v", got, got.header)
	}
}
