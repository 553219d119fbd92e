package price_test

import (
	"crypto/sha256"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/somsim/somsim/simulator/b2c/price"
)

// carts generates carts of every currency and taxation, with promotions and adjustments of all kinds.
func carts() *rapid.Generator[price.Cart] {
	return rapid.Custom(func(t *rapid.T) price.Cart {
		c := price.Cart{
			Digits: rapid.SampledFrom([]int32{0, 2, 3}).Draw(t, "digits"), Taxation: rapid.SampledFrom([]price.Taxation{price.Net, price.Gross}).Draw(t, "taxation"),
			TaxByGroup: rapid.Bool().Draw(t, "by group"),
		}
		for i := range rapid.IntRange(0, 6).Draw(t, "lines") {
			l := price.Line{
				ID: fmt.Sprint(i), ProductID: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "product"), Shipment: shipment(t),
				Unit: amount(t, c.Digits, 100_000), Quantity: decimal.New(int64(rapid.IntRange(1, 2000).Draw(t, "quantity")), -2), TaxRate: rate(t),
			}
			if rapid.IntRange(0, 5).Draw(t, "bonus") == 0 {
				l.Bonus = "gift"
			}
			c.Lines = append(c.Lines, l)
		}
		for _, id := range []string{"me", "store"} {
			c.Deliveries = append(c.Deliveries, price.Delivery{Shipment: id, MethodID: id, Price: amount(t, c.Digits, 2000), TaxRate: rate(t)})
		}
		for range rapid.IntRange(0, 2).Draw(t, "gifts") {
			c.Gifts = append(c.Gifts, price.Gift{Shipment: shipment(t), Amount: amount(t, c.Digits, 5000)})
		}
		for i := range rapid.IntRange(0, 5).Draw(t, "promotions") {
			c.Promotions = append(c.Promotions, anyPromotion(t, i, c.Digits))
		}
		for i := range rapid.IntRange(0, 2).Draw(t, "manual") {
			level := rapid.SampledFrom([]price.Level{price.LevelProduct, price.LevelShipping, price.LevelOrder}).Draw(t, "level")
			target := map[price.Level]string{price.LevelProduct: "0", price.LevelShipping: "me"}[level]
			c.Manual = append(c.Manual, price.Manual{ID: fmt.Sprint("m", i), Level: level, Target: target, Discount: discount(t, c.Digits, 3)})
		}
		return c
	})
}

func shipment(t *rapid.T) string {
	return rapid.SampledFrom([]string{"me", "store"}).Draw(t, "shipment")
}

func amount(t *rapid.T, digits int32, most int) decimal.Decimal {
	return decimal.New(int64(rapid.IntRange(0, most).Draw(t, "amount")), -digits)
}

func rate(t *rapid.T) decimal.Decimal {
	return decimal.New(int64(rapid.SampledFrom([]int{0, 550, 700, 825, 1000, 1900, 2500}).Draw(t, "rate")), -4)
}

// discount draws one of the first kinds of: percentage, amount, fixed price, free, bonus, choice.
func discount(t *rapid.T, digits int32, kinds int) price.Discount {
	all := []price.DiscountType{price.Percentage, price.Amount, price.FixedPrice, price.Free, price.Bonus, price.BonusChoice}
	d := price.Discount{Type: rapid.SampledFrom(all[:kinds]).Draw(t, "type"), Value: amount(t, digits, 10_000), Products: []string{"x"}}
	if d.Type == price.Percentage {
		d.Value = decimal.New(int64(rapid.IntRange(0, 10000).Draw(t, "percentage")), -2)
	}
	return d
}

func anyPromotion(t *rapid.T, i int, digits int32) price.Promotion {
	p := price.Promotion{
		ID: fmt.Sprint("promotion-", i), Class: rapid.SampledFrom([]price.Class{price.ClassProduct, price.ClassOrder, price.ClassShipping}).Draw(t, "class"),
		Rank: rapid.IntRange(0, 3).Draw(t, "rank"), MaxUnits: int64(rapid.IntRange(0, 3).Draw(t, "units")),
		Exclusivity: rapid.SampledFrom([]price.Exclusivity{price.NotExclusive, price.NotExclusive, price.ClassExclusive, price.Exclusive}).Draw(t, "exclusivity"),
	}
	if rapid.Bool().Draw(t, "some") {
		p.Qualifying.IDs = []string{rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "qualifying")}
	}
	for range rapid.IntRange(1, 2).Draw(t, "tiers") {
		p.Tiers = append(p.Tiers, price.Tier{MinAmount: amount(t, digits, 50_000), Discount: discount(t, digits, 6)})
	}
	return p
}

// Whatever is in a cart: every amount is whole in the minor unit, no price is below nothing, prices are what their
// discounts leave, and every sum is the sum of its parts.
func TestEverySumIsTheSumOfItsParts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := carts().Draw(t, "cart")
		checkSums(t, c, price.Calculate(c))
	})
}

