package b2c

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// PaymentRequest asks for the authorisation of what an instrument pays of an order. Number is the card's, where it was
// sent; commerce does not keep it.
type PaymentRequest struct {
	OrderNo, Currency string
	Instrument        PaymentInstrument
	Number            string
}

// PaymentAnswer is what the provider says: the id of the payment, or why there is none.
type PaymentAnswer struct {
	Authorization
	TransactionID string
}

// PaymentProcessor authorises payments, as the cartridge of a payment provider does. Whoever puts the simulated systems
// together implements it.
type PaymentProcessor interface {
	Authorize(tx *sandbox.Tx, r PaymentRequest) PaymentAnswer
	// Void gives an authorisation back that is not needed.
	Void(tx *sandbox.Tx, transactionID string) error
}

// UsePaymentProcessor sets who authorises payments; without one every payment is authorised. Call it before the first
// transaction.
func (b *B2C) UsePaymentProcessor(p PaymentProcessor) { b.processor = p }

// OrderPayment is a payment of an order as it was sent. Nil fields and empty texts stay as they are.
type OrderPayment struct {
	PaymentMethodID string
	Amount          *decimal.Decimal
	Card            *PaymentCard
	// CardNumber is the whole number, which is passed on and not kept.
	CardNumber          string
	GiftCertificateCode string
	Custom              Attributes
	Unset               []string
	// SkipAuthorization leaves the provider alone.
	SkipAuthorization bool
	// ResourceState is the state of the order that the caller has seen.
	ResourceState string
}

// AddOrderPayment adds a payment to an order that was created and is not placed yet, has it authorised, and places the
// order once all of it is. Errors have the codes [OrderNotFound], [ResourceStateConflict], [Validation],
// [InvalidPaymentMethodID], [InvalidPaymentMethod], and [HookStatus] when the provider declines.
func (b *B2C) AddOrderPayment(tx *sandbox.Tx, r Reader, orderNo string, n OrderPayment) (Order, error) {
	return b.editPayments(tx, r, orderNo, n.ResourceState, func(o *Order) error {
		p := PaymentInstrument{ID: hexID(tx, "b2c.PaymentInstrument")}
		o.PaymentInstruments = append(o.PaymentInstruments, p)
		return b.pay(tx, o, len(o.PaymentInstruments)-1, n)
	})
}

// ChangeOrderPayment changes a payment of such an order and has it authorised anew. Errors are those of
// [B2C.AddOrderPayment] and [PaymentInstrumentNotFound].
func (b *B2C) ChangeOrderPayment(tx *sandbox.Tx, r Reader, orderNo, id string, n OrderPayment) (Order, error) {
	return b.editPayments(tx, r, orderNo, n.ResourceState, func(o *Order) error {
		i, err := o.payment(id)
		if err != nil {
			return err
		}
		if err := b.giveBack(tx, o, i); err != nil {
			return err
		}
		return b.pay(tx, o, i, n)
	})
}

// RemoveOrderPayment takes a payment off such an order and gives its authorisation back. Errors are those of
// [B2C.ChangeOrderPayment].
func (b *B2C) RemoveOrderPayment(tx *sandbox.Tx, r Reader, orderNo, id, resourceState string) (Order, error) {
	return b.editPayments(tx, r, orderNo, resourceState, func(o *Order) error {
		i, err := o.payment(id)
		if err != nil {
			return err
		}
		if err := b.giveBack(tx, o, i); err != nil {
			return err
		}
		o.PaymentInstruments = slices.Delete(o.PaymentInstruments, i, i+1)
		return nil
	})
}

// editPayments works on the payments of an order that is not placed, and places it when they come to its total.
func (b *B2C) editPayments(tx *sandbox.Tx, r Reader, orderNo, state string, work func(*Order) error) (Order, error) {
	o, err := b.Order(tx, r, orderNo)
	if err != nil {
		return Order{}, err
	}
	if err := seen(state, o.ResourceState); err != nil {
		return Order{}, err
	}
	if o.Status != Created {
		return Order{}, &Error{
			Code: Validation, Rule: "b2c.order.payments-open",
			Message: fmt.Sprintf("The payments of order '%s' cannot be changed: it is %s.", orderNo, o.Status),
		}
	}
	if err := work(&o); err != nil {
		return Order{}, err
	}
	if o.authorized().GreaterThanOrEqual(o.Totals.OrderTotal) {
		if err := b.transit(tx, &o, New, ByScript); err != nil {
			return Order{}, err
		}
	}
	return b.save(tx, o)
}

func (o *Order) payment(id string) (int, error) {
	i := slices.IndexFunc(o.PaymentInstruments, func(p PaymentInstrument) bool { return p.ID == id })
	if i < 0 {
		return 0, &Error{
			Code: PaymentInstrumentNotFound, Rule: "b2c.order.payment-known", Message: fmt.Sprintf("The order has no payment instrument '%s'.", id),
			Arguments: map[string]string{"paymentInstrumentId": id},
		}
	}
	return i, nil
}

// authorized is what of the order's total is sure to come.
func (o *Order) authorized() decimal.Decimal {
	total := decimal.Zero
	for _, p := range o.PaymentInstruments {
		if p.Authorization.Given {
			total = total.Add(p.Amount)
		}
	}
	return total
}

