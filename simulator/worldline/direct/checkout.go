package direct

import (
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/worldline"
	"github.com/somsim/somsim/simulator/worldline/gcs"
)

type checkoutInput struct {
	MerchantID string `path:"merchantId"`
	Body       struct {
		Order  gcs.OrderInput `json:"order"`
		Card   gcs.CardInput  `json:"cardPaymentMethodSpecificInput"`
		Hosted struct {
			ReturnURL string `json:"returnUrl"`
			// SessionTimeout is in minutes.
			SessionTimeout int `json:"sessionTimeout"`
			Attempts       int `json:"allowedNumberOfPaymentAttempts"`
		} `json:"hostedCheckoutSpecificInput"`
	}
}

type checkoutDocument struct {
	ReturnMAC          string `json:"RETURNMAC"`
	HostedCheckoutID   string `json:"hostedCheckoutId"`
	MerchantReference  string `json:"merchantReference"`
	PartialRedirectURL string `json:"partialRedirectUrl"`
	RedirectURL        string `json:"redirectUrl"`
}

func (a *API) createHostedCheckout(c *binding.Call, in checkoutInput) (gcs.Answer, error) {
	return gcs.Once(a.domain, c, func() (checkoutDocument, error) {
		wanted := charge(in.MerchantID, in.Body.Card, in.Body.Order)
		wanted.ReturnURL = in.Body.Hosted.ReturnURL
		page, err := a.domain.NewCheckout(c.Tx, wanted, time.Duration(in.Body.Hosted.SessionTimeout)*time.Minute, in.Body.Hosted.Attempts)
		if err != nil {
			return checkoutDocument{}, err
		}
		address := gcs.PayerURL(c, page.ID)
		_, partial, _ := strings.Cut(address, "://")
		return checkoutDocument{page.MAC, page.ID, page.MerchantReference, partial, address}, nil
	})
}

type checkoutPath struct {
	MerchantID string `path:"merchantId"`
	ID         string `path:"hostedCheckoutId"`
}

type checkoutState struct {
	Status         string                `json:"status"`
	CreatedPayment *createdPaymentOutput `json:"createdPaymentOutput,omitempty"`
}

type createdPaymentOutput struct {
	Payment  paymentDocument `json:"payment"`
	Category string          `json:"paymentStatusCategory"`
}

func (a *API) getHostedCheckout(c *binding.Call, in checkoutPath) (checkoutState, error) {
	page, err := a.domain.Checkout(c.Tx, in.MerchantID, in.ID)
	if err != nil {
		return checkoutState{}, err
	}
	out := checkoutState{Status: string(page.Status)}
	if page.PaymentID != "" && page.Status == worldline.PaymentCreated {
		s := a.domain.Fresh(c.Tx, page.PaymentID)
		out.CreatedPayment = &createdPaymentOutput{newPaymentDocument(s), gcs.Outcome(s.Status)}
	}
	return out, nil
}
