package som

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/sandbox"
)

func (o testOrder) adjust(policy InFulfillmentPolicy, items ...AdjustItem) (result AdjustResult, rule string) {
	o.t.Helper()
	rule = o.try(func(tx *sandbox.Tx) (err error) {
		result, err = o.SubmitAdjust(tx, "", Adjustment{OrderSummaryID: o.id, Items: items, InFulfillment: policy})
		return err
	})
	o.checkInvariants()
	return result, rule
}

func (o testOrder) discount(amount string, kind AdjustmentType) AdjustItem {
	o.t.Helper()
	return AdjustItem{OrderItemSummaryID: o.item(0).ID, Amount: dec(amount), Type: kind, Reason: "Unknown", Description: "Sorry"}
}

func TestAdjustmentTypes(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	cases := []struct {
		name, amount string
		kind         AdjustmentType
		rule         string
		price, tax   string
	}{
		{"M1 without tax", "-10", AdjustWithoutTax, "", "90", "9"},
		{"M3 with tax", "-11", AdjustWithTax, "", "90", "9"},
		{"M3 with tax that does not come out even", "-10", AdjustWithTax, "", "90.91", "9.09"},
		{"M4 a percentage", "-10", AdjustPercentage, "", "90", "9"},
		{"tax alone", "-1", AdjustTaxOnly, "", "100", "9"},
		{"price alone", "-10", AdjustProductOnly, "", "90", "10"},
		{"everything", "-100", AdjustPercentage, "", "0", "0"},
		{"M2 a positive amount", "10", AdjustWithTax, "som.adjust.amount-negative", "100", "10"},
		{"nothing", "0", AdjustWithTax, "som.adjust.amount-negative", "100", "10"},
		{"M11 more than the line is worth", "-100.01", AdjustWithoutTax, "som.adjust.worth", "100", "10"},
		{"M11 more tax than there is", "-10.01", AdjustTaxOnly, "som.adjust.worth", "100", "10"},
		{"an unknown type", "-1", "Appeasement", "som.adjust.type", "100", "10"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := org.fork(t).workedExample()
			result, rule := o.adjust("", o.discount(c.amount, c.kind))
			if rule != c.rule {
				t.Fatalf("refused by %q, not by %q", rule, c.rule)
			}
			o.expect(0, map[string]string{"TotalPrice": c.price, "TotalTaxAmount": c.tax, "TotalLineAmount": "100", "Quantity": "2"})
			if rule != "" {
				return
			}
			if b := result.Balances; !b.TotalAmount.Equal(dec("100").Sub(dec(c.price))) || !b.TotalTaxAmount.Equal(dec("10").Sub(dec(c.tax))) {
				t.Errorf("balances are %+v", b)
			}
			if result.PreFulfillment == "" || result.InFulfillment != "" || result.PostFulfillment != "" {
				t.Errorf("change orders are %+v", result)
			}
		})
	}
}

func TestAdjustmentRefusals(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	cases := []struct {
		name, rule string
		policy     InFulfillmentPolicy
		edit       func(testOrder, *AdjustItem)
	}{
		{"a reason that is none", "som.adjust.reason-active", "", func(_ testOrder, i *AdjustItem) { i.Reason = "Because" }},
		{"no reason", "som.adjust.reason-required", "", func(_ testOrder, i *AdjustItem) { i.Reason = "" }},
		{"a line of nobody", "som.adjust.item-belongs", "", func(o testOrder, i *AdjustItem) { i.OrderItemSummaryID = o.product }},
		{"an unknown policy", "som.adjust.allocated-policy", "Sometimes", func(testOrder, *AdjustItem) {}},
		{"M12 a cancelled line", "som.adjust.quantity-available", "", func(o testOrder, _ *AdjustItem) { o.cancel(o.units(0, "2")) }},
		{"M6 a line in fulfilment", "som.adjust.quantity-available", "", func(o testOrder, _ *AdjustItem) { o.allocate("2") }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := org.fork(t).workedExample()
			item := o.discount("-1", AdjustWithTax)
			c.edit(o, &item)
			if _, rule := o.adjust(c.policy, item); rule != c.rule {
				t.Errorf("refused by %q, not by %q", rule, c.rule)
			}
		})
	}
	if _, rule := org.fork(t).workedExample().adjust(""); rule != "som.adjust.items-required" {
		t.Errorf("without items: %q", rule)
	}
}

// half is four jackets, some of them allocated and some of those fulfilled.
func (o *testOrg) half(allocated, fulfilled string) testOrder {
	o.t.Helper()
	order := o.workedExample(jackets("4"))
	if n := dec(fulfilled); n.IsPositive() {
		id, _ := order.allocate(fulfilled)
		order.setStatus(id, "Fulfilled")
	}
	if rest := dec(allocated).Sub(dec(fulfilled)); rest.IsPositive() {
		order.allocate(rest.String())
	}
	return order
}

