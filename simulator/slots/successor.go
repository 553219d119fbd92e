package slots

import (
	"fmt"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Succeed lets the order that will replace another keep its booking: the hold takes no room, its confirmation points the
// booking to the new order, and its lapse leaves everything as it was. The same holder asking again gets the hold it has,
// renewed. Errors have the codes [BookingNotFound], [BookingReleased] and [HasSuccessor].
func (s *Slots) Succeed(tx *sandbox.Tx, bookingID, holderRef string, life time.Duration) (Hold, error) {
	b, err := s.standing(tx, bookingID)
	if err != nil {
		return Hold{}, err
	}
	if waiting := s.holds.List(tx.Tx, "successor", bookingID); len(waiting) > 0 {
		h := waiting[0]
		if h.HolderRef != holderRef {
			return Hold{}, refuse(HasSuccessor, "slots.successor.one", "booking %s is being taken over by hold %s", b.ID, h.ID)
		}
		return s.keep(tx, h, life), nil
	}
	h := Hold{
		ID: fmt.Sprintf("hold-%06d", tx.Next("slots.Hold")), SlotID: b.SlotID, HolderRef: holderRef, Status: Held, Weight: b.Weight, SuccessorOf: b.ID,
	}
	return s.keep(tx, h, life), nil
}

// Move takes a booking to another slot of its type, all or nothing; to its own slot it changes nothing. Errors have the
// codes [BookingNotFound], [BookingReleased], [SlotNotFound], [TypeMismatch], [SlotClosed] and [SlotFull].
func (s *Slots) Move(tx *sandbox.Tx, bookingID, slotID string) (Booking, error) {
	b, err := s.standing(tx, bookingID)
	if err != nil {
		return Booking{}, err
	}
	to, err := s.Slot(tx, slotID)
	if err != nil || slotID == b.SlotID {
		return b, err
	}
	if from, err := s.Slot(tx, b.SlotID); err != nil || from.Type != to.Type {
		return Booking{}, refuse(TypeMismatch, "slots.move.type", "booking %s is for %s, slot %s for %s", b.ID, from.Type, to.ID, to.Type)
	}
	if err := s.open(tx, to, b.Weight, tx.Now()); err != nil {
		return Booking{}, err
	}
	b.SlotID = slotID
	s.bookings.Put(tx.Tx, b)
	return b, nil
}

// standing returns a booking that takes room.
func (s *Slots) standing(tx *sandbox.Tx, id string) (Booking, error) {
	b, err := s.Booking(tx, id)
	if err == nil && b.Status != Booked {
		err = refuse(BookingReleased, "slots.booking.standing", "booking %s was released", id)
	}
	return b, err
}

// settle makes a hold the booking of an order: a new one, or the one that it takes over.
func (s *Slots) settle(tx *sandbox.Tx, h Hold, orderNo string) (Booking, error) {
	if h.SuccessorOf == "" {
		return s.book(tx, h.SlotID, orderNo, h.Weight, tx.Now()), nil
	}
	b, err := s.standing(tx, h.SuccessorOf)
	if err != nil {
		return Booking{}, err
	}
	b.PreviousOrderNo, b.OrderNo = b.OrderNo, orderNo
	s.bookings.Put(tx.Tx, b)
	return b, nil
}

// succeeding is the booking that a hold waits to take over.
func (h *Hold) succeeding() []string {
	if h.Status != Held || h.SuccessorOf == "" {
		return nil
	}
	return []string{h.SuccessorOf}
}
