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
		{then, `^the shop shows the order as (cancelled|open|it was)$`, w.shopShows},
		{then, `^every system was told only once to change anything$`, w.eachOnce},
		{then, `^nothing has changed in any system(?: but ` + oneOf("exception", w.exceptions()) + `)?$`, w.nothingBut},
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

// exceptions are what may have changed where nothing else has.
func (w *world) exceptions() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"the fulfillment orders": w.onlyFulfillments, "the baskets that it was priced in, which are gone again": w.onlyPriced,
	}
}

func (w *world) nothingBut(ctx context.Context, what string) error {
	if what == "" {
		return w.nothingChanged(ctx)
	}
	return w.exceptions()[what](ctx)
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
