// Package slots is a delivery and pickup slot service: windows of time at a location, the capacity that holds and
// bookings take in them, and its return. Retailers' slot services differ; this one follows the conventions that public
// ones share (specs/slots/SOURCES.md). It knows nothing of HTTP and JSON; package slotsrest is its face.
package slots

import (
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// holdExpiry is the kind of due work that lets a hold lapse; its subject is the hold's id.
const holdExpiry = "slots.hold-expiry"

// Slots owns the tables of the slot service. One instance serves every sandbox: all state is rows.
type Slots struct {
	locations store.Table[Location]
	slots     store.Table[Slot]
	holds     store.Table[Hold]
	bookings  store.Table[Booking]
}

// Declare adds the tables of the slot service to the schema.
func Declare(s *store.Schema) *Slots {
	return &Slots{
		locations: store.Add(s, store.Def[Location]{Name: "slots.Location", Clone: Location.clone, Key: func(r *Location) string { return r.ID }}),
		slots: store.Add(s, store.Def[Slot]{
			Name: "slots.Slot", Key: func(r *Slot) string { return r.ID },
			Indexes: []store.Index[Slot]{{Name: "start", Values: func(r *Slot) []string { return []string{sortable(r.Start)} }}},
		}),
		holds: store.Add(s, store.Def[Hold]{
			Name: "slots.Hold", Key: func(r *Hold) string { return r.ID },
			Indexes: []store.Index[Hold]{{Name: "taking", Values: (*Hold).taking}, {Name: "successor", Values: (*Hold).succeeding}},
		}),
		bookings: store.Add(s, store.Def[Booking]{
			Name: "slots.Booking", Key: func(r *Booking) string { return r.ID },
			Indexes: []store.Index[Booking]{
				{Name: "taking", Values: (*Booking).taking},
				{Name: "order", Values: func(r *Booking) []string { return []string{r.OrderNo} }},
			},
		}),
	}
}

// Runners returns the due work of the slot service: holds lapse.
func (s *Slots) Runners() map[string]sandbox.Runner {
	return map[string]sandbox.Runner{holdExpiry: s.expireHold}
}

// Aliases returns the ids, besides its number, by which a call shows that it is about an order: those of its bookings.
func (s *Slots) Aliases(tx *sandbox.Tx, orderNo string) []string {
	var ids []string
	for _, b := range s.bookings.PeekList(tx.Tx, "order", orderNo) {
		ids = append(ids, b.ID)
	}
	slices.Sort(ids)
	return ids
}

// sortable renders an instant so that texts sort as times do.
func sortable(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
