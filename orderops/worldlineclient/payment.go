package worldlineclient

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/somsim/somsim/orderops/remote"
)

// Payment is what a payment has come to. Amounts are minor units of Currency.
type Payment struct {
	ID         string
	Status     string
	Currency   string
	Authorized int64
	// Captured, Refunded and Voided include operations that the provider has accepted but not finished.
	Captured int64
	Refunded int64
	Voided   int64
	// Cancellable says that an uncaptured share can still be voided. It is false once the authorisation has expired.
	Cancellable bool
}

// Open is the uncaptured share that is neither captured nor voided.
func (p Payment) Open() int64 { return max(0, p.Authorized-p.Captured-p.Voided) }

// Refundable is the captured share that was not paid back yet.
func (p Payment) Refundable() int64 { return max(0, p.Captured-p.Refunded) }

// paymentDetails is the answer of GET …/details: the payment and every operation on it.
type paymentDetails struct {
	ID           string `json:"id"`
	Status       string `json:"status"`
	StatusOutput struct {
		IsCancellable bool `json:"isCancellable"`
	} `json:"statusOutput"`
	PaymentOutput struct {
		AmountOfMoney money `json:"amountOfMoney"`
	} `json:"paymentOutput"`
	Operations []struct {
		Status        string `json:"status"`
		AmountOfMoney money  `json:"amountOfMoney"`
	} `json:"Operations"`
}

// Payment reads a payment with its operations.
func (c *Client) Payment(ctx context.Context, paymentID string) (Payment, error) {
	reply, err := c.do(ctx, "getPaymentDetails", http.MethodGet, "/payments/"+url.PathEscape(paymentID)+"/details", nil, "")
	if err != nil {
		return Payment{}, err
	}
	var d paymentDetails
	if err := json.Unmarshal(reply.Body, &d); err != nil {
		return Payment{}, c.caller.Unreadable(remote.Call{Operation: "getPaymentDetails", Method: http.MethodGet}, err)
	}
	p := Payment{
		ID: d.ID, Status: d.Status, Currency: d.PaymentOutput.AmountOfMoney.CurrencyCode,
		Authorized: d.PaymentOutput.AmountOfMoney.Amount, Cancellable: d.StatusOutput.IsCancellable,
	}
	for _, op := range d.Operations {
		switch op.Status {
		case "CAPTURED", "CAPTURE_REQUESTED", "PAID":
			p.Captured += op.AmountOfMoney.Amount
		case "REFUNDED", "REFUND_REQUESTED":
			p.Refunded += op.AmountOfMoney.Amount
		case "CANCELLED":
			p.Voided += op.AmountOfMoney.Amount
		}
	}
	return p, nil
}
