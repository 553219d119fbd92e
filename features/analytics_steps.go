package features

import (
	"context"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"
)

// analyticsSteps are about what web analytics is told of an order that comes to nothing.
func (w *world) analyticsSteps() []step {
	return []step{
		{then, `^web analytics counts (no|\d+) refunds? of the order$`, w.refundsCounted},
		{then, `^web analytics was told of the refund more than once$`, w.refundToldAgain},
		{then, `^web analytics counts the refund of (\d+) units? of "([^"]+)", worth what the shopper was told$`, w.refundOf},
	}
}

// refunds are the events of refunds of the order that have come to something, such as being accepted.
func (w *world) refunds(ctx context.Context, status string) ([]trackedEvent, error) {
	events, err := w.control.trackedAs(ctx, status)
	var refunds []trackedEvent
	for _, e := range events {
		if e.Name == "refund" && e.OrderNo == w.orderNo {
			refunds = append(refunds, e)
		}
	}
	return refunds, err
}

func (w *world) refundsCounted(ctx context.Context, wanted string) error {
	counted, err := w.refunds(ctx, "accepted")
	if wanted == "no" {
		wanted = "0"
	}
	if err == nil && fmt.Sprint(len(counted)) != wanted {
		err = fmt.Errorf("web analytics counts %+v", counted)
	}
	return err
}

// refundToldAgain holds when what came again was known for a repetition.
func (w *world) refundToldAgain(ctx context.Context) error {
	again, err := w.refunds(ctx, "duplicate")
	if err == nil && len(again) == 0 {
		err = errors.New("web analytics was not told again")
	}
	return err
}

func (w *world) refundOf(ctx context.Context, quantity int, product string) error {
	counted, err := w.refunds(ctx, "accepted")
	if err != nil {
		return err
	}
	got, err := w.latest()
	if err != nil || !got.done() {
		return errors.Join(err, fmt.Errorf("the shopper was told %s", got))
	}
	if len(counted) != 1 || len(counted[0].Items) != 1 || !counted[0].Value.Equal(got.refund()) {
		return fmt.Errorf("web analytics counts %+v, the shopper was told of %s", counted, got.refund())
	}
	if item := counted[0].Items[0]; item.ID != product || !item.Quantity.Equal(decimal.NewFromInt(int64(quantity))) {
		return fmt.Errorf("web analytics counts %+v", counted)
	}
	return nil
}
