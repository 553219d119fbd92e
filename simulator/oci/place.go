package oci

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Location is a place that has stock. Its id is what the vendor calls the external reference; in commerce it is the id
// of an inventory list.
type Location struct{ ID, Name string }

// Group is a set of locations that promise together. A location may be in several groups.
type Group struct {
	ID, Name    string
	LocationIDs []string
}

func (g Group) clone() Group {
	g.LocationIDs = slices.Clone(g.LocationIDs)
	return g
}

// Future is stock that is expected to arrive. It can be ordered already, but not shipped.
type Future struct {
	Quantity     decimal.Decimal
	ExpectedDate time.Time
}

// Record is the stock of a SKU at a location. What is reserved of it is not in it: that is the sum of the holdings there.
type Record struct {
	LocationID, SKU     string
	OnHand, SafetyStock decimal.Decimal
	// EffectiveDate is when OnHand was counted: what was fulfilled up to then is in the count already.
	EffectiveDate time.Time
	Futures       []Future
	// ExcludedGroups are groups of the location that may not promise this SKU of it.
	ExcludedGroups []string
}

func (r Record) clone() Record {
	r.Futures, r.ExcludedGroups = slices.Clone(r.Futures), slices.Clone(r.ExcludedGroups)
	return r
}

func recordKey(locationID, sku string) string { return locationID + "\x01" + sku }

// Kind says what a place is.
type Kind string

// A reservation at a group is soft: no location is chosen yet. At a location it is hard.
const (
	AtLocation Kind = "location"
	AtGroup    Kind = "group"
)

// Place is where something is reserved.
type Place struct {
	Kind Kind
	ID   string
}

// LocationPlace names a location.
func LocationPlace(id string) Place { return Place{AtLocation, id} }

// GroupPlace names a location group.
func GroupPlace(id string) Place { return Place{AtGroup, id} }

func (p Place) String() string { return string(p.Kind) + " " + p.ID }

func (p Place) key(sku string) string { return string(p.Kind) + "\x01" + p.ID + "\x01" + sku }

// AddLocation stores a location.
func (o *OCI) AddLocation(tx *sandbox.Tx, l Location) error {
	if l.ID == "" {
		return fmt.Errorf("add location %q: it needs an id", l.Name)
	}
	o.locations.Put(tx.Tx, l)
	return nil
}

// AddGroup stores a location group; its locations have to exist.
func (o *OCI) AddGroup(tx *sandbox.Tx, g Group) error {
	if g.ID == "" || len(g.LocationIDs) == 0 {
		return fmt.Errorf("add location group %q: it needs an id and locations", g.ID)
	}
	for _, id := range g.LocationIDs {
		if _, ok := o.locations.Peek(tx.Tx, id); !ok {
			return fmt.Errorf("add location group %s: there is no location %q", g.ID, id)
		}
	}
	o.groups.Put(tx.Tx, g)
	return nil
}

// SetStock stores what was counted of a SKU at a location, replacing an earlier count. A zero effective date is now.
func (o *OCI) SetStock(tx *sandbox.Tx, r Record) error {
	if _, ok := o.locations.Peek(tx.Tx, r.LocationID); !ok || r.SKU == "" {
		return fmt.Errorf("set stock of %q: there is no location %q", r.SKU, r.LocationID)
	}
	if r.OnHand.IsNegative() || r.SafetyStock.IsNegative() {
		return fmt.Errorf("set stock of %s at %s: on hand %s, safety stock %s", r.SKU, r.LocationID, r.OnHand, r.SafetyStock)
	}
	for _, f := range r.Futures {
		if !f.Quantity.IsPositive() || f.ExpectedDate.IsZero() {
			return fmt.Errorf("set stock of %s at %s: a future of %s at %s", r.SKU, r.LocationID, f.Quantity, f.ExpectedDate)
		}
	}
	if r.EffectiveDate.IsZero() {
		r.EffectiveDate = tx.Now()
	}
	r.EffectiveDate = r.EffectiveDate.UTC()
	o.records.Put(tx.Tx, r)
	return nil
}

// Counts says that some location keeps count of a SKU. What is sold without being goods, such as a gift certificate, is
// counted nowhere.
func (o *OCI) Counts(tx *sandbox.Tx, sku string) bool {
	found := false
	o.records.Scan(tx.Tx, func(r *Record) bool {
		found = r.SKU == sku
		return !found
	})
	return found
}

// Group returns the location group of that id. The error has the code [LocationNotFound].
func (o *OCI) Group(tx *sandbox.Tx, id string) (Group, error) {
	g, ok := o.groups.Get(tx.Tx, id)
	if !ok {
		return Group{}, refuse(LocationNotFound, "oci.place.known", "there is no location group %s", id)
	}
	return g, nil
}

// Location returns the location of that id. The error has the code [LocationNotFound].
func (o *OCI) Location(tx *sandbox.Tx, id string) (Location, error) {
	l, ok := o.locations.Get(tx.Tx, id)
	if !ok {
		return Location{}, refuse(LocationNotFound, "oci.place.known", "there is no location %s", id)
	}
	return l, nil
}

// Ungrouped returns the ids of the locations that are in no group.
func (o *OCI) Ungrouped(tx *sandbox.Tx) []string {
	var ids []string
	o.locations.Scan(tx.Tx, func(l *Location) bool {
		if len(o.groups.PeekList(tx.Tx, "location", l.ID)) == 0 {
			ids = append(ids, l.ID)
		}
		return true
	})
	return ids
}

// SKUs returns what any of the locations has a record of, sorted.
func (o *OCI) SKUs(tx *sandbox.Tx, locationIDs ...string) []string {
	var skus []string
	for _, id := range locationIDs {
		for _, r := range o.records.PeekList(tx.Tx, "location", id) {
			skus = append(skus, r.SKU)
		}
	}
	slices.Sort(skus)
	return slices.Compact(skus)
}

// known refuses a place that does not exist, or that has no record of the SKU.
func (o *OCI) known(tx *sandbox.Tx, p Place, sku string) *Error {
	var members []string
	switch p.Kind {
	case AtGroup:
		if g, ok := o.groups.Peek(tx.Tx, p.ID); ok {
			members = g.LocationIDs
		}
	case AtLocation:
		if l, ok := o.locations.Peek(tx.Tx, p.ID); ok {
			members = []string{l.ID}
		}
	}
	if members == nil {
		return refuse(LocationNotFound, "oci.place.known", "there is no %s", p)
	}
	for _, id := range members {
		if _, ok := o.records.Peek(tx.Tx, recordKey(id, sku)); ok && (p.Kind == AtLocation || o.counts(tx, p.ID, id, sku)) {
			return nil
		}
	}
	return refuse(SKUNotFound, "oci.sku.known", "%s has no inventory record of %s", p, sku)
}
