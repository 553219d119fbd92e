package b2c

import (
	"fmt"
	"slices"
)

// AddCoupon puts a code into the basket. A code that is known but cannot be used now is put in all the same, with a status
// that says why. Errors have the codes [MissingCouponCode] and [InvalidCouponCode], the latter for codes that no coupon
// has and for those that are there already.
func (e *BasketEdit) AddCoupon(code string) error {
	if foldCode(code) == "" {
		return &Error{Code: MissingCouponCode, Rule: "b2c.coupon.given", Message: "No coupon code was specified."}
	}
	c, ok := e.domain.Coupon(e.tx, code)
	if !ok {
		return invalidCoupon(code, string(CouponUnknown))
	}
	for _, have := range e.Coupons {
		if foldCode(have.Code) == foldCode(code) {
			return invalidCoupon(code, string(CouponInBasket))
		}
	}
	e.Coupons = append(e.Coupons, BasketCoupon{ID: hexID(e.tx, "b2c.CouponItem"), Code: code, CouponID: c.ID})
	return nil
}

// RemoveCoupon takes a code out of the basket. The error has the code [CouponItemNotFound].
func (e *BasketEdit) RemoveCoupon(id string) error {
	left := slices.DeleteFunc(slices.Clone(e.Coupons), func(c BasketCoupon) bool { return c.ID == id })
	if len(left) == len(e.Coupons) {
		return &Error{
			Code: CouponItemNotFound, Rule: "b2c.coupon.known", Message: fmt.Sprintf("The basket has no coupon item with ID '%s'.", id),
			Arguments: map[string]string{"couponItemId": id},
		}
	}
	e.Coupons = left
	return nil
}
