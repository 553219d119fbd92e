package service_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// world is the four systems behind a service as function stubs over HTTP, with one order of two units.
type world struct {
	server *httptest.Server
	mu     sync.Mutex
	// fail answers instead of the system, by operation; a nil entry means none.
	fail     map[string]func(w http.ResponseWriter)
	calls    []string
	headers  []http.Header
	canceled int
	voided   int64
	booked   bool
	status   string
	changes  int
	keys     map[string]bool
	// voidKey is the reference that the void was asked for with; recorded are the rows that order management has of money.
	voidKey  string
	recorded []string
	reserved float64
	points   int
	tracked  []string
	mailed   []string
	complete bool
	// later is how far the clock has been moved.
	later time.Duration
	// cutoff is until when the booking can be given up.
	cutoff string
}

const (
	orderNo   = "00000042"
	somLine   = "10u000000000001AAA"
	clockTime = "2026-03-02T10:00:00.000Z"
)

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{fail: map[string]func(http.ResponseWriter){}, booked: true, status: "open", cutoff: "2099-03-03T18:00:00Z", keys: map[string]bool{}, reserved: 2, points: 20}
	mux := http.NewServeMux()
	for pattern, h := range map[string]struct {
		name string
		f    func(r *http.Request) (int, any)
	}{
		"POST /services/oauth2/token":                        {"somLogin", w.somLogin},
		"POST /services/data/v60.0/composite":                {"composite", w.composite},
		"POST /services/data/v60.0/commerce/{rest...}":       {"change", w.change},
		"POST /services/data/v60.0/sobjects/{object}":        {"createRow", w.createRow},
		"GET " + reservations + "/reservation-documents":     {"reservations", w.reservations},
		"POST " + reservations + "/releases":                 {"releaseStock", w.releaseStock},
		"POST /loyalty/v2/loyalty/events/search":             {"events", w.events},
		"POST /loyalty/v2/loyalty/accounts/{id}/adjust":      {"adjust", w.adjust},
		"POST /mp/collect":                                   {"collect", w.collect},
		"POST /dwsso/oauth2/access_token":                    {"b2cLogin", w.b2cLogin},
		"GET /s/RefArch/dw/shop/v23_2/orders/{no}":           {"getOrder", w.getOrder},
		"PATCH /s/RefArch/dw/shop/v23_2/orders/{no}":         {"patchOrder", w.patchOrder},
		"GET /s/RefArch/dw/shop/v23_2/customers/{id}/orders": {"getCustomerOrders", w.customerOrders},
		"GET /slots/v1/bookings":                             {"bookings", w.bookings},
		"DELETE /slots/v1/bookings/{id}":                     {"release", w.release},
		"GET /v2/{merchant}/payments/{id}/details":           {"payment", w.payment},
		"POST /v2/{merchant}/payments/{id}/cancel":           {"void", w.void},
		"GET /control/v1/sandboxes/{name}/clock":             {"clock", w.clock},
		"POST " + shopperAuth + "/token":                     {"guestToken", w.guestToken},
		"POST " + shopperOrders + "/{no}/lookup":             {"lookup", w.lookup},
		"POST " + shopperOrders + "/{no}/actions/{action}":   {"requestCode", w.requestCode},
		"GET /services/oauth2/userinfo":                      {"userinfo", userinfo},
		"GET /dw/oauth2/jwks":                                {"customerKeys", customerKeys},
		"PUT /control/v1/services/order-ops":                 {"register", func(*http.Request) (int, any) { return 204, nil }},
	} {
		mux.HandleFunc(pattern, w.handle(h.name, h.f))
	}
	w.server = httptest.NewServer(mux)
	t.Cleanup(w.server.Close)
	return w
}

func (w *world) handle(name string, f func(r *http.Request) (int, any)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		key := name
		if name == "change" {
			key = r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
		}
		w.calls = append(w.calls, key)
		w.headers = append(w.headers, r.Header.Clone())
		fail := w.fail[key]
		w.mu.Unlock()
		if fail != nil {
			fail(rw)
			return
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		status, body := f(r)
		rw.Header().Set("Content-Type", "application/json")
		rw.WriteHeader(status)
		if body != nil {
			_ = json.NewEncoder(rw).Encode(body)
		}
	}
}

