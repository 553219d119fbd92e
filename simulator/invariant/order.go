package invariant

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/slots"
)

func quantityParts(l *look) (wrong []string) {
	for _, i := range l.items {
		ordered, canceled := l.amount(i, "QuantityOrdered"), l.amount(i, "QuantityCanceled")
		allocated, fulfilled := l.amount(i, "QuantityAllocated"), l.amount(i, "QuantityFulfilled")
		initiated, returned := l.amount(i, "QuantityReturnInitiated"), l.amount(i, "QuantityReturned")
		parts := map[string]decimal.Decimal{
			"cancelled": canceled, "free": ordered.Sub(canceled).Sub(allocated), "in fulfilment": allocated.Sub(fulfilled),
			"kept by the shopper": fulfilled.Sub(initiated), "on the way back": initiated.Sub(returned), "returned": returned,
		}
		for name, n := range parts {
			if n.IsNegative() {
				says(&wrong, "%s of %s: %s units are %s", i.ID, i.Text("ProductCode"), n, name)
			}
		}
	}
	return wrong
}

func allocatedUnits(l *look) (wrong []string) {
	for _, i := range l.items {
		if stored, counted := l.amount(i, "QuantityAllocated"), l.onFulfillmentOrders[i.ID]; !stored.Equal(counted) {
			says(&wrong, "%s: %s units are allocated, fulfillment orders have %s", i.ID, stored, counted)
		}
	}
	return wrong
}

func cancelledUnits(l *look) (wrong []string) {
	for _, i := range l.items {
		if stored, counted := l.amount(i, "QuantityCanceled"), l.onRecord[i.ID]; !stored.Equal(counted) {
			says(&wrong, "%s: %s units are cancelled, change records have %s", i.ID, stored, counted)
		}
	}
	return wrong
}

func rollup(l *look) (wrong []string) {
	sum := decimal.Zero
	for _, i := range l.items {
		sum = sum.Add(l.amount(i, "TotalAmtWithTax"))
	}
	if worth := l.amount(l.summary, "GrandTotalAmount"); !worth.Equal(sum) {
		says(&wrong, "it is worth %s, its items %s", worth, sum)
	}
	return wrong
}

func oneState(l *look) (wrong []string) {
	if !l.inCommerce {
		says(&wrong, "commerce does not know it")
		return wrong
	}
	if cancelled := l.order.Status == b2c.Cancelled; cancelled == l.placed() {
		says(&wrong, "it is %s in commerce, and order management has units that are not cancelled: %t", l.order.Status, l.placed())
	}
	return wrong
}

// bookings holds each against the delivery groups that take slots of its type: what is collected has a slot of its own.
// One whose time is over takes nobody's room.
func bookings(l *look) (wrong []string) {
	for _, booking := range l.Slots.Bookings(l.tx, l.number) {
		slot, err := l.Slots.Slot(l.tx, booking.SlotID)
		if err != nil {
			says(&wrong, "booking %s is of slot %s, which does not exist", booking.ID, booking.SlotID)
			continue
		}
		if slot.End.Before(l.tx.Now()) {
			continue
		}
		if stands, left := booking.Status == slots.Booked, l.leftFor(slot.Type); stands != left {
			says(&wrong, "booking %s is %s, and units for %s are left: %t", booking.ID, booking.Status, slot.Type, left)
		}
	}
	return wrong
}

// pickupMethod is the reference number of the delivery method whose goods are collected.
const pickupMethod = "pickup"

// leftFor reports whether any unit is not cancelled whose delivery group takes slots of the type.
func (l *look) leftFor(kind slots.Type) bool {
	for _, item := range l.items {
		if item.Text("TypeCode") != "Product" || !l.amount(item, "QuantityNetOrdered").IsPositive() {
			continue
		}
		collected := false
		if group, ok := l.SOM.Rows(l.tx).Get(item.Text("OrderDeliveryGroupSummaryId")); ok {
			method, ok := l.SOM.Rows(l.tx).Get(group.Text("OrderDeliveryMethodId"))
			collected = ok && method.Text("ReferenceNumber") == pickupMethod
		}
		if collected == (kind == slots.Pickup) {
			return true
		}
	}
	return false
}

// oneLive looks for the orders that were placed to take the place of this one.
func oneLive(l *look) (wrong []string) {
	if !l.left() {
		return nil
	}
	for _, later := range l.followUps[l.number] {
		says(&wrong, "order %s is placed to take its place, and units of it are left", later)
	}
	return wrong
}

// heldFor is what inventory holds for some references, by product.
func (l *look) heldFor(references ...string) map[string]decimal.Decimal {
	held := map[string]decimal.Decimal{}
	for _, reference := range references {
		for _, reservation := range l.OCI.Reservations(l.tx, reference) {
			for _, holding := range l.OCI.Holdings(l.tx, reservation.ID) {
				addTo(held, holding.SKU, holding.Quantity)
			}
		}
	}
	return held
}

// reserved compares by product, wherever the units are reserved. An order that was never reserved is left alone, and so is
// what no inventory counts. What a follow-up basket holds, the order may have given up for it.
func reserved(l *look) (wrong []string) {
	if len(l.OCI.Reservations(l.tx, l.number)) == 0 {
		return nil
	}
	held, beside := l.heldFor(l.number), l.heldFor(l.modifying[l.number]...)
	open := map[string]decimal.Decimal{}
	for _, i := range l.items {
		if i.Text("TypeCode") == "Product" {
			left := l.amount(i, "QuantityOrdered").Sub(l.amount(i, "QuantityCanceled")).Sub(l.amount(i, "QuantityFulfilled"))
			addTo(open, i.Text("StockKeepingUnit"), left)
		}
	}
	for sku, n := range open {
		given := decimal.Max(decimal.Zero, decimal.Min(n.Sub(held[sku]), beside[sku]))
		if !held[sku].Add(given).Equal(n) && (l.OCI.Counts(l.tx, sku) || held[sku].IsPositive()) {
			says(&wrong, "%s units of %s are open, %s are reserved", n, sku, held[sku])
		}
	}
	return wrong
}
