package somclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/somsim/somsim/orderops/remote"
)

// SetStatus sets the status of an order summary, which is the org's own to configure: routing and warehouses honour some
// of its values. Setting the same twice is harmless.
func (c *Client) SetStatus(ctx context.Context, orderSummaryID, status string) error {
	return c.update(ctx, "OrderSummary", orderSummaryID, struct{ Status string }{status})
}

// SetDesiredDelivery says when a delivery group is wanted. Saying it twice is harmless.
func (c *Client) SetDesiredDelivery(ctx context.Context, deliveryGroupSummaryID string, at time.Time) error {
	return c.update(ctx, "OrderDeliveryGroupSummary", deliveryGroupSummaryID, struct{ DesiredDeliveryDate string }{at.UTC().Format("2006-01-02T15:04:05.000Z")})
}

// update changes fields of a row.
func (c *Client) update(ctx context.Context, object, id string, fields any) error {
	body, err := json.Marshal(fields)
	if err != nil {
		return fmt.Errorf("encode %s: %w", object, err)
	}
	_, err = remote.Authorized(ctx, c.tokens, func(token remote.Token) (*remote.Reply, error) {
		return c.caller.Do(ctx, remote.Call{
			Operation: "updateRow", Method: http.MethodPatch, Path: resource("/sobjects/%s/%s", object, id), Repeatable: true,
			Header: http.Header{"Authorization": {"Bearer " + token.Value}}, ContentType: "application/json", Body: body,
		})
	})
	return err
}
