package service_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/somsim/somsim/orderops/service"
	"github.com/somsim/somsim/specs"
)

// operators is the operators' face of a rig, with answers checked against its own document.
type operators struct {
	*rig
	url string
}

func operatorsOf(t *testing.T, g *rig) operators {
	t.Helper()
	text, err := specs.FS.ReadFile("orderops/operator.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	checked := *g
	if checked.router, err = gorillamux.NewRouter(doc); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(g.svc.OperatorHandler())
	t.Cleanup(server.Close)
	return operators{&checked, server.URL}
}

func (o operators) ask(method, path, body string, header ...string) (int, string) {
	o.t.Helper()
	req, err := http.NewRequestWithContext(o.t.Context(), method, o.url+path, strings.NewReader(body))
	if err != nil {
		o.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if req.Header.Set(header[i], header[i+1]); header[i] == "Host" {
			req.Host = header[i+1]
		}
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	route, params, err := o.router.FindRoute(req)
	if err != nil {
		return res.StatusCode, string(raw) // an unknown path has no document
	}
	err = openapi3filter.ValidateResponse(o.t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route},
		Status:                 res.StatusCode, Header: res.Header, Body: io.NopCloser(bytes.NewReader(raw)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	})
	if err != nil {
		o.t.Errorf("%s %s answers %d against its document: %v\n%s", method, path, res.StatusCode, err, raw)
	}
	return res.StatusCode, string(raw)
}

// expect asks and asserts the status and a part of the answer.
func (o operators) expect(status int, part, method, path, body string, header ...string) {
	o.t.Helper()
	if got, raw := o.ask(method, path, body, header...); got != status || !strings.Contains(raw, part) {
		o.t.Errorf("%s %s %s answers %d %s, want %d and %s", method, path, body, got, raw, status, part)
	}
}

// owingSlots is a service on which a cancel succeeded and gave up releasing the slot, with the log that it wrote.
func owingSlots(t *testing.T) (operators, *bytes.Buffer) {
	t.Helper()
	w := newWorld(t)
	w.set("release", status(503))
	cfg := simulation(w)
	log := &bytes.Buffer{}
	cfg.Log = slog.New(slog.NewTextHandler(log, nil))
	g := start(t, w, cfg)
	if got := g.cancel("k", ""); got.status != http.StatusOK {
		t.Fatalf("answered %d %s", got.status, got.raw)
	}
	for later := time.Minute; later < 3*time.Hour; later += 5 * time.Minute {
		g.tick(later)
	}
	return operatorsOf(t, g), log
}

func TestGivenUpEffectIsRetriedFromItsWorkItem(t *testing.T) {
	t.Parallel()
	o, log := owingSlots(t)
	o.expect(200, `"id":1,`, "GET", "/operator/v1/work-items", "")
	o.expect(200, `"work_items":[]`, "GET", "/operator/v1/work-items?sandbox=other", "")
	o.expect(200, `"state":"failed"`, "GET", "/operator/v1/work-items/1", "")
	o.expect(200, `"state":"retrying"`, "POST", "/operator/v1/work-items/1/retry", `{"by":"ada"}`)
	o.expect(409, "WORK_ITEM_NOT_OPEN", "POST", "/operator/v1/work-items/1/retry", `{"by":"ada"}`)
	o.expect(409, "WORK_ITEM_NOT_OPEN", "POST", "/operator/v1/work-items/1/resolve", `{"by":"ada","note":"x"}`)
	o.world.set("release", nil)
	o.tick(6 * time.Hour)
	o.expect(200, `"settled_by":"order-ops"`, "GET", "/operator/v1/work-items/1", "")
	o.expect(200, `"work_items":[]`, "GET", "/operator/v1/work-items", "")
	o.expect(200, `"state":"resolved"`, "GET", "/operator/v1/work-items?state=all", "")
	if o.world.booked {
		t.Error("the slot is still booked")
	}
	if !strings.Contains(log.String(), "msg=audit work_item=1 decision=retried by=ada") {
		t.Error("the audit log does not say who had it retried")
	}
}

func TestRetryThatWorksAtOnceSaysSo(t *testing.T) {
	t.Parallel()
	o, _ := owingSlots(t)
	o.world.set("release", nil)
	o.expect(200, `"state":"resolved"`, "POST", "/operator/v1/work-items/1/retry", `{"by":"ada"}`)
}

func TestWorkItemIsResolvedWithWhoAndWhy(t *testing.T) {
	t.Parallel()
	o, log := owingSlots(t)
	o.expect(400, "INVALID_REQUEST", "POST", "/operator/v1/work-items/1/resolve", `{"by":"ada"}`)
	o.expect(400, "INVALID_REQUEST", "POST", "/operator/v1/work-items/1/resolve", `{"note":"x"}`)
	o.expect(200, `"state":"resolved"`, "POST", "/operator/v1/work-items/1/resolve", `{"by":"ada","note":"freed by phone"}`)
	o.expect(200, `"note":"freed by phone"`, "GET", "/operator/v1/work-items/1", "")
	items, err := o.svc.WorkItems(t.Context(), "default")
	if err != nil || len(items) != 0 {
		t.Errorf("still open: %v, %v", items, err)
	}
	if !strings.Contains(log.String(), `decision=resolved by=ada`) || !strings.Contains(log.String(), `note="freed by phone"`) {
		t.Error("the audit log does not say who resolved it and why")
	}
}

func TestOperatorsFaceRefusesWhatItDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := operatorsOf(t, start(t, w, simulation(w)))
	o.expect(404, "WORK_ITEM_NOT_FOUND", "GET", "/operator/v1/work-items/7", "")
	o.expect(404, "WORK_ITEM_NOT_FOUND", "POST", "/operator/v1/work-items/seven/retry", `{"by":"a"}`)
	o.expect(404, "ROUTE_NOT_FOUND", "GET", "/operator/v1/other", "")
	o.expect(400, "INVALID_REQUEST", "GET", "/operator/v1/work-items?state=odd", "")
	o.expect(400, "INVALID_REQUEST", "GET", "/operator/v1/work-items?limit=501", "")
	o.expect(400, "INVALID_REQUEST", "GET", "/operator/v1/work-items?after=-1", "")
	o.expect(400, "INVALID_REQUEST", "POST", "/operator/v1/work-items/7/retry", `{"by":"a","who":"b"}`)
	o.expect(400, "INVALID_REQUEST", "POST", "/operator/v1/work-items/7/retry", `{"by":"a"}{}`)
	o.expect(400, "INVALID_REQUEST", "POST", "/operator/v1/work-items/7/retry", ``)
	o.expect(400, "INVALID_REQUEST", "POST", "/operator/v1/instances/x/adopt", `{}`)
}

