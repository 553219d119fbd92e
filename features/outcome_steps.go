package features

import (
	"context"
	"fmt"
	"reflect"

	"github.com/shopspring/decimal"
)

func (w *world) outcomeSteps() []step {
	return []step{
		{then, `^order management has cancelled every unit, with one record for each line$`, w.everyUnitCancelled},
		{then, `^order management has cancelled (\d+) units? of "([^"]+)" and no other$`, w.unitsCancelled},
		{then, `^the authorisation of the card is released in full, once$`, w.releasedInFull},
		{then, `^of the authorisation exactly what the cancelled units were worth is released, once$`, w.releasedShare},
		{then, `^the booking is released and its window has room for one more order$`, w.bookingReleased},
		{then, `^the booking still takes its room$`, w.bookingStands},
		{then, `^the shop shows the order as cancelled$`, w.shopCancelled},
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

func (w *world) unitsCancelled(ctx context.Context, quantity int64, product string) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	units := map[string]decimal.Decimal{}
	for _, l := range w.before.summary.products() {
		if l.ProductCode == product {
			units[l.ID] = decimal.NewFromInt(quantity)
		}
	}
	return w.cancelRecords(now, units)
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

func (w *world) releasedInFull(ctx context.Context) error {
	return w.released(ctx, func(before payment, _ snapshot) int64 { return before.open() })
}

func (w *world) releasedShare(ctx context.Context) error {
	return w.released(ctx, func(_ payment, now snapshot) int64 {
		return cents(w.before.summary.Grand.Sub(now.summary.Grand))
	})
}

// released makes sure that one payment of the order had one release of an amount, and nothing else happened to it.
func (w *world) released(ctx context.Context, amount func(before payment, now snapshot) int64) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	if len(w.before.payments) != 1 || len(now.payments) != 1 {
		return fmt.Errorf("the order has %d payments", len(now.payments))
	}
	before, after := w.before.payments[0], now.payments[0]
	since, want := after.since(before), amount(before, now)
	if len(since) != 1 || since[0].kind() != "release" || since[0].Money.Amount != want || after.open() != before.open()-want {
		return fmt.Errorf("%d of payment %s should have been released, what happened is %+v", want, after.id, since)
	}
	return nil
}

func (w *world) bookingReleased(ctx context.Context) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	before, after, err := w.theBooking(now)
	if err != nil {
		return err
	}
	had, has := before.Window.Capacity, after.Window.Capacity
	if !after.released() || has.Available != had.Available+1 || has.Booked != had.Booked-1 || has.Total != had.Total {
		return fmt.Errorf("the booking is %s, the room of its window went from %+v to %+v", after.Status, had, has)
	}
	return nil
}

func (w *world) bookingStands(ctx context.Context) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	before, after, err := w.theBooking(now)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(before, after) {
		return fmt.Errorf("the booking was %+v and is %+v", before, after)
	}
	return nil
}

// theBooking is the order's one booking, then and now.
func (w *world) theBooking(now snapshot) (before, after booking, err error) {
	if len(w.before.bookings) != 1 || len(now.bookings) != 1 {
		return before, after, fmt.Errorf("the order had %d bookings and has %d", len(w.before.bookings), len(now.bookings))
	}
	return w.before.bookings[0], now.bookings[0], nil
}

func (w *world) shopCancelled(ctx context.Context) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	if now.shop.Status != shopCancelled {
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
