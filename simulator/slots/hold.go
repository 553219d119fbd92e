package slots

import (
	"fmt"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// HoldStatus is where a hold stands.
type HoldStatus string

// The statuses of a hold. Only a held one takes capacity.
const (
	Held         HoldStatus = "held"
	HoldUsed     HoldStatus = "confirmed"
	HoldReleased HoldStatus = "released"
	HoldLapsed   HoldStatus = "expired"
)

// HoldLife is how long a hold lasts when its holder does not say, and MaxHoldLife the longest it may.
const (
	HoldLife    = 10 * time.Minute
	MaxHoldLife = 4 * time.Hour
)

// Hold takes room in a slot for a while, until it is confirmed for an order or lapses.
type Hold struct {
	ID, SlotID string
	// HolderRef is whatever the holder goes by: a basket, a session.
	HolderRef string
	Status    HoldStatus
	// ExpiresAt is the last instant at which it can be confirmed.
	ExpiresAt time.Time
	// BookingID and OrderNo are what it was confirmed for.
	BookingID, OrderNo string
	// Weight is how much the order weighs, in grams.
	Weight int64
	// SuccessorOf is the booking that it takes over when it is confirmed. Such a hold takes no room.
	SuccessorOf string
}

func (h *Hold) taking() []string {
	if h.Status != Held || h.SuccessorOf != "" {
		return nil
	}
	return []string{h.SlotID}
}

// Hold takes room in a slot. The same holder asking again for the same slot gets the hold it has, renewed. Errors have
// the codes [SlotNotFound], [SlotClosed] and [SlotFull].
func (s *Slots) Hold(tx *sandbox.Tx, slotID, holderRef string, life time.Duration) (Hold, error) {
	return s.HoldFor(tx, slotID, holderRef, 0, life)
}

// HoldFor is [Slots.Hold] for an order of some weight, in grams.
func (s *Slots) HoldFor(tx *sandbox.Tx, slotID, holderRef string, weight int64, life time.Duration) (Hold, error) {
	slot, err := s.Slot(tx, slotID)
	if err != nil {
		return Hold{}, err
	}
	h, renewed := s.heldBy(tx, slotID, holderRef)
	if renewed {
		err = fits(slot, weight, s.Room(tx, slot).Weight.Available()+h.Weight)
	} else {
		err = s.open(tx, slot, weight, tx.Now())
		h = Hold{ID: fmt.Sprintf("hold-%06d", tx.Next("slots.Hold")), SlotID: slotID, HolderRef: holderRef, Status: Held}
	}
	if err != nil {
		return Hold{}, err
	}
	h.Weight = weight
	return s.keep(tx, h, life), nil
}

// keep stores a hold that lasts from now on. At its last instant it still counts, so it lapses a moment later.
func (s *Slots) keep(tx *sandbox.Tx, h Hold, life time.Duration) Hold {
	if life <= 0 {
		life = HoldLife
	}
	h.ExpiresAt = tx.Now().Add(min(life, MaxHoldLife))
	s.holds.Put(tx.Tx, h)
	tx.Schedule(sandbox.Due{Kind: holdExpiry, Subject: h.ID, At: h.ExpiresAt.Add(time.Millisecond)})
	return h
}

func (s *Slots) heldBy(tx *sandbox.Tx, slotID, holderRef string) (Hold, bool) {
	for _, h := range s.holds.List(tx.Tx, "taking", slotID) {
		if h.HolderRef == holderRef {
			return h, true
		}
	}
	return Hold{}, false
}

// Confirm turns a hold into the booking of an order. Confirming again for the same order answers the same booking.
// Errors have the codes [HoldNotFound], [HoldExpired], [HoldAlreadyUsed] and, of a successor, [BookingReleased].
func (s *Slots) Confirm(tx *sandbox.Tx, holdID, orderNo string) (Booking, error) {
	h, err := s.hold(tx, holdID)
	if err != nil {
		return Booking{}, err
	}
	switch h.Status {
	case HoldReleased, HoldLapsed:
		return Booking{}, refuse(HoldExpired, "slots.hold.expiry", "hold %s is %s", h.ID, h.Status)
	case HoldUsed:
		b, err := s.Booking(tx, h.BookingID)
		if err == nil && h.OrderNo != orderNo {
			err = refuse(HoldAlreadyUsed, "slots.hold.once", "hold %s was confirmed for another order", h.ID)
		}
		return b, err
	case Held:
	}
	b, err := s.settle(tx, h, orderNo)
	if err != nil {
		return Booking{}, err
	}
	h.Status, h.BookingID, h.OrderNo = HoldUsed, b.ID, orderNo
	s.holds.Put(tx.Tx, h)
	tx.Unschedule(holdExpiry, h.ID)
	return b, nil
}

// ReleaseHold gives a hold up; it does nothing when the hold takes no room any more. The error has the code
// [HoldNotFound].
func (s *Slots) ReleaseHold(tx *sandbox.Tx, holdID string) error {
	h, err := s.hold(tx, holdID)
	if err != nil || h.Status != Held {
		return err
	}
	h.Status = HoldReleased
	s.holds.Put(tx.Tx, h)
	tx.Unschedule(holdExpiry, h.ID)
	return nil
}

func (s *Slots) hold(tx *sandbox.Tx, id string) (Hold, error) {
	h, ok := s.holds.Get(tx.Tx, id)
	if !ok {
		return Hold{}, refuse(HoldNotFound, "slots.hold.known", "there is no hold %s", id)
	}
	return h, nil
}

func (s *Slots) expireHold(tx *sandbox.Tx, d sandbox.Due) error {
	h, ok := s.holds.Get(tx.Tx, d.Subject)
	if !ok || h.Status != Held {
		return nil
	}
	h.Status = HoldLapsed
	s.holds.Put(tx.Tx, h)
	return nil
}
