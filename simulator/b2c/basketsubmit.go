package b2c

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Submission is a basket that becomes an order.
type Submission struct {
	BasketRef
	// OrderNo is made up when empty.
	OrderNo string
}

// SubmitBasket makes an order of status created out of a basket, all or nothing: the basket is priced once more, stock is
// taken, coupons are redeemed, gift certificates debited, an order that the basket edits is replaced, and the basket is
// gone. Errors have the codes [InvalidBasketID], [BasketNotFound], [ResourceStateConflict], [OrderAlreadyExists],
// [InvalidProductItem], [ProductItemNotAvailable], [InvalidCouponCode], [InvalidPaymentMethod], [InvalidCustomer],
// [GiftCertificateCreation] and [Validation]; on any of them nothing has changed once the transaction is dropped.
func (b *B2C) SubmitBasket(tx *sandbox.Tx, who Editor, s Submission) (Order, error) {
	if s.ID == "" {
		return Order{}, &Error{
			Code: InvalidBasketID, Rule: "b2c.submit.basket-given", Message: "No basket ID was specified.", Arguments: map[string]string{"basketId": ""},
		}
	}
	if err := b.numberFree(tx, s.OrderNo); err != nil {
		return Order{}, err
	}
	basket, err := b.EditBasket(tx, who, s.BasketRef, func(*BasketEdit) error { return nil })
	if err != nil {
		return Order{}, err
	}
	site, err := b.Site(tx, basket.SiteID)
	if err != nil {
		return Order{}, err
	}
	if err := b.checkSubmission(tx, &basket, site); err != nil {
		return Order{}, err
	}
	return b.orderFrom(tx, who, basket, site, s.OrderNo)
}

// checkSubmission refuses a basket that something keeps from being an order.
func (b *B2C) checkSubmission(tx *sandbox.Tx, basket *Basket, site Site) error {
	if _, ok := b.customers.Peek(tx.Tx, basket.CustomerID); !ok {
		return customerInvalid(basket.CustomerID)
	}
	for _, c := range basket.Coupons {
		if !c.usable() {
			return invalidCoupon(c.Code, string(c.Status))
		}
	}
	if len(basket.Flashes) > 0 {
		return basket.Flashes[0].refusal()
	}
	if site.NoGiftCertificates && len(basket.GiftCertificateItems) > 0 {
		return &Error{
			Code: GiftCertificateCreation, Rule: "b2c.submit.gift-certificates", Message: fmt.Sprintf("The site '%s' issues no gift certificates.", site.ID),
		}
	}
	if paid := decimal.Max(decimal.Zero, basket.paid()); paid.GreaterThan(basket.Totals.OrderTotal) {
		return invalidBasket("b2c.submit.paid", "The payments come to %s, the basket to %s.", paid, basket.Totals.OrderTotal)
	}
	return nil
}

func (b *Basket) paid() decimal.Decimal {
	total := decimal.Zero
	for _, p := range b.PaymentInstruments {
		total = total.Add(p.Amount)
	}
	return total
}

// refusal is what a flash answers to a submission.
func (f Flash) refusal() *Error {
	e := &Error{Code: Validation, Rule: "b2c.submit.complete", Message: fmt.Sprintf("The basket cannot be submitted (%s at %s): %s", f.Type, f.Path, f.Message)}
	switch f.Type {
	case FlashInvalidProduct, FlashInvalidOption, FlashWithoutPrice:
		e.Code, e.Rule, e.Arguments = InvalidProductItem, "b2c.submit.products", map[string]string{"productId": f.Details["productId"]}
	case FlashNotAvailable:
		e.Code, e.Rule, e.Arguments = ProductItemNotAvailable, "b2c.item.in-stock", map[string]string{"productId": f.Details["productId"]}
	case FlashPaymentNotApplicable:
		e.Code, e.Rule = InvalidPaymentMethod, "b2c.submit.payment"
		e.Arguments = map[string]string{"paymentMethodId": f.Details["paymentMethodId"]}
	}
	return e
}

// orderFrom stores the order, closes the basket and takes what the order needs.
func (b *B2C) orderFrom(tx *sandbox.Tx, who Editor, basket Basket, site Site, orderNo string) (Order, error) {
	o := b.submitted(tx, who, basket, orderNo)
	if err := b.closeBasket(tx, basket); err != nil {
		return Order{}, err
	}
	o, err := b.put(tx, o)
	if err != nil {
		return Order{}, err
	}
	if err := b.claim(tx, o, site, basket.EditsOrderNo); err != nil {
		return Order{}, err
	}
	if err := b.issueCertificates(tx, o); err != nil {
		return Order{}, err
	}
	return b.Order(tx, Reader{}, o.OrderNo) // with what replacing another has written
}

