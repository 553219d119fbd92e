package somclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/remote"
)

// Settlement is what SOM has done about the money of an order summary: the documents that claim some, the background
// operations that moved some, and the refunds that came of them.
type Settlement struct {
	CreditMemos, Invoices []BillingDocument
	Operations            []BackgroundOperation
	Refunds               []RefundRow
}

// BillingDocument is a credit memo or an invoice.
type BillingDocument struct {
	ID                 string `json:"Id"`
	CreatedByID        string `json:"CreatedById"`
	TotalAmountWithTax decimal.Decimal
	// Balance is what is left of a credit memo: neither given back nor used to pay an invoice. Of invoices it is not read.
	Balance decimal.Decimal
}

// BackgroundOperation is work that SOM does after it has answered. A gateway's refusal is no error of it.
type BackgroundOperation struct {
	ID          string `json:"Id"`
	CreatedByID string `json:"CreatedById"`
	Name        string
	Status      string
	Error       string
}

// OperationEnsureRefunds is the name of the background operations of EnsureRefunds.
const OperationEnsureRefunds = "Ensure Refunds"

// Finished says that nothing more is to come of the operation.
func (o BackgroundOperation) Finished() bool {
	switch o.Status {
	case "Complete", "Error", "Canceled", "Merged":
		return true
	default:
		return false
	}
}

// Failed says that the operation came to nothing as a whole.
func (o BackgroundOperation) Failed() bool { return o.Finished() && o.Status != "Complete" }

// RefundRow is a refund on record.
type RefundRow struct {
	ID                    string `json:"Id"`
	OrderPaymentSummaryID string `json:"OrderPaymentSummaryId"`
	CreatedByID           string `json:"CreatedById"`
	Amount                decimal.Decimal
	Status                string
	GatewayRefNumber      string // the payment provider's id of the operation
	GatewayResultCode     string // the payment provider's own word
	SfResultCode          string // Salesforce's reading of it
}

// Processed says that SOM holds the refund for done.
func (r RefundRow) Processed() bool { return r.Status == "Processed" }

// The parts of the call of Settlement.
const (
	partMemos      = "creditMemos"
	partInvoices   = "invoices"
	partOperations = "operations"
)

// Settlement reads what SOM has done about the money of an order summary, in one round trip.
func (c *Client) Settlement(ctx context.Context, orderSummaryID string) (Settlement, error) {
	of := quoted(orderSummaryID)
	body, err := json.Marshal(compositeRequest{CompositeRequest: []subRequest{
		query(partMemos, "SELECT Id, CreatedById, TotalAmountWithTax, Balance FROM CreditMemo WHERE ReferenceEntityId = "+of),
		query(partInvoices, "SELECT Id, CreatedById, TotalAmountWithTax FROM Invoice WHERE ReferenceEntityId = "+of),
		query(partOperations, "SELECT Id, CreatedById, Name, Status, Error FROM BackgroundOperation WHERE ParentKey = "+of),
		query(partRefunds, "SELECT Id, CreatedById, OrderPaymentSummaryId, Amount, Status, GatewayRefNumber, GatewayResultCode, SfResultCode FROM Refund "+
			"WHERE OrderPaymentSummary.OrderSummaryId = "+of),
	}})
	if err != nil {
		return Settlement{}, fmt.Errorf("encode composite: %w", err)
	}
	call := remote.Call{Operation: "composite", Method: http.MethodPost, Path: resource("/composite"), Body: body, Repeatable: true}
	answer, err := do[compositeResponse](ctx, c, call)
	if err != nil {
		return Settlement{}, asRead(err)
	}
	return c.settlement(call, answer)
}

func (c *Client) settlement(call remote.Call, answer compositeResponse) (Settlement, error) {
	var out Settlement
	for _, part := range answer.CompositeResponse {
		if part.HTTPStatusCode >= http.StatusBadRequest {
			return Settlement{}, lookFailed(call, part.HTTPStatusCode, part.Body)
		}
		var err error
		switch part.ReferenceID {
		case partMemos:
			out.CreditMemos, err = rowsOf[BillingDocument](part.Body)
		case partInvoices:
			out.Invoices, err = rowsOf[BillingDocument](part.Body)
		case partOperations:
			out.Operations, err = rowsOf[BackgroundOperation](part.Body)
		case partRefunds:
			out.Refunds, err = rowsOf[RefundRow](part.Body)
		}
		if err != nil {
			return Settlement{}, asRead(c.caller.Unreadable(call, err))
		}
	}
	return out, nil
}

func rowsOf[T any](body json.RawMessage) ([]T, error) {
	var rows Rows[T]
	err := json.Unmarshal(body, &rows)
	return rows.Records, err
}
