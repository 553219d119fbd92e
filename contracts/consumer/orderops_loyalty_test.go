//go:build pact

package consumer_test

import (
	"net/http"
	"testing"

	"github.com/pact-foundation/pact-go/v2/matchers"

	"github.com/somsim/somsim/orderops/loyaltyclient"
	"github.com/somsim/somsim/orderops/remote"
)

// loyaltyPact holds one method for each kind of interaction.
type loyaltyPact struct{ *pact }

func TestOrderOpsAsksOfLoyalty(t *testing.T) {
	t.Setenv("PACT_DO_NOT_TRACK", "true")
	p := loyaltyPact{newPact(t, "order-ops", "loyalty")}
	t.Run("events", p.events)
	t.Run("no events", p.noEvents)
	t.Run("more events", p.moreEvents)
	t.Run("balance", p.balance)
	t.Run("adjustment", p.adjust)
	t.Run("adjustment refused", p.adjustRefused)
	t.Run("deletion of a reward", p.deleteReward)
	t.Run("deletion of a reward refused", p.deleteRewardRefused)
	p.unauthorized(t, loyaltyRequests(), http.StatusUnauthorized, remote.Unauthorized, "UNAUTHORIZED", body(loyaltyError("UNAUTHORIZED")))
	p.failing(t, loyaltyRequests(), outages(), loyaltyToken, nil)
	p.settle(t)
}

// events reads each kind of event that order-ops decides by, the newest first.
func (p loyaltyPact) events(t *testing.T) {
	earned := loyaltyEvent(eventID, "ACCUMULATE_POINTS", "accumulate_points", object{"points": matchers.Integer(173)})
	made := loyaltyEvent(eventID, "CREATE_REWARD", "create_reward", object{"points": matchers.Integer(-100), "reward_id": matchers.Like(rewardID)})
	event := func(id string, kind loyaltyclient.EventType, points int64, reward, reverses string) loyaltyclient.Event {
		return loyaltyclient.Event{ID: id, Type: kind, AccountID: accountID, Points: points, RewardID: reward, Reverses: reverses}
	}
	cases := []struct {
		state, number string
		events        []object
		want          []loyaltyclient.Event
	}{
		{
			"an order brought points", earningOrder,
			[]object{earned},
			[]loyaltyclient.Event{event(eventID, loyaltyclient.Accumulated, 173, "", "")},
		},
		{
			"points that an order brought were taken back under the key", earningOrder,
			[]object{
				loyaltyEvent(laterID, "ADJUST_POINTS", "adjust_points", object{"points": matchers.Integer(-10), "reverses": matchers.Like(eventID)}),
				earned,
			},
			[]loyaltyclient.Event{event(laterID, loyaltyclient.Adjusted, -10, "", eventID), event(eventID, loyaltyclient.Accumulated, 173, "", "")},
		},
		{
			"an order was paid with points", burningOrder,
			[]object{loyaltyEvent(laterID, "REDEEM_REWARD", "redeem_reward", object{"reward_id": matchers.Like(rewardID)}), made},
			[]loyaltyclient.Event{event(laterID, loyaltyclient.RewardUsed, 0, rewardID, ""), event(eventID, loyaltyclient.RewardMade, -100, rewardID, "")},
		},
		{
			"a reward for an order was deleted", unallocatedOrder,
			[]object{
				loyaltyEvent(laterID, "DELETE_REWARD", "delete_reward", object{"points": matchers.Integer(100), "reward_id": matchers.Like(rewardID)}),
				made,
			},
			[]loyaltyclient.Event{event(laterID, loyaltyclient.RewardGone, 100, rewardID, ""), event(eventID, loyaltyclient.RewardMade, -100, rewardID, "")},
		},
	}
	for _, c := range cases {
		t.Run(c.state, func(t *testing.T) {
			i := p.interaction(t, "a question for events when "+c.state).
				GivenWithParameter(order(c.state, c.number)).
				WithRequest(http.MethodPost, eventsPath, authorized(loyaltyToken), eventsOf(c.number)).
				WillRespondWith(http.StatusOK, body(object{"events": c.events}))
			p.run(t, i, func(caller remote.Caller) error {
				got, err := loyaltyclient.New(caller, loyaltyToken).Events(t.Context(), c.number)
				return expect(err, got, c.want)
			})
		})
	}
}

