package oci

import (
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// cacheLife is for how long the cache of availability answers what it has seen. The vendor promises no time.
const cacheLife = time.Minute

// cachedFigures are what was answered about a SKU at a place at an instant.
type cachedFigures struct {
	Place   string // with the SKU
	Figures Figures
	At      time.Time
}

func (c cachedFigures) clone() cachedFigures {
	c.Figures.Futures = slices.Clone(c.Figures.Futures)
	return c
}

// CachedLocationFigures is [OCI.LocationFigures] as anybody asked for it, through the cache, within the last minute: what
// was reserved or counted since does not show.
func (o *OCI) CachedLocationFigures(tx *sandbox.Tx, locationID, sku string) Figures {
	return o.cached(tx, LocationPlace(locationID), sku, func() Figures { return o.LocationFigures(tx, locationID, sku) })
}

// CachedGroupFigures is [OCI.GroupFigures] as [OCI.CachedLocationFigures] is that of a location.
func (o *OCI) CachedGroupFigures(tx *sandbox.Tx, g Group, sku string) Figures {
	return o.cached(tx, GroupPlace(g.ID), sku, func() Figures { return o.GroupFigures(tx, g, sku) })
}

func (o *OCI) cached(tx *sandbox.Tx, p Place, sku string, fresh func() Figures) Figures {
	known, ok := o.seen.Get(tx.Tx, p.key(sku))
	if age := tx.Now().Sub(known.At); ok && age >= 0 && age < cacheLife { // a clock may be set back
		return known.Figures
	}
	f := fresh()
	o.seen.Put(tx.Tx, cachedFigures{Place: p.key(sku), Figures: f, At: tx.Now()})
	return f
}
