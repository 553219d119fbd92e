package somclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/remote"
)

// LineToCancel takes units of one fulfillment order line back from a location.
type LineToCancel struct {
	FulfillmentOrderLineItemID string
	Quantity                   decimal.Decimal
}

type lineToCancel struct {
	FulfillmentOrderLineItemID string      `json:"fulfillmentOrderLineItemId"`
	Quantity                   json.Number `json:"quantity"`
}

type cancelItemInput struct {
	Lines []lineToCancel `json:"fulfillmentOrderLineItemsToCancel"`
}

// CancelFulfillmentOrderItem takes units out of a fulfillment order, so that they can be cancelled or allocated anew. It
// does not cancel them. The vendor has no idempotency key for it.
func (c *Client) CancelFulfillmentOrderItem(ctx context.Context, fulfillmentOrderID string, lines []LineToCancel) error {
	in := cancelItemInput{Lines: make([]lineToCancel, len(lines))}
	for i, line := range lines {
		in.Lines[i] = lineToCancel{line.FulfillmentOrderLineItemID, json.Number(line.Quantity.String())}
	}
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encode cancel-item: %w", err)
	}
	call := remote.Call{
		Operation: "cancelFulfillmentOrderItem", Method: http.MethodPost, Body: body,
		Path: resource("/commerce/fulfillment/fulfillment-orders/%s/actions/cancel-item", fulfillmentOrderID),
	}
	out, err := do[outputErrors](ctx, c, call)
	if err != nil {
		return err
	}
	return out.check(call)
}

// Allocation asks for a new fulfillment order.
type Allocation struct {
	OrderSummaryID              string           `json:"orderSummaryId"`
	OrderDeliveryGroupSummaryID string           `json:"orderDeliveryGroupSummaryId"`
	Groups                      []AllocatedGroup `json:"fulfillmentGroups"`
}

// AllocatedGroup is the units that one location shall fulfil.
type AllocatedGroup struct {
	FulfilledFromLocationID string          `json:"fulfilledFromLocationId"`
	FulfillmentType         string          `json:"fulfillmentType"`
	Items                   []AllocatedItem `json:"orderItemSummaries"`
}

// AllocatedItem is a number of units of one line. Fulfillment orders know whole units only.
type AllocatedItem struct {
	OrderItemSummaryID string `json:"orderItemSummaryId"`
	Quantity           int64  `json:"quantity"`
}

// CreateFulfillmentOrder allocates units to a location and returns the new fulfillment order's id. The vendor has no
// idempotency key for it.
func (c *Client) CreateFulfillmentOrder(ctx context.Context, a Allocation) (string, error) {
	body, err := json.Marshal(a)
	if err != nil {
		return "", fmt.Errorf("encode fulfillment order: %w", err)
	}
	call := remote.Call{
		Operation: "createFulfillmentOrders", Method: http.MethodPost, Body: body,
		Path: resource("/commerce/fulfillment/fulfillment-orders"),
	}
	out, err := do[struct {
		outputErrors
		FulfillmentOrderIDs []string `json:"fulfillmentOrderIds"`
	}](ctx, c, call)
	if err != nil {
		return "", err
	}
	if err := out.check(call); err != nil {
		return "", err
	}
	if len(out.FulfillmentOrderIDs) == 0 {
		return "", c.caller.Unreadable(call, fmt.Errorf("no fulfillment order id"))
	}
	return out.FulfillmentOrderIDs[0], nil
}
