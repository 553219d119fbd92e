package service_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/somsim/somsim/orderops/service"
	"github.com/somsim/somsim/specs"
)

// rig is a service over a world, with a client that checks every answer against the service's own document.
type rig struct {
	t      *testing.T
	world  *world
	svc    *service.Service
	server *httptest.Server
	router routers.Router
	db     database
	// stop ends the service before the test does.
	stop func()
}

// simulation configures a service in simulation mode over the world.
func simulation(w *world) service.Config {
	return service.Defaults().Simulation(w.server.URL, w.server.URL)
}

// production configures a service as it runs beside real systems.
func production(w *world) service.Config {
	cfg := service.Defaults().Simulation(w.server.URL, "")
	cfg.SOM.ClientID, cfg.Worldline.KeyID = "realapp", "realkey"
	cfg.SOM.ClientSecret, cfg.B2C.ClientID, cfg.B2C.ClientSecret = "s1", "realclient", "s2"
	cfg.Callers = service.Callers{}
	cfg.SlotsKey, cfg.Worldline.Secret, cfg.EventsSecret, cfg.Webhooks.Secret, cfg.HooksSecret = "s3", "s4", "s5", "s6", "s7"
	cfg.OCIURL, cfg.LoyaltyURL, cfg.TrackingURL = "", "", "" // a merchant that has none of these
	return cfg
}

// start begins a service on a database of its own.
func start(t *testing.T, w *world, cfg service.Config) *rig {
	t.Helper()
	return startOn(t, newDatabase(t), w, cfg)
}

// startOn begins a service on a database that a test has seen before.
func startOn(t *testing.T, db database, w *world, cfg service.Config) *rig {
	t.Helper()
	svc, err := service.New(db.under(cfg))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(svc.Handler())
	stop := sync.OnceFunc(func() {
		server.Close()
		_ = svc.Close(context.WithoutCancel(t.Context()))
	})
	t.Cleanup(stop)
	return &rig{t: t, world: w, svc: svc, server: server, router: specification(t), db: db, stop: stop}
}

func specification(t *testing.T) routers.Router {
	t.Helper()
	text, err := specs.FS.ReadFile("orderops/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return router
}

// request is one call of a test.
type request struct {
	method, path, body, key string
	token                   string // "" is shopper cust1, "-" none
	header                  http.Header
}

// reply is an answer with the members that tests look at.
type reply struct {
	status int
	header http.Header
	raw    string
	body   struct {
		OperationID  string `json:"operation_id"`
		Code         string
		State        string
		Status       any
		Retriable    bool
		Cancellation struct {
			AlreadyCancelled bool `json:"already_cancelled"`
			Refund           json.Number
			Effects          []effect
		}
		SOMOrder *struct{ AllowedActions []string } `json:"som_order"`
		SOMError *struct{ Code string }             `json:"som_error"`
		Orders   []struct{ Status string }
		Fault    struct {
			Type      string
			Arguments struct{ StatusCode, StatusMsg string }
		}
		CSOMOrder json.RawMessage `json:"c_somOrder"`
		CSOMError json.RawMessage `json:"c_somError"`
		CResult   struct {
			State        string
			Cancellation struct{ Effects []effect }
		} `json:"c_actionResult"`
	}
}

type effect struct{ System, Action, State string }

// do sends a request and checks that the answer conforms to specs/orderops/openapi.yaml.
func (g *rig) do(r request) reply {
	g.t.Helper()
	if r.method == "" {
		r.method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(g.t.Context(), r.method, g.server.URL+r.path, bytes.NewReader([]byte(r.body)))
	if err != nil {
		g.t.Fatal(err)
	}
	for name, values := range r.header {
		req.Header[name] = values
	}
	if r.key != "" {
		req.Header.Set("Idempotency-Key", r.key)
	}
	if r.token == "" {
		r.token = shopperToken("cust1", "client")
	}
	if r.token != "-" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	if r.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		g.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	g.conforms(req, res, raw)
	out := reply{status: res.StatusCode, header: res.Header, raw: string(raw)}
	if err := json.Unmarshal(raw, &out.body); err != nil {
		g.t.Fatalf("answer is no JSON: %s", raw)
	}
	return out
}

func (g *rig) conforms(req *http.Request, res *http.Response, body []byte) {
	g.t.Helper()
	route, params, err := g.router.FindRoute(req)
	if err != nil {
		return // an unknown path has no document
	}
	if res.Header.Get("correlation-id") == "" && route.Path != "/readyz" && route.Path != "/healthz" && route.Path != "/order-ops/v1/tick" {
		g.t.Errorf("%s %s: no correlation-id", req.Method, req.URL.Path)
	}
	err = openapi3filter.ValidateResponse(g.t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route},
		Status:                 res.StatusCode, Header: res.Header, Body: io.NopCloser(bytes.NewReader(body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	})
	if err != nil {
		g.t.Errorf("%s %s answers %d against its document: %v\n%s", req.Method, req.URL.Path, res.StatusCode, err, body)
	}
}

func (g *rig) cancel(key, body string) reply {
	g.t.Helper()
	return g.do(request{path: "/order-ops/v1/orders/" + orderNo + "/cancellations", key: key, body: body})
}

// tick tells the service that it is that much later in the default sandbox.
func (g *rig) tick(later time.Duration) (ran int, more bool) {
	g.t.Helper()
	now, err := time.Parse(time.RFC3339, clockTime)
	if err != nil {
		g.t.Fatal(err)
	}
	body, err := json.Marshal(object{"sandbox": "default", "now": now.Add(later)})
	if err != nil {
		g.t.Fatal(err)
	}
	res := g.do(request{path: "/order-ops/v1/tick", body: string(body)})
	var answer struct {
		Ran     int
		NextDue *time.Time `json:"next_due"`
	}
	if err := json.Unmarshal([]byte(res.raw), &answer); err != nil || res.status != http.StatusOK {
		g.t.Fatalf("tick answers %d %s", res.status, res.raw)
	}
	return answer.Ran, answer.NextDue != nil
}

// await polls an operation until it has the state. The service works in the background; nothing else tells when it is done.
func (g *rig) await(id, state string) {
	g.t.Helper()
	for range 2000 {
		if got := g.do(request{method: http.MethodGet, path: "/order-ops/v1/operations/" + id}); got.body.State == state {
			return
		}
	}
	g.t.Fatalf("operation %s never became %s", id, state)
}
