package scapi_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
)

// vouched returns the header of a system that vouches for ada.
func (s *shop) vouched(clientID string) []string {
	s.T.Helper()
	tx := s.World.Write()
	client, err := s.domain.Client(tx, clientID)
	ada, unknown := s.domain.Customer(tx, "ada")
	grant, refused := s.domain.Grant(tx, b2c.NewGrant{Visit: s.domain.LogInVisit(tx, "RefArch", "", ada), Client: client, OnBehalf: true})
	token, unsigned := s.key.Access(tx, grant)
	if err = errors.Join(err, unknown, refused, unsigned, tx.Commit()); err != nil {
		s.T.Fatal(err)
	}
	return []string{"Authorization", "Bearer " + token}
}

// social is an order that a social network has sold: the vendor's example in its numbers, with a discount on a line, one on
// the order, and delivery.
const social = `{"orderNo":"S-1","currency":"EUR","channelType":"instagramcommerce","paymentStatus":"paid","orderTotal":113.24,"taxTotal":7.9,
	"c_campaign":"spring","billingAddress":{"firstName":"John","lastName":"Doe","address1":"45 Main Rd.","city":"Burlington","countryCode":"US"},
	"orderPriceAdjustments":[{"grossPrice":-6,"netPrice":-5,"tax":-1,"itemText":"5 off","reasonCode":"registered"}],
	"paymentInstruments":[{"paymentMethodId":"CREDITCARD","paymentTransaction":{"amount":113.24,"transactionId":"T-1","authorizationStatus":{"status":0,"code":"0","message":"ok"}}}],
	"productItems":[{"basePrice":99,"grossPrice":103.95,"netPrice":99,"tax":4.95,"taxRate":0.05,"quantity":1,"productId":"mug","itemText":"Mug","shipmentId":"first",
		"c_print":"A","priceAdjustments":[{"grossPrice":-6,"netPrice":-5,"tax":-1,"itemText":"5 off"}]}],
	"shipments":[{"shipmentId":"first","shippingMethod":"EXPRESS","shippingTotal":21.29,"taxTotal":4.95,"shippingAddress":{"firstName":"John","lastName":"Doe","address1":"45 Main Rd.","city":"Burlington"}}]}`

func (s *shop) create(body string, header ...string) *httptest.ResponseRecorder {
	s.T.Helper()
	return s.send(http.MethodPost, adminOrders+site, body, header...)
}

