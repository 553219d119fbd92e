package service_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestOrderIsShownWithWhatOrderManagementKnows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	one := g.do(request{method: http.MethodGet, path: "/order-ops/v1/orders/" + orderNo})
	if one.status != 200 || one.body.Status != "confirmed" || one.body.SOMOrder == nil {
		t.Fatalf("answered %d %s", one.status, one.raw)
	}
	if got := strings.Join(one.body.SOMOrder.AllowedActions, " "); got != "cancel modify" {
		t.Errorf("allowed actions %q, want cancel and modify", got)
	}
	if !strings.Contains(one.raw, `"deliveryGroups":null`) || !strings.Contains(one.raw, `"reference_id":"deliveryMethods"`) {
		t.Errorf("a part that failed must be null and named: %s", one.raw)
	}
	list := g.do(request{method: http.MethodGet, path: "/order-ops/v1/orders?limit=50"})
	if list.status != 200 || len(list.body.Orders) != 1 || list.body.Orders[0].Status != "confirmed" {
		t.Errorf("list answered %d %s", list.status, list.raw)
	}
	if n := w.count("composite"); n != 2 {
		t.Errorf("%d calls to order management for one order and one page, want 2", n)
	}
}

func TestOrderManagementDownStillShowsTheOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.set("composite", status(503))
	g := start(t, w, simulation(w))
	got := g.do(request{method: http.MethodGet, path: "/order-ops/v1/orders/" + orderNo})
	if got.status != 200 || got.body.SOMOrder != nil || got.body.SOMError == nil || got.body.SOMError.Code != "OMS_UNAVAILABLE" {
		t.Errorf("answered %d %s", got.status, got.raw)
	}
}

func TestCancelWholeOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	first := g.cancel("k1", `{"reason_code":"changed_mind","expected_refund":20}`)
	if first.status != 200 || first.body.Cancellation.Refund != "20" {
		t.Fatalf("answered %d %s", first.status, first.raw)
	}
	for _, e := range first.body.Cancellation.Effects {
		if e.State != "done" {
			t.Errorf("effect %+v, want done", e)
		}
	}
	if w.canceled != 2 || w.voided != 2000 || w.booked || w.status != "cancelled" {
		t.Errorf("world: %d cancelled, %d voided, booked %t, status %s", w.canceled, w.voided, w.booked, w.status)
	}
	if diff := cmp.Diff([]string{"PaymentAuthAdjustment 3000_1"}, w.recorded); diff != "" || w.reserved != 0 || w.points != 0 {
		t.Errorf("%v units reserved, %d points, rows of money (-want +got):\n%s", w.reserved, w.points, diff)
	}
	if diff := cmp.Diff([]string{"refund " + orderNo + " 20 EUR [{SKU1 2}]"}, w.tracked); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	again := g.cancel("k1", `{"reason_code":"changed_mind","expected_refund":20.00}`)
	if again.status != 200 || again.body.OperationID != first.body.OperationID {
		t.Errorf("the same key answers %d %s, want the stored answer", again.status, again.raw)
	}
	if other := g.cancel("k1", `{"reason_code":"other"}`); other.status != 422 || other.body.Code != "IDEMPOTENCY_KEY_REUSED" {
		t.Errorf("the same key with another body answers %d %s", other.status, other.raw)
	}
	if second := g.cancel("k2", ""); second.status != 200 || !second.body.Cancellation.AlreadyCancelled {
		t.Errorf("another cancel answers %d %s", second.status, second.raw)
	}
	if n := w.count("submit-cancel"); n != 1 {
		t.Errorf("%d submits, want 1", n)
	}
	op := g.do(request{method: http.MethodGet, path: "/order-ops/v1/operations/" + first.body.OperationID})
	if op.status != 200 || op.body.State != "succeeded" {
		t.Errorf("the operation answers %d %s", op.status, op.raw)
	}
}

