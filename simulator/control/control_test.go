package control_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator"
	"github.com/somsim/somsim/simulator/simtest"
)

type plane struct {
	t   *testing.T
	url string
	sim *simtest.Simulator
}

func newPlane(t *testing.T, changes ...func(*simulator.Config)) plane {
	t.Helper()
	s := simtest.Start(t, changes...)
	return plane{t, s.ControlURL, s}
}

// call sends "METHOD /path" below /control/v1 and returns status and body.
func (p plane) call(line, body string, headers ...string) (int, string) {
	p.t.Helper()
	method, path, _ := strings.Cut(line, " ")
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.url+"/control/v1"+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		if name == "Host" {
			req.Host = value
			continue
		}
		req.Header.Set(name, value)
	}
	resp, err := (&http.Client{}).Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func TestRequests(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	tests := []struct {
		name, request, body string
		status              int
		text                string
	}{
		{"health", "GET /health", "", 200, `{"status":"ok","journals":{"bytes":0,"limit":268435456,"evicted":0}}`},
		{"presets", "GET /presets", "", 200, `"omnichannel"`},
		{"operations", "GET /operations", "", 200, `"operation":"submitCancel"`},
		{"a sandbox", "POST /sandboxes", `{"name":"a","clock":"manual","at":"2026-03-01T09:00:00Z","seed":9}`, 201, `{"name":"a","preset":"omnichannel","seed":9,"clock":{"mode":"manual","now":"2026-03-01T09:00:00Z"}}`},
		{"a name that is taken", "POST /sandboxes", `{"name":"a"}`, 409, `sandbox exists already: \"a\"`},
		{"a bad name", "POST /sandboxes", `{"name":"A b"}`, 400, "name"},
		{"an unknown preset", "POST /sandboxes", `{"name":"b","from":"none"}`, 400, "unknown preset"},
		{"an unknown property", "POST /sandboxes", `{"name":"b","speed":1}`, 400, "speed"},
		{"broken JSON", "POST /sandboxes", `{`, 400, "body"},
		{"a fork", "POST /sandboxes/a/fork", `{"name":"b"}`, 201, `"now":"2026-03-01T09:00:00Z"`},
		{"a fork of nothing", "POST /sandboxes/none/fork", `{"name":"c"}`, 404, `unknown sandbox: \"none\"`},
		{"the sandboxes", "GET /sandboxes", "", 200, `"name":"b"`},
		{"advance", "POST /sandboxes/a/clock/advance", `{"duration":"P1DT2H"}`, 200, `"now":"2026-03-02T11:00:00Z"`},
		{"advance by Go's words", "POST /sandboxes/a/clock/advance", `{"duration":"90s"}`, 200, `"now":"2026-03-02T11:01:30Z"`},
		{"advance by nonsense", "POST /sandboxes/a/clock/advance", `{"duration":"soon"}`, 400, `\"soon\" is not like 10m`},
		{"advance by months", "POST /sandboxes/a/clock/advance", `{"duration":"P1M"}`, 400, `P1M`},
		{"setting the time", "PUT /sandboxes/b/clock", `{"now":"2026-07-01T00:00:00+02:00"}`, 200, `"now":"2026-06-30T22:00:00Z"`},
		{"setting nothing", "PUT /sandboxes/b/clock", `{}`, 400, "body"},
		{"a fault", "POST /sandboxes/a/faults", `{"name":"f","match":{"system":"som","operation":"submitCancel","nth":2},"effect":{"kind":"lost_after_commit"}}`, 201, `"matched":0,"fired":0`},
		{"a fault of an unknown operation", "POST /sandboxes/a/faults", `{"name":"f","match":{"system":"som","operation":"submitCancle"},"effect":{"kind":"reset"}}`, 400, `no operation \"submitCancle\"`},
		{"a partial failure of an operation without records", "POST /sandboxes/a/faults", `{"name":"p","match":{"system":"som","operation":"submitCancel"},"effect":{"kind":"partial","code":"X","record":"y"}}`, 400, `not carried out record by record`},
		{"the faults", "GET /sandboxes/a/faults", "", 200, `"operation":"submitCancel"`},
		{"disarming an unknown fault", "DELETE /sandboxes/a/faults?name=none", "", 404, `no fault \"none\"`},
		{"disarming all", "DELETE /sandboxes/a/faults", "", 204, ""},
		{"the invariants", "GET /sandboxes/a/invariants", "", 200, `"holds":true`},
		{"a journal", "GET /sandboxes/a/journal?limit=5", "", 200, `"entries":[]`},
		{"waiting in vain", "POST /sandboxes/a/journal/await", `{"match":{"operation":"submitCancel"},"timeout_ms":20}`, 504, "saw 0 of 1 exchanges"},
		{"a service outside", "PUT /services/ops", `{"tick_url":"http://example.com/tick"}`, 403, "outside this machine"},
		{"gone", "DELETE /sandboxes/b", "", 204, ""},
		{"gone twice", "DELETE /sandboxes/b", "", 404, "unknown sandbox"},
		{"an unknown path", "GET /nothing", "", 404, "no operation"},
		{"a wrong verb", "PATCH /sandboxes", "", 405, "allowed are GET, POST"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			status, body := p.call(tc.request, tc.body)
			if status != tc.status || !strings.Contains(body, tc.text) {
				t.Errorf("got %d %s\nwant %d with %s", status, body, tc.status, tc.text)
			}
		})
	}
}

