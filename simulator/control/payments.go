package control

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/worldline"
)

// Payments are the payment platform of a sandbox.
type Payments interface {
	// Act does what a shopper, or whoever looks for fraud, does with a payment or a hosted checkout.
	Act(tx *sandbox.Tx, id string, deed worldline.Deed, card worldline.PlainCard) (worldline.Done, error)
	SettingsOf(tx *sandbox.Tx) worldline.Settings
	Choose(tx *sandbox.Tx, s worldline.Settings) error
}

type payerInput struct {
	Name string `path:"name"`
	ID   string `path:"id"`
	Body struct {
		Deed worldline.Deed `json:"deed"`
		Card struct {
			Number string `json:"number"`
			Expiry string `json:"expiry"`
		} `json:"card"`
	}
}

type payerOutput struct {
	Status    string `json:"status"`
	PaymentID string `json:"payment_id,omitempty"`
	Next      string `json:"next,omitempty"`
	Refusal   string `json:"refusal,omitempty"`
}

// actAsPayer does in a step what a shopper does on the pages of the payment platform.
func (a *API) actAsPayer(_ *binding.Call, in payerInput) (out payerOutput, err error) {
	w, err := a.world(in.Name)
	if err != nil {
		return payerOutput{}, err
	}
	card := worldline.PlainCard{Number: in.Body.Card.Number, Expiry: in.Body.Card.Expiry}
	if card.Number != "" && card.Expiry == "" {
		card.Expiry = worldline.DefaultCard().Expiry
	}
	err = w.Update(func(tx *sandbox.Tx) error {
		done, err := a.Payments.Act(tx, in.ID, in.Body.Deed, card)
		out = payerOutput{done.Status, done.PaymentID, done.Next, string(done.Refusal)}
		return err
	})
	var refused *worldline.Error
	switch {
	case errors.Is(err, worldline.ErrNobody):
		return payerOutput{}, refuse(http.StatusNotFound, "%v", err)
	case errors.As(err, &refused):
		return payerOutput{}, refuse(http.StatusBadRequest, "%s", refused.Message)
	}
	return out, err
}

// paymentsWire are the settings of the payment platform.
type paymentsWire struct {
	AuthorizationDelay string `json:"authorization_delay,omitempty"`
	CaptureDelay       string `json:"capture_delay,omitempty"`
	RefundDelay        string `json:"refund_delay,omitempty"`
	AuthorizationLife  string `json:"authorization_life,omitempty"`
	DateWindow         string `json:"date_window,omitempty"`
	RefuseRefunds      *bool  `json:"refuse_refunds,omitempty"`
}

// fields pairs what the wire says with where it belongs.
func (p *paymentsWire) fields(s *worldline.Settings) []struct {
	name string
	text *string
	to   *time.Duration
} {
	return []struct {
		name string
		text *string
		to   *time.Duration
	}{
		{"authorization_delay", &p.AuthorizationDelay, &s.AuthorizationDelay},
		{"capture_delay", &p.CaptureDelay, &s.CaptureDelay},
		{"refund_delay", &p.RefundDelay, &s.RefundDelay},
		{"authorization_life", &p.AuthorizationLife, &s.AuthorizationLife},
		{"date_window", &p.DateWindow, &s.DateWindow},
	}
}

func (a *API) getPayments(_ *binding.Call, in named) (paymentsWire, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return paymentsWire{}, err
	}
	tx := w.Read()
	defer tx.Abort()
	s := a.Payments.SettingsOf(tx)
	var out paymentsWire
	for _, f := range out.fields(&s) {
		*f.text = f.to.String()
	}
	out.RefuseRefunds = &s.RefuseRefunds
	return out, nil
}

type setPaymentsInput struct {
	Name string `path:"name"`
	Body paymentsWire
}

// setPayments changes the settings of the payment platform; what is left out stays as it is.
func (a *API) setPayments(c *binding.Call, in setPaymentsInput) (paymentsWire, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return paymentsWire{}, err
	}
	err = w.Update(func(tx *sandbox.Tx) error {
		s := a.Payments.SettingsOf(tx)
		for _, f := range in.Body.fields(&s) {
			if *f.text == "" {
				continue
			}
			value, err := duration(*f.text)
			if err != nil {
				return fmt.Errorf("%s: %w", f.name, err)
			}
			*f.to = value
		}
		if in.Body.RefuseRefunds != nil {
			s.RefuseRefunds = *in.Body.RefuseRefunds
		}
		return a.Payments.Choose(tx, s)
	})
	if err != nil {
		return paymentsWire{}, refuse(http.StatusBadRequest, "payments: %v", err)
	}
	return a.getPayments(c, named{in.Name})
}
