package features

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/shopspring/decimal"
)

// actions is where order management acts on an order.
func actions(s orderSummary) string {
	return "/commerce/order-management/order-summaries/" + s.ID + "/actions/"
}

// discount lowers the price of a line, in the vendor's words for how the amount is meant.
func (u *orgUser) discount(ctx context.Context, s orderSummary, line, kind string, amount decimal.Decimal) (*refusal, error) {
	return u.act(ctx, u.request(http.MethodPost, actions(s)+"adjust-item-submit", map[string]any{
		"adjustItems": []map[string]any{{
			"orderItemSummaryId": line, "adjustmentType": kind, "amount": json.Number(amount.String()), "reason": "Unknown",
		}},
	}))
}

// changeItems are units of an order's lines as its changes name them.
func changeItems(s orderSummary, units map[string]decimal.Decimal, withDelivery bool) []map[string]any {
	var items []map[string]any
	for _, l := range s.products() {
		if n := units[l.ID]; n.IsPositive() {
			items = append(items, map[string]any{
				"orderItemSummaryId": l.ID, "quantity": json.Number(n.String()), "reason": "Unknown", "shippingReductionFlag": withDelivery,
			})
		}
	}
	return items
}

// takeBack books units of lines as returned, at once.
func (u *orgUser) takeBack(ctx context.Context, s orderSummary, units map[string]decimal.Decimal) (*refusal, error) {
	return u.act(ctx, u.request(http.MethodPost, actions(s)+"submit-return", map[string]any{"changeItems": changeItems(s, units, false)}))
}

// announce opens a return of units that are to come.
func (u *orgUser) announce(ctx context.Context, s orderSummary, units map[string]decimal.Decimal) (*refusal, error) {
	var items []map[string]any
	for _, l := range s.products() {
		if n := units[l.ID]; n.IsPositive() {
			items = append(items, map[string]any{
				"orderItemSummaryId": l.ID, "quantityExpected": json.Number(n.String()), "reasonForReturn": "Damaged", "canReduceShipping": false,
			})
		}
	}
	return u.act(ctx, u.request(http.MethodPost, "/commerce/returns/return-orders", map[string]any{
		"orderSummaryId": s.ID, "status": "Approved", "returnOrderLifeCycleType": "MANAGED", "returnOrderLineItems": items,
	}))
}

// announced is a line of a return that is open.
type announced struct {
	ID       string          `json:"Id"`
	Return   string          `json:"ReturnOrderId"`
	Expected decimal.Decimal `json:"QuantityExpected"`
}

// receive books units of the order's one open return as arrived and others as given up.
func (u *orgUser) receive(ctx context.Context, s orderSummary, arrived, givenUp json.Number) (*refusal, error) {
	lines, err := find[announced](ctx, u, "SELECT Id, ReturnOrderId, QuantityExpected FROM ReturnOrderLineItem WHERE ReturnOrder.OrderSummaryId = '"+s.ID+
		"' AND QuantityExpected > 0 AND QuantityReturned = 0 ORDER BY CreatedDate DESC LIMIT 1")
	if err != nil || len(lines) == 0 {
		return nil, fmt.Errorf("no return is open (%w)", err)
	}
	return u.act(ctx, u.request(http.MethodPost, "/commerce/returns/return-orders/"+lines[0].Return+"/actions/return-items", map[string]any{
		"returnOrderItems": []map[string]any{{"returnOrderLineItemId": lines[0].ID, "quantityReturned": arrived, "quantityToCancel": givenUp}},
	}))
}

// count tells web analytics of a refund.
func (u *orgUser) count(ctx context.Context, orderNo string, value decimal.Decimal, units map[string]decimal.Decimal) error {
	items := []map[string]any{}
	for sku, n := range units {
		items = append(items, map[string]any{"item_id": sku, "quantity": json.Number(n.String())})
	}
	query := url.Values{"measurement_id": {"G-SOMSIM"}, "api_secret": {wellKnown + "~" + u.sandbox}}
	return u.call(ctx, request{http.MethodPost, u.api + "/mp/collect?" + query.Encode(), nil, map[string]any{
		"client_id": "1.1", "events": []map[string]any{{"name": "refund", "params": map[string]any{
			"transaction_id": orderNo, "value": json.Number(value.String()), "currency": "USD", "event_id": newUUID(), "items": items,
		}}},
	}}, nil)
}
