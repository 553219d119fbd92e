package som

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/sandbox"
)

// delivered is the worked example with q jackets ordered and f of them fulfilled, everything captured.
func (o *testOrg) delivered(ordered, fulfilled string) testOrder {
	o.t.Helper()
	order := o.workedExample(jackets(ordered), func(n *NewOrder) {
		worth := n.totals(n.DeliveryGroups...).all().withTax()
		n.Payments = []NewPayment{{Method: "Visa", Type: "Credit Card", GatewayRefNumber: "w-1", Authorized: worth, Captured: worth}}
	})
	id, rule := order.allocate(fulfilled)
	if rule == "" {
		rule = order.setStatus(id, "Fulfilled")
	}
	if rule != "" {
		o.t.Fatalf("refused by %s", rule)
	}
	return order
}

func (o testOrder) giveBack(items ...ChangeItem) (result ChangeResult, rule string) {
	o.t.Helper()
	rule = o.try(func(tx *sandbox.Tx) (err error) {
		result, err = o.SubmitReturn(tx, "", o.id, items)
		return err
	})
	o.checkInvariants()
	return result, rule
}

func TestSimpleReturn(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	cases := []struct {
		name               string
		ordered, fulfilled string
		back               []string
		rule               string
		want               map[string]string
	}{
		{name: "R1 one of two stays fulfilled", ordered: "2", fulfilled: "2", back: []string{"1"}, want: map[string]string{
			"Quantity": "1", "QuantityReturned": "1", "QuantityReturnInitiated": "1", "QuantityAvailableToReturn": "1", "Status": "FULFILLED",
		}},
		{name: "R2 everything is returned", ordered: "2", fulfilled: "2", back: []string{"2"}, want: map[string]string{
			"Quantity": "0", "QuantityAvailableToReturn": "0", "Status": "RETURNED", "TotalLineAmount": "0", "TotalTaxAmount": "0",
		}},
		{name: "one after the other", ordered: "3", fulfilled: "3", back: []string{"1", "1", "1"}, want: map[string]string{
			"Quantity": "0", "Status": "RETURNED", "TotalPrice": "0", "TotalTaxAmount": "0",
		}},
		{name: "R3 more than was fulfilled", ordered: "3", fulfilled: "2", back: []string{"3"}, rule: "som.return.quantity-available", want: map[string]string{"QuantityReturned": "0"}},
		{name: "R4 what is not fulfilled yet", ordered: "3", fulfilled: "1", back: []string{"1", "1"}, rule: "som.return.quantity-available", want: map[string]string{
			"QuantityReturned": "1", "Status": "PARTIALLYFULFILLED",
		}},
		{name: "nothing", ordered: "2", fulfilled: "2", back: []string{"0"}, rule: "som.return.quantity-positive", want: map[string]string{"QuantityReturned": "0"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := org.fork(t).delivered(c.ordered, c.fulfilled)
			var rule string
			for _, q := range c.back {
				_, rule = o.giveBack(o.units(0, q))
			}
			if rule != c.rule {
				t.Fatalf("refused by %q, not by %q", rule, c.rule)
			}
			o.expect(0, c.want)
		})
	}
}

func TestReturnLeavesARefundToBeCredited(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).delivered("2", "2")
	result, rule := o.giveBack(o.withShipping(0, "1"))
	if rule != "" {
		t.Fatalf("refused by %s", rule)
	}
	b := result.Balances
	if b.GrandTotalAmount.String() != "58.3" || !b.TotalExcessFundsAmount.IsZero() || b.TotalRefundableAmount.String() != "58.3" {
		t.Errorf("balances are %+v", b)
	}
	if diff := cmp.Diff([]string{"Return Unknown false -1", "DeliveryChargeAdjustment Unknown false 0"}, o.changes()); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	again, _ := o.giveBack(o.units(0, "1"))
	if got := again.Balances.TotalRefundableAmount.String(); got != "113.3" {
		t.Errorf("after a second return %s is refundable", got)
	}
}

