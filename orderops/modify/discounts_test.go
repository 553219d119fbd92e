package modify

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/cancel"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/settle"
)

// bargains is the world where goods from some units on cost a part of their price less. The order was placed so.
type bargains struct {
	*world
	from     int64
	share    string
	taxation string
	paid     string // what the shirts cost when they were ordered, after all discounts
}

func (b *bargains) OrderAsService(ctx context.Context, shop b2cclient.Shop, orderNo string) (b2cclient.Document, error) {
	doc, err := b.world.OrderAsService(ctx, shop, orderNo)
	doc.Order.Taxation = b.taxation
	rate := decimal.RequireFromString("0.1")
	for i := range doc.Order.ProductItems {
		item := &doc.Order.ProductItems[i]
		item.Full, item.TaxRate = item.Price, rate
		if item.ProductID == "SHIRT" {
			item.Price = decimal.RequireFromString(b.paid)
		}
	}
	return doc, err
}

func (b *bargains) CreateBasket(ctx context.Context, shop b2cclient.Shop, n b2cclient.NewBasket) (b2cclient.Basket, error) {
	made, err := b.world.CreateBasket(ctx, shop, n)
	made.Taxation = b.taxation
	units := decimal.Zero
	for _, item := range n.Items {
		units = units.Add(item.Quantity)
	}
	for i := range made.ProductItems {
		item := &made.ProductItems[i]
		item.Full, item.TaxRate = item.Price, decimal.RequireFromString("0.1")
		if units.GreaterThanOrEqual(decimal.NewFromInt(b.from)) {
			item.Price = item.Full.Mul(decimal.NewFromInt(1).Sub(decimal.RequireFromString(b.share)))
		}
	}
	return made, err
}

// TestDiscounts has two shirts at 50.00 and a scarf at 30.00 priced, as they were ordered and without what is gone.
func TestDiscounts(t *testing.T) {
	t.Parallel()
	type off struct{ Units, Left, Before, After string }
	for name, tc := range map[string]struct {
		world    func(b *bargains)
		gone     map[string]int64
		want     map[string]off
		unpriced string
		fails    remote.Class
		calls    int
	}{
		"a promotion that one unit less loses": {
			gone: map[string]int64{"SHIRT": 1}, calls: 2,
			want: map[string]off{"SHIRT": {"2", "1", "20", "0"}, "SCARF": {"1", "1", "0", "0"}},
		},
		"one that it does not lose": {
			world: func(b *bargains) { b.from = 2 }, gone: map[string]int64{"SHIRT": 1}, calls: 2,
			want: map[string]off{"SHIRT": {"2", "1", "20", "10"}, "SCARF": {"1", "1", "0", "6"}},
		},
		"prices without their tax": {
			world: func(b *bargains) { b.taxation = "net" }, gone: map[string]int64{"SCARF": 1}, calls: 2,
			want: map[string]off{"SHIRT": {"2", "2", "22", "0"}, "SCARF": {"1", "0", "0", "0"}},
		},
		"a promotion that is larger by now: no more is lost than there was": {
			world: func(b *bargains) { b.share = "0.5" }, gone: map[string]int64{"SHIRT": 1}, calls: 2,
			want: map[string]off{"SHIRT": {"2", "1", "20", "0"}, "SCARF": {"1", "1", "0", "0"}},
		},
		"prices that have doubled: they are none of it": {
			world: func(b *bargains) { b.prices["SHIRT"], b.from = "100.00", 9 }, gone: map[string]int64{"SHIRT": 1}, calls: 2,
			want: map[string]off{"SHIRT": {"2", "1", "0", "0"}, "SCARF": {"1", "1", "0", "0"}},
		},
		"codes count where lines keep their price when an order is modified": {
			world: func(b *bargains) { b.from = 2 }, gone: map[string]int64{"SCARF": 1}, calls: 2,
			want: map[string]off{"SHIRT": {"2", "2", "20", "20"}, "SCARF": {"1", "0", "0", "0"}},
		},
		"a product that is not sold any more": {
			world: func(b *bargains) { b.offline["SCARF"] = true }, unpriced: "product SCARF cannot be bought today: not_available",
		},
		"goods that only the order has": {
			world: func(b *bargains) { b.lastScarf() }, unpriced: "product SCARF cannot be bought today: out_of_stock",
		},
		"a basket that commerce refuses": {
			world: func(b *bargains) { b.faults["b2c.createBasket#2"] = fault{class: remote.Rejected, code: "Quota"} },
			calls: 2, unpriced: "b2c refused: Quota",
		},
		"a commerce that is away":                 {world: func(b *bargains) { b.faults["b2c.createBasket#1"] = fault{class: remote.Unavailable} }, calls: 1, fails: remote.Unavailable},
		"a commerce that is away for the rest":    {world: func(b *bargains) { b.faults["b2c.createBasket#2"] = fault{class: remote.Ambiguous} }, calls: 2, fails: remote.Ambiguous},
		"a commerce that does not show the order": {world: func(b *bargains) { b.faults["b2c.order#1"] = fault{class: remote.Throttled} }, fails: remote.Throttled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := &bargains{world: newWorld(), from: 3, share: "0.2", taxation: "gross", paid: "80"}
			if tc.world != nil {
				tc.world(b)
			}
			m := b.modifies(orderops.KeepUntilConfirm)
			m.Commerce, m.Policy.Prices = b, settle.BySite[orderops.PricePolicy]{settle.AllSites: orderops.KeepOriginalPrice}
			gone := map[string]decimal.Decimal{}
			for id, n := range tc.gone {
				gone[id] = decimal.NewFromInt(n)
			}
			got, err := m.Discounts(context.Background(), cancel.PriceQuestion{Site: "RefArch", OrderNo: orderNo, Gone: gone})
			if failure, _ := remote.AsError(err); (failure != nil) != (tc.fails != "") || failure != nil && failure.Class != tc.fails {
				t.Fatal(err)
			}
			found := map[string]off{}
			for _, p := range got.Products {
				found[p.ProductID] = off{p.Units.String(), p.Left.String(), p.Before.String(), p.After.String()}
			}
			if diff := cmp.Diff(tc.want, found); len(tc.want)+len(found) > 0 && diff != "" {
				t.Error(diff)
			}
			if got.Unpriced != tc.unpriced {
				t.Errorf("unpriced since %q, want %q", got.Unpriced, tc.unpriced)
			}
			if b.counts["b2c.createBasket"] != tc.calls || len(b.baskets) != 0 {
				t.Errorf("%d baskets were asked for, %d are left", b.counts["b2c.createBasket"], len(b.baskets))
			}
			checkLinks(t, b)
		})
	}
}

// checkLinks says that the last basket was a temporary one that nobody takes for a follow-up.
func checkLinks(t *testing.T, b *bargains) {
	t.Helper()
	if b.made == 0 {
		return
	}
	link := b.asked.Custom[b2cclient.ModifiesAttribute]
	if !b.asked.Temporary || link != nil || len(b.asked.Coupons) != 1 {
		t.Errorf("temporary %t, linked to %s, with the codes %v", b.asked.Temporary, link, b.asked.Coupons)
	}
}
