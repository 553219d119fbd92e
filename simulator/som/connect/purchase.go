package connect

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
)

// flag is a truth that may come as a text; whole is such a whole number.
type (
	flag  bool
	whole int
)

// UnmarshalJSON reads true, "true" and null.
func (f *flag) UnmarshalJSON(text []byte) error {
	*f = strings.Trim(string(text), `"`) == "true"
	return nil
}

// UnmarshalJSON reads 4, "04" and null; the specification has seen to its being one of them.
func (w *whole) UnmarshalJSON(text []byte) error {
	digits := strings.Trim(string(text), `"`)
	if digits == "null" {
		return nil
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		return &json.UnmarshalTypeError{Value: "number " + digits}
	}
	*w = whole(n)
	return nil
}

// clientFields are what every payment request can tell of the client behind it.
type clientFields struct {
	Email          string `json:"email"`
	IPAddress      string `json:"ipAddress"`
	MACAddress     string `json:"macAddress"`
	Phone          string `json:"phone"`
	IdempotencyKey string `json:"idempotencyKey"`
}

func (f clientFields) audit() som.Audit {
	return som.Audit{Email: f.Email, IPAddress: f.IPAddress, MACAddress: f.MACAddress, Phone: f.Phone}
}

// key is the idempotency key, which comes in the header or in the body, not in both.
func (f clientFields) key(header string) (string, error) {
	if header != "" && f.IdempotencyKey != "" {
		return "", &som.Error{
			Code: som.CodeInvalidInput, Rule: "som.payments.one-key", Message: "Give the idempotency key in the header or in the body, not in both.",
		}
	}
	return header + f.IdempotencyKey, nil
}

// effectiveDate reads a day or an instant; the vendor's own example has the day first.
func effectiveDate(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05.000Z0700", time.DateOnly, "02-01-2006"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, &som.Error{
		Code: som.CodeInvalidInput, Rule: "som.payments.effective-date", Message: "The effective date " + text + " is no date.", Fields: []string{"effectiveDate"},
	}
}

type purchaseInput struct {
	Key  string `header:"sfdc-Payments-Idempotency-Key"`
	Body struct {
		clientFields
		AccountID        string          `json:"accountId"`
		Amount           decimal.Decimal `json:"amount"`
		Comments         string          `json:"comments"`
		CurrencyISOCode  string          `json:"currencyIsoCode"`
		EffectiveDate    string          `json:"effectiveDate"`
		PaymentGatewayID string          `json:"paymentGatewayId"`
		PaymentGroup     paymentGroup    `json:"paymentGroup"`
		PaymentMethod    paymentMethod   `json:"paymentMethod"`
	}
}

type paymentGroup struct {
	ID                 string `json:"id"`
	CreatePaymentGroup flag   `json:"createPaymentGroup"`
	SourceObjectID     string `json:"sourceObjectId"`
	CurrencyISOCode    string `json:"currencyIsoCode"`
}

type paymentMethod struct {
	ID            string             `json:"id"`
	Card          *card              `json:"cardPaymentMethod"`
	Alternative   *alternativeMethod `json:"alternativePaymentMethod"`
	Address       paymentAddress     `json:"address"`
	SaveForFuture flag               `json:"saveForFuture"`
}

type card struct {
	AccountID       string `json:"accountId"`
	AutoPay         flag   `json:"autoPay"`
	Category        string `json:"cardCategory"`
	HolderFirstName string `json:"cardHolderFirstName"`
	HolderLastName  string `json:"cardHolderLastName"`
	HolderName      string `json:"cardHolderName"`
	Number          string `json:"cardNumber"`
	Type            string `json:"cardType"`
	Comments        string `json:"comments"`
	Email           string `json:"email"`
	ExpiryMonth     whole  `json:"expiryMonth"`
	ExpiryYear      whole  `json:"expiryYear"`
	NickName        string `json:"nickName"`
	StartMonth      whole  `json:"startMonth"`
	StartYear       whole  `json:"startYear"`
}

func (c *card) domain() *som.Card {
	if c == nil {
		return nil
	}
	return &som.Card{
		AccountID: c.AccountID, Category: c.Category, Type: c.Type, HolderName: c.HolderName, HolderFirstName: c.HolderFirstName,
		HolderLastName: c.HolderLastName, Number: c.Number, Nickname: c.NickName, Comments: c.Comments, Email: c.Email,
		ExpiryMonth: int(c.ExpiryMonth), ExpiryYear: int(c.ExpiryYear), StartMonth: int(c.StartMonth), StartYear: int(c.StartYear), AutoPay: bool(c.AutoPay),
	}
}

