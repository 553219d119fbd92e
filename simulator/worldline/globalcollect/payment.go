package globalcollect

import (
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/worldline"
)

type amount struct {
	Amount       int64  `json:"amount"`
	CurrencyCode string `json:"currencyCode"`
}

type references struct {
	MerchantReference string `json:"merchantReference,omitempty"`
	PaymentReference  string `json:"paymentReference"`
}

type paymentDocument struct {
	ID             string                `json:"id"`
	Status         string                `json:"status"`
	StatusOutput   statusOutput          `json:"statusOutput"`
	PaymentOutput  paymentOutput         `json:"paymentOutput"`
	HostedCheckout *hostedCheckoutOutput `json:"hostedCheckoutSpecificOutput,omitempty"`
}

type hostedCheckoutOutput struct {
	HostedCheckoutID string `json:"hostedCheckoutId"`
}

type statusOutput struct {
	Errors                   []apiError `json:"errors,omitempty"`
	IsAuthorized             bool       `json:"isAuthorized"`
	IsCancellable            bool       `json:"isCancellable"`
	IsRefundable             bool       `json:"isRefundable"`
	StatusCategory           string     `json:"statusCategory"`
	StatusCode               int        `json:"statusCode"`
	StatusCodeChangeDateTime string     `json:"statusCodeChangeDateTime"`
}

type paymentOutput struct {
	AmountOfMoney amount      `json:"amountOfMoney"`
	AmountPaid    int64       `json:"amountPaid"`
	References    references  `json:"references"`
	PaymentMethod string      `json:"paymentMethod"`
	Card          *cardOutput `json:"cardPaymentMethodSpecificOutput,omitempty"`
}

type cardOutput struct {
	PaymentProductID  int    `json:"paymentProductId"`
	AuthorisationCode string `json:"authorisationCode,omitempty"`
	Token             string `json:"token,omitempty"`
	Card              struct {
		CardNumber string `json:"cardNumber"`
		ExpiryDate string `json:"expiryDate"`
	} `json:"card"`
	ThreeDS *threeDSOutput `json:"threeDSecureResults,omitempty"`
}

type threeDSOutput struct {
	ECI     string `json:"eci"`
	Version string `json:"threeDSecureVersion"`
}

// paymentMethod is the only one that the simulation has.
const paymentMethod = "card"

func newPaymentDocument(c *binding.Call, s worldline.State) paymentDocument {
	doc := paymentDocument{
		ID: s.Payment.ID, Status: statusName(s.Payment, s.Status),
		StatusOutput: statusOutput{
			IsAuthorized: s.Status == worldline.PendingCapture, IsCancellable: s.CanCancel, IsRefundable: s.CanRefund,
			StatusCategory: worldline.StatusCategory(s.Status), StatusCode: statusNumber(s.Status), StatusCodeChangeDateTime: changeTime(s.ChangedAt),
		},
		PaymentOutput: paymentOutput{
			AmountOfMoney: amount{s.Amount, s.Currency}, AmountPaid: s.Captured, References: newReferences(s.Payment), PaymentMethod: paymentMethod,
			Card: newCardOutput(s.Payment),
		},
	}
	if s.CheckoutID != "" {
		doc.HostedCheckout = &hostedCheckoutOutput{s.CheckoutID}
	}
	if s.Status == worldline.Rejected && c != nil {
		doc.StatusOutput.Errors = []apiError{newAPIError(c, worldline.Refusal(s.Refusal))}
	}
	return doc
}

func newReferences(p worldline.Payment) references {
	return references{MerchantReference: p.MerchantReference, PaymentReference: p.Number}
}

func newCardOutput(p worldline.Payment) *cardOutput {
	if p.Card.Number == "" {
		return nil
	}
	out := &cardOutput{PaymentProductID: p.Card.ProductID, AuthorisationCode: p.Card.AuthorisationCode, Token: p.Card.Token}
	out.Card.CardNumber, out.Card.ExpiryDate = p.Card.Number, p.Card.Expiry
	switch p.ThreeDS {
	case worldline.Authenticated:
		out.ThreeDS = &threeDSOutput{"5", "2.2.0"}
	case worldline.NotProved:
		out.ThreeDS = &threeDSOutput{"7", "2.2.0"}
	case worldline.NotAuthenticated, worldline.Challenged:
	}
	return out
}

type paymentInput struct {
	MerchantID string `path:"merchantId"`
	PaymentID  string `path:"paymentId"`
}

// payment reads the payment that a path names.
func (a *API) payment(c *binding.Call, in paymentInput) (worldline.Payment, error) {
	return a.domain.Payment(c.Tx, in.MerchantID, in.PaymentID)
}

// document renders a payment as it is now.
func (a *API) document(c *binding.Call, p worldline.Payment) paymentDocument {
	return newPaymentDocument(c, a.domain.Fresh(c.Tx, p.ID))
}

func (a *API) getPayment(c *binding.Call, in paymentInput) (paymentDocument, error) {
	p, err := a.payment(c, in)
	if err != nil {
		return paymentDocument{}, err
	}
	return a.document(c, p), nil
}
