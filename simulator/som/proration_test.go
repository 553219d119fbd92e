package som

import (
	"testing"
)

// threeGroups is an order with two delivery groups that tests change and a third that stays out of their pools.
func (o *testOrg) threeGroups() testOrder {
	o.t.Helper()
	group := func(product, price, delivery string) NewDeliveryGroup {
		return NewDeliveryGroup{Name: "Erika Muster", Items: []NewItem{
			{ProductID: product, Quantity: dec("1"), UnitPrice: dec(price)},
			{ProductID: o.shipping, Type: TypeDelivery, UnitPrice: dec(delivery)},
		}}
	}
	first := group(o.product, "60.00", "6.00")
	first.Items = append(first.Items, NewItem{ProductID: o.cheap, UnitPrice: dec("20.00")})
	return o.order(NewOrder{DeliveryGroups: []NewDeliveryGroup{first, group(o.cheap, "20.00", "4.00"), group(o.product, "50.00", "7.77")}})
}

func TestCancelReducesDeliveryCharges(t *testing.T) {
	t.Parallel()
	// Items of threeGroups: 0 jacket 60, 1 delivery 6, 2 socks 20 | 3 socks 20, 4 delivery 4 | 5 jacket 50, 6 delivery 7.77
	cases := []struct {
		name  string
		calls func(o testOrder) [][]ChangeItem
		// first, second and third are what is left of the three delivery charges.
		first, second, third string
	}{
		{"C16 by the share of the cancelled item", func(o testOrder) [][]ChangeItem {
			return [][]ChangeItem{{o.withShipping(2, "1")}}
		}, "4.5", "4", "7.77"},
		{"C17 to nothing when all goes in one call", func(o testOrder) [][]ChangeItem {
			return [][]ChangeItem{{o.withShipping(0, "1"), o.withShipping(2, "1"), o.withShipping(3, "1"), o.withShipping(5, "1")}}
		}, "0", "0", "0"},
		{"C18 to nothing and not below when all goes call by call", func(o testOrder) [][]ChangeItem {
			return [][]ChangeItem{{o.withShipping(2, "1")}, {o.withShipping(0, "1")}}
		}, "0", "4", "7.77"},
		// Pooled: (6 + 4) × (20 + 20) / (60 + 20 + 20) = 4, of which 2.40 from the first and 1.60 from the second charge.
		{"C19 pooled over the touched groups", func(o testOrder) [][]ChangeItem {
			return [][]ChangeItem{{o.withShipping(2, "1"), o.withShipping(3, "1")}}
		}, "3.6", "2.4", "7.77"},
		{"C20 by the flagged item's share alone", func(o testOrder) [][]ChangeItem {
			return [][]ChangeItem{{o.withShipping(2, "1"), o.units(0, "1")}}
		}, "4.5", "4", "7.77"},
	}
	org := newTestOrg(t)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o := org.fork(t).threeGroups()
			for _, call := range tc.calls(o) {
				if _, rule := o.cancel(call...); rule != "" {
					t.Fatalf("rule %q", rule)
				}
			}
			for n, want := range map[int]string{1: tc.first, 4: tc.second, 6: tc.third} {
				if got := o.value(n, "TotalPrice"); got != want {
					t.Errorf("the delivery charge %d is %s, want %s", n, got, want)
				}
			}
		})
	}
}
