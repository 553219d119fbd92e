package b2c

import (
	"fmt"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/sandbox"
)

// TooManyRequests is the refusal of a call for one that was made too often.
const TooManyRequests Code = "TooManyRequests"

// oneTimeLife is how long a one-time code works.
const oneTimeLife = 10 * time.Minute

// CodeSpacing is the rule by which an address gets no more than [codesMailed] codes within [codesWithin]. It is about
// elapsed time, so that it holds in a sandbox with a manual clock only where it is armed.
const CodeSpacing = "b2c.slas.code-spacing"

const (
	codesMailed = 6
	codesWithin = 10 * time.Minute
)

// OneTimeCode is a code of digits by which somebody proves to have got a message. Key is what it is for, and its digits.
type OneTimeCode struct {
	Key, Code, Login, ClientID, SiteID, USID string
	// Challenge is the digest of what the app has to show besides; empty for none.
	Challenge string
	// Register makes a customer of whoever shows the code, when there is none of the login.
	Register  *NewCustomer
	ExpiresAt time.Time
}

// OneTimeRequest asks for a one-time code.
type OneTimeRequest struct {
	Kind MailKind
	// To is where the code goes; for another address than the login's own, empty is the login's.
	To                                 string
	Login, ClientID, SiteID, Challenge string
	USID                               string
	Register                           *NewCustomer
}

// SendCode sends a one-time code. An earlier one of the kind is worth nothing from then on. Errors have the codes
// [CustomerNotFound] and [TooManyRequests].
func (b *B2C) SendCode(tx *sandbox.Tx, r OneTimeRequest) error {
	c, known := b.byLogin(tx, r.Login)
	if !known && r.Register == nil {
		return &Error{Code: CustomerNotFound, Rule: "b2c.slas.code-shopper", Message: fmt.Sprintf("There is no shopper '%s'.", r.Login)}
	}
	if r.To == "" {
		r.To = c.Email
		if !known {
			r.To = r.Register.Email
		}
	}
	if (tx.ClockMode() == clock.ModeReal || b.Armed(tx, CodeSpacing)) && b.mailedLately(tx, r) >= codesMailed {
		return &Error{
			Code: TooManyRequests, Rule: CodeSpacing, Message: fmt.Sprintf("'%s' was sent %d codes within %s.", r.To, codesMailed, codesWithin),
		}
	}
	forget(tx, b.oneTime, func(c OneTimeCode) string { return c.Key })
	for _, old := range b.oneTime.Range(tx.Tx, "expires", "", "", 0) {
		if strings.HasPrefix(old.Key, string(r.Kind)+"/") && strings.EqualFold(old.Login, r.Login) {
			b.oneTime.Delete(tx.Tx, old.Key)
		}
	}
	code := OneTimeCode{
		Code: scopedToken(tx, digits(tx.Token("b2c.OneTimeCode"), 8)), Login: r.Login, ClientID: r.ClientID, SiteID: r.SiteID, USID: r.USID,
		Challenge: r.Challenge, Register: r.Register, ExpiresAt: tx.Now().Add(oneTimeLife),
	}
	code.Key = string(r.Kind) + "/" + code.Code
	b.oneTime.Put(tx.Tx, code)
	b.send(tx, Mail{Kind: r.Kind, To: r.To, Code: code.Code, About: r.Login, ExpiresAt: code.ExpiresAt})
	return nil
}

// mailedLately counts the codes of a kind that an address was sent.
func (b *B2C) mailedLately(tx *sandbox.Tx, r OneTimeRequest) int {
	n := 0
	for _, m := range b.Mailbox(tx, r.To) {
		if m.Kind == r.Kind && tx.Now().Sub(m.SentAt) < codesWithin {
			n++
		}
	}
	return n
}

// ShownCode is a one-time code that somebody shows. Login may be empty where the code itself says enough.
type ShownCode struct {
	Kind                            MailKind
	Code, Login, ClientID, Verifier string
	// CrossDevice says that the code was asked for on another device, which has the verifier.
	CrossDevice bool
}

// TakeCode takes a one-time code, which is worth nothing afterwards. The error has the code [InvalidGrant].
func (b *B2C) TakeCode(tx *sandbox.Tx, s ShownCode) (OneTimeCode, error) {
	code, ok := b.oneTime.Get(tx.Tx, string(s.Kind)+"/"+s.Code)
	switch {
	case !ok || code.ClientID != s.ClientID || !tx.Now().Before(code.ExpiresAt) || s.Login != "" && !strings.EqualFold(s.Login, code.Login):
		return OneTimeCode{}, invalidGrant("b2c.slas.one-time-code", "The code is unknown, was used, or has expired.")
	case code.Challenge != "" && !s.CrossDevice && !provesChallenge(code.Challenge, s.Verifier):
		return OneTimeCode{}, invalidGrant("b2c.slas.pkce", "The code_verifier does not match the code_challenge.")
	}
	b.oneTime.Delete(tx.Tx, code.Key)
	return code, nil
}

// LogInByCode is the visit of whoever shows the code of a log-in without a password. Errors are those of [B2C.TakeCode] and
// of [B2C.Register].
func (b *B2C) LogInByCode(tx *sandbox.Tx, s ShownCode) (Visit, Customer, error) {
	code, err := b.TakeCode(tx, s)
	if err != nil {
		return Visit{}, Customer{}, err
	}
	c, known := b.byLogin(tx, code.Login)
	if !known {
		n := *code.Register
		n.ExternalProvider, n.ExternalID = IDPSlas, code.Login // a customer without a password is known by somebody else
		if c, err = b.AddCustomer(tx, n); err != nil {
			return Visit{}, Customer{}, err
		}
	}
	c.LastLoginAt = tx.Now()
	b.customers.Put(tx.Tx, c)
	return b.LogInVisit(tx, code.SiteID, code.USID, c), c, nil
}

// PasswordByCode sets the password of whoever shows the code for it. Errors have the codes [InvalidGrant] and
// [InvalidPassword].
func (b *B2C) PasswordByCode(tx *sandbox.Tx, s ShownCode, password string) error {
	code, err := b.TakeCode(tx, s)
	if err != nil {
		return err
	}
	c, _ := b.byLogin(tx, code.Login)
	return b.setPassword(tx, c, password)
}
