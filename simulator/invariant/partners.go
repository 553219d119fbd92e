package invariant

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/loyalty"
	"github.com/somsim/somsim/simulator/tracking"
)

// points looks for points that an order of which nothing is left has kept: those it earned, and those it was paid with.
// What was taken back of a shopper who had spent them and what became of that debt are entries of their own.
func points(l *look) (wrong []string) {
	if l.left() {
		return nil
	}
	events := l.Loyalty.Events(l.tx, loyalty.EventFilter{OrderID: l.number})
	for _, e := range events {
		left := e.Points
		for _, other := range events {
			if other.Reverses == e.ID {
				left += other.Points
			}
		}
		switch {
		case e.Type == loyalty.AccumulatePoints && left > 0:
			says(&wrong, "nothing is left of it, and %d of the %d points it earned are not taken back", left, e.Points)
		case e.Type == loyalty.CreateReward && left < 0:
			says(&wrong, "nothing is left of it, and %d of the %d points that paid for it are not given back", -left, -e.Points)
		}
	}
	return wrong
}

// tracked compares the refund events that count with the changes that took units off the order, by their amounts. An
// order of which web analytics never heard is left alone.
func tracked(l *look) (wrong []string) {
	heard := false
	told := map[string]int{}
	for _, e := range l.Tracking.Events(l.tx, l.number) {
		switch {
		case e.Status != tracking.Accepted:
		case e.Name == tracking.Purchase:
			heard = true
		case e.Name == tracking.Refund && e.Value != nil:
			told[e.Value.StringFixed(2)]++
		}
	}
	if !heard {
		return nil
	}
	for _, worth := range l.takenOff() {
		told[worth.StringFixed(2)]--
	}
	for _, worth := range sorted(told) {
		switch n := told[worth]; {
		case n > 0:
			says(&wrong, "web analytics counts %d refunds of %s too many", n, worth)
		case n < 0:
			says(&wrong, "web analytics counts %d refunds of %s too few", -n, worth)
		}
	}
	return wrong
}

// takenOff is what each change order that cancelled or took back units was worth.
func (l *look) takenOff() []decimal.Decimal {
	var worth []decimal.Decimal
	seen := map[string]bool{}
	for _, change := range l.children("OrderItemSummaryChange", "OrderSummaryId", l.summary.ID) {
		item, ok := l.SOM.Rows(l.tx).Get(change.Text("ChangeOrderItemId"))
		if kind := change.Text("ChangeType"); !ok || kind != "Cancel" && kind != "Return" || seen[item.Text("OrderId")] {
			continue
		}
		seen[item.Text("OrderId")] = true
		if order, ok := l.SOM.Rows(l.tx).Get(item.Text("OrderId")); ok {
			worth = append(worth, l.amount(order, "GrandTotalAmount").Neg())
		}
	}
	return worth
}

func sorted(counts map[string]int) []string {
	keys := make([]string, 0, len(counts))
	for key := range counts {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
