package features

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// analyticsSteps are about what web analytics is told of an order that comes to nothing.
func (w *world) analyticsSteps() []step {
	return []step{
		{then, `^web analytics counts (no|\d+) (refund|purchase)s? of the (order|new order)(, though it was told more than once)?$`, w.counted},
		{then, `^web analytics counts the refund of (\d+) units? of "([^"]+)", worth what the shopper was told$`, w.refundOf},
	}
}

// tracked are the events of a name about an order that have come to something, such as being accepted.
func (w *world) tracked(ctx context.Context, name, orderNo, status string) ([]trackedEvent, error) {
	events, err := w.control.trackedAs(ctx, status)
	return slices.DeleteFunc(events, func(e trackedEvent) bool { return e.Name != name || e.OrderNo != orderNo }), err
}

// counted is how many events of a kind count. What web analytics was told again it is to have known for a repetition.
func (w *world) counted(ctx context.Context, wanted, name, order, again string) error {
	orderNo := w.orderNo
	if order == "new order" {
		orderNo = w.follow.newOrder
	}
	counts, err := w.tracked(ctx, name, orderNo, "accepted")
	if err != nil {
		return err
	}
	if wanted == "no" {
		wanted = "0"
	}
	if fmt.Sprint(len(counts)) != wanted {
		return fmt.Errorf("of order %s web analytics counts %+v", orderNo, counts)
	}
	repeated, err := w.tracked(ctx, name, orderNo, "duplicate")
	if err == nil && again != "" && len(repeated) == 0 {
		err = errors.New("web analytics was not told again")
	}
	return err
}

func (w *world) refundOf(ctx context.Context, quantity int, product string) error {
	counted, err := w.tracked(ctx, "refund", w.orderNo, "accepted")
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
