package service_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/service"
	"github.com/somsim/somsim/orderops/settle"
)

// In production a sandbox named from outside changes nothing, however it is named and by whichever face: there is one
// order, one key and one effect, and no call names a sandbox. This proves case 96 of the catalogue.
func TestProductionIgnoresSandboxes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, production(w))
	rest := "/order-ops/v1/orders/" + orderNo + "/cancellations"
	first := g.do(request{path: rest, key: "k", header: http.Header{"Baggage": {"sandbox=evil"}}})
	if first.status != 200 || first.body.Cancellation.AlreadyCancelled {
		t.Fatalf("answered %d %s", first.status, first.raw)
	}
	for name, header := range map[string]http.Header{
		"no header": {}, "another baggage": {"Baggage": {"a=b, sandbox=worse;p=1"}}, "a header": {"X-Sandbox": {"worse"}},
		"two that disagree": {"Baggage": {"sandbox=evil"}, "X-Sandbox": {"worse"}},
	} {
		again := g.do(request{path: rest, key: "k", header: header})
		if again.status != 200 || again.body.OperationID != first.body.OperationID {
			t.Errorf("%s: the same key answers %d %s", name, again.status, again.raw)
		}
		other := g.do(request{path: rest, key: "k2", header: header})
		if other.status != 200 || !other.body.Cancellation.AlreadyCancelled {
			t.Errorf("%s: another key answers %d %s", name, other.status, other.raw)
		}
		op := g.do(request{method: http.MethodGet, path: "/order-ops/v1/operations/" + first.body.OperationID, header: header})
		if op.status != 200 || op.body.State != "succeeded" {
			t.Errorf("%s: the operation answers %d %s", name, op.status, op.raw)
		}
		shop := g.do(request{method: http.MethodPatch, path: ocapiOrder, body: `{"c_action":"cancel","c_actionRequestId":"k"}`, header: header})
		if shop.status != 200 || len(shop.body.CResult.Cancellation.Effects) == 0 {
			t.Errorf("%s: the storefront answers %d %s", name, shop.status, shop.raw)
		}
	}
	if w.count("submit-cancel") != 1 || w.voided != 2000 || w.canceled != 2 {
		t.Errorf("%d submits, %d cancelled, %d voided, want 1, 2 and 2000", w.count("submit-cancel"), w.canceled, w.voided)
	}
	for _, h := range w.headers {
		for name, values := range h {
			if text := strings.Join(values, " "); strings.Contains(text, "evil") || strings.Contains(text, "worse") || strings.EqualFold(name, "baggage") || strings.EqualFold(name, "X-Sandbox") {
				t.Errorf("forwarded %s: %s", name, text)
			}
		}
	}
	if tick := g.do(request{path: "/order-ops/v1/tick", body: `{"sandbox":"default","now":"2030-01-01T00:00:00Z"}`}); tick.status != 404 {
		t.Errorf("the tick answers %d in production", tick.status)
	}
}

// In simulation mode the sandbox goes with every call, in baggage and credentials.
func TestSimulationForwardsTheSandbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	g.do(request{method: "GET", path: "/order-ops/v1/orders/" + orderNo, header: http.Header{"Baggage": {"a=b, sandbox=run-7;p=1"}, "Correlation-Id": {"c-1"}, "Traceparent": {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}}})
	seen := 0
	for _, h := range w.headers {
		if h.Get("baggage") == "sandbox=run-7" && h.Get("correlation-id") == "c-1" && h.Get("traceparent") != "" {
			seen++
		}
	}
	if seen < 3 { // the log-in, the composite call and commerce
		t.Errorf("%d calls name sandbox, correlation and trace, want all", seen)
	}
}

func TestProductionRefusesTheSimulatorsSecrets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cfg := service.Defaults().Simulation(w.server.URL, "")
	_, err := service.New(cfg)
	var problems *service.ConfigError
	if !errors.As(err, &problems) || len(problems.Problems) != 17 {
		t.Errorf("got %v, want seventeen problems", err)
	}
}

