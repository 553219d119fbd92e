package invariant

import (
	"fmt"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/preset"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/slots"
)

// globals are the truths about a sandbox as a whole.
func globals() []Invariant {
	return []Invariant{
		{ID: "slots.capacity", Text: "holds and bookings take no more than a slot has"},
		{ID: "oci.oversold", Text: "no location has promised more than it has on hand"},
		{ID: "slots.orphan", Text: "no booking stands without an order in commerce"},
	}
}

func everywhere(d preset.Domains, tx *sandbox.Tx) []Violation {
	var found []Violation
	for _, slot := range d.Slots.Find(tx, slots.Filter{}) {
		if room := d.Slots.Room(tx, slot); room.Available() < 0 {
			found = append(found, Violation{"slots.capacity", "slot " + slot.ID, fmt.Sprintf("%d held and %d booked of %d", room.Held, room.Booked, room.Total)})
		}
		for _, booking := range d.Slots.Taking(tx, slot.ID) {
			if _, err := d.B2C.Order(tx, b2c.Reader{}, booking.OrderNo); err != nil {
				found = append(found, Violation{"slots.orphan", "booking " + booking.ID, "of order " + booking.OrderNo + ", which does not exist"})
			}
		}
	}
	return append(found, oversold(d, tx)...)
}

func oversold(d preset.Domains, tx *sandbox.Tx) []Violation {
	var found []Violation
	for _, location := range d.OCI.Locations(tx) {
		for _, sku := range d.OCI.SKUs(tx, location.ID) {
			figures := d.OCI.LocationFigures(tx, location.ID, sku)
			if figures.OnHand.LessThan(figures.Reserved) || figures.OnHand.IsNegative() {
				found = append(found, Violation{"oci.oversold", location.ID + " " + sku, fmt.Sprintf("%s reserved of %s", figures.Reserved, figures.OnHand)})
			}
		}
	}
	return found
}
