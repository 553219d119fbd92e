package connect

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

type returnOrderInput struct {
	Body struct {
		OrderSummaryID           string            `json:"orderSummaryId"`
		Status                   string            `json:"status"`
		ReturnOrderLifeCycleType string            `json:"returnOrderLifeCycleType"`
		ReturnOrderLineItems     []returnLineInput `json:"returnOrderLineItems"`
		RefundInstructionsHint   string            `json:"refundInstructionsHint"`
	}
}

type returnLineInput struct {
	OrderItemSummaryID      string          `json:"orderItemSummaryId"`
	QuantityExpected        decimal.Decimal `json:"quantityExpected"`
	QuantityReceived        decimal.Decimal `json:"quantityReceived"`
	ReasonForReturn         string          `json:"reasonForReturn"`
	CanReduceShipping       bool            `json:"canReduceShipping"`
	ReturnOrderLineItemFees []changeItemFee `json:"returnOrderLineItemFees"`
}

func (in returnOrderInput) returnOrder() som.NewReturnOrder {
	b := in.Body
	n := som.NewReturnOrder{
		OrderSummaryID: b.OrderSummaryID, Status: b.Status, LifeCycle: som.LifeCycle(strings.ToUpper(b.ReturnOrderLifeCycleType)),
		Hint: b.RefundInstructionsHint,
	}
	for _, l := range b.ReturnOrderLineItems {
		n.Lines = append(n.Lines, som.NewReturnLine{
			OrderItemSummaryID: l.OrderItemSummaryID, Expected: l.QuantityExpected, Received: l.QuantityReceived,
			Reason: l.ReasonForReturn, ReduceShipping: l.CanReduceShipping, Fees: fees(l.ReturnOrderLineItemFees),
		})
	}
	return n
}

type returnOrderOutput struct {
	baseOutput
	ReturnOrderID string `json:"returnOrderId"`
}

func (a *API) createReturnOrder(c *binding.Call, in returnOrderInput) (returnOrderOutput, error) {
	id, warning, err := a.domain().CreateReturnOrder(c.Tx, c.Principal.ID, in.returnOrder())
	if err != nil {
		return returnOrderOutput{}, err
	}
	if warning != nil {
		c.Note(warning)
	}
	return returnOrderOutput{a.succeeded(), id}, nil
}

type returnItemsInput struct {
	ReturnOrderID string `path:"returnOrderId"`
	Body          struct {
		ReturnOrderItems           []returnItem `json:"returnOrderItems"`
		ReturnOrderItemDeliveryFee []struct {
			ReturnOrderLineItemID string `json:"returnOrderLineItemId"`
		} `json:"returnOrderItemDeliveryCharges"`
		ReturnOrderItemFees    []returnItem `json:"returnOrderItemFees"`
		RefundInstructionsHint *string      `json:"refundInstructionsHint"`
	}
}

// returnItem has its quantities as numbers or as texts; the vendor's own sample sends texts.
type returnItem struct {
	ReturnOrderLineItemID string           `json:"returnOrderLineItemId"`
	QuantityReturned      decimal.Decimal  `json:"quantityReturned"`
	QuantityToCancel      decimal.Decimal  `json:"quantityToCancel"`
	QuantityReceived      *decimal.Decimal `json:"quantityReceived"`
	QuantityRejected      *decimal.Decimal `json:"quantityRejected"`
	ReasonForRejection    string           `json:"reasonForRejection"`
}

func (in returnItemsInput) items() som.ReturnItems {
	items := som.ReturnItems{ReturnOrderID: in.ReturnOrderID, Items: returned(in.Body.ReturnOrderItems), Fees: returned(in.Body.ReturnOrderItemFees)}
	for _, charge := range in.Body.ReturnOrderItemDeliveryFee {
		items.DeliveryCharges = append(items.DeliveryCharges, charge.ReturnOrderLineItemID)
	}
	return items
}

func returned(in []returnItem) []som.ReturnItem {
	items := make([]som.ReturnItem, len(in))
	for i, r := range in {
		items[i] = som.ReturnItem{
			ReturnOrderLineItemID: r.ReturnOrderLineItemID, Returned: r.QuantityReturned, ToCancel: r.QuantityToCancel,
			Received: r.QuantityReceived, Rejected: r.QuantityRejected, ReasonForRejection: r.ReasonForRejection,
		}
	}
	return items
}

type returnItemsOutput struct {
	baseOutput
	ChangeOrderID          *string `json:"changeOrderId"`
	FeeChangeOrderID       *string `json:"feeChangeOrderId"`
	RefundInstructionsHint *string `json:"refundInstructionsHint"`
	ReturnLineItemSplits   []split `json:"returnLineItemSplits"`
}

type split struct {
	OriginalReturnOrderItemID string `json:"originalReturnOrderItemId"`
	NewReturnOrderItemID      string `json:"newReturnOrderItemId"`
}

func (a *API) returnItems(c *binding.Call, in returnItemsInput) (returnItemsOutput, error) {
	r, err := a.domain().ReturnItems(c.Tx, c.Principal.ID, in.items())
	if err != nil {
		return returnItemsOutput{}, err
	}
	out := returnItemsOutput{
		a.succeeded(), optional(r.ChangeOrderID), optional(r.FeeChangeOrderID), in.Body.RefundInstructionsHint, []split{},
	}
	for _, s := range r.Splits {
		out.ReturnLineItemSplits = append(out.ReturnLineItemSplits, split{s.OriginalID, s.NewID})
	}
	return out, nil
}
