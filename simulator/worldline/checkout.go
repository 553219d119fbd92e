package worldline

import (
	"fmt"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// CheckoutStatus is how far a shopper has come on the platform's own page.
type CheckoutStatus string

// The statuses of hosted checkouts.
const (
	InProgress          CheckoutStatus = "IN_PROGRESS"
	PaymentCreated      CheckoutStatus = "PAYMENT_CREATED"
	CancelledByConsumer CheckoutStatus = "CANCELLED_BY_CONSUMER"
)

// Checkout is a page of the platform's on which a shopper pays.
type Checkout struct {
	ID, MerchantID                string
	Amount                        int64
	Currency                      string
	MerchantReference, Parameters string
	Mode                          Mode
	Approval, Tokenize, Challenge bool
	ReturnURL, MAC                string
	Status                        CheckoutStatus
	// PaymentID is the payment that came of it.
	PaymentID string
	// AttemptsLeft is how many more cards may be tried.
	AttemptsLeft         int
	CreatedAt, ExpiresAt time.Time
}

// The defaults of a hosted checkout, and what the platform takes at most.
const (
	DefaultAttempts = 10
	DefaultSession  = 3 * time.Hour
	LongestSession  = 24 * time.Hour
)

// NewCheckout opens a page for a shopper; session is how long it stays open (0: [DefaultSession]), attempts how many cards
// he may try (0: [DefaultAttempts]). The error has the code [ParameterInvalid].
func (w *Worldline) NewCheckout(tx *sandbox.Tx, c Charge, session time.Duration, attempts int) (Checkout, error) {
	if err := CheckCurrency(c.Currency); err != nil {
		return Checkout{}, err
	}
	if session == 0 {
		session = DefaultSession
	}
	if attempts == 0 {
		attempts = DefaultAttempts
	}
	out := Checkout{
		ID: fmt.Sprintf("4%09d", tx.Next("worldline.HostedCheckout")), MerchantID: c.MerchantID, Amount: c.Amount, Currency: c.Currency,
		MerchantReference: c.MerchantReference, Parameters: c.Parameters, Mode: c.Mode, Approval: c.Approval, Tokenize: c.Tokenize, Challenge: c.Challenge,
		ReturnURL: c.ReturnURL, MAC: tx.Token("worldline.mac"), Status: InProgress, AttemptsLeft: attempts, CreatedAt: tx.Now(),
		ExpiresAt: tx.Now().Add(session),
	}
	w.checkouts.Put(tx.Tx, out)
	return out, nil
}

// Checkout returns a merchant's hosted checkout. One that nobody has used in time is gone. The error has the code
// [UnknownCheckout].
func (w *Worldline) Checkout(tx *sandbox.Tx, merchantID, id string) (Checkout, error) {
	c, ok := w.checkouts.Get(tx.Tx, id)
	if !ok || c.MerchantID != merchantID || c.Status == InProgress && tx.Now().After(c.ExpiresAt) {
		return Checkout{}, &Error{
			Code: UnknownCheckout, Rule: "worldline.checkout.known", Message: "there is no hosted checkout " + id + ", or it has expired", Property: "hostedCheckoutId",
		}
	}
	return c, nil
}

// DropCheckout closes a page that nobody has paid on. Errors have the codes [UnknownCheckout] and [OperationNotPossible].
func (w *Worldline) DropCheckout(tx *sandbox.Tx, merchantID, id string) error {
	c, err := w.Checkout(tx, merchantID, id)
	if err != nil {
		return err
	}
	if c.Status != InProgress {
		return impossible("worldline.checkout.in-progress", "hosted checkout %s is %s", id, c.Status)
	}
	w.checkouts.Delete(tx.Tx, id)
	return nil
}

// charge is the payment that a shopper asks for with a card.
func (c Checkout) charge(card PlainCard) Charge {
	return Charge{
		MerchantID: c.MerchantID, Amount: c.Amount, Currency: c.Currency, MerchantReference: c.MerchantReference, Parameters: c.Parameters, Mode: c.Mode,
		Approval: c.Approval, Card: card, Tokenize: c.Tokenize, Challenge: c.Challenge, ReturnURL: c.ReturnURL, CheckoutID: c.ID,
	}
}
