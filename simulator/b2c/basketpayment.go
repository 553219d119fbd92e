package b2c

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// NewBasketPayment is a payment to put into a basket. A zero amount stands for what the others leave open.
type NewBasketPayment struct {
	PaymentMethodID string
	Amount          decimal.Decimal
	Card            PaymentCard
	// GiftCertificateCode is the code of the certificate that pays, for the method GIFT_CERTIFICATE.
	GiftCertificateCode string
	// StoredID is a payment of the customer that is taken for method and card.
	StoredID string
	Custom   Attributes
}

// AddPayment puts a payment into the basket. Errors have the codes [InvalidPaymentMethodID] and, for a gift certificate
// that has nothing to pay with, [InvalidPaymentMethod]; for a stored payment that is none, [PaymentInstrumentNotFound].
func (e *BasketEdit) AddPayment(n NewBasketPayment) error {
	n, err := e.byStored(n)
	if err != nil {
		return err
	}
	p := PaymentInstrument{
		ID: hexID(e.tx, "b2c.PaymentInstrument"), PaymentMethodID: n.PaymentMethodID, Amount: n.Amount, Card: n.Card, Custom: n.Custom.clone(),
	}
	if err := e.payBy(n.PaymentMethodID, n.Card.CardType); err != nil {
		return err
	}
	if n.PaymentMethodID == GiftCertificateMethod {
		if err := e.payByCertificate(&p, n.GiftCertificateCode); err != nil {
			return err
		}
	}
	e.PaymentInstruments = append(e.PaymentInstruments, p)
	return nil
}

// payBy refuses methods that the basket cannot be paid by, and cards that the method does not take.
func (e *BasketEdit) payBy(methodID, card string) error {
	m, ok := e.domain.payments.Peek(e.tx.Tx, methodID)
	if !ok || !m.offered(e.payable()) || card != "" && !slices.Contains(m.Cards, card) {
		return &Error{
			Code: InvalidPaymentMethodID, Rule: "b2c.payment.method", Message: fmt.Sprintf("The payment method '%s' cannot pay the basket.", methodID),
			Arguments: map[string]string{"paymentMethodId": methodID},
		}
	}
	return nil
}

// payable is what is asked of payment methods: the basket with its address and total.
func (b *Basket) payable() Payable {
	return Payable{SiteID: b.SiteID, Country: b.BillingAddress.CountryCode, Total: b.Totals.OrderTotal}
}

// payByCertificate bounds a payment to what the certificate has.
func (e *BasketEdit) payByCertificate(p *PaymentInstrument, code string) error {
	g, _ := e.domain.GiftCertificate(e.tx, code)
	balance := g.usable(e.Currency)
	if !balance.IsPositive() {
		return &Error{
			Code: InvalidPaymentMethod, Rule: "b2c.payment.gift-certificate", Message: fmt.Sprintf("The gift certificate '%s' cannot pay the basket.", mask(code)),
			Arguments: map[string]string{"paymentMethodId": GiftCertificateMethod},
		}
	}
	p.GiftCertificate, p.GiftCertificateID = mask(code), g.ID
	if p.Amount.IsZero() {
		p.Amount = e.open()
	}
	p.Amount = decimal.Min(p.Amount, balance)
	return nil
}

// open is what payments with an amount leave of the total.
func (b *Basket) open() decimal.Decimal {
	left := b.Totals.OrderTotal
	for _, p := range b.PaymentInstruments {
		left = left.Sub(p.Amount)
	}
	return decimal.Max(decimal.Zero, left)
}

// PaymentChange is what can be changed of a payment; nil leaves it.
type PaymentChange struct {
	PaymentMethodID *string
	Amount          *decimal.Decimal
	Card            *PaymentCard
	Set             Attributes
	Unset           []string
}

// ChangePayment changes a payment. Errors have the codes [PaymentInstrumentNotFound] and [InvalidPaymentMethodID].
func (e *BasketEdit) ChangePayment(id string, c PaymentChange) error {
	i := slices.IndexFunc(e.PaymentInstruments, func(p PaymentInstrument) bool { return p.ID == id })
	if i < 0 {
		return instrumentUnknown(id)
	}
	p := &e.PaymentInstruments[i]
	if c.PaymentMethodID != nil {
		p.PaymentMethodID = *c.PaymentMethodID
	}
	if c.Amount != nil {
		p.Amount = *c.Amount
	}
	if c.Card != nil {
		p.Card = *c.Card
	}
	p.Custom = p.Custom.with(c.Set, c.Unset)
	return e.payBy(p.PaymentMethodID, p.Card.CardType)
}

// RemovePayment takes a payment out of the basket. The error has the code [PaymentInstrumentNotFound].
func (e *BasketEdit) RemovePayment(id string) error {
	i := slices.IndexFunc(e.PaymentInstruments, func(p PaymentInstrument) bool { return p.ID == id })
	if i < 0 {
		return instrumentUnknown(id)
	}
	e.PaymentInstruments = slices.Delete(e.PaymentInstruments, i, i+1)
	return nil
}

func instrumentUnknown(id string) *Error {
	return &Error{
		Code: PaymentInstrumentNotFound, Rule: "b2c.payment.known", Message: fmt.Sprintf("No payment instrument with ID '%s' could be found.", id),
		Arguments: map[string]string{"paymentInstrumentId": id},
	}
}
