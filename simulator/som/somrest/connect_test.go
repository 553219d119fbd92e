package somrest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

type part struct {
	Body           json.RawMessage
	HTTPStatusCode int
	ReferenceID    string
	HTTPHeaders    map[string]string
}

func (s *server) parts(w *httptest.ResponseRecorder) []part {
	s.t.Helper()
	var out struct{ CompositeResponse []part }
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	return out.CompositeResponse
}

const (
	actions = base + "/commerce/order-management/order-summaries/" + orderID + "/actions/"
	orders  = base + "/commerce/fulfillment/fulfillment-orders"
)

func cancelBody(item, quantity, reason, more string) string {
	return `{"changeItems":[{"orderItemSummaryId":"` + item + `","quantity":` + quantity + `,"reason":"` + reason + `","shippingReductionFlag":true` + more + `}]}`
}

// exampleBalances are those of the worked example, with everything captured before.
const exampleBalances = `{"grandTotalAmount":58.3,"totalAmount":53.0,"totalTaxAmount":5.3,"totalAdjustedProductAmount":50.0,
	"totalAdjustedProductTaxAmount":5.0,"totalAdjProductAmtWithTax":55.0,"totalAdjustedDeliveryAmount":3.0,"totalAdjustedDeliveryTaxAmount":0.3,
	"totalAdjDeliveryAmtWithTax":3.3,"totalAdjustmentDistributedAmount":0.0,"totalAdjustmentDistributedTaxAmount":0.0,"totalAdjDistAmountWithTax":0.0,
	"totalExcessFundsAmount":58.3,"totalRefundableAmount":58.3,"totalFeeAmount":0.0,"totalFeeTaxAmount":0.0,"totalRequiredFundsAmount":0.0}`

func TestPreviewCancelWritesNothing(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	before := s.state()
	w := s.do("POST", actions+"preview-cancel", cancelBody(jacketID, "1", "Unknown", ""))
	s.want(w, http.StatusCreated, `{"success":true,"errors":[],"orderSummaryId":"`+orderID+`","changeBalances":`+exampleBalances+`}`)
	if after := s.state(); after != before {
		t.Errorf("it changed something:\n%s\n%s", before, after)
	}
}

func TestSubmitCancel(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	w := s.do("POST", actions+"submit-cancel", cancelBody(jacketID[:15], "1.0", "Unknown", `,"reasonForChangeText":"changed my mind"`))
	s.want(w, http.StatusCreated, `{"success":true,"errors":[],"changeOrderId":"8015i0000000002AAA","feeChangeOrderId":null,"changeBalances":`+exampleBalances+`}`)
	if w.Header().Get("Sforce-Limit-Info") == "" || !strings.Contains(w.Body.String(), `"totalAmount":53.0,`) {
		t.Errorf("%v %s", w.Header(), w.Body)
	}
	s.want(s.soql("SELECT GrandTotalAmount, (SELECT ChangeType, Reason, ReasonText, CreatedById, ChangeOrderItem.Quantity FROM OrderSummaries) FROM OrderSummary"),
		http.StatusOK, `{"totalSize":1,"done":true,"records":[{"attributes":{"type":"OrderSummary","url":"`+base+`/sobjects/OrderSummary/`+orderID+`"},
		"GrandTotalAmount":58.29,"OrderSummaries":{"totalSize":2,"done":true,"records":[
		{"attributes":{"type":"OrderItemSummaryChange","url":"`+base+`/sobjects/OrderItemSummaryChange/1oc5i0000000001AAA"},"ChangeType":"Cancel","Reason":"Unknown",
		"ReasonText":"changed my mind","CreatedById":"`+robotID+`","ChangeOrderItem":{"attributes":{"type":"OrderItem","url":"`+base+`/sobjects/OrderItem/8025i0000000003AAA"},"Quantity":-1.0}},
		{"attributes":{"type":"OrderItemSummaryChange","url":"`+base+`/sobjects/OrderItemSummaryChange/1oc5i0000000002AAA"},"ChangeType":"DeliveryChargeAdjustment","Reason":"Unknown",
		"ReasonText":"changed my mind","CreatedById":"`+robotID+`","ChangeOrderItem":{"attributes":{"type":"OrderItem","url":"`+base+`/sobjects/OrderItem/8025i0000000004AAA"},"Quantity":0.0}}]}}]}`)
}

