package data_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/data"
	"github.com/somsim/somsim/simulator/binding/facetest"
	"github.com/somsim/somsim/simulator/sandbox"
)

const (
	base  = "/s/-/dw/data/v25_6"
	order = base + "/sites/RefArch/orders/O-1"
)

// office is the face over a shop with ada, her order O-1 of status new and C-1 of status created, and the inventory list main.
type office struct {
	*facetest.Bench
	domain *b2c.B2C
	token  string
}

func open(t *testing.T) *office {
	t.Helper()
	bench, domain := facetest.Start(t, b2c.Declare, data.New, small)
	o := &office{Bench: bench, domain: domain}
	o.change(func(tx *sandbox.Tx) error {
		o.token = "Bearer " + domain.IssueSystemToken(tx, b2c.DefaultClientID).Token
		return nil
	})
	return o
}

func small(tx *sandbox.Tx, d *b2c.B2C) error {
	d.AddClient(tx, b2c.APIClient{ID: b2c.DefaultClientID, Secret: b2c.DefaultClientSecret})
	for _, s := range []b2c.Site{{ID: "RefArch", Name: "Reference", Currency: "EUR", TimeZone: "UTC", InventoryListID: "main"}, {ID: "Other", Currency: "USD", TimeZone: "UTC"}} {
		if err := d.AddSite(tx, s); err != nil {
			return err
		}
	}
	if err := d.AddInventoryList(tx, b2c.InventoryList{ID: "main", Description: "All"}); err != nil {
		return err
	}
	if err := d.SetInventory(tx, b2c.InventoryRecord{ListID: "main", ProductID: "mug", Allocation: decimal.NewFromInt(7)}); err != nil {
		return err
	}
	_, err := d.AddCustomer(tx, b2c.NewCustomer{CustomerID: "ada", CustomerNo: "00001", Email: "ada@somsim.test", Password: "somsim", FirstName: "Ada", LastName: "X"})
	if err != nil {
		return err
	}
	for no, status := range map[string]b2c.Status{"O-1": b2c.New, "C-1": b2c.Created} {
		_, err := d.PlaceOrder(tx, b2c.NewOrder{
			OrderNo: no, SiteID: "RefArch", CustomerID: "ada", Status: status,
			Items:     []b2c.NewItem{{ProductID: "mug", Quantity: decimal.NewFromInt(1), BasePrice: decimal.NewFromInt(10)}},
			Shipments: []b2c.NewShipment{{}}, Payments: []b2c.NewPaymentInstrument{{PaymentMethodID: "CREDIT_CARD"}},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (o *office) change(work func(tx *sandbox.Tx) error) {
	o.T.Helper()
	if err := o.World.Update(work); err != nil {
		o.T.Fatal(err)
	}
}

func (o *office) send(method, path, body string, header ...string) *httptest.ResponseRecorder {
	o.T.Helper()
	r := httptest.NewRequestWithContext(o.T.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Authorization", o.token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return o.Serve(r)
}

func (o *office) done(w *httptest.ResponseRecorder) {
	o.T.Helper()
	if w.Code != http.StatusNoContent || w.Body.Len() != 0 {
		o.T.Errorf("%d %s", w.Code, w.Body)
	}
}

func (o *office) document(w *httptest.ResponseRecorder, status int) map[string]any {
	o.T.Helper()
	doc := map[string]any{}
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil || w.Code != status {
		o.T.Fatalf("%d %s %v", w.Code, w.Body, err)
	}
	return doc
}

// refused checks the fault, the rule behind it and that nothing has changed.
func (o *office) refused(w *httptest.ResponseRecorder, status int, kind, rule string) map[string]string {
	o.T.Helper()
	var got struct {
		Fault struct {
			Type, Message string
			Arguments     map[string]string
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != status || got.Fault.Type != kind+"Exception" || got.Fault.Message == "" {
		o.T.Errorf("want %d %s, got %d %s", status, kind, w.Code, w.Body)
	}
	if e := o.Last(); e.Rule != rule || len(e.Changes) != 0 {
		o.T.Errorf("rule %q, want %q, changes %v", e.Rule, rule, e.Changes)
	}
	return got.Fault.Arguments
}

func (o *office) order(no string) b2c.Order {
	o.T.Helper()
	tx := o.World.Read()
	defer tx.Abort()
	got, err := o.domain.Order(tx, b2c.Reader{}, no)
	if err != nil {
		o.T.Fatal(err)
	}
	return got
}

func equal(t *testing.T, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// desk is order management as the tests need it.
type desk struct{}

func (desk) Ingest(*sandbox.Tx, b2c.Order) (string, error) { return "1Os1", nil }

func TestOrderWritesAnswerNothingAndChangeTheOrder(t *testing.T) {
	t.Parallel()
	o := open(t)
	for path, body := range map[string]string{
		"": `{"c_note":"x"}`, "/confirmation_status": `{"status":"not_confirmed"}`, "/export_status": `{"status":"exported"}`,
		"/external_status": `{"status":"packed"}`, "/payment_status": `{"status":"part_paid"}`, "/shipping_status": `{"status":"shipped"}`,
		"/payment_instruments/" + o.order("O-1").PaymentInstruments[0].ID:                  `{"c_ref":"r"}`,
		"/payment_instruments/" + o.order("O-1").PaymentInstruments[0].ID + "/transaction": `{"transaction_id":"w-1","c_psp":"w"}`,
		"/shipments/me/shipping_address":                                                   `{"first_name":"Bob","last_name":"Y","address1":"Way 2","city":"Town","country_code":"DE"}`,
		"/status":                                                                          `{"status":"open"}`,
	} {
		method := http.MethodPut
		if path == "" || strings.Contains(path, "instruments") {
			method = http.MethodPatch
		}
		o.done(o.send(method, order+path, body))
	}
	got := o.order("O-1")
	paid := got.PaymentInstruments[0]
	equal(t, []string{"x", "not_confirmed", "exported", "packed", "part_paid", "shipped", "open", "r", "w", "w-1", "Bob Y"}, []string{
		got.Custom["note"].Text, string(got.ConfirmationStatus), string(got.ExportStatus), got.ExternalOrderStatus, string(got.PaymentStatus),
		string(got.ShippingStatus), string(got.Status), paid.Custom["ref"].Text, paid.Custom["psp"].Text, paid.TransactionID, got.Shipments[0].Address.FullName(),
	})
}

func TestStatusesAreRefusedByTheNameOfTheAction(t *testing.T) {
	t.Parallel()
	o := open(t)
	put := func(no, status string) *httptest.ResponseRecorder {
		return o.send(http.MethodPut, base+"/sites/RefArch/orders/"+no+"/status", `{"status":"`+status+`"}`)
	}
	equal(t, map[string]string{"orderNo": "C-1"}, o.refused(put("C-1", "cancelled"), 409, "CancelOrder", "b2c.order.transition"))
	equal(t, map[string]string{"statusFrom": "new", "statusTo": "failed"}, o.refused(put("O-1", "failed"), 409, "OrderStatusTransition", "b2c.order.transition"))
	o.done(put("O-1", "cancelled"))
	equal(t, map[string]string{"orderNo": "O-1"}, o.refused(put("O-1", "failed"), 409, "UndoCancelOrder", "b2c.order.transition"))
	o.done(put("C-1", "failed"))
	equal(t, map[string]string{"orderNo": "C-1"}, o.refused(put("C-1", "new"), 409, "PlaceOrder", "b2c.order.transition"))
	o.done(put("C-1", "created"))
	o.done(put("C-1", "failed_with_reopen"))
	if got := o.order("C-1").Status; got != b2c.Failed {
		t.Errorf("status %s", got)
	}
}

func TestOrderManagementKeepsStatusesToItself(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.domain.UseOrderManagement(desk{})
	put := func(no, status string) *httptest.ResponseRecorder {
		return o.send(http.MethodPut, base+"/sites/RefArch/orders/"+no+"/status", `{"status":"`+status+`"}`)
	}
	equal(t, map[string]string{"orderNo": "O-1"}, o.refused(put("O-1", "cancelled"), 409, "OrderIntegrationStatus", "b2c.order.integration-status"))
	o.done(put("C-1", "new"))
	o.change(func(tx *sandbox.Tx) error {
		if err := o.domain.MarkExported(tx, "C-1", "1Os1"); err != nil {
			return err
		}
		return o.domain.SetHandover(tx, b2c.Handover{})
	})
	o.refused(put("C-1", "cancelled"), 409, "OrderPreviouslyIntegratedStatus", "b2c.order.previously-integrated-status")
}

func TestWhatTheDataAPIRefuses(t *testing.T) {
	t.Parallel()
	o := open(t)
	cases := []struct {
		name, method, path, body string
		header                   []string
		status                   int
		fault, rule              string
	}{
		{"no token", "GET", base + "/sites", "", []string{"Authorization", ""}, 401, "AuthorizationHeaderMissing", "b2c.authorization.given"},
		{"a login", "GET", base + "/sites", "", []string{"Authorization", "Basic eA=="}, 401, "InvalidAuthorizationHeader", "b2c.authorization.well-formed"},
		{"a token of nobody", "GET", base + "/sites", "", []string{"Authorization", "Bearer x"}, 401, "InvalidAccessToken", "b2c.token.issued"},
		{"a shopper's token", "GET", base + "/sites", "", []string{"Authorization", "Bearer a.b.c"}, 401, "InvalidAccessToken", "b2c.token.issued"},
		{"an unknown version", "GET", "/s/-/dw/data/v25_7/sites", "", nil, 404, "VersionNotFound", "b2c.version.known"},
		{"an unknown path", "GET", base + "/catalogs", "", nil, 404, "ResourcePathNotFound", ""},
		{"an unknown site", "GET", base + "/sites/Nowhere", "", nil, 404, "SiteNotFound", "b2c.data.site"},
		{"an order of an unknown site", "PUT", base + "/sites/Nowhere/orders/O-1/export_status", `{"status":"ready"}`, nil, 404, "SiteNotFound", "b2c.data.site"},
		{"an order of another site", "PUT", base + "/sites/Other/orders/O-1/export_status", `{"status":"ready"}`, nil, 404, "OrderNotFound", "b2c.order.own"},
		{"an unknown status", "PUT", order + "/status", `{"status":"lost"}`, nil, 400, "EnumConstraintViolation", ""},
		{"an unknown property", "PUT", order + "/status", `{"state":"new"}`, nil, 400, "UnknownProperty", ""},
		{"an attribute that is none", "PATCH", order, `{"c_a":{}}`, nil, 400, "InvalidCustomProperty", "b2c.order.custom-value"},
		{"an unknown payment", "PATCH", order + "/payment_instruments/x", `{}`, nil, 404, "PaymentInstrumentNotFound", "b2c.order.payment-known"},
		{"an unknown shipment", "PUT", order + "/shipments/x/shipping_address", `{"last_name":"Y"}`, nil, 404, "ShipmentNotFound", "b2c.order.shipment-known"},
		{"an unknown customer list", "GET", base + "/customer_lists/x", "", nil, 404, "CustomerListNotFound", "b2c.data.customer-list"},
		{"an unknown customer", "GET", base + "/customer_lists/RefArch/customers/9", "", nil, 404, "CustomerNotFound", "b2c.customer.number-known"},
		{"a number that is taken", "PUT", base + "/customer_lists/RefArch/customers/00001", `{"email":"x@y.z","credentials":{"password":"longenough"}}`, nil, 409, "CustomerAlreadyExists", "b2c.data.customer-number-free"},
		{"a customer without a login", "POST", base + "/customer_lists/RefArch/customers", `{}`, nil, 400, "PropertyConstraintViolation", "b2c.data.customer-login"},
		{"an unknown inventory list", "GET", base + "/inventory_lists/x", "", nil, 404, "InventoryListNotFound", "b2c.data.inventory-list"},
		{"a record of an unknown list", "PUT", base + "/inventory_lists/x/product_inventory_records/mug", `{"allocation":{"amount":1}}`, nil, 404, "InventoryListNotFound", "b2c.data.inventory-list"},
		{"an unknown record", "GET", base + "/inventory_lists/main/product_inventory_records/hat", "", nil, 404, "ProductInventoryRecordNotFound", "b2c.data.inventory-record"},
		{"a count below nothing", "PUT", base + "/inventory_lists/main/product_inventory_records/hat", `{"allocation":{"amount":-1}}`, nil, 400, "ValueConstraintViolation", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(*testing.T) {
			o.refused(o.send(tc.method, tc.path, tc.body, tc.header...), tc.status, tc.fault, tc.rule)
		})
	}
}

func TestSitesAreListed(t *testing.T) {
	t.Parallel()
	o := open(t)
	doc := o.document(o.send(http.MethodGet, base+"/sites?count=1&start=1&select=(**)", ""), 200)
	equal(t, any([]any{map[string]any{
		"_type": "site", "id": "RefArch", "display_name": map[string]any{"default": "Reference"}, "inventory_list_id": "main", "site_currency": "EUR",
		"storefront_status": "online", "customer_list_link": map[string]any{"_type": "customer_list_link", "customer_list_id": "RefArch"},
	}}), doc["data"])
	if doc["total"] != 2.0 || doc["count"] != 1.0 || doc["_v"] != "25.6" {
		t.Errorf("%v", doc)
	}
	one := o.document(o.send(http.MethodGet, base+"/sites/RefArch?select=(id)", ""), 200)
	equal(t, map[string]any{"_v": "25.6", "_type": "site", "id": "RefArch"}, one)
}

// What is there is changed by callers who show that they have seen it: without 409, with an old tag 412.
func (o *office) guarded(path, change string) {
	o.T.Helper()
	seen := o.send(http.MethodGet, path, "")
	tag := seen.Header().Get("ETag")
	if part := o.send(http.MethodGet, path+"?select=(_type)", "").Header().Get("ETag"); part != tag || tag == "" {
		o.T.Errorf("the tags are %q and %q", tag, part)
	}
	o.refused(o.send(http.MethodPatch, path, change), 409, "IfMatchRequired", "b2c.data.if-match")
	o.refused(o.send(http.MethodDelete, path, ""), 409, "IfMatchRequired", "b2c.data.if-match")
	changed := o.send(http.MethodPatch, path, change, "If-Match", tag)
	if now := changed.Header().Get("ETag"); changed.Code != 200 || now == tag {
		o.T.Errorf("%d %s with the tag %q", changed.Code, changed.Body, now)
	}
	equal(o.T, map[string]string{"ifMatch": tag}, o.refused(o.send(http.MethodPatch, path, change, "If-Match", tag), 412, "InvalidIfMatch", "b2c.data.if-match-current"))
	o.refused(o.send(http.MethodDelete, path, "", "If-Match", tag), 412, "InvalidIfMatch", "b2c.data.if-match-current")
	o.done(o.send(http.MethodDelete, path, "", "If-Match", changed.Header().Get("ETag")))
	if again := o.send(http.MethodGet, path, ""); again.Code != 404 {
		o.T.Errorf("%s is still there: %d", path, again.Code)
	}
}

func TestCustomersOfAList(t *testing.T) {
	t.Parallel()
	o := open(t)
	list := base + "/customer_lists/RefArch"
	equal(t, map[string]any{"_v": "25.6", "_type": "customer_list", "id": "RefArch"}, o.document(o.send(http.MethodGet, list, ""), 200))
	made := o.document(o.send(http.MethodPut, list+"/customers/00007", `{"email":"eve@somsim.test","last_name":"Z","c_vip":true,"credentials":{"login":"eve","password":"longenough"}}`), 201)
	if made["customer_no"] != "00007" || made["c_vip"] != true || made["credentials"].(map[string]any)["login"] != "eve" {
		t.Errorf("%v", made)
	}
	tx := o.World.Read()
	if _, err := o.domain.Login(tx, "eve", "longenough"); err != nil {
		t.Error(err)
	}
	tx.Abort()
	made = o.document(o.send(http.MethodPost, list+"/customers", `{"email":"max@somsim.test","credentials":{"password":"longenough"}}`), 201)
	if made["customer_no"] == "" || made["customer_no"] == "00007" {
		t.Errorf("%v", made)
	}
	doc := o.document(o.send(http.MethodGet, list+"/customers?count=2", ""), 200)
	if doc["total"] != 3.0 || doc["count"] != 2.0 || doc["data"].([]any)[1].(map[string]any)["email"] != "ada@somsim.test" {
		t.Errorf("%v", doc)
	}
	o.guarded(list+"/customers/00001", `{"first_name":"Augusta","c_note":"x"}`)
}

func TestInventoryLists(t *testing.T) {
	t.Parallel()
	o := open(t)
	lists := base + "/inventory_lists"
	made := o.send(http.MethodPut, lists+"/shop", `{"description":"In the shop","default_in_stock":true}`)
	equal(t, map[string]any{"_v": "25.6", "_type": "inventory_list", "id": "shop", "description": "In the shop", "default_in_stock": true}, o.document(made, 201))
	o.refused(o.send(http.MethodPut, lists+"/shop", `{}`), 409, "IfMatchRequired", "b2c.data.if-match")
	replaced := o.document(o.send(http.MethodPut, lists+"/shop", `{}`, "If-Match", made.Header().Get("ETag")), 200)
	if replaced["default_in_stock"] != false {
		t.Errorf("%v", replaced)
	}
	doc := o.document(o.send(http.MethodGet, lists, ""), 200)
	if doc["total"] != 2.0 || doc["data"].([]any)[0].(map[string]any)["assigned_sites"].([]any)[0].(map[string]any)["id"] != "RefArch" {
		t.Errorf("%v", doc)
	}
	o.guarded(lists+"/main", `{"description":"Everything"}`)
}

func TestInventoryRecords(t *testing.T) {
	t.Parallel()
	o := open(t)
	records := base + "/inventory_lists/main/product_inventory_records"
	made := o.send(http.MethodPut, records+"/hat", `{"allocation":{"amount":5},"perpetual_flag":false,"pre_order_back_order_allocation":2,"in_stock_datetime":"2026-07-01T00:00:00Z"}`)
	equal(t, map[string]any{
		"_v": "25.6", "_type": "product_inventory_record", "product_id": "hat", "inventory_list_id": "main", "ats": 7.0, "stock_level": 5.0,
		"allocation": map[string]any{"amount": 5.0, "reset_date": "2026-06-01T08:00:00.000Z"}, "quantity_on_order": 0.0, "turnover": 0.0,
		"perpetual_flag": false, "pre_order_back_order_allocation": 2.0, "in_stock_datetime": "2026-07-01T00:00:00.000Z",
	}, o.document(made, 201))
	o.refused(o.send(http.MethodPut, records+"/hat", `{"allocation":{"amount":1}}`), 409, "IfMatchRequired", "b2c.data.if-match")
	if got := o.document(o.send(http.MethodPut, records+"/hat", `{"allocation":{"amount":1}}`, "If-Match", "*"), 200); got["ats"] != 1.0 {
		t.Errorf("%v", got)
	}
	doc := o.document(o.send(http.MethodGet, records+"?start=1", ""), 200)
	if doc["total"] != 2.0 || doc["data"].([]any)[0].(map[string]any)["product_id"] != "mug" {
		t.Errorf("%v", doc)
	}
	o.guarded(records+"/mug", `{"perpetual_flag":true}`)
}

func TestDataSettingsDecideWhatASystemMayDo(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.change(func(tx *sandbox.Tx) error {
		o.domain.SetSettings(tx, []b2c.Settings{{API: b2c.DataAPI, Version: "25.6", Clients: []b2c.ClientSettings{{ClientID: b2c.DefaultClientID, Resources: []b2c.ResourceSettings{
			{ResourceID: "/sites/*/orders/*/export_status", Methods: []string{"put"}, ReadAttributes: "(**)", WriteAttributes: "(status)"},
			{ResourceID: "/sites/*", Methods: []string{"get"}, ReadAttributes: "(id)"},
		}}}}})
		return nil
	})
	o.done(o.send(http.MethodPut, order+"/export_status", `{"status":"ready"}`))
	equal(t, map[string]any{"_v": "25.6", "_type": "site", "id": "RefArch"}, o.document(o.send(http.MethodGet, base+"/sites/RefArch", ""), 200))
	got := o.refused(o.send(http.MethodPut, order+"/status", `{"status":"open"}`), 403, "ClientAccessForbidden", "b2c.settings.resource")
	equal(t, map[string]string{"method": "PUT", "path": "/sites/RefArch/orders/O-1/status"}, got)
}
