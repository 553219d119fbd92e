package somclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/remote"
)

// NewReturnOrder announces that units come back.
type NewReturnOrder struct {
	OrderSummaryID string
	Lines          []ChangeItem
}

// returnStatus is the status, of the category Activated, that return orders are made with.
const returnStatus = "Approved"

type returnOrderInput struct {
	OrderSummaryID string            `json:"orderSummaryId"`
	Status         string            `json:"status"`
	LifeCycle      string            `json:"returnOrderLifeCycleType"`
	Lines          []returnLineInput `json:"returnOrderLineItems"`
}

type returnLineInput struct {
	OrderItemSummaryID string      `json:"orderItemSummaryId"`
	QuantityExpected   json.Number `json:"quantityExpected"`
	ReasonForReturn    string      `json:"reasonForReturn"`
	CanReduceShipping  bool        `json:"canReduceShipping"`
	Fees               []changeFee `json:"returnOrderLineItemFees,omitempty"`
}

// CreateReturnOrder makes a managed return order and returns its id. The vendor has no idempotency key for it: after an
// ambiguous answer look with ReturnOrdersOf.
func (c *Client) CreateReturnOrder(ctx context.Context, n NewReturnOrder) (string, error) {
	in := returnOrderInput{OrderSummaryID: n.OrderSummaryID, Status: returnStatus, LifeCycle: "Managed"}
	for _, l := range n.Lines {
		in.Lines = append(in.Lines, returnLineInput{
			l.OrderItemSummaryID, json.Number(l.Quantity.String()), l.Reason, l.ReduceShipping, wireFees(l.Fees),
		})
	}
	body, err := json.Marshal(in)
	if err != nil {
		return "", fmt.Errorf("encode return order: %w", err)
	}
	call := remote.Call{Operation: "createReturnOrder", Method: http.MethodPost, Path: resource("/commerce/returns/return-orders"), Body: body}
	out, err := do[struct {
		outputErrors
		ReturnOrderID string `json:"returnOrderId"`
	}](ctx, c, call)
	if err != nil {
		return "", err
	}
	return out.ReturnOrderID, out.check(call)
}

// Announced is a return order with what has come of its lines.
type Announced struct {
	ID             string `json:"Id"`
	Status         string
	StatusCategory string
	CreatedByID    string              `json:"CreatedById"`
	Lines          Rows[AnnouncedLine] `json:"ReturnOrderLineItems"`
}

// The fixed categories of a return order that is over.
const (
	ReturnCanceled = "Canceled"
	ReturnClosed   = "Closed"
)

// AnnouncedLine is the units of one line in a return order.
type AnnouncedLine struct {
	ID                 string `json:"Id"`
	OrderItemSummaryID string `json:"OrderItemSummaryId"`
	TypeCode           string
	ReasonForReturn    string
	QuantityExpected   decimal.Decimal
	QuantityReturned   decimal.Decimal
	// ChangeOrderItem is what took the line off the order; nil while its goods have not come.
	ChangeOrderItem *struct {
		OrderID string `json:"OrderId"`
	}
}

// ChangeOrder is the id of the change order that settles the line; empty while its goods have not come.
func (l AnnouncedLine) ChangeOrder() string {
	if l.ChangeOrderItem == nil {
		return ""
	}
	return l.ChangeOrderItem.OrderID
}

const announcedQuery = "SELECT Id, Status, StatusCategory, CreatedById, (SELECT Id, OrderItemSummaryId, TypeCode, ReasonForReturn, QuantityExpected, " +
	"QuantityReturned, ChangeOrderItem.OrderId FROM ReturnOrderLineItems) FROM ReturnOrder WHERE "

// The parts of the calls about return orders.
const (
	partReturns = "returns"
	partChanges = "changes"
)

// ReturnOrdersOf lists the return orders of an order summary.
func (c *Client) ReturnOrdersOf(ctx context.Context, orderSummaryID string) ([]Announced, error) {
	found, _, err := c.announced(ctx, query(partReturns, announcedQuery+"OrderSummaryId = "+quoted(orderSummaryID)))
	return found, err
}

// Receipt is what has come of a return order.
type Receipt struct {
	// Announced is the return order; its id is empty when the org does not have it.
	Announced
	// Worth is what each change order gives back, by its id, with taxes and delivery share; fees count negative.
	Worth map[string]decimal.Decimal
}

// ReturnOrder reads a return order together with what its change orders are worth, in one round trip.
func (c *Client) ReturnOrder(ctx context.Context, id string) (Receipt, error) {
	found, worth, err := c.announced(ctx,
		query(partReturns, announcedQuery+"Id = "+quoted(id)),
		query(partChanges, "SELECT OrderId, Order.GrandTotalAmount FROM OrderItem WHERE Id IN (SELECT ChangeOrderItemId FROM ReturnOrderLineItem WHERE ReturnOrderId = "+quoted(id)+")"))
	if err != nil || len(found) == 0 {
		return Receipt{}, err
	}
	return Receipt{found[0], worth}, nil
}

// changeRow is an item of a change order with what its order is worth: negative where money goes back.
type changeRow struct {
	OrderID string `json:"OrderId"`
	Order   struct{ GrandTotalAmount decimal.Decimal }
}

func (c *Client) announced(ctx context.Context, parts ...subRequest) ([]Announced, map[string]decimal.Decimal, error) {
	body, err := json.Marshal(compositeRequest{CompositeRequest: parts})
	if err != nil {
		return nil, nil, fmt.Errorf("encode composite: %w", err)
	}
	call := remote.Call{Operation: "composite", Method: http.MethodPost, Path: resource("/composite"), Body: body, Repeatable: true}
	answer, err := do[compositeResponse](ctx, c, call)
	if err != nil {
		return nil, nil, asRead(err)
	}
	var found []Announced
	worth := map[string]decimal.Decimal{}
	for _, part := range answer.CompositeResponse {
		if part.HTTPStatusCode >= http.StatusBadRequest {
			return nil, nil, lookFailed(call, part.HTTPStatusCode, part.Body)
		}
		var err error
		if part.ReferenceID == partReturns {
			found, err = decode[Announced](ctx, c, part.Body)
		} else {
			var rows []changeRow
			rows, err = decode[changeRow](ctx, c, part.Body)
			for _, r := range rows {
				worth[r.OrderID] = r.Order.GrandTotalAmount.Neg()
			}
		}
		if err != nil {
			return nil, nil, asRead(c.caller.Unreadable(call, err))
		}
	}
	for i := range found {
		if err := follow(ctx, c, &found[i].Lines); err != nil {
			return nil, nil, err
		}
	}
	return found, worth, nil
}