func (p loyaltyPact) noEvents(t *testing.T) {
	i := p.interaction(t, "a question for the events of an order without points").
		GivenWithParameter(order("an order has nothing to do with points", unallocatedOrder)).
		WithRequest(http.MethodPost, eventsPath, authorized(loyaltyToken), eventsOf(unallocatedOrder)).
		WillRespondWith(http.StatusOK, body(object{}))
	p.run(t, i, func(caller remote.Caller) error {
		got, err := loyaltyclient.New(caller, loyaltyToken).Events(t.Context(), unallocatedOrder)
		return expect(err, len(got), 0)
	})
}

// moreEvents reads a second page, of which the first one told the cursor.
func (p loyaltyPact) moreEvents(t *testing.T) {
	first := []byte(`{"events":[{"id":"event-9","type":"OTHER","loyalty_account_id":"member-1"}],"cursor":"` + pageCursor + `"}`)
	i := p.interaction(t, "a question for the rest of the events of an order").
		GivenWithParameter(order("an order has more events than fit a page", earningOrder)).
		WithRequest(http.MethodPost, eventsPath, authorized(loyaltyToken), moreEventsOf(earningOrder)).
		WillRespondWith(http.StatusOK, body(object{"events": matchers.EachLike(object{"id": matchers.Like(eventID)}, 1)}))
	p.run(t, i, func(caller remote.Caller) error {
		got, err := loyaltyclient.New(after(first, caller), loyaltyToken).Events(t.Context(), earningOrder)
		if err == nil && len(got) == 2 {
			err = expect(nil, got[1].ID, eventID)
		}
		return expect(err, len(got), 2)
	})
}

func (p loyaltyPact) balance(t *testing.T) {
	known := p.interaction(t, "a question for a balance of points").
		GivenWithParameter(order("an order brought points", earningOrder)).
		WithRequestPathMatcher(http.MethodGet, accountPath(""), authorized(loyaltyToken)).
		WillRespondWith(http.StatusOK, body(object{"loyalty_account": object{"balance": matchers.Integer(423)}}))
	p.run(t, known, func(caller remote.Caller) error {
		got, err := loyaltyclient.New(caller, loyaltyToken).Balance(t.Context(), accountID)
		return expect(err, got, 423)
	})
	unknown := p.interaction(t, "a question for the balance of an account that never was").
		Given("preset omnichannel").
		WithRequest(http.MethodGet, accountsPath+"nobody", authorized(loyaltyToken)).
		WillRespondWith(http.StatusNotFound, body(loyaltyError("NOT_FOUND")))
	p.refuses(t, unknown, remote.NotFound, "NOT_FOUND", func(caller remote.Caller) error {
		_, err := loyaltyclient.New(caller, loyaltyToken).Balance(t.Context(), "nobody")
		return err
	})
}

// adjust changes a balance, once under a key.
func (p loyaltyPact) adjust(t *testing.T) {
	const brought = "an order brought points"
	cases := []struct {
		state, number, request string
		adjustment             loyaltyclient.Adjustment
	}{
		{brought, earningOrder, "a taking back of points", takingPoints(-10)},
		{"an order was paid with points", burningOrder, "a giving back of points", takingPoints(10)},
		{"points that an order brought were taken back under the key", earningOrder, "the same taking back again", takingPoints(-10)},
		{"the points that an order brought were spent", earningOrder, "a taking back of points that were spent", owingPoints(-173)},
	}
	for _, c := range cases {
		t.Run(c.request, func(t *testing.T) {
			i := p.interaction(t, c.request).
				GivenWithParameter(order(c.state, c.number)).
				WithRequestPathMatcher(http.MethodPost, accountPath("/adjust"), authorized(loyaltyToken), adjusting(c.adjustment)).
				WillRespondWith(http.StatusOK, body(object{"event": object{"id": matchers.Like(laterID)}}))
			p.run(t, i, func(caller remote.Caller) error {
				got, err := loyaltyclient.New(caller, loyaltyToken).Adjust(t.Context(), accountID, c.adjustment)
				return expect(err, got, laterID)
			})
		})
	}
}

