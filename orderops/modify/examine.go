package modify

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/cancel"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/slotsclient"
	"github.com/somsim/somsim/orderops/somclient"
)

// retrySoon is the wait announced with refusals that may pass by themselves.
const retrySoon = 5 * time.Second

// Why an order cannot be changed.
const (
	reasonGiftCertificate = "GIFT_CERTIFICATE"
	reasonCancelled       = "CANCELLED"
	reasonFulfilled       = "FULFILLED"
	reasonAllocated       = "ALLOCATED"
)

// Order is what a modification remembers of an order summary: ids, statuses and quantities. It is stored with the steps.
type Order struct {
	Found  bool            `json:"found"`
	ID     string          `json:"id"`
	Status string          `json:"status"`
	Worth  decimal.Decimal `json:"worth"`
	Lines  []line          `json:"lines"`
	// Fulfillments are the fulfillment orders of locations that are at work, or were.
	Fulfillments []string `json:"fulfillments"`
}

type line struct {
	ID        string          `json:"id"`
	SKU       string          `json:"sku,omitempty"`
	Group     string          `json:"group"`
	Slots     string          `json:"slots,omitempty"`
	Ordered   decimal.Decimal `json:"ordered"`
	Canceled  decimal.Decimal `json:"canceled"`
	Allocated decimal.Decimal `json:"allocated"`
	Fulfilled decimal.Decimal `json:"fulfilled"`
}

// Left says that a unit of the order is not cancelled.
func (o Order) Left() bool {
	for _, l := range o.Lines {
		if l.Ordered.GreaterThan(l.Canceled) {
			return true
		}
	}
	return false
}

// Shipped says that a unit of the order has left a location.
func (o Order) Shipped() bool {
	for _, l := range o.Lines {
		if l.Fulfilled.IsPositive() {
			return true
		}
	}
	return false
}

func (o Order) allocated() bool {
	for _, l := range o.Lines {
		if l.Allocated.GreaterThan(l.Fulfilled) {
			return true
		}
	}
	return false
}

// Orders reads orders of order management.
type Orders interface {
	Orders(ctx context.Context, numbers []string) (somclient.Page, error)
}

// ReadOrder reads an order from SOM as a step. An order that SOM does not have is a value.
func ReadOrder(run command.Run, som Orders, policy cancel.Policy, name, orderNo string) (command.Outcome[Order], error) {
	return command.Call(run, name, func(ctx context.Context) (Order, error) {
		page, err := som.Orders(ctx, []string{orderNo})
		if err != nil {
			return Order{}, err
		}
		if failed := page.Failure(somclient.PartOrders); failed != nil {
			return Order{}, &remote.Error{
				System: somclient.System, Operation: "query", Class: remote.Unavailable, Status: failed.Status, VendorCode: failed.Code,
			}
		}
		return project(page, orderNo, policy), nil
	})
}

func project(page somclient.Page, orderNo string, policy cancel.Policy) Order {
	summary, found := page.Find(orderNo)
	if !found {
		return Order{}
	}
	o := Order{Found: true, ID: summary.ID, Status: summary.Status, Worth: summary.GrandTotalAmount}
	for _, item := range summary.Items.Records {
		if item.TypeCode != somclient.TypeCodeProduct {
			continue
		}
		o.Lines = append(o.Lines, line{
			ID: item.ID, SKU: cmp.Or(item.StockKeepingUnit, item.ProductCode), Group: item.OrderDeliveryGroupSummaryID, Slots: policy.SlotType(page.DeliveryMethods[item.OrderDeliveryGroupSummaryID]),
			Ordered: item.QuantityOrdered, Canceled: item.QuantityCanceled, Allocated: item.QuantityAllocated, Fulfilled: item.QuantityFulfilled,
		})
	}
	for _, f := range summary.FulfillmentOrders.Records {
		switch f.StatusCategory {
		case somclient.CategoryActivated, somclient.CategoryFulfilling, somclient.CategoryClosed:
			o.Fulfillments = append(o.Fulfillments, f.ID)
		}
	}
	return o
}

// Edited is an order that is being edited, or has been; it has no id when it has not.
type Edited struct {
	ID     string                 `json:"id"`
	State  command.State          `json:"state"`
	Answer *orderops.Modification `json:"answer,omitempty"`
	Note   Note                   `json:"note"`
}

// Earlier finds the modifications of an order.
type Earlier interface {
	Modification(ctx context.Context, sandbox, orderNo string) (command.Row, json.RawMessage, error)
}

// Find looks up whether the order of a row is being edited. It asks the service's own database, as a step all the same: what
// is found may be another thing when the step runs again.
func Find(run command.Run, earlier Earlier, row command.Row) (Edited, error) {
	out, err := command.Call(run, "order-ops.editing", func(ctx context.Context) (Edited, error) {
		found, note, err := earlier.Modification(ctx, row.Sandbox, row.OrderNo)
		if err != nil || found.ID == "" {
			return Edited{}, err
		}
		e := Edited{ID: found.ID, State: found.State, Answer: found.Answer.Modification}
		return e, json.Unmarshal(note, &e.Note)
	})
	return out.Value, err
}

