package features

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"

	"github.com/shopspring/decimal"
)

func (w *world) groupSteps() []step {
	return []step{
		{then, `^the booking for the (delivery|pickup) is released and its window has room for one more order$`, w.groupReleased},
		{then, `^the booking for the (delivery|pickup) still takes its room$`, w.groupStands},
		{then, `^the delivery fee comes back$`, w.feeComesBack},
		{then, `^the delivery fee is still to be paid$`, w.feeStays},
		{then, `^order management has noted that the delivery fee was given back$`, w.feeNoted},
		{then, `^the shopper sees in the (storefront|app) that the order is (confirmed|partly shipped|cancelled), and (a part of it|nothing else) was cancelled$`, w.seesStatus},
		{then, `^nothing is left to pay and nothing is left authorised$`, w.nothingLeft},
	}
}

// bookingFor is the order's one booking of a kind, then and now.
func (w *world) bookingFor(ctx context.Context, kind string) (before, after booking, err error) {
	now, err := w.now(ctx)
	if err != nil {
		return before, after, err
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

func (w *world) groupReleased(ctx context.Context, kind string) error {
	before, after, err := w.bookingFor(ctx, kind)
	if err != nil {
		return err
	}
	had, has := before.Window.Capacity, after.Window.Capacity
	if before.released() || !after.released() || has.Available != had.Available+1 || has.Booked != had.Booked-1 {
		return fmt.Errorf("the booking was %s and is %s, the room of its window went from %+v to %+v", before.Status, after.Status, had, has)
	}
	return nil
}

func (w *world) groupStands(ctx context.Context, kind string) error {
	before, after, err := w.bookingFor(ctx, kind)
	if err == nil && (before.released() || !reflect.DeepEqual(before, after)) {
		err = fmt.Errorf("the booking was %+v and is %+v", before, after)
	}
	return err
}

// fees is what the charges of an order come to.
func (s orderSummary) fees() decimal.Decimal {
	sum := decimal.Zero
	for _, l := range s.Lines.Records {
		if l.TypeCode != "Product" {
			sum = sum.Add(l.Total)
		}
	}
	return sum
}

func (w *world) feeComesBack(ctx context.Context) error {
	now, err := w.now(ctx)
	if err == nil && (!w.before.summary.fees().IsPositive() || !now.summary.fees().IsZero()) {
		err = fmt.Errorf("the fee was %s and is %s", w.before.summary.fees(), now.summary.fees())
	}
	return err
}

func (w *world) feeStays(ctx context.Context) error {
	now, err := w.now(ctx)
	if err == nil && (!w.before.summary.fees().IsPositive() || !now.summary.fees().Equal(w.before.summary.fees())) {
		err = fmt.Errorf("the fee was %s and is %s", w.before.summary.fees(), now.summary.fees())
	}
	return err
}

// feeNoted finds the change record of the fee: a change of its price, of no units.
func (w *world) feeNoted(ctx context.Context) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	noted := 0
	for _, c := range now.summary.Changes.Records {
		if c.ChangeType == "DeliveryChargeAdjustment" && c.Item.Quantity.IsZero() {
			noted++
		}
	}
	if noted != 1 {
		return fmt.Errorf("order management has %d records of it among %+v", noted, now.summary.Changes.Records)
	}
	return nil
}

// seesStatus reads the order in a channel. The app says the status itself; both say it within what order management knows.
func (w *world) seesStatus(ctx context.Context, where, status, what string) error {
	got := w.shopper.look(ctx, channelOf(where), w.orderNo)
	if got.lost != nil || got.status != http.StatusOK {
		return fmt.Errorf("the order is not shown: %s", got)
	}
	type order struct {
		Status  string `json:"unifiedStatus"`
		Partial bool   `json:"partiallyCancelled"`
	}
	var document struct {
		App        order `json:"som_order"`
		Storefront order `json:"c_somOrder"`
	}
	if err := json.Unmarshal(got.body, &document); err != nil {
		return err
	}
	shown := document.App
	if channelOf(where) == storefront {
		shown = document.Storefront
	}
	want := map[string]string{"confirmed": "confirmed", "partly shipped": "partially_shipped", "cancelled": "cancelled"}[status]
	if shown.Status != want || shown.Partial != (what == "a part of it") {
		return fmt.Errorf("the order is shown as %+v", shown)
	}
	return nil
}

func (w *world) nothingLeft(ctx context.Context) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	for _, p := range now.payments {
		if p.open() != 0 || p.kept() != 0 {
			return fmt.Errorf("of payment %s %d are open and %d kept", p.id, p.open(), p.kept())
		}
	}
	if !now.summary.Grand.IsZero() {
		return fmt.Errorf("the order is still worth %s", now.summary.Grand)
	}
	return nil
}
