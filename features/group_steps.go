package features

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"
)

func (w *world) groupSteps() []step {
	return []step{
		{then, `^the delivery fee (comes back|is still to be paid)$`, w.feeOutcome},
		{then, `^order management has noted that the delivery fee was given back$`, w.feeNoted},
		{then, `^the shopper sees in the (storefront|app|web app) that the order is (confirmed|partly shipped|cancelled), and (a part of it|nothing else) was cancelled$`, w.seesStatus},
	}
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

// feeOutcome is about a fee that there was.
func (w *world) feeOutcome(ctx context.Context, how string) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	was, is, want := w.before.summary.fees(), now.summary.fees(), decimal.Zero
	if how != "comes back" {
		want = was
	}
	if !was.IsPositive() || !is.Equal(want) {
		return fmt.Errorf("the fee was %s and is %s", was, is)
	}
	return nil
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

// seesStatus reads the status within what order management knows of the order.
func (w *world) seesStatus(ctx context.Context, where, status, what string) error {
	shown, err := w.sight(ctx, where)
	want := map[string]string{"confirmed": "confirmed", "partly shipped": "partially_shipped", "cancelled": "cancelled"}[status]
	if err == nil && (shown.Status != want || shown.Partial != (what == "a part of it")) {
		err = fmt.Errorf("the order is shown as %s, cancelled in part: %t", shown.Status, shown.Partial)
	}
	return err
}
