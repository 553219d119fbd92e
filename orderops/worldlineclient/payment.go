package worldlineclient

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

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
	Operations  []Operation
}

// Operation is one entry of a payment's ledger.
type Operation struct {
	ID     string
	Status string
	Amount int64 // minor units
	// Reference is the key that the operation was asked for with; empty for operations of others.
	Reference string
	// At is when the status was reached, to the second; zero when the provider did not say.
	At time.Time
}

// Open is the uncaptured share that is neither captured nor voided.
func (p Payment) Open() int64 { return max(0, p.Authorized-p.Captured-p.Voided) }

// Refundable is the captured share that was not paid back yet.
func (p Payment) Refundable() int64 { return max(0, p.Captured-p.Refunded) }

// Operation finds the operation that was asked for with a key.
func (p Payment) Operation(key string) (Operation, bool) {
	for _, op := range p.Operations {
		if op.Reference == key && key != "" {
			return op, true
		}
	}
	return Operation{}, false
}

// PaymentID is the id of the payment that an operation belongs to: operations are numbered after it, the payment being
// operation 0. Ids of another form are left as they are.
func PaymentID(operationID string) string {
	number, index, ok := strings.Cut(operationID, "_")
	if !ok || index == "" || strings.Trim(index, "0123456789") != "" {
		return operationID
	}
	return number + "_0"
}

// The statuses of operations that order-ops tells apart.
const (
	statusCancelled       = "CANCELLED"
	statusRefunded        = "REFUNDED"
	statusRefundRequested = "REFUND_REQUESTED"
	statusRejected        = "REJECTED"
)

// Voided says that the operation gave authorised money back.
func (o Operation) Voided() bool { return o.Status == statusCancelled }

// Refunded says that the operation gives captured money back, or is about to.
func (o Operation) Refunded() bool {
	return o.Status == statusRefunded || o.Status == statusRefundRequested
}

// Refused says that the operation was asked for and came to nothing.
func (o Operation) Refused() bool { return o.Status == statusRejected }

// operation is an operation on the wire, and the answer to a refund.
type operation struct {
	ID           string `json:"id"`
	Status       string `json:"status"`
	StatusOutput struct {
		StatusCodeChangeDateTime string `json:"statusCodeChangeDateTime"`
	} `json:"statusOutput"`
	AmountOfMoney       money      `json:"amountOfMoney"`
	OperationReferences references `json:"operationReferences"`
}

func (o operation) read() Operation {
	at, err := time.Parse("20060102150405", o.StatusOutput.StatusCodeChangeDateTime)
	if err != nil {
		at = time.Time{} // the provider did not say, or not in its usual form
	}
	return Operation{ID: o.ID, Status: o.Status, Amount: o.AmountOfMoney.Amount, Reference: o.OperationReferences.MerchantReference, At: at}
}

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
	Operations []operation `json:"Operations"`
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
		p.Operations = append(p.Operations, op.read())
		switch op.Status {
		case "CAPTURED", "CAPTURE_REQUESTED", "PAID":
			p.Captured += op.AmountOfMoney.Amount
		case statusRefunded, statusRefundRequested:
			p.Refunded += op.AmountOfMoney.Amount
		case statusCancelled:
			p.Voided += op.AmountOfMoney.Amount
		}
	}
	return p, nil
}
