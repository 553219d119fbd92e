// Package frontdesk is what both faces of the service run: it lets commerce decide whether a caller may see an order,
// turns a request into a command, and words every failure as a refusal. The faces only translate.
package frontdesk

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/cancel"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/confirm"
	"github.com/somsim/somsim/orderops/guest"
	"github.com/somsim/somsim/orderops/history"
	"github.com/somsim/somsim/orderops/identity"
	"github.com/somsim/somsim/orderops/modify"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/returns"
	"github.com/somsim/somsim/orderops/window"
)

// Clock tells the time of the caller's world. Refresh looks at it anew before something is decided by it.
type Clock interface {
	Now(ctx context.Context) time.Time
	Refresh(ctx context.Context)
}

// Desk is the use cases of the service.
type Desk struct {
	History  *history.History
	Cancels  *cancel.Cancels
	Modifies *modify.Modifies
	Confirms *confirm.Confirms
	Returns  *returns.Returns
	Engine   *command.Engine
	Clock    Clock
	// Guests lets in those without an account.
	Guests *guest.Guests
	// Switches say which actions are on for whom; nil means all for everybody.
	Switches Switches
	// Watch counts what the switches kept back.
	Watch interface {
		Switched(action orderops.Action, mode string)
	}
	Log *slog.Logger
}

// Caller is who asks, as the faces found it in the request.
type Caller struct {
	b2cclient.Caller
	// CustomerID is what the token says; commerce proves it when the orders are read.
	CustomerID string
	// Who is the caller as proved.
	Who identity.Identity
}

// Order shows one order.
func (d *Desk) Order(ctx context.Context, shop b2cclient.Shop, caller Caller, orderNo string) (history.Entry, error) {
	if err := caller.may(shop, orderNo); err != nil {
		return history.Entry{}, err
	}
	entry, err := d.History.Order(ctx, shop, caller.Caller, orderNo)
	return entry, refused(err)
}

// Orders shows a page of a customer's orders.
func (d *Desk) Orders(ctx context.Context, shop b2cclient.Shop, caller Caller, customerID string, query url.Values) (history.Page, error) {
	if err := caller.may(shop, ""); err != nil {
		return history.Page{}, err
	}
	page, err := d.History.Orders(ctx, shop, caller.Caller, customerID, query)
	return page, refused(err)
}

// List shows a page of a customer's orders in the service's own words.
func (d *Desk) List(ctx context.Context, shop b2cclient.Shop, caller Caller, customerID string, q history.Query) (history.List, error) {
	if err := caller.may(shop, ""); err != nil {
		return history.List{}, err
	}
	list, err := d.History.List(ctx, shop, caller.Caller, customerID, q)
	return list, refused(err)
}

// ExplainReturns says why each line of an order may or may not be given back.
func (d *Desk) ExplainReturns(ctx context.Context, shop b2cclient.Shop, caller Caller, orderNo string) (window.Explanation, error) {
	if err := caller.may(shop, orderNo); err != nil {
		return window.Explanation{}, err
	}
	d.Clock.Refresh(ctx)
	explanation, err := d.History.ExplainReturns(ctx, shop, caller.Caller, orderNo)
	return explanation, refused(err)
}

// Document reads the commerce document as the caller: the proof that the caller may act on the order.
func (d *Desk) Document(ctx context.Context, shop b2cclient.Shop, caller Caller, orderNo string) (b2cclient.Document, error) {
	if err := caller.may(shop, orderNo); err != nil {
		return b2cclient.Document{}, err
	}
	doc, err := d.History.Commerce.Order(ctx, shop, caller.Caller, orderNo)
	return doc, refused(err)
}

// Operation shows a command to a caller who may see its order; to everybody else there is none.
func (d *Desk) Operation(ctx context.Context, caller Caller, id string) (command.Row, error) {
	if err := caller.known(); err != nil {
		return command.Row{}, err
	}
	missing := orderops.Refuse(orderops.OperationNotFound, "operation %s", id)
	row, err := d.Engine.Operation(ctx, id)
	switch {
	case errors.Is(err, command.ErrNoCommand):
		return command.Row{}, missing
	case err != nil:
		return command.Row{}, err
	case row.Sandbox != remote.ScopeOf(ctx).Sandbox:
		return command.Row{}, missing
	}
	_, err = d.Document(ctx, b2cclient.Shop{Site: row.Site, Version: b2cclient.DefaultVersion}, caller, row.OrderNo)
	if refusal, ok := orderops.AsRefusal(err); ok && refusal.Code == orderops.OrderNotFound {
		return command.Row{}, missing
	}
	return row, err
}
