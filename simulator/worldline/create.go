package worldline

import (
	"fmt"
	"strconv"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Charge is a payment as a merchant asks for it.
type Charge struct {
	MerchantID                    string
	Amount                        int64
	Currency                      string
	MerchantReference, Parameters string
	Mode                          Mode
	// Approval is set when the money is to be taken by an approval (Connect).
	Approval bool
	// Card is the shopper's; Token one that was kept.
	Card  PlainCard
	Token string
	// Tokenize asks for the card to be kept.
	Tokenize bool
	// Challenge asks for the shopper to prove who he is; ReturnURL is where he goes afterwards.
	Challenge             bool
	ReturnURL, CheckoutID string
}

// PlainCard is a card as a shopper writes it down. It is never stored.
type PlainCard struct {
	Number string
	// Expiry is its last month, as MMYY.
	Expiry    string
	ProductID int
}

// Created is a payment that was just made.
type Created struct {
	State
	// Token is the card's, if it was to be kept or was kept before; NewToken tells which.
	Token    string
	NewToken bool
}

// Create makes a payment and takes it as far as it goes without the shopper. A payment that is refused is made
// nevertheless: [Payment.Refusal] says why. Errors have the codes [InvalidCard], [ParameterMissing] and [ParameterInvalid].
func (w *Worldline) Create(tx *sandbox.Tx, c Charge) (Created, error) {
	if err := CheckCurrency(c.Currency); err != nil {
		return Created{}, err
	}
	kept, err := w.cardOf(tx, c)
	if err != nil {
		return Created{}, err
	}
	v := judge(kept.Digits, c.Amount, c.Currency)
	p := Payment{
		MerchantID: c.MerchantID, Amount: c.Amount, Currency: c.Currency, MerchantReference: c.MerchantReference, Parameters: c.Parameters, Card: kept.Card,
		CreatedAt: tx.Now(), Mode: c.Mode, Approval: c.Approval, Next: v.first, Refusal: v.refusal, ReturnURL: c.ReturnURL, CheckoutID: c.CheckoutID,
		MAC: tx.Token("worldline.mac"),
	}
	out := Created{Token: c.Token}
	if c.Tokenize && c.Token == "" {
		out.Token, out.NewToken = w.keep(tx, c.MerchantID, kept).ID, true
	}
	p.Card.Token = out.Token
	if c.Challenge || TemperOf(kept.Digits) == challengeCard {
		p, err = w.challenge(tx, p)
	} else {
		p, err = w.begin(tx, p)
	}
	if err != nil {
		return Created{}, err
	}
	p, _ = w.payments.Get(tx.Tx, p.ID)
	out.State = w.State(tx, p)
	return out, nil
}

// payerPatience is how long a shopper may take to prove who he is.
const payerPatience = 30 * time.Minute

func (w *Worldline) challenge(tx *sandbox.Tx, p Payment) (Payment, error) {
	if p.ReturnURL == "" {
		return p, &Error{
			Code: ParameterMissing, Rule: "worldline.create.return-url", Property: "cardPaymentMethodSpecificInput.threeDSecure.redirectionData.returnUrl",
			Message: "the shopper has to prove who he is and there is no URL for him to return to",
		}
	}
	p.ThreeDS = Challenged
	p = w.open(tx, p, Redirected)
	tx.Schedule(sandbox.Due{Kind: payerTimeout, Subject: p.ID, At: tx.Now().Add(payerPatience)})
	return p, nil
}

// begin stores a payment that nobody has to be asked about.
func (w *Worldline) begin(tx *sandbox.Tx, p Payment) (Payment, error) {
	switch {
	case p.Next == PendingCapture && p.Refusal != "":
		return w.open(tx, p, Rejected), nil
	case p.Next == PendingCapture:
		w.grant(tx, &p)
		p = w.open(tx, p, PendingCapture)
		return p, w.granted(tx, p)
	}
	p = w.open(tx, p, p.Next)
	w.await(tx, p)
	return p, nil
}

// await has the acquirer answer later, if it was asked.
func (w *Worldline) await(tx *sandbox.Tx, p Payment) {
	if p.Next == AuthorizationRequested {
		tx.Schedule(sandbox.Due{Kind: authorizationSettlement, Subject: p.ID, At: tx.Now().Add(w.SettingsOf(tx).AuthorizationDelay)})
	}
}

// proceed takes an existing authorisation on to what comes next.
func (w *Worldline) proceed(tx *sandbox.Tx, p Payment) error {
	if p.Next == PendingCapture {
		return w.judged(tx, p)
	}
	op, _ := w.operations.Get(tx.Tx, p.ID)
	_, err := w.settled(tx, op, p.Next)
	w.await(tx, p)
	return err
}

// judged ends an authorisation that was under way.
func (w *Worldline) judged(tx *sandbox.Tx, p Payment) error {
	op, _ := w.operations.Get(tx.Tx, p.ID)
	if p.Refusal != "" {
		_, err := w.settled(tx, op, Rejected)
		return err
	}
	w.grant(tx, &p)
	w.payments.Put(tx.Tx, p)
	if _, err := w.settled(tx, op, PendingCapture); err != nil {
		return err
	}
	return w.granted(tx, p)
}

// grant notes what an acquirer says to an authorisation.
func (w *Worldline) grant(tx *sandbox.Tx, p *Payment) {
	p.Card.AuthorisationCode = fmt.Sprintf("%06d", tx.Next("worldline.AuthorisationCode"))
	p.ExpiresAt = tx.Now().Add(w.SettingsOf(tx).AuthorizationLife)
}

// granted follows up on an authorisation: it lapses one day, and a sale is captured.
func (w *Worldline) granted(tx *sandbox.Tx, p Payment) error {
	w.lapseLater(tx, p)
	if p.Mode != Sale {
		return nil
	}
	_, err := w.CapturePayment(tx, p, Instruction{Final: true, Requested: true})
	return err
}

// cardOf returns the card behind a charge, as it may be kept.
func (w *Worldline) cardOf(tx *sandbox.Tx, c Charge) (Token, error) {
	if c.Token != "" {
		kept, err := w.KeptCard(tx, c.MerchantID, c.Token)
		if err != nil {
			return Token{}, &Error{Code: ParameterInvalid, Rule: "worldline.create.token", Property: "cardPaymentMethodSpecificInput.token", Message: "the token is unknown"}
		}
		return kept, nil
	}
	if err := c.Card.check(tx.Now()); err != nil {
		return Token{}, err
	}
	if c.Card.ProductID == 0 {
		c.Card.ProductID = product(c.Card.Number)
	}
	return Token{
		Digits: c.Card.Number[:6] + last4(c.Card.Number),
		Card:   Card{ProductID: c.Card.ProductID, Number: mask(c.Card.Number), Expiry: c.Card.Expiry},
	}, nil
}

func (c PlainCard) check(now time.Time) error {
	const at = "cardPaymentMethodSpecificInput.card."
	switch {
	case c.Number == "":
		return &Error{Code: ParameterMissing, Rule: "worldline.create.card", Property: at + "cardNumber", Message: "there is neither a card nor a token"}
	case !addsUp(c.Number):
		return &Error{Code: InvalidCard, Rule: "worldline.create.card", Property: at + "cardNumber", Message: "the card number is not valid"}
	case !c.lives(now):
		return &Error{Code: InvalidCard, Rule: "worldline.create.card", Property: at + "expiryDate", Message: "the card has expired, or the date is not like 1229 for December 2029"}
	}
	return nil
}

// lives reports whether the card's last month has not ended.
func (c PlainCard) lives(now time.Time) bool {
	month, err := strconv.Atoi(c.Expiry)
	if err != nil || len(c.Expiry) != 4 || month/100 < 1 || month/100 > 12 {
		return false
	}
	return now.Before(time.Date(2000+month%100, time.Month(month/100)+1, 1, 0, 0, 0, 0, time.UTC))
}

// Complete ends what a merchant has to complete. The error has the code [OperationNotPossible].
func (w *Worldline) Complete(tx *sandbox.Tx, p Payment) error {
	if s := w.State(tx, p); s.Status != PendingCompletion {
		return impossible("worldline.complete.pending-only", "payment %s is %s; there is nothing to complete", p.ID, s.Status)
	}
	return w.judged(tx, p)
}

// AcceptChallenged lets a payment go on that was held back for fear of fraud. The error has the code
// [OperationNotPossible].
func (w *Worldline) AcceptChallenged(tx *sandbox.Tx, p Payment) error {
	if s := w.State(tx, p); s.Status != PendingFraudApproval {
		return impossible("worldline.fraud.pending-only", "payment %s is %s; nobody has to look at it", p.ID, s.Status)
	}
	return w.judged(tx, p)
}