func TestCancelRefusalsChangeNothing(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	before := s.state()
	cases := []struct {
		name, body, code, message, rule string
	}{
		{"more than available", cancelBody(jacketID, "3", "Unknown", ""), "INVALID_API_INPUT", "The quantity 3 of the order item summary", "som.cancel.quantity-available"},
		{"no units", cancelBody(jacketID, "0", "Unknown", ""), "INVALID_API_INPUT", "The quantity of", "som.cancel.quantity-positive"},
		{"a reason no picklist has", cancelBody(jacketID, "1", "Boredom", ""), "INVALID_API_INPUT", "", "som.cancel.reason-active"},
		{"the delivery charge", cancelBody(deliveryID, "1", "Unknown", ""), "INVALID_API_INPUT", "", "som.cancel.delivery-charge"},
		{"no items", `{"changeItems":[]}`, "INVALID_API_INPUT", "", "som.cancel.items-required"},
		{"C13 no reason", `{"changeItems":[{"orderItemSummaryId":"x","quantity":1,"shippingReductionFlag":true}]}`, "INVALID_API_INPUT", "Required: changeItems.0.reason", ""},
		{"C13 no flag", `{"changeItems":[{"orderItemSummaryId":"x","quantity":1,"reason":"Unknown"}]}`, "INVALID_API_INPUT", "Required: changeItems.0.shippingReductionFlag", ""},
		{"an unknown property", cancelBody(jacketID, "1", "Unknown", `,"changeFees":[]`), "JSON_PARSER_ERROR", `Unrecognized field "changeFees" in changeItems.0`, ""},
		{"a text for a number", cancelBody(jacketID, `"one"`, "Unknown", ""), "JSON_PARSER_ERROR", "Cannot deserialize", ""},
		{"broken JSON", `{"changeItems":[`, "JSON_PARSER_ERROR", "Unexpected end of JSON input at [line:1, column:16]", ""},
		{"no body", ``, "JSON_PARSER_ERROR", "The HTTP entity body is required", ""},
	}
	for _, tc := range cases {
		for _, action := range []string{"preview-cancel", "submit-cancel"} {
			t.Run(tc.name+" in "+action, func(t *testing.T) {
				s.wantOutput(s.do("POST", actions+action, tc.body), http.StatusBadRequest, tc.code, tc.message)
				if rule := s.lastRule(); rule != tc.rule {
					t.Errorf("rule %q", rule)
				}
				if after := s.state(); after != before {
					t.Errorf("it changed something:\n%s\n%s", before, after)
				}
			})
		}
	}
	s.wantOutput(s.do("POST", strings.ReplaceAll(actions, "v60.0", "v55.0")+"submit-cancel", cancelBody(jacketID, "1", "Unknown", `,"changeItemFees":[]`)),
		http.StatusBadRequest, "JSON_PARSER_ERROR", `Unrecognized field "changeItemFees" in changeItems.0`)
	s.wantOutput(s.do("POST", strings.ReplaceAll(actions, orderID, jacketID)+"submit-cancel", cancelBody(jacketID, "1", "Unknown", "")), http.StatusBadRequest, "INVALID_ID_FIELD", "")
	s.wantOutput(s.do("POST", strings.ReplaceAll(actions, orderID, "1Os000000000000CAA")+"submit-cancel", cancelBody(jacketID, "1", "Unknown", "")), http.StatusNotFound, "NOT_FOUND", "")
	s.wantOutput(s.do("POST", strings.ReplaceAll(actions, "v60.0", "v47.0")+"submit-cancel", cancelBody(jacketID, "1", "Unknown", "")), http.StatusNotFound, "NOT_FOUND", "")
	s.wantOutput(s.do("POST", actions+"submit-cancel", "x", "Content-Type", "text/plain"), http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "")
}

