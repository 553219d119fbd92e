package somclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/remote"
)

// ChangeItem asks for a number of units of one line to be cancelled or returned.
type ChangeItem struct {
	OrderItemSummaryID string
	Quantity           decimal.Decimal
	Reason             string
	// ReduceShipping gives back the line's share of the delivery charge.
	ReduceShipping bool
	// Fees are what the shopper is charged for it.
	Fees []ChangeFee
}

// ChangeFee is what is kept of what units are worth when they come back (API 56 and later): a share of it in percent, or an
// amount with its tax.
type ChangeFee struct {
	ProductID       string
	Percent, Amount decimal.Decimal
	Description     string
}

// changeItem is a ChangeItem on the wire; quantities travel as numbers.
type changeItem struct {
	OrderItemSummaryID    string      `json:"orderItemSummaryId"`
	Quantity              json.Number `json:"quantity"`
	Reason                string      `json:"reason"`
	ShippingReductionFlag bool        `json:"shippingReductionFlag"`
	ChangeItemFees        []changeFee `json:"changeItemFees,omitempty"`
}

// changeFee is a ChangeFee on the wire.
type changeFee struct {
	Product2ID  string      `json:"product2Id"`
	Amount      json.Number `json:"amount"`
	AmountType  string      `json:"amountType"`
	Description string      `json:"description,omitempty"`
}

func wireFees(fees []ChangeFee) []changeFee {
	var out []changeFee
	for _, f := range fees {
		if f.Percent.IsPositive() {
			out = append(out, changeFee{f.ProductID, json.Number(f.Percent.String()), "Percentage", f.Description})
		}
		if f.Amount.IsPositive() {
			out = append(out, changeFee{f.ProductID, json.Number(f.Amount.String()), "AmountWithTax", f.Description})
		}
	}
	return out
}

type changeInput struct {
	ChangeItems []changeItem `json:"changeItems"`
}

// Change is the outcome of a preview or a submit.
type Change struct {
	// ChangeOrderID is empty for a preview.
	ChangeOrderID string
	// FeeChangeOrderID is the change order of the fees; empty without any.
	FeeChangeOrderID string
	// GrandTotalAmount is what the changed units are worth with taxes and delivery share, less fees: positive for a cancel
	// and for a return.
	GrandTotalAmount decimal.Decimal
	// Fees are what is kept of it, with tax.
	Fees decimal.Decimal
}

type changeOutput struct {
	outputErrors
	ChangeOrderID  string `json:"changeOrderId"`
	FeeOrderID     string `json:"feeChangeOrderId"`
	ChangeBalances *struct {
		GrandTotalAmount decimal.Decimal `json:"grandTotalAmount"`
		TotalFeeAmount   decimal.Decimal `json:"totalFeeAmount"`
		TotalFeeTax      decimal.Decimal `json:"totalFeeTaxAmount"`
	} `json:"changeBalances"`
}

// PreviewCancel asks what a cancel would change; it changes nothing.
func (c *Client) PreviewCancel(ctx context.Context, orderSummaryID string, items []ChangeItem) (Change, error) {
	change, err := c.change(ctx, "previewCancel", "preview-cancel", orderSummaryID, items, true)
	return change, asRead(err)
}

// SubmitCancel cancels. The vendor has no idempotency key for it: never call it again after an ambiguous answer without
// having read the order back.
func (c *Client) SubmitCancel(ctx context.Context, orderSummaryID string, items []ChangeItem) (Change, error) {
	return c.change(ctx, "submitCancel", "submit-cancel", orderSummaryID, items, false)
}

// PreviewReturn asks what a return of fulfilled units would change; it changes nothing.
func (c *Client) PreviewReturn(ctx context.Context, orderSummaryID string, items []ChangeItem) (Change, error) {
	change, err := c.change(ctx, "previewReturn", "preview-return", orderSummaryID, items, true)
	return change, asRead(err)
}

// SubmitReturn takes fulfilled units back at once. The vendor has no idempotency key for it, as for SubmitCancel.
func (c *Client) SubmitReturn(ctx context.Context, orderSummaryID string, items []ChangeItem) (Change, error) {
	return c.change(ctx, "submitReturn", "submit-return", orderSummaryID, items, false)
}

func (c *Client) change(ctx context.Context, operation, action, summary string, items []ChangeItem, repeatable bool) (Change, error) {
	in := changeInput{ChangeItems: make([]changeItem, len(items))}
	for i, item := range items {
		in.ChangeItems[i] = changeItem{
			item.OrderItemSummaryID, json.Number(item.Quantity.String()), item.Reason, item.ReduceShipping, wireFees(item.Fees),
		}
	}
	body, err := json.Marshal(in)
	if err != nil {
		return Change{}, fmt.Errorf("encode %s: %w", operation, err)
	}
	call := remote.Call{
		Operation: operation, Method: http.MethodPost, Body: body, Repeatable: repeatable,
		Path: resource("/commerce/order-management/order-summaries/%s/actions/"+action, summary),
	}
	out, err := do[changeOutput](ctx, c, call)
	if err != nil {
		return Change{}, err
	}
	if err := out.check(call); err != nil {
		return Change{}, err
	}
	change := Change{ChangeOrderID: out.ChangeOrderID, FeeChangeOrderID: out.FeeOrderID}
	if out.ChangeBalances != nil {
		change.GrandTotalAmount = out.ChangeBalances.GrandTotalAmount
		change.Fees = out.ChangeBalances.TotalFeeAmount.Add(out.ChangeBalances.TotalFeeTax).Abs()
	}
	return change, nil
}