// eligible refuses an order that cannot be changed.
func (j *job) eligible() error {
	if err := j.placed(); err != nil {
		return err
	}
	out, err := ReadOrder(j.run, j.SOM, j.Cancel, "som.read", j.row.OrderNo)
	if err != nil {
		return err
	}
	if out.Failure != nil {
		return unread(out.Failure)
	}
	j.order = out.Value
	switch {
	case !j.order.Found && j.in.CommerceStatus == b2cclient.StatusCancelled:
		return notModifiable(reasonCancelled)
	case !j.order.Found:
		return orderops.RefuseFor(30*time.Second, orderops.OrderNotYetInOMS, "export status is %s", j.in.ExportStatus)
	case !j.order.Left():
		return notModifiable(reasonCancelled)
	case j.order.Shipped():
		return notModifiable(reasonFulfilled, orderops.ActionReturn)
	case j.order.allocated() && j.Cancel.Allocated == cancel.Refuse:
		return notModifiable(reasonAllocated)
	}
	return j.cutoff()
}

// placed refuses by what only commerce knows.
func (j *job) placed() error {
	switch {
	case j.in.CommerceStatus == b2cclient.StatusCreated, j.in.CommerceStatus == b2cclient.StatusFailed:
		return orderops.Refuse(orderops.OrderNotPlaced, "the order is %s", j.in.CommerceStatus)
	case j.in.CommerceStatus == b2cclient.StatusReplaced, j.in.CurrentOrderNo != "":
		refusal := orderops.Refuse(orderops.OrderReplaced, "the order was replaced")
		refusal.Extra.CurrentOrderNo = j.in.CurrentOrderNo
		return refusal
	case j.in.GiftCertificates:
		return notModifiable(reasonGiftCertificate)
	default:
		return nil
	}
}

func notModifiable(reason string, allowed ...orderops.Action) *orderops.Refusal {
	refusal := orderops.Refuse(orderops.NotModifiable, "%s", reason)
	refusal.Extra.Reason, refusal.Extra.Allowed = reason, allowed
	return refusal
}

// cutoff reads the bookings and refuses after the cut-off of one. Without the slot service nothing is changed: the slots
// are what a shopper would lose.
func (j *job) cutoff() error {
	out, err := command.Call(j.run, "slots.read", func(ctx context.Context) ([]slotsclient.Booking, error) {
		return j.Slots.Bookings(ctx, j.row.OrderNo)
	})
	if err != nil {
		return err
	}
	if out.Failure != nil {
		return refuseFor(out.Failure)
	}
	for _, b := range out.Value {
		if b.Status != slotsclient.Booked || b.Slot.End.Before(j.now) {
			continue
		}
		j.bookings = append(j.bookings, b)
		if b.Slot.CutoffAt != nil && j.now.After(*b.Slot.CutoffAt) && !j.row.Overrides.Has(orderops.OverrideCutoff) {
			refusal := orderops.Refuse(orderops.CutoffPassed, "the order could be changed until %s", b.Slot.CutoffAt.UTC().Format(time.RFC3339))
			refusal.Extra.CutoffAt = b.Slot.CutoffAt
			return refusal
		}
	}
	return nil
}

// unread words a failed read of order management: whatever the reason, it could not be asked.
func unread(failure *remote.Error) *orderops.Refusal {
	refusal := orderops.RefuseFor(max(retrySoon, failure.RetryAfter), orderops.OMSUnavailable, "nothing was changed")
	refusal.Extra.UpstreamCode = failure.VendorCode
	return refusal
}

// refuseFor words a failure of a system before anything could not be undone.
func refuseFor(failure *remote.Error) *orderops.Refusal {
	var refusal *orderops.Refusal
	pause := max(retrySoon, failure.RetryAfter)
	switch {
	case failure.System == somclient.System && (failure.Class == remote.Conflict || failure.VendorCode == somclient.LockedRow):
		refusal = orderops.RefuseFor(pause, orderops.OrderChanged, "order management is busy with the order")
	case failure.System == somclient.System && failure.Class.Passing():
		refusal = orderops.RefuseFor(pause, orderops.OMSUnavailable, "nothing was changed")
	case failure.VendorCode == b2cclient.BasketsQuotaExceeded:
		refusal = orderops.Refuse(orderops.BasketExists, "the shopper has as many baskets as allowed")
		refusal.Extra.Choices = choices()
	case failure.Class == remote.Throttled:
		refusal = orderops.RefuseFor(pause, orderops.RateLimited, "%s is busy; nothing was changed", failure.System)
	case failure.Class.Passing() && failure.Status == 0:
		refusal = orderops.RefuseFor(pause, orderops.UpstreamTimeout, "%s did not answer; nothing was changed", failure.System)
	case failure.Class.Passing():
		refusal = orderops.RefuseFor(pause, orderops.UpstreamError, "%s failed; nothing was changed", failure.System)
	default:
		refusal = orderops.Refuse(orderops.UpstreamError, "%s refused; nothing was changed", failure.System)
	}
	refusal.Extra.UpstreamCode = failure.VendorCode
	return refusal
}

func choices() []orderops.OnExistingBasket {
	return []orderops.OnExistingBasket{orderops.MergeBasket, orderops.ReplaceBasket, orderops.AbortOnBasket}
}
