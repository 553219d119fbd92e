package somrest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestReturnOrderFromExpectationToReturn(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.ship("2")
	fee := `"returnOrderLineItemFees":[{"amount":4.4,"amountType":"AmountWithTax","product2Id":"` + feeProductID + `"}]`
	body := `{"orderSummaryId":"` + orderID + `","status":"Submitted","returnOrderLifeCycleType":"Managed","returnOrderLineItems":[` +
		`{"orderItemSummaryId":"` + jacketID + `","quantityExpected":2,"reasonForReturn":"Damaged","canReduceShipping":true,` + fee + `}]}`
	id := s.read(s.do("POST", base+"/commerce/returns/return-orders", body), http.StatusCreated, "returnOrderId")
	var lines struct {
		Records []struct{ ID, Type string }
	}
	w := s.soql("SELECT Id, Type FROM ReturnOrderLineItem WHERE ReturnOrderId = '" + id + "' ORDER BY Id")
	if err := json.Unmarshal(w.Body.Bytes(), &lines); err != nil || len(lines.Records) != 2 || lines.Records[1].Type != "Fee" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	// The vendor's sample sends quantities as texts.
	items := `{"returnOrderItems":[{"returnOrderLineItemId":"` + lines.Records[0].ID + `","quantityReturned":"1","quantityToCancel":"0"}],` +
		`"returnOrderItemFees":[{"returnOrderLineItemId":"` + lines.Records[1].ID + `","quantityReturned":1,"quantityToCancel":0}]}`
	actions := base + "/commerce/returns/return-orders/" + id + "/actions/return-items"
	w = s.do("POST", actions, items)
	var out struct {
		ChangeOrderID, FeeChangeOrderID string
		ReturnLineItemSplits            []struct{ OriginalReturnOrderItemID, NewReturnOrderItemID string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusCreated || len(out.ReturnLineItemSplits) != 2 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	w = s.soql("SELECT GrandTotalAmount FROM Order WHERE Id IN ('" + out.ChangeOrderID + "','" + out.FeeChangeOrderID + "') ORDER BY GrandTotalAmount")
	if !strings.Contains(w.Body.String(), `"GrandTotalAmount":-58.3`) || !strings.Contains(w.Body.String(), `"GrandTotalAmount":2.2`) {
		t.Errorf("change orders %s", w.Body)
	}
	s.wantOutput(s.do("POST", actions, items), http.StatusBadRequest, "INVALID_API_INPUT", "The return order line item "+lines.Records[0].ID+" is processed already.")
	s.wantOutput(s.do("POST", actions, `{"returnOrderItems":[{"returnOrderLineItemId":"x","quantityReturned":"one","quantityToCancel":0}]}`), http.StatusBadRequest, "JSON_PARSER_ERROR", "")
	s.wantError(s.do("POST", strings.Replace(actions, "v60.0", "v51.0", 1), items), http.StatusNotFound, "NOT_FOUND", "")
	s.wantOutput(s.do("POST", base+"/commerce/returns/return-orders", strings.Replace(body, "Submitted", "Draft", 1)), http.StatusBadRequest, "INVALID_API_INPUT", "A return order is created with a status")
	again := strings.Replace(body, `"quantityExpected":2`, `"quantityExpected":"1"`, 1)
	s.wantOutput(s.do("POST", base+"/commerce/returns/return-orders", again), http.StatusBadRequest, "INVALID_API_INPUT", "The quantity 1 of")
	if w := s.do("PATCH", base+"/sobjects/ReturnOrder/"+id, `{"Status":"Canceled"}`); w.Code != http.StatusNoContent {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	s.read(s.do("POST", base+"/commerce/returns/return-orders", again), http.StatusCreated, "returnOrderId")
	if rule := s.lastRule(); rule != "som.rma.same-reason" {
		t.Errorf("R10: the journal notes %q", rule)
	}
}
