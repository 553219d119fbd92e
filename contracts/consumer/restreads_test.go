//go:build pact

package consumer_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"
	"github.com/pact-foundation/pact-go/v2/models"
)

const restPath = "/order-ops/v1"

// restRefusal is a problem document as a channel reads it.
type restRefusal struct {
	status    int
	code      string
	retriable bool
	// retryAfter says that a wait was announced.
	retryAfter bool
	// details are what some codes tell besides, for the channels that show it.
	details shopDetails
}

func (r *restRefusal) Error() string {
	return fmt.Sprintf("%d %s (retriable: %t, wait: %t)", r.status, r.code, r.retriable, r.retryAfter)
}

// restGet reads what a channel asks order-ops' own face for, or the refusal.
func restGet(ctx context.Context, base, token, path string, query url.Values, out any) error {
	target := base + restPath + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	_, err = restDo(req, out)
	return err
}

// bearer is how a channel proves its shopper towards order-ops' own face.
func bearer(token string) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) { b.Header("Authorization", matchers.S("Bearer "+token)) }
}

// asking adds parameters to a request.
func asking(query map[string]matchers.Matcher) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) {
		for name, value := range query {
			b.Query(name, value)
		}
	}
}

// problemOf is a problem document with what channels branch on.
func problemOf(want restRefusal) consumer.V4ResponseBuilderFunc {
	return func(b *consumer.V4ResponseBuilder) {
		if want.retryAfter {
			b.Header("Retry-After", matchers.Term("5", `^[1-9]\d*$`))
		}
		b.Header("Content-Type", matchers.S("application/problem+json"))
		told := want.details.expected()
		told["code"], told["retriable"] = matchers.S(want.code), want.retriable
		b.JSONBody(told)
	}
}

// anyStatus is one of the statuses that a page of history may show.
func anyStatus() matchers.Matcher {
	return matchers.Term("confirmed", "^(pending|confirmed|partially_shipped|shipped|delivered|cancelled|return_requested|returned|partially_returned|replaced|failed)$")
}

// restRead is a question of a channel that is refused.
type restRead struct {
	request string
	state   models.ProviderState
	path    string
	query   map[string]string
	want    restRefusal
}

// readsRefused are the refusals that every channel has to cope with, whatever it reads.
func (p restPact) readsRefused() []restRead {
	list := []restRead{
		{"a question for an operation that does not exist", order("preset omnichannel", unallocatedOrder), "/operations/none", nil, restRefusal{status: 404, code: "OPERATION_NOT_FOUND"}},
		{"a question for a page behind nothing", order("the shopper has orders", ""), "/orders", map[string]string{"cursor": "nothing"}, restRefusal{status: 400, code: "INVALID_REQUEST"}},
		{"a question for what may be given back while order management is down", order("order management is down", unallocatedOrder), "/orders/" + unallocatedOrder + "/return-policy", nil, restRefusal{status: 503, code: "OMS_UNAVAILABLE", retriable: true, retryAfter: true}},
	}
	for _, what := range []struct{ name, before, after string }{
		{"a question", "/orders/", ""}, {"a question for what may be given back", "/orders/", "/return-policy"},
	} {
		path := func(number string) string { return what.before + number + what.after }
		list = append(list,
			restRead{what.name + " of another shopper's order", order("an order is another shopper's", foreignOrder), path(foreignOrder), nil, restRefusal{status: 404, code: "ORDER_NOT_FOUND"}},
			restRead{what.name + " of an order that does not exist", order("preset omnichannel", unknownOrder), path(unknownOrder), nil, restRefusal{status: 404, code: "ORDER_NOT_FOUND"}})
		list = append(list, p.failing(what.name, path(unallocatedOrder), nil)...)
	}
	return append(list, p.failing("a question for the history", "/orders", map[string]string{"limit": "2"})...)
}

// failing are the refusals of a question that nobody can answer now, or not to this caller.
func (p restPact) failing(what, path string, query map[string]string) []restRead {
	list := []restRead{{what + " by a shopper whose token has expired", order("the shopper's token has expired", unallocatedOrder), path, query, restRefusal{status: 401, code: "UNAUTHENTICATED"}}}
	for _, f := range commerceFailures() {
		list = append(list, restRead{what + f.when, order(f.state, unallocatedOrder), path, query, p.told(restOf(f.want))})
	}
	return list
}

// told is a refusal as this channel is told it: where order-ops asks commerce in its own name, a channel is forbidden nothing.
func (p restPact) told(r restRefusal) restRefusal {
	if p.ofSLAS && r.code == "FORBIDDEN" {
		r.status, r.code = http.StatusBadGateway, "UPSTREAM_ERROR"
	}
	if !p.details {
		r.details = shopDetails{}
	}
	return r
}

// restPact is the contract of a channel that reads order-ops' own face.
type restPact struct {
	*pact
	token string
	// details says that the channel shows what a refusal tells besides its code.
	details bool
	// ofSLAS says that its tokens are of SLAS, with which order-ops cannot read orders at commerce.
	ofSLAS bool
}

// reads exercises an interaction with a question.
func (p restPact) reads(t *testing.T, i executable, exercise func(base string) error) {
	t.Helper()
	execute(t, i, exercise)
	p.notes[p.latest] = note{} // a channel is no client of ours
}

func (p restPact) refused(t *testing.T, r restRead) {
	t.Helper()
	query, asked := url.Values{}, map[string]matchers.Matcher{}
	for name, value := range r.query {
		query.Set(name, value)
		asked[name] = matchers.S(value)
	}
	i := p.interaction(t, r.request).GivenWithParameter(r.state).
		WithRequest(http.MethodGet, restPath+r.path, bearer(p.token), asking(asked)).
		WillRespondWith(r.want.status, problemOf(r.want))
	p.reads(t, i, func(base string) error {
		return expectRefusal(restGet(t.Context(), base, p.token, r.path, query, nil), r.want)
	})
}
