package direct

import (
	"net/http"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/worldline"
	"github.com/somsim/somsim/simulator/worldline/gcs"
)

type orderInput struct {
	AmountOfMoney amount     `json:"amountOfMoney"`
	References    references `json:"references"`
}

type cardInput struct {
	AuthorizationMode  string `json:"authorizationMode"`
	PaymentProductID   int    `json:"paymentProductId"`
	Token              string `json:"token"`
	Tokenize           bool   `json:"tokenize"`
	SkipAuthentication bool   `json:"skipAuthentication"`
	ReturnURL          string `json:"returnUrl"`
	Card               struct {
		CardNumber string `json:"cardNumber"`
		ExpiryDate string `json:"expiryDate"`
	} `json:"card"`
	ThreeDSecure struct {
		ChallengeIndicator string `json:"challengeIndicator"`
		SkipAuthentication bool   `json:"skipAuthentication"`
		RedirectionData    struct {
			ReturnURL string `json:"returnUrl"`
		} `json:"redirectionData"`
	} `json:"threeDSecure"`
}

// charge is what a merchant asks for; an authorisation is final unless he says otherwise.
func (in cardInput) charge(merchantID string, o orderInput) worldline.Charge {
	c := worldline.Charge{
		MerchantID: merchantID, Amount: o.AmountOfMoney.Amount, Currency: o.AmountOfMoney.CurrencyCode, MerchantReference: o.References.MerchantReference,
		Parameters: o.References.MerchantParameters, Mode: worldline.Mode(in.AuthorizationMode), Token: in.Token, Tokenize: in.Tokenize,
		Card:      worldline.PlainCard{Number: strings.ReplaceAll(in.Card.CardNumber, " ", ""), Expiry: in.Card.ExpiryDate, ProductID: in.PaymentProductID},
		ReturnURL: in.ThreeDSecure.RedirectionData.ReturnURL,
	}
	if c.Mode == "" {
		c.Mode = worldline.FinalAuthorization
	}
	if c.ReturnURL == "" {
		c.ReturnURL = in.ReturnURL
	}
	skip := in.SkipAuthentication || in.ThreeDSecure.SkipAuthentication
	c.Challenge = !skip && strings.HasPrefix(in.ThreeDSecure.ChallengeIndicator, "challenge-")
	return c
}

type createInput struct {
	MerchantID string `path:"merchantId"`
	Body       struct {
		Order orderInput `json:"order"`
		Card  cardInput  `json:"cardPaymentMethodSpecificInput"`
	}
}

type creationOutput struct {
	ExternalReference     string `json:"externalReference"`
	IsNewToken            bool   `json:"isNewToken"`
	Token                 string `json:"token,omitempty"`
	TokenizationSucceeded bool   `json:"tokenizationSucceeded"`
}

type redirectData struct {
	RedirectURL string `json:"redirectURL"`
	ReturnMAC   string `json:"RETURNMAC"`
}

type merchantAction struct {
	ActionType   string       `json:"actionType"`
	RedirectData redirectData `json:"redirectData"`
}

type createdDocument struct {
	CreationOutput creationOutput  `json:"creationOutput"`
	MerchantAction *merchantAction `json:"merchantAction,omitempty"`
	Payment        paymentDocument `json:"payment"`
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
			ExternalReference: made.MerchantReference, IsNewToken: made.NewToken, Token: made.Token, TokenizationSucceeded: made.NewToken,
		},
		Payment: newPaymentDocument(made.State),
	}
	switch made.Status { //nolint:exhaustive // of the others there is nothing to add
	case worldline.Redirected:
		doc.MerchantAction = &merchantAction{"REDIRECT", redirectData{gcs.PayerURL(c, made.Payment.ID), made.MAC}}
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
