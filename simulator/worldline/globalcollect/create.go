package globalcollect

import (
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/worldline"
	"github.com/somsim/somsim/simulator/worldline/gcs"
)

type cardInput struct {
	gcs.CardInput
	// RequiresApproval is what a payment does that is not told otherwise.
	RequiresApproval *bool `json:"requiresApproval"`
}

func (in cardInput) charge(merchantID string, o gcs.OrderInput) worldline.Charge {
	c := in.Charge(merchantID, o)
	c.Mode, c.Approval = in.mode()
	return c
}

// mode says how the money is taken: at once, by captures, or by an approval.
func (in cardInput) mode() (mode worldline.Mode, approval bool) {
	switch {
	case in.AuthorizationMode == string(worldline.Sale), in.RequiresApproval != nil && !*in.RequiresApproval:
		return worldline.Sale, false
	case in.AuthorizationMode == string(worldline.PreAuthorization):
		return worldline.PreAuthorization, false
	default:
		return worldline.FinalAuthorization, true
	}
}

type createInput struct {
	MerchantID string `path:"merchantId"`
	Body       struct {
		Order gcs.OrderInput `json:"order"`
		Card  cardInput      `json:"cardPaymentMethodSpecificInput"`
	}
}

type creationOutput struct {
	AdditionalReference   string `json:"additionalReference"`
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
		made, err := a.domain.Create(c.Tx, in.Body.Card.charge(in.MerchantID, in.Body.Order))
		if err != nil {
			return createResult{}, err
		}
		return newCreateResult(c, made), nil
	})
}

func newCreateResult(c *binding.Call, made worldline.Created) createResult {
	doc := createdDocument{
		CreationOutput: creationOutput{
			AdditionalReference: made.MerchantReference, ExternalReference: made.Number, IsNewToken: made.NewToken, Token: made.Token,
			TokenizationSucceeded: made.NewToken,
		},
		Payment: newPaymentDocument(c, made.State),
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

func (a *API) completePayment(c *binding.Call, in paymentInput) (gcs.Answer, error) {
	return gcs.Once(a.domain, c, func() (createResult, error) {
		p, err := a.payment(c, in)
		if err != nil {
			return createResult{}, err
		}
		if err := a.domain.Complete(c.Tx, p); err != nil {
			return createResult{}, err
		}
		return newCreateResult(c, worldline.Created{State: a.domain.Fresh(c.Tx, p.ID), Token: p.Card.Token}), nil
	})
}

func (a *API) processChallenged(c *binding.Call, in paymentInput) (gcs.Answer, error) {
	return gcs.Once(a.domain, c, func() (paymentDocument, error) {
		p, err := a.payment(c, in)
		if err != nil {
			return paymentDocument{}, err
		}
		if err := a.domain.AcceptChallenged(c.Tx, p); err != nil {
			return paymentDocument{}, err
		}
		return a.document(c, p), nil
	})
}
