package features

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"
)

func (w *world) quantitySteps() []step {
	return []step{
		{then, `^it would come to "([\d.]+)", of which "([\d.]+)" are the share of the delivery fee$`, w.wouldComeTo},
		{then, `^the line of "([^"]+)" is (?:cancelled, with nothing|still ordered, with (\d+) units?) to pay for$`, w.lineLeft},
		{then, `^the change order is worth the opposite of what the shopper was told$`, w.changeOrderOpposite},
		{then, `^what the shopper was told adds up to what was (?:cancelled|returned), to the cent(, and no unit differs by more than that)?$`, w.addsUp},
	}
}

func (w *world) wouldComeTo(_ context.Context, total, delivery string) error {
	if w.estimate.Total.StringFixed(2) != total || w.estimate.Delivery.StringFixed(2) != delivery {
		return fmt.Errorf("it would come to %s, of which %s", w.estimate.Total, w.estimate.Delivery)
	}
	return nil
}

// lineOf is the order's line of a product now.
func (w *world) lineOf(ctx context.Context, product string) (summaryLine, error) {
	now, err := w.now(ctx)
	if err != nil {
		return summaryLine{}, err
	}
	for _, l := range now.summary.products() {
		if l.ProductCode == product {
			return l, nil
		}
	}
	return summaryLine{}, fmt.Errorf("the order has no %s", product)
}

// lineLeft is about a line of which units are left, or without a number none.
func (w *world) lineLeft(ctx context.Context, product, units string) error {
	l, err := w.lineOf(ctx, product)
	switch {
	case err != nil:
		return err
	case units == "" && (l.Status != "CANCELED" || !l.Net.IsZero() || !l.Total.IsZero() || !l.Free.IsZero()),
		units != "" && (l.Status != "ORDERED" || l.Net.String() != units || !l.Total.IsPositive()):
		return fmt.Errorf("the line is %+v", l)
	}
	return nil
}

func (w *world) changeOrderOpposite(ctx context.Context) error {
	got, err := w.latest()
	if err != nil || !got.done() {
		return fmt.Errorf("the answer is %s (%w)", got, err)
	}
	type order struct {
		Worth decimal.Decimal `json:"GrandTotalAmount"`
	}
	found, err := find[order](ctx, w.office, "SELECT GrandTotalAmount FROM Order WHERE Id = '"+got.cancellation.ChangeOrderID+"'")
	if err == nil && (len(found) != 1 || !found[0].Worth.IsNegative() || !found[0].Worth.Neg().Equal(got.cancellation.Refund)) {
		err = fmt.Errorf("the shopper was told of %s, the change orders are %+v", got.cancellation.Refund, found)
	}
	return err
}

// addsUp compares what was told of each unit with what the units cost together.
func (w *world) addsUp(ctx context.Context, alike string) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	sum := decimal.Zero
	least, most := decimal.Zero, decimal.Zero
	for i, a := range w.answers {
		if !a.done() {
			return fmt.Errorf("one answer is %s", a)
		}
		told := a.refund()
		sum = sum.Add(told)
		if i == 0 {
			least, most = told, told
		}
		least, most = decimal.Min(least, told), decimal.Max(most, told)
	}
	if worth := w.before.summary.Grand.Sub(now.summary.Grand); !sum.Equal(worth) {
		return fmt.Errorf("the shopper was told of %s in all, the units were worth %s", sum, worth)
	}
	if alike != "" && most.Sub(least).GreaterThan(decimal.New(1, -2)) {
		return fmt.Errorf("one unit is worth %s, another %s", least, most)
	}
	return nil
}
