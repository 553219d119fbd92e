package cancel

import (
	"slices"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/settle"
)

// settleCoupons says what becomes of the codes of the order. Commerce frees them by itself when the order is cancelled there
// as a whole, and not before; what is to stay used all the same is taken out of use by a person, for commerce's API frees
// codes and never redeems one.
func (j *job) settleCoupons(after *settle.Aftermath) error {
	outcome := j.couponOutcome()
	for _, code := range j.in.Coupons {
		j.cancellation.Coupons = append(j.cancellation.Coupons, orderops.CouponOutcome{Code: code, Outcome: outcome})
		if outcome != orderops.CouponBurned {
			continue
		}
		if err := after.BurnCoupon(code); err != nil {
			return err
		}
	}
	return nil
}

func (j *job) couponOutcome() string {
	switch {
	case !j.plan.Whole || j.in.KeepSlots: // a part lives, or the order that takes its place goes on with them
		return orderops.CouponKept
	case j.Policy.Coupons.Of(j.row.Site) == orderops.BurnCoupons, slices.Contains(j.Policy.BurnFor, j.in.Request.ReasonCode):
		return orderops.CouponBurned
	default:
		return orderops.CouponRestored
	}
}
