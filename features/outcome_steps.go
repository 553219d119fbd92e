package features

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/shopspring/decimal"
)

func (w *world) outcomeSteps() []step {
	return []step{
		{then, `^order management has cancelled every unit, with one record for each line$`, w.everyUnitCancelled},
		{then, `^the booking(?: for the (delivery|pickup))? is released and its window has room for one more order$`, w.bookingReleased},
		{then, `^the booking(?: for the (delivery|pickup))? still takes its room$`, w.bookingStands},
		{then, `^the shop shows the order as (cancelled|open|it was)$`, w.shopShows},
		{then, `^every system was told only once to change anything$`, w.eachOnce},
		{then, `^nothing has changed in any system$`, w.nothingChanged},
	}
}

func (w *world) everyUnitCancelled(ctx context.Context) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	if err := w.cancelRecords(now, w.before.summary.ordered()); err != nil {
		return err
	}
	for _, l := range now.summary.Lines.Records {
		if !l.Total.IsZero() || !l.Allocated.IsZero() {
			return fmt.Errorf("of line %s %s is left to pay, and %s units are allocated", l.ProductCode, l.Total, l.Allocated)
		}
	}
	if !now.summary.Grand.IsZero() {
		return fmt.Errorf("the order is still worth %s", now.summary.Grand)
	}
	return nil
}

// cancelRecords makes sure that those units were cancelled since the beginning and no others, each line's on one record.
func (w *world) cancelRecords(now snapshot, units map[string]decimal.Decimal) error {
	before := map[string]decimal.Decimal{}
	for _, l := range w.before.summary.products() {
		before[l.ID] = l.Canceled
	}
	records := now.summary.cancelRecords(w.before.summary)
	for _, l := range now.summary.products() {
		if got := l.Canceled.Sub(before[l.ID]); !got.Equal(units[l.ID]) {
			return fmt.Errorf("%s units of %s were cancelled, not %s", got, l.ProductCode, units[l.ID])
		}
		list, want := records[l.ID], 0
		if units[l.ID].IsPositive() {
			want = 1
		}
		if len(list) != want || want == 1 && !list[0].Item.Quantity.Abs().Equal(units[l.ID]) {
			return fmt.Errorf("the cancel of %s units of %s is on record as %v", units[l.ID], l.ProductCode, list)
		}
	}
	return nil
}

// bookingFor is the order's one booking, or the only one of a kind, then and now.
func (w *world) bookingFor(ctx context.Context, kind string) (before, after booking, err error) {
	now, err := w.now(ctx)
	if err != nil {
		return before, after, err
	}
	if kind == "" {
		return w.theBooking(now)
	}
	pick := func(s snapshot) (found booking, err error) {
		n := 0
		for _, b := range s.bookings {
			if b.Window.Type == kind {
				found, n = b, n+1
			}
		}
		if n != 1 {
			err = fmt.Errorf("the order has %d bookings for the %s", n, kind)
		}
		return found, err
	}
	before, errBefore := pick(w.before)
	after, errAfter := pick(now)
	return before, after, errors.Join(errBefore, errAfter)
}

func (w *world) bookingReleased(ctx context.Context, kind string) error {
	before, after, err := w.bookingFor(ctx, kind)
	if err != nil {
		return err
	}
	had, has := before.Window.Capacity, after.Window.Capacity
	if before.released() || !after.released() || has.Available != had.Available+1 || has.Booked != had.Booked-1 || has.Total != had.Total {
		return fmt.Errorf("the booking was %s and is %s, the room of its window went from %+v to %+v", before.Status, after.Status, had, has)
	}
	return nil
}

func (w *world) bookingStands(ctx context.Context, kind string) error {
	before, after, err := w.bookingFor(ctx, kind)
	if err == nil && (before.released() || !reflect.DeepEqual(before, after)) {
		err = fmt.Errorf("the booking was %+v and is %+v", before, after)
	}
	return err
}

// theBooking is the order's one booking, then and now.
func (w *world) theBooking(now snapshot) (before, after booking, err error) {
	if len(w.before.bookings) != 1 || len(now.bookings) != 1 {
		return before, after, fmt.Errorf("the order had %d bookings and has %d", len(w.before.bookings), len(now.bookings))
	}
	return w.before.bookings[0], now.bookings[0], nil
}

func (w *world) shopShows(ctx context.Context, as string) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	want := map[string]string{"cancelled": shopCancelled, "open": "open", "it was": w.before.shop.Status}[as]
	if now.shop.Status != want {
		return fmt.Errorf("the shop shows the order as %s", now.shop.Status)
	}
	return nil
}

func (w *world) eachOnce(ctx context.Context) error {
	happened, err := w.since(ctx)
	if err != nil {
		return err
	}
	for op, want := range map[operation]int{submitCancel: 1, takeBack: 0, w.releasing(): 1, w.refunding(): 0, releaseBooking: 1, mirrorStatus: 1} {
		if n := len(happened.of(op).heard()); n != want {
			return fmt.Errorf("%s was called %d times, not %d", op, n, want)
		}
	}
	return nil
}

// nothingChanged holds the present against the beginning, and the journal too: a change that was taken back is one.
func (w *world) nothingChanged(ctx context.Context) error {
	happened, err := w.since(ctx)
	if err != nil {
		return err
	}
	if changed := happened.effective(); len(changed) > 0 {
		return fmt.Errorf("changed since:\n%s", changed)
	}
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(w.before, now) {
		return fmt.Errorf("the order was\n%+v\nand is\n%+v", w.before, now)
	}
	return nil
}
