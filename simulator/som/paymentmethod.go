package som

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// PaymentMethod is what a request for money is paid with: a saved method, a card, or what the shopper already agreed to
// at the provider.
type PaymentMethod struct {
	// ID is that of a saved CardPaymentMethod, DigitalWallet or AlternativePaymentMethod.
	ID string
	// Card and Alternative are methods that the org may not know yet.
	Card        *Card
	Alternative *Alternative
	Address     Address
	// Save keeps a new method for later requests.
	Save bool
}

// Card is a card as a shopper types it in. Its number and security code are never stored.
type Card struct {
	AccountID, Category, Type                                     string
	HolderName, HolderFirstName, HolderLastName, Number, Nickname string
	Comments, Email                                               string
	ExpiryMonth, ExpiryYear, StartMonth, StartYear                int
	AutoPay                                                       bool
}

// Alternative is a method without an object of its own, or a payment that the shopper has agreed to at the provider:
// Token is the provider's name for it.
type Alternative struct {
	AccountID, Token, TokenDetails, Nickname, Comments, Email string
}

// methodPayer is who pays, and through which provider.
type methodPayer struct {
	accountID, gatewayID, user string
	audit                      Audit
}

// paidWith finds the payment method of a request, or makes its row. What the gateway has to know of it comes back; its
// token is empty for a card that nobody has tokenized.
func (d *SOM) paidWith(tx *sandbox.Tx, m PaymentMethod, by methodPayer, alternatives bool) (id string, card GatewayCard, err error) {
	switch {
	case m.ID != "" && m.Card == nil && m.Alternative == nil:
		return d.savedMethod(tx, m.ID, by, alternatives)
	case m.ID == "" && m.Card != nil && m.Alternative == nil:
		if card, err = m.Card.read(); err != nil {
			return "", card, err
		}
		return d.insertCard(tx, m, by, card), card, nil
	case m.ID == "" && m.Card == nil && m.Alternative != nil && alternatives:
		if m.Alternative.Token == "" {
			return "", card, refuse("som.payments.token", CodeInvalidInput, "The payment method has no gatewayToken that names the payment at the gateway.").on("gatewayToken")
		}
		return d.insertAlternative(tx, m, by), GatewayCard{Token: m.Alternative.Token}, nil
	default:
		return "", card, refuse("som.payments.one-method", CodeInvalidInput, "Give one payment method: an id, or one that is new.").on("paymentMethod")
	}
}

// savedMethod reads a method that the org knows. It can be used again when it is active and of the same provider.
func (d *SOM) savedMethod(tx *sandbox.Tx, id string, by methodPayer, alternatives bool) (string, GatewayCard, error) {
	for _, object := range []string{objCard, objWallet, objAlternative} {
		r, ok := d.find(tx, object, id)
		if !ok || object != objCard && !alternatives {
			continue
		}
		switch {
		case r.Text("Status") != "Active":
			return "", GatewayCard{}, refuse("som.payments.method-active", CodeInvalidInput, "The payment method %s is not active.", r.ID).on("paymentMethod")
		case r.Text("PaymentGatewayId") != "" && r.Text("PaymentGatewayId") != by.gatewayID:
			return "", GatewayCard{}, refuse("som.payments.method-gateway", CodeInvalidInput, "The payment method %s is of another payment gateway.", r.ID).on("paymentMethod")
		}
		return r.ID, cardOf(r), nil
	}
	return "", GatewayCard{}, refuse("som.payments.method-exists", CodeInvalidInput, "There is no payment method %q.", id).on("paymentMethod")
}

// read checks what can be known of a card without asking anybody.
func (c *Card) read() (GatewayCard, error) {
	digits := strings.NewReplacer(" ", "", "-", "").Replace(c.Number)
	if len(digits) < minCardDigits || len(digits) > maxCardDigits || strings.Trim(digits, "0123456789") != "" {
		return GatewayCard{}, refuse("som.payments.card-number", CodeInvalidInput, "The card number is not one.").on("cardNumber")
	}
	if c.ExpiryMonth < 1 || c.ExpiryMonth > 12 || c.ExpiryYear < 0 {
		return GatewayCard{}, refuse("som.payments.card-expiry", CodeInvalidInput, "The card's expiry is no month of a year.").on("expiryMonth", "expiryYear")
	}
	year := c.ExpiryYear
	if year < 100 { // the vendor's own example has 25 for 2025
		year += 2000
	}
	return GatewayCard{
		Type: c.Type, First: digits[:6], Last: digits[len(digits)-4:], Valid: luhn(digits), ExpiryMonth: c.ExpiryMonth, ExpiryYear: year,
	}, nil
}

