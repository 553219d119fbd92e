package connect

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

type adjustInput struct {
	OrderSummaryID string `path:"orderSummaryId"`
	Body           struct {
		AdjustItems []struct {
			OrderItemSummaryID string          `json:"orderItemSummaryId"`
			AdjustmentType     string          `json:"adjustmentType"`
			Amount             decimal.Decimal `json:"amount"`
			Reason             string          `json:"reason"`
			Description        string          `json:"description"`
		} `json:"adjustItems"`
		AllocatedItemsChangeOrderType    string `json:"allocatedItemsChangeOrderType"`
		IndividualLineItemTaxAdjustments bool   `json:"individualLineItemTaxAdjustments"`
	}
}

func (in adjustInput) adjustment() som.Adjustment {
	a := som.Adjustment{
		OrderSummaryID: in.OrderSummaryID, InFulfillment: som.InFulfillmentPolicy(in.Body.AllocatedItemsChangeOrderType),
		TaxPerLine: in.Body.IndividualLineItemTaxAdjustments,
	}
	for _, i := range in.Body.AdjustItems {
		a.Items = append(a.Items, som.AdjustItem{
			OrderItemSummaryID: i.OrderItemSummaryID, Amount: i.Amount, Type: som.AdjustmentType(i.AdjustmentType),
			Reason: i.Reason, Description: i.Description,
		})
	}
	return a
}

type adjustOutput struct {
	baseOutput
	OrderSummaryID               string         `json:"orderSummaryId"`
	PreFulfillmentChangeOrderID  *string        `json:"preFulfillmentChangeOrderId"`
	InFulfillmentChangeOrderID   *string        `json:"inFulfillmentChangeOrderId"`
	PostFulfillmentChangeOrderID *string        `json:"postFulfillmentChangeOrderId"`
	ChangeBalances               changeBalances `json:"changeBalances"`
}

func (a *API) previewAdjust(c *binding.Call, in adjustInput) (adjustOutput, error) {
	r, err := a.domain().PreviewAdjust(c.Tx, in.adjustment())
	if err != nil {
		return adjustOutput{}, err
	}
	return a.adjusted(r), nil
}

func (a *API) submitAdjust(c *binding.Call, in adjustInput) (adjustOutput, error) {
	r, err := a.domain().SubmitAdjust(c.Tx, c.Principal.ID, in.adjustment())
	if err != nil {
		return adjustOutput{}, err
	}
	return a.adjusted(r), nil
}

func (a *API) adjusted(r som.AdjustResult) adjustOutput {
	return adjustOutput{
		a.succeeded(), r.OrderSummaryID, optional(r.PreFulfillment), optional(r.InFulfillment), optional(r.PostFulfillment), balances(r.Balances),
	}
}
