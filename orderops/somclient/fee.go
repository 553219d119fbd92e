package somclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/remote"
)

// feeVersion is the API version that first adds rows to an order summary. An older org refuses the resource as unknown.
const feeVersion = "v66.0"

// Fee is money that is kept of an order after it was changed.
type Fee struct {
	OrderSummaryID, DeliveryGroupID, ProductID string
	Amount                                     decimal.Decimal
	// Reference names the fee for good: FeeBasis finds it again. At most 80 characters.
	Reference string
	// Reason is a value of the picklist of reasons.
	Reason, Description string
}

// FeeBasis is what an order has to book a fee on.
type FeeBasis struct {
	// ChangeOrderID is the change order that books the fee already; empty when none does.
	ChangeOrderID string
	// OrderSummaryID, DeliveryGroupID and ProductID are empty for an order or a product that the org does not have.
	OrderSummaryID, DeliveryGroupID, ProductID string
}

// The parts of the call that looks for a fee.
const (
	partOrder   = "order"
	partFee     = "fee"
	partProduct = "product"
)

// FeeBasis looks whether a fee is booked, and what it is to be booked on, in one round trip.
func (c *Client) FeeBasis(ctx context.Context, orderNo, reference, productCode string) (FeeBasis, error) {
	body, err := json.Marshal(compositeRequest{CompositeRequest: []subRequest{
		query(partOrder, "SELECT Id, (SELECT Id FROM OrderDeliveryGroupSummaries LIMIT 1) FROM OrderSummary WHERE OrderNumber = "+quoted(orderNo)),
		query(partFee, "SELECT Id FROM Order WHERE OrderReferenceNumber = "+quoted(reference)),
		query(partProduct, "SELECT Id FROM Product2 WHERE IsActive = true AND ProductCode = "+quoted(productCode)+" LIMIT 1"),
	}})
	if err != nil {
		return FeeBasis{}, fmt.Errorf("encode composite: %w", err)
	}
	call := remote.Call{Operation: "composite", Method: http.MethodPost, Path: resource("/composite"), Body: body, Repeatable: true}
	answer, err := do[compositeResponse](ctx, c, call)
	if err != nil {
		return FeeBasis{}, asRead(err)
	}
	return c.feeBasis(call, answer)
}

func (c *Client) feeBasis(call remote.Call, answer compositeResponse) (FeeBasis, error) {
	var out FeeBasis
	for _, part := range answer.CompositeResponse {
		if part.HTTPStatusCode >= http.StatusBadRequest {
			return FeeBasis{}, lookFailed(call, part.HTTPStatusCode, part.Body)
		}
		var rows Rows[feeRow]
		if err := json.Unmarshal(part.Body, &rows); err != nil {
			return FeeBasis{}, asRead(c.caller.Unreadable(call, err))
		}
		for _, r := range rows.Records {
			switch part.ReferenceID {
			case partOrder:
				out.OrderSummaryID = r.ID
				for _, group := range r.Groups.Records {
					out.DeliveryGroupID = group.ID
				}
			case partFee:
				out.ChangeOrderID = r.ID
			case partProduct:
				out.ProductID = r.ID
			}
		}
	}
	return out, nil
}

type feeRow struct {
	ID     string `json:"Id"`
	Groups Rows[struct {
		ID string `json:"Id"`
	}] `json:"OrderDeliveryGroupSummaries"`
}

// quoted is a text in SOQL.
func quoted(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}

// ChargeFee books a fee as a line of its own, without tax, and returns the change order. The vendor has no idempotency
// key for it: after an ambiguous answer look with FeeBasis.
func (c *Client) ChargeFee(ctx context.Context, f Fee) (string, error) {
	amount := json.Number(f.Amount.String())
	body, err := json.Marshal(map[string]any{
		"changeReason": f.Reason, "changeOrdersReferenceNumber": f.Reference,
		"orderItemSummaries": []any{map[string]any{"changeType": "New", "orderItemSummary": map[string]any{
			"attributes": map[string]any{"type": "OrderItemSummary"}, "OrderDeliveryGroupSummaryId": f.DeliveryGroupID, "Product2Id": f.ProductID,
			"Name": f.Description, "Description": f.Description, "Type": "Fee", "Quantity": 1, "UnitPrice": amount, "TotalLineAmount": amount,
		}}},
	})
	if err != nil {
		return "", fmt.Errorf("encode fee: %w", err)
	}
	path := resource("/commerce/order-management/order-summaries/%s/actions/submit-change", f.OrderSummaryID)
	call := remote.Call{Operation: "submitChange", Method: http.MethodPost, Path: strings.Replace(path, apiVersion, feeVersion, 1), Body: body}
	out, err := do[struct {
		outputErrors
		ChangeOrderID string `json:"preFulfillmentChangeOrderId"`
	}](ctx, c, call)
	if err != nil {
		return "", err
	}
	return out.ChangeOrderID, out.check(call)
}
