package worldline

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Deed is what a shopper, or whoever looks for fraud, does on the platform's own pages.
type Deed string

// The deeds.
const (
	// Pay: the shopper enters a card on a hosted checkout, or proves who he is.
	Pay Deed = "pay"
	// Fail: he cannot prove who he is.
	Fail Deed = "fail"
	// Leave: he gives up.
	Leave Deed = "cancel"
	// Accept and Reject: a payment that may be fraud is let through, or not.
	Accept Deed = "accept"
	Reject Deed = "reject"
)

// Deeds lists what can be done.
func Deeds() []Deed { return []Deed{Pay, Fail, Leave, Accept, Reject} }

// DefaultCard is what a shopper pays with who names none.
func DefaultCard() PlainCard { return PlainCard{Number: "4111111111111111", Expiry: "1239"} }

// Done is what a deed came to.
type Done struct {
	// Status is that of the payment, or of a hosted checkout without one.
	Status string
	// PaymentID is empty when there is no payment.
	PaymentID string
	// Next is where the shopper's browser goes: back to the merchant, or on to prove who he is.
	Next string
	// Refusal is why a card was refused.
	Refusal Code
}

// ErrNobody is the error of a deed on a payment or hosted checkout that waits for nobody.
var ErrNobody = errors.New("nothing waits for that")

// Act does what a shopper does with a payment or a hosted checkout. The error wraps [ErrNobody] when it does not wait for
// that, and has the codes of [Worldline.Create] otherwise.
func (w *Worldline) Act(tx *sandbox.Tx, id string, deed Deed, card PlainCard) (Done, error) {
	if c, ok := w.checkouts.Get(tx.Tx, id); ok {
		return w.onPage(tx, c, deed, card)
	}
	p, ok := w.payments.Get(tx.Tx, id)
	if !ok {
		return Done{}, fmt.Errorf("%w: there is neither a payment nor a hosted checkout %q", ErrNobody, id)
	}
	if err := w.byPayment(tx, p, deed); err != nil {
		return Done{}, err
	}
	return w.done(tx, p.ID), nil
}

// onPage is a shopper on the page of a hosted checkout.
func (w *Worldline) onPage(tx *sandbox.Tx, c Checkout, deed Deed, card PlainCard) (Done, error) {
	if c.PaymentID != "" && c.Status == InProgress {
		p, _ := w.payments.Get(tx.Tx, c.PaymentID)
		if err := w.byPayment(tx, p, deed); err != nil {
			return Done{}, err
		}
		return w.done(tx, p.ID), nil
	}
	if c.Status != InProgress || tx.Now().After(c.ExpiresAt) {
		return Done{}, fmt.Errorf("%w: hosted checkout %s is %s until %s", ErrNobody, c.ID, c.Status, c.ExpiresAt)
	}
	switch deed {
	case Pay:
		return w.payOnPage(tx, c, card)
	case Leave:
		c.Status = CancelledByConsumer
		w.checkouts.Put(tx.Tx, c)
		return Done{Status: string(c.Status), Next: c.back()}, nil
	case Fail, Accept, Reject:
	}
	return Done{}, fmt.Errorf("%w: on a hosted checkout one can pay or cancel", ErrNobody)
}

func (w *Worldline) payOnPage(tx *sandbox.Tx, c Checkout, card PlainCard) (Done, error) {
	if card.Number == "" {
		card = DefaultCard()
	}
	made, err := w.Create(tx, c.charge(card))
	if err != nil {
		return Done{}, err
	}
	c.PaymentID = made.Payment.ID
	c.AttemptsLeft--
	w.checkouts.Put(tx.Tx, c)
	w.concludePage(tx, made.Payment)
	return w.done(tx, made.Payment.ID), nil
}

// concludePage ends the page of a payment that no longer waits for the shopper. After a refusal he may try another card, as
// often as the merchant lets him.
func (w *Worldline) concludePage(tx *sandbox.Tx, p Payment) {
	c, ok := w.checkouts.Get(tx.Tx, p.CheckoutID)
	if !ok {
		return
	}
	switch s := w.State(tx, p).Status; {
	case s == Redirected:
		return
	case s == Rejected && c.AttemptsLeft > 0:
		c.PaymentID = ""
	case s == Cancelled:
		c.Status = CancelledByConsumer
	default:
		c.Status = PaymentCreated
	}
	w.checkouts.Put(tx.Tx, c)
}

