package frontdesk

import (
	"context"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/cancel"
	"github.com/somsim/somsim/orderops/command"
)

// Cancel has an order cancelled. doc is the proof that the caller may; key is the caller's idempotency key.
func (d *Desk) Cancel(ctx context.Context, site, key string, doc b2cclient.Document, request orderops.CancelRequest) (command.Row, error) {
	plan := func(ctx context.Context) (any, error) { return d.PreviewCancel(ctx, site, doc, request) }
	return submit(ctx, d, order{site, key, orderops.ActionCancel, doc, plan}, request, d.cancelInput(ctx, site, doc, request))
}

// PreviewCancel says what a cancel would come to.
func (d *Desk) PreviewCancel(ctx context.Context, site string, doc b2cclient.Document, request orderops.CancelRequest) (orderops.Cancellation, error) {
	d.Clock.Refresh(ctx)
	c, err := d.Cancels.Preview(ctx, site, doc.Order.OrderNo, d.cancelInput(ctx, site, doc, request), d.Clock.Now(ctx))
	return c, refused(err)
}

// cancelInput is the stored input of a cancel.
func (d *Desk) cancelInput(ctx context.Context, site string, doc b2cclient.Document, request orderops.CancelRequest) cancel.Input {
	request.Items = withProducts(doc, request.Items)
	return cancel.Input{
		Request: request, CommerceStatus: doc.Order.Status, ExportStatus: doc.Order.ExportStatus, Currency: doc.Order.Currency,
		CurrentOrderNo: doc.Order.CurrentOrderNo, Ordered: orderops.NewAmount(doc.Order.OrderTotal),
		Overrides: overridesOf(ctx), Coupons: codesOf(doc),
		Reprice: d.Cancels.Policy.Prices.Of(site) == cancel.Reprice,
	}
}

// codesOf are the codes that an order was placed with.
func codesOf(doc b2cclient.Document) []string {
	var codes []string
	for _, coupon := range doc.Order.CouponItems {
		codes = append(codes, coupon.Code)
	}
	return codes
}
