//go:build pact

package consumer_test

import (
	"context"
	"net/http"
	"time"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"
	"github.com/pact-foundation/pact-go/v2/models"

	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/slotsclient"
)

// slotCalls are the calls to the slot service by which another order takes a booking over.
func slotCalls() []granted {
	at := func(before, example, after string) matchers.Matcher {
		return fromState("/slots/v1/"+before+"${"+named(example)+"}"+after, "/slots/v1/"+before+example+after).shaped(`[A-Za-z0-9-]+`)
	}
	holding := object{"holder_ref": basketID, "ttl_seconds": 1800}
	hold := object{"hold_id": matchers.Like(holdID), "slot_id": matchers.Like(slotID), "expires_at": instant("2026-06-01T10:30:00Z")}
	window := object{
		"slot_id": matchers.Like(slotID), "type": matchers.S(slotsclient.Delivery), "location_id": matchers.Like("WH-EAST"), "start": instant("2026-06-02T08:00:00Z"),
		"end": instant("2026-06-02T10:00:00Z"), "capacity": object{"available": matchers.Like(3)},
	}
	taken := object{"booking_id": matchers.Like(bookingID), "slot_id": matchers.Like(slotID), "slot": window}
	booked := order("an order has a booking", unallocatedOrder)
	from, to := time.Date(2026, 6, 1, 10, 0, 0, 0, time.UTC), time.Date(2026, 6, 4, 10, 0, 0, 0, time.UTC)
	return []granted{
		{request{"a hold on a booking for another order", booked, func(i unconfigured, key string) *consumer.V4InteractionWithRequest {
			return i.WithRequestPathMatcher(http.MethodPost, at("bookings/", bookingID, "/successor"), authorized(key), jsonBody(holding))
		}, func(ctx context.Context, caller remote.Caller, key string) error {
			h, err := slotsclient.New(caller, key).Succeed(ctx, bookingID, basketID, 30*time.Minute)
			return expect(err, h.HoldID, holdID)
		}, false}, http.StatusCreated, hold},
		{request{"a hold on a slot", state("a slot has room"), func(i unconfigured, key string) *consumer.V4InteractionWithRequest {
			return i.WithRequestPathMatcher(http.MethodPost, at("slots/", slotID, "/holds"), authorized(key), jsonBody(holding))
		}, func(ctx context.Context, caller remote.Caller, key string) error {
			h, err := slotsclient.New(caller, key).Hold(ctx, slotID, basketID, 30*time.Minute)
			return expect(err, h.HoldID, holdID)
		}, false}, http.StatusCreated, hold},
		{request{"the confirmation of a hold", state("a slot is held"), func(i unconfigured, key string) *consumer.V4InteractionWithRequest {
			return i.WithRequestPathMatcher(http.MethodPost, at("holds/", holdID, "/confirm"), authorized(key), jsonBody(object{"order_no": simpleOrder}))
		}, func(ctx context.Context, caller remote.Caller, key string) error {
			b, err := slotsclient.New(caller, key).Confirm(ctx, holdID, simpleOrder)
			return expect(err, b.BookingID, bookingID)
		}, false}, http.StatusOK, taken},
		{request{"the end of a hold", state("a slot is held"), func(i unconfigured, key string) *consumer.V4InteractionWithRequest {
			return i.WithRequestPathMatcher(http.MethodDelete, at("holds/", holdID, ""), authorized(key))
		}, func(ctx context.Context, caller remote.Caller, key string) error {
			return slotsclient.New(caller, key).ReleaseHold(ctx, holdID)
		}, false}, http.StatusNoContent, nil},
		{request{"a move of a booking", order("an order has a booking, and another slot has room", unallocatedOrder), func(i unconfigured, key string) *consumer.V4InteractionWithRequest {
			return i.WithRequestPathMatcher(http.MethodPost, at("bookings/", bookingID, "/move"), authorized(key), jsonBody(object{"slot_id": fromState("${slotId}", slotID).shaped(`[a-z0-9-]+`)}))
		}, func(ctx context.Context, caller remote.Caller, key string) error {
			b, err := slotsclient.New(caller, key).Move(ctx, bookingID, slotID)
			return expect(err, b.SlotID, slotID)
		}, false}, http.StatusOK, taken},
		{request{"a question for a slot", state("a slot has room"), func(i unconfigured, key string) *consumer.V4InteractionWithRequest {
			return i.WithRequestPathMatcher(http.MethodGet, at("slots/", slotID, ""), authorized(key))
		}, func(ctx context.Context, caller remote.Caller, key string) error {
			s, err := slotsclient.New(caller, key).Slot(ctx, slotID)
			return expect(err, s.LocationID, "WH-EAST")
		}, true}, http.StatusOK, window},
		{request{"a question for slots", state("a slot has room"), func(i unconfigured, key string) *consumer.V4InteractionWithRequest {
			return i.WithRequest(http.MethodGet, "/slots/v1/slots", authorized(key), func(b *consumer.V4RequestBuilder) {
				b.Query("type", matchers.S(slotsclient.Delivery))
				b.Query("location", matchers.S("WH-EAST"))
				b.Query("from", matchers.S("2026-06-01T10:00:00Z"))
				b.Query("to", matchers.S("2026-06-04T10:00:00Z"))
			})
		}, func(ctx context.Context, caller remote.Caller, key string) error {
			found, err := slotsclient.New(caller, key).Find(ctx, slotsclient.Delivery, "WH-EAST", from, to)
			return expect(err, len(found), 1)
		}, true}, http.StatusOK, object{"slots": matchers.EachLike(window, 1)}},
	}
}

// slotRefusals are the refusals that order-ops acts on.
func slotRefusals() []denied {
	calls := map[string]request{}
	for _, c := range slotCalls() {
		calls[c.what] = c.request
	}
	in := func(what string, s models.ProviderState) request {
		r := calls[what]
		r.state = s
		return r
	}
	return []denied{
		{in("a hold on a booking for another order", order("the booking of an order was released already", unallocatedOrder)), " that was released", http.StatusConflict, slotsclient.BookingReleased, remote.Conflict},
		{in("a hold on a slot", state("a slot is full")), " that is full", http.StatusConflict, slotsclient.SlotFull, remote.Conflict},
		{in("the confirmation of a hold", state("the hold on a slot has lapsed")), " that has lapsed", http.StatusGone, slotsclient.HoldExpired, remote.NotFound},
		{in("a move of a booking", order("an order has a booking, and another slot is full", unallocatedOrder)), " to a slot that is full", http.StatusConflict, slotsclient.SlotFull, remote.Conflict},
	}
}
