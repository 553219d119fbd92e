package slots

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Type says what happens in a slot.
type Type string

// The types of slot.
const (
	Delivery Type = "delivery"
	Pickup   Type = "pickup"
)

// Location is a store or a depot whose slots are counted in its own time zone.
type Location struct {
	ID, Name string
	// TimeZone is an IANA name.
	TimeZone string
	// PostalCodes are the beginnings of those it delivers to; none means all.
	PostalCodes []string
}

func (l Location) clone() Location {
	l.PostalCodes = slices.Clone(l.PostalCodes)
	return l
}

// serves reports whether the location delivers to a postal code.
func (l *Location) serves(code string) bool {
	return len(l.PostalCodes) == 0 || slices.ContainsFunc(l.PostalCodes, func(begin string) bool { return strings.HasPrefix(code, begin) })
}

// Slot is a window of time at a location with room for a number of orders. Times are UTC instants.
type Slot struct {
	ID         string
	Type       Type
	LocationID string
	Start, End time.Time
	// CutoffAt is the last instant at which the slot can be held or booked; zero means its start.
	CutoffAt time.Time
	Capacity int
	// WeightCapacity is how much its orders may weigh together, in grams; zero means that weight does not matter.
	WeightCapacity int64
	Price          decimal.Decimal
	Currency       string
}

// closes is the last instant at which room can be taken.
func (s Slot) closes() time.Time {
	if s.CutoffAt.IsZero() {
		return s.Start
	}
	return s.CutoffAt
}

// Room is how the capacity of a slot is taken up. It is counted from holds and bookings and stored nowhere.
type Room struct {
	Total, Held, Booked int
	// Weight is the same in grams; its Total is zero when weight does not matter.
	Weight Weight
}

// Weight is how the weight that a slot can take is taken up.
type Weight struct{ Total, Held, Booked int64 }

// Available is what is left; zero, too, when weight does not matter.
func (w Weight) Available() int64 { return max(0, w.Total-w.Held-w.Booked) }

// Available is what is left.
func (r Room) Available() int { return max(0, r.Total-r.Held-r.Booked) }

// AddLocation stores a location.
func (s *Slots) AddLocation(tx *sandbox.Tx, l Location) error {
	if _, err := time.LoadLocation(l.TimeZone); err != nil || l.ID == "" || l.TimeZone == "" {
		return fmt.Errorf("add location %q: it needs an id and a known time zone, has %q", l.ID, l.TimeZone)
	}
	s.locations.Put(tx.Tx, l)
	return nil
}

// AddSlot stores a slot; its id is made up when empty.
func (s *Slots) AddSlot(tx *sandbox.Tx, slot Slot) (Slot, error) {
	if _, ok := s.locations.Get(tx.Tx, slot.LocationID); !ok {
		return Slot{}, fmt.Errorf("add slot: there is no location %q", slot.LocationID)
	}
	if slot.Type != Delivery && slot.Type != Pickup {
		return Slot{}, fmt.Errorf("add slot at %s: the type is %q", slot.LocationID, slot.Type)
	}
	if !slot.End.After(slot.Start) || slot.CutoffAt.After(slot.Start) || slot.Capacity < 0 || slot.WeightCapacity < 0 {
		return Slot{}, fmt.Errorf("add slot at %s: it runs from %s to %s, closes at %s, has room for %d",
			slot.LocationID, slot.Start, slot.End, slot.CutoffAt, slot.Capacity)
	}
	if slot.ID == "" {
		slot.ID = fmt.Sprintf("slot-%06d", tx.Next("slots.Slot"))
	}
	slot.Start, slot.End, slot.CutoffAt = slot.Start.UTC(), slot.End.UTC(), slot.CutoffAt.UTC()
	s.slots.Put(tx.Tx, slot)
	return slot, nil
}

// Location returns the location of that id.
func (s *Slots) Location(tx *sandbox.Tx, id string) (Location, bool) {
	return s.locations.Get(tx.Tx, id)
}

// Slot returns the slot of that id. The error has the code [SlotNotFound].
func (s *Slots) Slot(tx *sandbox.Tx, id string) (Slot, error) {
	slot, ok := s.slots.Get(tx.Tx, id)
	if !ok {
		return Slot{}, refuse(SlotNotFound, "slots.slot.known", "there is no slot %s", id)
	}
	return slot, nil
}

// Filter selects slots; empty fields match all.
type Filter struct {
	Type       Type
	LocationID string
	// PostalCode selects the slots of locations that deliver there; slots for pickup are everybody's.
	PostalCode string
	// From and To bound the start: From ≤ start < To.
	From, To time.Time
}

// Find returns the slots that fit, by start.
func (s *Slots) Find(tx *sandbox.Tx, f Filter) []Slot {
	from, to := "", ""
	if !f.From.IsZero() {
		from = sortable(f.From)
	}
	if !f.To.IsZero() {
		to = sortable(f.To)
	}
	var found []Slot
	for _, slot := range s.slots.Range(tx.Tx, "start", from, to, 0) {
		if (f.Type == "" || slot.Type == f.Type) && (f.LocationID == "" || slot.LocationID == f.LocationID) && s.reaches(tx, slot, f.PostalCode) {
			found = append(found, slot)
		}
	}
	return found
}

func (s *Slots) reaches(tx *sandbox.Tx, slot Slot, code string) bool {
	location, ok := s.locations.Peek(tx.Tx, slot.LocationID)
	return code == "" || slot.Type == Pickup || ok && location.serves(code)
}

// Room counts how a slot's capacity is taken up.
func (s *Slots) Room(tx *sandbox.Tx, slot Slot) Room {
	held, booked := s.holds.PeekList(tx.Tx, "taking", slot.ID), s.bookings.PeekList(tx.Tx, "taking", slot.ID)
	room := Room{Total: slot.Capacity, Held: len(held), Booked: len(booked), Weight: Weight{Total: slot.WeightCapacity}}
	for _, h := range held {
		room.Weight.Held += h.Weight
	}
	for _, b := range booked {
		room.Weight.Booked += b.Weight
	}
	return room
}

// open refuses a slot in which no more room can be taken at an instant, or not for that weight.
func (s *Slots) open(tx *sandbox.Tx, slot Slot, weight int64, at time.Time) error {
	if at.After(slot.closes()) {
		return refuse(SlotClosed, "slots.slot.cutoff", "slot %s was closed at %s", slot.ID, slot.closes().Format(time.RFC3339))
	}
	room := s.Room(tx, slot)
	if room.Available() == 0 {
		return refuse(SlotFull, "slots.slot.capacity", "slot %s has no room left", slot.ID)
	}
	return fits(slot, weight, room.Weight.Available())
}

// fits refuses a weight that is more than what is left.
func fits(slot Slot, weight, left int64) error {
	if slot.WeightCapacity > 0 && weight > left {
		return refuse(SlotFull, "slots.slot.weight", "slot %s can take %d g more, not %d", slot.ID, left, weight)
	}
	return nil
}
