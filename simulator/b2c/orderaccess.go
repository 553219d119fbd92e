package b2c

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// InsufficientIdentifyingInformation is the refusal of a look-up that says too little of who asks.
const InsufficientIdentifyingInformation Code = "InsufficientIdentifyingInformation"

// accessCodeLife is how long a mailed access code works, and how long there is no other one for the order.
const accessCodeLife = 15 * time.Minute

// accessCodeTries is how many wrong codes an order takes before the right one is worth nothing. The vendor says only "too
// many".
const accessCodeTries = 5

// AccessCode is the code by which a guest who has lost the session gets at an order.
type AccessCode struct {
	OrderNo, Code string
	// Wrong counts the codes that were tried and are not this one.
	Wrong     int
	ExpiresAt time.Time
}

// ViewCode is the code by which an order is looked up in full. It is as good as a password: documents show it to the
// customer alone.
func (o *Order) ViewCode() string {
	sum := sha256.Sum256([]byte("view\x00" + o.OrderToken))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// RequestAccessCode mails an access code for an order to the address that it was made with. Nothing happens, and nobody
// is told, where the order is none, the address is another, or a code was sent within the last quarter of an hour.
func (b *B2C) RequestAccessCode(tx *sandbox.Tx, siteID, orderNo, email string) {
	forget(tx, b.accessCodes, func(c AccessCode) string { return c.OrderNo })
	o, err := b.Order(tx, Reader{SiteID: siteID}, orderNo)
	last, _ := b.accessCodes.Get(tx.Tx, orderNo)
	if err != nil || tx.Now().Before(last.ExpiresAt) || email == "" || !strings.EqualFold(o.Email, email) {
		return
	}
	c := AccessCode{OrderNo: orderNo, Code: digits(tx.Token("b2c.AccessCode"), 6), ExpiresAt: tx.Now().Add(accessCodeLife)}
	b.accessCodes.Put(tx.Tx, c)
	b.send(tx, Mail{Kind: MailAccessCode, To: o.Email, Code: c.Code, About: orderNo, ExpiresAt: c.ExpiresAt})
}

// digits makes a code of so many decimal digits out of a token, which is as random as the sandbox's seed.
func digits(token string, n int) string {
	sum := sha256.Sum256([]byte(token))
	modulus := uint64(1)
	for range n {
		modulus *= 10
	}
	return fmt.Sprintf("%0*d", n, binary.BigEndian.Uint64(sum[:8])%modulus)
}

// OrderByAccessCode returns the order that an access code opens. A wrong code is counted, so that the transaction has to
// be kept although the error, with the code [OrderNotFound], is the answer.
func (b *B2C) OrderByAccessCode(tx *sandbox.Tx, siteID, orderNo, code string) (Order, error) {
	refused := OrderUnknown(orderNo)
	refused.Rule = "b2c.order.access-code"
	o, err := b.Order(tx, Reader{SiteID: siteID}, orderNo)
	c, ok := b.accessCodes.Get(tx.Tx, orderNo)
	if err != nil || !ok || !tx.Now().Before(c.ExpiresAt) || c.Wrong >= accessCodeTries {
		return Order{}, refused
	}
	if subtle.ConstantTimeCompare([]byte(c.Code), []byte(code)) != 1 {
		c.Wrong++
		b.accessCodes.Put(tx.Tx, c)
		return Order{}, refused
	}
	return o, nil
}

// Lookup is what somebody knows of an order besides its number.
type Lookup struct {
	Reader
	// Code is the order's view code, or an access code of six digits.
	Code string
	// Email or Phone, together with the postal code of the billing address, show part of the order.
	Email, Phone, PostalCode string
}

// LookUpOrder returns an order to somebody who knows enough of it. Without a code, and for an order that is not the
// reader's own, it is partial: the caller may see what was ordered but not by whom. Errors have the codes [OrderNotFound],
// for which the transaction has to be kept, and [InsufficientIdentifyingInformation].
func (b *B2C) LookUpOrder(tx *sandbox.Tx, l Lookup, orderNo string) (o Order, partial bool, err error) {
	if o, err = b.Order(tx, l.Reader, orderNo); err == nil {
		return o, false, nil
	}
	switch o, err = b.Order(tx, Reader{SiteID: l.SiteID}, orderNo); {
	case isAccessCode(l.Code):
		o, err = b.OrderByAccessCode(tx, l.SiteID, orderNo, l.Code)
		return o, false, err
	case l.Code != "":
		if err == nil && subtle.ConstantTimeCompare([]byte(l.Code), []byte(o.ViewCode())) == 1 {
			return o, false, nil
		}
	case l.PostalCode != "" && (l.Email != "" || l.Phone != ""):
		if err == nil && l.fits(&o) {
			return o, true, nil
		}
	default:
		return Order{}, false, &Error{
			Code: InsufficientIdentifyingInformation, Rule: "b2c.order.lookup-enough",
			Message: "Insufficient identifying information provided to retrieve the order.",
		}
	}
	unknown := OrderUnknown(orderNo)
	unknown.Rule = "b2c.order.lookup"
	return Order{}, false, unknown
}

// isAccessCode tells access codes from view codes by their form.
func isAccessCode(code string) bool {
	return len(code) == 6 && strings.Trim(code, "0123456789") == ""
}

// fits tells whether what is known is true of the order: all of it.
func (l Lookup) fits(o *Order) bool {
	known := func(given, kept string) bool {
		return given == "" || kept != "" && strings.EqualFold(strings.ReplaceAll(given, " ", ""), strings.ReplaceAll(kept, " ", ""))
	}
	return known(l.PostalCode, o.BillingAddress.PostalCode) && known(l.Email, o.Email) && known(l.Phone, o.BillingAddress.Phone)
}