// Ten taps at once with ten keys: one cancels, each other is told that one is running or that it is cancelled already.
func TestConcurrentCancelsCancelOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	var wait sync.WaitGroup
	replies := make([]reply, 10)
	for i := range replies {
		wait.Go(func() { replies[i] = g.cancel("key-"+string(rune('a'+i)), "") })
	}
	wait.Wait()
	for _, r := range replies {
		fine := (r.status == 200) || (r.status == 409 && r.body.Code == "ORDER_ACTION_IN_PROGRESS" && r.body.Retriable)
		if !fine {
			t.Errorf("answered %d %s", r.status, r.raw)
		}
	}
	if w.count("submit-cancel") != 1 || w.voided != 2000 {
		t.Errorf("%d submits and %d voided, want 1 and 2000", w.count("submit-cancel"), w.voided)
	}
}

// Ten retries at once with one key are one command with one answer.
func TestConcurrentRetriesShareOneAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	var wait sync.WaitGroup
	ids := make([]string, 10)
	for i := range ids {
		wait.Go(func() { ids[i] = g.cancel("same", "").body.OperationID })
	}
	wait.Wait()
	for _, id := range ids {
		if id == "" || id != ids[0] {
			t.Errorf("operations %q, want one", ids)
			break
		}
	}
	if n := w.count("submit-cancel"); n != 1 {
		t.Errorf("%d submits, want 1", n)
	}
}

// A refusal for a passing reason keeps nothing: the same key works once the reason has passed.
func TestKeyMayBeUsedAgainAfterAnOutage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.set("preview-cancel", status(503))
	g := start(t, w, simulation(w))
	down := g.cancel("k1", "")
	if down.status != 503 || down.body.Code != "OMS_UNAVAILABLE" || down.header.Get("Retry-After") == "" {
		t.Fatalf("answered %d %s", down.status, down.raw)
	}
	if w.canceled != 0 || !w.booked {
		t.Errorf("something was changed: %d cancelled, booked %t", w.canceled, w.booked)
	}
	w.set("preview-cancel", nil)
	if up := g.cancel("k1", ""); up.status != 200 {
		t.Errorf("the same key answers %d %s", up.status, up.raw)
	}
}

// What cannot be done at once is owed, and done by a tick once it is time.
func TestOwedEffectIsDoneByATick(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.set("release", status(503))
	g := start(t, w, simulation(w))
	first := g.cancel("k1", "")
	if first.status != 200 || !strings.Contains(first.raw, `"action":"release","state":"pending"`) {
		t.Fatalf("answered %d %s", first.status, first.raw)
	}
	if ran, more := g.tick(0); ran != 0 || !more {
		t.Errorf("too early: ran %d, more %t", ran, more)
	}
	if ran, more := g.tick(time.Second); ran != 1 || !more || !w.booked {
		t.Errorf("still down: ran %d, more %t, booked %t", ran, more, w.booked)
	}
	w.set("release", nil)
	if ran, more := g.tick(time.Minute); ran != 1 || more || w.booked {
		t.Errorf("up again: ran %d, more %t, booked %t", ran, more, w.booked)
	}
	op := g.do(request{method: http.MethodGet, path: "/order-ops/v1/operations/" + first.body.OperationID})
	if strings.Contains(op.raw, "pending") {
		t.Errorf("the operation still shows something pending: %s", op.raw)
	}
}

// Money that moves later is put on record later, as an effect of its own.
func TestOwedMoneyIsRecordedAfterItMoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.set("void", status(503))
	g := start(t, w, simulation(w))
	first := g.cancel("k1", "")
	if first.status != 200 || strings.Contains(first.raw, `"action":"record"`) || len(w.recorded) != 0 {
		t.Fatalf("nothing has moved, answered %d %s", first.status, first.raw)
	}
	w.set("void", nil)
	w.set("createRow", status(503))
	g.tick(time.Minute)
	if w.voided != 2000 || len(w.recorded) != 0 {
		t.Fatalf("%d voided, recorded %v", w.voided, w.recorded)
	}
	w.set("createRow", nil)
	if _, more := g.tick(time.Hour); more {
		t.Error("something is still owed")
	}
	op := g.do(request{method: http.MethodGet, path: "/order-ops/v1/operations/" + first.body.OperationID})
	if len(w.recorded) != 1 || !strings.Contains(op.raw, `"action":"void","state":"done"`) || !strings.Contains(op.raw, `"action":"record","state":"done"`) {
		t.Errorf("recorded %v, the operation shows %s", w.recorded, op.raw)
	}
}

