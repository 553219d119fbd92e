package somclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/somsim/somsim/orderops/remote"
)

// SetStatus sets the status of an order summary, which is the org's own to configure: routing and warehouses honour some
// of its values. Setting the same twice is harmless.
func (c *Client) SetStatus(ctx context.Context, orderSummaryID, status string) error {
	body, err := json.Marshal(struct{ Status string }{status})
	if err != nil {
		return fmt.Errorf("encode status: %w", err)
	}
	_, err = remote.Authorized(ctx, c.tokens, func(token remote.Token) (*remote.Reply, error) {
		return c.caller.Do(ctx, remote.Call{
			Operation: "updateRow", Method: http.MethodPatch, Path: resource("/sobjects/OrderSummary/%s", orderSummaryID), Repeatable: true,
			Header: http.Header{"Authorization": {"Bearer " + token.Value}}, ContentType: "application/json", Body: body,
		})
	})
	return err
}
