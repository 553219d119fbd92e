// Package readback tells what became of a change of an order summary whose answer was lost. The vendor has no idempotency
// key for changes: what happened is found in the records that the order has now and did not have before.
package readback

import (
	"slices"

	"github.com/shopspring/decimal"
)

// Change is a record that units of a line were changed.
type Change struct {
	ID       string          `json:"id"`
	LineID   string          `json:"line_id"`
	Reason   string          `json:"reason"`
	By       string          `json:"by"`       // the user who changed them
	Quantity decimal.Decimal `json:"quantity"` // positive, whatever sign the vendor writes
	// OrderID is the change order that the record is of; empty where the vendor does not say.
	OrderID string `json:"order_id,omitempty"`
}

// Asked is a change that was sent.
type Asked struct {
	// Units are the quantities by line.
	Units  map[string]decimal.Decimal
	Reason string
	Me     string // the user it was sent as
}

// Verdict is what reading back came to.
type Verdict string

// The verdicts.
const (
	Claimed    Verdict = "claimed"    // the new records are ours: it happened
	None       Verdict = "none"       // there are no new records of these lines: it did not happen
	Others     Verdict = "others"     // there are new records that are not exactly ours
	Unreadable Verdict = "unreadable" // the order could not be read
)

// Orders are the change orders of the records that are there now, were not before and are of our own user: those of the
// lines that were asked for, and those of other lines, on which fees for the change are booked. A delivery charge that goes
// back with the lines is of their change order, and no fee.
func (a Asked) Orders(before, now []Change) (changes, fees []string) {
	var others []string
	for _, c := range now {
		known := slices.ContainsFunc(before, func(b Change) bool { return b.ID == c.ID })
		_, asked := a.Units[c.LineID]
		switch {
		case known, c.By != a.Me, c.OrderID == "":
		case asked:
			changes = append(changes, c.OrderID)
		default:
			others = append(others, c.OrderID)
		}
	}
	for _, id := range others {
		if !slices.Contains(changes, id) {
			fees = append(fees, id)
		}
	}
	return distinct(changes), distinct(fees)
}

// distinct has each id once.
func distinct(ids []string) []string {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Claim compares the records that are there now and are not among those of before with what was asked: each line must have
// exactly one, made by our own user, of the same quantity and for the same reason.
func (a Asked) Claim(before, now []Change) Verdict {
	known := map[string]bool{}
	for _, c := range before {
		known[c.ID] = true
	}
	relevant, matched := 0, map[string]bool{}
	for _, c := range now {
		quantity, ours := a.Units[c.LineID]
		if known[c.ID] || !ours {
			continue
		}
		relevant++
		if c.By == a.Me && c.Reason == a.Reason && c.Quantity.Equal(quantity) {
			matched[c.LineID] = true
		}
	}
	switch {
	case relevant == 0:
		return None
	case relevant == len(a.Units) && len(matched) == len(a.Units):
		return Claimed
	default:
		return Others
	}
}
