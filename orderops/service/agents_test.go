package service_test

import (
	"net/http"
	"strings"
	"testing"
)

// userinfo is what the org says of a session.
func userinfo(r *http.Request) (int, any) {
	users := map[string]object{
		"Bearer 00D1!ada":      {"user_id": "005A", "preferred_username": "ada@org.test", "user_type": "STANDARD", "active": true},
		"Bearer 00D1!customer": {"user_id": "005C", "preferred_username": "c@org.test", "user_type": "CSP_LITE_PORTAL", "active": true},
	}
	if user, ok := users[r.Header.Get("Authorization")]; ok {
		return 200, user
	}
	return 403, "Bad_OAuth_Token"
}

// An agent sees every order and may set the cut-off aside, which is told in the audit log; a shopper may not, and a customer
// with a log-in to the org is no agent.
func TestAgentSetsTheCutoffAside(t *testing.T) {
	t.Parallel()
	w, log := newWorld(t), &logged{}
	w.cutoff = "2026-03-02T09:00:00Z" // an hour ago
	cfg := simulation(w)
	cfg.Log = log.logger()
	g := start(t, w, cfg)
	override := http.Header{"Order-Ops-Override": {"cutoff"}}
	cancel := "/order-ops/v1/orders/" + orderNo + "/cancellations"
	for _, tc := range []struct {
		name   string
		r      request
		status int
		code   string
	}{
		{"a shopper is late", request{path: cancel, key: "k1"}, 409, "CUTOFF_PASSED"},
		{"a shopper may not", request{path: cancel, key: "k2", header: override}, 403, "FORBIDDEN"},
		{"a customer of the org is no agent", request{path: cancel, key: "k3", token: "00D1!customer", header: override}, 403, "FORBIDDEN"},
		{"a session that has ended", request{path: cancel, key: "k4", token: "00D1!gone", header: override}, 401, "UNAUTHENTICATED"},
		{"a rule that nobody knows", request{path: cancel, key: "k5", token: "00D1!ada", header: http.Header{"Order-Ops-Override": {"gravity"}}}, 400, "INVALID_REQUEST"},
		{"an agent is late too", request{path: cancel, key: "k6", token: "00D1!ada"}, 409, "CUTOFF_PASSED"},
		{"an agent's key with another wish", request{path: cancel, key: "k6", token: "00D1!ada", header: override}, 422, "IDEMPOTENCY_KEY_REUSED"},
		{"an agent asks first", request{path: cancel + "/preview", token: "00D1!ada", header: override}, 200, ""},
		{"an agent sets it aside", request{path: cancel, key: "k7", token: "00D1!ada", header: override}, 200, ""},
	} {
		if got := g.do(tc.r); got.status != tc.status || got.body.Code != tc.code {
			t.Errorf("%s: %d %s, want %d %s", tc.name, got.status, got.raw, tc.status, tc.code)
		}
	}
	seen := false
	for _, line := range strings.Split(log.String(), "\n") {
		if strings.Contains(line, `"msg":"audit"`) && strings.Contains(line, `"actor":"agent:005A"`) && strings.Contains(line, `"overrides":"cutoff"`) && strings.Contains(line, "succeeded") {
			seen = true
		}
	}
	if !seen {
		t.Errorf("the audit log does not tell who set what aside:\n%s", log)
	}
	if patch := g.do(request{method: http.MethodPatch, path: ocapiOrder, token: "00D1!ada", body: `{"c_note":"x"}`}); patch.status != 403 {
		t.Errorf("an agent's own change of the commerce order answers %d %s", patch.status, patch.raw)
	}
}

// An agent lists the orders of the customer they name; a shopper has only their own.
func TestAgentListsTheOrdersOfACustomer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	const mine, list = "cust1", "/order-ops/v1/orders"
	for _, tc := range []struct {
		name   string
		r      request
		status int
		code   string
	}{
		{"an agent names the customer", request{method: http.MethodGet, path: list + "?customer_id=" + mine, token: "00D1!ada"}, 200, ""},
		{"the list of storefronts", request{method: http.MethodGet, path: "/s/RefArch/dw/shop/v23_2/customers/" + mine + "/orders", token: "00D1!ada"}, 200, ""},
		{"an agent names nobody", request{method: http.MethodGet, path: list, token: "00D1!ada"}, 400, "INVALID_REQUEST"},
		{"a customer of the org is no agent", request{method: http.MethodGet, path: list + "?customer_id=" + mine, token: "00D1!customer"}, 403, "FORBIDDEN"},
		{"a shopper names somebody else", request{method: http.MethodGet, path: list + "?customer_id=other"}, 403, "FORBIDDEN"},
		{"nobody", request{method: http.MethodGet, path: list + "?customer_id=" + mine, token: "-"}, 401, "UNAUTHENTICATED"},
	} {
		if got := g.do(tc.r); got.status != tc.status || got.body.Code != tc.code {
			t.Errorf("%s: %d %s, want %d %s", tc.name, got.status, got.raw, tc.status, tc.code)
		}
	}
}

// What is in memory about a sandbox ends with it: the simulator's tick tells that another one has its name.
func TestASandboxThatWasMadeAnewIsAskedAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	look := request{method: http.MethodGet, path: "/order-ops/v1/orders/" + orderNo, token: "00D1!ada"}
	for _, tc := range []struct {
		world string
		asked int
	}{{"first", 1}, {"first", 1}, {"second", 2}} {
		tick := request{path: "/order-ops/v1/tick", body: `{"sandbox":"default","now":"` + clockTime + `","world":"` + tc.world + `"}`}
		if got := g.do(tick); got.status != 200 {
			t.Fatalf("tick: %d %s", got.status, got.raw)
		}
		if got := g.do(look); got.status != 200 || w.count("userinfo") != tc.asked {
			t.Errorf("in the %s world: %d, and the org was asked about the session %d times, want %d", tc.world, got.status, w.count("userinfo"), tc.asked)
		}
	}
}