// set makes an operation fail, or work again with nil.
func (w *world) set(operation string, fail func(http.ResponseWriter)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fail[operation] = fail
}

func (w *world) count(operation string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, c := range w.calls {
		if c == operation {
			n++
		}
	}
	return n
}

func status(code int) func(http.ResponseWriter) {
	return func(rw http.ResponseWriter) { rw.WriteHeader(code) }
}

type object map[string]any

func (w *world) somLogin(*http.Request) (int, any) {
	return 200, object{"access_token": "som-token", "id": "https://login.test/id/00D/005me"}
}

func (w *world) b2cLogin(*http.Request) (int, any) {
	return 200, object{"access_token": "system-token"}
}

func (w *world) clock(*http.Request) (int, any) {
	now, err := time.Parse(time.RFC3339, clockTime)
	if err != nil {
		return 500, nil
	}
	return 200, object{"mode": "manual", "now": now.Add(w.later)}
}

func rows(records ...any) object {
	return object{"totalSize": len(records), "done": true, "records": records}
}

func (w *world) composite(r *http.Request) (int, any) {
	var in struct {
		CompositeRequest []struct{ ReferenceID string }
	}
	if json.NewDecoder(r.Body).Decode(&in) == nil && len(in.CompositeRequest) > 0 && in.CompositeRequest[0].ReferenceID == "adjustments" {
		return 200, object{"compositeResponse": []object{w.onRecord(), {"referenceId": "refunds", "httpStatusCode": 200, "body": rows()}}}
	}
	left := 2 - w.canceled
	var changes []any
	for i := range w.changes {
		changes = append(changes, object{"Id": fmt.Sprintf("1oc%d", i), "OrderItemSummaryId": somLine, "Reason": "Unknown", "CreatedById": "005me", "ChangeOrderItem": object{"Quantity": -w.canceled}})
	}
	item := object{
		"Id": somLine, "ProductCode": "SKU1", "StockKeepingUnit": "SKU1", "TypeCode": "Product", "Type": "Order Product", "Status": "ORDERED",
		"OrderDeliveryGroupSummaryId": "0ag1", "Quantity": left, "QuantityOrdered": 2.0, "QuantityCanceled": w.canceled, "QuantityAllocated": 0, "QuantityFulfilled": 0,
		"QuantityReturnInitiated": 0, "QuantityReturned": 0, "QuantityAvailableToCancel": left, "QuantityAvailableToFulfill": left, "QuantityAvailableToReturn": 0,
		"TotalAmtWithTax": 10 * left,
	}
	summary := object{
		"Id": "1Os1", "OrderNumber": orderNo, "Status": "Created", "OrderedDate": "2026-03-01T09:00:00.000+0000", "GrandTotalAmount": 10 * left,
		"TotalAdjustedProductAmount": 10 * left, "TotalAdjustedDeliveryAmount": 0, "TotalTaxAmount": 0, "OrderItemSummaries": rows(item),
		"OrderDeliveryGroupSummaries": rows(object{"Id": "0ag1"}), "FulfillmentOrders": nil, "ReturnOrders": nil, "OrderSummaries": rows(changes...),
		"OrderPaymentSummaries": rows(object{
			"Id": "0bM1", "Method": "Visa", "Type": "CreditCard", "AuthorizationAmount": 20.0, "CapturedAmount": 0, "RefundedAmount": 0,
			"PaymentAuthorizations": rows(object{"Id": "0Xc1", "Amount": 20.0, "Status": "Processed", "GatewayRefNumber": "3000_0"}),
		}),
	}
	return 200, object{"compositeResponse": []object{
		{"referenceId": "orders", "httpStatusCode": 200, "body": rows(summary)},
		w.deliveryMethods(),
	}}
}

// deliveryMethods may not be seen, unless the world is complete.
func (w *world) deliveryMethods() object {
	if w.complete {
		return object{"referenceId": "deliveryMethods", "httpStatusCode": 200, "body": rows()}
	}
	return object{"referenceId": "deliveryMethods", "httpStatusCode": 400, "body": []object{{"errorCode": "INVALID_TYPE", "message": "no such type"}}}
}

