package direct

import (
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/worldline"
	"github.com/somsim/somsim/simulator/worldline/gcs"
)

type amount struct {
	Amount       int64  `json:"amount"`
	CurrencyCode string `json:"currencyCode"`
}

type references struct {
	MerchantReference       string `json:"merchantReference,omitempty"`
	OperationGroupReference string `json:"operationGroupReference,omitempty"`
	MerchantParameters      string `json:"merchantParameters,omitempty"`
}

func newReferences(p worldline.Payment) references {
	return references{MerchantReference: p.MerchantReference, MerchantParameters: p.Parameters}
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

type paymentOutput struct {
	AmountOfMoney  amount      `json:"amountOfMoney"`
	AcquiredAmount amount      `json:"acquiredAmount"`
	AmountPaid     int64       `json:"amountPaid"`
	References     references  `json:"references"`
	PaymentMethod  string      `json:"paymentMethod"`
	Card           *cardOutput `json:"cardPaymentMethodSpecificOutput,omitempty"`
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
	Version              string `json:"version"`
	Flow                 string `json:"flow"`
	ECI                  string `json:"eci"`
	AuthenticationStatus string `json:"authenticationStatus"`
}

// newThreeDSOutput tells of an authentication that has ended: proved (Y, 5) or not (N, 7).
func newThreeDSOutput(t worldline.ThreeDS) *threeDSOutput {
	switch t {
	case worldline.Authenticated:
		return &threeDSOutput{"2.2.0", "challenge", "5", "Y"}
	case worldline.NotProved:
		return &threeDSOutput{"2.2.0", "challenge", "7", "N"}
	case worldline.NotAuthenticated, worldline.Challenged:
	}
	return nil
}

// paymentMethod is the only one that the simulation has.
const paymentMethod = "card"

func newPaymentDocument(s worldline.State) paymentDocument {
	captured := s.Captured
	doc := paymentDocument{
		ID: s.Payment.ID, Status: string(s.Status), StatusOutput: statusOf(s),
		PaymentOutput: paymentOutput{
			AmountOfMoney: amount{s.Amount, s.Currency}, AcquiredAmount: amount{captured, s.Currency}, AmountPaid: captured,
			References: newReferences(s.Payment), PaymentMethod: paymentMethod, Card: newCardOutput(s.Payment),
		},
	}
	if s.CheckoutID != "" {
		doc.HostedCheckout = &hostedCheckoutOutput{s.CheckoutID}
	}
	return doc
}

func newCardOutput(p worldline.Payment) *cardOutput {
	c := p.Card
	if c.Number == "" {
		return nil
	}
	out := &cardOutput{PaymentProductID: c.ProductID, AuthorisationCode: c.AuthorisationCode, Token: c.Token, ThreeDS: newThreeDSOutput(p.ThreeDS)}
	out.Card.CardNumber, out.Card.ExpiryDate = c.Number, c.Expiry
	return out
}

func statusOf(s worldline.State) statusOutput {
	out := statusOutput{
		IsAuthorized: s.Status == worldline.PendingCapture, IsCancellable: s.CanCancel, IsRefundable: s.CanRefund,
		StatusCategory: worldline.StatusCategory(s.Status), StatusCode: worldline.StatusNumber(s.Status),
		StatusCodeChangeDateTime: changeTime(s.ChangedAt),
	}
	if s.Status == s.Ledger[0].Status {
		out.StatusCode = s.Ledger[0].Number()
	}
	if s.Status == worldline.Rejected {
		out.Errors = []apiError{newAPIError(gcs.Explain(worldline.Refusal(s.Refusal)))}
	}
	return out
}

// changeTime renders an instant the way the platform does: UTC without separators.
func changeTime(t time.Time) string { return t.UTC().Format("20060102150405") }

type paymentInput struct {
	MerchantID string `path:"merchantId"`
	PaymentID  string `path:"paymentId"`
}

func (a *API) state(c *binding.Call, in paymentInput) (worldline.State, error) {
	p, err := a.domain.Payment(c.Tx, in.MerchantID, in.PaymentID)
	if err != nil {
		return worldline.State{}, err
	}
	return a.domain.State(c.Tx, p), nil
}

func (a *API) getPayment(c *binding.Call, in paymentInput) (paymentDocument, error) {
	s, err := a.state(c, in)
	if err != nil {
		return paymentDocument{}, err
	}
	return newPaymentDocument(s), nil
}

type detailsDocument struct {
	paymentDocument
	Operations []operationDocument `json:"Operations"`
}

type operationDocument struct {
	ID                  string       `json:"id"`
	Status              string       `json:"status"`
	StatusOutput        statusOutput `json:"statusOutput"`
	AmountOfMoney       amount       `json:"amountOfMoney"`
	PaymentMethod       string       `json:"paymentMethod"`
	References          references   `json:"references"`
	OperationReferences *references  `json:"operationReferences,omitempty"`
}

func (a *API) getPaymentDetails(c *binding.Call, in paymentInput) (detailsDocument, error) {
	s, err := a.state(c, in)
	if err != nil {
		return detailsDocument{}, err
	}
	doc := detailsDocument{paymentDocument: newPaymentDocument(s)}
	for _, op := range s.Ledger {
		doc.Operations = append(doc.Operations, newOperationDocument(s, op))
	}
	return doc, nil
}

func newOperationDocument(s worldline.State, op worldline.Operation) operationDocument {
	return operationDocument{
		ID: op.ID, Status: string(op.Status), AmountOfMoney: amount{op.Amount, op.Currency}, PaymentMethod: paymentMethod,
		References: newReferences(s.Payment), OperationReferences: operationReferences(op),
		StatusOutput: statusOutput{
			IsAuthorized:   op.Status == worldline.PendingCapture,
			IsCancellable:  op.Kind == worldline.Authorization && s.CanCancel,
			IsRefundable:   op.Kind == worldline.Capture && s.CanRefund,
			StatusCategory: worldline.StatusCategory(op.Status), StatusCode: op.Number(),
			StatusCodeChangeDateTime: changeTime(op.ChangedAt),
		},
	}
}

func operationReferences(op worldline.Operation) *references {
	if op.MerchantReference == "" && op.GroupReference == "" {
		return nil
	}
	return &references{MerchantReference: op.MerchantReference, OperationGroupReference: op.GroupReference}
}
