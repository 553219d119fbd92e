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
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/orderops/slotsclient"
	"github.com/somsim/somsim/orderops/somclient"
)

// SOM is what a cancel needs of order management.
type SOM interface {
	Orders(ctx context.Context, numbers []string) (somclient.Page, error)
	PreviewCancel(ctx context.Context, orderSummaryID string, items []somclient.ChangeItem) (somclient.Change, error)
	SubmitCancel(ctx context.Context, orderSummaryID string, items []somclient.ChangeItem) (somclient.Change, error)
	CancelFulfillmentOrderItem(ctx context.Context, fulfillmentOrderID string, lines []somclient.LineToCancel) error
	CreateFulfillmentOrder(ctx context.Context, a somclient.Allocation) (string, error)
	UserID(ctx context.Context) (string, error)
	FeeBasis(ctx context.Context, orderNo, reference, productCode string) (somclient.FeeBasis, error)
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
	// SentBonus says what becomes of a bonus that has been handed over when what it was given for is cancelled.
	SentBonus SentBonus
	// Reasons maps the reason codes that callers send to the picklist values of SOM.
	Reasons map[string]string
	// DefaultReason is the code meant when the caller sends none.
	DefaultReason string
	// Coupons says for each site what becomes of the codes of an order that is cancelled as a whole, BurnFor for which reason
	// codes they stay used whatever the site, such as fraud.
	Coupons settle.BySite[orderops.CouponPolicy]
	BurnFor []string
	// Least is for each site what has to be left of an order of which a part is cancelled, in goods with their tax; zero asks
	// for nothing.
	Least settle.BySite[decimal.Decimal]
	// Prices says for each site whether what stays of an order is priced anew when a part is cancelled, PriceFee is the
	// ProductCode in SOM that is booked on what is kept for that.
	Prices   settle.BySite[Prices]
	PriceFee string
	// PickupMethods are words that the names of delivery methods have whose goods are collected, in lower case.
	PickupMethods []string
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

// SlotType is the type of slots that a delivery method takes; empty when the method is not known.
func (p Policy) SlotType(method string) string { return p.slotType(method) }

// DefaultPolicy takes allocated units back and knows the reason codes of the default SOM picklist.
func DefaultPolicy() Policy {
	return Policy{
		Allocated:     CancelItem,
		SentBonus:     ForgiveBonus,
		DefaultReason: "unknown",
		Coupons:       settle.BySite[orderops.CouponPolicy]{settle.AllSites: orderops.RestoreCoupons},
		Prices:        settle.BySite[Prices]{settle.AllSites: KeepPrice},
		PriceFee:      "LOST-PROMOTION",
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
	// KeepSlots leaves the bookings of the order alone, and their cut-off: another order takes them over.
	KeepSlots bool `json:"keep_slots,omitempty"`
	// Ordered is what the order was worth when it was placed; zero when commerce does not say.
	Ordered orderops.Amount `json:"ordered"`
	// Overrides are the rules that an agent set aside.
	Overrides orderops.Overrides `json:"overrides,omitempty"`
	// Coupons are the codes that the order was placed with.
	Coupons []string `json:"coupons,omitempty"`
	// Reprice says that what stays is priced anew. It is decided when the cancel is accepted: a configuration that is changed
	// while it is under way does not change its steps.
	Reprice bool `json:"reprice,omitempty"`
}

// Cancels is the use case.
type Cancels struct {
	SOM SOM
	// Systems are where the effects of a cancel are made.
	Systems *settle.Systems
	Policy  Policy
	// Pricer has commerce price what stays of an order; needed where the policy of a site is Reprice.
	Pricer Pricer
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
	j := &job{Cancels: c, run: settle.Direct{Ctx: ctx}, row: row, in: in, now: now, asking: true}
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
