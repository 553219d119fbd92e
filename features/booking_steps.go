package features

import (
	"context"
	"errors"
	"fmt"
	"reflect"
)

// bookingSteps are about what became of the order's windows.
func (w *world) bookingSteps() []step {
	return []step{
		{then, `^the booking(?: for the (delivery|pickup))? ` + oneOf("fate", w.fates()) + `$`, w.bookingEnds},
	}
}

// fates are what may have become of a booking, as it was and is.
func (w *world) fates() map[string]func(ctx context.Context, before, after booking) error {
	return map[string]func(ctx context.Context, before, after booking) error{
		"is released and its window has room for one more order": bookingReleased,
		"still takes its room": bookingStands,
		"has gone to another window, and order management knows when the goods are wanted": w.windowMoved,
		"has no other room than before, and another order is to take it over":              w.bookingHeld,
		"is the new order's and takes no more room":                                        bookingTakenOver,
	}
}

// bookingEnds looks for the booking with the new order where it is said to be that one's.
func (w *world) bookingEnds(ctx context.Context, kind, fate string) error {
	orderNo := w.orderNo
	if fate == "is the new order's and takes no more room" {
		orderNo = w.follow.newOrder
	}
	now, err := w.auditor.order(ctx, orderNo)
	if err != nil {
		return err
	}
	before, errBefore := w.before.theBooking(kind)
	after, errAfter := now.theBooking(kind)
	if err := errors.Join(errBefore, errAfter); err != nil {
		return err
	}
	return w.fates()[fate](ctx, before, after)
}

// theBooking is the order's one booking, or the only one of a kind.
func (s snapshot) theBooking(kind string) (found booking, err error) {
	n := 0
	for _, b := range s.bookings {
		if kind == "" || b.Window.Type == kind {
			found, n = b, n+1
		}
	}
	if n != 1 {
		err = fmt.Errorf("the order has %d bookings for the %s", n, kind)
	}
	return found, err
}

func bookingReleased(_ context.Context, before, after booking) error {
	had, has := before.Window.Capacity, after.Window.Capacity
	if before.released() || !after.released() || has.Available != had.Available+1 || has.Booked != had.Booked-1 || has.Total != had.Total {
		return fmt.Errorf("the booking was %s and is %s, the room of its window went from %+v to %+v", before.Status, after.Status, had, has)
	}
	return nil
}

func bookingStands(_ context.Context, before, after booking) error {
	if before.released() || !reflect.DeepEqual(before, after) {
		return fmt.Errorf("the booking was %+v and is %+v", before, after)
	}
	return nil
}

func bookingTakenOver(_ context.Context, before, after booking) error {
	if before.ID != after.ID || after.released() || before.Window.Capacity != after.Window.Capacity {
		return fmt.Errorf("the booking was %+v and is %+v", before, after)
	}
	return nil
}

func (w *world) windowMoved(ctx context.Context, before, after booking) error {
	if before.ID != after.ID || before.Window.ID == after.Window.ID || after.released() {
		return fmt.Errorf("the booking was %+v and is %+v", before, after)
	}
	groups, err := find[struct {
		Wanted string `json:"DesiredDeliveryDate"`
	}](ctx, &w.auditor.orgUser, "SELECT DesiredDeliveryDate FROM OrderDeliveryGroupSummary WHERE OrderSummaryId = '"+w.before.summary.ID+"'")
	if err == nil && (len(groups) == 0 || groups[0].Wanted == "") {
		err = fmt.Errorf("order management does not know when the goods are wanted: %+v", groups)
	}
	return err
}

func (w *world) bookingHeld(ctx context.Context, before, after booking) error {
	if err := bookingStands(ctx, before, after); err != nil {
		return err
	}
	m, err := w.modified()
	if err == nil && (len(m.Slots) != 1 || m.Slots[0].HoldID == "" || m.Slots[0].BookingID != before.ID) {
		err = fmt.Errorf("the shopper was told of %+v", m.Slots)
	}
	return err
}
