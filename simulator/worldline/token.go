package worldline

import "github.com/somsim/somsim/simulator/sandbox"

// Token is a card that a merchant may charge again. Its number is masked.
type Token struct {
	ID, MerchantID string
	Card           Card
	// Digits are the first six and the last four digits, by which test cards are told.
	Digits string
}

func (t Token) key() string { return t.MerchantID + "\x01" + t.ID }

// KeepCard keeps a card that was not charged. Errors have the codes [InvalidCard] and [ParameterMissing].
func (w *Worldline) KeepCard(tx *sandbox.Tx, merchantID string, card PlainCard) (Token, error) {
	kept, err := w.cardOf(tx, Charge{MerchantID: merchantID, Card: card})
	if err != nil {
		return Token{}, err
	}
	return w.keep(tx, merchantID, kept), nil
}

func (w *Worldline) keep(tx *sandbox.Tx, merchantID string, kept Token) Token {
	kept.ID, kept.MerchantID = tx.Token("worldline.token"), merchantID
	w.tokens.Put(tx.Tx, kept)
	return kept
}

// KeptCard returns a card that a merchant has kept. The error has the code [UnknownToken].
func (w *Worldline) KeptCard(tx *sandbox.Tx, merchantID, id string) (Token, error) {
	kept, ok := w.tokens.Get(tx.Tx, Token{ID: id, MerchantID: merchantID}.key())
	if !ok {
		return Token{}, &Error{Code: UnknownToken, Rule: "worldline.token.known", Message: "there is no token '" + id + "'"}
	}
	return kept, nil
}

// ForgetCard ends a token: nothing can be charged to it any more. What was charged stays. The error has the code
// [UnknownToken].
func (w *Worldline) ForgetCard(tx *sandbox.Tx, merchantID, id string) error {
	kept, err := w.KeptCard(tx, merchantID, id)
	if err == nil {
		w.tokens.Delete(tx.Tx, kept.key())
	}
	return err
}

// Subsequent charges the card of a former payment once more, without the shopper. The card has to have been kept then, and
// the former payment authorised. Errors have the codes [OperationNotPossible] and those of [Worldline.Create].
func (w *Worldline) Subsequent(tx *sandbox.Tx, former Payment, c Charge) (Created, error) {
	s := w.State(tx, former)
	switch {
	case former.ExpiresAt.IsZero():
		return Created{}, impossible("worldline.subsequent.authorized", "payment %s is %s: it was never authorised", former.ID, s.Status)
	case former.Card.Token == "":
		return Created{}, impossible("worldline.subsequent.token", "the card of payment %s was not kept", former.ID)
	}
	if _, err := w.KeptCard(tx, former.MerchantID, former.Card.Token); err != nil {
		return Created{}, impossible("worldline.subsequent.token", "the card of payment %s is not kept any more", former.ID)
	}
	c.MerchantID, c.Token, c.Challenge = former.MerchantID, former.Card.Token, false
	return w.Create(tx, c)
}

// Recognize says how the keys that webhooks are signed with are known. It is set before the first sandbox is made.
func (w *Worldline) Recognize(known func(tx *sandbox.Tx, keyID, secret string) bool) { w.signs = known }

// SignsWebhooks reports whether webhooks are signed with a secret under the id of a key.
func (w *Worldline) SignsWebhooks(tx *sandbox.Tx, keyID, secret string) bool {
	return w.signs != nil && w.signs(tx, keyID, secret)
}
