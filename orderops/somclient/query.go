package somclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/somsim/somsim/orderops/remote"
)

// MaxOrders is how many orders one round trip reads: their numbers fit into a WHERE of 4,000 characters.
const MaxOrders = 50

// orderQuery reads orders with everything below them in one statement (nested subqueries: API 58 and later).
const orderQuery = `SELECT Id, OrderNumber, Status, OrderedDate, GrandTotalAmount, TotalAdjustedProductAmount, ` +
	`TotalAdjustedDeliveryAmount, TotalTaxAmount, ` +
	`(SELECT Id, ProductCode, StockKeepingUnit, TypeCode, Type, Status, OrderDeliveryGroupSummaryId, Quantity, QuantityOrdered, ` +
	`QuantityCanceled, QuantityAllocated, QuantityFulfilled, QuantityReturnInitiated, QuantityReturned, QuantityAvailableToCancel, ` +
	`QuantityAvailableToFulfill, QuantityAvailableToReturn, TotalAmtWithTax, TotalLineAmountWithTax, MainOrderItemSummaryId, Name, Product2.Family FROM OrderItemSummaries), ` +
	`(SELECT Id, PromisedDeliveryDate FROM OrderDeliveryGroupSummaries), ` +
	`(SELECT Id, Method, Type, AuthorizationAmount, AuthorizationReversalAmount, CapturedAmount, RefundedAmount, ` +
	`(SELECT Id, Amount, Status, EffectiveDate, GatewayRefNumber FROM PaymentAuthorizations), ` +
	`(SELECT Id, Amount, Status, EffectiveDate, GatewayRefNumber FROM Payments), ` +
	`(SELECT Id, Amount, Status, EffectiveDate, GatewayRefNumber FROM Refunds) FROM OrderPaymentSummaries), ` +
	`(SELECT Id, FulfillmentOrderNumber, Status, StatusCategory, Type, ClosedDate, FulfilledFromLocationId, FulfilledFromLocation.ExternalReference, ` +
	`(SELECT Id, OrderItemSummaryId, Quantity, OriginalQuantity FROM FulfillmentOrderLineItems), ` +
	`(SELECT Id, ShipmentNumber, Status, Provider, TrackingNumber, TrackingUrl, CreatedDate, ExpectedDeliveryDate, ActualDeliveryDate, ` +
	`(SELECT Id, OrderItemSummaryId, Quantity FROM ShipmentItems) FROM FulfillmentOrderShipments) FROM FulfillmentOrders), ` +
	`(SELECT Id, ReturnOrderNumber, Status, CreatedDate, ` +
	`(SELECT Id, OrderItemSummaryId, QuantityExpected, QuantityReturned FROM ReturnOrderLineItems) FROM ReturnOrders), ` +
	`(SELECT Id, OrderItemSummaryId, ChangeType, Reason, CreatedById, ChangeOrderItem.Quantity, ChangeOrderItem.OrderId FROM OrderSummaries) ` +
	`FROM OrderSummary WHERE OrderNumber IN (%s)`

// methodQuery names the delivery method of each delivery group. It is a part of its own, so that an org whose
// integration user may not read delivery methods still shows and cancels orders.
const methodQuery = `SELECT Id, OrderDeliveryMethod.Name FROM OrderDeliveryGroupSummary WHERE OrderSummary.OrderNumber IN (%s)`

// The reference ids of the parts of the composite call.
const (
	PartOrders          = "orders"
	PartDeliveryMethods = "deliveryMethods"
)

// PartError is a part of the composite call that failed while the call as a whole was answered.
type PartError struct {
	ReferenceID string
	Status      int
	Code        string
}

// Page is what one composite call brought.
type Page struct {
	Orders []OrderSummary
	// DeliveryMethods names the method of each delivery group by the group's id; nil when that part failed.
	DeliveryMethods map[string]string
	// Custom are the custom fields by order number; nil when that part failed, or none are asked for.
	Custom map[string]CustomRow
	Failed []PartError
}

// Find returns the order of a number.
func (p Page) Find(orderNo string) (OrderSummary, bool) {
	for i := range p.Orders { // orders are large, and a page asks for each of its own
		if p.Orders[i].OrderNumber == orderNo {
			return p.Orders[i], true
		}
	}
	return OrderSummary{}, false
}

// Failure is the error of the part, nil when it succeeded.
func (p Page) Failure(part string) *PartError {
	for i := range p.Failed {
		if p.Failed[i].ReferenceID == part {
			return &p.Failed[i]
		}
	}
	return nil
}

type compositeRequest struct {
	AllOrNone        bool         `json:"allOrNone"`
	CompositeRequest []subRequest `json:"compositeRequest"`
}

type subRequest struct {
	Method      string `json:"method"`
	URL         string `json:"url"`
	ReferenceID string `json:"referenceId"`
}

