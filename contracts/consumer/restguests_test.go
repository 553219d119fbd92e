//go:build pact

package consumer_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"
)

// What a guest shows in the examples, and what it gets for that.
const (
	guestCode    = "123456"
	orderToken   = "k3mUq0ZrC7xWbV1nT5yHs8Lp2DfGj4Ae"
	guestAccess  = "guest-access"
	guestAddress = "shopper-1@somsim.test"
	opening      = restPath + "/orders/" + unallocatedOrder + "/access"
)

// letIn is what a channel reads when a guest may see an order.
type letIn struct {
	Token   string `json:"access_token"`
	OrderNo string `json:"order_no"`
	Seconds int    `json:"expires_in"`
}

// opens shows a code, or the token of the order.
func (c channel) opens(ctx context.Context, number string, proof map[string]string) (in letIn, err error) {
	sent, err := json.Marshal(proof)
	if err != nil {
		return in, err
	}
	_, err = c.post(ctx, "/orders/"+number+"/access", "", sent, &in)
	return in, err
}

// guests are the questions by which a channel opens an order to somebody without an account.
func (p restPact) guests(t *testing.T) {
	t.Helper()
	t.Run("guest's code", p.guestAsksForCode)
	p.guestOpens(t, "a guest's code", "a guest was mailed a code for an order", map[string]string{"code": guestCode}, nil)
	p.guestOpens(t, "a guest's token of the order", "the shop gave out a token with an order", map[string]string{"order_token": orderToken}, nil)
	p.guestOpens(t, "a guest's code that opens nothing", "preset omnichannel", map[string]string{"code": "000000"}, &restRefusal{status: 401, code: "UNAUTHENTICATED"})
	p.guestOpens(t, "a guest's token that opens nothing", "preset omnichannel", map[string]string{"order_token": "a token of another order"}, &restRefusal{status: 401, code: "UNAUTHENTICATED"})
	p.guestOpens(t, "one code of a guest too many", "too many codes were tried with an order", map[string]string{"code": "000000"},
		&restRefusal{status: 429, code: "RATE_LIMITED", retriable: true, retryAfter: true})
	p.guestOpens(t, "a guest's code while commerce is out of order", "commerce is out of order", map[string]string{"code": guestCode},
		&restRefusal{status: 502, code: "UPSTREAM_ERROR", retriable: true, retryAfter: true})
	t.Run("guest's order", p.guestReads)
	t.Run("guest's other order", p.guestReadsAnother)
	t.Run("guest's cancel", p.guestCancels)
}

func (p restPact) guestAsksForCode(t *testing.T) {
	i := p.interaction(t, "a guest's wish for a code").
		GivenWithParameter(order("preset omnichannel", unallocatedOrder)).
		WithRequest(http.MethodPost, restPath+"/orders/"+unallocatedOrder+"/access-code", func(b *consumer.V4RequestBuilder) { b.JSONBody(object{"email": guestAddress}) }).
		WillRespondWith(http.StatusAccepted, body(object{"expires_in": matchers.Like(900)}))
	p.reads(t, i, func(base string) error {
		var got struct {
			Seconds int `json:"expires_in"`
		}
		_, err := channel{base: base}.post(t.Context(), "/orders/"+unallocatedOrder+"/access-code", "", []byte(`{"email":"`+guestAddress+`"}`), &got)
		return expect(err, got.Seconds, 900)
	})
}

// guestOpens has a guest show something, and be refused if there is such a refusal.
func (p restPact) guestOpens(t *testing.T, request, state string, proof map[string]string, refusal *restRefusal) {
	t.Helper()
	t.Run(request, func(t *testing.T) {
		described := p.interaction(t, request).GivenWithParameter(order(state, unallocatedOrder)).WithRequest(http.MethodPost, opening, func(b *consumer.V4RequestBuilder) {
			sent := object{}
			for name, value := range proof {
				sent[name] = value
				if refusal == nil {
					sent[name] = map[string]any{"code": fromState("${accessCode}", value).shaped(`[0-9]{6}`), "order_token": fromState("${orderToken}", value).shaped(`\S+`)}[name]
				}
			}
			b.JSONBody(sent)
		})
		if refusal != nil {
			p.reads(t, described.WillRespondWith(refusal.status, problemOf(*refusal)), func(base string) error {
				_, err := channel{base: base}.opens(t.Context(), unallocatedOrder, proof)
				return expectRefusal(err, *refusal)
			})
			return
		}
		answer := object{"access_token": matchers.Like(guestAccess), "order_no": matchers.S(unallocatedOrder), "expires_in": matchers.Like(1800)}
		p.reads(t, described.WillRespondWith(http.StatusOK, body(answer)), func(base string) error {
			got, err := channel{base: base}.opens(t.Context(), unallocatedOrder, proof)
			return expect(err, got, letIn{guestAccess, unallocatedOrder, 1800})
		})
	})
}

const guestIn = "a guest was let in to an order"

func (p restPact) guestReads(t *testing.T) {
	i := p.interaction(t, "a guest's question for the order").
		GivenWithParameter(order(guestIn, unallocatedOrder)).
		WithRequest(http.MethodGet, restPath+"/orders/"+unallocatedOrder, bearer(guestAccess)).
		WillRespondWith(http.StatusOK, body(object{"order_no": matchers.S(unallocatedOrder), "status": matchers.S("confirmed"), "allowed_actions": matchers.ArrayContaining([]any{matchers.S("cancel")})}))
	p.reads(t, i, func(base string) error {
		o, err := app{base, guestAccess}.order(t.Context(), unallocatedOrder)
		if err == nil && (len(o.Allowed) != 1 || o.OrderNo != unallocatedOrder) {
			err = errors.New("the guest cannot cancel it")
		}
		return expect(err, o.Status, "confirmed")
	})
}

func (p restPact) guestReadsAnother(t *testing.T) {
	refusal := restRefusal{status: 404, code: "ORDER_NOT_FOUND"}
	i := p.interaction(t, "a guest's question for another order").
		GivenWithParameter(order(guestIn, unallocatedOrder)).
		WithRequest(http.MethodGet, restPath+"/orders/"+partShippedOrder, bearer(guestAccess)).
		WillRespondWith(refusal.status, problemOf(refusal))
	p.reads(t, i, func(base string) error {
		_, err := app{base, guestAccess}.order(t.Context(), partShippedOrder)
		return expectRefusal(err, refusal)
	})
}

func (p restPact) guestCancels(t *testing.T) {
	guest := restPact{pact: p.pact, token: guestAccess}
	grants(t, guest, grant{"a guest's cancel", guestIn, unallocatedOrder, shopWish{requestID: tap}, false, 0, object{"state": matchers.S("succeeded")}}, struct {
		State string `json:"state"`
	}{"succeeded"})
}