// A submit without an answer, on an order that cannot be read: the caller polls, a tick finds out.
func TestUnknownOutcomeIsFoundOutByATick(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.set("submit-cancel", func(rw http.ResponseWriter) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.canceled, w.changes = 2, 1
		w.fail["composite"] = status(503)
		rw.WriteHeader(504)
	})
	g := start(t, w, simulation(w))
	first := g.cancel("k1", "")
	if first.status != 202 || first.body.Code != "OUTCOME_UNKNOWN" || first.header.Get("Location") == "" || first.header.Get("Retry-After") == "" {
		t.Fatalf("answered %d %v %s", first.status, first.header, first.raw)
	}
	if busy := g.cancel("k2", ""); busy.status != 409 || busy.body.Code != "ORDER_ACTION_IN_PROGRESS" {
		t.Errorf("another cancel answers %d %s", busy.status, busy.raw)
	}
	w.set("composite", nil)
	g.tick(time.Minute)
	op := g.do(request{method: http.MethodGet, path: first.header.Get("Location")})
	if op.body.State != "succeeded" || w.voided != 2000 || w.count("submit-cancel") != 1 {
		t.Errorf("after the tick: %s, %d voided, %d submits", op.raw, w.voided, w.count("submit-cancel"))
	}
}

func TestRequestsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	cancelPath := "/order-ops/v1/orders/" + orderNo + "/cancellations"
	cases := []struct {
		name   string
		in     request
		status int
		code   string
	}{
		{"no key", request{path: cancelPath}, 400, "IDEMPOTENCY_KEY_REQUIRED"},
		{"a key with a slash", request{path: cancelPath, key: "a/b"}, 400, "IDEMPOTENCY_KEY_REQUIRED"},
		{"an unknown member", request{path: cancelPath, key: "k", body: `{"all":true}`}, 400, "INVALID_REQUEST"},
		{"a list of nothing", request{path: cancelPath, key: "k", body: `{"items":[]}`}, 400, "INVALID_REQUEST"},
		{"a list of nothing to modify", request{path: "/order-ops/v1/orders/" + orderNo + "/modifications", key: "k", body: `{"items":[]}`}, 400, "INVALID_REQUEST"},
		{"a list named twice", request{path: cancelPath, key: "k", body: `{"items":[{"item_id":"line-a","quantity":1}],"items":[]}`}, 400, "INVALID_REQUEST"},
		{"an amount beyond all bounds", request{path: cancelPath, key: "k", body: `{"expected_refund":1e400}`}, 400, "INVALID_REQUEST"},
		{"a digit more than anything has", request{path: cancelPath, key: "k", body: `{"expected_refund":1e31}`}, 400, "INVALID_REQUEST"},
		{"no JSON", request{path: cancelPath, key: "k", body: `{`}, 400, "INVALID_REQUEST"},
		{"two documents", request{path: cancelPath, key: "k", body: `{} {}`}, 400, "INVALID_REQUEST"},
		{"no token", request{path: cancelPath, key: "k", token: "-"}, 401, "UNAUTHENTICATED"},
		{"a bad token", request{path: cancelPath, key: "k", token: "x"}, 401, "UNAUTHENTICATED"},
		{"somebody else's order", request{path: cancelPath, key: "k", token: shopperToken("cust2", "client")}, 404, "ORDER_NOT_FOUND"},
		{"no such order", request{method: "GET", path: "/order-ops/v1/orders/nope"}, 404, "ORDER_NOT_FOUND"},
		{"no such operation", request{method: "GET", path: "/order-ops/v1/operations/nope"}, 404, "OPERATION_NOT_FOUND"},
		{"too long a page", request{method: "GET", path: "/order-ops/v1/orders?limit=51"}, 400, "INVALID_REQUEST"},
		{"modify without a key", request{path: "/order-ops/v1/orders/" + orderNo + "/modifications"}, 400, "IDEMPOTENCY_KEY_REQUIRED"},
		{"modify with no such choice", request{path: "/order-ops/v1/orders/" + orderNo + "/modifications", key: "k1", body: `{"on_existing_basket":"keep"}`}, 400, "INVALID_REQUEST"},
		{"confirm of nothing", request{path: "/order-ops/v1/orders/" + orderNo + "/confirmations", key: "k2", body: `{"new_order_no":"1"}`}, 409, "NOT_EDITING"},
		{"return of what was not handed over", request{path: "/order-ops/v1/orders/" + orderNo + "/returns/preview"}, 409, "NOT_RETURNABLE"},
		{"no such path", request{method: "GET", path: "/order-ops/v1/nope"}, 404, "NOT_FOUND"},
		{"unknown items", request{path: cancelPath, key: "k3", body: `{"items":[{"item_id":"x","quantity":1}]}`}, 400, "UNKNOWN_ITEMS"},
		{"another amount", request{path: cancelPath, key: "k4", body: `{"expected_refund":19.99}`}, 409, "AMOUNT_CHANGED"},
		{"two sandboxes", request{method: "GET", path: "/order-ops/v1/orders/" + orderNo, header: http.Header{"X-Sandbox": {"a"}, "Baggage": {"sandbox=b"}}}, 400, "SANDBOX_CONFLICT"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			got := g.do(tc.in)
			if got.status != tc.status || got.body.Code != tc.code {
				t.Errorf("answered %d %s, want %d %s", got.status, got.raw, tc.status, tc.code)
			}
		})
	}
	if w.canceled != 0 {
		t.Error("a refused request cancelled something")
	}
}