func TestOperatorsFaceLetsInThisMachineOrTheToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const path = "/operator/v1/instances"
	open := operatorsOf(t, start(t, w, simulation(w)))
	open.expect(403, "FORBIDDEN", "GET", path, "", "Origin", "http://localhost:1")
	open.expect(403, "FORBIDDEN", "GET", path, "", "Host", "rebound.example")
	open.expect(200, "", "GET", path, "", "Host", "[::1]:8703")
	cfg := simulation(w)
	cfg.OperatorToken = "t0ken"
	guarded := operatorsOf(t, start(t, w, cfg))
	guarded.expect(401, "UNAUTHORIZED", "GET", path, "")
	guarded.expect(401, "UNAUTHORIZED", "GET", path, "", "Authorization", "Bearer t0ke")
	guarded.expect(200, "", "GET", path, "", "Authorization", "Bearer t0ken", "Host", "ops.example")
}

func TestDatabaseInstanceAndOperatorsListenerAreChecked(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		change func(*service.Config)
		want   string
	}{
		{"PostgreSQL without an instance", func(c *service.Config) { c.Database = "postgres://db/x" }, "instance"},
		{"PostgreSQL with one", func(c *service.Config) { c.Database, c.Instance = "postgres://db/x", "a" }, ""},
		{"a name with a slash", func(c *service.Config) { c.Instance = "a/b" }, "instance"},
		{"another database", func(c *service.Config) { c.Database = "mysql://db:secret@x" }, "db"},
		{"operators on every address", func(c *service.Config) { c.Operator = ":8703" }, "operator-token"},
		{"operators elsewhere", func(c *service.Config) { c.Operator = "10.0.0.1:8703" }, "operator-token"},
		{"operators elsewhere with a token", func(c *service.Config) { c.Operator, c.OperatorToken = ":8703", "t" }, ""},
		{"operators on loopback", func(c *service.Config) { c.Operator = "localhost:8703" }, ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			cfg := service.Defaults().Simulation("http://s", "http://c")
			tc.change(&cfg)
			got := ""
			for _, p := range cfg.Problems() {
				got += p.Key
				if strings.Contains(p.Value, "secret") {
					t.Errorf("%s tells %q", p.Key, p.Value)
				}
			}
			if got != tc.want {
				t.Errorf("problems with %q, want %q", got, tc.want)
			}
		})
	}
}

// Work items survive as JSON numbers and times that a client can read back.
func TestWorkItemOnTheWire(t *testing.T) {
	t.Parallel()
	o, _ := owingSlots(t)
	_, raw := o.ask("GET", "/operator/v1/work-items", "")
	var page struct {
		WorkItems []struct {
			OrderNo   string `json:"order_no"`
			Retriable bool
			CreatedAt time.Time `json:"created_at"`
		} `json:"work_items"`
	}
	if err := json.Unmarshal([]byte(raw), &page); err != nil || len(page.WorkItems) != 1 {
		t.Fatalf("%v: %s", err, raw)
	}
	if got := page.WorkItems[0]; got.OrderNo != orderNo || !got.Retriable || got.CreatedAt.IsZero() {
		t.Errorf("item %+v", got)
	}
}