type alternativeMethod struct {
	AccountID           string `json:"accountId"`
	Comments            string `json:"comments"`
	Email               string `json:"email"`
	GatewayToken        string `json:"gatewayToken"`
	GatewayTokenDetails string `json:"gatewayTokenDetails"`
	NickName            string `json:"nickName"`
}

func (a *alternativeMethod) domain() *som.Alternative {
	if a == nil {
		return nil
	}
	return &som.Alternative{
		AccountID: a.AccountID, Token: a.GatewayToken, TokenDetails: a.GatewayTokenDetails, Nickname: a.NickName, Comments: a.Comments, Email: a.Email,
	}
}

type paymentAddress struct {
	Street          string `json:"street"`
	City            string `json:"city"`
	State           string `json:"state"`
	Country         string `json:"country"`
	PostalCode      string `json:"postalCode"`
	PostalCodeLower string `json:"postalcode"`
}

func (a paymentAddress) domain() som.Address {
	return som.Address{Street: a.Street, City: a.City, State: a.State, Country: a.Country, PostalCode: a.PostalCode + a.PostalCodeLower}
}

func (in purchaseInput) request() (som.PaymentRequest, error) {
	b := in.Body
	key, err := b.key(in.Key)
	if err != nil {
		return som.PaymentRequest{}, err
	}
	at, err := effectiveDate(b.EffectiveDate)
	return som.PaymentRequest{
		AccountID: b.AccountID, Amount: b.Amount, Currency: b.CurrencyISOCode, GatewayID: b.PaymentGatewayID, EffectiveDate: at, Comments: b.Comments,
		Audit: b.audit(), IdempotencyKey: key,
		Group: som.PaymentGroup{
			ID: b.PaymentGroup.ID, Create: bool(b.PaymentGroup.CreatePaymentGroup), SourceObjectID: b.PaymentGroup.SourceObjectID,
			Currency: b.PaymentGroup.CurrencyISOCode,
		},
		Method: som.PaymentMethod{
			ID: b.PaymentMethod.ID, Card: b.PaymentMethod.Card.domain(), Alternative: b.PaymentMethod.Alternative.domain(),
			Address: b.PaymentMethod.Address.domain(), Save: bool(b.PaymentMethod.SaveForFuture),
		},
	}, err
}

func (a *API) authorizePayment(c *binding.Call, in purchaseInput) (movedOutput, error) {
	return a.purchase(c, in, a.domain().AuthorizePayment)
}

func (a *API) salePayment(c *binding.Call, in purchaseInput) (movedOutput, error) {
	return a.purchase(c, in, a.domain().SellPayment)
}

func (a *API) postAuthPayment(c *binding.Call, in purchaseInput) (movedOutput, error) {
	return a.purchase(c, in, a.domain().PostAuthorizePayment)
}

func (a *API) purchase(
	c *binding.Call, in purchaseInput, run func(*sandbox.Tx, string, som.PaymentRequest) (som.MoneyMoved, error),
) (movedOutput, error) {
	request, err := in.request()
	if err != nil {
		return movedOutput{}, err
	}
	moved, err := run(c.Tx, c.Principal.ID, request)
	if err != nil {
		return movedOutput{}, err
	}
	return a.outcome(moved), nil
}

type tokenizationInput struct {
	Key  string `header:"sfdc-Payments-Idempotency-Key"`
	Body struct {
		clientFields
		Address          paymentAddress `json:"address"`
		Card             card           `json:"cardPaymentMethod"`
		PaymentGatewayID string         `json:"paymentGatewayId"`
	}
}

func (a *API) tokenizePaymentMethod(c *binding.Call, in tokenizationInput) (movedOutput, error) {
	b := in.Body
	key, err := b.key(in.Key)
	if err != nil {
		return movedOutput{}, err
	}
	moved, err := a.domain().TokenizePaymentMethod(c.Tx, c.Principal.ID, som.NewToken{
		GatewayID: b.PaymentGatewayID, Audit: b.audit(), IdempotencyKey: key,
		Method: som.PaymentMethod{Card: b.Card.domain(), Address: b.Address.domain()},
	})
	if err != nil {
		return movedOutput{}, err
	}
	return a.outcome(moved), nil
}
