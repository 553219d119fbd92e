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
		{ID: "slots.orphan", Text: "no booking stands for an order that commerce does not know, or that was given up before order management had it"},
		{ID: "oci.orphan", Text: "no reservation that does not lapse by itself is held for such an order"},
		{ID: "loyalty.orphan", Text: "no reward is locked for such an order"},
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
			if why := gone(d, tx, booking.OrderNo); why != "" {
				found = append(found, Violation{"slots.orphan", "booking " + booking.ID, why})
			}
		}
	}
	found = append(found, oversold(d, tx)...)
	return append(found, orphans(d, tx)...)
}

// orphans are holds on stock and points for orders that do not exist, and ledgers that do not add up.
func orphans(d preset.Domains, tx *sandbox.Tx) []Violation {
	var found []Violation
	for _, r := range d.OCI.Active(tx) {
		if why := gone(d, tx, r.ExternalRefID); why != "" && r.ExpiresAt.IsZero() {
			found = append(found, Violation{"oci.orphan", "reservation " + r.ID, why})
		}
	}
	for _, r := range d.Loyalty.Rewards(tx, "", loyalty.Issued) {
		if why := gone(d, tx, r.OrderID); why != "" {
			found = append(found, Violation{"loyalty.orphan", "reward " + r.ID, why})
		}
	}
	for _, wrong := range d.Loyalty.Contradictions(tx) {
		found = append(found, Violation{"loyalty.ledger", "account " + wrong.AccountID, wrong.Detail})
	}
	return found
}

// gone tells why nothing can be held for an order any more; empty when it lives, or order management knows what is left
// of it, or nobody has named it yet.
func gone(d preset.Domains, tx *sandbox.Tx, orderNo string) string {
	order, err := d.B2C.Order(tx, b2c.Reader{}, orderNo)
	switch {
	case orderNo == "":
		return ""
	case err != nil:
		return "order " + orderNo + " does not exist"
	case order.Status == b2c.Failed, order.Status == b2c.Replaced, order.Status == b2c.Cancelled && order.ExportStatus != b2c.Exported:
		return "order " + orderNo + " is " + string(order.Status)
	default:
		return ""
	}
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
