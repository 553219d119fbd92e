package scapi_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/scapi"
	"github.com/somsim/somsim/simulator/b2c/shoppertoken"
	"github.com/somsim/somsim/simulator/binding/facetest"
	"github.com/somsim/somsim/simulator/sandbox"
)

const (
	shopperOrders = "/checkout/shopper-orders/v1/organizations/f_ecom_zzte_053/orders"
	adminOrders   = "/checkout/orders/v1/organizations/f_ecom_zzte_053/orders"
	baskets       = "/checkout/shopper-baskets/v2/organizations/f_ecom_zzte_053/baskets"
	customers     = "/customer/shopper-customers/v1/organizations/f_ecom_zzte_053/customers"
	site          = "?siteId=RefArch"
)

// narrow is a client that may only read.
const narrow = "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"

// shop is the face over two equal sandboxes with ada's orders O-1 (new) and O-2 (created), and bob, who has none. Order
// management is played by the desk.
type shop struct {
	*facetest.Bench
	domain *b2c.B2C
	key    *shoppertoken.Key
	desk   *desk
}

func open(t *testing.T) *shop {
	t.Helper()
	key, err := shoppertoken.Open()
	if err != nil {
		t.Fatal(err)
	}
	s := &shop{key: key, desk: &desk{available: decimal.NewFromInt(2), returnable: decimal.NewFromInt(1)}}
	s.Bench, s.domain = facetest.Start(t, b2c.Declare, scapi.New, s.fill)
	return s
}

