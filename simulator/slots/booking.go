package slots

import (
	"fmt"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// BookingStatus is where a booking stands.
type BookingStatus string

// The statuses of a booking. Only a booked one takes capacity.
const (
	Booked   BookingStatus = "booked"
	Released BookingStatus = "released"
)

// Booking is room in a slot that belongs to an order.
type Booking struct {
	ID, SlotID, OrderNo string
	Status              BookingStatus
	BookedAt            time.Time
	// Weight is how much the order weighs, in grams.
	Weight int64
	// PreviousOrderNo is the order that it belonged to before another took it over.
	PreviousOrderNo string
	// ReleasedAt is zero until the booking is released.
	ReleasedAt time.Time
}

func (b *Booking) taking() []string {
	if b.Status != Booked {
		return nil
	}
	return []string{b.SlotID}
}

// Book takes room in a slot for an order now. The same order asking again for the same slot gets the booking it has.
// Errors have the codes [SlotNotFound], [SlotClosed] and [SlotFull].
func (s *Slots) Book(tx *sandbox.Tx, slotID, orderNo string) (Booking, error) {
	return s.BookAt(tx, slotID, orderNo, tx.Now())
}

// BookAt is [Slots.Book] at an earlier instant: presets tell with it what happened before the sandbox began, when the
// slot was still open.
func (s *Slots) BookAt(tx *sandbox.Tx, slotID, orderNo string, at time.Time) (Booking, error) {
	slot, err := s.Slot(tx, slotID)
	if err != nil {
		return Booking{}, err
	}
	for _, b := range s.bookings.List(tx.Tx, "order", orderNo) {
		if b.SlotID == slotID && b.Status == Booked {
			return b, nil
		}
	}
	if err := s.open(tx, slot, 0, at); err != nil {
		return Booking{}, err
	}
	return s.book(tx, slotID, orderNo, 0, at), nil
}

func (s *Slots) book(tx *sandbox.Tx, slotID, orderNo string, weight int64, at time.Time) Booking {
	b := Booking{
		ID:     fmt.Sprintf("booking-%06d", tx.Next("slots.Booking")),
		SlotID: slotID, OrderNo: orderNo, Status: Booked, BookedAt: at.UTC(), Weight: weight,
	}
	s.bookings.Put(tx.Tx, b)
	return b
}

// Booking returns the booking of that id. The error has the code [BookingNotFound].
func (s *Slots) Booking(tx *sandbox.Tx, id string) (Booking, error) {
	b, ok := s.bookings.Get(tx.Tx, id)
	if !ok {
		return Booking{}, refuse(BookingNotFound, "slots.booking.known", "there is no booking %s", id)
	}
	return b, nil
}

// Bookings returns the bookings of an order, released ones too, in the order they were made.
func (s *Slots) Bookings(tx *sandbox.Tx, orderNo string) []Booking {
	return s.bookings.List(tx.Tx, "order", orderNo)
}

// Release gives the room of a booking back, once: releasing again changes nothing. A slot that lies in the past can be
// released too, nobody gains by it. The error has the code [BookingNotFound].
func (s *Slots) Release(tx *sandbox.Tx, bookingID string) error {
	b, err := s.Booking(tx, bookingID)
	if err != nil || b.Status == Released {
		return err
	}
	b.Status, b.ReleasedAt = Released, tx.Now()
	s.bookings.Put(tx.Tx, b)
	return nil
}

// Taking returns the bookings that take capacity of a slot.
func (s *Slots) Taking(tx *sandbox.Tx, slotID string) []Booking {
	return s.bookings.List(tx.Tx, "taking", slotID)
}
