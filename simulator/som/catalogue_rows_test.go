package som

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/sandbox"
)

func TestCancelC1AllUnitsOfALineLeaveNothingOfItAndNothingToRefund(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	r, rule := o.cancel(o.units(0, "2"))
	if rule != "" {
		t.Fatal(rule)
	}
	o.expect(0, map[string]string{
		"QuantityOrdered": "2", "QuantityCanceled": "2", "QuantityAllocated": "0", "QuantityFulfilled": "0", "QuantityReturnInitiated": "0", "QuantityReturned": "0",
		"Quantity": "0", "Status": "CANCELED", "TotalLineAmount": "0", "TotalPrice": "0", "TotalTaxAmount": "0", "TotalAmtWithTax": "0",
	})
	if got := o.worth(r.ChangeOrderID); got != "-110" {
		t.Errorf("the change order is worth %s", got)
	}
	if b := r.Balances; b.GrandTotalAmount.String() != "110" || b.TotalAdjustedProductAmount.String() != "100" || !b.TotalExcessFundsAmount.IsZero() || !b.TotalRefundableAmount.IsZero() {
		t.Errorf("balances %+v", b)
	}
	if n := o.count(objBackground) + o.count(objCreditMemo) + o.count(objRefund); n != 0 {
		t.Errorf("%d rows of refunds", n)
	}
}

func TestCancelC2SomeUnitsTakeTheirShareOfTheMoney(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample(jackets("3"))
	if _, rule := o.cancel(o.units(0, "1")); rule != "" {
		t.Fatal(rule)
	}
	o.expect(0, map[string]string{"Quantity": "2", "Status": "ORDERED", "TotalLineAmount": "100", "TotalTaxAmount": "6.67"})
}

func TestCancelC3TooManyUnitsLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	if _, rule := o.cancel(o.units(0, "3")); rule != "som.cancel.quantity-available" {
		t.Errorf("refused by %q", rule)
	}
	o.expect(0, map[string]string{"QuantityCanceled": "0", "TotalAmtWithTax": "110"})
	if orders, changes := o.count(objOrder), o.count(objItemChange); orders != 1 || changes != 0 {
		t.Errorf("%d orders and %d change records", orders, changes)
	}
}

func TestCancelC24CapturedMoneyGoesBackWithoutAnyDocument(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).paid(&till{}, captured("116.59"))
	r, _ := o.cancel(o.units(0, "1"))
	if got := r.Balances.TotalExcessFundsAmount.String(); got != "55" {
		t.Errorf("excess is %s", got)
	}
	if status, rule := o.refundExcess("55"); status != "Complete " || rule != "" {
		t.Errorf("refund: %s %s", status, rule)
	}
	if diff := cmp.Diff([]string{"55 Processed Referenced"}, o.rows(objRefund, "Amount", "Status", "Type")); diff != "" {
		t.Errorf("refunds (-want +got):\n%s", diff)
	}
	if n := o.count(objInvoice) + o.count(objCreditMemo); n != 0 {
		t.Errorf("%d documents", n)
	}
}

func TestCancelC26WhoRefundsEachFigureRefundsTooMuch(t *testing.T) {
	t.Parallel()
	// Two cancels worth 20 each report 20 and then 40; 60 go back where 40 are due.
	o := newTestOrg(t)
	o.UseGateway(&till{})
	order := NewOrder{DeliveryGroups: []NewDeliveryGroup{{Name: "Erika Muster", Items: []NewItem{{ProductID: o.product, Quantity: dec("5"), UnitPrice: dec("20")}}}}}
	o.write(func(tx *sandbox.Tx) error {
		order.Payments = []NewPayment{{
			Method: "Visa", Type: "Credit Card", GatewayRefNumber: "w-1", GatewayID: o.PaymentGateway(tx, NewPaymentGateway{Name: "Till"}), Authorized: dec("100"), Captured: dec("100"),
		}}
		return nil
	})
	w := o.order(order)
	for _, want := range []string{"20", "40"} {
		r, _ := w.cancel(w.units(0, "1"))
		if got := r.Balances.TotalExcessFundsAmount.String(); got != want {
			t.Errorf("excess is %s, want %s", got, want)
		}
	}
	for _, amount := range []string{"20", "40"} {
		if status, rule := w.refundExcess(amount); status != "Complete " || rule != "" {
			t.Errorf("refund of %s: %s %s", amount, status, rule)
		}
	}
	if got := w.purse(); got != "100 60 " {
		t.Errorf("captured, refunded, reserved: %s", got)
	}
	w.expect(-1, map[string]string{"GrandTotalAmount": "60"})
}

func TestModifyM1ADiscountBeforeFulfilmentIsAProductAdjustment(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	r, rule := o.adjust("", o.discount("-10", AdjustWithoutTax))
	if rule != "" || r.PreFulfillment == "" || r.InFulfillment != "" || r.PostFulfillment != "" {
		t.Fatalf("refused by %q: %+v", rule, r)
	}
	if b := r.Balances; b.TotalAdjustedProductAmount.String() != "10" || b.TotalAdjustedProductTaxAmount.String() != "1" || b.GrandTotalAmount.String() != "11" {
		t.Errorf("balances %+v", b)
	}
	if diff := cmp.Diff([]string{"ProductAdjustment Unknown true 0"}, o.changes()); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if got := o.worth(r.PreFulfillment); got != "-11" {
		t.Errorf("the change order is worth %s", got)
	}
}

func TestReturnR1AReturnIsAChangeAfterFulfilment(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).delivered("2", "2")
	r, rule := o.giveBack(o.units(0, "1"))
	if rule != "" || r.ChangeOrderID == "" || r.FeeChangeOrderID != "" {
		t.Fatalf("refused by %q: %+v", rule, r)
	}
	if diff := cmp.Diff([]string{"Return Unknown false -1"}, o.changes()); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	o.expect(0, map[string]string{"Quantity": "1", "Status": "FULFILLED", "TotalAmtWithTax": "55"})
}

func TestReturnR12TheAnswerNamesTheLineThatWasSplitAndTheNewOne(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).delivered("3", "3")
	id, _ := o.expecting(nil, "3")
	line := o.rows(objReturnLine, "Id")[0]
	result, rule := o.process(id, o.back(line, "1", "0"))
	if rule != "" {
		t.Fatal(rule)
	}
	if diff := cmp.Diff([]ReturnSplit{{OriginalID: line, NewID: o.rows(objReturnLine, "Id")[1]}}, result.Splits); diff != "" {
		t.Errorf("splits (-want +got):\n%s", diff)
	}
	item := o.rows(objReturnLine, "ChangeOrderItemId")
	if item[0] == "" || item[1] != "" {
		t.Errorf("change order items %q", item)
	}
}
