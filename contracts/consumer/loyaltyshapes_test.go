//go:build pact

package consumer_test

import (
	"context"
	"net/http"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"

	"github.com/somsim/somsim/orderops/loyaltyclient"
	"github.com/somsim/somsim/orderops/remote"
)

// The orders of preset omnichannel that have to do with points.
const (
	earningOrder = "00000113"
	burningOrder = "00000133"
)

const (
	loyaltyToken = "somsim"
	accountID    = "member-1"
	eventID      = "event-1"
	laterID      = "event-2"
	rewardID     = "reward-1"
	pageCursor   = "MzA"
	// pointsKey makes an adjustment of the examples once.
	pointsKey = "5f1b6d0c9a2e4f7785c1d2e3a4b5c6d7"

	eventsPath   = "/loyalty/v2/loyalty/events/search"
	accountsPath = "/loyalty/v2/loyalty/accounts/"
	rewardsPath  = "/loyalty/v2/loyalty/rewards/"

	anyID = `[A-Za-z0-9_-]+`
)

func accountPath(below string) matchers.Matcher {
	return fromState(accountsPath+"${accountId}"+below, accountsPath+accountID+below).shaped(anyID)
}

func rewardPath() matchers.Matcher {
	return fromState(rewardsPath+"${rewardId}", rewardsPath+rewardID).shaped(anyID)
}

func eventsOf(number string) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) { b.JSONBody(searchFor(number)) }
}

// moreEventsOf goes on where a page ended.
func moreEventsOf(number string) consumer.V4RequestBuilderFunc {
	search := searchFor(number)
	search["cursor"] = fromState("${cursor}", pageCursor).shaped(`[A-Za-z0-9+/=_-]+`)
	return func(b *consumer.V4RequestBuilder) { b.JSONBody(search) }
}

func searchFor(number string) object {
	return object{"query": object{"filter": object{"order_filter": object{"order_id": number}}}, "limit": 30}
}

// loyaltyEvent is an entry of a ledger with its content, which stands under a
// name of its own.
func loyaltyEvent(id, kind, name string, content object) object {
	return object{"id": matchers.Like(id), "type": matchers.S(kind), "loyalty_account_id": matchers.Like(accountID), name: content}
}

// takingPoints takes points back of the order's event, or gives them back.
func takingPoints(points int64) loyaltyclient.Adjustment {
	return loyaltyclient.Adjustment{Points: points, Reason: "order cancelled", Reverses: eventID, Key: pointsKey}
}

// owingPoints takes them back even where the shopper has none left.
func owingPoints(points int64) loyaltyclient.Adjustment {
	a := takingPoints(points)
	a.AllowNegative = true
	return a
}

// adjusting is an adjustment; the event that it takes back is for the provider
// to name.
func adjusting(a loyaltyclient.Adjustment) consumer.V4RequestBuilderFunc {
	change := object{"points": a.Points, "reason": a.Reason, "reverses": a.Reverses}
	if a.Reverses == eventID {
		change["reverses"] = fromState("${eventId}", eventID).shaped(anyID)
	}
	return func(b *consumer.V4RequestBuilder) {
		b.JSONBody(object{"adjust_points": change, "allow_negative_balance": a.AllowNegative, "idempotency_key": a.Key})
	}
}

func loyaltyError(code string) object {
	return object{"errors": matchers.EachLike(object{"code": matchers.S(code), "detail": matchers.Like("a sentence")}, 1)}
}

// loyaltyRequests are the calls of the client.
func loyaltyRequests() []request {
	brought := order("an order brought points", earningOrder)
	return []request{
		{
			what: "a question for events", state: brought, read: true,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequest(http.MethodPost, eventsPath, authorized(token), eventsOf(earningOrder))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := loyaltyclient.New(caller, token).Events(ctx, earningOrder)
				return err
			},
		},
		{
			what: "a question for a balance", state: brought, read: true,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequestPathMatcher(http.MethodGet, accountPath(""), authorized(token))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := loyaltyclient.New(caller, token).Balance(ctx, accountID)
				return err
			},
		},
		{
			what: "an adjustment", state: brought,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequestPathMatcher(http.MethodPost, accountPath("/adjust"), authorized(token), adjusting(takingPoints(-10)))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := loyaltyclient.New(caller, token).Adjust(ctx, accountID, takingPoints(-10))
				return err
			},
		},
		{
			what: "a deletion of a reward", state: order("a reward for an order was not used yet", unallocatedOrder),
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequestPathMatcher(http.MethodDelete, rewardPath(), authorized(token))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				return loyaltyclient.New(caller, token).DeleteReward(ctx, rewardID)
			},
		},
	}
}
