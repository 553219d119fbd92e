package direct

import (
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/worldline"
	"github.com/somsim/somsim/simulator/worldline/gcs"
)

type cardWithoutCvv struct {
	CardNumber string `json:"cardNumber"`
	ExpiryDate string `json:"expiryDate"`
}

func shownCard(t worldline.Token) cardWithoutCvv { return cardWithoutCvv{t.Card.Number, t.Card.Expiry} }

type createTokenInput struct {
	MerchantID string `path:"merchantId"`
	Body       struct {
		PaymentProductID int `json:"paymentProductId"`
		Card             struct {
			Data struct {
				Card cardWithoutCvv `json:"card"`
			} `json:"data"`
		} `json:"card"`
	}
}

type createdToken struct {
	Token       string         `json:"token"`
	IsNewToken  bool           `json:"isNewToken"`
	TokenStatus string         `json:"tokenStatus"`
	Card        cardWithoutCvv `json:"card"`
}

// statusKept is the status of a token that nothing is to be done about.
const statusKept = "UNCHANGED"

func (a *API) createToken(c *binding.Call, in createTokenInput) (createdToken, error) {
	card := in.Body.Card.Data.Card
	kept, err := a.domain.KeepCard(c.Tx, in.MerchantID, worldline.PlainCard{
		Number: strings.ReplaceAll(card.CardNumber, " ", ""), Expiry: card.ExpiryDate, ProductID: in.Body.PaymentProductID,
	})
	return createdToken{kept.ID, true, statusKept, shownCard(kept)}, err
}

type tokenPath struct {
	MerchantID string `path:"merchantId"`
	ID         string `path:"tokenId"`
}

type tokenDocument struct {
	ID               string `json:"id"`
	PaymentProductID int    `json:"paymentProductId"`
	IsTemporary      bool   `json:"isTemporary"`
	Card             struct {
		Alias string `json:"alias"`
		Data  struct {
			Card cardWithoutCvv `json:"cardWithoutCvv"`
		} `json:"data"`
	} `json:"card"`
}

func (a *API) getToken(c *binding.Call, in tokenPath) (tokenDocument, error) {
	kept, err := a.domain.KeptCard(c.Tx, in.MerchantID, in.ID)
	out := tokenDocument{ID: kept.ID, PaymentProductID: kept.Card.ProductID}
	out.Card.Alias, out.Card.Data.Card = kept.Card.Number, shownCard(kept)
	return out, err
}

func (a *API) deleteToken(c *binding.Call, in tokenPath) (binding.Empty, error) {
	return binding.Empty{}, a.domain.ForgetCard(c.Tx, in.MerchantID, in.ID)
}

type subsequentInput struct {
	MerchantID string `path:"merchantId"`
	PaymentID  string `path:"paymentId"`
	Body       struct {
		Order gcs.OrderInput `json:"order"`
		Card  struct {
			AuthorizationMode string `json:"authorizationMode"`
		} `json:"subsequentcardPaymentMethodSpecificInput"`
	}
}

// subsequentResult is a payment, or why it was refused together with it.
type subsequentResult struct {
	*errorBody
	Payment       *paymentDocument `json:"payment,omitempty"`
	PaymentResult *createdDocument `json:"paymentResult,omitempty"`
	status        int
}

// AnswerStatus is the status of a refusal; 0 for a payment.
func (r subsequentResult) AnswerStatus() int { return r.status }

func (a *API) subsequentPayment(c *binding.Call, in subsequentInput) (gcs.Answer, error) {
	return gcs.Once(a.domain, c, func() (subsequentResult, error) {
		former, err := a.domain.Payment(c.Tx, in.MerchantID, in.PaymentID)
		if err != nil {
			return subsequentResult{}, err
		}
		card := gcs.CardInput{AuthorizationMode: in.Body.Card.AuthorizationMode}
		made, err := a.domain.Subsequent(c.Tx, former, charge(in.MerchantID, card, in.Body.Order))
		if err != nil {
			return subsequentResult{}, err
		}
		result := newCreateResult(c, made)
		if result.createdDocument == nil {
			return subsequentResult{errorBody: result.errorBody, PaymentResult: result.PaymentResult, status: result.status}, nil
		}
		return subsequentResult{Payment: &result.Payment}, nil
	})
}

type credentialsInput struct {
	MerchantID string `path:"merchantId"`
	Body       struct {
		Key    string `json:"key"`
		Secret string `json:"secret"`
	}
}

type credentialsDocument struct {
	Result string `json:"result"`
}

// validateCredentials tells whether webhooks are signed with a key.
func (a *API) validateCredentials(c *binding.Call, in credentialsInput) (credentialsDocument, error) {
	if a.domain.SignsWebhooks(c.Tx, in.Body.Key, in.Body.Secret) {
		return credentialsDocument{"Valid"}, nil
	}
	return credentialsDocument{"Invalid"}, nil
}