func TestAdjustmentsBeforeInAndAfterFulfilment(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	cases := []struct {
		name, allocated, fulfilled string
		policy                     InFulfillmentPolicy
		// what the change orders before, in and after fulfilment are worth, or "" where there is none
		worth [3]string
	}{
		{"M5 units in fulfilment are left out", "4", "2", "", [3]string{"", "", "-11"}},
		{"M7 or have an order of their own", "4", "0", InFulfillmentSeparate, [3]string{"", "-11", ""}},
		{"M8 or count as before", "4", "0", InFulfillmentAsBefore, [3]string{"-11", "", ""}},
		{"M9 all three", "3", "1", InFulfillmentSeparate, [3]string{"-2.75", "-5.5", "-2.75"}},
		{"M9 two of them merged", "3", "1", InFulfillmentAsBefore, [3]string{"-8.25", "", "-2.75"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := org.fork(t).half(c.allocated, c.fulfilled)
			r, rule := o.adjust(c.policy, o.discount("-11", AdjustWithTax))
			if rule != "" {
				t.Fatalf("refused by %s", rule)
			}
			got := [3]string{o.worth(r.PreFulfillment), o.worth(r.InFulfillment), o.worth(r.PostFulfillment)}
			if diff := cmp.Diff(c.worth, got); diff != "" {
				t.Errorf("change orders (-want +got):\n%s", diff)
			}
			if want := c.worth[after]; want != "" && !r.Balances.TotalRefundableAmount.Equal(dec(want).Neg()) {
				t.Errorf("refundable is %s", r.Balances.TotalRefundableAmount)
			}
		})
	}
}

// worth is the grand total of a change order.
func (o testOrder) worth(id string) string {
	o.t.Helper()
	if id == "" {
		return ""
	}
	tx := o.world.Read()
	defer tx.Abort()
	order, ok := o.find(tx, objOrder, id)
	if !ok {
		o.t.Fatalf("no order %s", id)
	}
	return o.shown(order, "GrandTotalAmount")
}

func TestAdjustmentAfterAPartialReturn(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).delivered("4", "4")
	o.giveBack(o.units(0, "3"))
	r, rule := o.adjust("", o.discount("-52.5", AdjustWithTax))
	if rule != "" || o.worth(r.PostFulfillment) != "-52.5" {
		t.Fatalf("M10: %s %+v", rule, r)
	}
	if _, rule := o.adjust("", o.discount("-0.01", AdjustProductOnly)); rule != "som.adjust.worth" {
		t.Errorf("M10: refused by %q", rule)
	}
}

func TestReturnAfterAnAppeasementGivesBackTheLowerPrice(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).delivered("2", "2")
	o.adjust("", o.discount("-22", AdjustWithTax))
	r, rule := o.giveBack(o.units(0, "1"))
	if rule != "" || r.Balances.GrandTotalAmount.String() != "44" {
		t.Errorf("M18: %s %+v", rule, r.Balances)
	}
	if got := r.Balances.TotalRefundableAmount.String(); got != "66" {
		t.Errorf("M18: refundable is %s", got)
	}
}

func TestTaxesOfAnAdjustment(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	for _, c := range []struct {
		name  string
		each  bool
		taxes []string
	}{
		{"M13 are one", false, []string{"-1.01"}},
		{"M13 or one for each tax of the item", true, []string{"-0.67", "-0.34"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := org.fork(t).workedExample(func(n *NewOrder) {
				n.DeliveryGroups[0].Items[0].Taxes = []NewTax{{Name: "State", Amount: dec("6.67")}, {Name: "City", Amount: dec("3.33")}}
			})
			o.write(func(tx *sandbox.Tx) error {
				_, err := o.SubmitAdjust(tx, "", Adjustment{OrderSummaryID: o.id, TaxPerLine: c.each, Items: []AdjustItem{o.discount("-1.01", AdjustTaxOnly)}})
				return err
			})
			o.checkInvariants()
			var got []string
			for _, tax := range o.item(0).adjustments[0].taxes {
				got = append(got, tax.Decimal("Amount").String())
			}
			if diff := cmp.Diff(c.taxes, got); diff != "" {
				t.Errorf("taxes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAdjustmentOfADeliveryCharge(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	charge := o.discount("-50", AdjustPercentage)
	charge.OrderItemSummaryID = o.item(1).ID
	if _, rule := o.adjust("", charge); rule != "" {
		t.Fatalf("refused by %s", rule)
	}
	o.expect(1, map[string]string{"TotalPrice": "2.99", "TotalTaxAmount": "0.3"})
	if diff := cmp.Diff([]string{"DeliveryChargeAdjustment Unknown true 0"}, o.changes()); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

func TestPreviewAdjustWritesNothing(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	var preview AdjustResult
	o.write(func(tx *sandbox.Tx) (err error) {
		preview, err = o.PreviewAdjust(tx, Adjustment{OrderSummaryID: o.id, Items: []AdjustItem{o.discount("-11", AdjustWithTax)}})
		return err
	})
	if preview.PreFulfillment != "" || o.count(objItemChange) != 0 || preview.Balances.GrandTotalAmount.String() != "11" {
		t.Errorf("preview %+v", preview)
	}
	o.expect(0, map[string]string{"TotalPrice": "100"})
}
