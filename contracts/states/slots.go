package states

import (
	"errors"
	"net/http"
	"net/url"
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
