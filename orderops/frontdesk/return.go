package frontdesk

import (
	"context"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/returns"
)

// Return has units of an order taken back. doc is the proof that the caller may; key is the caller's idempotency key.
func (d *Desk) Return(ctx context.Context, site, key string, doc b2cclient.Document, request orderops.ReturnRequest) (command.Row, error) {
	plan := func(ctx context.Context) (any, error) { return d.PreviewReturn(ctx, site, doc, request) }
	return submit(ctx, d, order{site, key, orderops.ActionReturn, doc, plan}, request, returnInput(ctx, doc, request))
}

// PreviewReturn says what a return would come to.
func (d *Desk) PreviewReturn(ctx context.Context, site string, doc b2cclient.Document, request orderops.ReturnRequest) (orderops.Return, error) {
	d.Clock.Refresh(ctx)
	r, err := d.Returns.Preview(ctx, site, doc.Order.OrderNo, returnInput(ctx, doc, request), d.Clock.Now(ctx))
	return r, refused(err)
}

// returnInput is the stored input of a return.
func returnInput(ctx context.Context, doc b2cclient.Document, request orderops.ReturnRequest) returns.Input {
	request.Items = withProducts(doc, request.Items)
	return returns.Input{
		Request: request, CommerceStatus: doc.Order.Status, ExportStatus: doc.Order.ExportStatus, Currency: doc.Order.Currency,
		CurrentOrderNo: doc.Order.CurrentOrderNo, Ordered: orderops.NewAmount(doc.Order.OrderTotal), Overrides: overridesOf(ctx),
	}
}
