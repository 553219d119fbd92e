package som

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestCancelC21UnitByUnitLeavesNoResidue(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).order(NewOrder{DeliveryGroups: []NewDeliveryGroup{{Name: "E", Items: []NewItem{
		{ProductID: firstProduct(), Quantity: dec("3"), UnitPrice: dec("9.99"), Taxes: tax("2.50")},
	}}}})
	sum := decimal.Zero
	for range 3 {
		result, rule := o.cancel(o.units(0, "1"))
		if rule != "" {
			t.Fatalf("rule %q", rule)
		}
		if b := result.Balances; !b.GrandTotalAmount.Equal(b.GrandTotalAmount.Round(2)) {
			t.Errorf("a delta of %s is no amount in euro", b.GrandTotalAmount)
		}
		sum = sum.Add(result.Balances.GrandTotalAmount)
	}
	if !sum.Equal(dec("32.47")) {
		t.Errorf("deltas add up to %s", sum)
	}
	o.expect(0, map[string]string{"TotalLineAmount": "0", "TotalTaxAmount": "0", "Status": "CANCELED"})
}

func TestYenHasNoDecimals(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample(func(n *NewOrder) {
		n.Currency = "JPY"
		n.DeliveryGroups[0].Items[0] = NewItem{ProductID: firstProduct(), Quantity: dec("3"), UnitPrice: dec("333"), Taxes: tax("100")}
		n.DeliveryGroups[0].Items[1].UnitPrice, n.DeliveryGroups[0].Items[1].Taxes = dec("500"), tax("50")
	})
	result, rule := o.cancel(o.withShipping(0, "1"))
	if b := result.Balances; rule != "" || !b.TotalTaxAmount.Equal(dec("50")) || !b.TotalAdjustedDeliveryAmount.Equal(dec("167")) {
		t.Errorf("rule %q, tax %s, delivery %s", rule, b.TotalTaxAmount, b.TotalAdjustedDeliveryAmount)
	}
}

func TestAnyPartialCancelsEndAtExactlyNothing(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	rapid.Check(t, func(r *rapid.T) {
		order := org.order(randomOrder(r, org))
		original := dec(order.value(-1, "GrandTotalAmount"))
		sum := decimal.Zero
		for _, n := range []int{0, 1} {
			for left := dec(order.value(n, "Quantity")); left.IsPositive(); left = dec(order.value(n, "Quantity")) {
				q := decimal.NewFromInt(rapid.Int64Range(1, left.IntPart()).Draw(r, "units"))
				result, rule := order.cancel(order.withShipping(n, q.String()))
				if rule != "" {
					r.Fatalf("rule %q", rule)
				}
				sum = sum.Add(result.Balances.GrandTotalAmount)
			}
		}
		if rest := order.value(-1, "GrandTotalAmount"); rest != "0" {
			r.Fatalf("%s is left", rest)
		}
		if !sum.Equal(original) {
			r.Fatalf("deltas add up to %s, the order was worth %s", sum, original)
		}
	})
}

func randomOrder(r *rapid.T, org *testOrg) NewOrder {
	cents := func(label string, limit int64) decimal.Decimal {
		return decimal.New(rapid.Int64Range(0, limit).Draw(r, label), -2)
	}
	item := func(product string) NewItem {
		price := cents("price", 20000)
		i := NewItem{
			ProductID: product, UnitPrice: price, Quantity: decimal.NewFromInt(rapid.Int64Range(1, 7).Draw(r, "ordered")),
			Taxes: []NewTax{{Name: "VAT", Amount: cents("tax", 500)}, {Name: "Levy", Amount: cents("levy", 99)}},
		}
		off := decimal.Min(cents("discount", 300), price)
		offTax := decimal.Min(cents("discount tax", 50), i.Taxes[0].Amount)
		i.Adjustments = []NewAdjustment{{Name: "promo", Group: "promo", Amount: off.Neg(), Taxes: []NewTax{{Name: "VAT", Amount: offTax.Neg()}}}}
		return i
	}
	return NewOrder{
		AdjustmentGroups: []NewAdjustmentGroup{{Name: "promo", Type: rapid.SampledFrom([]GroupType{GroupHeader, GroupSplitLine}).Draw(r, "group")}},
		DeliveryGroups: []NewDeliveryGroup{{Name: "E", Items: []NewItem{
			item(org.product), item(org.cheap),
			{ProductID: org.shipping, Type: TypeDelivery, UnitPrice: cents("delivery", 1500), Taxes: []NewTax{{Name: "VAT", Amount: cents("delivery tax", 300)}}},
		}}},
	}
}
