package somrest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

func TestEveryAnswerOfTheDataAPITellsTheUsage(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	cases := []struct {
		name, method, path, body string
		header                   []string
		status                   int
		usage                    string
	}{
		{"a resource", "GET", base, "", nil, 200, "1"},
		{"an unknown row", "GET", base + "/sobjects/Account/001000000000000AAA", "", nil, 404, "2"},
		{"a body that is no JSON", "PATCH", base + "/sobjects/Account/" + accountID, "{", nil, 400, "3"},
		{"a refused change", "PATCH", base + "/sobjects/Account/" + accountID, `{"Nothing":1}`, nil, 400, "4"},
		{"a change without an answer", "PATCH", base + "/sobjects/Account/" + accountID, `{"Phone":"1"}`, nil, 204, "5"},
		{"a composite of two is one", "POST", base + "/composite", `{"compositeRequest":[
			{"method":"GET","url":"` + base + `/sobjects/Account/` + accountID + `","referenceId":"a"},
			{"method":"GET","url":"` + base + `/sobjects/Account/` + accountID + `","referenceId":"b"}]}`, nil, 200, "6"},
		{"Order Management", "POST", base + "/commerce/order-management/order-summaries/" + orderID + "/actions/preview-cancel", `{}`, nil, 400, "7"},
		{"no session", "GET", base, "", []string{"Authorization", ""}, 401, ""},
		{"the versions need none", "GET", "/services/data", "", nil, 200, ""},
		{"who is logged in", "GET", "/services/oauth2/userinfo", "", nil, 200, ""},
		{"the next one", "GET", base, "", nil, 200, "8"},
	}
	for _, tc := range cases {
		w := s.do(tc.method, tc.path, tc.body, tc.header...)
		want := ""
		if tc.usage != "" {
			want = "api-usage=" + tc.usage + "/100000"
		}
		if got := w.Header().Get("Sforce-Limit-Info"); w.Code != tc.status || got != want {
			t.Errorf("%s: %d %q, want %d %q: %s", tc.name, w.Code, got, tc.status, want, w.Body)
		}
	}
	if w := s.do("GET", base, "", "Authorization", "Bearer "+s.login("somsim~other")); w.Header().Get("Sforce-Limit-Info") != "api-usage=1/100000" {
		t.Errorf("another sandbox: %v", w.Header())
	}
}

func TestTheDailyLimit(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.update(func(tx *sandbox.Tx) { s.domain.LimitRequests(tx, 2) })
	for range 2 {
		if w := s.do("GET", base, ""); w.Code != http.StatusOK {
			t.Fatalf("within the limit: %d %s", w.Code, w.Body)
		}
	}
	for range 3 {
		w := s.do("PATCH", base+"/sobjects/Account/"+accountID, `{"Phone":"1"}`)
		s.wantError(w, http.StatusForbidden, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
		if got := w.Header().Get("Sforce-Limit-Info"); got != "api-usage=2/2" {
			t.Errorf("over the limit: %s", got)
		}
	}
	if rule := s.lastRule(); rule != "som.limit.daily-requests" {
		t.Errorf("rule %q", rule)
	}
	s.wantError(s.do("GET", base+"/commerce/order-management/order-summaries/"+orderID, ""), http.StatusNotFound, "NOT_FOUND", "")
	if w := s.do("GET", "/services/oauth2/userinfo", ""); w.Code != http.StatusOK {
		t.Errorf("who is logged in: %d", w.Code)
	}
	w, _ := s.worlds.Get("default")
	if err := w.MoveTo(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	if w := s.do("GET", base, "", "Authorization", "Bearer "+s.login("somsim")); w.Code != http.StatusOK || w.Header().Get("Sforce-Limit-Info") != "api-usage=1/2" {
		t.Errorf("a day later: %d %v", w.Code, w.Header())
	}
}

// unlimited lets a test ask as often as it likes.
func unlimited(s *server) func(tx *sandbox.Tx) {
	return func(tx *sandbox.Tx) { s.domain.LimitRequests(tx, 1_000_000) }
}

func (s *server) update(work func(tx *sandbox.Tx)) {
	s.t.Helper()
	w, _ := s.worlds.Get("default")
	if err := w.Update(func(tx *sandbox.Tx) error { work(tx); return nil }); err != nil {
		s.t.Fatal(err)
	}
}
