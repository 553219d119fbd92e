package features

import (
	"context"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"
)

// togetherSteps are about lines that belong to others: parts of a bundle, options of a product and bonuses.
func (w *world) togetherSteps() []step {
	return []step{
		{then, `^the shopper is told that exactly "(\d+ [^"]+)" (?:is|are) (cancelled|taken back)$`, w.toldExactly},
		{then, `^order management has (cancelled|taken back) exactly "(\d+ [^"]+)"$`, w.goneExactly},
		{then, `^the shopper sees in the (storefront|app|web app) that "([^"]+)" belongs to "([^"]+)"( as a bonus)?$`, w.seesBelonging},
	}
}

// unitsByLine reads a list like "1 TEA-SET, 2 BOWL" as units of the order's lines.
func (w *world) unitsByLine(list string) (map[string]int, error) {
	amounts, err := parseList(list)
	if err != nil {
		return nil, err
	}
	items, err := w.wished(amounts)
	units := map[string]int{}
	for _, i := range items {
		units[i.ItemID] = i.Quantity
	}
	return units, err
}

func (w *world) toldExactly(_ context.Context, list, what string) error {
	got, err := w.latest()
	if err != nil || !got.done() && got.returned == nil {
		return errors.Join(err, fmt.Errorf("the answer is %s", got))
	}
	var items []cancelledItem
	switch {
	case what == "cancelled" && got.cancellation != nil:
		items = got.cancellation.Items
	case what == "taken back" && got.returned != nil:
		items = got.returned.Items
	}
	if c := got.cancellation; c != nil && (c.AlreadyCancelled || c.Whole != w.wholly(list)) {
		return fmt.Errorf("the answer says that the whole order is cancelled: %t, that it was already: %t", c.Whole, c.AlreadyCancelled)
	}
	told := map[string]decimal.Decimal{}
	for _, i := range items {
		told[i.LineID] = told[i.LineID].Add(i.Quantity)
	}
	return w.exactly(list, func(l summaryLine) decimal.Decimal { return told[l.ID] })
}

// wholly says that a list has every unit that the order had left.
func (w *world) wholly(list string) bool {
	units, err := w.unitsByLine(list)
	for _, l := range w.before.summary.products() {
		if !l.Ordered.Sub(l.Canceled).Equal(decimal.NewFromInt(int64(units[l.ID]))) {
			return false
		}
	}
	return err == nil
}

func (w *world) goneExactly(ctx context.Context, what, list string) error {
	if err := w.giveTime(ctx); err != nil {
		return err
	}
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	before := map[string]summaryLine{}
	for _, l := range w.before.summary.products() {
		before[l.ID] = l
	}
	after := map[string]summaryLine{}
	for _, l := range now.summary.products() {
		after[l.ID] = l
	}
	if what == "cancelled" {
		return w.recordedExactly(now, list)
	}
	return w.exactly(list, func(l summaryLine) decimal.Decimal {
		return after[l.ID].Returned.Sub(before[l.ID].Returned)
	})
}

// recordedExactly makes sure that the units of a list were cancelled and no others, each line's on one record.
func (w *world) recordedExactly(now snapshot, list string) error {
	units, err := w.unitsByLine(list)
	if err != nil {
		return err
	}
	want := map[string]decimal.Decimal{}
	for line, n := range units {
		want[line] = decimal.NewFromInt(int64(n))
	}
	return w.cancelRecords(now, want)
}

// exactly compares the units of every line with a list.
func (w *world) exactly(list string, of func(summaryLine) decimal.Decimal) error {
	units, err := w.unitsByLine(list)
	if err != nil {
		return err
	}
	for _, l := range w.before.summary.products() {
		if got := of(l); !got.Equal(decimal.NewFromInt(int64(units[l.ID]))) {
			return fmt.Errorf("%s units of %s, not %d", got, l.ProductCode, units[l.ID])
		}
	}
	return nil
}

func (w *world) seesBelonging(ctx context.Context, where, product, main, bonus string) error {
	order, err := w.sight(ctx, where)
	if err != nil {
		return err
	}
	i, err := order.item(product)
	if err != nil {
		return err
	}
	of, err := order.item(main)
	if err == nil && (i.DependsOn != of.ID || i.Bonus != (bonus != "") || of.DependsOn != "" || of.Bonus) {
		err = fmt.Errorf("%s is shown as %+v and %s as %+v", product, i, main, of)
	}
	return err
}
