package oci

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Figures are the stock of a SKU at a place, added up.
type Figures struct {
	SKU string
	// Exists is false when the place has no record of the SKU; all figures are zero then.
	Exists                        bool
	OnHand, Reserved, SafetyStock decimal.Decimal
	EffectiveDate                 time.Time
	Futures                       []Future
}

// AvailableToFulfill is what could be shipped now: on hand less reserved less safety stock.
func (f Figures) AvailableToFulfill() decimal.Decimal {
	return f.OnHand.Sub(f.Reserved).Sub(f.SafetyStock)
}

// AvailableToOrder is what could be promised: as [Figures.AvailableToFulfill], with what is expected.
func (f Figures) AvailableToOrder() decimal.Decimal {
	sum := f.AvailableToFulfill()
	for _, future := range f.Futures {
		sum = sum.Add(future.Quantity)
	}
	return sum
}

// LocationFigures returns the stock of a SKU at a location. Reservations at its groups do not show in it.
func (o *OCI) LocationFigures(tx *sandbox.Tx, locationID, sku string) Figures {
	r, ok := o.records.Get(tx.Tx, recordKey(locationID, sku))
	if !ok {
		return Figures{SKU: sku}
	}
	return Figures{
		SKU: sku, Exists: true, OnHand: r.OnHand, SafetyStock: r.SafetyStock, EffectiveDate: r.EffectiveDate,
		Futures: r.Futures, Reserved: o.held(tx, LocationPlace(locationID), sku),
	}
}

// GroupFigures returns the stock of a SKU in a location group: the sums over its locations, with what is reserved at the
// group itself and what other groups need of the locations they share with it.
func (o *OCI) GroupFigures(tx *sandbox.Tx, g Group, sku string) Figures {
	sum := Figures{SKU: sku, Reserved: o.held(tx, GroupPlace(g.ID), sku).Add(o.spill(tx, g, sku))}
	for _, id := range g.LocationIDs {
		f := o.LocationFigures(tx, id, sku)
		if !o.counts(tx, g.ID, id, sku) {
			continue
		}
		sum.Exists = true
		sum.OnHand, sum.Reserved, sum.SafetyStock = sum.OnHand.Add(f.OnHand), sum.Reserved.Add(f.Reserved), sum.SafetyStock.Add(f.SafetyStock)
		sum.Futures = append(sum.Futures, f.Futures...)
		if f.EffectiveDate.After(sum.EffectiveDate) {
			sum.EffectiveDate = f.EffectiveDate
		}
	}
	slices.SortStableFunc(sum.Futures, func(a, b Future) int { return a.ExpectedDate.Compare(b.ExpectedDate) })
	return sum
}

// spill is what other groups have promised beyond what the locations they have for themselves can meet, so that it
// falls to the locations shared with g: a group uses the least shared locations first.
func (o *OCI) spill(tx *sandbox.Tx, g Group, sku string) decimal.Decimal {
	sum := decimal.Zero
	for _, other := range o.neighbours(tx, g) {
		rest := o.held(tx, GroupPlace(other.ID), sku)
		for _, id := range other.LocationIDs {
			if !slices.Contains(g.LocationIDs, id) && o.counts(tx, other.ID, id, sku) {
				rest = rest.Sub(decimal.Max(decimal.Zero, o.LocationFigures(tx, id, sku).AvailableToOrder()))
			}
		}
		sum = sum.Add(decimal.Max(decimal.Zero, rest))
	}
	return sum
}

// neighbours are the other groups that have a location of g.
func (o *OCI) neighbours(tx *sandbox.Tx, g Group) []*Group {
	var found []*Group
	for _, id := range g.LocationIDs {
		for _, other := range o.groups.PeekList(tx.Tx, "location", id) {
			if other.ID != g.ID && !slices.Contains(found, other) {
				found = append(found, other)
			}
		}
	}
	return found
}

// held is what is reserved of a SKU at a place itself.
func (o *OCI) held(tx *sandbox.Tx, p Place, sku string) decimal.Decimal {
	sum, _ := o.sums.Get(tx.Tx, p.key(sku))
	return sum.Quantity
}

// open is what can still be promised of a SKU at a place. At a location it is no more than its groups can spare: their
// own promises come first.
func (o *OCI) open(tx *sandbox.Tx, p Place, sku string) decimal.Decimal {
	if p.Kind == AtGroup {
		g, _ := o.groups.Get(tx.Tx, p.ID)
		return o.GroupFigures(tx, g, sku).AvailableToOrder()
	}
	least := o.LocationFigures(tx, p.ID, sku).AvailableToOrder()
	for _, g := range o.groups.List(tx.Tx, "location", p.ID) {
		if !o.counts(tx, g.ID, p.ID, sku) {
			continue
		}
		least = decimal.Min(least, o.GroupFigures(tx, g, sku).AvailableToOrder())
	}
	return least
}