// FuzzCart drives the same property from bytes.
func FuzzCart(f *testing.F) {
	for seed := range byte(8) { // enough chance for a whole cart
		var drawn []byte
		for block := sha256.Sum256([]byte{seed}); len(drawn) < 8<<10; block = sha256.Sum256(block[:]) {
			drawn = append(drawn, block[:]...)
		}
		f.Add(drawn)
	}
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		c := carts().Draw(t, "cart")
		checkSums(t, c, price.Calculate(c))
	}))
}

func checkSums(t *rapid.T, c price.Cart, r price.Result) {
	same := func(what string, got, want decimal.Decimal) {
		if !got.Equal(want) || !got.Equal(got.Round(c.Digits)) {
			t.Fatalf("%s is %s, want %s in %d decimals", what, got, want, c.Digits)
		}
	}
	var items, products, shipping, tax, shippingTax, gifts, before decimal.Decimal
	for i, l := range r.Lines {
		left := l.Price
		for _, a := range l.Adjustments {
			left = left.Add(a.Amount)
		}
		same(fmt.Sprint("what discounts leave of line ", i), l.AfterItem, left)
		if l.AfterItem.IsNegative() || l.AfterOrder.IsNegative() || l.AfterOrder.GreaterThan(l.AfterItem) {
			t.Fatalf("line %d costs %s and %s", i, l.AfterItem, l.AfterOrder)
		}
		same(fmt.Sprint("tax of line ", i), l.AdjustedTax, l.AdjustedTax)
		items, products, tax, before = items.Add(l.AfterItem), products.Add(l.AfterOrder), tax.Add(l.AdjustedTax), before.Add(l.Tax)
	}
	for _, d := range r.Deliveries {
		shipping, shippingTax = shipping.Add(d.AfterItem), shippingTax.Add(d.AdjustedTax)
		if d.AfterItem.IsNegative() {
			t.Fatalf("a delivery costs %s", d.AfterItem)
		}
	}
	for _, g := range c.Gifts {
		gifts = gifts.Add(g.Amount)
	}
	order := decimal.Zero
	for _, a := range r.Order {
		order = order.Add(a.Amount)
	}
	same("the discounts of the order", items.Add(order), products)
	same("product sub total", r.Total.ProductSubTotal, items)
	same("product total", r.Total.ProductTotal, products)
	same("shipping total", r.Total.ShippingTotal, shipping)
	same("tax before discounts", r.Total.MerchandizeTax, before)
	same("tax", r.Total.Tax, tax.Add(shippingTax))
	want := products.Add(shipping).Add(gifts)
	if c.Taxation == price.Net {
		want = want.Add(tax).Add(shippingTax)
	}
	same("total", r.Total.Total, want)
	var shipments decimal.Decimal
	for _, s := range r.Shipments {
		shipments = shipments.Add(s.Total)
	}
	same("the shipments' totals", shipments, r.Total.Total)
}

// The order in which promotions are listed decides nothing.
func TestTheOrderOfPromotionsIsTheirOwn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := carts().Draw(t, "cart")
		want := price.Calculate(c)
		c.Promotions = rapid.Permutation(c.Promotions).Draw(t, "promotions")
		if diff := cmp.Diff(want, price.Calculate(c)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// A gross price bears the tax that the net price in it bears, within one minor unit.
func TestNetAndGrossAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		digits, r := rapid.SampledFrom([]int32{0, 2, 3}).Draw(t, "digits"), rate(t)
		gross := amount(t, digits, 10_000_000)
		inside := price.Tax(price.Gross, gross, r, digits)
		onTop := price.Tax(price.Net, gross.Sub(inside), r, digits)
		if inside.Sub(onTop).Abs().GreaterThan(decimal.New(1, -digits)) {
			t.Fatalf("%s gross holds %s of tax, its net price bears %s", gross, inside, onTop)
		}
	})
}

// Parts add up to what was split, are whole, and are within a minor unit of their exact share.
func TestPartsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.SampledFrom([]int32{0, 2, 3}).Draw(t, "digits")
		whole := amount(t, digits, 1_000_000)
		var weights []decimal.Decimal
		worth := decimal.Zero
		for range rapid.IntRange(1, 30).Draw(t, "parts") {
			w := amount(t, digits, 100_000)
			weights, worth = append(weights, w), worth.Add(w)
		}
		sum := decimal.Zero
		for i, part := range price.Apportion(whole, weights, digits) {
			sum = sum.Add(part)
			if !part.Equal(part.Round(digits)) || part.IsNegative() {
				t.Fatalf("a part of %s", part)
			}
			if !worth.IsPositive() {
				continue
			}
			if exact := whole.Mul(weights[i]).DivRound(worth, 12); part.Sub(exact).Abs().GreaterThan(decimal.New(1, -digits)) {
				t.Fatalf("a part of %s, exactly %s", part, exact)
			}
			if whole.LessThanOrEqual(worth) && part.GreaterThan(weights[i]) {
				t.Fatalf("a part of %s for a weight of %s", part, weights[i])
			}
		}
		if !sum.Equal(whole) {
			t.Fatalf("the parts come to %s, not %s", sum, whole)
		}
	})
}