// The least and most digits of a card number (ISO/IEC 7812).
const (
	minCardDigits = 12
	maxCardDigits = 19
)

// luhn reports whether the check digit of a card number is right (ISO/IEC 7812-1, annex B).
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// cardOf is what the org still knows of a saved method.
func cardOf(r *sobject.Record) GatewayCard {
	whole := func(field string, digits int) string {
		text := r.Decimal(field).String()
		return strings.Repeat("0", max(0, digits-len(text))) + text
	}
	return GatewayCard{
		Type: r.Text("CardType"), First: whole("CardBin", 6), Last: whole("CardLastFour", 4), Valid: true, Token: r.Text("GatewayToken"),
		ExpiryMonth: int(r.Decimal("ExpiryMonth").IntPart()), ExpiryYear: int(r.Decimal("ExpiryYear").IntPart()),
	}
}

// insertCard makes the row of a new card. Only its first six and last four digits are kept.
func (d *SOM) insertCard(tx *sandbox.Tx, m PaymentMethod, by methodPayer, card GatewayCard) string {
	c := m.Card
	masked := strings.Repeat("*", 12) + card.Last
	v := values{
		"CardCategory": c.Category, "CardType": cardLabel(c.Type), "CardTypeCategory": cardCategory(c.Type), "AutoCardType": cardLabel(c.Type),
		"CardHolderName": c.HolderName, "CardHolderFirstName": c.HolderFirstName, "CardHolderLastName": c.HolderLastName,
		"CardBin": number(card.First), "CardLastFour": number(card.Last), "DisplayCardNumber": masked, "InputCardNumber": masked,
		"ExpiryMonth": decimal.NewFromInt(int64(card.ExpiryMonth)), "ExpiryYear": decimal.NewFromInt(int64(card.ExpiryYear)),
		"Comments": c.Comments, "NickName": c.Nickname, "Email": c.Email, "IsAutoPayEnabled": c.AutoPay,
	}
	if c.StartMonth > 0 {
		v["StartMonth"], v["StartYear"] = decimal.NewFromInt(int64(c.StartMonth)), decimal.NewFromInt(int64(c.StartYear))
	}
	by.accountID = firstText(c.AccountID, by.accountID)
	return d.insertMethod(tx, objCard, v, m, by)
}

func (d *SOM) insertAlternative(tx *sandbox.Tx, m PaymentMethod, by methodPayer) string {
	a := m.Alternative
	by.accountID = firstText(a.AccountID, by.accountID)
	return d.insertMethod(tx, objAlternative, values{
		"GatewayToken": a.Token, "GatewayTokenDetails": a.TokenDetails, "NickName": a.Nickname, "Comments": a.Comments, "Email": a.Email,
	}, m, by)
}

// insertMethod adds what all methods have in common. A new method is not active: it becomes so when it is kept for later.
func (d *SOM) insertMethod(tx *sandbox.Tx, object string, v values, m PaymentMethod, by methodPayer) string {
	v["Status"] = d.decided.unsavedMethod
	v["ProcessingMode"], v["AccountId"], v["PaymentGatewayId"] = "Salesforce", by.accountID, by.gatewayID
	v["IpAddress"], v["MacAddress"], v["Phone"], v["AuditEmail"] = by.audit.IPAddress, by.audit.MACAddress, by.audit.Phone, by.audit.Email
	m.Address.into(v, "PaymentMethod")
	return d.insert(tx, by.user, object, v)
}

func number(digits string) decimal.Decimal {
	n, _ := strconv.ParseInt(digits, 10, 64) // it was checked to be digits
	return decimal.NewFromInt(n)
}

// cardLabel is the value of CardType for a type as requests spell it.
func cardLabel(kind string) string {
	switch kind {
	case "AmericanExpress":
		return "American Express"
	case "DinersClub":
		return "Diners Club"
	case "MasterCard":
		return "Master Card"
	case "Jcb":
		return "JCB"
	default:
		return kind
	}
}

func cardCategory(kind string) string {
	if kind == "JCB" {
		return "Jcb"
	}
	return kind
}

// keep lets a method be used again, by the token that the provider gave it.
func (d *SOM) keep(tx *sandbox.Tx, user, id string, answer GatewayAnswer) {
	method := tracked(d.row(tx, id))
	method.put("Status", "Active")
	if answer.Token != "" {
		method.put("GatewayToken", answer.Token)
	}
	d.save(tx, user, method)
}