func TestPreviewReturnWritesNothing(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).delivered("2", "2")
	var preview ChangeResult
	o.write(func(tx *sandbox.Tx) (err error) {
		preview, err = o.PreviewReturn(tx, o.id, []ChangeItem{o.units(0, "2")})
		return err
	})
	o.expect(0, map[string]string{"Quantity": "2", "QuantityReturned": "0"})
	if preview.ChangeOrderID != "" || o.count(objItemChange) != 0 || preview.Balances.TotalRefundableAmount.String() != "110" {
		t.Errorf("preview %+v, %d change records", preview, o.count(objItemChange))
	}
}

func (o testOrder) fee(amount string, kind FeeAmountType) ChangeFee {
	return ChangeFee{ProductID: o.shipping, Amount: dec(amount), AmountType: kind, Description: "Handling"}
}

func TestFees(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	cases := []struct {
		name       string
		fee        func(testOrder) ChangeFee
		rule       string
		price, tax string
	}{
		{name: "C27 without tax", fee: func(o testOrder) ChangeFee { return o.fee("5", FeeWithoutTax) }, price: "5", tax: "0.5"},
		{name: "with tax", fee: func(o testOrder) ChangeFee { return o.fee("5.5", FeeWithTax) }, price: "5", tax: "0.5"},
		{name: "R20 a percentage of the units", fee: func(o testOrder) ChangeFee { return o.fee("10", FeePercentage) }, price: "5", tax: "0.5"},
		{name: "a percentage of the gross line", fee: func(o testOrder) ChangeFee { return o.fee("10", FeePercentageGross) }, price: "5", tax: "0.5"},
		{name: "nothing", fee: func(o testOrder) ChangeFee { return o.fee("0", FeeWithTax) }, rule: "som.fee.amount-positive"},
		{name: "of an unknown kind", fee: func(o testOrder) ChangeFee { return o.fee("1", "Pounds") }, rule: "som.fee.amount-type"},
		{name: "on no product", rule: "som.fee.product-exists", fee: func(o testOrder) ChangeFee {
			return ChangeFee{ProductID: o.account, Amount: dec("1"), AmountType: FeeWithTax}
		}},
		{name: "with a reason that is none", rule: "som.return.reason-active", fee: func(o testOrder) ChangeFee {
			return ChangeFee{ProductID: o.shipping, Amount: dec("1"), AmountType: FeeWithTax, Reason: "Because"}
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := org.fork(t).delivered("2", "2")
			units := o.units(0, "1")
			units.Fees = []ChangeFee{c.fee(o)}
			result, rule := o.giveBack(units)
			if rule != c.rule {
				t.Fatalf("refused by %q, not by %q", rule, c.rule)
			}
			if c.rule != "" {
				return
			}
			if result.FeeChangeOrderID == "" || result.FeeChangeOrderID == result.ChangeOrderID {
				t.Errorf("change order %s, fee change order %q", result.ChangeOrderID, result.FeeChangeOrderID)
			}
			o.expect(2, map[string]string{"Type": "Fee", "TotalPrice": c.price, "TotalTaxAmount": c.tax, "Status": "ORDERED"})
			fee := dec(c.price).Add(dec(c.tax))
			if b := result.Balances; !b.TotalRequiredFundsAmount.Equal(fee) || !b.GrandTotalAmount.Equal(dec("55").Sub(fee)) ||
				!b.TotalFeeAmount.Equal(dec(c.price).Neg()) || b.TotalRefundableAmount.String() != "55" {
				t.Errorf("balances are %+v", b)
			}
		})
	}
}

func TestCancelFeeLeavesTheExcessToTheRefundThatPaysIt(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample(func(n *NewOrder) {
		n.Payments = []NewPayment{{Method: "Visa", Type: "Credit Card", GatewayRefNumber: "w-1", Authorized: dec("116.59"), Captured: dec("116.59")}}
	})
	units := o.units(0, "1")
	units.Fees = []ChangeFee{o.fee("5.5", FeeWithTax)}
	result, rule := o.cancel(units)
	if rule != "" {
		t.Fatalf("refused by %s", rule)
	}
	if b := result.Balances; b.TotalExcessFundsAmount.String() != "55" || b.TotalRequiredFundsAmount.String() != "5.5" {
		t.Errorf("balances are %+v", b)
	}
	want := []string{"Cancel Unknown true -1", "CancelFee Unknown true 1"}
	if diff := cmp.Diff(want, o.changes()); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	o.expect(-1, map[string]string{"TotalFeeAmount": "5", "GrandTotalAmount": "67.09"})
}
