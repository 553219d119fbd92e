package features

import (
	"context"
	"fmt"
)

func (w *world) orderSteps() []step {
	return []step{
		{given, `^the (unallocated|allocated|partly allocated) order "([^"]+)" of "([^"]+)"$`, w.theOrder},
	}
}

// open logs the shopper in and begins with the order as it is.
func (w *world) open(ctx context.Context, orderNo, shopper string) error {
	if err := w.shopper.logIn(ctx, shopper); err != nil {
		return err
	}
	w.orderNo = orderNo
	err := w.remember(ctx)
	w.start, w.settled = w.before, w.before.summary
	return err
}

// theOrder makes sure that the order is what the scenario takes it for.
func (w *world) theOrder(ctx context.Context, state, orderNo, shopper string) error {
	if err := w.open(ctx, orderNo, shopper); err != nil {
		return err
	}
	if got := w.before.summary.allocation(); got != state {
		return fmt.Errorf("order %s is %s", orderNo, got)
	}
	return nil
}

// allocation says in a word how much of the order warehouses hold.
func (s orderSummary) allocation() string {
	all, none := true, true
	for _, l := range s.products() {
		if l.Canceled.IsPositive() || l.Fulfilled.IsPositive() {
			return "partly cancelled or shipped"
		}
		all = all && l.Allocated.Equal(l.Ordered)
		none = none && l.Allocated.IsZero()
	}
	switch {
	case none:
		return "unallocated"
	case all:
		return "allocated"
	default:
		return "partly allocated"
	}
}
