package som

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// workedExample is the order of the worked example: two jackets at 50.00 with 10.00 tax, delivery 5.99 with 0.60 tax.
func (o *testOrg) workedExample(edit ...func(*NewOrder)) testOrder {
	o.t.Helper()
	n := NewOrder{DeliveryGroups: []NewDeliveryGroup{{Name: "Erika Muster", Items: []NewItem{
		{ProductID: o.product, Quantity: dec("2"), UnitPrice: dec("50.00"), Taxes: tax("10.00")},
		{ProductID: o.shipping, Type: TypeDelivery, UnitPrice: dec("5.99"), Taxes: tax("0.60")},
	}}}}
	for _, f := range edit {
		f(&n)
	}
	return o.order(n)
}

func tax(amount string) []NewTax {
	return []NewTax{{Name: "VAT", Rate: dec("10"), Amount: dec(amount)}}
}

// jackets sets the number of jackets of the worked example.
func jackets(q string) func(*NewOrder) {
	return func(o *NewOrder) { o.DeliveryGroups[0].Items[0].Quantity = dec(q) }
}

func TestWorkedExampleIsRightToTheCent(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	if got := o.value(-1, "GrandTotalAmount"); got != "116.59" {
		t.Fatalf("the order is worth %s", got)
	}
	var preview ChangeResult
	o.write(func(tx *sandbox.Tx) (err error) {
		preview, err = o.PreviewCancel(tx, o.id, []ChangeItem{o.withShipping(0, "1")})
		return err
	})
	result, rule := o.cancel(o.withShipping(0, "1"))
	if rule != "" {
		t.Fatalf("refused by %s", rule)
	}
	want := map[string]string{
		"GrandTotalAmount": "58.3", "TotalAmount": "53", "TotalTaxAmount": "5.3",
		"TotalAdjustedProductAmount": "50", "TotalAdjustedProductTaxAmount": "5", "TotalAdjProductAmtWithTax": "55",
		"TotalAdjustedDeliveryAmount": "3", "TotalAdjustedDeliveryTaxAmount": "0.3", "TotalAdjDeliveryAmtWithTax": "3.3",
		"TotalAdjustmentDistributedAmount": "0", "TotalExcessFundsAmount": "0", "TotalRefundableAmount": "0",
	}
	b := result.Balances
	got := map[string]string{
		"GrandTotalAmount": b.GrandTotalAmount.String(), "TotalAmount": b.TotalAmount.String(), "TotalTaxAmount": b.TotalTaxAmount.String(),
		"TotalAdjustedProductAmount":    b.TotalAdjustedProductAmount.String(),
		"TotalAdjustedProductTaxAmount": b.TotalAdjustedProductTaxAmount.String(), "TotalAdjProductAmtWithTax": b.TotalAdjProductAmtWithTax.String(),
		"TotalAdjustedDeliveryAmount":    b.TotalAdjustedDeliveryAmount.String(),
		"TotalAdjustedDeliveryTaxAmount": b.TotalAdjustedDeliveryTaxAmount.String(), "TotalAdjDeliveryAmtWithTax": b.TotalAdjDeliveryAmtWithTax.String(),
		"TotalAdjustmentDistributedAmount": b.TotalAdjustmentDistributedAmount.String(),
		"TotalExcessFundsAmount":           b.TotalExcessFundsAmount.String(), "TotalRefundableAmount": b.TotalRefundableAmount.String(),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("balances (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(b, preview.Balances, cmp.Comparer(decimal.Decimal.Equal)); diff != "" {
		t.Errorf("preview and submit differ:\n%s", diff)
	}
	o.expect(0, map[string]string{"Quantity": "1", "QuantityCanceled": "1", "TotalLineAmount": "50", "TotalTaxAmount": "5", "Status": "ORDERED"})
	o.expect(1, map[string]string{"Quantity": "1", "TotalLineAmount": "5.99", "TotalPrice": "2.99", "TotalTaxAmount": "0.3"})
	o.expect(-1, map[string]string{
		"TotalAdjustedProductAmount": "50", "TotalAdjustedDeliveryAmount": "2.99", "TotalTaxAmount": "5.3", "GrandTotalAmount": "58.29",
		"ChangeOrderId": result.ChangeOrderID,
	})
	if changes := o.changes(); cmp.Diff([]string{"Cancel Unknown true -1", "DeliveryChargeAdjustment Unknown true 0"}, changes) != "" {
		t.Errorf("changes are %q", changes)
	}
}

// expect compares fields of the order (n < 0) or of an item.
func (o testOrder) expect(n int, want map[string]string) {
	o.t.Helper()
	got := map[string]string{}
	for field := range want {
		got[field] = o.value(n, field)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		o.t.Errorf("item %d (-want +got):\n%s", n, diff)
	}
}

// changes lists the change records: type, reason, before fulfilment, quantity on the change order.
func (o testOrder) changes() []string {
	tx := o.world.Read()
	defer tx.Abort()
	var out []string
	for _, r := range o.Rows(tx).children(objItemChange, "OrderSummaryId", o.id) {
		item, _ := o.find(tx, objOrderItem, r.Text("ChangeOrderItemId"))
		pre := "false"
		if r.Bool("IsPreFulfillment") {
			pre = "true"
		}
		out = append(out, strings.Join([]string{r.Text("ChangeType"), r.Text("Reason"), pre, item.Decimal("Quantity").String()}, " "))
	}
	return out
}

func TestCancelOfUnits(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	cases := []struct {
		name              string
		ordered, allocate string
		cancel            string
		rule              string
		status, left      string
	}{
		{"C1 all units of a line end it", "2", "", "2", "", "CANCELED", "0"},
		{"C2 some units leave the rest ordered", "3", "", "1", "", "ORDERED", "2"},
		{"C3 more than available is refused", "2", "", "3", "som.cancel.quantity-available", "ORDERED", "2"},
		{"C4 allocated units are refused though nothing has shipped", "5", "5", "1", "som.cancel.quantity-available", "ALLOCATED", "5"},
		{"C5 a mixed line refuses what touches allocated units", "5", "3", "3", "som.cancel.quantity-available", "PARTIALLYALLOCATED", "5"},
		{"C5 a mixed line gives its free units", "5", "3", "2", "", "ALLOCATED", "3"},
		{"C10 nothing is refused", "2", "", "0", "som.cancel.quantity-positive", "ORDERED", "2"},
		{"C10 less than nothing is refused", "2", "", "-1", "som.cancel.quantity-positive", "ORDERED", "2"},
		{"C11 a fraction is taken", "2", "", "1.5", "", "ORDERED", "0.5"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o := org.fork(t).workedExample(jackets(tc.ordered))
			if tc.allocate != "" {
				o.allocate(tc.allocate)
			}
			if _, rule := o.cancel(o.units(0, tc.cancel)); rule != tc.rule {
				t.Fatalf("rule %q", rule)
			}
			o.expect(0, map[string]string{"Status": tc.status, "Quantity": tc.left})
		})
	}
}