// pay fills in a payment and has it authorised.
func (b *B2C) pay(tx *sandbox.Tx, o *Order, i int, n OrderPayment) error {
	p := &o.PaymentInstruments[i]
	setIf(&p.PaymentMethodID, n.PaymentMethodID)
	if n.Card != nil {
		p.Card = *n.Card
	}
	p.Custom = p.Custom.altered(n.Custom, n.Unset)
	m, ok := b.payments.Peek(tx.Tx, p.PaymentMethodID)
	if !ok || !m.offered(Payable{SiteID: o.SiteID}) || p.Card.CardType != "" && !slices.Contains(m.Cards, p.Card.CardType) {
		return &Error{
			Code: InvalidPaymentMethodID, Rule: "b2c.payment.method", Message: fmt.Sprintf("The payment method '%s' cannot pay the order.", p.PaymentMethodID),
			Arguments: map[string]string{"paymentMethodId": p.PaymentMethodID},
		}
	}
	if err := o.setAmount(i, n.Amount); err != nil {
		return err
	}
	if p.PaymentMethodID == GiftCertificateMethod {
		return b.payByGift(tx, o, p, n.GiftCertificateCode)
	}
	if n.SkipAuthorization {
		return nil
	}
	return b.authorize(tx, o, p, n.CardNumber)
}

// setAmount sets what a payment pays: what was asked for, or what the others leave open when nothing was. All together do
// not pay more than the total.
func (o *Order) setAmount(i int, amount *decimal.Decimal) error {
	open := o.Totals.OrderTotal
	for n, p := range o.PaymentInstruments {
		if n != i {
			open = open.Sub(p.Amount)
		}
	}
	p := &o.PaymentInstruments[i]
	if amount != nil {
		p.Amount = *amount
	} else if p.Amount.IsZero() {
		p.Amount = open
	}
	if p.Amount.IsNegative() || p.Amount.GreaterThan(open) {
		return &Error{
			Code: Validation, Rule: "b2c.order.paid", Message: fmt.Sprintf("The payment comes to %s, of which the order leaves %s open.", p.Amount, open),
		}
	}
	return nil
}

// authorize asks the provider. A decline refuses the whole call, as the script behind the extension point does.
func (b *B2C) authorize(tx *sandbox.Tx, o *Order, p *PaymentInstrument, number string) error {
	if b.processor == nil {
		p.Authorization = Authorization{Given: true, Code: "OK"}
		return nil
	}
	answer := b.processor.Authorize(tx, PaymentRequest{OrderNo: o.OrderNo, Currency: o.Currency, Instrument: *p, Number: number})
	if !answer.Given {
		point := "dw.order.payment.authorize"
		if p.Card.CardType != "" {
			point = "dw.order.payment.authorizeCreditCard"
		}
		return &Error{
			Code: HookStatus, Rule: "b2c.payment.authorized", Message: fmt.Sprintf("The payment was not authorised: %s.", answer.Message),
			Arguments: map[string]string{"extensionPoint": point, "statusCode": answer.Code, "statusMsg": answer.Message, "statusDetails": ""},
		}
	}
	p.TransactionID, p.Authorization = answer.TransactionID, answer.Authorization
	return nil
}

// payByGift debits a gift certificate at once.
func (b *B2C) payByGift(tx *sandbox.Tx, o *Order, p *PaymentInstrument, code string) error {
	if code != "" {
		p.GiftCertificate, p.GiftCertificateID = mask(code), certificateID(code)
	}
	gift := GiftPayment{CertificateID: p.GiftCertificateID, Amount: p.Amount}
	if err := b.debit(tx, gift); err != nil {
		return err
	}
	p.Authorization = Authorization{Given: true, Code: "OK"}
	if c, ok := b.claims.Get(tx.Tx, o.OrderNo); ok {
		c.Payments = append(c.Payments, gift)
		b.claims.Put(tx.Tx, c)
	}
	return nil
}

// giveBack takes back what a payment had been promised.
func (b *B2C) giveBack(tx *sandbox.Tx, o *Order, i int) error {
	p := &o.PaymentInstruments[i]
	if p.TransactionID != "" && b.processor != nil {
		if err := b.processor.Void(tx, p.TransactionID); err != nil {
			return fmt.Errorf("void payment %s of order %s: %w", p.TransactionID, o.OrderNo, err)
		}
	}
	if c, ok := b.claims.Get(tx.Tx, o.OrderNo); ok && p.GiftCertificateID != "" {
		at := slices.Index(c.Payments, GiftPayment{CertificateID: p.GiftCertificateID, Amount: p.Amount})
		if g, ok := b.certificates.Get(tx.Tx, p.GiftCertificateID); ok && at >= 0 {
			g.Balance = g.Balance.Add(p.Amount)
			b.certificates.Put(tx.Tx, g)
			c.Payments = slices.Delete(c.Payments, at, at+1)
			b.claims.Put(tx.Tx, c)
		}
	}
	p.TransactionID, p.Authorization = "", Authorization{}
	return nil
}

// OrderPaymentMethods lists the methods by which an order can be paid.
func (b *B2C) OrderPaymentMethods(tx *sandbox.Tx, r Reader, orderNo string) ([]PaymentMethod, error) {
	o, err := b.Order(tx, r, orderNo)
	if err != nil {
		return nil, err
	}
	return b.PaymentMethods(tx, Payable{SiteID: o.SiteID, Country: o.BillingAddress.CountryCode, Total: o.Totals.OrderTotal}), nil
}
