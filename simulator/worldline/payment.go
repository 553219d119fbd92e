package worldline

import (
	"fmt"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Payment is an authorised amount and what became of it. What was captured, cancelled and refunded is the sum of its
// operations and stored nowhere else.
type Payment struct {
	// ID is the number with the index of the authorisation behind it, such as 3000000001_0.
	ID, Number, MerchantID string
	Amount                 int64
	Currency               string
	// MerchantReference is the merchant's own name for it: the order number.
	MerchantReference string
	Card              Card
	// Final is set once no further capture may follow.
	Final     bool
	CreatedAt time.Time
	// ExpiresAt is the last instant at which the authorisation can be captured; zero until it was given.
	ExpiresAt time.Time
	// Operations counts the operations, the authorisation included.
	Operations int
	// Mode says what the merchant asked for.
	Mode Mode
	// Approval is set when the money is taken by an approval, once, and not by captures (Connect).
	Approval bool
	// Next is what becomes of the authorisation once the shopper has done his part, and Refusal why it is, or will be,
	// refused; empty when it is not.
	Next    Status
	Refusal Code
	// ThreeDS tells how the shopper has proved who he is.
	ThreeDS ThreeDS
	// ReturnURL is where the shopper goes afterwards, with MAC; CheckoutID the hosted checkout that the payment comes from.
	ReturnURL, MAC, CheckoutID string
	// Parameters are the merchant's own, given back as they are.
	Parameters string
}

// Mode is what is done with the money of a payment.
type Mode string

// The modes. A sale is captured as soon as it is authorised.
const (
	FinalAuthorization Mode = "FINAL_AUTHORIZATION"
	PreAuthorization   Mode = "PRE_AUTHORIZATION"
	Sale               Mode = "SALE"
)

// ThreeDS is how far the shopper's authentication has come.
type ThreeDS string

// The authentications.
const (
	NotAuthenticated ThreeDS = ""
	Challenged       ThreeDS = "challenged"
	Authenticated    ThreeDS = "authenticated"
	NotProved        ThreeDS = "not proved"
)

// Card is what the platform tells of the card behind a payment; Number is masked.
type Card struct {
	ProductID                int
	Number, Expiry           string
	AuthorisationCode, Token string
}

// Kind is what an operation does.
type Kind string

// The kinds of operation.
const (
	Authorization Kind = "authorization"
	Capture       Kind = "capture"
	Cancellation  Kind = "cancellation"
	Refund        Kind = "refund"
	Expiry        Kind = "expiry"
)

// Operation is one entry in the ledger of a payment. Entries are added and settled, never removed.
type Operation struct {
	// ID is the payment's number with the operation's index behind it.
	ID, PaymentID string
	Index         int
	Kind          Kind
	Amount        int64
	Currency      string
	Status        Status
	// Final tells that a capture or cancellation was said to be the last.
	Final bool
	// MerchantReference and GroupReference are the merchant's own names for the operation; Reason that of a refund.
	MerchantReference, GroupReference, Reason string
	// CaptureID is the capture that a refund gives back, when it names one.
	CaptureID string
	// Requested tells that a merchant has asked for it through the API.
	Requested            bool
	CreatedAt, ChangedAt time.Time
}

// NewPayment is what an authorised payment is made of.
type NewPayment struct {
	// MerchantID is [DefaultMerchant] when empty.
	MerchantID string
	Amount     int64
	Currency   string
	// MerchantReference is the order number.
	MerchantReference string
	Card              Card
	// At is when the authorisation was given; zero means now.
	At time.Time
}

// Authorize stores a payment with its authorisation.
func (w *Worldline) Authorize(tx *sandbox.Tx, n NewPayment) (Payment, error) {
	if n.MerchantID == "" {
		n.MerchantID = DefaultMerchant
	}
	if _, ok := w.merchants.Get(tx.Tx, n.MerchantID); !ok {
		return Payment{}, fmt.Errorf("authorize: there is no merchant %q", n.MerchantID)
	}
	if n.Amount <= 0 || len(n.Currency) != 3 {
		return Payment{}, fmt.Errorf("authorize for %s: %d %q is no amount", n.MerchantReference, n.Amount, n.Currency)
	}
	if n.At.IsZero() {
		n.At = tx.Now()
	}
	p := w.open(tx, Payment{
		MerchantID: n.MerchantID, Amount: n.Amount, Currency: n.Currency, MerchantReference: n.MerchantReference, Card: n.Card, CreatedAt: n.At.UTC(),
		ExpiresAt: n.At.UTC().Add(w.SettingsOf(tx).AuthorizationLife), Mode: FinalAuthorization,
	}, PendingCapture)
	w.lapseLater(tx, p)
	return p, nil
}

// open stores a new payment whose authorisation has that status.
func (w *Worldline) open(tx *sandbox.Tx, p Payment, status Status) Payment {
	p.Number = fmt.Sprintf("3%09d", tx.Next("worldline.Payment"))
	p.ID = p.operationID(0)
	w.record(tx, &p, Operation{Kind: Authorization, Amount: p.Amount, Status: status}, p.CreatedAt)
	return p
}

// lapseLater has an authorisation expire. At its last instant it still counts, so it lapses a moment later.
func (w *Worldline) lapseLater(tx *sandbox.Tx, p Payment) {
	tx.Schedule(sandbox.Due{Kind: authorizationExpiry, Subject: p.ID, At: p.ExpiresAt.Add(time.Millisecond)})
}

// Payment returns the merchant's payment of that id; the id of any of its operations names it too. The error has the
// code [UnknownPayment].
func (w *Worldline) Payment(tx *sandbox.Tx, merchantID, id string) (Payment, error) {
	number, _, found := strings.Cut(id, "_")
	p, ok := w.payments.Get(tx.Tx, number+"_0")
	if ok && found && p.MerchantID == merchantID {
		if _, known := w.operations.Peek(tx.Tx, id); known {
			return p, nil
		}
	}
	return Payment{}, &Error{
		Code: UnknownPayment, Rule: "worldline.payment.known", Message: "there is no payment " + id, Property: "paymentId",
	}
}

// Operations returns the ledger of a payment in the order of its entries.
func (w *Worldline) Operations(tx *sandbox.Tx, p Payment) []Operation {
	ops := make([]Operation, 0, p.Operations)
	for i := range p.Operations {
		if op, ok := w.operations.Get(tx.Tx, p.operationID(i)); ok {
			ops = append(ops, op)
		}
	}
	return ops
}

// State is what a payment has come to.
type State struct {
	Payment
	Totals
	Ledger []Operation
	Status Status
	// ChangedAt is when the last operation was added or settled.
	ChangedAt time.Time
	// CanCancel and CanRefund tell whether anything is left to cancel or refund.
	CanCancel, CanRefund bool
}

// State adds up the ledger of a payment.
func (w *Worldline) State(tx *sandbox.Tx, p Payment) State {
	s := State{Payment: p, Ledger: w.Operations(tx, p)}
	s.Totals = add(s.Ledger)
	s.Status = standing(s.Totals, s.Ledger)
	s.CanCancel, s.CanRefund = s.Open() > 0 || s.Status == AuthorizationRequested, s.Refundable() > 0
	for _, op := range s.Ledger {
		if op.ChangedAt.After(s.ChangedAt) {
			s.ChangedAt = op.ChangedAt
		}
	}
	return s
}

// Fresh returns what a payment has come to that is known to exist.
func (w *Worldline) Fresh(tx *sandbox.Tx, paymentID string) State {
	p, _ := w.payments.Get(tx.Tx, paymentID)
	return w.State(tx, p)
}

func (p *Payment) operationID(index int) string { return fmt.Sprintf("%s_%d", p.Number, index) }

// record adds an operation to a payment's ledger.
func (w *Worldline) record(tx *sandbox.Tx, p *Payment, op Operation, at time.Time) Operation {
	op.ID, op.PaymentID, op.Index, op.Currency = p.operationID(p.Operations), p.ID, p.Operations, p.Currency
	op.CreatedAt, op.ChangedAt = at.UTC(), at.UTC()
	p.Operations++
	w.operations.Put(tx.Tx, op)
	w.payments.Put(tx.Tx, *p)
	w.announce(tx, op)
	return op
}
