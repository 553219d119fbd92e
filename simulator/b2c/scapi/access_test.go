package scapi_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/b2c"
)

const lookup = shopperOrders + "/O-1/lookup" + site

// ask has a code for ada's order O-1 mailed, as a guest, and returns the newest one in her mailbox.
func (s *shop) ask(email string, header ...string) string {
	s.T.Helper()
	w := s.send(http.MethodPost, shopperOrders+"/O-1/actions/request-access-code"+site, `{"email":"`+email+`"}`, header...)
	if w.Code != http.StatusAccepted || w.Body.Len() > 0 {
		s.T.Fatalf("%d %s", w.Code, w.Body)
	}
	return s.mailed("ada@somsim.test")
}

// mailed is the code of the newest mail to an address; empty when there is none.
func (s *shop) mailed(to string) string {
	mails := s.domain.Mailbox(s.World.Read(), to)
	if len(mails) == 0 {
		return ""
	}
	return mails[0].Code
}

func (s *shop) pass(d time.Duration) {
	s.T.Helper()
	if _, err := s.World.Advance(s.T.Context(), d); err != nil {
		s.T.Fatal(err)
	}
}

func TestAMailedCodeOpensAGuestsOrderForAQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	s := open(t)
	guest := s.as("", b2c.DefaultClientID)
	if code := s.ask("eve@somsim.test", guest...); code != "" {
		t.Errorf("somebody else's address got %s", code)
	}
	if w := s.send(http.MethodPost, shopperOrders+"/none/actions/request-access-code"+site, `{"email":"ada@somsim.test"}`, guest...); w.Code != http.StatusAccepted {
		t.Errorf("it tells that there is no such order: %d %s", w.Code, w.Body)
	}
	code := s.ask("ADA@somsim.test", guest...)
	if len(code) != 6 || strings.Trim(code, "0123456789") != "" {
		t.Fatalf("the code is %q", code)
	}
	body := `{"orderViewCode":"` + code + `"}`
	full := s.document(s.send(http.MethodPost, lookup, body, guest...))
	if full["customerName"] != "" && full["customerInfo"] == nil || full["orderNo"] != "O-1" {
		t.Errorf("%v", full)
	}
	s.document(s.send(http.MethodPost, shopperOrders+"/O-1/actions/oms-cancel-order"+site, `{"orderAccessCode":"`+code+`"}`, guest...))
	s.pass(14 * time.Minute)
	if again := s.ask("ada@somsim.test", guest...); again != code {
		t.Error("there was another code within the quarter of an hour")
	}
	s.pass(time.Minute)
	s.refused(s.send(http.MethodPost, lookup, body, guest...), 404, "order-not-found", "b2c.order.access-code")
	if again := s.ask("ada@somsim.test", guest...); again == code {
		t.Error("there was no other code afterwards")
	}
}

func TestTooManyWrongCodesMakeTheRightOneWorthless(t *testing.T) {
	t.Parallel()
	s := open(t)
	guest := s.as("", b2c.DefaultClientID)
	code := s.ask("ada@somsim.test", guest...)
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	back := func(code string) string {
		return `{"orderAccessCode":"` + code + `","productItems":[{"itemId":"x","quantity":1}]}`
	}
	const returns = shopperOrders + "/O-1/actions/oms-return-order" + site
	s.refused(s.send(http.MethodPost, returns, back(code), guest...), 400, "unknown-product-item-ids", "b2c.oms.items")
	for range 4 {
		s.refused(s.send(http.MethodPost, returns, back(wrong), guest...), 404, "order-not-found", "b2c.order.access-code")
	}
	s.refused(s.send(http.MethodPost, returns, back(code), guest...), 400, "unknown-product-item-ids", "b2c.oms.items")
	s.refused(s.send(http.MethodPost, lookup, `{"orderViewCode":"`+wrong+`"}`, guest...), 404, "order-not-found", "b2c.order.access-code")
	s.refused(s.send(http.MethodPost, returns, back(code), guest...), 404, "order-not-found", "b2c.order.access-code")
	if again := s.ask("ada@somsim.test", guest...); again != code {
		t.Error("wrong codes do not end the wait for another one")
	}
}

