package b2c

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Claim is what an order holds: stock, coupon codes and shares of gift certificates. Only orders that came from a basket
// have one.
type Claim struct {
	OrderNo  string
	Stock    []StockLine
	Coupons  []CouponClaim
	Payments []GiftPayment
	// Held says that the claim is in force; Sold that its stock has gone from on order to turnover.
	Held, Sold bool
	// ReservationID is the promise of omnichannel inventory; empty where it keeps none of the stock.
	ReservationID string
}

// CouponClaim is a code that an order has redeemed.
type CouponClaim struct{ CouponID, Code, Email string }

// GiftPayment is what a gift certificate pays of an order.
type GiftPayment struct {
	CertificateID string
	Amount        decimal.Decimal
}

func (c Claim) clone() Claim {
	c.Stock, c.Coupons, c.Payments = slices.Clone(c.Stock), slices.Clone(c.Coupons), slices.Clone(c.Payments)
	return c
}

// Claim returns what an order holds; false for orders without a claim.
func (b *B2C) Claim(tx *sandbox.Tx, orderNo string) (Claim, bool) {
	return b.claims.Get(tx.Tx, orderNo)
}

// HoldClaim takes the stock, redeems the coupons and debits the gift certificates of an order that does not hold them:
// a new one, or one whose failure or cancellation is undone. Nothing happens for orders without a claim, and for those
// that hold theirs. Errors have the codes [ProductItemNotAvailable], [InvalidCouponCode] and [InvalidPaymentMethod].
func (b *B2C) HoldClaim(tx *sandbox.Tx, orderNo string) error {
	c, ok := b.claims.Get(tx.Tx, orderNo)
	if !ok || c.Held {
		return nil
	}
	if err := b.checkStock(tx, c.Stock); err != nil {
		return err
	}
	var err error
	if c.ReservationID, err = b.reserveShared(tx, StockReservation{Reference: orderNo, Lines: c.Stock}); err != nil {
		return err
	}
	b.move(tx, c.Stock, func(r *InventoryRecord, quantity decimal.Decimal) { r.OnOrder = r.OnOrder.Add(quantity) })
	for _, coupon := range c.Coupons {
		if status := b.redeemable(tx, coupon.Code, coupon.Email, ""); status != "" {
			return invalidCoupon(coupon.Code, string(status))
		}
		b.redemptions.Put(tx.Tx, CouponRedemption{CouponID: coupon.CouponID, Code: coupon.Code, OrderNo: orderNo, Email: coupon.Email, At: tx.Now()})
	}
	for _, p := range c.Payments {
		if err := b.debit(tx, p); err != nil {
			return err
		}
	}
	c.Held, c.Sold = true, false
	b.claims.Put(tx.Tx, c)
	return nil
}

func (b *B2C) debit(tx *sandbox.Tx, p GiftPayment) error {
	g, ok := b.certificates.Get(tx.Tx, p.CertificateID)
	if !ok || g.Disabled || g.Balance.LessThan(p.Amount) {
		return &Error{
			Code: InvalidPaymentMethod, Rule: "b2c.payment.gift-certificate",
			Message:   fmt.Sprintf("The gift certificate '%s' cannot pay %s.", mask(g.Code), p.Amount),
			Arguments: map[string]string{"paymentMethodId": GiftCertificateMethod},
		}
	}
	g.Balance = g.Balance.Sub(p.Amount)
	b.certificates.Put(tx.Tx, g)
	return nil
}

// Release says what of a claim an order gives up.
type Release struct {
	// KeepPayments leaves gift certificates debited: a cancel does not give them back by itself, a failure does.
	KeepPayments bool
}

// ReleaseClaim gives the stock and the coupons of an order back, and what gift certificates paid unless told otherwise. An
// order that holds nothing gives nothing back. The error is that of the inventory that the stock is given back to.
func (b *B2C) ReleaseClaim(tx *sandbox.Tx, orderNo string, r Release) error {
	c, ok := b.claims.Get(tx.Tx, orderNo)
	if !ok || !c.Held {
		return nil
	}
	if err := b.cancelShared(tx, c.ReservationID); err != nil {
		return err
	}
	b.move(tx, c.Stock, func(r *InventoryRecord, quantity decimal.Decimal) {
		if c.Sold {
			r.Turnover = r.Turnover.Sub(quantity)
		} else {
			r.OnOrder = r.OnOrder.Sub(quantity)
		}
	})
	for _, coupon := range c.Coupons {
		b.redemptions.Delete(tx.Tx, orderNo+"/"+foldCode(coupon.Code))
	}
	if r.KeepPayments {
		c.Payments = nil
	}
	for _, p := range c.Payments {
		if g, ok := b.certificates.Get(tx.Tx, p.CertificateID); ok {
			g.Balance = g.Balance.Add(p.Amount)
			b.certificates.Put(tx.Tx, g)
		}
	}
	c.Held, c.Sold, c.ReservationID = false, false, ""
	b.claims.Put(tx.Tx, c)
	return nil
}

// SellClaim makes the stock that an order holds sold for good, as its export does.
func (b *B2C) SellClaim(tx *sandbox.Tx, orderNo string) {
	c, ok := b.claims.Get(tx.Tx, orderNo)
	if !ok || !c.Held || c.Sold {
		return
	}
	b.move(tx, c.Stock, func(r *InventoryRecord, quantity decimal.Decimal) {
		r.OnOrder, r.Turnover = r.OnOrder.Sub(quantity), r.Turnover.Add(quantity)
	})
	c.Sold = true
	b.claims.Put(tx.Tx, c)
}

func invalidCoupon(code, why string) *Error {
	return &Error{
		Code: InvalidCouponCode, Rule: "b2c.coupon.redeemable",
		Message:   strings.TrimSuffix(fmt.Sprintf("The coupon code '%s' is invalid: %s", code, why), ": ") + ".",
		Arguments: map[string]string{"couponCode": code},
	}
}
