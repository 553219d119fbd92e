// Package modify lets a shopper change a placed order: it makes a follow-up basket of it, keeps its slots for the order that
// will come of the basket, and has order management hold the order meanwhile. It also ends what nobody goes on with.
//
// The order of the steps is that of the ground rules (specs/orderops/SOURCES.md): eligibility, basket, slots, hold; the
// hold comes first where the basket takes units over that only the order has. With
// the policy keep_until_confirm there is no point of no return: whatever fails, and whoever abandons the basket, the order
// is as it was. With cancel_first the order is cancelled at once by the job of package cancel, whose submit is the point of
// no return. Each call that changes something has its compensation noted before it is made. What each step may meet and
// what follows is pinned by TestStepsAndCompensations.
package modify

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/cancel"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/mapping"
	"github.com/somsim/somsim/orderops/ociclient"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/orderops/slotsclient"
	"github.com/somsim/somsim/orderops/somclient"
)

// SOM is what a modification needs of order management.
type SOM interface {
	Orders(ctx context.Context, numbers []string) (somclient.Page, error)
	SetStatus(ctx context.Context, orderSummaryID, status string) error
	SetDesiredDelivery(ctx context.Context, deliveryGroupSummaryID string, at time.Time) error
}

// Slots is what a modification needs of the slot service.
type Slots interface {
	Bookings(ctx context.Context, orderNo string) ([]slotsclient.Booking, error)
	Succeed(ctx context.Context, bookingID, holder string, life time.Duration) (slotsclient.Hold, error)
	Hold(ctx context.Context, slotID, holder string, life time.Duration) (slotsclient.Hold, error)
	ReleaseHold(ctx context.Context, holdID string) error
	Move(ctx context.Context, bookingID, slotID string) (slotsclient.Booking, error)
}

// Stock is what a modification needs of inventory: what is reserved for the order, giving it up for the basket, and having
// it back.
type Stock interface {
	Holdings(ctx context.Context, orderNo string) ([]ociclient.Holding, error)
	Release(ctx context.Context, records []ociclient.Release) ([]ociclient.Failed, error)
	Reserve(ctx context.Context, r ociclient.Reservation) error
}

// Commerce is what a modification needs of B2C Commerce, as the service itself: what is stored of a command holds no token.
type Commerce interface {
	OrderAsService(ctx context.Context, shop b2cclient.Shop, orderNo string) (b2cclient.Document, error)
	Products(ctx context.Context, shop b2cclient.Shop, currency string, ids []string) ([]b2cclient.Product, error)
	CustomerBaskets(ctx context.Context, shop b2cclient.Shop, customerID string) ([]b2cclient.Basket, error)
	CreateBasket(ctx context.Context, shop b2cclient.Shop, n b2cclient.NewBasket) (b2cclient.Basket, error)
	ReserveBasket(ctx context.Context, shop b2cclient.Shop, basketID string, length time.Duration) error
	ShowBasket(ctx context.Context, shop b2cclient.Shop, basketID string, exchange bool) error
	DeleteBasket(ctx context.Context, shop b2cclient.Shop, basketID string) error
	Basket(ctx context.Context, shop b2cclient.Shop, basketID string) (b2cclient.Basket, error)
	Reduce(ctx context.Context, shop b2cclient.Shop, basketID string, r b2cclient.Reduction) (b2cclient.Basket, error)
	NewestOrders(ctx context.Context, shop b2cclient.Shop, customerID string) ([]b2cclient.Order, error)
}

// Commands is what a modification needs of the command engine: what became of earlier ones, and having others done.
type Commands interface {
	Modification(ctx context.Context, sandbox, orderNo string) (command.Row, json.RawMessage, error)
	EndEditing(ctx context.Context, id string, end orderops.EditingEnd) error
	Submit(ctx context.Context, c command.Command) (command.Row, error)
}

// Clock tells the time of a command's world.
type Clock interface {
	Now(ctx context.Context) time.Time
}

// Policy is the configuration of modifying.
type Policy struct {
	// When says for each site when the old order is given up.
	When settle.BySite[orderops.ModifyPolicy]
	// Prices says for each site what lines cost in the follow-up basket.
	Prices settle.BySite[orderops.PricePolicy]
	// HoldStatus is the status of an OrderSummary that routing and warehouses take for: leave it alone.
	HoldStatus string
	// EditFor is how long a shopper may edit: the holds on slots last as long.
	EditFor time.Duration
	// WatchEvery is how often it is looked whether the follow-up basket was ordered.
	WatchEvery time.Duration
	// KeepAbandoned leaves the follow-up basket to the shopper when the time for editing is over.
	KeepAbandoned bool
	// Reason is the reason code of the cancel of the old order.
	Reason string
}