func TestWhatSomebodyKnowsOfAnOrderDecidesHowMuchIsShown(t *testing.T) {
	t.Parallel()
	s := open(t)
	guest, ada := s.as("", b2c.DefaultClientID), s.as("ada", b2c.DefaultClientID)
	own := s.document(s.send(http.MethodGet, shopperOrders+"/O-1"+site, "", ada...))
	view, _ := own["orderViewCode"].(string)
	if len(view) < 40 {
		t.Fatalf("the view code is %q", view)
	}
	for _, full := range []map[string]any{
		s.document(s.send(http.MethodPost, lookup, `{"orderViewCode":"`+view+`"}`, guest...)),
		s.document(s.send(http.MethodPost, lookup, "", ada...)),
	} {
		if diff := cmp.Diff(own, full); diff != "" {
			t.Error(diff)
		}
	}
	part := s.document(s.send(http.MethodPost, lookup+"&expand=oms", `{"email":"ada@somsim.test","postalCode":"123 45"}`, guest...))
	want := []string{
		"adjustedMerchandizeTotalTax", "adjustedShippingTotalTax", "billingAddress", "channelType", "currency", "guest", "lastModified",
		"merchandizeTotalTax", "omsData", "orderNo", "orderTotal", "productItems", "productSubTotal", "productTotal", "shipments", "shippingItems",
		"shippingTotal", "shippingTotalTax", "status", "taxTotal", "taxation",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(part))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]any{"postalCode": "12345"}, part["billingAddress"]); diff != "" {
		t.Error(diff)
	}
	if shipment := part["shipments"].([]any)[0].(map[string]any); shipment["shippingAddress"] != nil || shipment["shippingMethod"] == nil {
		t.Errorf("%v", shipment)
	}
	for name, tc := range map[string]struct {
		body       string
		status     int
		kind, rule string
	}{
		"nothing":             {`{}`, 400, "insufficient-identifying-information", "b2c.order.lookup-enough"},
		"an address alone":    {`{"email":"ada@somsim.test"}`, 400, "insufficient-identifying-information", "b2c.order.lookup-enough"},
		"a wrong postal code": {`{"email":"ada@somsim.test","postalCode":"1"}`, 404, "order-not-found", "b2c.order.lookup"},
		"a wrong telephone":   {`{"phone":"1","postalCode":"12345"}`, 404, "order-not-found", "b2c.order.lookup"},
		"one of two wrong":    {`{"email":"ada@somsim.test","phone":"1","postalCode":"12345"}`, 404, "order-not-found", "b2c.order.lookup"},
		"a wrong view code":   {`{"orderViewCode":"x"}`, 404, "order-not-found", "b2c.order.lookup"},
		"a code nobody has":   {`{"orderViewCode":"123456"}`, 404, "order-not-found", "b2c.order.access-code"},
	} {
		t.Run(name, func(t *testing.T) { //nolint:paralleltest // one sandbox, whose last journal entry is looked at
			s.T = t
			s.refused(s.send(http.MethodPost, lookup, tc.body, guest...), tc.status, tc.kind, tc.rule)
		})
	}
}

func TestAnExpansionBringsItsPartAlone(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.as("ada", b2c.DefaultClientID)
	for expand, want := range map[string][2]bool{"oms": {true, false}, "oms_shipments": {false, true}, "oms,oms_shipments": {true, true}} {
		order := s.document(s.send(http.MethodGet, shopperOrders+"/O-1"+site+"&expand="+expand, "", ada...))
		data, _ := order["omsData"].(map[string]any)
		item, _ := order["productItems"].([]any)[0].(map[string]any)
		if got := [2]bool{item["omsData"] != nil, data["shipments"] != nil}; got != want {
			t.Errorf("%s brings %v, want %v", expand, got, want)
		}
	}
}