func (w *world) change(r *http.Request) (int, any) {
	var in struct {
		ChangeItems []struct {
			Quantity int `json:"quantity"`
		} `json:"changeItems"`
	}
	if json.NewDecoder(r.Body).Decode(&in) != nil || len(in.ChangeItems) != 1 {
		return 400, []object{{"errorCode": "JSON_PARSER_ERROR"}}
	}
	n := in.ChangeItems[0].Quantity
	out := object{"success": true, "errors": []any{}, "changeBalances": object{"grandTotalAmount": 10 * n}}
	if strings.HasSuffix(r.URL.Path, "submit-cancel") {
		w.canceled += n
		w.changes++
		out["changeOrderId"] = "801C"
	}
	return 201, out
}

func (w *world) order() object {
	return object{
		"_v": "23.2", "_type": "order", "_resource_state": "state-1", "order_no": orderNo, "status": w.status, "order_token": orderToken, "export_status": "exported",
		"creation_date": "2026-03-01T09:00:00.000Z", "currency": "EUR", "order_total": 20.0, "site_id": "RefArch",
		"customer_name": "Erika Mustermann", "customer_info": object{"customer_id": "cust1", "email": "erika@example.test"},
		"product_items": []object{{"item_id": "line-a", "product_id": "SKU1", "quantity": 2}},
	}
}

func fault(kind string) object {
	return object{"_v": "23.2", "fault": object{"type": kind, "message": "no", "arguments": object{}}}
}

func (w *world) getOrder(r *http.Request) (int, any) {
	switch r.Header.Get("Authorization") {
	case "Bearer " + shopperToken("cust1", "client"), "Bearer system-token":
		if r.PathValue("no") == orderNo {
			return 200, w.order()
		}
		return 404, fault("OrderNotFoundException")
	case "Bearer " + shopperToken("cust2", "client"):
		return 404, fault("OrderNotFoundException")
	default:
		return 401, fault("InvalidAccessTokenException")
	}
}

func (w *world) customerOrders(r *http.Request) (int, any) {
	sender := r.Header.Get("Authorization")
	if r.PathValue("id") != "cust1" || sender != "Bearer "+shopperToken("cust1", "client") && sender != "Bearer system-token" {
		return 404, fault("CustomerNotFoundException")
	}
	return 200, object{"_v": "23.2", "_type": "customer_order_result", "count": 1, "start": 0, "total": 1, "data": []object{w.order()}}
}

func (w *world) patchOrder(r *http.Request) (int, any) {
	var in struct{ Status string }
	if json.NewDecoder(r.Body).Decode(&in) == nil && in.Status != "" {
		w.status = in.Status
	}
	return 200, w.order()
}

func (w *world) bookings(*http.Request) (int, any) {
	state := "released"
	if w.booked {
		state = "booked"
	}
	slot := object{"slot_id": "s1", "type": "delivery", "location_id": "L1", "start": "2099-03-04T08:00:00Z", "end": "2099-03-04T10:00:00Z", "time_zone": "Europe/Berlin", "cutoff_at": w.cutoff}
	return 200, object{"bookings": []object{{"booking_id": "bk1", "slot_id": "s1", "order_no": orderNo, "status": state, "slot": slot}}}
}

func (w *world) release(*http.Request) (int, any) {
	w.booked = false
	return 204, nil
}

// onRecord answers whether order management knows of the void.
func (w *world) onRecord() object {
	found := rows()
	if len(w.recorded) > 0 {
		found = rows(object{"Id": "9tv1"})
	}
	return object{"referenceId": "adjustments", "httpStatusCode": 200, "body": found}
}

const reservations = "/inventory/reservation/v1/organizations/f_ecom_zzte_053"

func (w *world) createRow(r *http.Request) (int, any) {
	var in struct{ GatewayRefNumber, ProcessingMode string }
	if json.NewDecoder(r.Body).Decode(&in) != nil || in.ProcessingMode != "External" {
		return 400, []object{{"errorCode": "REQUIRED_FIELD_MISSING", "message": "no"}}
	}
	w.recorded = append(w.recorded, r.PathValue("object")+" "+in.GatewayRefNumber)
	return 201, object{"id": "9tv1", "success": true, "errors": []any{}}
}

