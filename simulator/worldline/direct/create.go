package direct

import (
	"cmp"
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/worldline"
	"github.com/somsim/somsim/simulator/worldline/gcs"
)

// charge is what a merchant asks for; an authorisation is final unless he says otherwise.
func charge(merchantID string, card gcs.CardInput, o gcs.OrderInput) worldline.Charge {
	c := card.Charge(merchantID, o)
	c.Parameters = o.References.MerchantParameters
	c.Mode = cmp.Or(worldline.Mode(card.AuthorizationMode), worldline.FinalAuthorization)
	return c
}

type createInput struct {
	MerchantID string `path:"merchantId"`
	Body       struct {
		Order gcs.OrderInput `json:"order"`
		Card  gcs.CardInput  `json:"cardPaymentMethodSpecificInput"`
	}
}

type creationOutput struct {
	ExternalReference     string `json:"externalReference"`
	IsNewToken            bool   `json:"isNewToken"`
	Token                 string `json:"token,omitempty"`
	TokenizationSucceeded bool   `json:"tokenizationSucceeded"`
}

type createdDocument struct {
	CreationOutput creationOutput      `json:"creationOutput"`
	MerchantAction *gcs.MerchantAction `json:"merchantAction,omitempty"`
	Payment        paymentDocument     `json:"payment"`
}

// createResult is a payment, or why it was refused together with it.
type createResult struct {
	*errorBody
	*createdDocument
	PaymentResult *createdDocument `json:"paymentResult,omitempty"`
	status        int
}

// AnswerStatus is the status of a refusal; 0 for a payment.
func (r createResult) AnswerStatus() int { return r.status }

func (a *API) createPayment(c *binding.Call, in createInput) (gcs.Answer, error) {
	return gcs.Once(a.domain, c, func() (createResult, error) {
		made, err := a.domain.Create(c.Tx, charge(in.MerchantID, in.Body.Card, in.Body.Order))
		if err != nil {
			return createResult{}, err
		}
		return newCreateResult(c, made), nil
	})
}

func newCreateResult(c *binding.Call, made worldline.Created) createResult {
	doc := createdDocument{
		CreationOutput: creationOutput{
			ExternalReference: made.MerchantReference, IsNewToken: made.NewToken, Token: made.Token, TokenizationSucceeded: made.NewToken,
		},
		Payment: newPaymentDocument(made.State),
	}
	switch made.Status { //nolint:exhaustive // of the others there is nothing to add
	case worldline.Redirected:
		doc.MerchantAction = gcs.Redirect(gcs.PayerURL(c, made.Payment.ID), made.MAC)
	case worldline.Rejected:
		refusal := worldline.Refusal(made.Refusal)
		c.Note(refusal)
		body, status := newErrorBody(c, refusal)
		return createResult{errorBody: &body, PaymentResult: &doc, status: status}
	}
	return createResult{createdDocument: &doc}
}

type completeInput struct {
	MerchantID string `path:"merchantId"`
	PaymentID  string `path:"paymentId"`
}

func (a *API) completePayment(c *binding.Call, in completeInput) (gcs.Answer, error) {
	return gcs.Once(a.domain, c, func() (createResult, error) {
		p, err := a.domain.Payment(c.Tx, in.MerchantID, in.PaymentID)
		if err != nil {
			return createResult{}, err
		}
		if err := a.domain.Complete(c.Tx, p); err != nil {
			return createResult{}, err
		}
		return newCreateResult(c, worldline.Created{State: a.domain.Fresh(c.Tx, p.ID), Token: p.Card.Token}), nil
	})
}

// created is the status of an operation that makes something.
const created = http.StatusCreated
