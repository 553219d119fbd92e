//go:build pact

package consumer_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"

	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/slotsclient"
)

const (
	bookingID   = "booking-1"
	slotsKey    = "somsim"
	simpleOrder = "00000112" // has no slot
)

// slotsPact holds one method for each interaction.
type slotsPact struct{ *pact }

func TestOrderOpsAsksOfSlots(t *testing.T) {
	t.Setenv("PACT_DO_NOT_TRACK", "true")
	p := slotsPact{newPact(t, "order-ops", "slots")}
	t.Run("bookings", p.bookings)
	t.Run("released bookings", p.releasedBookings)
	t.Run("no bookings", p.noBookings)
	t.Run("release", p.release)
	t.Run("release again", p.releaseAgain)
	t.Run("release of an unknown booking", p.releaseUnknown)
	p.granting(t, slotCalls(), slotsKey)
	p.refusing(t, slotRefusals(), slotsKey, slotsRefusal)
	p.unauthorized(t, requests(slotCalls()), http.StatusUnauthorized, remote.Unauthorized, "UNAUTHENTICATED", body(slotsRefusal("UNAUTHENTICATED")))
	p.failing(t, requests(slotCalls()), outages(), slotsKey, nil)
	p.unauthorized(t, slotsRequests(), http.StatusUnauthorized, remote.Unauthorized, "UNAUTHENTICATED", body(slotsRefusal("UNAUTHENTICATED")))
	p.failing(t, slotsRequests(), outages(), slotsKey, nil)
	p.settle(t)
}

// slotsRequests are the calls of the client.
func slotsRequests() []request {
	booked := order("an order has a booking", unallocatedOrder)
	return []request{
		{
			what: "a question for bookings", state: booked, read: true,
			describe: func(i unconfigured, key string) *consumer.V4InteractionWithRequest {
				return i.WithRequest(http.MethodGet, "/slots/v1/bookings", authorized(key), ofOrder(unallocatedOrder))
			},
			call: func(ctx context.Context, caller remote.Caller, key string) error {
				_, err := slotsclient.New(caller, key).Bookings(ctx, unallocatedOrder)
				return err
			},
		},
		{
			what: "a release", state: booked,
			describe: func(i unconfigured, key string) *consumer.V4InteractionWithRequest {
				return i.WithRequestPathMatcher(http.MethodDelete, bookingPath(), authorized(key))
			},
			call: func(ctx context.Context, caller remote.Caller, key string) error {
				return slotsclient.New(caller, key).Release(ctx, bookingID)
			},
		},
	}
}

func (p slotsPact) bookings(t *testing.T) {
	i := p.interaction(t, "a question for the bookings of an order").
		GivenWithParameter(order("an order has a booking", unallocatedOrder)).
		WithRequest(http.MethodGet, "/slots/v1/bookings", authorized(slotsKey), ofOrder(unallocatedOrder)).
		WillRespondWith(http.StatusOK, body(object{"bookings": matchers.EachLike(booking(slotsclient.Booked), 1)}))
	p.run(t, i, func(caller remote.Caller) error {
		found, err := slotsclient.New(caller, slotsKey).Bookings(t.Context(), unallocatedOrder)
		if err != nil || len(found) != 1 || found[0].Slot.CutoffAt == nil {
			return fmt.Errorf("bookings %+v, %w", found, err)
		}
		b := found[0]
		got := []string{b.BookingID, b.Status, b.Slot.Type, b.Slot.End.Sub(b.Slot.Start).String(), b.Slot.End.Sub(*b.Slot.CutoffAt).String()}
		return expect(nil, got, []string{bookingID, slotsclient.Booked, slotsclient.Delivery, "2h0m0s", "18h0m0s"})
	})
}

