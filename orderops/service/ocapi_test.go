package service_test

import (
	"crypto/rand"
	"net/http"
	"strings"
	"testing"
)

const ocapiOrder = "/s/RefArch/dw/shop/v23_2/orders/" + orderNo

func TestOCAPIDocumentsAreEnriched(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	one := g.do(request{method: http.MethodGet, path: ocapiOrder})
	if one.status != 200 || !strings.Contains(one.raw, `"customer_name":"Erika Mustermann"`) || !strings.Contains(string(one.body.CSOMOrder), `"orderSummaryId":"1Os1"`) {
		t.Errorf("answered %d %s", one.status, one.raw)
	}
	list := g.do(request{method: http.MethodGet, path: "/s/RefArch/dw/shop/v23_2/customers/cust1/orders"})
	if list.status != 200 || !strings.Contains(list.raw, `"_type":"customer_order_result"`) || !strings.Contains(list.raw, `"c_somOrder":{`) {
		t.Errorf("list answered %d %s", list.status, list.raw)
	}
	w.set("composite", status(503))
	down := g.do(request{method: http.MethodGet, path: ocapiOrder})
	if down.status != 200 || string(down.body.CSOMOrder) != "null" || !strings.Contains(string(down.body.CSOMError), `"retriable":true`) {
		t.Errorf("with order management down: %d %s", down.status, down.raw)
	}
}

func TestOCAPICancel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	body := `{"c_action":"cancel","c_actionRequestId":"r1","c_items":"[{\"item_id\":\"line-a\",\"quantity\":2}]","c_expectedRefund":"20.00","_resource_state":"state-1"}`
	got := g.do(request{method: http.MethodPatch, path: ocapiOrder, body: body})
	if got.status != 200 || got.body.CResult.State != "succeeded" || got.body.Status != "cancelled" || w.canceled != 2 {
		t.Errorf("answered %d %s", got.status, got.raw)
	}
	// Both faces are one service: the key of one is the key of the other.
	if same := g.cancel("r1", `{"items":[{"item_id":"line-a","quantity":2}],"expected_refund":20.00}`); same.status != 200 || w.count("submit-cancel") != 1 {
		t.Errorf("the REST face answers the same key %d %s", same.status, same.raw)
	}
}

// What an action would come to is told without a key, and nothing happens.
func TestOCAPIPreview(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	got := g.do(request{method: http.MethodPatch, path: ocapiOrder, body: `{"c_action":"cancel","c_preview":true,"c_items":"[{\"item_id\":\"line-a\",\"quantity\":2}]"}`})
	if got.status != 200 || !strings.Contains(got.raw, `"c_actionPreview":{"action":"cancel","cancellation":{`) || strings.Contains(got.raw, "c_actionResult") {
		t.Errorf("answered %d %s", got.status, got.raw)
	}
	if w.canceled != 0 || w.count("submit-cancel") != 0 {
		t.Errorf("%d units were cancelled by a preview", w.canceled)
	}
	if refused := g.do(request{method: http.MethodPatch, path: ocapiOrder, body: `{"c_action":"cancel","c_preview":true,"c_expectedRefund":"1.00"}`}); refused.status != 400 {
		t.Errorf("a preview of another refund than expected is answered %d %s", refused.status, refused.raw)
	}
}

func TestOCAPIFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	patch := func(body string) request { return request{method: http.MethodPatch, path: ocapiOrder, body: body} }
	cases := []struct {
		name   string
		in     request
		status int
		fault  string
		code   string
	}{
		{"no request id", patch(`{"c_action":"cancel"}`), 400, "HookStatusException", "IDEMPOTENCY_KEY_REQUIRED"},
		{"modify without a key", patch(`{"c_action":"modify"}`), 400, "HookStatusException", "IDEMPOTENCY_KEY_REQUIRED"},
		{"confirm of nothing", patch(`{"c_action":"confirm","c_actionRequestId":"r","c_newOrderNo":"1"}`), 400, "HookStatusException", "NOT_EDITING"},
		{"unknown action", patch(`{"c_action":"dance","c_actionRequestId":"r"}`), 400, "HookStatusException", "INVALID_REQUEST"},
		{"bad items", patch(`{"c_action":"cancel","c_actionRequestId":"r","c_items":"nope"}`), 400, "HookStatusException", "INVALID_REQUEST"},
		{"an unknown partial", patch(`{"c_action":"cancel","c_actionRequestId":"r","c_partial":"perhaps"}`), 400, "HookStatusException", "INVALID_REQUEST"},
		{"unknown reason", patch(`{"c_action":"cancel","c_actionRequestId":"r2","c_reasonCode":"x"}`), 400, "HookStatusException", "INVALID_REASON_CODE"},
		{"stale state", patch(`{"c_action":"cancel","c_actionRequestId":"r","_resource_state":"old"}`), 409, "ResourceStateConflictException", ""},
		{"no token", request{method: "GET", path: ocapiOrder, token: "-"}, 401, "InvalidAccessTokenException", ""},
		{"foreign order", request{method: "GET", path: ocapiOrder, token: shopperToken("cust2", "client")}, 404, "OrderNotFoundException", ""},
		{"foreign customer", request{method: "GET", path: "/s/RefArch/dw/shop/v23_2/customers/cust9/orders"}, 404, "CustomerNotFoundException", ""},
		{"unknown path", request{method: "GET", path: "/s/RefArch/dw/shop/v23_2/baskets/1"}, 404, "ResourcePathNotFoundException", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			got := g.do(tc.in)
			if got.status != tc.status || got.body.Fault.Type != tc.fault || got.body.Fault.Arguments.StatusCode != tc.code {
				t.Errorf("answered %d %s, want %d %s %s", got.status, got.raw, tc.status, tc.fault, tc.code)
			}
		})
	}
	w.set("composite", status(503))
	down := g.do(patch(`{"c_action":"cancel","c_actionRequestId":"r9"}`))
	if down.status != 503 || down.body.Fault.Arguments.StatusCode != "OMS_UNAVAILABLE" || down.header.Get("Retry-After") == "" {
		t.Errorf("with order management down: %d %s", down.status, down.raw)
	}
}