func TestListedAddressesMayBeCalled(t *testing.T) {
	t.Parallel()
	p := newPlane(t, func(c *simulator.Config) { c.Egress = []string{"orderops:8702"} })
	for target, want := range map[string]int{"http://orderops:8702/tick": 204, "http://orderops:8703/tick": 403, "http://orderops:8702@example.com/tick": 403} {
		if status, body := p.call("PUT /services/ops", `{"tick_url":"`+target+`"}`); status != want {
			t.Errorf("%s: got %d %s, want %d", target, status, body, want)
		}
	}
}

func TestOnlyThisMachineIsLetIn(t *testing.T) {
	t.Parallel()
	open, locked := newPlane(t), newPlane(t, func(c *simulator.Config) { c.ControlToken = "s3cret" })
	tests := []struct {
		name   string
		plane  plane
		header []string
		status int
	}{
		{"a page of another name for this machine", open, []string{"Host: evil.example:8701"}, 403},
		{"localhost", open, []string{"Host: localhost:8701"}, 200},
		{"a script of another origin", open, []string{"Origin: https://evil.example"}, 403},
		{"a script of this machine", open, []string{"Origin: http://localhost:3000"}, 200},
		{"no token where one is wanted", locked, nil, 403},
		{"a wrong token", locked, []string{"Authorization: Bearer guess"}, 403},
		{"the token", locked, []string{"Authorization: Bearer s3cret"}, 200},
		{"the token under another name", locked, []string{"Authorization: Bearer s3cret", "Host: somsim.internal"}, 200},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if status, body := tc.plane.call("GET /sandboxes", "", tc.header...); status != tc.status {
				t.Errorf("got %d %s, want %d", status, body, tc.status)
			}
		})
	}
}

func TestServicesAreToldWhenTimeMoves(t *testing.T) {
	t.Parallel()
	var told []string
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var tick struct{ Sandbox, Now string }
		if err := json.NewDecoder(r.Body).Decode(&tick); err != nil {
			t.Error(err)
		}
		told = append(told, tick.Sandbox+" "+tick.Now)
		answer := `{"ran":0,"next_due":null}`
		switch len(told) {
		case 1:
			answer = `{"ran":0,"next_due":"2026-06-01T13:05:00Z"}`
		case 2:
			answer = `{"ran":1,"next_due":null}`
		}
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(service.Close)
	p := newPlane(t)
	if status, body := p.call("PUT /services/ops", `{"tick_url":"`+service.URL+`/tick"}`); status != 204 {
		t.Fatal(status, body)
	}
	status, body := p.call("POST /sandboxes/default/clock/advance", `{"duration":"10m"}`)
	if status != 200 || !strings.Contains(body, `"ticks":1`) || !strings.Contains(body, `"now":"2026-06-01T13:10:00Z"`) {
		t.Errorf("got %d %s", status, body)
	}
	want := "default 2026-06-01T13:00:00Z,default 2026-06-01T13:05:00Z,default 2026-06-01T13:05:00Z,default 2026-06-01T13:10:00Z"
	if got := strings.Join(told, ","); got != want {
		t.Errorf("the service was told %s", got)
	}
	service.Close()
	if status, body := p.call("POST /sandboxes/default/clock/advance", `{"duration":"10m"}`); status != 502 || !strings.Contains(body, "tick of ops") {
		t.Errorf("a service that is gone: %d %s", status, body)
	}
}

func TestQuota(t *testing.T) {
	t.Parallel()
	s := simtest.Start(t)
	const path = "/control/v1/sandboxes/default/som/daily-api-requests"
	tests := []struct {
		name, method, path, body string
		status                   int
		text                     string
	}{
		{"at first", "GET", path, "", 200, `{"used":0,"max":100000}`},
		{"set", "PUT", path, `{"max":5}`, 200, `{"used":0,"max":5}`},
		{"read back", "GET", path, "", 200, `{"used":0,"max":5}`},
		{"back to the configured number", "PUT", path, `{"max":0}`, 200, `{"used":0,"max":100000}`},
		{"below zero", "PUT", path, `{"max":-1}`, 400, "max"},
		{"nothing", "PUT", path, `{}`, 400, "max"},
		{"a sandbox that is not there", "PUT", "/control/v1/sandboxes/nowhere/som/daily-api-requests", `{"max":5}`, 404, "nowhere"},
	}
	for _, tc := range tests {
		req, err := http.NewRequestWithContext(t.Context(), tc.method, s.ControlURL+tc.path, strings.NewReader(tc.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil || resp.StatusCode != tc.status || !strings.Contains(string(body), tc.text) {
			t.Errorf("%s: %d %s, want %d with %s", tc.name, resp.StatusCode, body, tc.status, tc.text)
		}
	}
}