type compositeResponse struct {
	CompositeResponse []struct {
		Body           json.RawMessage `json:"body"`
		HTTPStatusCode int             `json:"httpStatusCode"`
		ReferenceID    string          `json:"referenceId"`
	} `json:"compositeResponse"`
}

type deliveryGroupMethod struct {
	ID                  string `json:"Id"`
	OrderDeliveryMethod *struct{ Name string }
}

// Orders reads up to MaxOrders orders by their commerce order numbers in one round trip.
func (c *Client) Orders(ctx context.Context, numbers []string) (Page, error) {
	if len(numbers) == 0 {
		return Page{}, nil
	}
	if len(numbers) > MaxOrders {
		return Page{}, fmt.Errorf("read %d orders: at most %d in one call", len(numbers), MaxOrders)
	}
	in := inList(numbers)
	parts := []subRequest{query(PartOrders, fmt.Sprintf(orderQuery, in)), query(PartDeliveryMethods, fmt.Sprintf(methodQuery, in))}
	if statement := c.Custom.query(in); statement != "" {
		parts = append(parts, query(PartCustomFields, statement))
	}
	body, err := json.Marshal(compositeRequest{CompositeRequest: parts})
	if err != nil {
		return Page{}, fmt.Errorf("encode composite: %w", err)
	}
	call := remote.Call{Operation: "composite", Method: http.MethodPost, Path: resource("/composite"), Body: body, Repeatable: true}
	answer, err := do[compositeResponse](ctx, c, call)
	if err != nil {
		return Page{}, asRead(err)
	}
	page, err := c.page(ctx, call, answer)
	if err == nil {
		page.missing(parts, answer)
	}
	return page, err
}

// noAnswer stands for the vendor's code of a part that the answer leaves out.
const noAnswer = "NO_ANSWER"

// missing adds the parts that were asked for and are not in the answer: they count as failed.
func (p *Page) missing(asked []subRequest, answer compositeResponse) {
	for _, part := range asked {
		answered := false
		for _, a := range answer.CompositeResponse {
			answered = answered || a.ReferenceID == part.ReferenceID
		}
		if !answered {
			p.Failed = append(p.Failed, PartError{part.ReferenceID, http.StatusBadGateway, noAnswer})
		}
	}
}

// asRead corrects the class of a failed read that travels as a POST: nothing changed, so nothing is ambiguous.
func asRead(err error) error {
	e, ok := remote.AsError(err)
	if !ok || e.Class != remote.Ambiguous {
		return err
	}
	corrected := *e
	corrected.Class = remote.Unavailable
	return &corrected
}

func (c *Client) page(ctx context.Context, call remote.Call, answer compositeResponse) (Page, error) {
	var page Page
	for _, part := range answer.CompositeResponse {
		if part.HTTPStatusCode >= http.StatusBadRequest {
			code, _, _ := explain(part.HTTPStatusCode, part.Body)
			page.Failed = append(page.Failed, PartError{part.ReferenceID, part.HTTPStatusCode, code})
			continue
		}
		var err error
		switch part.ReferenceID {
		case PartOrders:
			page.Orders, err = decode[OrderSummary](ctx, c, part.Body)
		case PartDeliveryMethods:
			page.DeliveryMethods, err = c.methods(ctx, part.Body)
		case PartCustomFields:
			page.Custom, err = c.custom(ctx, part.Body)
		}
		if err != nil {
			return Page{}, asRead(c.caller.Unreadable(call, err))
		}
	}
	for i := range page.Orders {
		if err := c.complete(ctx, &page.Orders[i]); err != nil {
			return Page{}, err
		}
	}
	return page, nil
}

func (c *Client) methods(ctx context.Context, body json.RawMessage) (map[string]string, error) {
	groups, err := decode[deliveryGroupMethod](ctx, c, body)
	names := map[string]string{}
	for _, g := range groups {
		if g.OrderDeliveryMethod != nil {
			names[g.ID] = g.OrderDeliveryMethod.Name
		}
	}
	return names, err
}

// query is a sub-request of the composite call that runs a SOQL statement.
func query(reference, soql string) subRequest {
	return subRequest{http.MethodGet, resource("/query") + "?" + url.Values{"q": {soql}}.Encode(), reference}
}

// inList writes order numbers as SOQL string literals.
func inList(numbers []string) string {
	quote := strings.NewReplacer(`\`, `\\`, `'`, `\'`)
	quoted := make([]string, len(numbers))
	for i, n := range numbers {
		quoted[i] = "'" + quote.Replace(n) + "'"
	}
	return strings.Join(quoted, ", ")
}

// decode reads a query result and the pages that follow it.
func decode[T any](ctx context.Context, c *Client, body json.RawMessage) ([]T, error) {
	var rows Rows[T]
	if err := remote.Read(body, &rows); err != nil {
		return nil, err
	}
	return rows.Records, follow(ctx, c, &rows)
}
