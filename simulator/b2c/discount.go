package b2c

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// discount gives the order its discounts as a whole and spreads them over the products.
func (o *Order) discount(tx *sandbox.Tx, n NewOrder) error {
	for _, code := range n.Coupons {
		o.Coupons = append(o.Coupons, Coupon{ID: tx.UUID("b2c.Coupon"), Code: code})
	}
	o.PriceAdjustments = identified(tx, n.Adjustments)
	total, worth := sum(o.PriceAdjustments), decimal.Zero
	for _, item := range o.ProductItems {
		worth = worth.Add(item.PriceAfterItemDiscount)
	}
	if total.IsPositive() || total.Neg().GreaterThan(worth) {
		return invalidOrder("the discounts of order %s come to %s, its products to %s", o.OrderNo, total, worth)
	}
	if !total.IsZero() {
		o.spread(total, worth)
	}
	return nil
}

// spread has each product bear the share of a discount that its price has of all prices, in cents. The cents that are left
// by rounding down go to the largest remainders, and among equal ones to the first line. The vendor prorates by price;
// how it rounds is not documented.
func (o *Order) spread(total, worth decimal.Decimal) {
	type share struct {
		line      int
		remainder decimal.Decimal
	}
	left := total.Neg()
	shares := make([]share, len(o.ProductItems))
	amounts := make([]decimal.Decimal, len(o.ProductItems))
	for i, item := range o.ProductItems {
		exact := total.Neg().Mul(item.PriceAfterItemDiscount).DivRound(worth, 12)
		amounts[i] = exact.Truncate(2)
		shares[i] = share{i, exact.Sub(amounts[i])}
		left = left.Sub(amounts[i])
	}
	slices.SortStableFunc(shares, func(a, b share) int {
		return cmp.Or(b.remainder.Cmp(a.remainder), cmp.Compare(a.line, b.line))
	})
	cent := decimal.New(1, -2)
	for i := 0; left.GreaterThanOrEqual(cent); i++ {
		amounts[shares[i].line] = amounts[shares[i].line].Add(cent)
		left = left.Sub(cent)
	}
	for i := range o.ProductItems {
		item := &o.ProductItems[i]
		item.PriceAfterOrderDiscount = item.PriceAfterItemDiscount.Sub(amounts[i])
		item.AdjustedTax = o.Taxation.taxOn(item.PriceAfterOrderDiscount, item.TaxRate)
	}
}
