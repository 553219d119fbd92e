package somrest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// cart is a cart with a jacket of 40.00 and a tax of 4.00.
func (s *server) cart() string {
	s.t.Helper()
	store := s.create("WebStore", `{"Name":"Shop","Type":"B2C"}`)
	cart := s.create("WebCart", `{"Name":"Exchange","WebStoreId":"`+store+`","AccountId":"`+accountID+`"}`)
	group := s.create("CartDeliveryGroup", `{"Name":"Shipment1","CartId":"`+cart+`"}`)
	item := s.create("CartItem", `{"Name":"Jacket","CartId":"`+cart+`","CartDeliveryGroupId":"`+group+`","Product2Id":"01t5i0000000001AAA","Quantity":1,"SalesPrice":40}`)
	s.create("CartTax", `{"Name":"VAT","CartItemId":"`+item+`","Amount":4,"TaxCalculationDate":"2026-03-01","TaxType":"Actual"}`)
	return cart
}

func (s *server) expectReturn() string {
	s.t.Helper()
	s.ship("1")
	w := s.do("POST", base+"/commerce/returns/return-orders", `{"orderSummaryId":"`+orderID+`","status":"Submitted","returnOrderLifeCycleType":"Managed",
		"returnOrderLineItems":[{"orderItemSummaryId":"`+jacketID+`","quantityExpected":1,"reasonForReturn":"Damaged","canReduceShipping":false}]}`)
	var out struct{ ReturnOrderID string }
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || out.ReturnOrderID == "" {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	return out.ReturnOrderID
}

func TestExchangeOfACartForAReturnOrder(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	folder := base + "/commerce/order-management/exchanges/actions/"
	returnOrder, cart := s.expectReturn(), s.cart()
	body := `{"orderSummaryId":"` + orderID + `","exchangeCartId":"` + cart + `","referenceId":"` + returnOrder + `"}`
	w := s.do("POST", folder+"preview-cart-to-exchange-order", body)
	if w.Code != http.StatusCreated || !strings.Contains(w.Body.String(), `"totalRefundableAmount":11.0`) || strings.Contains(w.Body.String(), "balanceState") {
		t.Errorf("preview %d %s", w.Code, w.Body)
	}
	w = s.do("POST", strings.Replace(folder, "v60.0", "v61.0", 1)+"preview-cart-to-exchange-order", body)
	if !strings.Contains(w.Body.String(), `"balanceStateExchangeWebCart":{"grandTotalAmount":44.0,`) || !strings.Contains(w.Body.String(), `"balanceStateReturnOrder":{"grandTotalAmount":55.0,`) {
		t.Errorf("preview in 61.0: %s", w.Body)
	}
	w = s.do("POST", folder+"submit-cart-to-exchange-order", strings.Replace(body, "{", `{"orderNumber":"E-1","sequences":{"sequences":[{"orderPaymentSummaryId":"`+summaryID+`","amount":44}]},"paymentInfoList":[],`, 1))
	if w.Code != http.StatusCreated || !strings.Contains(w.Body.String(), `"exchangeOrderSummaryId":"1Os5i0000000002CAA"`) || !strings.Contains(w.Body.String(), `"success":true`) {
		t.Errorf("submit %d %s", w.Code, w.Body)
	}
	w = s.soql("SELECT OrderNumber, SourceProcess, SourceOrderSummary.OrderNumber FROM OrderSummary WHERE SourceProcess = 'Exchange'")
	if !strings.Contains(w.Body.String(), `"OrderNumber":"E-1","SourceProcess":"Exchange"`) {
		t.Errorf("%s", w.Body)
	}
	if w := s.soql("SELECT ReservedBalanceTotalAmount FROM OrderPaymentSummary"); !strings.Contains(w.Body.String(), `"ReservedBalanceTotalAmount":44.0`) {
		t.Errorf("%s", w.Body)
	}
	if w := s.soql("SELECT ReservedBalanceAmount FROM OrderPaymentSummaryReference WHERE OrderSummaryId = '1Os5i0000000002CAA'"); !strings.Contains(w.Body.String(), `"ReservedBalanceAmount":44.0`) {
		t.Errorf("%s", w.Body)
	}
}

func TestExchangeRefusalsWriteNothing(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	folder := base + "/commerce/order-management/exchanges/actions/"
	returnOrder, cart := s.expectReturn(), s.cart()
	body := `{"orderSummaryId":"` + orderID + `","exchangeCartId":"` + cart + `","referenceId":"` + returnOrder + `"}`
	before := s.state()
	for name, tc := range map[string]struct {
		old, new string
		status   int
		code     string
	}{
		"an unknown property":            {"{", `{"cart":1,`, 400, "JSON_PARSER_ERROR"},
		"no cart":                        {`"exchangeCartId":"` + cart + `",`, "", 400, "INVALID_API_INPUT"},
		"no return order":                {`,"referenceId":"` + returnOrder + `"`, "", 400, "INVALID_API_INPUT"},
		"an id that is none":             {cart, "cart-1", 400, "INVALID_ID_FIELD"},
		"a wrong prefix":                 {cart, orderID, 400, "INVALID_ID_FIELD"},
		"a return order of another kind": {returnOrder, cart, 400, "INVALID_ID_FIELD"},
		"an order that is not there":     {orderID, "1Os5i0000000099CAA", 404, "NOT_FOUND"},
		"a property that is too young":   {"{", `{"reservationType":"Full",`, 400, "JSON_PARSER_ERROR"},
	} {
		for _, action := range []string{"preview", "submit"} {
			t.Run(name+" in "+action, func(t *testing.T) {
				s.wantOutput(s.do("POST", folder+action+"-cart-to-exchange-order", strings.Replace(body, tc.old, tc.new, 1)), tc.status, tc.code, "")
				if after := s.state(); after != before {
					t.Errorf("it changed something:\n%s\n%s", before, after)
				}
			})
		}
	}
	for name, more := range map[string]string{
		"a negative amount":      `"sequences":[{"orderPaymentSummaryId":"` + summaryID + `","reservedBalanceAmount":-1}],`,
		"an OPS of another kind": `"sequences":[{"orderPaymentSummaryId":"` + orderID + `"}],`,
		"a payment of nobody":    `"paymentInfoList":{"paymentInfoItems":[{"paymentIds":["0aQ5i0000000099AAA"]}]},`,
	} {
		s.wantOutput(s.do("POST", folder+"submit-cart-to-exchange-order", strings.Replace(body, "{", "{"+more, 1)), http.StatusBadRequest, "INVALID_API_INPUT", "")
		if after := s.state(); after != before {
			t.Errorf("%s changed something:\n%s\n%s", name, before, after)
		}
	}
	s.wantError(s.do("POST", strings.Replace(folder, "v60.0", "v59.0", 1)+"submit-cart-to-exchange-order", body), http.StatusNotFound, "NOT_FOUND", "")
}
