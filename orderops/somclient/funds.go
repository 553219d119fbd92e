package somclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/remote"
)

// AuthorizationReversal is authorised money that SOM is to let go through its payment gateway.
type AuthorizationReversal struct {
	AuthorizationID string // of the PaymentAuthorization
	Amount          decimal.Decimal
	// Key makes it happen once: the payments resources answer a second request with a key as they did the first.
	Key string
}

// ReverseAuthorization has SOM let authorised money go and returns the payment provider's number of the operation. What
// the provider refuses is an error with the provider's own code: a Conflict where the payment's state does not allow it.
func (c *Client) ReverseAuthorization(ctx context.Context, r AuthorizationReversal) (string, error) {
	body, err := json.Marshal(struct {
		Amount json.Number `json:"amount"`
	}{json.Number(r.Amount.String())})
	if err != nil {
		return "", fmt.Errorf("encode reversal of authorization %s: %w", r.AuthorizationID, err)
	}
	call := remote.Call{
		Operation: "reverseAuthorization", Method: http.MethodPost, Body: body, Repeatable: true,
		Path:   resource("/commerce/payments/authorizations/%s/reversals", r.AuthorizationID),
		Header: http.Header{"Sfdc-Payments-Idempotency-Key": {r.Key}},
	}
	out, err := do[moneyMoved](ctx, c, call)
	if err != nil {
		return "", err
	}
	return out.Gateway.Reference, out.check(call)
}

// moneyMoved is the answer of a payments resource: the call succeeded, whatever the gateway said.
type moneyMoved struct {
	Gateway struct {
		Code      string `json:"gatewayResultCode"`
		Reference string `json:"gatewayReferenceNumber"`
		Result    string `json:"salesforceResultCode"`
	} `json:"gatewayResponse"`
	Error *vendorError `json:"error"`
}

// check turns what the gateway refused into an error. Its status is that of the answer, which tells it from a failure of
// SOM itself.
func (m moneyMoved) check(call remote.Call) error {
	if m.Error == nil {
		return nil
	}
	return &remote.Error{
		System: System, Operation: call.Operation, Status: http.StatusCreated, Class: GatewayClass(m.Gateway.Result),
		VendorCode: m.Gateway.Code, Message: m.Error.Message,
	}
}

// GatewayClass reads Salesforce's word for how a payment gateway took a request. Source: object reference, SfResultCode.
func GatewayClass(result string) remote.Class {
	switch result {
	case "Decline": // the payment's state does not allow it
		return remote.Conflict
	case "SystemError":
		return remote.Unavailable
	case "Indeterminate", "RequiresReview":
		return remote.Ambiguous
	default: // PermanentFail, ValidationError
		return remote.Rejected
	}
}

// RefundRequest is money that SOM is to give back through its payment gateway. Exactly one of CreditMemoID and
// ExcessFunds says what for.
type RefundRequest struct {
	OrderSummaryID string
	CreditMemoID   string
	ExcessFunds    decimal.Decimal
	// InvoicesToPay are paid out of the credit memo first.
	InvoicesToPay []string
	// Amount is given back, of the payments of the OrderPaymentSummary and no more: the rest stays on the credit memo.
	OrderPaymentSummaryID string
	Amount                decimal.Decimal
}

type ensureRefundsInput struct {
	CreditMemoID   string           `json:"creditMemoId,omitempty"`
	ExcessFunds    json.Number      `json:"excessFundsAmount,omitempty"`
	InvoicesToPay  []invoiceToPay   `json:"invoicesToPay,omitempty"`
	IsAllowPartial bool             `json:"isAllowPartial"`
	Sequences      []refundSequence `json:"sequences"`
}

type invoiceToPay struct {
	InvoiceID string `json:"invoiceId"`
}

type refundSequence struct {
	OrderPaymentSummaryID string      `json:"orderPaymentSummaryId"`
	Amount                json.Number `json:"amount"`
}

// EnsureRefunds has SOM give money back in the background and returns the id of the BackgroundOperation. The vendor has no
// idempotency key for it: after an ambiguous answer look with Settlement.
func (c *Client) EnsureRefunds(ctx context.Context, r RefundRequest) (string, error) {
	in := ensureRefundsInput{
		CreditMemoID: r.CreditMemoID, IsAllowPartial: true,
		Sequences: []refundSequence{{r.OrderPaymentSummaryID, json.Number(r.Amount.String())}},
	}
	if r.CreditMemoID == "" {
		in.ExcessFunds = json.Number(r.ExcessFunds.String())
	}
	for _, id := range r.InvoicesToPay {
		in.InvoicesToPay = append(in.InvoicesToPay, invoiceToPay{id})
	}
	return c.made(ctx, "ensureRefunds", resource("/commerce/order-management/order-summaries/%s/async-actions/ensure-refunds-async", r.OrderSummaryID), in)
}

// CreateCreditMemo credits change orders and returns the credit memo's id. The vendor has no idempotency key for it: after
// an ambiguous answer look with Settlement.
func (c *Client) CreateCreditMemo(ctx context.Context, orderSummaryID string, changeOrderIDs []string) (string, error) {
	return c.made(ctx, "createCreditMemo", resource("/commerce/order-management/order-summaries/%s/actions/create-credit-memo", orderSummaryID),
		struct {
			ChangeOrderIDs []string `json:"changeOrderIds"`
		}{changeOrderIDs})
}

// CreateFeeInvoice bills the change orders of fees and returns the invoice's id. The vendor has no idempotency key for it:
// after an ambiguous answer look with Settlement.
func (c *Client) CreateFeeInvoice(ctx context.Context, orderSummaryID string, changeOrderIDs []string) (string, error) {
	type list struct {
		OrderSummaryID string   `json:"orderSummaryId"`
		ChangeOrderIDs []string `json:"changeOrderIds"`
	}
	return c.made(ctx, "createChangeInvoices", resource("/commerce/order-management/order-summaries/actions/create-multiple-change-invoices"),
		struct {
			Lists []list `json:"invoicesFromChangeOrders"`
		}{[]list{{orderSummaryID, changeOrderIDs}}})
}

// madeOutput is the answer of an action that makes one thing.
type madeOutput struct {
	outputErrors
	BackgroundOperationID string `json:"backgroundOperationId"`
	CreditMemoID          string `json:"creditMemoId"`
	Invoices              []struct {
		outputErrors
		InvoiceID string `json:"invoiceId"`
	} `json:"invoices"`
}

func (c *Client) made(ctx context.Context, operation, path string, in any) (string, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return "", fmt.Errorf("encode %s: %w", operation, err)
	}
	call := remote.Call{Operation: operation, Method: http.MethodPost, Path: path, Body: body}
	out, err := do[madeOutput](ctx, c, call)
	if err != nil {
		return "", err
	}
	if len(out.Invoices) > 0 {
		return out.Invoices[0].InvoiceID, out.Invoices[0].check(call)
	}
	return out.BackgroundOperationID + out.CreditMemoID, out.check(call)
}
