// Package invariant lists what must hold between the simulated systems once nothing is owed any more. Each truth has an
// id that reports and tests name. A deviation is allowed only where an open work item of the service names it; to judge
// that is the caller's, who knows the service.
package invariant

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/preset"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// Violation is one thing that contradicts an invariant.
type Violation struct {
	// Invariant is the id of the truth, Entity what contradicts it, Detail how.
	Invariant, Entity, Detail string
}

// Invariant is one truth.
type Invariant struct {
	ID, Text string
	check    func(l *look) []string
}

// All lists the invariants.
func All() []Invariant {
	return append([]Invariant{
		{"som.quantity.parts", "no quantity of an order item summary is negative, and none is larger than what it is a part of", quantityParts},
		{"som.quantity.allocated", "the units allocated are those on fulfillment orders", allocatedUnits},
		{"som.quantity.changes", "the units cancelled are those on change records", cancelledUnits},
		{"som.money.rollup", "an order summary is worth what its items are worth", rollup},
		{"money.worth", "what the payment platform holds for an order is what the order is worth, the fees of its changes included", moneyWorth},
		{"money.kept", "what was kept for points that were spent is booked as a fee", keptBooked},
		{"money.closed", "no authorisation is open for an order of which nothing is left, or everything has arrived", closedMoney},
		{"order.one-state", "no order is cancelled in commerce and open in order management, or the other way round", oneState},
		{"order.one-live", "nothing is left of an order once another one is placed that was to take its place", oneLive},
		{"oci.reserved", "inventory has reserved for an order what is neither cancelled nor fulfilled of it", reserved},
		{"som.money.recorded", "order management knows of all money that moved back at the payment platform", recorded},
		{"som.money.row", "each operation of the payment platform has exactly one row in order management, of its amount", oneRow},
		{"slots.booking", "a booking stands exactly as long as something of its order is left that is delivered, or collected, in slots of its type", bookings},
		{"loyalty.order", "an order of which nothing is left has kept none of the points that it earned or was paid with", points},
		{"tracking.once", "web analytics counts one refund for each cancel or return of an order whose purchase it counted, and no other", tracked},
	}, globals()...)
}

// Check looks at every order of a sandbox and returns what contradicts an invariant, in the order of the orders.
func Check(d preset.Domains, tx *sandbox.Tx) []Violation {
	var found []Violation
	followUps, modifying := d.B2C.FollowUps(tx), d.B2C.Modifying(tx)
	truths := All()
	for _, summary := range summaries(d, tx) {
		l := &look{Domains: d, tx: tx, summary: summary, number: summary.Text("OrderNumber"), followUps: followUps, modifying: modifying}
		l.gather()
		for _, truth := range truths {
			if truth.check == nil {
				continue
			}
			for _, detail := range truth.check(l) {
				found = append(found, Violation{truth.ID, "order " + l.number, detail})
			}
		}
	}
	return append(found, everywhere(d, tx)...)
}

func summaries(d preset.Domains, tx *sandbox.Tx) []*sobject.Record {
	var all []*sobject.Record
	d.SOM.Rows(tx).Scan("OrderSummary", func(r *sobject.Record) bool {
		if r.Text("OrderLifeCycleType") != "UNMANAGED" {
			clone := r.Clone()
			all = append(all, &clone)
		}
		return true
	})
	return all
}

// look is one order as all systems see it.
type look struct {
	preset.Domains
	tx      *sandbox.Tx
	number  string
	summary *sobject.Record
	items   []*sobject.Record
	// onFulfillmentOrders and onRecord are units by order item summary.
	onFulfillmentOrders, onRecord map[string]decimal.Decimal
	// paid and unknown are what payments finds.
	paid       []paymentOf
	unknown    []string
	order      b2c.Order
	inCommerce bool
	// followUps are the placed orders that were to take the place of others, by the numbers of those.
	followUps map[string][]string
	// modifying are the baskets that are to take the place of orders, by the numbers of those.
	modifying map[string][]string
}

func (l *look) gather() {
	l.paid, l.unknown = l.payments()
	l.items = l.children("OrderItemSummary", "OrderSummaryId", l.summary.ID)
	l.onFulfillmentOrders, l.onRecord = map[string]decimal.Decimal{}, map[string]decimal.Decimal{}
	for _, fo := range l.children("FulfillmentOrder", "OrderSummaryId", l.summary.ID) {
		if category := fo.Text("StatusCategory"); category == "CANCELLED" || category == "REJECTED" || category == "DRAFT" {
			continue
		}
		for _, line := range l.children("FulfillmentOrderLineItem", "FulfillmentOrderId", fo.ID) {
			addTo(l.onFulfillmentOrders, line.Text("OrderItemSummaryId"), l.amount(line, "Quantity"))
		}
	}
	for _, item := range l.items {
		for _, change := range l.children("OrderItemSummaryChange", "OrderItemSummaryId", item.ID) {
			if changed, ok := l.SOM.Rows(l.tx).Get(change.Text("ChangeOrderItemId")); ok && cancels(change, l.amount(changed, "Quantity")) {
				addTo(l.onRecord, item.ID, l.amount(changed, "Quantity").Neg())
			}
		}
	}
	order, err := l.B2C.Order(l.tx, b2c.Reader{}, l.number)
	l.order, l.inCommerce = order, err == nil
}

// cancels says whether a change record takes units off an item: a cancel does, and a change of the item to fewer.
func cancels(change *sobject.Record, quantity decimal.Decimal) bool {
	kind := change.Text("ChangeType")
	return kind == "Cancel" || kind == "Modify" && quantity.IsNegative()
}

func addTo(sums map[string]decimal.Decimal, key string, n decimal.Decimal) {
	sums[key] = sums[key].Add(n)
}

func (l *look) children(object, field, id string) []*sobject.Record {
	return l.SOM.Rows(l.tx).Lookup(object, field, id)
}

// amount reads a numeric field, formulas included; null is zero.
func (l *look) amount(r *sobject.Record, name string) decimal.Decimal {
	object, ok := l.SOM.Catalog().Object(r.Object)
	if !ok {
		return decimal.Zero
	}
	field, ok := object.Field(name)
	if !ok {
		return decimal.Zero
	}
	n, _ := l.SOM.Catalog().Value(r, field).(decimal.Decimal)
	return n
}

// left reports whether any unit of a product is neither cancelled nor returned.
func (l *look) left() bool {
	for _, item := range l.items {
		if item.Text("TypeCode") == "Product" && l.amount(item, "Quantity").IsPositive() {
			return true
		}
	}
	return false
}

// placed says that units of the order are not cancelled; those that came back count.
func (l *look) placed() bool {
	for _, item := range l.items {
		if item.Text("TypeCode") == "Product" && l.amount(item, "QuantityNetOrdered").IsPositive() {
			return true
		}
	}
	return false
}

func says(list *[]string, format string, args ...any) {
	*list = append(*list, fmt.Sprintf(format, args...))
}
