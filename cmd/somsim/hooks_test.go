package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator"
)

// twins are two equal sandboxes beside one order-ops: in one a shopper talks to order-ops' own OCAPI face, in the other to
// commerce, which calls order-ops at its extension points.
type twins struct {
	t       *testing.T
	running addresses
	tokens  map[string]string
}

const (
	ownFace  = "own"
	byHooks  = "hooks"
	twinShop = "/s/RefArch/dw/shop/v23_2"
	twinID   = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
)

func openTwins(t *testing.T) *twins {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	running, wait, err := startBeside(ctx, simulator.Config{Preset: "empty"}, beside{address: "127.0.0.1:0", hooks: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		if err := wait(); err != nil {
			t.Error(err)
		}
	})
	w := &twins{t: t, running: running, tokens: map[string]string{}}
	for _, name := range []string{ownFace, byHooks} {
		ask(t, http.MethodPost, running.Control+"/control/v1/sandboxes", `{"name":"`+name+`","from":"omnichannel","clock":"manual","seed":7,"at":"2026-06-01T13:00:00Z"}`, "Content-Type: application/json")
	}
	ask(t, http.MethodPut, w.control(ownFace)+"/b2c/hooks", `{"hooks":[]}`, "Content-Type: application/json")
	return w
}

func (w *twins) control(name string) string {
	return w.running.Control + "/control/v1/sandboxes/" + name
}

// token is the login of a shopper in one of the sandboxes.
func (w *twins) token(name, shopper string) string {
	w.t.Helper()
	if token := w.tokens[name+shopper]; token != "" {
		return token
	}
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.running.API+twinShop+"/customers/auth", strings.NewReader(`{"type":"credentials"}`))
	if err != nil {
		w.t.Fatal(err)
	}
	req.SetBasicAuth(shopper+"@somsim.test", "somsim")
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("x-dw-client-id", twinID+"~"+name)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	w.tokens[name+shopper] = resp.Header.Get("Authorization")
	return w.tokens[name+shopper]
}

type twinAnswer struct {
	Status     int
	RetryAfter string
	Body       map[string]any
}

// send sends one request to one of the twins.
func (w *twins) send(name string, r twinRequest) twinAnswer {
	w.t.Helper()
	base := w.running.API
	if name == ownFace {
		base = w.running.OrderOps
	}
	req, err := http.NewRequestWithContext(w.t.Context(), r.method, base+twinShop+r.path, strings.NewReader(r.body))
	if err != nil {
		w.t.Fatal(err)
	}
	shopper := r.shopper
	if shopper == "" {
		shopper = "shopper-1"
	}
	for header, value := range map[string]string{
		"Authorization": w.token(name, shopper), "x-dw-client-id": twinID + "~" + name, "Content-Type": "application/json", "correlation-id": "twin",
	} {
		req.Header.Set(header, value)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	out := twinAnswer{Status: resp.StatusCode, RetryAfter: resp.Header.Get("Retry-After")}
	if err := json.Unmarshal(text, &out.Body); err != nil {
		w.t.Fatalf("%s: %v", text, err)
	}
	w.forget(out.Body)
	return out
}

// forget takes out what differs between the twins by nature: states of resources, names of operations, and the sentences of
// faults that commerce words itself.
func (w *twins) forget(v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range []string{"_resource_state", "operation_id", "reference", "next", "previous"} {
			delete(v, name)
		}
		if arguments, ok := v["arguments"].(map[string]any); ok && arguments["extensionPoint"] == nil {
			delete(v, "message")
			delete(arguments, "server")
		}
		for _, below := range v {
			w.forget(below)
		}
	case []any:
		for _, below := range v {
			w.forget(below)
		}
	}
}

// twinRequest is a request to both twins, with what the answer has to be.
type twinRequest struct {
	name, method, path, shopper, body string
	// fault makes order management fail for the request.
	fault  bool
	status int
	// holds is a text in the answer.
	holds string
}

