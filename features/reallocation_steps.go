package features

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/shopspring/decimal"
)

func (w *world) reallocationSteps() []step {
	return []step{
		{when, `^the warehouse takes the units on again$`, w.takeOnAgain},
		{then, `^the same places hold the same units again$`, w.samePlaces},
	}
}

// cancelRefused is order management's word for why it refuses.
const cancelRefused = "INVALID_INPUT"

// takeOnAgain has the warehouse get back by itself what it had lost.
func (w *world) takeOnAgain(ctx context.Context) (err error) {
	list := w.before.summary.Fulfillments.Records
	if len(list) == 0 {
		return errors.New("the warehouse had nothing of the order")
	}
	places, err := find[location](ctx, w.office, "SELECT Id FROM Location WHERE ExternalReference = '"+list[0].Location.Reference+"'")
	if err != nil || len(places) != 1 {
		return errors.Join(err, fmt.Errorf("there are %d places %s", len(places), list[0].Location.Reference))
	}
	if w.refusal, err = w.office.handTo(ctx, w.before.summary, places[0], w.before.summary.ordered()); err != nil {
		return err
	}
	return w.officeSucceeded(ctx)
}

// places are the units that each location holds of each line, as text, so that equal numbers are equal.
func (s orderSummary) places() map[string]string {
	held := map[string]decimal.Decimal{}
	for _, f := range s.Fulfillments.Records {
		for _, l := range f.Lines.Records {
			if f.holds() && l.Quantity.IsPositive() {
				key := f.Location.Reference + " " + l.LineID
				held[key] = held[key].Add(l.Quantity)
			}
		}
	}
	text := map[string]string{}
	for key, units := range held {
		text[key] = units.String()
	}
	return text
}

func (w *world) samePlaces(ctx context.Context) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	if before, after := w.before.summary.places(), now.summary.places(); len(before) == 0 || !reflect.DeepEqual(before, after) {
		return fmt.Errorf("by place and line %v were held, and are %v", before, after)
	}
	return nil
}

// onlyFulfillments compares with the beginning all but the fulfillment orders, of which some are new.
func (w *world) onlyFulfillments(ctx context.Context) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	before := w.before
	if reflect.DeepEqual(before.summary.Fulfillments, now.summary.Fulfillments) {
		return fmt.Errorf("the fulfillment orders are the same as before")
	}
	before.summary.Fulfillments, now.summary.Fulfillments = rows[fulfillment]{}, rows[fulfillment]{}
	if !reflect.DeepEqual(before, now) {
		return fmt.Errorf("the order was\n%+v\nand is\n%+v", before, now)
	}
	return nil
}
