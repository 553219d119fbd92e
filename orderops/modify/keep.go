package modify

import (
	"context"
	"slices"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/slotsclient"
	"github.com/somsim/somsim/orderops/somclient"
)

// nothing is the value of a call that only succeeds or fails.
type nothing struct{}

// succeed keeps every booking of the order for the order that will come of the basket. A booking that is gone is no reason
// to refuse: the shopper is told.
func (j *job) succeed() error {
	for _, b := range j.bookings {
		j.note(compensation{Kind: kindFree, BookingID: b.BookingID})
		out, err := command.Call(j.run, "slots.succeed/"+b.BookingID, func(ctx context.Context) (slotsclient.Hold, error) {
			return j.Slots.Succeed(ctx, b.BookingID, j.made.BasketID, j.Policy.EditFor)
		})
		if err != nil {
			return err
		}
		if out.Failure != nil && out.Failure.Class.Passing() {
			return j.undo(refuseFor(out.Failure))
		}
		kept := keptSlot(b)
		if out.Failure != nil {
			kept.Code = out.Failure.VendorCode
		} else {
			kept.hold(out.Value)
		}
		j.slots = append(j.slots, kept.KeptSlot)
		j.undoing[len(j.undoing)-1].HoldID = kept.HoldID
	}
	return nil
}

// slot is a slot of the order while it is being kept.
type slot struct{ orderops.KeptSlot }

func keptSlot(b slotsclient.Booking) slot {
	return slot{orderops.KeptSlot{BookingID: b.BookingID, SlotID: b.SlotID, Type: b.Slot.Type}}
}

func (s *slot) hold(h slotsclient.Hold) {
	expires := h.ExpiresAt.UTC()
	s.HoldID, s.ExpiresAt = h.HoldID, &expires
}

// secure keeps the order from going on while it is edited, unless that was seen to already.
func (j *job) secure() error {
	if j.held {
		return nil
	}
	if err := j.hold(); err != nil {
		return err
	}
	return j.reread()
}

// hold has order management leave the order alone, so that no location goes on with it.
func (j *job) hold() error {
	j.note(compensation{Kind: kindLift, OrderSummaryID: j.order.ID, Hold: j.Policy.HoldStatus, Before: j.order.Status})
	out, err := command.Call(j.run, "som.hold", func(ctx context.Context) (nothing, error) {
		return nothing{}, j.SOM.SetStatus(ctx, j.order.ID, j.Policy.HoldStatus)
	})
	switch {
	case err != nil:
		return err
	case out.Failure != nil:
		return j.undo(refuseFor(out.Failure))
	}
	j.held = true
	return nil
}

// reread looks whether the order is what it was: a location that was told to fulfil it in the meantime has been quicker
// than the hold.
func (j *job) reread() error {
	out, err := ReadOrder(j.run, j.SOM, j.Cancel, "som.reread", j.row.OrderNo)
	if err != nil {
		return err
	}
	if out.Failure != nil {
		return j.undo(unread(out.Failure))
	}
	if changed(j.order, out.Value) {
		return j.undo(orderops.RefuseFor(retrySoon, orderops.OrderChanged, "the order was allocated, fulfilled or cancelled in the meantime"))
	}
	return nil
}

// changed says that something has happened to an order since it was read.
func changed(before, now Order) bool {
	if !slices.Equal(before.Fulfillments, now.Fulfillments) || len(before.Lines) != len(now.Lines) {
		return true
	}
	for i, l := range now.Lines {
		was := before.Lines[i]
		if l.ID != was.ID || !l.Canceled.Equal(was.Canceled) || !l.Fulfilled.Equal(was.Fulfilled) || !l.Allocated.Equal(was.Allocated) {
			return true
		}
	}
	return false
}

// show makes the follow-up basket the one that the shopper sees. What the shopper had is set aside where that was chosen;
// a basket that has come up meanwhile refuses.
func (j *job) show() error {
	if j.aside != "" {
		j.note(compensation{Kind: kindRestore, BasketID: j.aside})
	}
	out, err := command.Call(j.run, "b2c.showBasket", func(ctx context.Context) (nothing, error) {
		return nothing{}, j.Commerce.ShowBasket(ctx, j.shop, j.made.BasketID, j.aside != "")
	})
	switch {
	case err != nil:
		return err
	case out.Failure != nil:
		return j.undo(refuseFor(out.Failure))
	}
	return nil
}

// systemSOM is order management's name in effects.
const systemSOM = somclient.System