func TestAnotherSystemsOrderIsTakenAsItIs(t *testing.T) {
	t.Parallel()
	s := open(t)
	w := s.create(social, s.vouched(b2c.DefaultClientID)...)
	if w.Code != http.StatusCreated || !strings.HasSuffix(w.Header().Get("Location"), adminOrders+"/S-1") {
		t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	got := s.document(s.send(http.MethodGet, adminOrders+"/S-1"+site, "", s.system(b2c.DefaultClientID)...))
	for name, want := range map[string]any{
		"status": "new", "paymentStatus": "paid", "channelType": "instagramcommerce", "orderTotal": 113.24, "taxTotal": 7.9, "productSubTotal": 97.95,
		"productTotal": 91.95, "shippingTotal": 21.29, "adjustedMerchandizeTotalTax": 2.95, "c_campaign": "spring", "businessType": "b2c", "exportStatus": "ready",
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
	item := got["productItems"].([]any)[0].(map[string]any)
	if item["shipmentId"] != "me" || item["priceAfterOrderDiscount"] != 91.95 || item["adjustedTax"] != 2.95 || item["c_print"] != "A" {
		t.Errorf("%v", item)
	}
	if got["invoiceNo"] == nil || got["placeDate"] == nil {
		t.Error("the order is not placed")
	}
	own := s.document(s.send(http.MethodGet, shopperOrders+"/S-1"+site, "", s.as("ada", b2c.DefaultClientID)...))
	if own["customerName"] != "John Doe" {
		t.Errorf("%v", own["customerName"])
	}
}

func TestAnotherSystemsOrderIsRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	vouched := s.vouched(b2c.DefaultClientID)
	s.create(social, vouched...)
	fresh := strings.Replace(social, "S-1", "S-2", 1)
	for name, tc := range map[string]struct {
		old, new   string
		status     int
		kind, rule string
	}{
		"a number that is taken":                {"S-2", "S-1", 409, "order-already-exists", "b2c.submit.number-free"},
		"another total":                         {`"orderTotal":113.24`, `"orderTotal":113.25`, 400, "invalid-order-total", "b2c.import.totals"},
		"another tax":                           {`"taxTotal":7.9,`, `"taxTotal":7.8,`, 400, "invalid-tax-total", "b2c.import.totals"},
		"a currency that the site has not":      {`"EUR"`, `"USD"`, 400, "unsupported-currency", "b2c.basket.currency"},
		"a shipment that is none":               {`"shipmentId":"first",`, `"shipmentId":"second",`, 404, "shipment-not-found", "b2c.order.shipment-known"},
		"the reserved shipment":                 {`[{"shipmentId":"first"`, `[{"shipmentId":"me"`, 400, "bad-request", "b2c.import.order"},
		"a price that the currency has not":     {`"grossPrice":103.95`, `"grossPrice":103.955`, 400, "bad-request", "b2c.import.order"},
		"a discount of more than there is":      {`"grossPrice":-6,"netPrice":-5,"tax":-1,"itemText":"5 off"}]}]`, `"grossPrice":-600,"netPrice":-5,"tax":-1}]}]`, 400, "bad-request", "b2c.import.order"},
		"a discount that makes things dearer":   {`"grossPrice":-6`, `"grossPrice":6`, 400, "constraint-violation", ""},
		"an attribute that cannot be":           {`"c_campaign":"spring"`, `"c_campaign":{}`, 400, "invalid-custom-property", "b2c.order.custom-value"},
		"an attribute of a line that cannot be": {`"c_print":"A"`, `"c_print":{}`, 400, "invalid-custom-property", "b2c.order.custom-value"},
	} {
		t.Run(name, func(t *testing.T) { //nolint:paralleltest // one sandbox, whose last journal entry is looked at
			s.T = t
			body := strings.Replace(fresh, tc.old, tc.new, 1)
			if body == fresh {
				t.Fatal("nothing was changed")
			}
			s.refused(s.create(body, vouched...), tc.status, tc.kind, tc.rule)
		})
	}
	s.T = t
	s.refused(s.create(fresh, s.as("ada", b2c.DefaultClientID)...), 403, "forbidden", "b2c.scapi.scope")
	s.refused(s.create(fresh, s.vouched(narrow)...), 403, "forbidden", "b2c.scapi.scope")
	s.refused(s.create(fresh, s.system(b2c.DefaultClientID)...), 401, "invalid-access-token", "b2c.token.issued")
}

func TestSystemsChangeWhatAnOrderWasGiven(t *testing.T) {
	t.Parallel()
	s := open(t)
	system := s.system(b2c.DefaultClientID)
	s.create(social, s.vouched(b2c.DefaultClientID)...)
	order := s.document(s.send(http.MethodGet, adminOrders+"/S-1"+site, "", system...))
	payment := adminOrders + "/S-1/payment-instruments/" + order["paymentInstruments"].([]any)[0].(map[string]any)["paymentInstrumentId"].(string)
	for _, call := range [][3]string{
		{http.MethodPatch, payment, `{"c_risk":"low"}`},
		{http.MethodPatch, payment + "/transaction", `{"c_result":"AUTHORIZED"}`},
		{http.MethodPut, adminOrders + "/S-1/shipments/me/shipping-address", `{"firstName":"Jane","lastName":"Doe","address1":"1 Way","city":"Boston"}`},
	} {
		if w := s.send(call[0], call[1]+site, call[2], system...); w.Code != http.StatusNoContent {
			t.Errorf("%s: %d %s", call[1], w.Code, w.Body)
		}
	}
	order = s.document(s.send(http.MethodGet, adminOrders+"/S-1"+site, "", system...))
	paid := order["paymentInstruments"].([]any)[0].(map[string]any)
	address := order["shipments"].([]any)[0].(map[string]any)["shippingAddress"].(map[string]any)
	if paid["c_risk"] != "low" || paid["c_result"] != "AUTHORIZED" || address["fullName"] != "Jane Doe" {
		t.Errorf("%v %v", paid, address)
	}
	s.refused(s.send(http.MethodPatch, adminOrders+"/S-1/payment-instruments/none"+site, `{}`, system...), 404, "payment-instrument-not-found", "b2c.order.payment-known")
	s.refused(s.send(http.MethodPut, adminOrders+"/S-1/shipments/none/shipping-address"+site, `{}`, system...), 404, "shipment-not-found", "b2c.order.shipment-known")
}

func TestSearchesKnowTheWordsOfSystemsAlone(t *testing.T) {
	t.Parallel()
	s := open(t)
	system := s.system(b2c.DefaultClientID)
	tx := s.World.Write()
	err := s.domain.SetStatus(tx, "O-1", b2c.Open)
	_, placed := s.domain.PlaceOrder(tx, b2c.NewOrder{
		OrderNo: "O-3", SiteID: "RefArch", CustomerID: "bob", Status: b2c.Replaced,
		Items:     []b2c.NewItem{{ProductID: "mug", Quantity: decimal.NewFromInt(1), BasePrice: decimal.NewFromInt(10)}},
		Shipments: []b2c.NewShipment{{Method: b2c.ShippingMethod{ID: "001"}}},
	})
	if err = errors.Join(err, placed, tx.Commit()); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"&status=new": "O-1 new", "&status=cancelled": "O-3 cancelled", "&status=new,created&sortOrder=asc": "O-2 created O-1 new",
		"&status=open": "", "&exportStatus=failed,not_exported&status=cancelled": "O-3 cancelled",
		"&sortBy=last_modified_date&sortOrder=asc&status=created,cancelled": "O-2 created O-3 cancelled",
	} {
		var found []string
		rows, _ := s.document(s.send(http.MethodGet, adminOrders+site+query, "", system...))["data"].([]any)
		for _, row := range rows {
			o := row.(map[string]any)
			found = append(found, o["orderNo"].(string), o["status"].(string))
		}
		if got := strings.Join(found, " "); got != want {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
	}
	s.refused(s.send(http.MethodGet, adminOrders+site+"&status=new,created,failed", "", system...), 400, "bad-request", "b2c.scapi.statuses")
	if own := s.document(s.send(http.MethodGet, shopperOrders+"/O-1"+site, "", s.as("ada", b2c.DefaultClientID)...)); own["status"] != "new" {
		t.Errorf("a shopper is shown %v", own["status"])
	}
}