// wantOutput compares an error that carries the operation's output.
func (s *server) wantOutput(w *httptest.ResponseRecorder, status int, code, message string) {
	s.t.Helper()
	s.wantError(w, status, code, message)
	var list []struct {
		EnhancedErrorType json.RawMessage
		Output            struct {
			Success bool
			Errors  []struct{ ErrorCode, Message string }
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil {
		s.t.Fatal(err)
	}
	if e := list[0]; string(e.EnhancedErrorType) != "null" || e.Output.Success || len(e.Output.Errors) != 1 || e.Output.Errors[0].ErrorCode != code {
		s.t.Errorf("output of %s", w.Body)
	}
}

func TestErrorsCarryTheOutputOfTheirOperation(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for path, want := range map[string]string{
		actions + "preview-cancel": `"output":{"changeBalances":null,"errors":`,
		actions + "submit-cancel":  `"output":{"changeBalances":null,"changeOrderId":null,"errors":`,
		actions + "submit-return":  `"output":{"changeBalances":null,"changeOrderId":null,"errors":`,
		orders:                     `"output":{"errors":`,
		orders + "/0a35i0000000001/actions/cancel-item": `"output":{"errors":`,
	} {
		if w := s.do("POST", path, `{}`); !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestAdjustItems(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	body := `{"adjustItems":[{"orderItemSummaryId":"` + jacketID + `","adjustmentType":"AmountWithTax","amount":-11,"reason":"Unknown","description":"Late"}]}`
	before := s.state()
	w := s.do("POST", actions+"adjust-item-preview", body)
	if !strings.Contains(w.Body.String(), `"preFulfillmentChangeOrderId":null`) || s.state() != before {
		t.Errorf("preview %d %s", w.Code, w.Body)
	}
	w = s.do("POST", actions+"adjust-item-submit", body)
	var out struct {
		PreFulfillmentChangeOrderID  string
		PostFulfillmentChangeOrderID *string
		ChangeBalances               struct{ TotalAmount, TotalTaxAmount, TotalExcessFundsAmount json.Number }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusCreated {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if b := out.ChangeBalances; out.PreFulfillmentChangeOrderID == "" || out.PostFulfillmentChangeOrderID != nil || b.TotalAmount != "10.0" || b.TotalTaxAmount != "1.0" || b.TotalExcessFundsAmount != "11.0" {
		t.Errorf("%s", w.Body)
	}
	s.wantOutput(s.do("POST", actions+"adjust-item-submit", strings.ReplaceAll(body, "-11", "11")), http.StatusBadRequest, "INVALID_API_INPUT", "The amount of an adjustment must be less than 0.")
	s.wantError(s.do("POST", strings.ReplaceAll(actions, "v60.0", "v48.0")+"adjust-item-submit", body), http.StatusNotFound, "NOT_FOUND", "")
	s.wantOutput(s.do("POST", strings.ReplaceAll(actions, "v60.0", "v54.0")+"adjust-item-submit", strings.Replace(body, "{", `{"allocatedItemsChangeOrderType":"InFulfillment",`, 1)),
		http.StatusBadRequest, "JSON_PARSER_ERROR", `Unrecognized field "allocatedItemsChangeOrderType"`)
}

func TestReturnWithAFee(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.wantOutput(s.do("POST", actions+"preview-return", cancelBody(jacketID, "1", "Unknown", "")), http.StatusBadRequest, "INVALID_API_INPUT",
		"The quantity 1 of the order item summary "+jacketID+" is more than the 0 available to return.")
	s.ship("1.0")
	fee := `,"changeItemFees":[{"amount":10,"amountType":"Percentage","product2Id":"` + feeProductID + `","description":"Wear"}]`
	w := s.do("POST", actions+"submit-return", cancelBody(jacketID, "1", "Unknown", fee))
	var out struct {
		FeeChangeOrderID string
		ChangeBalances   struct{ TotalFeeAmount, TotalRequiredFundsAmount, TotalRefundableAmount json.Number }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusCreated {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if b := out.ChangeBalances; b.TotalFeeAmount != "-5.0" || b.TotalRequiredFundsAmount != "5.5" || b.TotalRefundableAmount != "58.3" {
		t.Errorf("balances %+v", b)
	}
	w = s.soql("SELECT Order.TotalAmount, TypeCode, TotalTaxAmount FROM OrderItem WHERE OrderId = '" + out.FeeChangeOrderID + "'")
	if !strings.Contains(w.Body.String(), `"TypeCode":"Charge","TotalTaxAmount":0.5`) {
		t.Errorf("the fee change order is %s", w.Body)
	}
}

// ship fulfils units of the jacket and returns the fulfillment order.
func (s *server) ship(quantity string) string {
	s.t.Helper()
	w := s.do("POST", orders, allocationBody(quantity, ""))
	var out struct{ FulfillmentOrderIDs []string }
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || len(out.FulfillmentOrderIDs) != 1 {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w := s.do("PATCH", base+"/sobjects/FulfillmentOrder/"+out.FulfillmentOrderIDs[0], `{"Status":"Fulfilled"}`); w.Code != http.StatusNoContent {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	return out.FulfillmentOrderIDs[0]
}

func allocationBody(quantity, more string) string {
	return `{"orderSummaryId":"` + orderID + `","orderDeliveryGroupSummaryId":"` + groupID + `"` + more + `,"fulfillmentGroups":[{"fulfilledFromLocationId":"` + locationID +
		`","fulfillmentType":"warehouse","orderItemSummaries":[{"orderItemSummaryId":"` + jacketID + `","quantity":` + quantity + `}]}]}`
}

func TestFulfillmentFromAllocationToShipment(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	const fo, line = "0a35i0000000001AAA", "0a45i0000000001AAA"
	s.want(s.do("POST", orders, allocationBody("2", `,"defaultActivationStatus":"Allocated"`)), http.StatusCreated,
		`{"success":true,"errors":[],"fulfillmentOrderIds":["`+fo+`"]}`)
	s.wantOutput(s.do("POST", actions+"submit-cancel", cancelBody(jacketID, "1", "Unknown", "")), http.StatusBadRequest, "INVALID_API_INPUT", "")
	s.want(s.do("POST", orders+"/"+fo+"/actions/cancel-item", `{"fulfillmentOrderLineItemsToCancel":[{"fulfillmentOrderLineItemId":"`+line+`","quantity":1}]}`),
		http.StatusCreated, `{"success":true,"errors":[]}`)
	if w := s.do("POST", actions+"submit-cancel", cancelBody(jacketID, "1", "Unknown", "")); w.Code != http.StatusCreated {
		t.Errorf("the free unit: %d %s", w.Code, w.Body)
	}
	if w := s.do("PATCH", base+"/sobjects/FulfillmentOrder/"+fo, `{"Status":"Fulfilled"}`); w.Code != http.StatusNoContent {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if state := s.state(); !strings.Contains(state, `"Quantity":1.0,"QuantityAllocated":1.0,"QuantityFulfilled":1.0,"Status":"FULFILLED"`) {
		t.Errorf("state %s", state)
	}
	s.wantError(s.do("PATCH", base+"/sobjects/FulfillmentOrder/"+fo, `{"Status":"Allocated"}`), http.StatusBadRequest, "FIELD_INTEGRITY_EXCEPTION", "A fulfillment order in the status category CLOSED")
	s.wantOutput(s.do("POST", orders+"/"+fo+"/actions/cancel-item", `{"fulfillmentOrderLineItemsToCancel":[{"fulfillmentOrderLineItemId":"`+line+`","quantity":1}]}`),
		http.StatusBadRequest, "INVALID_API_INPUT", "")
}

func TestAllocationRefusals(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	before := s.state()
	s.wantOutput(s.do("POST", orders, allocationBody("3", "")), http.StatusBadRequest, "INVALID_API_INPUT", "The quantity 3")
	s.wantOutput(s.do("POST", orders, allocationBody("0.5", "")), http.StatusBadRequest, "INVALID_API_INPUT", "")
	old := strings.Replace(orders, "v60.0", "v57.0", 1)
	s.wantOutput(s.do("POST", old, allocationBody("1", `,"defaultActivationStatus":"Allocated"`)), http.StatusBadRequest, "JSON_PARSER_ERROR", `Unrecognized field "defaultActivationStatus"`)
	if after := s.state(); after != before {
		t.Errorf("it changed something:\n%s\n%s", before, after)
	}
}

func TestChoicesHaveTheLastWord(t *testing.T) {
	t.Parallel()
	s := newServer(t, chosen(t, `
som.connect.action-status: 200
som.connect.no-errors: "null"
som.connect.refusal-status: 409
som.connect.refusal-code: CANCEL_FAILED
som.rest.refusals:
  som.cancel.reason-active: {status: 400, code: INVALID_REASON, message: "no"}
`))
	s.wantOutput(s.do("POST", actions+"submit-cancel", cancelBody(jacketID, "3", "Unknown", "")), http.StatusConflict, "CANCEL_FAILED", "The quantity 3")
	s.wantOutput(s.do("POST", actions+"submit-cancel", cancelBody(jacketID, "1", "x", "")), http.StatusBadRequest, "INVALID_REASON", "no")
	s.want(s.do("POST", actions+"preview-cancel", cancelBody(jacketID, "1", "Unknown", "")), http.StatusOK,
		`{"success":true,"errors":null,"orderSummaryId":"`+orderID+`","changeBalances":`+exampleBalances+`}`)
}
