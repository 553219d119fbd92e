package assumptions

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func TestEveryUnknownHasItsCheck(t *testing.T) {
	t.Parallel()
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, c := range all {
		system, _, _ := strings.Cut(c.ID, "-")
		count[system]++
	}
	if count["SOM"] != 41 || count["B2C"] != 27 {
		t.Errorf("%v checks", count)
	}
	for _, c := range all {
		last := len(c.Steps) - 1
		if last >= 0 && len(c.Steps[last].Expect) == 0 {
			t.Errorf("%s asks and expects nothing in the end", c.ID)
		}
		if last >= 0 && !asserts(c) {
			t.Errorf("%s would be as believed whatever came but a status of success", c.ID)
		}
	}
}

// asserts says whether a check can come out otherwise than by the plain success of a request.
func asserts(c Check) bool {
	for _, s := range c.Steps {
		for place, want := range s.Expect {
			if place != "status" || !strings.HasPrefix(want, "2") {
				return true
			}
		}
	}
	return c.Writes // a write that is granted twice says something
}

func TestABeliefIsHeldAgainstWhatIsSeen(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Seen", r.Header.Get("Authorization"))
		_, _ = w.Write([]byte(`{"rows":[{"id":"7"}],"asked":"` + r.URL.RawQuery + `"}`))
	}))
	t.Cleanup(server.Close)
	cases := []struct {
		name  string
		check Check
		want  Verdict
		seen  string
	}{
		{"as believed", Check{Steps: []Step{{Request: "GET /services/data/a", Expect: map[string]string{"status": "200", "header X-Seen": "Bearer t", "$.rows[0].id": `\d`}}}}, AsBelieved, `$.rows[0].id is "7"`},
		{"otherwise", Check{Steps: []Step{{Request: "GET /a", Expect: map[string]string{"status": "201"}}}}, Otherwise, `status is "200", believed 201`},
		{"a value is kept", Check{Steps: []Step{{Request: "GET /a", Keep: map[string]string{"id": "$.rows[0].id"}}, {Request: "GET /b?x=${id}", Expect: map[string]string{"$.asked": "x=7"}}}}, AsBelieved, "x=7"},
		{"nothing to look at", Check{Steps: []Step{{Request: "GET /a", Keep: map[string]string{"id": "$.rows[9].id"}}}}, NotRun, "nothing to look at"},
		{"a write", Check{Writes: true, Steps: []Step{{Request: "POST /a"}}}, NotRun, "--allow-writes"},
		{"a question", Check{Ask: "who?"}, ForAPerson, ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := Runner{URL: server.URL, Token: "t", Client: server.Client()}.Run(t.Context(), tc.check)
			if r.Verdict != tc.want || !strings.Contains(strings.Join(r.Seen, "\n"), tc.seen) {
				t.Errorf("came to %+v, want %s and %q", r, tc.want, tc.seen)
			}
		})
	}
}

func TestChecksThatLackSomethingAreRefused(t *testing.T) {
	t.Parallel()
	whole := "- {id: A-1, unknown: u, belief: b, source: s, ask: q}\n"
	for name, source := range map[string]string{
		"no source": "- {id: A-1, unknown: u, belief: b, ask: q}\n", "twice": whole + whole, "neither steps nor a question": "- {id: A-1, unknown: u, belief: b, source: s}\n",
		"an unknown key": "- {id: A-1, unknown: u, belief: b, source: s, ask: q, colour: red}\n",
	} {
		if _, err := read(fstest.MapFS{"a.yaml": {Data: []byte(source)}}); err == nil {
			t.Errorf("%s: was read", name)
		}
	}
	if all, err := read(fstest.MapFS{"a.yaml": {Data: []byte(whole)}}); err != nil || len(all) != 1 {
		t.Errorf("read %v (%v)", all, err)
	}
}
