package service_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// hookCall is a call of commerce at an extension point, signed with a secret.
func (g *rig) hookCall(secret, hook, input string) request {
	g.t.Helper()
	document := `{"order_no":"` + orderNo + `","site_id":"RefArch","status":"new","export_status":"exported","currency":"EUR","order_total":20.00,"creation_date":"2026-05-31T13:00:00.000Z",` +
		`"customer_info":{"customer_id":"cust1"},"product_items":[{"item_id":"line-a","product_id":"A","quantity":2}],"c_action":"cancel","c_note":"new"}`
	body := fmt.Sprintf(`{"hook":%q,"api":"ocapi","site_id":"RefArch","version":"23.2","client_id":"client","caller":{"type":"registered","customer_id":"cust1"},`+
		`"resource":{"order_no":%q},"input":%s,"document":%s,"custom":{}}`, hook, orderNo, input, document)
	out := g.eventRequest(secret, body)
	out.path = "/order-ops/v1/hooks"
	return out
}

const afterPatch = "dw.ocapi.shop.order.afterPATCH"

func TestHooksAreBelievedWithASignatureAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	if got := g.do(g.hookCall("somsim", "dw.ocapi.shop.order.beforeGET", "null")); got.status != http.StatusOK || strings.TrimSpace(got.raw) != `{"status":"OK"}` {
		t.Errorf("a point with nothing to do: %d %s", got.status, got.raw)
	}
	unsigned := g.hookCall("somsim", afterPatch, `{"c_action":"cancel","c_actionRequestId":"k"}`)
	unsigned.header = nil
	for name, r := range map[string]request{"unsigned": unsigned, "of another secret": g.hookCall("another", afterPatch, `{"c_action":"cancel","c_actionRequestId":"k"}`)} {
		if got := g.do(r); got.status != http.StatusUnauthorized || !strings.Contains(got.raw, `"code":"INVALID_SIGNATURE"`) {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
		}
	}
	if w.count("submit-cancel") != 0 {
		t.Error("an order was cancelled for somebody unknown")
	}
	bad := g.eventRequest("somsim", `{"hook":"dw.ocapi.shop.order.afterPATCH","input":{"c_action":"cancel"},"document":[]}`)
	bad.path = "/order-ops/v1/hooks"
	if got := g.do(bad); got.status != http.StatusOK || !strings.Contains(got.raw, `"code":"INVALID_REQUEST"`) {
		t.Errorf("no order: %d %s", got.status, got.raw)
	}
}

func TestWithoutASecretNoHookIsBelieved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cfg := production(w)
	cfg.HooksSecret = ""
	g := start(t, w, cfg)
	if got := g.do(g.hookCall("", afterPatch, `{"c_action":"cancel","c_actionRequestId":"k"}`)); got.status != http.StatusUnauthorized || w.count("submit-cancel") != 0 {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

// What asked for an action is taken off the order again, and what was there before comes back.
func TestAHookRestoresTheOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	const input = `{"c_action":"cancel","c_actionRequestId":"k","c_note":"new"}`
	before := g.do(g.hookCall("somsim", "dw.ocapi.shop.order.beforePATCH", input))
	if !strings.Contains(before.raw, `"custom":{"order_ops_before":{"c_action":"cancel","c_note":"new"}}`) {
		t.Errorf("before: %s", before.raw)
	}
	after := g.do(g.hookCall("somsim", afterPatch, input))
	if after.status != http.StatusOK || !strings.Contains(after.raw, `"changes":{"c_action":null,"c_actionRequestId":null,"c_note":null}`) ||
		!strings.Contains(after.raw, `"order_ops_operation"`) || w.canceled != 2 {
		t.Errorf("after: %d %s", after.status, after.raw)
	}
	if plain := g.do(g.hookCall("somsim", afterPatch, `{"c_note":"x"}`)); strings.TrimSpace(plain.raw) != `{"status":"OK"}` {
		t.Errorf("an ordinary PATCH: %s", plain.raw)
	}
}

// Whoever asks commerce to open an order again that order management has cancelled is refused by the hook: the money is on its
// way back. An order that never got there is commerce's own.
func TestAHookKeepsACancelledOrderClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	ask := func(order, input string) string {
		r := g.hookCall("somsim", "dw.ocapi.shop.order.beforePATCH", input)
		body := strings.ReplaceAll(strings.Replace(r.body, `"status":"new"`, `"status":"cancelled"`, 1), orderNo, order)
		signed := g.eventRequest("somsim", body)
		signed.path = r.path
		return strings.TrimSpace(g.do(signed).raw)
	}
	if got := ask(orderNo, `{"status":"open"}`); !strings.Contains(got, `"status":"ERROR","code":"CANNOT_REOPEN"`) {
		t.Errorf("an order that order management has: %s", got)
	}
	for what, got := range map[string]string{
		"another status":             ask(orderNo, `{"status":"cancelled"}`),
		"no status":                  ask(orderNo, `{"c_note":"x"}`),
		"an order that never got on": ask("99999999", `{"status":"open"}`),
	} {
		if got != `{"status":"OK"}` {
			t.Errorf("%s: %s", what, got)
		}
	}
}
