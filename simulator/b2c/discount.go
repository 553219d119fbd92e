package b2c

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c/price"
	"github.com/somsim/somsim/simulator/sandbox"
)

// discount gives the order its coupons and its discounts as a whole. What they come to is worked out with everything else.
func (o *Order) discount(tx *sandbox.Tx, n NewOrder) {
	for _, code := range n.Coupons {
		o.Coupons = append(o.Coupons, CouponItem{ID: tx.UUID("b2c.Coupon"), Code: code})
	}
	o.PriceAdjustments = identified(tx, n.Adjustments)
}

// entered turns the discounts that something is given into those that the price engine takes off it.
func entered(adjustments []PriceAdjustment, level price.Level, target string) []price.Manual {
	var manual []price.Manual
	for _, a := range adjustments {
		manual = append(manual, price.Manual{
			ID: a.ID, Level: level, Target: target, Discount: price.Discount{Type: price.Amount, Value: a.Amount.Neg()},
		})
	}
	return manual
}

func sum(adjustments []PriceAdjustment) decimal.Decimal {
	total := decimal.Zero
	for _, a := range adjustments {
		total = total.Add(a.Amount)
	}
	return total
}