func (w *world) reservations(*http.Request) (int, any) {
	records := []object{}
	if w.reserved > 0 {
		records = append(records, object{"stockKeepingUnit": "SKU1", "quantity": w.reserved, "locationGroupIdentifier": "ALL"})
	}
	return 200, object{"reservations": []object{{"reservationId": "r1", "status": "ACTIVE", "records": records}}}
}

func (w *world) releaseStock(r *http.Request) (int, any) {
	var in struct {
		ReleaseRecords []struct {
			ActionRequestID string `json:"actionRequestId"`
			Quantity        float64
		}
	}
	if json.NewDecoder(r.Body).Decode(&in) != nil {
		return 400, object{"title": "Bad Request", "type": "https://x.test/bad-request", "detail": "no"}
	}
	for _, record := range in.ReleaseRecords {
		if !w.keys[record.ActionRequestID] {
			w.keys[record.ActionRequestID] = true
			w.reserved -= record.Quantity
		}
	}
	return 200, object{"success": true, "errors": []any{}}
}

func (w *world) events(*http.Request) (int, any) {
	return 200, object{"events": []object{{
		"id": "ev1", "type": "ACCUMULATE_POINTS", "loyalty_account_id": "acc1", "created_at": clockTime, "source": "LOYALTY_API",
		"accumulate_points": object{"loyalty_program_id": "main", "points": 20, "order_id": orderNo},
	}}}
}

func (w *world) adjust(r *http.Request) (int, any) {
	var in struct {
		AdjustPoints   struct{ Points int } `json:"adjust_points"`
		IdempotencyKey string               `json:"idempotency_key"`
	}
	if json.NewDecoder(r.Body).Decode(&in) != nil {
		return 400, object{"errors": []object{{"category": "INVALID_REQUEST_ERROR", "code": "BAD_REQUEST", "detail": "no"}}}
	}
	if !w.keys[in.IdempotencyKey] {
		w.keys[in.IdempotencyKey] = true
		w.points += in.AdjustPoints.Points
	}
	return 200, object{"event": object{"id": "ev2"}}
}

func (w *world) collect(r *http.Request) (int, any) {
	var in struct {
		Events []struct {
			Name   string
			Params struct {
				TransactionID string `json:"transaction_id"`
				EventID       string `json:"event_id"`
				Value         json.Number
				Currency      string
				Items         []struct {
					ItemID   string `json:"item_id"`
					Quantity json.Number
				}
			}
		}
	}
	if json.NewDecoder(r.Body).Decode(&in) != nil || len(in.Events) != 1 {
		return 400, nil
	}
	p := in.Events[0].Params
	line := fmt.Sprintf("%s %s %s %s %v", in.Events[0].Name, p.TransactionID, p.Value, p.Currency, p.Items)
	if !w.keys[p.EventID] {
		w.keys[p.EventID] = true
		w.tracked = append(w.tracked, line)
	}
	return 204, nil
}

func (w *world) payment(*http.Request) (int, any) {
	return 200, object{
		"id": "3000_0", "status": "PENDING_CAPTURE", "statusOutput": object{"isCancellable": w.voided < 2000},
		"paymentOutput": object{"amountOfMoney": object{"amount": 2000, "currencyCode": "EUR"}},
		"Operations": []object{{
			"id": "3000_1", "status": "CANCELLED", "amountOfMoney": object{"amount": w.voided, "currencyCode": "EUR"},
			"operationReferences": object{"merchantReference": w.voidKey}, "statusOutput": object{"statusCodeChangeDateTime": "20260302100000"},
		}},
	}
}

func (w *world) void(r *http.Request) (int, any) {
	var in struct {
		AmountOfMoney       struct{ Amount int64 }
		OperationReferences struct{ MerchantReference string }
	}
	if key := r.Header.Get("X-GCS-Idempotence-Key"); !w.keys[key] && json.NewDecoder(r.Body).Decode(&in) == nil {
		w.keys[key] = true
		w.voided += in.AmountOfMoney.Amount
		w.voidKey = in.OperationReferences.MerchantReference
	}
	return 200, object{"payment": object{"id": "3000_0", "status": "CANCELLED"}}
}