// byPayment is a deed on a payment that waits for it.
func (w *Worldline) byPayment(tx *sandbox.Tx, p Payment, deed Deed) error {
	s := w.State(tx, p)
	switch {
	case s.Status == Redirected && (deed == Pay || deed == Fail || deed == Leave):
		return w.return3DS(tx, p, deed)
	case s.Status == PendingFraudApproval && deed == Accept:
		return w.AcceptChallenged(tx, p)
	case s.Status == PendingFraudApproval && deed == Reject:
		p.Refusal = Declined
		w.payments.Put(tx.Tx, p)
		return w.judged(tx, p)
	}
	return fmt.Errorf("%w: payment %s is %s", ErrNobody, p.ID, s.Status)
}

// return3DS is the shopper's return from his bank.
func (w *Worldline) return3DS(tx *sandbox.Tx, p Payment, deed Deed) error {
	tx.Unschedule(payerTimeout, p.ID)
	p.ThreeDS = Authenticated
	if deed != Pay {
		p.ThreeDS = NotProved
	}
	if deed == Fail {
		p.Next, p.Refusal = PendingCapture, AuthFailed
	}
	w.payments.Put(tx.Tx, p)
	var err error
	if deed == Leave {
		op, _ := w.operations.Get(tx.Tx, p.ID)
		_, err = w.settled(tx, op, Cancelled)
	} else {
		err = w.proceed(tx, p)
	}
	w.concludePage(tx, p)
	return err
}

// giveUp ends a payment whose shopper has not come back.
func (w *Worldline) giveUp(tx *sandbox.Tx, d sandbox.Due) error {
	p, ok := w.payments.Get(tx.Tx, d.Subject)
	if !ok {
		return nil
	}
	return w.return3DS(tx, p, Leave)
}

func (w *Worldline) done(tx *sandbox.Tx, paymentID string) Done {
	p, _ := w.payments.Get(tx.Tx, paymentID)
	s := w.State(tx, p)
	out := Done{Status: string(s.Status), PaymentID: p.ID, Next: p.back()}
	if s.Status == Rejected {
		out.Refusal = p.Refusal
	}
	if c, ok := w.checkouts.Get(tx.Tx, p.CheckoutID); ok {
		out.Next = c.back()
		if c.Status == InProgress { // he is still on the page, or with his bank
			out.Next = ""
		}
	}
	return out
}

// back is where the shopper returns to, with what lets the merchant recognise him.
func (p Payment) back() string { return with(p.ReturnURL, "paymentId", p.ID, "RETURNMAC", p.MAC) }

func (c Checkout) back() string {
	return with(c.ReturnURL, "hostedCheckoutId", c.ID, "RETURNMAC", c.MAC)
}

func with(address string, pairs ...string) string {
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return ""
	}
	query := u.Query()
	for i := 0; i < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	u.RawQuery = query.Encode()
	return u.String()
}

// Asked is what a page asks a shopper for.
type Asked struct {
	Amount              int64
	Currency, Reference string
	// ForCard is set where he has to enter a card; elsewhere he has to prove who he is.
	ForCard bool
}

// Asked returns what waits for the shopper of a payment or a hosted checkout. The error wraps [ErrNobody].
func (w *Worldline) Asked(tx *sandbox.Tx, id string) (Asked, error) {
	paymentID := id
	if c, ok := w.checkouts.Peek(tx.Tx, id); ok {
		if c.Status != InProgress || tx.Now().After(c.ExpiresAt) {
			return Asked{}, fmt.Errorf("%w: hosted checkout %s is %s until %s", ErrNobody, c.ID, c.Status, c.ExpiresAt)
		}
		if c.PaymentID == "" {
			return Asked{Amount: c.Amount, Currency: c.Currency, Reference: c.MerchantReference, ForCard: true}, nil
		}
		paymentID = c.PaymentID
	}
	p, ok := w.payments.Peek(tx.Tx, paymentID)
	if !ok || w.State(tx, *p).Status != Redirected {
		return Asked{}, fmt.Errorf("%w: no payment or hosted checkout %q waits for its shopper", ErrNobody, id)
	}
	return Asked{Amount: p.Amount, Currency: p.Currency, Reference: p.MerchantReference}, nil
}
