// Package oci is Omnichannel Inventory: what is on hand at locations, what of it is promised to orders at a location or
// at a group of locations, and what can still be promised. It knows nothing of HTTP and JSON; package headless is its
// face. Quantities are decimals, as the vendor's are.
package oci

import (
	"slices"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// reservationExpiry is the kind of due work that lets a reservation lapse; its subject is the reservation's id.
const reservationExpiry = "oci.reservation-expiry"

// OCI owns the tables of the inventory service. One instance serves every sandbox: all state is rows.
type OCI struct {
	locations    store.Table[Location]
	groups       store.Table[Group]
	records      store.Table[Record]
	reservations store.Table[Reservation]
	holdings     store.Table[Holding]
	sums         store.Table[placeSum]
	actions      store.Table[doneAction]
	uploads      store.Table[Upload]
	seen         store.Table[cachedFigures]
}

// Declare adds the tables of the inventory service to the schema.
func Declare(s *store.Schema) *OCI {
	return &OCI{
		locations: store.Add(s, store.Def[Location]{Name: "oci.Location", Key: func(r *Location) string { return r.ID }}),
		groups: store.Add(s, store.Def[Group]{
			Name: "oci.Group", Key: func(r *Group) string { return r.ID }, Clone: Group.clone,
			Indexes: []store.Index[Group]{{Name: "location", Values: func(r *Group) []string { return r.LocationIDs }}},
		}),
		records: store.Add(s, store.Def[Record]{
			Name: "oci.Record", Key: func(r *Record) string { return recordKey(r.LocationID, r.SKU) }, Clone: Record.clone,
			Indexes: []store.Index[Record]{{Name: "location", Values: func(r *Record) []string { return []string{r.LocationID} }}},
		}),
		reservations: store.Add(s, store.Def[Reservation]{
			Name: "oci.Reservation", Key: func(r *Reservation) string { return r.ID },
			Indexes: []store.Index[Reservation]{{Name: "reference", Values: (*Reservation).references}},
		}),
		holdings: store.Add(s, store.Def[Holding]{
			Name: "oci.Holding", Key: (*Holding).key,
			Indexes: []store.Index[Holding]{
				{Name: "reservation", Values: func(r *Holding) []string { return []string{r.ReservationID} }},
				{Name: "place", Values: func(r *Holding) []string { return []string{r.Place.key(r.SKU)} }},
			},
		}),
		sums: store.Add(s, store.Def[placeSum]{Name: "oci.Sum", Internal: true, Key: func(r *placeSum) string { return r.Place }}),
		actions: store.Add(s, store.Def[doneAction]{
			Name: "oci.Action", Internal: true, Clone: doneAction.clone, Key: func(r *doneAction) string { return r.ID },
		}),
		uploads: store.Add(s, store.Def[Upload]{Name: "oci.Upload", Key: func(r *Upload) string { return r.ID }, Clone: Upload.clone}),
		seen: store.Add(s, store.Def[cachedFigures]{
			Name: "oci.Cached", Internal: true, Key: func(r *cachedFigures) string { return r.Place }, Clone: cachedFigures.clone,
		}),
	}
}

// Runners returns the due work of the inventory service: reservations lapse, uploads are taken in.
func (o *OCI) Runners() map[string]sandbox.Runner {
	return map[string]sandbox.Runner{reservationExpiry: o.expire, uploadStep: o.runUpload}
}

// Aliases returns the ids, besides its number, by which a call shows that it is about an order: those of the
// reservations that were made with the number as external reference.
func (o *OCI) Aliases(tx *sandbox.Tx, orderNo string) []string {
	var ids []string
	for _, r := range o.reservations.PeekList(tx.Tx, "reference", orderNo) {
		ids = append(ids, r.ID)
	}
	slices.Sort(ids)
	return ids
}
