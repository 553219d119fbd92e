package frontdesk

import (
	"context"
	"encoding/json"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
)

// Reopens says that a PATCH of a cancelled order, which is meant for commerce, asks to have it opened again.
func Reopens(doc b2cclient.Document, body json.RawMessage) bool {
	var wanted struct {
		Status string `json:"status"`
	}
	return json.Unmarshal(body, &wanted) == nil && doc.Order.Status == b2cclient.StatusCancelled && wanted.Status != "" && wanted.Status != b2cclient.StatusCancelled
}

// MayReopen refuses to have a cancelled order opened again in commerce that order management has cancelled: its money is on
// the way back and its slot is given up, and nothing brings either back. An order that never got there is commerce's own.
func (d *Desk) MayReopen(ctx context.Context, orderNo string) error {
	page, err := d.Cancels.SOM.Orders(ctx, []string{orderNo})
	if err == nil {
		if failed := page.Failure(somclient.PartOrders); failed != nil {
			err = &remote.Error{System: somclient.System, Operation: "query", Class: remote.Unavailable, Status: failed.Status, VendorCode: failed.Code}
		}
	}
	if err != nil {
		return refused(err)
	}
	if _, found := page.Find(orderNo); found {
		return orderops.Refuse(orderops.CannotReopen, "order management has cancelled the order; its money is given back and its slot is free for others")
	}
	return nil
}

// NotReopened words commerce's own refusal to open an order again: what it gave back cannot be had any more.
func NotReopened(err error) error {
	failure, ok := remote.AsError(err)
	if !ok || failure.Class.Passing() || failure.Class == remote.NotFound || failure.Class == remote.Unauthorized {
		return err
	}
	refusal := orderops.Refuse(orderops.CannotReopen, "commerce does not open the order again")
	refusal.Extra.UpstreamCode = failure.VendorCode
	return refusal
}
