package b2c

import (
	"fmt"
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// CustomerPayment is a way of paying that a customer has stored.
type CustomerPayment struct {
	ID, PaymentMethodID     string
	Card                    PaymentCard
	Default                 bool
	CreatedAt, LastModified time.Time
	Custom                  Attributes
}

func (c *Customer) paymentAt(id string) int {
	return slices.IndexFunc(c.Payments, func(p CustomerPayment) bool { return p.ID == id })
}

// Payment returns a stored payment. The error has the code [PaymentInstrumentNotFound].
func (c *Customer) Payment(id string) (CustomerPayment, error) {
	if i := c.paymentAt(id); i >= 0 {
		return c.Payments[i], nil
	}
	return CustomerPayment{}, &Error{
		Code: PaymentInstrumentNotFound, Rule: "b2c.customer.payment-known", Message: fmt.Sprintf("The customer has no payment instrument '%s'.", id),
		Arguments: map[string]string{"paymentInstrumentId": id},
	}
}

// PutPayment stores a payment of a registered customer: a new one without an id, or what has become of the one with it.
// Errors have the codes [CustomerNotFound], [InvalidPaymentMethodID] and [PaymentInstrumentNotFound].
func (b *B2C) PutPayment(tx *sandbox.Tx, customerID string, p CustomerPayment) (CustomerPayment, error) {
	c, err := b.registered(tx, customerID)
	if err != nil {
		return CustomerPayment{}, err
	}
	if m, ok := b.payments.Peek(tx.Tx, p.PaymentMethodID); !ok || p.Card.CardType != "" && !slices.Contains(m.Cards, p.Card.CardType) {
		return CustomerPayment{}, &Error{
			Code: InvalidPaymentMethodID, Rule: "b2c.payment.method", Message: fmt.Sprintf("The payment method '%s' cannot be stored.", p.PaymentMethodID),
			Arguments: map[string]string{"paymentMethodId": p.PaymentMethodID},
		}
	}
	p.LastModified = tx.Now()
	if p.Default {
		for i := range c.Payments {
			c.Payments[i].Default = false
		}
	}
	if p.ID == "" {
		p.ID, p.CreatedAt = hexID(tx, "b2c.CustomerPayment"), tx.Now()
		c.Payments = append(c.Payments, p)
	} else if _, err := c.Payment(p.ID); err != nil {
		return CustomerPayment{}, err
	} else {
		c.Payments[c.paymentAt(p.ID)] = p
	}
	b.saveCustomer(tx, c)
	return p, nil
}

// DropPayment forgets a stored payment. Errors have the codes [CustomerNotFound] and [PaymentInstrumentNotFound].
func (b *B2C) DropPayment(tx *sandbox.Tx, customerID, id string) error {
	c, err := b.registered(tx, customerID)
	if err != nil {
		return err
	}
	if _, err := c.Payment(id); err != nil {
		return err
	}
	c.Payments = slices.Delete(c.Payments, c.paymentAt(id), c.paymentAt(id)+1)
	b.saveCustomer(tx, c)
	return nil
}

// byStored fills a payment in from what the customer of the basket has stored.
func (e *BasketEdit) byStored(n NewBasketPayment) (NewBasketPayment, error) {
	if n.StoredID == "" {
		return n, nil
	}
	customer, err := e.domain.Customer(e.tx, e.CustomerID)
	if err != nil {
		return n, err
	}
	stored, err := customer.Payment(n.StoredID)
	n.PaymentMethodID, n.Card = stored.PaymentMethodID, stored.Card
	return n, err
}

// Populate puts what a registered customer has stored where the basket has nothing: the preferred or first address, and
// the default or first payment.
func (e *BasketEdit) Populate() error {
	c, err := e.domain.Customer(e.tx, e.CustomerID)
	if err != nil || c.Guest {
		return err
	}
	if at := max(0, c.addressAt(c.PreferredAddress)); at < len(c.Addresses) {
		if e.BillingAddress == (OrderAddress{}) {
			e.SetBillingAddress(c.Addresses[at], false)
		}
		for i := range e.Shipments {
			if e.Shipments[i].Address == (OrderAddress{}) {
				e.Shipments[i].Address = c.Addresses[at]
			}
		}
	}
	at := max(0, slices.IndexFunc(c.Payments, func(p CustomerPayment) bool { return p.Default }))
	if len(e.PaymentInstruments) > 0 || at >= len(c.Payments) {
		return nil
	}
	return e.AddPayment(NewBasketPayment{StoredID: c.Payments[at].ID})
}
