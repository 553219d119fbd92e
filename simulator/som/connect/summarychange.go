package connect

import (
	"encoding/json"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

type summaryChangeInput struct {
	OrderSummaryID string `path:"orderSummaryId"`
	Body           struct {
		ChangeReason                    string             `json:"changeReason"`
		ChangeOrdersReferenceNumber     string             `json:"changeOrdersReferenceNumber"`
		OrderSummary                    json.RawMessage    `json:"orderSummary"`
		OrderItemSummaries              []summaryRowChange `json:"orderItemSummaries"`
		OrderItemAdjustmentLineSummarys []summaryRowChange `json:"orderItemAdjustmentLineSummaries"`
		OrderItemTaxLineItemSummaries   []summaryRowChange `json:"orderItemTaxLineItemSummaries"`
		OrderAdjustmentGroupSummaries   []summaryRowChange `json:"orderAdjustmentGroupSummaries"`
		OrderDeliveryGroupSummaries     []summaryRowChange `json:"orderDeliveryGroupSummaries"`
	}
}

// summaryRowChange is a row that is new or changed. Only the property of its list's object is ever sent.
type summaryRowChange struct {
	ChangeType                     string          `json:"changeType"`
	ReferenceID                    string          `json:"referenceId"`
	OrderItemSummary               json.RawMessage `json:"orderItemSummary"`
	OrderItemAdjustmentLineSummary json.RawMessage `json:"orderItemAdjustmentLineSummary"`
	OrderItemTaxLineItemSummary    json.RawMessage `json:"orderItemTaxLineItemSummary"`
	OrderAdjustmentGroupSummary    json.RawMessage `json:"orderAdjustmentGroupSummary"`
	OrderDeliveryGroupSummary      json.RawMessage `json:"orderDeliveryGroupSummary"`
}

// row is the row itself, whatever its object.
func (r summaryRowChange) row() json.RawMessage {
	for _, raw := range []json.RawMessage{
		r.OrderItemSummary, r.OrderItemAdjustmentLineSummary, r.OrderItemTaxLineItemSummary, r.OrderAdjustmentGroupSummary, r.OrderDeliveryGroupSummary,
	} {
		if len(raw) > 0 {
			return raw
		}
	}
	return nil
}

// summaryChange reads the rows of the request by the types of their fields.
func (a *API) summaryChange(c *binding.Call, in summaryChangeInput) (som.SummaryChange, error) {
	b := in.Body
	change := som.SummaryChange{OrderSummaryID: in.OrderSummaryID, Reason: b.ChangeReason, ReferenceNumber: b.ChangeOrdersReferenceNumber}
	var err error
	if change.Header, err = a.platform.ReadRow(c, "OrderSummary", b.OrderSummary); err != nil {
		return change, err
	}
	for _, list := range []struct {
		object string
		sent   []summaryRowChange
		into   *[]som.SummaryRow
	}{
		{"OrderItemSummary", b.OrderItemSummaries, &change.Items},
		{"OrderItemAdjustmentLineSummary", b.OrderItemAdjustmentLineSummarys, &change.Adjustments},
		{"OrderItemTaxLineItemSummary", b.OrderItemTaxLineItemSummaries, &change.Taxes},
		{"OrderAdjustmentGroupSummary", b.OrderAdjustmentGroupSummaries, &change.AdjustmentGroups},
		{"OrderDeliveryGroupSummary", b.OrderDeliveryGroupSummaries, &change.DeliveryGroups},
	} {
		for _, r := range list.sent {
			fields, err := a.platform.ReadRow(c, list.object, r.row())
			if err != nil {
				return change, err
			}
			*list.into = append(*list.into, som.SummaryRow{ChangeType: r.ChangeType, Reference: r.ReferenceID, Fields: fields})
		}
	}
	return change, nil
}

func (a *API) previewChange(c *binding.Call, in summaryChangeInput) (previewOutput, error) {
	change, err := a.summaryChange(c, in)
	if err != nil {
		return previewOutput{}, err
	}
	r, err := a.domain().PreviewChange(c.Tx, change)
	if err != nil {
		return previewOutput{}, err
	}
	return previewOutput{a.succeeded(), r.OrderSummaryID, balances(r.Balances)}, nil
}

type summaryChangeOutput struct {
	previewOutput
	PreFulfillmentChangeOrderID *string `json:"preFulfillmentChangeOrderId"`
}

func (a *API) submitChange(c *binding.Call, in summaryChangeInput) (summaryChangeOutput, error) {
	change, err := a.summaryChange(c, in)
	if err != nil {
		return summaryChangeOutput{}, err
	}
	r, err := a.domain().SubmitChange(c.Tx, c.Principal.ID, change)
	if err != nil {
		return summaryChangeOutput{}, err
	}
	return summaryChangeOutput{previewOutput{a.succeeded(), r.OrderSummaryID, balances(r.Balances)}, optional(r.PreFulfillment)}, nil
}