// What is wrong with a request is named, in OCAPI's envelope and without words of the language that this is written in, and
// nothing is changed.
func TestOCAPIBadInputIsNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	const list = `c_items is a list of one or more`
	for what, says := range map[string]string{
		`"c_preview":"yes"`:                  "/c_preview: value must be a boolean",
		`"c_preview":null`:                   "/c_preview: value must not be null",
		`"c_preview":true,"c_preview":false`: "the body names /c_preview twice",
		`"c_previw":true`:                    `"c_previw" is no attribute of c_action cancel`,
		`"surprise":true`:                    `"surprise" is no attribute of c_action cancel`,
		`"status":"new"`:                     `"status" is no attribute of c_action cancel`,
		`"c_items":"two shirts"`:             list,
		`"c_items":"{}"`:                     list,
		`"c_items":"[]"`:                     list,
		`"c_items":[]`:                       list,
		`"c_items":5`:                        list,
		`"c_items":"[{\"item_id\":\"line-a\",\"qty\":1}]"`:                     list,
		`"c_items":"[{\"item_id\":\"line-a\",\"quantity\":1e400}]"`:            list,
		`"c_items":"[{\"item_id\":\"line-a\",\"quantity\":1,\"quantity\":2}]"`: list,
		`"c_items":"[{\"item_id\":\"line-a\",\"quantity\":0.5}]"`:              "item line-a: 0.5",
		`"c_items":"[{\"item_id\":\"line-a\",\"quantity\":0}]"`:                "item line-a: 0",
		`"c_expectedRefund":"lots"`:                                            "c_expectedRefund is no amount",
		`"c_expectedRefund":1e400`:                                             "c_expectedRefund is no amount",
		`"c_expectedTotal":"1e400"`:                                            "c_expectedTotal is no amount",
		`"c_expectedRefund":-5`:                                                "expected a refund of -5, it would be",
	} {
		got := g.do(request{method: http.MethodPatch, path: ocapiOrder, body: `{"c_action":"cancel","c_actionRequestId":"` + rand.Text() + `",` + what + `}`})
		message := got.body.Fault.Arguments.StatusMsg
		if got.status != 400 || got.body.Fault.Type != "HookStatusException" || !strings.Contains(message, says) || strings.Contains(got.raw, "json:") || strings.Contains(got.raw, "struct") {
			t.Errorf("%s is answered %d %s, want %q", what, got.status, got.raw, says)
		}
	}
	if w.canceled != 0 || w.count("submit-cancel") != 0 {
		t.Errorf("%d units were cancelled", w.canceled)
	}
	if got := g.do(request{method: http.MethodPatch, path: ocapiOrder, body: `{"c_action":"cancel","c_actionRequestId":"last","_v":"23.2","c_items":""}`}); got.status != 200 {
		t.Errorf("OCAPI's own member, and a text of nothing, are answered %d %s", got.status, got.raw)
	}
}

// A PATCH without an action is commerce's.
func TestOrdinaryPatchGoesToCommerce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	got := g.do(request{method: http.MethodPatch, path: ocapiOrder, body: `{"c_note":"x"}`})
	if got.status != 200 || w.count("patchOrder") != 1 {
		t.Errorf("answered %d %s after %d patches", got.status, got.raw, w.count("patchOrder"))
	}
	w.set("patchOrder", func(rw http.ResponseWriter) {
		rw.WriteHeader(400)
		_, _ = rw.Write([]byte(`{"_v":"23.2","fault":{"type":"StatusTransitionNotPossibleException","message":"no","arguments":{}}}`))
	})
	refused := g.do(request{method: http.MethodPatch, path: ocapiOrder, body: `{"status":"new"}`})
	if refused.status != 400 || refused.body.Fault.Type != "StatusTransitionNotPossibleException" {
		t.Errorf("commerce's refusal is passed on as %d %s", refused.status, refused.raw)
	}
}
