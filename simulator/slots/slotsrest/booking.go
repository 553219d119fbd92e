package slotsrest

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/slots"
)

type holdDocument struct {
	HoldID    string `json:"hold_id"`
	SlotID    string `json:"slot_id"`
	HolderRef string `json:"holder_ref"`
	ExpiresAt string `json:"expires_at"`
	// SuccessorOf is the booking that it is to take over.
	SuccessorOf string `json:"successor_of,omitempty"`
}

func newHoldDocument(h slots.Hold) holdDocument {
	return holdDocument{h.ID, h.SlotID, h.HolderRef, instant(h.ExpiresAt), h.SuccessorOf}
}

type holdInput struct {
	SlotID string `path:"slot_id"`
	Body   struct {
		HolderRef  string          `json:"holder_ref"`
		TTLSeconds int             `json:"ttl_seconds"`
		WeightKg   decimal.Decimal `json:"weight_kg"`
	}
}

func (a *API) holdSlot(c *binding.Call, in holdInput) (holdDocument, error) {
	h, err := a.domain.HoldFor(c.Tx, in.SlotID, in.Body.HolderRef, in.Body.WeightKg.Shift(3).Ceil().IntPart(), time.Duration(in.Body.TTLSeconds)*time.Second)
	if err != nil {
		return holdDocument{}, err
	}
	return newHoldDocument(h), nil
}

type successorInput struct {
	BookingID string `path:"booking_id"`
	Body      struct {
		HolderRef  string `json:"holder_ref"`
		TTLSeconds int    `json:"ttl_seconds"`
	}
}

func (a *API) holdSuccessor(c *binding.Call, in successorInput) (holdDocument, error) {
	h, err := a.domain.Succeed(c.Tx, in.BookingID, in.Body.HolderRef, time.Duration(in.Body.TTLSeconds)*time.Second)
	if err != nil {
		return holdDocument{}, err
	}
	return newHoldDocument(h), nil
}

type moveInput struct {
	BookingID string `path:"booking_id"`
	Body      struct {
		SlotID string `json:"slot_id"`
	}
}

func (a *API) moveBooking(c *binding.Call, in moveInput) (bookingDocument, error) {
	b, err := a.domain.Move(c.Tx, in.BookingID, in.Body.SlotID)
	if err != nil {
		return bookingDocument{}, err
	}
	return a.bookingDocument(c, b)
}

type confirmInput struct {
	HoldID string `path:"hold_id"`
	Body   struct {
		OrderNo string `json:"order_no"`
	}
}

func (a *API) confirmHold(c *binding.Call, in confirmInput) (bookingDocument, error) {
	b, err := a.domain.Confirm(c.Tx, in.HoldID, in.Body.OrderNo)
	if err != nil {
		return bookingDocument{}, err
	}
	return a.bookingDocument(c, b)
}

type holdIDInput struct {
	HoldID string `path:"hold_id"`
}

func (a *API) releaseHold(c *binding.Call, in holdIDInput) (binding.Empty, error) {
	return binding.Empty{}, a.domain.ReleaseHold(c.Tx, in.HoldID)
}

type bookingDocument struct {
	BookingID       string       `json:"booking_id"`
	SlotID          string       `json:"slot_id"`
	OrderNo         string       `json:"order_no"`
	Status          string       `json:"status"`
	BookedAt        string       `json:"booked_at"`
	ReleasedAt      string       `json:"released_at,omitempty"`
	PreviousOrderNo string       `json:"previous_order_no,omitempty"`
	Slot            slotDocument `json:"slot"`
}

func (a *API) bookingDocument(c *binding.Call, b slots.Booking) (bookingDocument, error) {
	s, err := a.domain.Slot(c.Tx, b.SlotID)
	doc := bookingDocument{
		BookingID: b.ID, SlotID: b.SlotID, OrderNo: b.OrderNo, Status: string(b.Status),
		BookedAt: instant(b.BookedAt), Slot: a.slotDocument(c, s), PreviousOrderNo: b.PreviousOrderNo,
	}
	if !b.ReleasedAt.IsZero() {
		doc.ReleasedAt = instant(b.ReleasedAt)
	}
	return doc, err
}

type listBookingsInput struct {
	OrderNo string `query:"order_no"`
}

type bookingList struct {
	Bookings []bookingDocument `json:"bookings"`
}

func (a *API) listBookings(c *binding.Call, in listBookingsInput) (bookingList, error) {
	list := bookingList{Bookings: []bookingDocument{}}
	for _, b := range a.domain.Bookings(c.Tx, in.OrderNo) {
		doc, err := a.bookingDocument(c, b)
		if err != nil {
			return bookingList{}, err
		}
		list.Bookings = append(list.Bookings, doc)
	}
	return list, nil
}

type bookingInput struct {
	BookingID string `path:"booking_id"`
}

func (a *API) getBooking(c *binding.Call, in bookingInput) (bookingDocument, error) {
	b, err := a.domain.Booking(c.Tx, in.BookingID)
	if err != nil {
		return bookingDocument{}, err
	}
	return a.bookingDocument(c, b)
}

func (a *API) releaseBooking(c *binding.Call, in bookingInput) (binding.Empty, error) {
	return binding.Empty{}, a.domain.Release(c.Tx, in.BookingID)
}
