package globalcollect

import (
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/worldline"
	"github.com/somsim/somsim/simulator/worldline/gcs"
)

type checkoutInput struct {
	MerchantID string `path:"merchantId"`
	Body       struct {
		Order  gcs.OrderInput `json:"order"`
		Card   cardInput      `json:"cardPaymentMethodSpecificInput"`
		Hosted struct {
			ReturnURL string `json:"returnUrl"`
		} `json:"hostedCheckoutSpecificInput"`
	}
}

type checkoutDocument struct {
	ReturnMAC          string `json:"RETURNMAC"`
	HostedCheckoutID   string `json:"hostedCheckoutId"`
	MerchantReference  string `json:"merchantReference"`
	PartialRedirectURL string `json:"partialRedirectUrl"`
}

func (a *API) createHostedCheckout(c *binding.Call, in checkoutInput) (gcs.Answer, error) {
	return gcs.Once(a.domain, c, func() (checkoutDocument, error) {
		charge := in.Body.Card.charge(in.MerchantID, in.Body.Order)
		charge.ReturnURL = in.Body.Hosted.ReturnURL
		page, err := a.domain.NewCheckout(c.Tx, charge, 0, 0)
		if err != nil {
			return checkoutDocument{}, err
		}
		_, partial, _ := strings.Cut(gcs.PayerURL(c, page.ID), "://")
		return checkoutDocument{page.MAC, page.ID, page.MerchantReference, partial}, nil
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
		out.CreatedPayment = &createdPaymentOutput{newPaymentDocument(c, s), gcs.Outcome(s.Status)}
	}
	return out, nil
}

func (a *API) deleteHostedCheckout(c *binding.Call, in checkoutPath) (binding.Empty, error) {
	return binding.Empty{}, a.domain.DropCheckout(c.Tx, in.MerchantID, in.ID)
}
