package warehouse

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

type row = sobject.Record

// pickupMethod is the reference number of the delivery method whose goods are collected.
const pickupMethod = "pickup"

// children lists the living rows of an object whose reference field holds the id.
func (w *Warehouse) children(tx *sandbox.Tx, object, field, id string) []*row {
	return slices.DeleteFunc(slices.Clone(w.SOM.Rows(tx).Lookup(object, field, id)), func(r *row) bool { return r.Bool("IsDeleted") })
}

// get finds a living row by its id.
func (w *Warehouse) get(tx *sandbox.Tx, id string) (*row, bool) {
	r, ok := w.SOM.Rows(tx).Get(id)
	return r, ok && !r.Bool("IsDeleted")
}

// number reads a numeric field, formulas included; null is zero.
func (w *Warehouse) number(r *row, name string) decimal.Decimal {
	object, ok := w.SOM.Catalog().Object(r.Object)
	if !ok {
		return decimal.Zero
	}
	field, ok := object.Field(name)
	if !ok {
		return decimal.Zero
	}
	n, _ := w.SOM.Catalog().Value(r, field).(decimal.Decimal)
	return n
}

// units is a whole number of units; what is broken is not counted.
func (w *Warehouse) units(r *row, name string) int64 { return w.number(r, name).IntPart() }

func whole(n int64) decimal.Decimal { return decimal.NewFromInt(n) }

// isProduct tells goods from charges and fees.
func isProduct(r *row) bool { return r.Text("TypeCode") == "Product" }

// isPickup reports whether the goods of a delivery method are collected.
func (w *Warehouse) isPickup(tx *sandbox.Tx, deliveryMethodID string) bool {
	method, ok := w.get(tx, deliveryMethodID)
	return ok && method.Text("ReferenceNumber") == pickupMethod
}

// goods are the lines of a fulfillment order that still have units of products.
func (w *Warehouse) goods(tx *sandbox.Tx, fulfillmentOrderID string) []*row {
	return slices.DeleteFunc(w.children(tx, "FulfillmentOrderLineItem", "FulfillmentOrderId", fulfillmentOrderID), func(l *row) bool {
		return !isProduct(l) || !l.Decimal("Quantity").IsPositive()
	})
}

// skuOf is the stock keeping unit of the item that a line fulfils.
func (w *Warehouse) skuOf(tx *sandbox.Tx, line *row) string {
	item, _ := w.get(tx, line.Text("OrderItemSummaryId"))
	if item == nil {
		return ""
	}
	return item.Text("StockKeepingUnit")
}

// reference is the external reference of a location, by which inventory knows it.
func (w *Warehouse) reference(tx *sandbox.Tx, locationID string) string {
	l, _ := w.get(tx, locationID)
	if l == nil {
		return ""
	}
	return l.Text("ExternalReference")
}