func (p loyaltyPact) adjustRefused(t *testing.T) {
	const brought = "an order brought points"
	elsewhere := takingPoints(-10)
	elsewhere.Reverses = "never"
	cases := []struct {
		state, request, code string
		adjustment           loyaltyclient.Adjustment
		class                remote.Class
	}{
		{"the points that an order brought were spent", "a taking of points that are not there", "BAD_REQUEST", takingPoints(-173), remote.Rejected},
		{brought, "a taking back of more points than an order brought", "BAD_REQUEST", owingPoints(-174), remote.Rejected},
		{brought, "a taking back of points of an event that never was", "NOT_FOUND", elsewhere, remote.NotFound},
		{"points that an order brought were taken back under the key", "another adjustment under the key", "IDEMPOTENCY_KEY_REUSED", takingPoints(-11), remote.Rejected},
	}
	for _, c := range cases {
		t.Run(c.request, func(t *testing.T) {
			status := http.StatusBadRequest
			if c.class == remote.NotFound {
				status = http.StatusNotFound
			}
			i := p.interaction(t, c.request).
				GivenWithParameter(order(c.state, earningOrder)).
				WithRequestPathMatcher(http.MethodPost, accountPath("/adjust"), authorized(loyaltyToken), adjusting(c.adjustment)).
				WillRespondWith(status, body(loyaltyError(c.code)))
			p.refuses(t, i, c.class, c.code, func(caller remote.Caller) error {
				_, err := loyaltyclient.New(caller, loyaltyToken).Adjust(t.Context(), accountID, c.adjustment)
				return err
			})
		})
	}
	unknown := p.interaction(t, "an adjustment of an account that never was").
		Given("preset omnichannel").
		WithRequest(http.MethodPost, accountsPath+"nobody/adjust", authorized(loyaltyToken), adjusting(elsewhere)).
		WillRespondWith(http.StatusNotFound, body(loyaltyError("NOT_FOUND")))
	p.refuses(t, unknown, remote.NotFound, "NOT_FOUND", func(caller remote.Caller) error {
		_, err := loyaltyclient.New(caller, loyaltyToken).Adjust(t.Context(), "nobody", elsewhere)
		return err
	})
}

// deleteReward gives the points of a reward back, once however often it is sent.
func (p loyaltyPact) deleteReward(t *testing.T) {
	for _, c := range []struct{ state, request string }{
		{"a reward for an order was not used yet", "a deletion of a reward that was not used"},
		{"a reward for an order was deleted", "a deletion of a reward that was deleted"},
	} {
		t.Run(c.request, func(t *testing.T) {
			i := p.interaction(t, c.request).
				GivenWithParameter(order(c.state, unallocatedOrder)).
				WithRequestPathMatcher(http.MethodDelete, rewardPath(), authorized(loyaltyToken)).
				WillRespondWith(http.StatusOK, body(object{}))
			p.run(t, i, func(caller remote.Caller) error {
				return loyaltyclient.New(caller, loyaltyToken).DeleteReward(t.Context(), rewardID)
			})
		})
	}
}

func (p loyaltyPact) deleteRewardRefused(t *testing.T) {
	used := p.interaction(t, "a deletion of a reward that was used").
		GivenWithParameter(order("an order was paid with points", burningOrder)).
		WithRequestPathMatcher(http.MethodDelete, rewardPath(), authorized(loyaltyToken)).
		WillRespondWith(http.StatusBadRequest, body(loyaltyError("BAD_REQUEST")))
	p.refuses(t, used, remote.Rejected, "BAD_REQUEST", func(caller remote.Caller) error {
		return loyaltyclient.New(caller, loyaltyToken).DeleteReward(t.Context(), rewardID)
	})
	unknown := p.interaction(t, "a deletion of a reward that never was").
		Given("preset omnichannel").
		WithRequest(http.MethodDelete, rewardsPath+"never", authorized(loyaltyToken)).
		WillRespondWith(http.StatusNotFound, body(loyaltyError("NOT_FOUND")))
	p.refuses(t, unknown, remote.NotFound, "NOT_FOUND", func(caller remote.Caller) error {
		return loyaltyclient.New(caller, loyaltyToken).DeleteReward(t.Context(), "never")
	})
}
