// Package cancel cancels a placed order, whole or in part, across order management, payment, slots and commerce.
//
// The order of its steps is that of the ground rules (specs/orderops/SOURCES.md): read, check, preview, take allocated
// units back from their locations, read again, submit. The submit is the point of no return: before it a failure leaves
// nothing changed, after it every effect is driven to completion in the background and never undone. What each step may
// meet and what follows is pinned by TestStepsAndCompensations.
package cancel

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/loyaltyclient"
	"github.com/somsim/somsim/orderops/ociclient"
	"github.com/somsim/somsim/orderops/slotsclient"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/trackingclient"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// SOM is what a cancel needs of order management.
type SOM interface {
	Orders(ctx context.Context, numbers []string) (somclient.Page, error)
	PreviewCancel(ctx context.Context, orderSummaryID string, items []somclient.ChangeItem) (somclient.Change, error)
	SubmitCancel(ctx context.Context, orderSummaryID string, items []somclient.ChangeItem) (somclient.Change, error)
	CancelFulfillmentOrderItem(ctx context.Context, fulfillmentOrderID string, lines []somclient.LineToCancel) error
	CreateFulfillmentOrder(ctx context.Context, a somclient.Allocation) (string, error)
	RecordReversal(ctx context.Context, r somclient.Reversal) (string, error)
	RecordRefund(ctx context.Context, r somclient.Refund) (string, error)
	Recorded(ctx context.Context, reference, orderPaymentSummaryID string) (somclient.Record, error)
	FeeBasis(ctx context.Context, orderNo, reference, productCode string) (somclient.FeeBasis, error)
	ChargeFee(ctx context.Context, f somclient.Fee) (string, error)
	UserID(ctx context.Context) (string, error)
}

// Payments is what a cancel needs of the payment provider.
type Payments interface {
	Payment(ctx context.Context, paymentID string) (worldlineclient.Payment, error)
	Void(ctx context.Context, paymentID string, m worldlineclient.Movement) error
	Refund(ctx context.Context, paymentID string, m worldlineclient.Movement) (worldlineclient.Operation, error)
}

// Stock is what a cancel needs of inventory.
type Stock interface {
	Holdings(ctx context.Context, orderNo string) ([]ociclient.Holding, error)
	Release(ctx context.Context, records []ociclient.Release) ([]ociclient.Failed, error)
}

// Slots is what a cancel needs of the slot service.
type Slots interface {
	Bookings(ctx context.Context, orderNo string) ([]slotsclient.Booking, error)
	Release(ctx context.Context, bookingID string) error
}

// Points is what a cancel needs of the loyalty service.
type Points interface {
	Events(ctx context.Context, orderNo string) ([]loyaltyclient.Event, error)
	Balance(ctx context.Context, accountID string) (int64, error)
	Adjust(ctx context.Context, accountID string, a loyaltyclient.Adjustment) (string, error)
	DeleteReward(ctx context.Context, rewardID string) error
}

// Tracking is what a cancel needs of web analytics.
type Tracking interface {
	Refund(ctx context.Context, e trackingclient.Refund) error
}

// Commerce is what a cancel needs of B2C Commerce: mirroring the status as the service itself.
type Commerce interface {
	SetStatus(ctx context.Context, shop b2cclient.Shop, orderNo, status string) error
	Status(ctx context.Context, shop b2cclient.Shop, orderNo string) (string, error)
}

// Allocated says what happens to units that a location has been told to fulfil, and has not fulfilled yet.
type Allocated string

// The policies for allocated units.
const (
	CancelItem Allocated = "cancel_item" // take them back from the location, then cancel
	Refuse     Allocated = "refuse"      // such units can no longer be cancelled
)

// Policy is the configuration of cancelling.
type Policy struct {
	Allocated Allocated
	// Reasons maps the reason codes that callers send to the picklist values of SOM.
	Reasons map[string]string
	// DefaultReason is the code meant when the caller sends none.
	DefaultReason string
	// PickupMethods are words that the names of delivery methods have whose goods are collected, in lower case.
	PickupMethods []string
	// SpentPoints says what happens to points that the order earned and that are spent already, PointValue what a point is
	// worth in money where they are deducted from the refund.
	SpentPoints BySite[SpentPoints]
	PointValue  BySite[decimal.Decimal]
	// FeeProduct is the ProductCode in SOM that money is booked on which was kept for points.
	FeeProduct string
}

