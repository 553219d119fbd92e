// Package confirm has a follow-up order take the place of the order that a shopper has changed: the old order is cancelled,
// its slots go over to the new one, and both name each other in commerce.
//
// The point of no return is that the new order is placed: by the shopper in checkout, before anybody asks for a
// confirmation, or by this package, of a basket that can be paid. Until then a failure leaves everything as it is. From then
// on everything is driven to completion, the cancel of the old order first: there are never two live orders without a
// person being told. What each step may meet and what follows is pinned by TestStepsAndCompensations.
package confirm

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/cancel"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/modify"
	"github.com/somsim/somsim/orderops/slotsclient"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/trackingclient"
)

// SOM is what a confirmation needs of order management beside the cancel of the old order.
type SOM interface {
	Orders(ctx context.Context, numbers []string) (somclient.Page, error)
	SetStatus(ctx context.Context, orderSummaryID, status string) error
}

// Slots is what a confirmation needs of the slot service.
type Slots interface {
	Succeed(ctx context.Context, bookingID, holder string, life time.Duration) (slotsclient.Hold, error)
	Hold(ctx context.Context, slotID, holder string, life time.Duration) (slotsclient.Hold, error)
	Confirm(ctx context.Context, holdID, orderNo string) (slotsclient.Booking, error)
	Slot(ctx context.Context, slotID string) (slotsclient.Slot, error)
	Find(ctx context.Context, kind, locationID string, from, to time.Time) ([]slotsclient.Slot, error)
}

// Commerce is what a confirmation needs of B2C Commerce, as the service itself.
type Commerce interface {
	modify.Arrivals
	modify.Keeper
	OrderAsService(ctx context.Context, shop b2cclient.Shop, orderNo string) (b2cclient.Document, error)
	Basket(ctx context.Context, shop b2cclient.Shop, basketID string) (b2cclient.Basket, error)
	Submit(ctx context.Context, shop b2cclient.Shop, basketID string) (b2cclient.Order, error)
	Authorize(ctx context.Context, shop b2cclient.Shop, orderNo string, p b2cclient.PaymentInstrument) (b2cclient.Order, error)
	Fail(ctx context.Context, shop b2cclient.Shop, orderNo string) error
	Annotate(ctx context.Context, shop b2cclient.Shop, orderNo string, attributes map[string]string) error
	ShowBasket(ctx context.Context, shop b2cclient.Shop, basketID string, exchange bool) error
	SetStatus(ctx context.Context, shop b2cclient.Shop, orderNo, status string) error
	NewestAnywhere(ctx context.Context, shop b2cclient.Shop, customerID string) ([]b2cclient.Order, error)
}

// Tracking is what a confirmation needs of web analytics.
type Tracking interface {
	Purchase(ctx context.Context, p trackingclient.Purchase) error
}

// Editing is what a confirmation needs of the command engine.
type Editing interface {
	modify.Earlier
	EndEditing(ctx context.Context, id string, end orderops.EditingEnd) error
}

// Confirms is the use case.
type Confirms struct {
	SOM      SOM
	Slots    Slots
	Commerce Commerce
	// Tracking is nil where there is none. Its effect does not apply then.
	Tracking Tracking
	Editing  Editing
	// Cancels cancels the old order.
	Cancels command.Handler
	Cancel  cancel.Policy
	Policy  modify.Policy
}

var _ command.Handler = (*Confirms)(nil)

// Input is the stored input of a confirmation.
type Input = modify.ConfirmInput

// Run implements command.Handler.
func (c *Confirms) Run(_ context.Context, run command.Run, row command.Row, resume json.RawMessage) (command.Result, error) {
	j := &job{Confirms: c, run: command.Listen(run), row: row, now: row.CreatedAt, shop: shopOf(row)}
	err := json.Unmarshal(row.Input, &j.in)
	if err != nil {
		return command.Result{}, fmt.Errorf("decode input of confirm: %w", err)
	}
	if len(resume) > 0 {
		err = j.resume(resume)
	} else {
		err = j.begin()
	}
	return j.result(err)
}

// Preview says what a confirmation would come to now, or refuses for the reason it would. It changes nothing.
func (c *Confirms) Preview(ctx context.Context, sandbox, site, orderNo string, in Input, now time.Time) (orderops.Confirmation, error) {
	row := command.Row{Command: command.Command{Sandbox: sandbox, Site: site, OrderNo: orderNo}}
	j := &job{Confirms: c, run: command.Listen(direct{ctx}), row: row, now: now, shop: shopOf(row), in: in}
	if err := j.examine(); err != nil {
		return orderops.Confirmation{}, err
	}
	if j.answer == nil {
		j.answer = j.describe()
	}
	return *j.answer, nil
}

func shopOf(row command.Row) b2cclient.Shop {
	return b2cclient.Shop{Site: row.Site, Version: b2cclient.DefaultVersion}
}

// direct runs steps at once and remembers nothing: for previews and for due work, whose calls may all be repeated.
type direct struct{ ctx context.Context }

// Step implements command.Run.
func (d direct) Step(_ string, f func(context.Context) (json.RawMessage, error)) (json.RawMessage, error) {
	return f(d.ctx)
}

// First implements command.Run.
func (direct) First(context.Context, string) (bool, error) { return true, nil }
