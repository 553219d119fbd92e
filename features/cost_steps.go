package features

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"
)

// toldBothAmounts adds the lines up: what makes the difference is told line by line, but for its tax.
func (w *world) toldBothAmounts(context.Context) error {
	told := w.follow.told
	lines := decimal.Zero
	for _, d := range told.PriceDeltas {
		lines = lines.Add(d.After).Sub(d.Before)
	}
	switch {
	case !told.Before.Equal(w.before.summary.Grand), !told.After.Sub(told.Before).Equal(told.Difference), told.Difference.IsZero():
		return fmt.Errorf("the order costs %s; the shopper was told of %s, %s and %s", w.before.summary.Grand, told.Before, told.After, told.Difference)
	case lines.Sign() != told.Difference.Sign(), lines.Abs().GreaterThan(told.Difference.Abs()):
		return fmt.Errorf("the lines make %s of the difference of %s", lines, told.Difference)
	}
	return nil
}

func (w *world) toldSameCost(context.Context) error {
	told := w.follow.told
	if !told.Before.Equal(w.before.summary.Grand) || !told.After.Equal(told.Before) || !told.Difference.IsZero() {
		return fmt.Errorf("the order costs %s; the shopper was told of %s, %s and %s", w.before.summary.Grand, told.Before, told.After, told.Difference)
	}
	return nil
}

func (w *world) basketCostsAsTold(ctx context.Context) error {
	b, err := w.shopper.current(ctx, w.orderNo)
	if err == nil && !b.Total.Equal(w.follow.told.After) {
		err = fmt.Errorf("the basket costs %s, the shopper was told of %s", b.Total, w.follow.told.After)
	}
	return err
}
