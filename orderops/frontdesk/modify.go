package frontdesk

import (
	"context"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/identity"
	"github.com/somsim/somsim/orderops/modify"
	"github.com/somsim/somsim/orderops/remote"
)

// Modify has a follow-up basket made of an order. doc is the proof that the caller may; key is the caller's idempotency key.
func (d *Desk) Modify(ctx context.Context, site, key string, doc b2cclient.Document, request orderops.ModifyRequest) (command.Row, error) {
	in, err := modifyInput(ctx, doc, request)
	if err != nil {
		return command.Row{}, err
	}
	plan := func(ctx context.Context) (any, error) { return d.PreviewModify(ctx, site, doc, request) }
	return submit(ctx, d, order{site, key, orderops.ActionModify, doc, plan}, request, in)
}

// PreviewModify says what a modification would come to.
func (d *Desk) PreviewModify(ctx context.Context, site string, doc b2cclient.Document, request orderops.ModifyRequest) (orderops.Modification, error) {
	in, err := modifyInput(ctx, doc, request)
	if err != nil {
		return orderops.Modification{}, err
	}
	d.Clock.Refresh(ctx)
	m, err := d.Modifies.Preview(ctx, site, doc.Order.OrderNo, remote.ScopeOf(ctx).Sandbox, in, d.Clock.Now(ctx))
	return m, refused(err)
}

// Confirm has a follow-up order take the place of an order.
func (d *Desk) Confirm(ctx context.Context, site, key string, doc b2cclient.Document, request orderops.ConfirmRequest) (command.Row, error) {
	plan := func(ctx context.Context) (any, error) { return d.PreviewConfirm(ctx, site, doc, request) }
	return submit(ctx, d, order{site, key, orderops.ActionConfirm, doc, plan}, request, confirmInput(ctx, doc, request))
}

// PreviewConfirm says what a confirmation would come to.
func (d *Desk) PreviewConfirm(ctx context.Context, site string, doc b2cclient.Document, request orderops.ConfirmRequest) (orderops.Confirmation, error) {
	d.Clock.Refresh(ctx)
	c, err := d.Confirms.Preview(ctx, remote.ScopeOf(ctx).Sandbox, site, doc.Order.OrderNo, confirmInput(ctx, doc, request), d.Clock.Now(ctx))
	return c, refused(err)
}

// modifyInput is the stored input of a modification. A shopper who may see the order and is not who placed it, such as one
// who was a guest then, has to claim it first.
func modifyInput(ctx context.Context, doc b2cclient.Document, request orderops.ModifyRequest) (modify.Input, error) {
	if err := checkModify(request); err != nil {
		return modify.Input{}, err
	}
	who, o := IdentityOf(ctx), doc.Order
	if who.CustomerID != "" && who.CustomerID != o.CustomerInfo.CustomerID {
		return modify.Input{}, orderops.Refuse(orderops.CustomerMismatch, "the order was placed by another customer; it has to be claimed first")
	}
	token := orderops.TokenOCAPI
	if who.Site != "" {
		token = orderops.TokenSLAS
	}
	if request.Channel == "" {
		request.Channel = channelOf(who, token)
	}
	return modify.Input{
		Request: request, CustomerID: o.CustomerInfo.CustomerID, CommerceStatus: o.Status, ExportStatus: o.ExportStatus, Currency: o.Currency,
		CurrentOrderNo: o.CurrentOrderNo, Ordered: orderops.NewAmount(o.OrderTotal), GiftCertificates: len(o.GiftCertificateItems) > 0,
		Token: token, SessionID: who.SessionID,
	}, nil
}

func checkModify(request orderops.ModifyRequest) error {
	switch request.OnExistingBasket {
	case "", orderops.MergeBasket, orderops.ReplaceBasket, orderops.AbortOnBasket:
	default:
		return orderops.Refuse(orderops.InvalidRequest, "%q is no choice for a basket that exists: merge, replace, abort", request.OnExistingBasket)
	}
	switch request.Channel {
	case "", orderops.ChannelSFRA, orderops.ChannelPWA, orderops.ChannelApp:
	default:
		return orderops.Refuse(orderops.InvalidRequest, "%q is no channel: sfra, pwa, app", request.Channel)
	}
	for _, item := range request.Items {
		if item.Quantity.IsNegative() || !item.Quantity.IsInteger() {
			return orderops.Refuse(orderops.InvalidQuantity, "item %s: %s", item.ItemID, item.Quantity)
		}
	}
	if request.SlotID != "" && (len(request.Items) > 0 || request.OnExistingBasket != "") {
		return orderops.Refuse(orderops.InvalidRequest, "another slot is asked for alone: it needs no follow-up basket")
	}
	return nil
}

// channelOf is where a caller goes on that does not say: what the API client is configured as, else what its token is made
// for.
func channelOf(who identity.Identity, token orderops.TokenKind) orderops.Channel {
	switch who.Channel {
	case "storefront", "sfra":
		return orderops.ChannelSFRA
	case "pwa":
		return orderops.ChannelPWA
	case "app", "mobile", "mobile-app":
		return orderops.ChannelApp
	}
	if token == orderops.TokenSLAS {
		return orderops.ChannelPWA
	}
	return orderops.ChannelSFRA
}

// confirmInput is the stored input of a confirmation. Whoever is not a shopper asks for the one who placed the order.
func confirmInput(ctx context.Context, doc b2cclient.Document, request orderops.ConfirmRequest) modify.ConfirmInput {
	who := IdentityOf(ctx)
	in := modify.ConfirmInput{Request: request, CustomerID: who.CustomerID, SessionID: who.SessionID}
	if in.CustomerID == "" {
		in.CustomerID = doc.Order.CustomerInfo.CustomerID
	}
	return in
}