// submitted is the order that a basket becomes.
func (b *B2C) submitted(tx *sandbox.Tx, who Editor, basket Basket, orderNo string) Order {
	for orderNo == "" {
		orderNo = fmt.Sprintf("%08d", tx.Next("b2c.OrderNo"))
		if _, taken := b.orders.Peek(tx.Tx, orderNo); taken {
			orderNo = ""
		}
	}
	o := Order{
		OrderNo: orderNo, OrderToken: tx.Token("b2c.OrderToken"), SiteID: basket.SiteID, Revision: 1, Status: Created, ShippingStatus: NotShipped,
		PaymentStatus: NotPaid, ExportStatus: NotExported, ConfirmationStatus: NotConfirmed, ChannelType: basket.ChannelType, CreatedBy: "Customer",
		CreationDate: tx.Now(), LastModified: tx.Now(), Currency: basket.Currency, Taxation: basket.Taxation, CustomerID: basket.CustomerID,
		CustomerNo: basket.CustomerNo, CustomerName: basket.CustomerName, Email: basket.Email, Guest: basket.Guest, SourceCode: basket.SourceCode,
		BillingAddress: basket.BillingAddress, Shipments: basket.Shipments, ProductItems: basket.ProductItems, ShippingItems: basket.ShippingItems,
		GiftCertificateItems: basket.GiftCertificateItems, PriceAdjustments: basket.PriceAdjustments, Totals: basket.Totals, Custom: basket.Custom,
	}
	if o.CustomerName == "" {
		o.CustomerName = basket.BillingAddress.FullName()
	}
	if who.Agent && who.Name != "" {
		o.CreatedBy = who.Name
	}
	for i := range o.Shipments {
		if o.Shipments[i].ShipmentNo == "" {
			o.Shipments[i].ShipmentNo = fmt.Sprintf("%08d", tx.Next("b2c.ShipmentNo"))
		}
	}
	for _, c := range basket.Coupons {
		o.Coupons = append(o.Coupons, CouponItem{ID: c.ID, Code: c.Code})
	}
	o.PaymentInstruments = basket.settled()
	return o
}

// settled are the payments, of which the first without an amount pays what the others leave open.
func (b *Basket) settled() []PaymentInstrument {
	open, payments := b.open(), append([]PaymentInstrument{}, b.PaymentInstruments...)
	for i := range payments {
		if payments[i].Amount.IsZero() {
			payments[i].Amount, open = open, decimal.Zero
		}
	}
	return payments
}

// claim has the order hold its stock, coupons and gift certificates. An order that it takes the place of gives up its own
// first, so that the last unit can go from one to the other.
func (b *B2C) claim(tx *sandbox.Tx, o Order, site Site, replaces string) error {
	if replaces != "" {
		if err := b.ReleaseClaim(tx, replaces, Release{}); err != nil {
			return err
		}
		if err := b.Replace(tx, replaces, o.OrderNo); err != nil {
			return invalidBasket("b2c.submit.replaceable", "The order cannot be replaced any more: %s.", err)
		}
	}
	c := Claim{OrderNo: o.OrderNo, Stock: stockLines(o.ProductItems, site.InventoryListID)}
	for _, coupon := range o.Coupons {
		if row, ok := b.Coupon(tx, coupon.Code); ok {
			c.Coupons = append(c.Coupons, CouponClaim{CouponID: row.ID, Code: coupon.Code, Email: o.Email})
		}
	}
	for _, p := range o.PaymentInstruments {
		if p.GiftCertificateID != "" {
			c.Payments = append(c.Payments, GiftPayment{CertificateID: p.GiftCertificateID, Amount: p.Amount})
		}
	}
	b.claims.Put(tx.Tx, c)
	return b.HoldClaim(tx, o.OrderNo)
}

// issueCertificates makes the gift certificates that an order buys. They pay nothing until the order is placed.
func (b *B2C) issueCertificates(tx *sandbox.Tx, o Order) error {
	for _, item := range o.GiftCertificateItems {
		_, err := b.AddGiftCertificate(tx, GiftCertificate{
			Currency: o.Currency, Amount: item.Amount, Disabled: true, OrderNo: o.OrderNo, RecipientName: item.RecipientName, RecipientEmail: item.RecipientEmail,
		})
		if err != nil {
			return &Error{Code: GiftCertificateCreation, Rule: "b2c.submit.gift-certificates", Message: err.Error()}
		}
	}
	return nil
}

// EnableGiftCertificates lets the gift certificates that were bought with an order pay, once it is placed; or no longer,
// when it is cancelled.
func (b *B2C) EnableGiftCertificates(tx *sandbox.Tx, orderNo string, enabled bool) {
	for _, g := range b.GiftCertificatesOf(tx, orderNo) {
		g.Disabled = !enabled
		b.certificates.Put(tx.Tx, g)
	}
}
