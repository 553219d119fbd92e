package ocapi

import (
	"encoding/json"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

type customerPaymentDocument struct {
	Version      string         `json:"_v"`
	Type         string         `json:"_type"`
	ID           string         `json:"payment_instrument_id"`
	Method       string         `json:"payment_method_id"`
	Card         *cardDocument  `json:"payment_card,omitempty"`
	Default      bool           `json:"default"`
	CreationDate string         `json:"creation_date"`
	LastModified string         `json:"last_modified"`
	custom       b2c.Attributes `json:"-"`
}

// MarshalJSON writes the document with its custom attributes.
func (d customerPaymentDocument) MarshalJSON() ([]byte, error) {
	type plain customerPaymentDocument
	return withCustom(plain(d), d.custom)
}

func newCustomerPayment(c *binding.Call, p b2c.CustomerPayment) customerPaymentDocument {
	return customerPaymentDocument{
		Version: documentVersion(c.Request.Vars["version"]), Type: "customer_payment_instrument", ID: p.ID, Method: p.PaymentMethodID,
		Card: newCardDocument(p.Card), Default: p.Default, CreationDate: instant(p.CreatedAt), LastModified: instant(p.LastModified), custom: p.Custom,
	}
}

type customerPayments struct {
	Version string                    `json:"_v"`
	Type    string                    `json:"_type"`
	Count   int                       `json:"count"`
	Data    []customerPaymentDocument `json:"data"`
	Total   int                       `json:"total"`
}

func (a *API) getCustomerPaymentInstruments(c *binding.Call, _ nothing) (customerPayments, error) {
	customer, err := a.own(c)
	n := len(customer.Payments)
	list := customerPayments{
		Version: documentVersion(c.Request.Vars["version"]), Type: "customer_payment_instrument_result", Count: n, Total: n, Data: []customerPaymentDocument{},
	}
	for _, p := range customer.Payments {
		list.Data = append(list.Data, newCustomerPayment(c, p))
	}
	return list, err
}

// stored is the payment of the path.
func (a *API) stored(c *binding.Call) (b2c.CustomerPayment, error) {
	customer, err := a.own(c)
	if err != nil {
		return b2c.CustomerPayment{}, err
	}
	return customer.Payment(c.Request.Vars["payment_instrument_id"])
}

func (a *API) getCustomerPaymentInstrument(c *binding.Call, _ nothing) (customerPaymentDocument, error) {
	p, err := a.stored(c)
	return newCustomerPayment(c, p), err
}

type customerPaymentInput struct {
	Method  *string    `json:"payment_method_id"`
	Card    *cardInput `json:"payment_card"`
	Default *bool      `json:"default"`
	custom  customInput
}

// UnmarshalJSON reads the document with its custom attributes.
func (in *customerPaymentInput) UnmarshalJSON(text []byte) error {
	type plain customerPaymentInput
	if err := json.Unmarshal(text, (*plain)(in)); err != nil {
		return err
	}
	return json.Unmarshal(text, &in.custom)
}

func (a *API) addCustomerPaymentInstrument(c *binding.Call, in bodyOf[customerPaymentInput]) (customerPaymentDocument, error) {
	if _, err := a.own(c); err != nil {
		return customerPaymentDocument{}, err
	}
	return a.putPayment(c, b2c.CustomerPayment{}, in.Body)
}

func (a *API) patchCustomerPaymentInstrument(c *binding.Call, in bodyOf[customerPaymentInput]) (customerPaymentDocument, error) {
	p, err := a.stored(c)
	if err != nil {
		return customerPaymentDocument{}, err
	}
	return a.putPayment(c, p, in.Body)
}

func (a *API) putPayment(c *binding.Call, p b2c.CustomerPayment, in customerPaymentInput) (customerPaymentDocument, error) {
	set, unset, err := in.custom.attributes()
	if err != nil {
		return customerPaymentDocument{}, err
	}
	if in.Method != nil {
		p.PaymentMethodID = *in.Method
	}
	if in.Card != nil {
		p.Card = in.Card.card()
	}
	if in.Default != nil {
		p.Default = *in.Default
	}
	p.Custom = p.Custom.With(set, unset)
	p, err = a.domain.PutPayment(c.Tx, c.Request.Vars["customer_id"], p)
	return newCustomerPayment(c, p), err
}

func (a *API) deleteCustomerPaymentInstrument(c *binding.Call, _ nothing) (binding.Empty, error) {
	if _, err := a.own(c); err != nil {
		return binding.Empty{}, err
	}
	return binding.Empty{}, a.domain.DropPayment(c.Tx, c.Request.Vars["customer_id"], c.Request.Vars["payment_instrument_id"])
}

type resetTokenDocument struct {
	Login   string `json:"login"`
	Email   string `json:"email"`
	Token   string `json:"reset_token"`
	Minutes int    `json:"expires_in_minutes"`
}

// createResetToken gives whoever runs the shop what resets a customer's password; it is theirs to mail.
func (a *API) createResetToken(c *binding.Call, in bodyOf[struct {
	Login string `json:"login"`
}],
) (resetTokenDocument, error) {
	t, customer, err := a.domain.CreateResetToken(c.Tx, in.Body.Login)
	return resetTokenDocument{customer.Login, customer.Email, t.Token, int(b2c.ResetTokenLife.Minutes())}, err
}

func (a *API) resetCustomerPassword(c *binding.Call, in bodyOf[struct {
	Login    string `json:"login"`
	Token    string `json:"reset_token"`
	Password string `json:"new_password"`
}],
) (binding.Empty, error) {
	return binding.Empty{}, a.domain.ResetPassword(c.Tx, in.Body.Login, in.Body.Token, in.Body.Password)
}
