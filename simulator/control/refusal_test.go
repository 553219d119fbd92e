package control_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// Every refusal says what is wrong and where, in one document.
func TestRefusals(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	if status, body := p.call("POST /sandboxes", `{"name":"a","clock":"manual","at":"2026-03-01T09:00:00Z"}`); status != 201 {
		t.Fatal(status, body)
	}
	const faults, await, advance = "POST /sandboxes/a/faults", "POST /sandboxes/a/journal/await", "POST /sandboxes/a/clock/advance"
	tests := []struct {
		name, request, body string
		status              int
		text                string
	}{
		{"no body", "POST /sandboxes", "", 400, "body: it is required"},
		{"a body that is no object", "POST /sandboxes", "[]", 400, "body: value must be an object"},
		{"nothing", "POST /sandboxes", "null", 400, "body: Value is not nullable"},
		{"JSON that goes on", "POST /sandboxes", `{"name":"b"} x`, 400, "body: invalid character 'x'"},
		{"JSON that is cut off", "POST /sandboxes", `{"name":`, 400, "body: "},
		{"no name", "POST /sandboxes", `{}`, 400, `body name: property "name" is missing`},
		{"a name that is a number", "POST /sandboxes", `{"name":7}`, 400, "body name: value must be a string"},
		{"a name that is too long", "POST /sandboxes", `{"name":"` + strings.Repeat("a", 64) + `"}`, 400, "body name: "},
		{"a name with a path in it", "POST /sandboxes", `{"name":"../a"}`, 400, "body name: "},
		{"a seed with a fraction", "POST /sandboxes", `{"name":"b","seed":1.5}`, 400, "body seed: value must be an integer"},
		{"a seed that is too large", "POST /sandboxes", `{"name":"b","seed":99999999999999999999}`, 400, "body seed: number 99999999999999999999 does not fit"},
		{"a seed for a fork", "POST /sandboxes", `{"name":"b","from":"a","seed":2}`, 400, `body seed: a sandbox that is made from the sandbox "a" keeps its seed`},
		{"an unknown clock", "POST /sandboxes", `{"name":"b","clock":"slow"}`, 400, "body clock: value is not one of"},
		{"a time that is none", "POST /sandboxes", `{"name":"b","at":"yesterday"}`, 400, `body at: "yesterday" is no date-time`},
		{"a day that does not exist", "POST /sandboxes", `{"name":"b","at":"2026-02-30T00:00:00Z"}`, 400, "body: "},
		{"an unknown origin", "POST /sandboxes", `{"name":"b","from":"none"}`, 400, "presets are"},
		{"an unknown sandbox", "GET /sandboxes/none", "", 404, `unknown sandbox: "none"`},
		{"a sandbox no name fits", "GET /sandboxes/A%20b", "", 400, "path name: "},
		{"a fork without a name", "POST /sandboxes/a/fork", `{}`, 400, "body name: "},
		{"a fork under its origin's name", "POST /sandboxes/a/fork", `{"name":"a"}`, 409, `sandbox exists already: "a"`},
		{"deleting what is not there", "DELETE /sandboxes/none", "", 404, `"none"`},
		{"the clock of nothing", "GET /sandboxes/none/clock", "", 404, `"none"`},
		{"setting nothing", "PUT /sandboxes/a/clock", `{}`, 400, "body: there must be at least 1 properties"},
		{"setting no time", "PUT /sandboxes/a/clock", `{"now":null}`, 400, "body now: Value is not nullable"},
		{"setting half a time", "PUT /sandboxes/a/clock", `{"now":"12:00"}`, 400, `body now: "12:00" is no date-time`},
		{"setting an unknown mode", "PUT /sandboxes/a/clock", `{"mode":"fast"}`, 400, "body mode: "},
		{"setting the clock of nothing", "PUT /sandboxes/none/clock", `{"mode":"real"}`, 404, `"none"`},
		{"advancing by nothing said", advance, `{}`, 400, "body duration: property"},
		{"advancing by a number", advance, `{"duration":5}`, 400, "body duration: value must be a string"},
		{"advancing back", advance, `{"duration":"-5m"}`, 400, "duration: a clock cannot advance by -5m"},
		{"advancing by an empty text", advance, `{"duration":""}`, 400, `duration: "" is not like 10m`},
		{"advancing by an empty period", advance, `{"duration":"P"}`, 400, `"P" is not like`},
		{"advancing by an empty time", advance, `{"duration":"PT"}`, 400, `"PT" is not like`},
		{"advancing by years", advance, `{"duration":"P1Y"}`, 400, `"P1Y" is not like`},
		{"advancing by more than a clock holds", advance, `{"duration":"P99999999D"}`, 400, `"P99999999D" is not like`},
		{"advancing nothing", "POST /sandboxes/none/clock/advance", `{"duration":"1m"}`, 404, `"none"`},
		{"a fault without a name", faults, `{"effect":{"kind":"reset"}}`, 400, `body name: property "name" is missing`},
		{"a fault with an empty name", faults, `{"name":"","effect":{"kind":"reset"}}`, 400, "body name: minimum string length is 1"},
		{"a fault without an effect", faults, `{"name":"f"}`, 400, "body effect: "},
		{"an unknown effect", faults, `{"name":"f","effect":{"kind":"explode"}}`, 400, "body effect/kind: value is not one of"},
		{"an unknown field of a match", faults, `{"name":"f","match":{"sistem":"som"},"effect":{"kind":"reset"}}`, 400, `body match: property "sistem" is unsupported`},
		{"an unknown system", faults, `{"name":"f","match":{"system":"sum"},"effect":{"kind":"reset"}}`, 400, `fault f: match.system: there is no system "sum"`},
		{"an unknown operation", faults, `{"name":"f","match":{"system":"som","operation":"submitCancle"},"effect":{"kind":"reset"}}`, 400, `fault f: match.operation: there is no operation "submitCancle" in system "som"`},
		{"an operation of no system", faults, `{"name":"f","match":{"operation":"submitCancel"},"effect":{"kind":"reset"}}`, 400, "match.operation: "},
		{"a call before the first", faults, `{"name":"f","match":{"nth":0},"effect":{"kind":"reset"}}`, 400, "body match/nth: number must be at least 1"},
		{"a chance of nothing", faults, `{"name":"f","match":{"probability":0},"effect":{"kind":"reset"}}`, 400, "body match/probability: "},
		{"a chance above certainty", faults, `{"name":"f","match":{"probability":2},"effect":{"kind":"reset"}}`, 400, "body match/probability: number must be at most 1"},
		{"a header that is a number", faults, `{"name":"f","match":{"header":{"X":1}},"effect":{"kind":"reset"}}`, 400, "body match/header/X: "},
		{"a time that ends before it begins", faults, `{"name":"f","match":{"from":"2026-03-02T00:00:00Z","until":"2026-03-01T00:00:00Z"},"effect":{"kind":"reset"}}`, 400, "match.until: 2026-03-01"},
		{"a status that is none", faults, `{"name":"f","effect":{"kind":"status"}}`, 400, "effect.status: 0 is not between 400 and 599"},
		{"a status of success", faults, `{"name":"f","effect":{"kind":"status","status":200}}`, 400, "body effect/status: number must be at least 400"},
		{"a delay of a reset", faults, `{"name":"f","effect":{"kind":"reset","delay_ms":5}}`, 400, "effect.delay_ms: it means nothing for the kind reset"},
		{"a fault of nothing", "POST /sandboxes/none/faults", `{"name":"f","effect":{"kind":"reset"}}`, 404, `"none"`},
		{"the faults of nothing", "GET /sandboxes/none/faults", "", 404, `"none"`},
		{"disarming in nothing", "DELETE /sandboxes/none/faults", "", 404, `"none"`},
		{"disarming by a misspelt parameter", "DELETE /sandboxes/a/faults?named=f", "", 400, "query named: there is no such parameter"},
		{"the invariants of nothing", "GET /sandboxes/none/invariants", "", 404, `"none"`},
		{"the journal of nothing", "GET /sandboxes/none/journal", "", 404, `"none"`},
		{"no entries", "GET /sandboxes/a/journal?limit=0", "", 400, "query limit: number must be at least 1"},
		{"many entries", "GET /sandboxes/a/journal?limit=many", "", 400, "query limit: "},
		{"a misspelt filter", "GET /sandboxes/a/journal?operaton=submitCancel", "", 400, "query operaton: there is no such parameter"},
		{"a filter by an unknown operation", "GET /sandboxes/a/journal?operation=submitCancle", "", 400, `query operation: there is no operation "submitCancle"`},
		{"a filter by an unknown system", "GET /sandboxes/a/journal?system=sum", "", 400, `query system: there is no system "sum"`},
		{"waiting for nothing said", await, `{}`, 400, "body match: property"},
		{"waiting for an unknown operation", await, `{"match":{"system":"som","operation":"submitCancle"}}`, 400, `body match/operation: there is no operation "submitCancle" in system "som"`},
		{"waiting for an unknown phase", await, `{"match":{"phase":"ended"}}`, 400, "body match/phase: "},
		{"waiting for less than one", await, `{"match":{},"count":0}`, 400, "body count: "},
		{"waiting for no time", await, `{"match":{},"timeout_ms":0}`, 400, "body timeout_ms: "},
		{"waiting for too long", await, `{"match":{},"timeout_ms":60001}`, 400, "body timeout_ms: "},
		{"waiting in vain", await, `{"match":{"operation":"submitCancel"},"count":2,"timeout_ms":5}`, 504, "within 5 ms sandbox a saw 0 of 2 exchanges that match"},
		{"waiting in nothing", "POST /sandboxes/none/journal/await", `{"match":{}}`, 404, `"none"`},
		{"a service with capitals", "PUT /services/Ops", `{"tick_url":"http://127.0.0.1:1/"}`, 400, "path service: "},
		{"a service without an address", "PUT /services/ops", `{}`, 400, "body tick_url: "},
		{"a service at an empty address", "PUT /services/ops", `{"tick_url":""}`, 400, `body tick_url: "" is not like http://`},
		{"a service at half an address", "PUT /services/ops", `{"tick_url":"127.0.0.1:8702/tick"}`, 400, "is not like http://"},
		{"a service of another protocol", "PUT /services/ops", `{"tick_url":"ftp://127.0.0.1/tick"}`, 400, "is not like http://"},
		{"a service outside", "PUT /services/ops", `{"tick_url":"http://127.0.0.1.example.com/tick"}`, 403, "body tick_url: http://127.0.0.1.example.com/tick is outside this machine"},
		{"an unknown path", "GET /sandboxes/", "", 404, "no operation at /control/v1/sandboxes/"},
		{"a wrong verb", "POST /health", `{}`, 405, "method POST is not allowed; allowed are GET"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			status, body := p.call(tc.request, tc.body)
			var told struct {
				Title, Detail string
				Status        int
			}
			if err := json.Unmarshal([]byte(body), &told); err != nil {
				t.Fatalf("got %d %s", status, body)
			}
			if status != tc.status || told.Status != status || told.Title != http.StatusText(status) || !strings.Contains(told.Detail, tc.text) {
				t.Errorf("got %d %s\nwant %d with %s", status, body, tc.status, tc.text)
			}
			if strings.Contains(body, "Go struct") || strings.Contains(body, "context deadline") {
				t.Errorf("it speaks of its insides: %s", body)
			}
		})
	}
}

func TestPlainTextIsNoBody(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	status, body := p.call("POST /sandboxes", `{"name":"b"}`, "Content-Type: text/plain")
	if status != 400 || !strings.Contains(body, "Content-Type") {
		t.Errorf("got %d %s", status, body)
	}
	status, body = p.call("POST /sandboxes", `{"name":"`+strings.Repeat("b", 6<<20)+`"}`)
	if status != 413 || !strings.Contains(body, "larger than 5242880 bytes") {
		t.Errorf("got %d %s", status, body)
	}
}
