// Package slotsclient is the consumer side of the delivery and pickup slot service: finding the bookings of an order,
// releasing them, and having another order take them over.
package slotsclient

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/somsim/somsim/orderops/remote"
)

// System is the name of this remote system in errors, effects and metrics.
const System = "slots"

// Client calls the slot service.
type Client struct {
	caller remote.Caller
	key    string
}

// New makes a client over a caller and an API key, sent as a bearer token.
func New(caller remote.Caller, key string) *Client {
	caller.System, caller.Explain = System, explain
	return &Client{caller: caller, key: key}
}

// Booking is capacity taken in a slot for an order.
type Booking struct {
	BookingID string `json:"booking_id"`
	SlotID    string `json:"slot_id"`
	OrderNo   string `json:"order_no"`
	Status    string `json:"status"`
	Slot      Slot   `json:"slot"`
}

// The statuses of a booking.
const (
	Booked   = "booked"
	Released = "released"
)

// The types of slots.
const (
	Delivery = "delivery"
	Pickup   = "pickup"
)

// Slot is a window of time at a location.
type Slot struct {
	SlotID     string    `json:"slot_id"`
	Type       string    `json:"type"`
	LocationID string    `json:"location_id"`
	Start      time.Time `json:"start"`
	End        time.Time `json:"end"`
	// CutoffAt is the last instant at which the booking may still be given up by the shopper; nil means none.
	CutoffAt *time.Time `json:"cutoff_at"`
	Capacity struct {
		Available int `json:"available"`
	} `json:"capacity"`
}

// Bookings finds the bookings of an order, released ones too.
func (c *Client) Bookings(ctx context.Context, orderNo string) ([]Booking, error) {
	call := remote.Call{
		Operation: "listBookings", Method: http.MethodGet, Path: "/slots/v1/bookings",
		Query: url.Values{"order_no": {orderNo}}, Header: c.header(ctx),
	}
	reply, err := c.caller.Do(ctx, call)
	if err != nil {
		return nil, err
	}
	var list struct {
		Bookings []Booking `json:"bookings"`
	}
	if err := json.Unmarshal(reply.Body, &list); err != nil {
		return nil, c.caller.Unreadable(call, err)
	}
	return list.Bookings, nil
}

// Release gives a booking's capacity back. Releasing twice gives it back once.
func (c *Client) Release(ctx context.Context, bookingID string) error {
	_, err := c.caller.Do(ctx, remote.Call{
		Operation: "releaseBooking", Method: http.MethodDelete, Path: "/slots/v1/bookings/" + url.PathEscape(bookingID),
		Header: c.header(ctx), Repeatable: true,
	})
	return err
}

func (c *Client) header(ctx context.Context) http.Header {
	return http.Header{"Authorization": {"Bearer " + remote.ScopeOf(ctx).Credential(c.key)}}
}

func explain(_ int, body []byte) (string, string, remote.Class) {
	var envelope struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &envelope) != nil {
		return "", "", ""
	}
	return envelope.Code, envelope.Message, ""
}
