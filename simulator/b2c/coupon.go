package b2c

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Coupon is a coupon with its codes. Limits of 0 are none.
type Coupon struct {
	ID       string
	Codes    []string
	Disabled bool
	// PerCode is how often each code can be redeemed: 1 for codes that work once.
	PerCode int
	// PerCustomer is how often one customer can redeem it; PerTimeFrame the same within the days of TimeFrame.
	PerCustomer, PerTimeFrame, TimeFrame int
}

func (c Coupon) clone() Coupon {
	c.Codes = slices.Clone(c.Codes)
	return c
}

// foldCode makes codes comparable: shoppers type them in either case.
func foldCode(code string) string { return strings.ToUpper(strings.TrimSpace(code)) }

func (c *Coupon) codes() []string {
	out := make([]string, len(c.Codes))
	for i, code := range c.Codes {
		out[i] = foldCode(code)
	}
	return out
}

// CouponRedemption is a code that an order has used.
type CouponRedemption struct {
	CouponID, Code, OrderNo string
	// Email is the address of who redeemed it.
	Email string
	At    time.Time
}

// CouponStatus says what has become of a code in a basket.
type CouponStatus string

// The statuses of codes, spelt as the vendor does.
const (
	CouponApplied           CouponStatus = "applied"
	CouponInBasket          CouponStatus = "coupon_code_already_in_basket"
	CouponRedeemed          CouponStatus = "coupon_code_already_redeemed"
	CouponUnknown           CouponStatus = "coupon_code_unknown"
	CouponDisabled          CouponStatus = "coupon_disabled"
	CouponLimit             CouponStatus = "redemption_limit_exceeded"
	CouponCustomerLimit     CouponStatus = "customer_redemption_limit_exceeded"
	CouponTimeFrameLimit    CouponStatus = "timeframe_redemption_limit_exceeded"
	CouponNoActivePromotion CouponStatus = "no_active_promotion"
	CouponAlreadyInBasket   CouponStatus = "coupon_already_in_basket"
	CouponNotApplicable     CouponStatus = "no_applicable_promotion"
)

// AddCoupon stores a coupon. A code belongs to one coupon.
func (b *B2C) AddCoupon(tx *sandbox.Tx, c Coupon) error {
	if c.ID == "" || len(c.Codes) == 0 {
		return fmt.Errorf("add coupon %q: it needs an id and a code", c.ID)
	}
	for _, code := range c.codes() {
		for _, other := range b.coupons.PeekList(tx.Tx, "code", code) {
			if other.ID != c.ID {
				return fmt.Errorf("add coupon %s: the code %s is one of coupon %s", c.ID, code, other.ID)
			}
		}
	}
	b.coupons.Put(tx.Tx, c)
	return nil
}

// Coupon returns the coupon that a code belongs to.
func (b *B2C) Coupon(tx *sandbox.Tx, code string) (Coupon, bool) {
	found := b.coupons.List(tx.Tx, "code", foldCode(code))
	if len(found) == 0 {
		return Coupon{}, false
	}
	return found[0], true
}

// Redemptions lists how a coupon has been redeemed.
func (b *B2C) Redemptions(tx *sandbox.Tx, couponID string) []CouponRedemption {
	return b.redemptions.List(tx.Tx, "coupon", couponID)
}

// redeemable tells whether a customer can redeem a code now: an empty status when so. An order whose own redemption does
// not count, because it is being taken the place of, is given as except.
func (b *B2C) redeemable(tx *sandbox.Tx, code, customer, except string) CouponStatus {
	c, ok := b.Coupon(tx, code)
	switch {
	case !ok:
		return CouponUnknown
	case c.Disabled:
		return CouponDisabled
	}
	byCode, byCustomer, lately := 0, 0, 0
	for _, r := range b.redemptions.PeekList(tx.Tx, "coupon", c.ID) {
		if r.OrderNo == except && except != "" {
			continue
		}
		if foldCode(r.Code) == foldCode(code) {
			byCode++
		}
		if customer != "" && strings.EqualFold(r.Email, customer) {
			byCustomer++
			if r.At.After(tx.Now().AddDate(0, 0, -c.TimeFrame)) {
				lately++
			}
		}
	}
	switch {
	case c.PerCode == 1 && byCode > 0:
		return CouponRedeemed
	case c.PerCode > 0 && byCode >= c.PerCode:
		return CouponLimit
	case c.PerCustomer > 0 && byCustomer >= c.PerCustomer:
		return CouponCustomerLimit
	case c.PerTimeFrame > 0 && lately >= c.PerTimeFrame:
		return CouponTimeFrameLimit
	}
	return ""
}

// SourceCode is a code that says which advertisement brought a shopper.
type SourceCode struct {
	Code     string
	Inactive bool
}

// AddSourceCode stores a source code.
func (b *B2C) AddSourceCode(tx *sandbox.Tx, s SourceCode) { b.sources.Put(tx.Tx, s) }
