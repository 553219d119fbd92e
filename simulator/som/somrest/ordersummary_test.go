package somrest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// TestImportAnOrder takes the steps of an import: rows, activation, order summary, order payment summary, allocation.
func TestImportAnOrder(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	order := s.create("Order", `{"AccountId":"`+accountID+`","EffectiveDate":"2026-03-01","Status":"Draft","Pricebook2Id":"`+pricebookID+`","CurrencyIsoCode":"EUR"}`)
	group := s.create("OrderDeliveryGroup", `{"OrderId":"`+order+`","DeliverToName":"Erika"}`)
	s.create("OrderItem", `{"OrderId":"`+order+`","OrderDeliveryGroupId":"`+group+`","PricebookEntryId":"`+entryID+`","Quantity":2,"UnitPrice":45}`)
	summaries := base + "/commerce/order-management/order-summaries"
	body := `{"orderId":"` + order + `","name":"W-77","externalReferenceIdentifier":"realm@RefArch@W-77","businessModel":"B2C","status":"Created"}`
	s.wantOutput(s.do("POST", summaries, body), http.StatusBadRequest, "INVALID_API_INPUT", "The order "+order+" is not activated.")
	if w := s.do("PATCH", base+"/sobjects/Order/"+order, `{"Status":"Activated"}`); w.Code != http.StatusNoContent {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	s.wantOutput(s.do("POST", summaries, strings.Replace(body, "B2C", "C2C", 1)), http.StatusBadRequest, "INVALID_API_INPUT", `"C2C" is not a value of OrderSummary.BusinessModel.`)
	s.wantOutput(s.do("POST", strings.Replace(summaries, "v60.0", "v55.0", 1), body), http.StatusBadRequest, "JSON_PARSER_ERROR", `Unrecognized field "externalReferenceIdentifier"`)
	summary := s.read(s.do("POST", summaries, body), http.StatusCreated, "orderSummaryId")
	if got := s.row("OrderSummary", summary, "OrderNumber,Status,GrandTotalAmount,SourceProcess"); got != `{"GrandTotalAmount":90,"OrderNumber":"W-77","SourceProcess":"Standard","Status":"Created"}` {
		t.Errorf("order summary %s", got)
	}
	s.wantOutput(s.do("POST", summaries, body), http.StatusBadRequest, "INVALID_API_INPUT", "The order "+order+" has an order summary already.")

	payments := base + "/commerce/order-management/order-payment-summaries"
	s.wantOutput(s.do("POST", payments, `{"orderSummaryId":"`+summary+`"}`), http.StatusBadRequest, "INVALID_API_INPUT", "Give paymentAuthorizationId or paymentIds.")
	authorization := s.create("PaymentAuthorization", `{"AccountId":"`+accountID+`","Amount":90,"Status":"Processed","ProcessingMode":"External","CurrencyIsoCode":"EUR"}`)
	paid := s.read(s.do("POST", payments, `{"orderSummaryId":"`+summary+`","paymentAuthorizationId":"`+authorization+`"}`), http.StatusCreated, "orderPaymentSummaryId")
	if got := s.row("OrderPaymentSummary", paid, "AuthorizationAmount,AvailableToCaptureAmount,OrderSummaryId"); got != `{"AuthorizationAmount":90,"AvailableToCaptureAmount":90,"OrderSummaryId":"`+summary+`"}` {
		t.Errorf("order payment summary %s", got)
	}
	s.wantOutput(s.do("POST", payments, `{"orderSummaryId":"`+summary+`","paymentAuthorizationId":"`+authorization+`"}`), http.StatusBadRequest, "INVALID_API_INPUT", authorization+" belongs to the order payment summary "+paid)
	s.allocateInParts(summary)
}

// allocateInParts asks for one unit, for two more than there are, and for the other one: the second group alone fails.
func (s *server) allocateInParts(summary string) {
	s.t.Helper()
	var graph struct {
		Records []struct{ ID, OrderDeliveryGroupSummaryID string }
	}
	w := s.soql("SELECT Id, OrderDeliveryGroupSummaryId FROM OrderItemSummary WHERE OrderSummaryId = '" + summary + "'")
	if err := json.Unmarshal(w.Body.Bytes(), &graph); err != nil || len(graph.Records) != 1 {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	item := graph.Records[0]
	part := func(quantity, reference string) string {
		return `{"orderSummaryId":"` + summary + `","orderDeliveryGroupSummaryId":"` + item.OrderDeliveryGroupSummaryID + `","fulfillmentGroups":[{"fulfilledFromLocationId":"` + locationID +
			`","fulfillmentType":"warehouse","referenceId":"` + reference + `","orderItemSummaries":[{"orderItemSummaryId":"` + item.ID + `","quantity":` + quantity + `}]}]}`
	}
	w = s.do("POST", base+"/commerce/fulfillment/actions/create-multiple", `{"fulfillmentOrders":[`+part("1", "a")+`,`+part("2", "b")+`,`+part("1", "c")+`]}`)
	var out struct {
		Success           bool
		FulfillmentOrders []struct {
			FulfillmentOrderID *string
			ReferenceID        string
			Success            bool
			OrderItemSummaries []struct{ OrderItemSummaryID string }
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || len(out.FulfillmentOrders) != 3 {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	for i, want := range []bool{true, false, true} {
		got := out.FulfillmentOrders[i]
		if got.Success != want || (got.FulfillmentOrderID != nil) != want || got.ReferenceID != string("abc"[i]) || (len(got.OrderItemSummaries) == 0) != want {
			s.t.Errorf("group %d: %+v", i, got)
		}
	}
	if rule := s.lastRule(); out.Success || rule != "som.fulfillment.quantity-available" {
		s.t.Errorf("success %v, rule %q", out.Success, rule)
	}
	if got := s.row("OrderItemSummary", item.ID, "QuantityAllocated,Status"); got != `{"QuantityAllocated":2,"Status":"ALLOCATED"}` {
		s.t.Errorf("item %s", got)
	}
}
