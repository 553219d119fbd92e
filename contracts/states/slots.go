package states

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// pactSlotsKey is the API key of the slot service. It is no secret of a sandbox.
const pactSlotsKey = "Bearer somsim"

// slotsStates is the vocabulary that consumers may use of the slot service.
func slotsStates() map[string]prepare {
	states := map[string]prepare{
		"preset omnichannel":                           nothing,
		"an order has a booking":                       (*Stage).booked,
		"the booking of an order was released already": (*Stage).released,
		"an order has no booking":                      (*Stage).unbooked,
		"a slot has room":                              (*Stage).openSlot,
		"a slot is full":                               (*Stage).fullSlot,
		"a slot is held":                               (*Stage).heldSlot,
		"the hold on a slot has lapsed":                (*Stage).lapsedHold,

		"an order has a booking, and another slot has room": bookedBeside((*Stage).openSlot),
		"an order has a booking, and another slot is full":  bookedBeside((*Stage).fullSlot),
	}
	for name, prepare := range states {
		states[name] = withSlotsKey(prepare)
	}
	return states
}

func withSlotsKey(next prepare) prepare {
	return func(s *Stage, number string) (Values, error) {
		s.stands(pactSlotsKey+"~"+s.sandbox(), pactSlotsKey)
		return next(s, number)
	}
}

func (s *Stage) booked(number string) (Values, error) {
	ids, err := s.bookings(number)
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, errors.New("the order has no living booking")
	}
	return Values{"bookingId": ids[0]}, nil
}

func (s *Stage) released(number string) (Values, error) {
	found, err := s.booked(number)
	if err != nil {
		return nil, err
	}
	id, _ := found["bookingId"].(string)
	return found, s.exchange(http.MethodDelete, s.api+"/slots/v1/bookings/"+url.PathEscape(id), as(s.real(pactSlotsKey)), nil, nil)
}

func (s *Stage) unbooked(number string) (Values, error) {
	ids, err := s.bookings(number)
	if err == nil && len(ids) > 0 {
		err = errors.New("the order has a booking")
	}
	return nil, err
}

// bookings lists the ids of an order's living bookings.
func (s *Stage) bookings(number string) (ids []string, err error) {
	var list struct {
		Bookings []struct {
			BookingID string `json:"booking_id"`
			Status    string `json:"status"`
		} `json:"bookings"`
	}
	err = s.exchange(http.MethodGet, s.api+"/slots/v1/bookings?order_no="+url.QueryEscape(number), as(s.real(pactSlotsKey)), nil, &list)
	for _, b := range list.Bookings {
		if b.Status == "booked" {
			ids = append(ids, b.BookingID)
		}
	}
	return ids, err
}

// windows lists the slots for delivery from the first warehouse that have room.
func (s *Stage) windows() (ids []string, err error) {
	var list struct {
		Slots []struct {
			ID       string `json:"slot_id"`
			Capacity struct {
				Available int `json:"available"`
			} `json:"capacity"`
		} `json:"slots"`
	}
	err = s.exchange(http.MethodGet, s.api+"/slots/v1/slots?type=delivery&location=WH-EAST&from=2026-06-01T10:00:00Z&to=2026-06-04T10:00:00Z", as(s.real(pactSlotsKey)), nil, &list)
	for _, one := range list.Slots {
		if one.Capacity.Available > 0 {
			ids = append(ids, one.ID)
		}
	}
	if err == nil && len(ids) == 0 {
		err = errors.New("no slot has room")
	}
	return ids, err
}

// openSlot is one that no order of the preset needs: the last.
func (s *Stage) openSlot(string) (Values, error) {
	ids, err := s.windows()
	if err != nil {
		return nil, err
	}
	return Values{"slotId": ids[len(ids)-1]}, nil
}

func (s *Stage) hold(slotID, holder string) (string, error) {
	var hold struct {
		ID string `json:"hold_id"`
	}
	err := s.exchange(http.MethodPost, s.api+"/slots/v1/slots/"+url.PathEscape(slotID)+"/holds", as(s.real(pactSlotsKey)), map[string]any{"holder_ref": holder, "ttl_seconds": 600}, &hold)
	return hold.ID, err
}

// fullSlot has others hold whatever room there is.
func (s *Stage) fullSlot(number string) (Values, error) {
	found, err := s.openSlot(number)
	if err != nil {
		return nil, err
	}
	id, _ := found["slotId"].(string)
	for n := 0; ; n++ {
		open, err := s.windows()
		if err != nil || !slices.Contains(open, id) {
			return found, err
		}
		if _, err := s.hold(id, fmt.Sprintf("somebody-%d", n)); err != nil {
			return nil, err
		}
	}
}

func (s *Stage) heldSlot(number string) (Values, error) {
	found, err := s.openSlot(number)
	if err != nil {
		return nil, err
	}
	id, _ := found["slotId"].(string)
	found["holdId"], err = s.hold(id, "basket")
	return found, err
}

func (s *Stage) lapsedHold(number string) (Values, error) {
	found, err := s.heldSlot(number)
	if err != nil {
		return nil, err
	}
	return found, s.wait(11 * time.Minute)
}

// bookedBeside is an order's booking and another slot.
func bookedBeside(other prepare) prepare {
	return func(s *Stage, number string) (Values, error) {
		found, err := s.booked(number)
		if err != nil {
			return nil, err
		}
		beside, err := other(s, number)
		found["slotId"] = beside["slotId"]
		return found, err
	}
}
