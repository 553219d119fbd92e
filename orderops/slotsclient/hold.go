package slotsclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/somsim/somsim/orderops/remote"
)

// The codes that order-ops reacts to by name.
const (
	SlotFull        = "SLOT_FULL"
	SlotClosed      = "SLOT_CLOSED"
	HoldExpired     = "HOLD_EXPIRED"
	BookingReleased = "BOOKING_RELEASED"
	SuccessorHeld   = "SUCCESSOR_HELD"
)

// Hold is a claim on a slot, or on another order's booking, that lapses by itself.
type Hold struct {
	HoldID    string    `json:"hold_id"`
	SlotID    string    `json:"slot_id"`
	ExpiresAt time.Time `json:"expires_at"`
}

type holdInput struct {
	HolderRef  string `json:"holder_ref"`
	TTLSeconds int    `json:"ttl_seconds"`
}

// Succeed holds an order's booking for the order that shall replace it: it takes no room, and its lapse leaves the booking
// as it is. The same holder asking again gets its hold renewed.
func (c *Client) Succeed(ctx context.Context, bookingID, holder string, life time.Duration) (Hold, error) {
	return c.hold(ctx, "holdSuccessor", "/slots/v1/bookings/"+url.PathEscape(bookingID)+"/successor", holder, life)
}

// Hold takes room in a slot for a while. The same holder asking again gets its hold renewed.
func (c *Client) Hold(ctx context.Context, slotID, holder string, life time.Duration) (Hold, error) {
	return c.hold(ctx, "holdSlot", "/slots/v1/slots/"+url.PathEscape(slotID)+"/holds", holder, life)
}

func (c *Client) hold(ctx context.Context, operation, path, holder string, life time.Duration) (Hold, error) {
	return send[Hold](ctx, c, remote.Call{Operation: operation, Method: http.MethodPost, Path: path, Repeatable: true}, holdInput{holder, int(life.Seconds())})
}

// Confirm makes a hold the booking of an order. Confirming again for the same order answers the same booking.
func (c *Client) Confirm(ctx context.Context, holdID, orderNo string) (Booking, error) {
	return send[Booking](ctx, c, remote.Call{
		Operation: "confirmHold", Method: http.MethodPost, Path: "/slots/v1/holds/" + url.PathEscape(holdID) + "/confirm", Repeatable: true,
	}, struct {
		OrderNo string `json:"order_no"`
	}{orderNo})
}

// ReleaseHold gives a hold up; one that has lapsed is gone already.
func (c *Client) ReleaseHold(ctx context.Context, holdID string) error {
	_, err := c.caller.Do(ctx, remote.Call{
		Operation: "releaseHold", Method: http.MethodDelete, Path: "/slots/v1/holds/" + url.PathEscape(holdID), Header: c.header(ctx), Repeatable: true,
	})
	return err
}

// Move takes a booking to another slot of its type, all or nothing. Moving it to where it is changes nothing.
func (c *Client) Move(ctx context.Context, bookingID, slotID string) (Booking, error) {
	return send[Booking](ctx, c, remote.Call{
		Operation: "moveBooking", Method: http.MethodPost, Path: "/slots/v1/bookings/" + url.PathEscape(bookingID) + "/move", Repeatable: true,
	}, struct {
		SlotID string `json:"slot_id"`
	}{slotID})
}

// Slot reads one slot.
func (c *Client) Slot(ctx context.Context, slotID string) (Slot, error) {
	return send[Slot](ctx, c, remote.Call{Operation: "getSlot", Method: http.MethodGet, Path: "/slots/v1/slots/" + url.PathEscape(slotID)}, nil)
}

// Find lists the slots of a type at a location that start within a span of time.
func (c *Client) Find(ctx context.Context, kind, locationID string, from, to time.Time) ([]Slot, error) {
	list, err := send[struct {
		Slots []Slot `json:"slots"`
	}](ctx, c, remote.Call{
		Operation: "listSlots", Method: http.MethodGet, Path: "/slots/v1/slots",
		Query: url.Values{"type": {kind}, "location": {locationID}, "from": {from.UTC().Format(time.RFC3339)}, "to": {to.UTC().Format(time.RFC3339)}},
	}, nil)
	return list.Slots, err
}

// send sends a call with a body, if there is one, and decodes the answer.
func send[T any](ctx context.Context, c *Client, call remote.Call, in any) (T, error) {
	var out T
	call.Header = c.header(ctx)
	if in != nil {
		body, err := json.Marshal(in)
		if err != nil {
			return out, fmt.Errorf("encode %s: %w", call.Operation, err)
		}
		call.Body, call.ContentType = body, "application/json"
	}
	reply, err := c.caller.Do(ctx, call)
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal(reply.Body, &out); err != nil {
		return out, c.caller.Unreadable(call, err)
	}
	return out, nil
}
