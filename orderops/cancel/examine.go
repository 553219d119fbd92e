package cancel

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/orderops/slotsclient"
	"github.com/somsim/somsim/orderops/somclient"
)

// examine reads the order and decides what to cancel, or refuses. Nothing is changed.
func (j *job) examine() error {
	if err := j.placed(); err != nil {
		return err
	}
	read, err := j.readOrder("som.read")
	if err != nil {
		return err
	}
	j.order = read
	if err := j.inOMS(); err != nil || j.done {
		return err
	}
	if j.plan, err = j.makePlan(j.order, j.in); err != nil {
		return err
	}
	for _, step := range []func() error{j.least, j.cutoff, j.reprice} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// least refuses to leave less of an order than the site delivers at all. What has left already counts as well; an order that
// goes whole leaves nothing to deliver, and one of which another order takes the place is given up all the same.
func (j *job) least() error {
	least := j.Policy.Least.Of(j.row.Site)
	if j.plan.Whole || j.in.KeepSlots || !least.IsPositive() {
		return nil
	}
	left := decimal.Zero
	for _, l := range j.order.Lines {
		if l.Product {
			left = left.Add(l.Total)
		}
	}
	for _, item := range j.plan.Items {
		if l, _ := j.order.line(item.LineID); l.Quantity.IsPositive() {
			left = left.Sub(l.Total.Mul(item.Quantity).Div(l.Quantity).Round(orderops.CurrencyDigits(j.in.Currency)))
		}
	}
	if left.GreaterThanOrEqual(least) {
		return nil
	}
	refusal := orderops.Refuse(orderops.MinimumNotMet, "goods for %s would be left, at least %s have to be", left, least)
	wanted, remaining := orderops.NewAmount(least), orderops.NewAmount(left)
	refusal.Extra.Least, refusal.Extra.Left = &wanted, &remaining
	return refusal
}

// placed refuses by what only commerce knows. Everything else is order management's to decide.
func (j *job) placed() error {
	switch j.in.CommerceStatus {
	case b2cclient.StatusCreated, b2cclient.StatusFailed:
		return orderops.Refuse(orderops.OrderNotPlaced, "the order is %s", j.in.CommerceStatus)
	case b2cclient.StatusReplaced:
		refusal := orderops.Refuse(orderops.OrderReplaced, "the order was replaced")
		refusal.Extra.CurrentOrderNo = j.in.CurrentOrderNo
		return refusal
	default:
		return nil
	}
}

// inOMS handles an order that order management does not have, and one that is cancelled already.
func (j *job) inOMS() error {
	cancelled := j.in.CommerceStatus == b2cclient.StatusCancelled
	if j.order.Found {
		cancelled = true
		for _, l := range j.order.Lines {
			if l.Product && l.Ordered.GreaterThan(l.Canceled) {
				cancelled = false
			}
		}
	}
	switch {
	case cancelled:
		j.done = true
		j.cancellation = j.describe()
		j.cancellation.AlreadyCancelled, j.cancellation.Whole = true, true
		return nil
	case !j.order.Found:
		return orderops.RefuseFor(30*time.Second, orderops.OrderNotYetInOMS, "export status is %s", j.in.ExportStatus)
	default:
		return nil
	}
}

// cutoff reads the bookings and refuses after the cut-off of one whose goods are to be cancelled.
func (j *job) cutoff() error {
	if j.in.KeepSlots {
		return nil
	}
	out, err := command.Call(j.run, "slots.read", func(ctx context.Context) ([]slotsclient.Booking, error) {
		return j.Systems.Slots.Bookings(ctx, j.row.OrderNo)
	})
	if err != nil {
		return err
	}
	j.slots = settle.SlotView{Known: out.Failure == nil}
	for _, b := range out.Value {
		j.slots.Bookings = append(j.slots.Bookings, settle.Booking{
			ID: b.BookingID, Type: b.Slot.Type, Booked: b.Status == slotsclient.Booked, End: b.Slot.End, CutoffAt: b.Slot.CutoffAt,
		})
		if j.in.Overrides.Has(orderops.OverrideCutoff) {
			continue
		}
		if b.Status == slotsclient.Booked && j.plan.touches(j.order, b.Slot.Type) && b.Slot.CutoffAt != nil && j.now.After(*b.Slot.CutoffAt) {
			refusal := orderops.Refuse(orderops.CutoffPassed, "the slot could be given up until %s", b.Slot.CutoffAt.UTC().Format(time.RFC3339))
			refusal.Extra.CutoffAt = b.Slot.CutoffAt
			return refusal
		}
	}
	return nil
}

// preview asks SOM about the units that are free now and compares the refund with the caller's expectation. What the
// allocated units are worth is worked out here, since SOM previews only what it would cancel at once.
func (j *job) preview() error {
	free := j.changeItems(true)
	if len(free) > 0 {
		out, err := j.previewStep(j.step("som.previewCancel"), free)
		if err != nil {
			return err
		}
		if out.Failure != nil {
			return refuseFor(out.Failure)
		}
		j.refund = out.Value.GrandTotalAmount
	}
	if j.plan.allocated() {
		j.refund = estimate(j.order, j.plan, orderops.CurrencyDigits(j.in.Currency)).Sub(j.plan.Reprice.kept()).Add(j.plan.Reprice.givenBack())
	}
	return j.expected()
}

func (j *job) previewStep(name string, items []somclient.ChangeItem) (command.Outcome[somclient.Change], error) {
	return command.Call(j.run, name, func(ctx context.Context) (somclient.Change, error) {
		return j.SOM.PreviewCancel(ctx, j.order.ID, items)
	})
}

// expected refuses when the caller expects another refund than it would get. While units are allocated the amount told
// beforehand is an estimate, whose rounding may differ from SOM's by a cent a line; such a difference is let through.
func (j *job) expected() error {
	want := j.in.Request.ExpectedRefund
	if want == nil {
		return j.unexpected()
	}
	tolerance := decimal.Zero
	if j.plan.allocated() {
		tolerance = decimal.New(int64(len(j.plan.Items)), -orderops.CurrencyDigits(j.in.Currency))
	}
	if want.Sub(j.refund).Abs().LessThanOrEqual(tolerance) {
		return nil
	}
	actual := orderops.NewAmount(j.refund)
	refusal := orderops.Refuse(orderops.AmountChanged, "expected a refund of %s, it would be %s", want, actual)
	refusal.Extra.ExpectedRefund, refusal.Extra.ActualRefund = want, &actual
	return refusal
}

// estimate works out what the planned units are worth: a line's total by the share of its present quantity, and the
// charges of the groups of which nothing remains. A line that goes whole counts with its exact total.
func estimate(o order, p plan, digits int32) decimal.Decimal {
	sum, emptied := decimal.Zero, map[string]bool{}
	for _, item := range p.Items {
		l, _ := o.line(item.LineID)
		if item.ReduceShipping {
			emptied[l.Group] = true
		}
		if item.Quantity.Equal(l.Quantity) {
			sum = sum.Add(l.Total)
			continue
		}
		sum = sum.Add(l.Total.Mul(item.Quantity).Div(l.Quantity).Round(digits))
	}
	for _, l := range o.Lines {
		if !l.Product && !l.Fee && emptied[l.Group] {
			sum = sum.Add(l.Total)
		}
	}
	return sum
}

// readOrder reads the order from SOM as a step.
func (j *job) readOrder(name string) (order, error) {
	out, err := j.orderStep(name)
	if err != nil {
		return order{}, err
	}
	if out.Failure != nil {
		return order{}, unread(out.Failure)
	}
	return out.Value, nil
}

func (j *job) orderStep(name string) (command.Outcome[order], error) {
	return j.readStep(j.run, name, j.row.OrderNo)
}

// readStep reads an order as a step. An order that SOM does not have is a value, a query that SOM could not run a failure.
func (c *Cancels) readStep(run command.Run, name, orderNo string) (command.Outcome[order], error) {
	return command.Call(run, name, func(ctx context.Context) (order, error) { return c.readNow(ctx, orderNo) })
}

func (c *Cancels) readNow(ctx context.Context, orderNo string) (order, error) {
	page, err := c.SOM.Orders(ctx, []string{orderNo})
	if err != nil {
		return order{}, err
	}
	if failed := page.Failure(somclient.PartOrders); failed != nil {
		return order{}, &remote.Error{
			System: somclient.System, Operation: "query", Class: remote.Unavailable, Status: failed.Status, VendorCode: failed.Code,
		}
	}
	return c.project(page, orderNo), nil
}

// unread words a failed read: whatever the reason, order management could not be asked.
func unread(failure *remote.Error) *orderops.Refusal {
	refusal := orderops.RefuseFor(max(retrySoon, failure.RetryAfter), orderops.OMSUnavailable, "nothing was changed")
	refusal.Extra.UpstreamCode = failure.VendorCode
	return refusal
}

// refuseFor words a failure of SOM before the point of no return.
func refuseFor(failure *remote.Error) *orderops.Refusal {
	var refusal *orderops.Refusal
	switch failure.Class {
	case remote.Rejected, remote.NotFound:
		refusal = refuseCancel("order management refused")
	case remote.Conflict:
		refusal = orderops.RefuseFor(retrySoon, orderops.OrderChanged, "order management is busy with the order")
	case remote.Throttled, remote.Unavailable, remote.Unauthorized, remote.Ambiguous:
		refusal = orderops.RefuseFor(max(retrySoon, failure.RetryAfter), orderops.OMSUnavailable, "nothing was changed")
	default:
		refusal = orderops.RefuseFor(retrySoon, orderops.OMSUnavailable, "nothing was changed")
	}
	refusal.Extra.UpstreamCode = failure.VendorCode
	return refusal
}