func TestCancelRefusesAndChangesNothing(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		rule string
		make func(o, other testOrder) []ChangeItem
	}{
		{"C9 an item named twice is held to the sum", "som.cancel.quantity-available", func(o, _ testOrder) []ChangeItem {
			return []ChangeItem{o.units(0, "1"), o.units(0, "2")}
		}},
		{"C12 an unknown reason", "som.cancel.reason-active", func(o, _ testOrder) []ChangeItem { return o.because("Boredom") }},
		{"C12 an inactive reason", "som.cancel.reason-active", func(o, _ testOrder) []ChangeItem { return o.because("Store Closed") }},
		{"C13 no reason", "som.cancel.reason-required", func(o, _ testOrder) []ChangeItem { return o.because("") }},
		{"C14 the delivery charge itself", "som.cancel.delivery-charge", func(o, _ testOrder) []ChangeItem { return []ChangeItem{o.units(1, "1")} }},
		{"C15 an item of another order", "som.cancel.item-belongs", func(_, other testOrder) []ChangeItem { return []ChangeItem{other.units(0, "1")} }},
		{"an id that is none", "som.cancel.item-belongs", func(_, _ testOrder) []ChangeItem {
			return []ChangeItem{{OrderItemSummaryID: "nonsense", Quantity: dec("1"), Reason: "Unknown"}}
		}},
		{"a reason text of 256 characters", "som.cancel.reason-text-length", func(o, _ testOrder) []ChangeItem {
			item := o.units(0, "1")
			item.ReasonText = strings.Repeat("ä", 256)
			return []ChangeItem{item}
		}},
		{"no items", "som.cancel.items-required", func(_, _ testOrder) []ChangeItem { return nil }},
		{"one bad item among good ones", "som.cancel.quantity-available", func(o, _ testOrder) []ChangeItem {
			return []ChangeItem{o.withShipping(0, "1"), o.units(0, "9")}
		}},
	}
	all := newTestOrg(t)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := all.fork(t)
			o, other := org.workedExample(), org.workedExample()
			if _, rule := o.cancel(tc.make(o, other)...); rule != tc.rule {
				t.Errorf("rule %q, want %q", rule, tc.rule)
			}
			if got := o.value(-1, "GrandTotalAmount"); got != "116.59" {
				t.Errorf("the order is now worth %s", got)
			}
			if n := o.count(objItemChange); n != 0 {
				t.Errorf("%d change records", n)
			}
		})
	}
}

