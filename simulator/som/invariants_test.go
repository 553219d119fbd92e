package som

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// checkInvariants proves what must hold after every change: counters in their bounds, statuses and totals equal to what
// the lines say, and current money equal to the original order plus its change orders.
func (o testOrder) checkInvariants() {
	o.t.Helper()
	o.read(func(tx *sandbox.Tx, s *orderSummary) {
		o.checkItems(s)
		o.checkTotals(s)
		o.checkHistory(tx, s)
	})
}

func (o testOrder) checkItems(s *orderSummary) {
	o.t.Helper()
	for _, i := range s.items {
		q := i.quantities()
		for name, n := range map[string]decimal.Decimal{
			"canceled": q.Canceled, "allocated": q.Allocated, "fulfilled": q.Fulfilled, "available": q.available(),
			"allocated minus fulfilled": q.Allocated.Sub(q.Fulfilled), "quantity": q.quantity(),
		} {
			if n.IsNegative() {
				o.t.Errorf("item %s: %s is %s", i.ID, name, n)
			}
		}
		if want := string(q.status()); i.Text("Status") != want {
			o.t.Errorf("item %s: status is %s, counters say %s", i.ID, i.Text("Status"), want)
		}
		if q.quantity().IsZero() && !i.amounts().withTax().IsZero() {
			o.t.Errorf("item %s: nothing left of it but %s", i.ID, i.amounts().withTax())
		}
		if i.amounts().price().IsNegative() || i.amounts().tax().IsNegative() {
			o.t.Errorf("item %s is worth less than nothing: %+v", i.ID, i.amounts())
		}
	}
}

func (o testOrder) checkTotals(s *orderSummary) {
	o.t.Helper()
	s.rollUp()
	for _, r := range append(append([]*row{s.row}, s.groups...), s.adjustmentGroups...) {
		if r.changed {
			o.t.Errorf("%s %s was not rolled up", r.Object, r.ID)
		}
	}
	for _, i := range s.items {
		if i.changed {
			o.t.Errorf("%s %s was not rolled up", i.Object, i.ID)
		}
	}
	want := s.grandTotal()
	if got := o.shown(&s.Record, "GrandTotalAmount"); got != want.String() {
		o.t.Errorf("GrandTotalAmount is %s, items are worth %s", got, want)
	}
}

func (o testOrder) checkHistory(tx *sandbox.Tx, s *orderSummary) {
	o.t.Helper()
	original, _ := o.find(tx, objOrder, s.Text("OriginalOrderId"))
	worth := dec(o.shown(original, "GrandTotalAmount"))
	for _, change := range o.Rows(tx).children(objOrder, "RelatedOrderId", original.ID) {
		worth = worth.Add(dec(o.shown(change, "GrandTotalAmount")))
		items := decimal.Zero
		for _, item := range o.Rows(tx).children(objOrderItem, "OrderId", change.ID) {
			items = items.Add(readAmounts(item).withTax())
		}
		if got := dec(o.shown(change, "GrandTotalAmount")); !got.Equal(items) {
			o.t.Errorf("change order %s says %s, its items %s", change.ID, got, items)
		}
	}
	if got := s.grandTotal(); !got.Equal(worth) {
		o.t.Errorf("the order is worth %s, original and changes say %s", got, worth)
	}
}
