package invariant

import (
	"fmt"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/loyalty"
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
		{ID: "oci.orphan", Text: "no reservation that does not lapse by itself is held for an order that commerce does not know"},
		{ID: "loyalty.orphan", Text: "no reward is locked for an order that commerce does not know"},
		{ID: "loyalty.ledger", Text: "an account has what the entries of its ledger come to: none counts beyond its time, and none gives back or takes more than it is about"},
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
	found = append(found, oversold(d, tx)...)
	return append(found, orphans(d, tx)...)
}

// orphans are holds on stock and points for orders that do not exist, and ledgers that do not add up.
func orphans(d preset.Domains, tx *sandbox.Tx) []Violation {
	var found []Violation
	unknown := func(orderNo string) bool {
		_, err := d.B2C.Order(tx, b2c.Reader{}, orderNo)
		return orderNo != "" && err != nil
	}
	for _, r := range d.OCI.Active(tx) {
		if r.ExpiresAt.IsZero() && unknown(r.ExternalRefID) {
			found = append(found, Violation{"oci.orphan", "reservation " + r.ID, "for order " + r.ExternalRefID + ", which does not exist"})
		}
	}
	for _, r := range d.Loyalty.Rewards(tx, "", loyalty.Issued) {
		if unknown(r.OrderID) {
			found = append(found, Violation{"loyalty.orphan", "reward " + r.ID, "for order " + r.OrderID + ", which does not exist"})
		}
	}
	for _, wrong := range d.Loyalty.Contradictions(tx) {
		found = append(found, Violation{"loyalty.ledger", "account " + wrong.AccountID, wrong.Detail})
	}
	return found
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
