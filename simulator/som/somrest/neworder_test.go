package somrest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// entryID is the price book entry of the jacket, 50.00 in the standard price book.
const (
	entryID     = "01u5i0000000001AAA"
	pricebookID = "01s5i0000000001AAA"
)

// An order that a client builds row by row has the sums that an imported one has.
func TestOrderWrittenByHand(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	order := s.create("Order", `{"AccountId":"`+accountID+`","EffectiveDate":"2026-03-01","Status":"Draft","Pricebook2Id":"`+pricebookID+`","CurrencyIsoCode":"USD"}`)
	if got := s.row("Order", order, "StatusCode,TotalAmount"); got != `{"StatusCode":"Draft","TotalAmount":0}` {
		t.Errorf("a new order has %s", got)
	}
	s.wantError(s.do("PATCH", base+"/sobjects/Order/"+order, `{"Status":"Activated"}`), http.StatusBadRequest, "FAILED_ACTIVATION", "An order must have at least one product.")
	group := s.create("OrderDeliveryGroup", `{"OrderId":"`+order+`","DeliverToName":"Erika"}`)
	header := s.create("OrderAdjustmentGroup", `{"OrderId":"`+order+`","Name":"sale","Type":"Header"}`)
	item := s.create("OrderItem", `{"OrderId":"`+order+`","OrderDeliveryGroupId":"`+group+`","PricebookEntryId":"`+entryID+`","Quantity":2,"UnitPrice":45}`)
	charge := s.create("OrderItem", `{"OrderId":"`+order+`","OrderDeliveryGroupId":"`+group+`","PricebookEntryId":"`+entryID+`","Quantity":1,"UnitPrice":5.99,"Type":"Delivery Charge"}`)
	tax := func(of, more, amount string) string {
		return s.create("OrderItemTaxLineItem", `{"OrderItemId":"`+of+`","Name":"VAT","Amount":`+amount+`,"TaxEffectiveDate":"2026-03-01","Type":"Actual"`+more+`}`)
	}
	tax(item, "", "9")
	tax(charge, "", "0.60")
	cut := s.create("OrderItemAdjustmentLineItem", `{"OrderItemId":"`+item+`","OrderAdjustmentGroupId":"`+header+`","Name":"10 off","Amount":-10}`)
	taxOfCut := tax(item, `,"OrderItemAdjustmentLineItemId":"`+cut+`"`, "-1")

	if got, want := s.row("OrderItem", item, "Product2Id,ListPrice,Type,TypeCode,CurrencyIsoCode,TotalLineAmount,TotalPrice,TotalTaxAmount"),
		`{"CurrencyIsoCode":"USD","ListPrice":50,"Product2Id":"01t5i0000000001AAA","TotalLineAmount":90,"TotalPrice":80,"TotalTaxAmount":8,"Type":"Order Product","TypeCode":"Product"}`; got != want {
		t.Errorf("item\ngot  %s\nwant %s", got, want)
	}
	if got := s.row("OrderItemAdjustmentLineItem", cut, "OrderId,TotalTaxAmount"); got != `{"OrderId":"`+order+`","TotalTaxAmount":-1}` {
		t.Errorf("adjustment %s", got)
	}
	if got := s.row("OrderDeliveryGroup", group, "TotalAmount,TotalTaxAmount"); got != `{"TotalAmount":5.99,"TotalTaxAmount":0.6}` {
		t.Errorf("delivery group %s", got)
	}
	if got := s.row("OrderAdjustmentGroup", header, "TotalAmount,TotalTaxAmount,GrandTotalAmount"); got != `{"GrandTotalAmount":-11,"TotalAmount":-10,"TotalTaxAmount":-1}` {
		t.Errorf("adjustment group %s", got)
	}
	totals := "TotalAmount,TotalTaxAmount,GrandTotalAmount,TotalAdjustedProductAmount,TotalProductAdjDistAmount,TotalAdjustedDeliveryAmount"
	if got := s.row("Order", order, totals); got != `{"GrandTotalAmount":94.59,"TotalAdjustedDeliveryAmount":5.99,"TotalAdjustedProductAmount":90,"TotalAmount":85.99,"TotalProductAdjDistAmount":-10,"TotalTaxAmount":8.6}` {
		t.Errorf("order %s", got)
	}
	for _, path := range []string{"OrderItemTaxLineItem/" + taxOfCut, "OrderItemAdjustmentLineItem/" + cut} {
		if w := s.do("DELETE", base+"/sobjects/"+path, ""); w.Code != http.StatusNoContent {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if w := s.do("PATCH", base+"/sobjects/OrderItem/"+item, `{"Quantity":3}`); w.Code != http.StatusNoContent {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if got := s.row("Order", order, "TotalAmount,TotalTaxAmount"); got != `{"TotalAmount":140.99,"TotalTaxAmount":9.6}` {
		t.Errorf("order after the changes %s", got)
	}
	if w := s.do("PATCH", base+"/sobjects/Order/"+order, `{"Status":"Activated"}`); w.Code != http.StatusNoContent {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if got := s.row("Order", order, "StatusCode,ActivatedDate"); got != `{"ActivatedDate":"2026-03-01T12:00:00.000+0000","StatusCode":"Activated"}` {
		t.Errorf("activated order %s", got)
	}
	s.wantError(s.do("DELETE", base+"/sobjects/Order/"+order, ""), http.StatusBadRequest, "DELETE_FAILED", "Activated orders can't be deleted.")
}

func TestOrderRefusals(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	draft := s.create("Order", `{"AccountId":"`+accountID+`","EffectiveDate":"2026-03-01","Pricebook2Id":"`+pricebookID+`"}`)
	summarised := s.row("OrderSummary", orderID, "OriginalOrderId")[len(`{"OriginalOrderId":"`):][:18]
	other := s.create("Pricebook2", `{"Name":"Other"}`)
	entry := s.create("PricebookEntry", `{"Pricebook2Id":"`+other+`","Product2Id":"01t5i0000000001AAA","UnitPrice":1}`)
	if got := s.row("PricebookEntry", entry, "Name,ProductCode"); got != `{"Name":"Jacket","ProductCode":"P-1"}` {
		t.Errorf("entry %s", got)
	}
	item := func(order, entry, more string) string {
		return `{"OrderId":"` + order + `","PricebookEntryId":"` + entry + `","Quantity":1` + more + `}`
	}
	cases := []struct{ name, object, body, code, rule string }{
		{"born activated", "Order", `{"AccountId":"` + accountID + `","EffectiveDate":"2026-03-01","Status":"Activated"}`, "FAILED_ACTIVATION", "som.order.born-draft"},
		{"nothing", "Order", `{}`, "REQUIRED_FIELD_MISSING", "som.data.field-required"},
		{"an item without a price", "OrderItem", item(draft, entryID, ""), "REQUIRED_FIELD_MISSING", "som.data.field-required"},
		{"an item of another price book", "OrderItem", item(draft, entry, `,"UnitPrice":1`), "FIELD_INTEGRITY_EXCEPTION", "som.order.pricebook"},
		{"an item of a summarised order", "OrderItem", item(summarised, entryID, `,"UnitPrice":1`), "ENTITY_IS_LOCKED", "som.order.locked"},
		{"a group of a summarised order", "OrderDeliveryGroup", `{"OrderId":"` + summarised + `"}`, "ENTITY_IS_LOCKED", "som.order.locked"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			s.wantError(s.do("POST", base+"/sobjects/"+tc.object, tc.body), http.StatusBadRequest, tc.code, "")
			if rule := s.lastRule(); rule != tc.rule {
				t.Errorf("rule %q, want %q", rule, tc.rule)
			}
		})
	}
}

// Every object that the org says can be created can be, or is refused by the one rule for those that manage themselves.
func TestEveryCreatableObjectIsEitherCreatedOrManaged(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	managed := map[string]bool{}
	for _, name := range strings.Fields(`OrderSummary OrderItemSummary OrderDeliveryGroupSummary OrderAdjustmentGroupSummary OrderItemAdjustmentLineSummary
		OrderPaymentSummary OrderPaymentSummaryReference OrderSummaryRelationship FulfillmentOrder FulfillmentOrderLineItem FulfillmentOrderItemAdjustment FulfillmentOrderItemTax
		CreditMemo CreditMemoLine PaymentLineInvoice ReturnOrder ReturnOrderLineItem ReturnOrderItemAdjustment ReturnOrderItemTax`) {
		managed[name] = true
	}
	for _, o := range s.domain.Catalog().Objects() {
		if !o.Createable {
			continue
		}
		w := s.do("POST", base+"/sobjects/"+o.Name, `{}`)
		var list []struct{ ErrorCode string }
		_ = json.Unmarshal(w.Body.Bytes(), &list)
		refused := len(list) == 1 && list[0].ErrorCode == "INVALID_TYPE_FOR_OPERATION"
		if refused != managed[o.Name] {
			t.Errorf("%s: %d %s", o.Name, w.Code, w.Body)
		}
		if w.Code != http.StatusCreated && w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d %s", o.Name, w.Code, w.Body)
		}
	}
}

func TestAuthorizationRecordedByHand(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.create("PaymentAuthorization", `{"OrderPaymentSummaryId":"`+summaryID+`","Amount":10,"ProcessingMode":"External","Status":"Processed"}`)
	if got := s.row("OrderPaymentSummary", summaryID, "AuthorizationAmount"); got != `{"AuthorizationAmount":126.59}` {
		t.Errorf("summary %s", got)
	}
}

func TestNamesAndCategoriesFollow(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	contact := s.create("Contact", `{"FirstName":"Erika","LastName":"Muster"}`)
	if w := s.do("PATCH", base+"/sobjects/Contact/"+contact, `{"LastName":"Müller"}`); w.Code != http.StatusNoContent {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if got := s.row("Contact", contact, "Name,OwnerId"); got != `{"Name":"Erika Müller","OwnerId":"`+robotID+`"}` {
		t.Errorf("contact %s", got)
	}
}

// A commerce integration hands an order over as the vendor advises: the rows in one composite, then the order summary,
// then the summary of the payment, and from then on it is an order like any other.
func TestOrderHandedOverByAComposite(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	parts := s.compose(true,
		`POST /sobjects/PaymentGroup group {}`,
		`POST /sobjects/PaymentAuthorization auth {"PaymentGroupId":"@{group.id}","AccountId":"`+accountID+`","Amount":104.5,"ProcessingMode":"External","Status":"Processed","CurrencyIsoCode":"USD","GatewayRefNumber":"w-9"}`,
		`POST /sobjects/Order order {"AccountId":"`+accountID+`","EffectiveDate":"2026-03-01","Status":"Draft","Pricebook2Id":"`+pricebookID+`","OrderReferenceNumber":"W-9","CurrencyIsoCode":"USD"}`,
		`POST /sobjects/OrderDeliveryGroup delivery {"OrderId":"@{order.id}","DeliverToName":"Erika"}`,
		`POST /sobjects/OrderItem item {"OrderId":"@{order.id}","OrderDeliveryGroupId":"@{delivery.id}","PricebookEntryId":"`+entryID+`","Quantity":2,"UnitPrice":47.50}`,
		`POST /sobjects/OrderItemTaxLineItem tax {"OrderItemId":"@{item.id}","Name":"VAT","Amount":9.50,"TaxEffectiveDate":"2026-03-01","Type":"Actual"}`,
		`PATCH /sobjects/Order/@{order.id} activate {"Status":"Activated"}`,
		`GET /sobjects/Order/@{order.id}?fields=StatusCode,GrandTotalAmount result`,
	)
	for _, p := range parts {
		if p.HTTPStatusCode >= http.StatusMultipleChoices {
			t.Fatalf("%s: %d %s", p.ReferenceID, p.HTTPStatusCode, p.Body)
		}
	}
	if result := string(parts[7].Body); !strings.Contains(result, `"StatusCode":"Activated","GrandTotalAmount":104.5`) {
		t.Errorf("order %s", result)
	}
	commerce := base + "/commerce/order-management/"
	var summary struct{ OrderSummaryID string }
	w := s.do("POST", commerce+"order-summaries", `{"orderId":"`+s.newID(parts[2])+`"}`)
	if err := json.Unmarshal(w.Body.Bytes(), &summary); err != nil || summary.OrderSummaryID == "" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if got := s.row("OrderSummary", summary.OrderSummaryID, "OrderNumber,GrandTotalAmount,OrderLifeCycleType"); got != `{"GrandTotalAmount":104.5,"OrderLifeCycleType":"MANAGED","OrderNumber":"W-9"}` {
		t.Errorf("order summary %s", got)
	}
	w = s.do("POST", commerce+"order-payment-summaries", `{"orderSummaryId":"`+summary.OrderSummaryID+`","paymentAuthorizationId":"`+s.newID(parts[1])+`"}`)
	var payment struct{ OrderPaymentSummaryID string }
	if err := json.Unmarshal(w.Body.Bytes(), &payment); err != nil || payment.OrderPaymentSummaryID == "" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if got := s.row("OrderPaymentSummary", payment.OrderPaymentSummaryID, "AuthorizationAmount,AvailableToCaptureAmount"); got != `{"AuthorizationAmount":104.5,"AvailableToCaptureAmount":104.5}` {
		t.Errorf("order payment summary %s", got)
	}
	s.wantError(s.do("PATCH", base+"/sobjects/OrderItem/"+s.newID(parts[4]), `{"Quantity":3}`), http.StatusBadRequest, "ENTITY_IS_LOCKED", "")
}

// newID is the id of a row that a sub-request created.
func (s *server) newID(p part) string {
	s.t.Helper()
	var out struct{ ID string }
	if err := json.Unmarshal(p.Body, &out); err != nil || out.ID == "" {
		s.t.Fatalf("%s: %s", p.ReferenceID, p.Body)
	}
	return out.ID
}