// slotType is the type of slots that a delivery method takes; empty when the method is not known.
func (p Policy) slotType(method string) string {
	if method == "" {
		return ""
	}
	for _, word := range p.PickupMethods {
		if strings.Contains(strings.ToLower(method), word) {
			return slotsclient.Pickup
		}
	}
	return slotsclient.Delivery
}

// Collected says that goods of a delivery method are collected by the customer.
func (p Policy) Collected(method string) bool { return p.slotType(method) == slotsclient.Pickup }

// DefaultPolicy takes allocated units back and knows the reason codes of the default SOM picklist.
func DefaultPolicy() Policy {
	return Policy{
		Allocated:     CancelItem,
		DefaultReason: "unknown",
		SpentPoints:   BySite[SpentPoints]{AllSites: NegativeBalance},
		FeeProduct:    "SPENT-POINTS",
		PickupMethods: []string{"pickup", "pick up", "pick-up", "collect"},
		Reasons: map[string]string{
			"unknown": "Unknown", "changed_mind": "Changed Mind", "wrong_item": "Wrong Item", "found_cheaper": "Found Cheaper",
			"too_late": "Too Late", "duplicate_order": "Duplicate Order", "wrong_quantity": "Wrong Quantity", "other": "Other",
		},
	}
}

// Input is the stored input of a cancel: the request, and what commerce said of the order when the caller was checked.
type Input struct {
	Request        orderops.CancelRequest `json:"request"`
	CommerceStatus string                 `json:"commerce_status"`
	ExportStatus   string                 `json:"export_status"`
	// CurrentOrderNo is the order that took the place of a replaced one; empty when commerce does not say.
	CurrentOrderNo string `json:"current_order_no,omitempty"`
	Currency       string `json:"currency"`
	// Ordered is what the order was worth when it was placed; zero when commerce does not say.
	Ordered orderops.Amount `json:"ordered"`
}

// Cancels is the use case.
type Cancels struct {
	SOM      SOM
	Payments Payments
	Slots    Slots
	Commerce Commerce
	// Stock, Points and Tracking are nil where there is no such system. Their effects do not apply then.
	Stock    Stock
	Points   Points
	Tracking Tracking
	Policy   Policy
}

var _ command.Handler = (*Cancels)(nil)

// Run implements command.Handler.
func (c *Cancels) Run(_ context.Context, run command.Run, row command.Row, resume json.RawMessage) (command.Result, error) {
	j := &job{Cancels: c, run: run, row: row, now: row.CreatedAt}
	if err := json.Unmarshal(row.Input, &j.in); err != nil {
		return command.Result{}, fmt.Errorf("decode input of cancel: %w", err)
	}
	var err error
	if len(resume) > 0 {
		err = j.resume(resume)
	} else {
		err = j.begin()
	}
	return j.result(err)
}

// Preview says what a cancel would come to now, or refuses for the reason the cancel would. It changes nothing.
func (c *Cancels) Preview(ctx context.Context, site, orderNo string, in Input, now time.Time) (orderops.Cancellation, error) {
	row := command.Row{Command: command.Command{Site: site, OrderNo: orderNo}}
	j := &job{Cancels: c, run: direct{ctx}, row: row, in: in, now: now}
	if err := j.examine(); err != nil {
		return orderops.Cancellation{}, err
	}
	if j.done {
		return j.cancellation, nil
	}
	if err := j.preview(); err != nil {
		return orderops.Cancellation{}, err
	}
	return j.describe(), nil
}

// direct runs steps at once and remembers nothing: for previews and for due work, whose calls may all be repeated.
type direct struct{ ctx context.Context }

// Step implements command.Run.
func (d direct) Step(_ string, f func(context.Context) (json.RawMessage, error)) (json.RawMessage, error) {
	return f(d.ctx)
}

// First implements command.Run.
func (direct) First(context.Context, string) (bool, error) { return true, nil }
