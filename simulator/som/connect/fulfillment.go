package connect

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

type fulfillmentOrderInput struct {
	OrderSummaryID              string             `json:"orderSummaryId"`
	OrderDeliveryGroupSummaryID string             `json:"orderDeliveryGroupSummaryId"`
	DefaultActivationStatus     *string            `json:"defaultActivationStatus"`
	FulfillmentGroups           []fulfillmentGroup `json:"fulfillmentGroups"`
}

type fulfillmentGroup struct {
	FulfilledFromLocationID string          `json:"fulfilledFromLocationId"`
	FulfillmentType         string          `json:"fulfillmentType"`
	OrderItemSummaries      []allocatedItem `json:"orderItemSummaries"`
	ReferenceID             *string         `json:"referenceId"`
}

type allocatedItem struct {
	OrderItemSummaryID string          `json:"orderItemSummaryId"`
	Quantity           decimal.Decimal `json:"quantity"`
}

func (in fulfillmentOrderInput) allocation() som.Allocation {
	a := som.Allocation{OrderSummaryID: in.OrderSummaryID, OrderDeliveryGroupSummaryID: in.OrderDeliveryGroupSummaryID}
	if in.DefaultActivationStatus != nil {
		a.ActivationStatus = *in.DefaultActivationStatus
	}
	for _, g := range in.FulfillmentGroups {
		a.Groups = append(a.Groups, g.allocated())
	}
	return a
}

func (g fulfillmentGroup) allocated() som.AllocatedGroup {
	group := som.AllocatedGroup{LocationID: g.FulfilledFromLocationID, Type: g.FulfillmentType}
	for _, i := range g.OrderItemSummaries {
		group.Items = append(group.Items, som.AllocatedItem(i))
	}
	return group
}

type fulfillmentOrderOutput struct {
	baseOutput
	FulfillmentOrderIDs []string `json:"fulfillmentOrderIds"`
}

func (a *API) createFulfillmentOrders(c *binding.Call, in struct{ Body fulfillmentOrderInput }) (fulfillmentOrderOutput, error) {
	ids, err := a.domain().CreateFulfillmentOrders(c.Tx, c.Principal.ID, in.Body.allocation())
	if err != nil {
		return fulfillmentOrderOutput{}, err
	}
	return fulfillmentOrderOutput{a.succeeded(), ids}, nil
}

type cancelItemInput struct {
	FulfillmentOrderID string `path:"fulfillmentOrderId"`
	Body               struct {
		Lines []struct {
			FulfillmentOrderLineItemID string          `json:"fulfillmentOrderLineItemId"`
			Quantity                   decimal.Decimal `json:"quantity"`
		} `json:"fulfillmentOrderLineItemsToCancel"`
	}
}

func (a *API) cancelFulfillmentOrderItem(c *binding.Call, in cancelItemInput) (baseOutput, error) {
	var lines []som.LineToCancel
	for _, l := range in.Body.Lines {
		lines = append(lines, som.LineToCancel{FulfillmentOrderLineItemID: l.FulfillmentOrderLineItemID, Quantity: l.Quantity})
	}
	if err := a.domain().CancelFulfillmentOrderItem(c.Tx, c.Principal.ID, in.FulfillmentOrderID, lines); err != nil {
		return baseOutput{}, err
	}
	return a.succeeded(), nil
}