// DefaultPolicy keeps the old order until the new one is placed, for at most half an hour.
func DefaultPolicy() Policy {
	return Policy{
		When: settle.BySite[orderops.ModifyPolicy]{settle.AllSites: orderops.KeepUntilConfirm}, HoldStatus: "On Hold", EditFor: 30 * time.Minute,
		WatchEvery: time.Minute, Reason: "other", Prices: settle.BySite[orderops.PricePolicy]{settle.AllSites: orderops.PricesOfToday},
	}
}

// Modifies is the use case.
type Modifies struct {
	SOM      SOM
	Slots    Slots
	Commerce Commerce
	// Stock is nil where there is no inventory service: then only what anybody could buy goes into the basket.
	Stock    Stock
	Commands Commands
	Clock    Clock
	// Cancels cancels the old order where the policy is cancel_first.
	Cancels command.Handler
	// Cancel is the policy of cancelling: an order that cannot be cancelled cannot be replaced.
	Cancel cancel.Policy
	Policy Policy
	// Mapping are the custom fields of order management that go into a follow-up basket; nil where none do.
	Mapping *mapping.Table
	// Organization is the tenant under which the shoppers' log-in service knows the shop.
	Organization string
}

var _ command.Handler = (*Modifies)(nil)

// Input is the stored input of a modification: the request, and what commerce and the token said when the caller was
// checked.
type Input struct {
	Request          orderops.ModifyRequest `json:"request"`
	CustomerID       string                 `json:"customer_id"`
	CommerceStatus   string                 `json:"commerce_status"`
	ExportStatus     string                 `json:"export_status"`
	CurrentOrderNo   string                 `json:"current_order_no,omitempty"`
	Currency         string                 `json:"currency"`
	Ordered          orderops.Amount        `json:"ordered"`
	GiftCertificates bool                   `json:"gift_certificates,omitempty"`
	Token            orderops.TokenKind     `json:"token,omitempty"`
	SessionID        string                 `json:"session_id,omitempty"`
}

// Note is what is stored of a modification for whoever ends it.
type Note struct {
	CustomerID     string `json:"customer_id"`
	SessionID      string `json:"session_id,omitempty"`
	OrderSummaryID string `json:"order_summary_id"`
	// Hold is the status in order management while the order is edited, Before the one that it had; both are empty where it
	// is not held.
	Hold   string `json:"hold,omitempty"`
	Before string `json:"before,omitempty"`
	// Claims are the units of the order that have gone over to the basket.
	Claims []claim `json:"claims,omitempty"`
}

// Run implements command.Handler.
func (m *Modifies) Run(_ context.Context, run command.Run, row command.Row, resume json.RawMessage) (command.Result, error) {
	j, err := m.job(run, row)
	if err != nil {
		return command.Result{}, err
	}
	if len(resume) > 0 {
		err = j.resume(resume)
	} else {
		err = j.begin()
	}
	return j.result(err)
}

func (m *Modifies) job(run command.Run, row command.Row) (*job, error) {
	j := &job{Modifies: m, run: command.Listen(run), row: row, now: row.CreatedAt, policy: m.Policy.When.Of(row.Site), shop: b2cclient.Shop{Site: row.Site, Version: b2cclient.DefaultVersion}}
	if err := json.Unmarshal(row.Input, &j.in); err != nil {
		return nil, fmt.Errorf("decode input of modify: %w", err)
	}
	return j, nil
}

// Preview says what a modification would come to now, or refuses for the reason it would. It changes nothing.
func (m *Modifies) Preview(ctx context.Context, site, orderNo, sandbox string, in Input, now time.Time) (orderops.Modification, error) {
	raw, err := json.Marshal(in)
	if err != nil {
		return orderops.Modification{}, fmt.Errorf("encode input of modify: %w", err)
	}
	row := command.Row{Command: command.Command{Sandbox: sandbox, Site: site, OrderNo: orderNo, Input: raw}, CreatedAt: now}
	j, err := m.job(direct{ctx}, row)
	if err != nil {
		return orderops.Modification{}, err
	}
	return j.preview()
}

// direct runs steps at once and remembers nothing: for previews and for due work, whose calls may all be repeated.
type direct struct{ ctx context.Context }

// Step implements command.Run.
func (d direct) Step(_ string, f func(context.Context) (json.RawMessage, error)) (json.RawMessage, error) {
	return f(d.ctx)
}

// First implements command.Run.
func (direct) First(context.Context, string) (bool, error) { return true, nil }