func (o testOrder) because(reason string) []ChangeItem {
	o.t.Helper()
	item := o.units(0, "1")
	item.Reason = reason
	return []ChangeItem{item}
}

func TestCancelC6FulfilledUnitsAreRefused(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	fo, _ := o.allocate("1")
	if rule := o.setStatus(fo, "Fulfilled"); rule != "" {
		t.Fatalf("rule %q", rule)
	}
	o.expect(0, map[string]string{"Status": "PARTIALLYFULFILLED", "QuantityAvailableToCancel": "1", "QuantityAvailableToReturn": "1"})
	if _, rule := o.cancel(o.units(0, "2")); rule != "som.cancel.quantity-available" {
		t.Errorf("rule %q", rule)
	}
	if _, rule := o.cancel(o.units(0, "1")); rule != "" {
		t.Errorf("rule %q", rule)
	}
	o.expect(0, map[string]string{"Status": "FULFILLED", "Quantity": "1"})
}

func TestCancelC7C8RacesAreLostAtSubmit(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample(jackets("1"))
	o.write(func(tx *sandbox.Tx) error {
		_, err := o.PreviewCancel(tx, o.id, []ChangeItem{o.units(0, "1")})
		return err
	})
	if _, rule := o.allocate("1"); rule != "" {
		t.Fatalf("rule %q", rule)
	}
	if _, rule := o.cancel(o.units(0, "1")); rule != "som.cancel.quantity-available" {
		t.Errorf("after the allocation: rule %q", rule)
	}
	o = o.workedExample(jackets("1"))
	o.cancel(o.units(0, "1"))
	if _, rule := o.cancel(o.units(0, "1")); rule != "som.cancel.quantity-available" {
		t.Errorf("the second cancel of the last unit: rule %q", rule)
	}
}

func TestCancelC22OrderDiscountKeepsItsShareOnOtherItems(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	order := o.order(NewOrder{
		AdjustmentGroups: []NewAdjustmentGroup{{Name: "10 off", Type: GroupHeader}},
		DeliveryGroups: []NewDeliveryGroup{{Name: "E", Items: []NewItem{
			{ProductID: o.product, UnitPrice: dec("60.00"), Taxes: tax("6.00"), Adjustments: []NewAdjustment{{Name: "10 off", Group: "10 off", Amount: dec("-6.00"), Taxes: tax("-0.60")}}},
			{ProductID: o.cheap, UnitPrice: dec("40.00"), Taxes: tax("4.00"), Adjustments: []NewAdjustment{{Name: "10 off", Group: "10 off", Amount: dec("-4.00"), Taxes: tax("-0.40")}}},
		}}},
	})
	result, rule := order.cancel(order.units(0, "1"))
	if rule != "" {
		t.Fatalf("rule %q", rule)
	}
	b := result.Balances
	if !b.TotalAdjustedProductAmount.Equal(dec("60")) || !b.TotalAdjustmentDistributedAmount.Equal(dec("-6")) || !b.TotalAmount.Equal(dec("54")) {
		t.Errorf("product %s, distributed %s, total %s", b.TotalAdjustedProductAmount, b.TotalAdjustmentDistributedAmount, b.TotalAmount)
	}
	order.expect(1, map[string]string{"TotalPrice": "36", "TotalAdjustmentDistAmount": "-4"})
	order.expect(-1, map[string]string{"TotalAmount": "36", "TotalAdjDistAmount": "-4"})
}