func (s *shop) fill(tx *sandbox.Tx, d *b2c.B2C) error {
	d.UseOrderManagement(s.desk)
	d.UseOrderDesk(s.desk)
	d.AddClient(tx, b2c.APIClient{ID: b2c.DefaultClientID, Secret: "somsim"})
	d.AddClient(tx, b2c.APIClient{ID: narrow, Secret: "somsim", Scopes: []string{b2c.ScopeBasketsOrders}, SystemScopes: []string{b2c.ScopeOrders}})
	for _, id := range []string{"RefArch", "Outlet"} {
		if err := d.AddSite(tx, b2c.Site{ID: id, Currency: "EUR", TimeZone: "UTC"}); err != nil {
			return err
		}
	}
	for _, name := range []string{"ada", "bob"} {
		if _, err := d.AddCustomer(tx, b2c.NewCustomer{CustomerID: name, Email: name + "@somsim.test", Password: "somsim"}); err != nil {
			return err
		}
	}
	address := b2c.OrderAddress{FirstName: "Ada", LastName: "X", Address1: "Way 1", City: "Town", PostalCode: "12345", CountryCode: "DE"}
	for i, status := range []b2c.Status{b2c.New, b2c.Created} {
		_, err := d.PlaceOrder(tx, b2c.NewOrder{
			OrderNo: "O-" + string(rune('1'+i)), SiteID: "RefArch", CustomerID: "ada", CreatedAt: facetest.Monday().Add(-time.Duration(i) * time.Hour),
			Status: status, BillingAddress: address,
			Items:     []b2c.NewItem{{ProductID: "mug", ProductName: "Mug", Quantity: decimal.NewFromInt(2), BasePrice: decimal.NewFromInt(10)}},
			Shipments: []b2c.NewShipment{{Method: b2c.ShippingMethod{ID: "001", Name: "Ground"}, Address: address}},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// desk is order management that has every order and lets two units be cancelled and one be returned.
type desk struct {
	available, returnable decimal.Decimal
	refuses               bool
}

func (d *desk) Ingest(*sandbox.Tx, b2c.Order) (string, error) { return "summary", nil }

func (d *desk) Reasons() []string { return []string{"Unknown", "Damaged"} }

func (d *desk) Show(_ *sandbox.Tx, o b2c.Order) (b2c.OMSOrder, bool) {
	out := b2c.OMSOrder{Status: "Approved"}
	for _, item := range o.ProductItems {
		out.Items = append(out.Items, b2c.OMSItem{
			ItemID: item.ItemID, Status: "ordered", Ordered: item.Quantity, AvailableToCancel: d.available, AvailableToReturn: d.returnable,
		})
		out.Shipments = []b2c.OMSShipment{{ID: "S", TrackingNumber: "T", Items: []b2c.OMSShipmentItem{{ID: "L", ItemID: item.ItemID, Quantity: item.Quantity}}}}
	}
	return out, true
}

func (d *desk) Cancel(*sandbox.Tx, b2c.Order, string) error {
	return d.answer(b2c.OrderCancelFailed, "b2c.oms.cancel-whole")
}

func (d *desk) Return(*sandbox.Tx, b2c.Order, []b2c.OMSReturn) error {
	return d.answer(b2c.OrderReturnFailed, "b2c.oms.return")
}

func (d *desk) answer(code b2c.Code, rule string) error {
	if d.refuses {
		return &b2c.Error{Code: code, Rule: rule, Message: "no"}
	}
	return nil
}

// as returns the header of a customer's calls, a guest's when the id is empty.
func (s *shop) as(customerID, clientID string) []string {
	s.T.Helper()
	tx := s.World.Write()
	client, err := s.domain.Client(tx, clientID)
	visit := s.domain.GuestVisit(tx, "RefArch", "")
	if customerID != "" {
		customer, unknown := s.domain.Customer(tx, customerID)
		err = errors.Join(err, unknown)
		visit = s.domain.LogInVisit(tx, "RefArch", visit.USID, customer)
	}
	grant, refused := s.domain.Grant(tx, b2c.NewGrant{Visit: visit, Client: client, Public: true})
	token, unsigned := s.key.Access(tx, grant)
	if err = errors.Join(err, refused, unsigned, tx.Commit()); err != nil {
		s.T.Fatal(err)
	}
	return []string{"Authorization", "Bearer " + token}
}

// system returns the header of a system's calls.
func (s *shop) system(clientID string) []string {
	s.T.Helper()
	tx := s.World.Write()
	token := s.domain.IssueSystemToken(tx, clientID)
	if err := tx.Commit(); err != nil {
		s.T.Fatal(err)
	}
	return []string{"Authorization", "Bearer " + token.Token}
}

func (s *shop) send(method, path, body string, header ...string) *httptest.ResponseRecorder {
	s.T.Helper()
	r := httptest.NewRequestWithContext(s.T.Context(), method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return s.Serve(r)
}

func (s *shop) document(w *httptest.ResponseRecorder) map[string]any {
	s.T.Helper()
	got := map[string]any{}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
		s.T.Fatalf("%d %s", w.Code, w.Body)
	}
	return got
}

// refused checks a refusal: status, the last part of its type, and rule.
func (s *shop) refused(w *httptest.ResponseRecorder, status int, kind, rule string) map[string]any {
	s.T.Helper()
	got := map[string]any{}
	err := json.Unmarshal(w.Body.Bytes(), &got)
	if err != nil || w.Code != status || got["type"] != "https://api.commercecloud.salesforce.com/documentation/error/v1/errors/"+kind || s.Last().Rule != rule {
		s.T.Errorf("want %d %s by %q, got %d %s by %q", status, kind, rule, w.Code, w.Body, s.Last().Rule)
	}
	if media := w.Header().Get("Content-Type"); media != "application/problem+json" {
		s.T.Errorf("the error is %s", media)
	}
	return got
}

func TestAShopperReadsAnOrderWithWhatOrderManagementSaysOfIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.as("ada", b2c.DefaultClientID)
	plain := s.document(s.send(http.MethodGet, shopperOrders+"/O-1"+site, "", ada...))
	if plain["orderNo"] != "O-1" || plain["orderTotal"] == nil || plain["omsData"] != nil || plain["_v"] != nil {
		t.Errorf("%v", plain)
	}
	full := s.document(s.send(http.MethodGet, shopperOrders+"/O-1"+site+"&expand=oms,oms_shipments", "", ada...))
	items, _ := full["productItems"].([]any)
	item, _ := items[0].(map[string]any)
	want := map[string]any{
		"status": "ordered", "quantityOrdered": 2.0, "quantityCanceled": 0.0, "quantityReturned": 0.0, "quantityReturnInitiated": 0.0,
		"quantityAvailableToCancel": 2.0, "quantityAvailableToReturn": 1.0,
	}
	if diff := cmp.Diff(want, item["omsData"]); diff != "" {
		t.Error(diff)
	}
	data := map[string]any{"status": "Approved", "shipments": []any{map[string]any{
		"id": "S", "trackingNumber": "T", "shipmentItems": []any{map[string]any{"id": "L", "productItemId": item["itemId"], "quantity": 2.0}},
	}}}
	if diff := cmp.Diff(data, full["omsData"]); diff != "" {
		t.Error(diff)
	}
	page := s.document(s.send(http.MethodGet, customers+"/ada/orders"+site+"&limit=1&offset=1", "", ada...))
	if rows, _ := page["data"].([]any); page["total"] != 2.0 || len(rows) != 1 {
		t.Errorf("%v", page)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, reads, guest, system := s.as("ada", b2c.DefaultClientID), s.as("ada", narrow), s.as("", b2c.DefaultClientID), s.system(b2c.DefaultClientID)
	cases := []struct {
		name, method, path, body string
		header                   []string
		status                   int
		kind, rule               string
	}{
		{"no token", "GET", shopperOrders + "/O-1" + site, "", nil, 401, "invalid-access-token", "b2c.scapi.token"},
		{"a token that is none", "GET", shopperOrders + "/O-1" + site, "", []string{"Authorization", "Bearer x.y.z"}, 401, "invalid-access-token", "b2c.token.issued"},
		{"a system's token", "GET", shopperOrders + "/O-1" + site, "", system, 401, "invalid-access-token", "b2c.token.issued"},
		{"a shopper's token", "GET", adminOrders + site, "", ada, 401, "invalid-access-token", "b2c.token.issued"},
		{"no scope", "POST", shopperOrders + site, `{"basketId":"x"}`, reads, 403, "forbidden", "b2c.scapi.scope"},
		{"a system without scope", "PUT", adminOrders + "/O-1/status" + site, `{"status":"new"}`, s.system(narrow), 403, "forbidden", "b2c.scapi.scope"},
		{"no site", "GET", shopperOrders + "/O-1", "", ada, 400, "missing-query-parameter", "b2c.scapi.site-given"},
		{"a site that is none", "GET", shopperOrders + "/O-1?siteId=x", "", ada, 404, "site-not-found", "b2c.site.known"},
		{"another site", "GET", shopperOrders + "/O-1?siteId=Outlet", "", ada, 403, "forbidden", "b2c.scapi.site-own"},
		{"another organization", "GET", strings.Replace(shopperOrders, "053", "001", 1) + "/O-1" + site, "", ada, 404, "organization-not-found", "b2c.scapi.organization"},
		{"an order that is none", "GET", shopperOrders + "/x" + site, "", ada, 404, "order-not-found", "b2c.order.own"},
		{"somebody else's order", "GET", shopperOrders + "/O-1" + site, "", guest, 404, "order-not-found", "b2c.order.own"},
		{"somebody else's orders", "GET", customers + "/bob/orders" + site, "", ada, 404, "customer-not-found", "b2c.customer.own"},
		{"an expansion that is none", "GET", shopperOrders + "/O-1" + site + "&expand=all", "", ada, 400, "constraint-violation", ""},
		{"a page too large", "GET", customers + "/ada/orders" + site + "&limit=51", "", ada, 400, "constraint-violation", ""},
		{"a time that is none", "GET", customers + "/ada/orders" + site + "&from=now", "", ada, 400, "bad-request", "b2c.scapi.instant"},
		{"a basket that is none", "GET", baskets + "/x" + site, "", ada, 404, "basket-not-found", "b2c.basket.own"},
		{"an order of a basket that is none", "POST", shopperOrders + site, `{"basketId":"x"}`, ada, 404, "basket-not-found", "b2c.basket.own"},
		{"a guest who takes a basket over", "POST", baskets + "/actions/transfer" + site, "", guest, 403, "forbidden", "b2c.scapi.registered"},
		{"a basket that nobody has", "POST", baskets + "/actions/transfer" + site, "", ada, 409, "no-source-basket-exception", "b2c.basket.source"},
		{"a merge into nothing", "POST", baskets + "/actions/merge" + site, "", ada, 409, "basket-merge-no-current-basket-exception", "b2c.basket.source"},
		{"another media type", "POST", shopperOrders + site, `x`, append([]string{"Content-Type", "text/plain"}, ada...), 415, "unsupported-media-type", ""},
		{"bad JSON", "POST", shopperOrders + site, `{"basketId"`, ada, 400, "bad-request", ""},
		{"a path that is none", "GET", shopperOrders + "/O-1/nothing" + site, "", ada, 404, "resource-not-found", ""},
		{"a failure of a placed order", "POST", shopperOrders + "/O-1/actions/fail" + site, `{}`, ada, 409, "order-status-transition", "b2c.order.transition"},
		{"a reason that is none", "POST", shopperOrders + "/O-1/actions/oms-cancel-order" + site, `{"reason":"x"}`, ada, 400, "invalid-reason-code", "b2c.oms.reason"},
		{"a return for a reason that is none", "POST", shopperOrders + "/O-1/actions/oms-return-order" + site, `{"productItems":[{"itemId":"x","quantity":1,"reason":"x"}]}`, ada, 400, "invalid-reason-code", "b2c.oms.reason"},
		{"a return of a line that is none", "POST", shopperOrders + "/O-1/actions/oms-return-order" + site, `{"productItems":[{"itemId":"x","quantity":1}]}`, ada, 400, "unknown-product-item-ids", "b2c.oms.items"},
		{"a search too deep", "GET", adminOrders + site + "&offset=9999&limit=2", "", system, 400, "bad-request", "b2c.scapi.depth"},
		{"a placed order of order management", "PUT", adminOrders + "/O-1/status" + site, `{"status":"cancelled"}`, system, 409, "order-integration-status", "b2c.order.integration-status"},
		{"a status that is none", "PUT", adminOrders + "/O-1/status" + site, `{"status":"lost"}`, system, 400, "constraint-violation", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) { //nolint:paralleltest // one sandbox, whose last journal entry is looked at
			s.T = t
			s.refused(s.send(tc.method, tc.path, tc.body, tc.header...), tc.status, tc.kind, tc.rule)
		})
	}
}

func TestAnOrderIsCancelledAndReturnedAtOrderManagement(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.as("ada", b2c.DefaultClientID)
	order := s.document(s.send(http.MethodGet, shopperOrders+"/O-1"+site, "", ada...))
	items, _ := order["productItems"].([]any)
	item, _ := items[0].(map[string]any)
	back := func(quantity string) *httptest.ResponseRecorder {
		body := `{"productItems":[{"itemId":"` + item["itemId"].(string) + `","quantity":` + quantity + `,"reason":"Damaged"}]}`
		return s.send(http.MethodPost, shopperOrders+"/O-1/actions/oms-return-order"+site, body, ada...)
	}
	cancel := func() *httptest.ResponseRecorder {
		return s.send(http.MethodPost, shopperOrders+"/O-1/actions/oms-cancel-order"+site, `{}`, ada...)
	}
	s.document(back("1"))
	s.document(cancel())
	got := s.refused(back("2"), 400, "return-quantity-exceeded", "b2c.oms.return-quantity")
	if diff := cmp.Diff([]any{item["itemId"]}, got["itemIds"]); diff != "" {
		t.Error(diff)
	}
	s.refused(back("0"), 400, "constraint-violation", "")
	s.desk.refuses = true
	s.refused(back("1"), 409, "order-return-failed", "b2c.oms.return")
	s.refused(cancel(), 409, "order-cancel-failed", "b2c.oms.cancel-whole")
	s.desk.refuses, s.desk.available = false, decimal.NewFromInt(1)
	s.refused(cancel(), 409, "order-cancel-failed", "b2c.oms.cancel-whole")
	tx := s.World.Write()
	if err := errors.Join(s.domain.SetHandover(tx, b2c.Handover{}), tx.Commit()); err != nil {
		t.Fatal(err)
	}
	s.refused(cancel(), 409, "oms-not-active", "b2c.oms.active")
	s.refused(s.send(http.MethodGet, shopperOrders+"/oms-meta-data"+site, "", ada...), 409, "oms-not-active", "b2c.oms.active")
	if plain := s.document(s.send(http.MethodGet, shopperOrders+"/O-1"+site+"&expand=oms", "", ada...)); plain["omsData"] != nil {
		t.Errorf("%v", plain["omsData"])
	}
}

func TestASystemSearchesAndMovesOrders(t *testing.T) {
	t.Parallel()
	s := open(t)
	system := s.system(b2c.DefaultClientID)
	numbers := func(query string) string {
		var found []string
		rows, _ := s.document(s.send(http.MethodGet, adminOrders+site+query, "", system...))["data"].([]any)
		for _, row := range rows {
			found = append(found, row.(map[string]any)["orderNo"].(string))
		}
		return strings.Join(found, " ")
	}
	for query, want := range map[string]string{
		"": "O-1 O-2", "&sortOrder=asc": "O-2 O-1", "&status=created": "O-2", "&limit=1&offset=1": "O-2", "&exportStatus=failed": "",
		"&creationDateFrom=2026-06-01T07:30:00Z": "O-1", "&creationDateTo=2026-06-01T07:30:00Z": "O-2", "&sortBy=last_modified&status=new": "O-1",
	} {
		if got := numbers(query); got != want {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
	put := func(path, body string, status int) {
		t.Helper()
		if w := s.send(http.MethodPut, adminOrders+path+site, body, system...); w.Code != status {
			t.Errorf("%s %s: %d %s", path, body, w.Code, w.Body)
		}
	}
	put("/O-2/payment-status", `{"status":"paid"}`, 204)
	put("/O-2/shipping-status", `{"status":"part_shipped"}`, 204)
	put("/O-2/confirmation-status", `{"status":"confirmed"}`, 204)
	put("/O-2/external-status", `{"status":"picked"}`, 204)
	put("/O-2/status", `{"status":"new"}`, 204)
	if w := s.send(http.MethodPatch, adminOrders+"/O-2"+site, `{"c_note":"ring","orderTotal":1}`, system...); w.Code != http.StatusNoContent {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	got := s.document(s.send(http.MethodGet, adminOrders+"/O-2"+site, "", system...))
	for name, want := range map[string]any{
		"status": "new", "paymentStatus": "paid", "shippingStatus": "part_shipped", "confirmationStatus": "confirmed", "c_note": "ring",
		"placeDate": "2026-06-01T08:00:00.000Z",
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
	put("/O-2/export-status", `{"status":"exported"}`, 204)
}

func TestAFailedOrderOpensItsBasketAgain(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.as("ada", b2c.DefaultClientID)
	w := s.send(http.MethodPost, shopperOrders+"/O-2/actions/fail"+site+"&reopenBasket=true", `{"reasonCode":"payment_auth_failure"}`, ada...)
	if w.Code != http.StatusCreated || !strings.Contains(w.Header().Get("Location"), "/baskets/") {
		t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	o, err := s.domain.Order(s.World.Read(), b2c.Reader{}, "O-2")
	if err != nil || len(o.Notes) != 1 || o.Notes[0].Text != "payment_auth_failure" {
		t.Errorf("the history has no reason: %v %v", o.Notes, err)
	}
	_, id, _ := strings.Cut(w.Header().Get("Location"), "/baskets/")
	s.document(s.send(http.MethodGet, baskets+"/"+id+site, "", ada...))
}

func TestBothSidesNameAnExchange(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, header := range [][]string{s.as("ada", b2c.DefaultClientID), nil} {
		w := s.send(http.MethodGet, shopperOrders+"/O-1"+site, "", append(header, "correlation-id", "c-1")...)
		if got := w.Header().Get("x-correlation-id"); got != "c-1" {
			t.Errorf("%d %q", w.Code, got)
		}
	}
}