func (p slotsPact) releasedBookings(t *testing.T) {
	i := p.interaction(t, "a question for the bookings of an order after their release").
		GivenWithParameter(order("the booking of an order was released already", unallocatedOrder)).
		WithRequest(http.MethodGet, "/slots/v1/bookings", authorized(slotsKey), ofOrder(unallocatedOrder)).
		WillRespondWith(http.StatusOK, body(object{"bookings": matchers.EachLike(booking(slotsclient.Released), 1)}))
	p.run(t, i, func(caller remote.Caller) error {
		found, err := slotsclient.New(caller, slotsKey).Bookings(t.Context(), unallocatedOrder)
		if err != nil || len(found) != 1 {
			return fmt.Errorf("bookings %+v, %w", found, err)
		}
		return expect(nil, found[0].Status, slotsclient.Released)
	})
}

func (p slotsPact) noBookings(t *testing.T) {
	i := p.interaction(t, "a question for the bookings of an order that has none").
		GivenWithParameter(order("an order has no booking", simpleOrder)).
		WithRequest(http.MethodGet, "/slots/v1/bookings", authorized(slotsKey), ofOrder(simpleOrder)).
		WillRespondWith(http.StatusOK, body(object{"bookings": []object{}}))
	p.run(t, i, func(caller remote.Caller) error {
		found, err := slotsclient.New(caller, slotsKey).Bookings(t.Context(), simpleOrder)
		return expect(err, len(found), 0)
	})
}

func (p slotsPact) release(t *testing.T) {
	i := p.interaction(t, "the release of a booking").
		GivenWithParameter(order("an order has a booking", unallocatedOrder)).
		WithRequestPathMatcher(http.MethodDelete, bookingPath(), authorized(slotsKey)).
		WillRespondWith(http.StatusNoContent)
	p.run(t, i, func(caller remote.Caller) error {
		return slotsclient.New(caller, slotsKey).Release(t.Context(), bookingID)
	})
}

func (p slotsPact) releaseAgain(t *testing.T) {
	i := p.interaction(t, "the release of a booking that was released").
		GivenWithParameter(order("the booking of an order was released already", unallocatedOrder)).
		WithRequestPathMatcher(http.MethodDelete, bookingPath(), authorized(slotsKey)).
		WillRespondWith(http.StatusNoContent)
	p.run(t, i, func(caller remote.Caller) error {
		return slotsclient.New(caller, slotsKey).Release(t.Context(), bookingID)
	})
}

func (p slotsPact) releaseUnknown(t *testing.T) {
	i := p.interaction(t, "the release of a booking that never was").
		Given("preset omnichannel").
		WithRequest(http.MethodDelete, "/slots/v1/bookings/never", authorized(slotsKey)).
		WillRespondWith(http.StatusNotFound, body(slotsRefusal("BOOKING_NOT_FOUND")))
	p.refuses(t, i, remote.NotFound, "BOOKING_NOT_FOUND", func(caller remote.Caller) error {
		return slotsclient.New(caller, slotsKey).Release(t.Context(), "never")
	})
}

func ofOrder(number string) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) { b.Query("order_no", matchers.S(number)) }
}

func bookingPath() matchers.Matcher {
	return fromState("/slots/v1/bookings/${bookingId}", "/slots/v1/bookings/"+bookingID).shaped(`[A-Za-z0-9-]+`)
}

func booking(status string) object {
	return object{
		"booking_id": matchers.Like(bookingID), "slot_id": matchers.Like("slot-1"), "order_no": matchers.S(unallocatedOrder),
		"status": matchers.S(status), "slot": object{
			"type": matchers.S(slotsclient.Delivery), "location_id": matchers.Like("WH-1"),
			"start": instant("2026-06-02T08:00:00Z"), "end": instant("2026-06-02T10:00:00Z"), "cutoff_at": instant("2026-06-01T16:00:00Z"),
		},
	}
}

// instant is a time as RFC 3339 writes it in UTC.
func instant(example string) matchers.Matcher {
	return matchers.Term(example, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$`)
}

func slotsRefusal(code string) object {
	return object{"code": matchers.S(code), "message": matchers.Like("a sentence")}
}