func TestCancelC24C25CapturedMoneyIsExcessAndAddsUp(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample(func(n *NewOrder) {
		n.Payments = []NewPayment{{Method: "Visa - 1111", Type: "Credit Card", GatewayRefNumber: "w-1", Authorized: dec("116.59"), Captured: dec("116.59")}}
	})
	first, _ := o.cancel(o.units(0, "1"))
	second, _ := o.cancel(o.units(0, "1"))
	for n, got := range []decimal.Decimal{first.Balances.TotalExcessFundsAmount, second.Balances.TotalExcessFundsAmount} {
		if want := dec([]string{"55", "110"}[n]); !got.Equal(want) {
			t.Errorf("excess after cancel %d is %s, want %s", n+1, got, want)
		}
	}
	if !second.Balances.TotalRefundableAmount.Equal(dec("110")) || !second.Balances.GrandTotalAmount.Equal(dec("55")) {
		t.Errorf("refundable %s, this call's %s", second.Balances.TotalRefundableAmount, second.Balances.GrandTotalAmount)
	}
}

func TestCancelC29UnmanagedOrdersAreRefused(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample(func(n *NewOrder) { n.LifeCycle = Unmanaged })
	if _, rule := o.cancel(o.units(0, "1")); rule != "som.summary.managed" {
		t.Errorf("rule %q", rule)
	}
}

func TestCancelC30C31OrderStatusNeitherDecidesNorFollows(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample(func(n *NewOrder) { n.Status = "Cancelled" })
	if _, rule := o.cancel(o.units(0, "1")); rule != "" {
		t.Errorf("C30: rule %q", rule)
	}
	o.write(func(tx *sandbox.Tx) error {
		return o.Update(tx, "", objOrderSummary, o.id, []sobject.FieldValue{{Name: "Status", Value: "approved"}})
	})
	if _, rule := o.cancel(o.units(0, "1")); rule != "" {
		t.Errorf("C31: rule %q", rule)
	}
	o.expect(0, map[string]string{"Status": "CANCELED"})
	o.expect(-1, map[string]string{"Status": "Approved"})
}

func TestCancelNamesItsUserAndLinksItsRecords(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	dev := makeID("005", 2)
	var result ChangeResult
	o.write(func(tx *sandbox.Tx) (err error) {
		result, err = o.SubmitCancel(tx, dev, o.id, []ChangeItem{o.withShipping(0, "1")})
		return err
	})
	tx := o.world.Read()
	defer tx.Abort()
	for _, change := range o.Rows(tx).children(objItemChange, "OrderSummaryId", o.id) {
		if change.Text("CreatedById") != dev {
			t.Errorf("created by %s", change.Text("CreatedById"))
		}
		item, _ := o.find(tx, objOrderItem, change.Text("ChangeOrderItemId"))
		summary, _ := o.find(tx, objOrderItemSummary, change.Text("OrderItemSummaryId"))
		if item.Text("RelatedOrderItemId") != summary.Text("OriginalOrderItemId") || item.Text("OrderId") != result.ChangeOrderID {
			t.Errorf("change order item %+v does not lead back to %s", item, summary.ID)
		}
	}
	order, _ := o.find(tx, objOrder, result.ChangeOrderID)
	summary, _ := o.find(tx, objOrderSummary, o.id)
	if order.Text("RelatedOrderId") != summary.Text("OriginalOrderId") || o.shown(order, "GrandTotalAmount") != "-58.3" {
		t.Errorf("change order %s relates to %s and is worth %s", order.ID, order.Text("RelatedOrderId"), o.shown(order, "GrandTotalAmount"))
	}
}

// firstProduct is the id of the first product of a test org.
func firstProduct() string { return makeID("01t", 1) }