// A commerce line is named by its item_id; the preview says what the cancel then does.
func TestPreviewAndCancelOneUnitByCommerceItem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	body := `{"items":[{"item_id":"line-a","quantity":1}]}`
	preview := g.do(request{path: "/order-ops/v1/orders/" + orderNo + "/cancellations/preview", body: body})
	if preview.status != 200 || !strings.Contains(preview.raw, `"refund":10,`) || w.canceled != 0 {
		t.Fatalf("preview answered %d %s", preview.status, preview.raw)
	}
	if got := g.cancel("k", body); got.status != 200 || w.canceled != 1 || w.voided != 1000 || !w.booked || w.status != "open" {
		t.Errorf("answered %s; world: %d cancelled, %d voided, booked %t, status %s", got.raw, w.canceled, w.voided, w.booked, w.status)
	}
}

// A finished command is remembered for thirty days. After that its key is free, and nothing of it is left.
func TestFinishedCommandIsForgottenAfterThirtyDays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	first := g.cancel("k1", "")
	path := "/order-ops/v1/operations/" + first.body.OperationID
	g.tick(29 * 24 * time.Hour)
	if got := g.do(request{method: http.MethodGet, path: path}); got.status != 200 {
		t.Errorf("after 29 days the operation answers %d", got.status)
	}
	g.tick(31 * 24 * time.Hour)
	if got := g.do(request{method: http.MethodGet, path: path}); got.status != 404 {
		t.Errorf("after 31 days the operation answers %d %s", got.status, got.raw)
	}
	db := g.db.open(t)
	for _, table := range []string{"ops_command", "ops_intent", g.db.workflows + "workflow_status", g.db.workflows + "operation_outputs"} {
		var n int
		if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s holds %d rows, %v, want none", table, n, err)
		}
	}
}

// A caller does not wait for ever: it is told to come back, on both faces, and the work goes on.
func TestSlowCancelIsAnsweredWithALocation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	release := make(chan struct{})
	w.set("preview-cancel", func(rw http.ResponseWriter) {
		<-release
		rw.WriteHeader(201)
		_, _ = rw.Write([]byte(`{"success":true,"errors":[],"changeBalances":{"grandTotalAmount":20}}`))
	})
	cfg := simulation(w)
	cfg.AnswerWithin = 30 * time.Millisecond
	g := start(t, w, cfg)
	first := g.cancel("k1", "")
	if first.status != 202 || first.body.Code != "IN_PROGRESS" || first.header.Get("Location") == "" {
		t.Errorf("answered %d %s", first.status, first.raw)
	}
	same := g.do(request{method: http.MethodPatch, path: ocapiOrder, body: `{"c_action":"cancel","c_actionRequestId":"k1"}`})
	if same.status != 202 || same.header.Get("Location") != first.header.Get("Location") {
		t.Errorf("the other face answers %d %s", same.status, same.raw)
	}
	close(release)
	g.await(first.body.OperationID, "succeeded")
}