func twinRequests() []twinRequest {
	get := func(name, path string, status int, holds string) twinRequest {
		return twinRequest{name: name, method: http.MethodGet, path: path, status: status, holds: holds}
	}
	patch := func(name, order, body string, status int, holds string) twinRequest {
		return twinRequest{name: name, method: http.MethodPatch, path: "/orders/" + order, body: body, status: status, holds: holds}
	}
	ask := func(action, key, more string) string {
		return fmt.Sprintf(`{"c_action":%q,"c_actionRequestId":%q%s}`, action, key, more)
	}
	down := patch("order management is down", "00000101", ask("cancel", "down", ""), 503, "OMS_UNAVAILABLE")
	down.fault = true
	unseen := get("order management is down for a reader", "/orders/00000101", 200, `"c_somOrder":null`)
	unseen.fault = true
	foreign := patch("somebody else's order", "00000101", ask("cancel", "r7", ""), 404, "OrderNotFoundException")
	foreign.shopper = "shopper-2"
	return []twinRequest{
		get("an order", "/orders/00000101", 200, `"c_somOrder":{`),
		get("an unknown order", "/orders/none", 404, "OrderNotFoundException"),
		get("the orders of a customer", "/customers/abcustomer000000000000000001/orders?count=50", 200, `"c_somOrder":{`),
		patch("an ordinary PATCH", "00000101", `{"c_note":"hello"}`, 200, `"c_note":"hello"`),
		patch("an unknown action", "00000101", ask("dance", "r1", ""), 400, "INVALID_REQUEST"),
		patch("no key", "00000101", `{"c_action":"cancel"}`, 400, "IDEMPOTENCY_KEY_REQUIRED"),
		patch("a bad key", "00000101", ask("cancel", "a/b", ""), 400, "IDEMPOTENCY_KEY_REQUIRED"),
		patch("an unknown reason", "00000101", ask("cancel", "r2", `,"c_reasonCode":"whim"`), 400, "INVALID_REASON_CODE"),
		patch("items that are none", "00000101", ask("cancel", "r3", `,"c_items":"nope"`), 400, "INVALID_REQUEST"),
		patch("unknown items", "00000101", ask("cancel", "r4", `,"c_items":"[{\"item_id\":\"x\",\"quantity\":1}]"`), 400, "UNKNOWN_ITEMS"),
		patch("another refund than was shown", "00000101", ask("cancel", "r5", `,"c_expectedRefund":"0.05"`), 400, "HookStatusException"),
		patch("an old state", "00000101", `{"c_action":"cancel","c_actionRequestId":"r6","_resource_state":"`+strings.Repeat("0", 64)+`"}`, 409, "ResourceStateConflictException"),
		patch("what a cancel would come to", "00000101", `{"c_action":"cancel","c_preview":true}`, 200, `"c_actionPreview":{"action":"cancel","cancellation":{`),
		patch("what a modification would come to", "00000102", `{"c_action":"modify","c_preview":true}`, 200, `"c_actionPreview":{"action":"modify","modification":{`),
		patch("what a return of nothing would come to", "00000101", `{"c_action":"return","c_preview":true}`, 400, "NOT_RETURNABLE"),
		patch("a preview that is neither asked for nor not", "00000101", `{"c_action":"cancel","c_preview":"perhaps"}`, 400, ""),
		foreign, down, unseen,
		patch("a cancel", "00000101", ask("cancel", "r8", `,"c_reasonCode":"unknown"`), 200, `"status":"cancelled"`),
		patch("the same once more", "00000101", ask("cancel", "r8", `,"c_reasonCode":"unknown"`), 200, `"c_actionResult"`),
		patch("the same key for something else", "00000101", ask("cancel", "r8", `,"c_reasonCode":"other"`), 400, "IDEMPOTENCY_KEY_REUSED"),
		patch("what was cancelled already", "00000101", ask("cancel", "r9", ""), 200, `"already_cancelled":true`),
		patch("a modification", "00000102", ask("modify", "m1", ""), 200, "c_newBasketUUID"),
		patch("a cancel of what is being modified", "00000102", ask("cancel", "m2", `,"c_expectedRefund":"0.05"`), 400, "HookStatusException"),
		get("the order afterwards", "/orders/00000101", 200, `"status":"cancelled"`),
	}
}

// Commerce with order-ops behind its hooks answers as order-ops' own face does.
func TestBothWaysToOrderOpsAnswerAlike(t *testing.T) {
	t.Parallel()
	w := openTwins(t)
	for _, r := range twinRequests() {
		t.Run(r.name, func(t *testing.T) {
			answers := map[string]twinAnswer{}
			for _, name := range []string{ownFace, byHooks} {
				if r.fault {
					ask(t, http.MethodPost, w.control(name)+"/faults", `{"name":"down","match":{"system":"som"},"effect":{"kind":"status","status":503}}`, "Content-Type: application/json")
				}
				answers[name] = w.send(name, r)
				if r.fault {
					ask(t, http.MethodDelete, w.control(name)+"/faults?name=down", "")
				}
			}
			text, err := json.Marshal(answers[byHooks].Body)
			if err != nil || answers[byHooks].Status != r.status || !strings.Contains(string(text), r.holds) {
				t.Errorf("answered %d, want %d with %s: %s", answers[byHooks].Status, r.status, r.holds, text)
			}
			if diff := cmp.Diff(answers[ownFace], answers[byHooks]); diff != "" {
				t.Errorf("commerce with hooks answers otherwise (-own +hooks)\n%s", diff)
			}
		})
	}
	w.leavesNothing()
}

// leavesNothing looks at the order as commerce keeps it: the attributes that asked for an action are no part of it.
func (w *twins) leavesNothing() {
	w.t.Helper()
	ask(w.t, http.MethodDelete, w.control(byHooks)+"/b2c/hooks", "")
	ask(w.t, http.MethodPut, w.control(byHooks)+"/b2c/hooks", `{"hooks":[]}`, "Content-Type: application/json")
	doc := w.send(byHooks, twinRequest{method: http.MethodGet, path: "/orders/00000101"}).Body
	for name := range doc {
		if strings.HasPrefix(name, "c_") && name != "c_note" && name != "c_somOrderSummaryId" {
			w.t.Errorf("the order keeps %s: %v", name, doc[name])
		}
	}
}