// A merchant without inventory, loyalty and analytics gets cancels without them, and no call goes there.
func TestSystemsThatAreLeftOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, production(w))
	got := g.cancel("k", "")
	states := map[string]string{}
	for _, e := range got.body.Cancellation.Effects {
		states[e.System] = e.State
	}
	for _, system := range []string{"oci", "loyalty", "tracking"} {
		if states[system] != "not_applicable" {
			t.Errorf("%s is %q in %s", system, states[system], got.raw)
		}
	}
	for _, call := range []string{"reservations", "releaseStock", "events", "adjust", "collect"} {
		if n := w.count(call); n != 0 {
			t.Errorf("%d calls of %s", n, call)
		}
	}
}

// What is not known, or lacks what it needs, is refused at start instead of being done otherwise.
func TestPoliciesThatCannotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cfg := simulation(w)
	cfg.MoneyOwners = map[string]service.MoneyOwner{"RefArch": "bank", service.AllSites: service.OwnedByOrderOps}
	cfg.Settle.SpentPoints = settle.BySite[settle.SpentPoints]{settle.AllSites: settle.NegativeBalance, "Outlet": settle.DeductFromRefund}
	cfg.OCI.Organization = ""
	_, err := service.New(cfg)
	var problems *service.ConfigError
	if !errors.As(err, &problems) || len(problems.Problems) != 3 {
		t.Fatalf("got %v, want three problems", err)
	}
	for _, want := range []string{`money-owner="RefArch=bank": is order_ops or som`, `point-value="": is required for spent-points=Outlet=deduct_from_refund`, `oci-organization="": is required`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in %v", want, err)
		}
	}
}

// Nothing that identifies a person or lets somebody in may reach the database.
func TestDatabaseHoldsNoTokensAndNoPersons(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.set("release", status(503))
	g := start(t, w, simulation(w))
	if got := g.cancel("k", `{"items":[{"item_id":"line-a","quantity":2}]}`); got.status != 200 {
		t.Fatalf("answered %d %s", got.status, got.raw)
	}
	text := g.db.dump(t)
	for _, secret := range []string{"som-token", "system-token", shopperToken("cust1", "client"), "Erika", "Mustermann", "erika@", "cust1", "somsim~"} {
		if strings.Contains(text, secret) {
			t.Errorf("the database holds %q", secret)
		}
	}
	if !strings.Contains(text, orderNo) {
		t.Error("the database does not even hold the order number: the test looks in the wrong place")
	}
}

// A database with unfinished work of an unknown version is not started on.
func TestUnknownVersionIsRefused(t *testing.T) {
	t.Parallel()
	w, db := newWorld(t), newDatabase(t)
	g := startOn(t, db, w, simulation(w))
	if got := g.cancel("k", ""); got.status != 200 {
		t.Fatalf("answered %d", got.status)
	}
	g.stop()
	if _, err := db.open(t).ExecContext(t.Context(), `UPDATE `+db.workflows+`workflow_status SET status = 'PENDING', application_version = 'order-ops-99'`); err != nil {
		t.Fatal(err)
	}
	_, err := service.New(db.under(simulation(w)))
	var foreign *command.ForeignVersionError
	if !errors.As(err, &foreign) || len(foreign.Versions) != 1 || foreign.Versions[0] != "order-ops-99" {
		t.Errorf("got %v, want a refusal that names order-ops-99", err)
	}
}

// A command that was stored, and whose process died before its workflow began, is begun at the next start.
func TestStoredCommandIsBegunAtStart(t *testing.T) {
	t.Parallel()
	w, db := newWorld(t), newDatabase(t)
	db.tables(t)
	_, err := db.open(t).ExecContext(t.Context(), `INSERT INTO ops_command (id, sandbox, site, order_no, key, action, body_hash, input, correlation_id, trace_parent,
		state, attempt, answer, created_at) VALUES ('op-1', 'default', 'RefArch', '`+orderNo+`', 'k', 'cancel', 'h', '{"commerce_status":"open","currency":"EUR"}', 'c', '', 'running', 1, '{}', 1772445600000)`)
	if err != nil {
		t.Fatal(err)
	}
	g := startOn(t, db, w, simulation(w))
	g.await("op-1", "succeeded")
	if w.canceled != 2 {
		t.Errorf("%d cancelled, want 2", w.canceled)
	}
}
