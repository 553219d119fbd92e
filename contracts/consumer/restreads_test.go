//go:build pact

package consumer_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

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
	resp, err := (&http.Client{Timeout: 10 * time.Second}).Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode < http.StatusBadRequest {
		return json.NewDecoder(resp.Body).Decode(out)
	}
	var problem struct {
		Code      string `json:"code"`
		Retriable bool   `json:"retriable"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&problem); err != nil {
		return err
	}
	return &restRefusal{resp.StatusCode, problem.Code, problem.Retriable, resp.Header.Get("Retry-After") != ""}
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
		b.JSONBody(object{"code": matchers.S(want.code), "retriable": want.retriable})
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
	want    restRefusal
}

// readsRefused are the refusals that every channel has to cope with, whatever it reads.
func readsRefused() []restRead {
	one := "/orders/" + unallocatedOrder
	return []restRead{
		{"a question for another shopper's order", order("an order is another shopper's", foreignOrder), "/orders/" + foreignOrder, restRefusal{status: 404, code: "ORDER_NOT_FOUND"}},
		{"a question for an order that does not exist", order("preset omnichannel", unknownOrder), "/orders/" + unknownOrder, restRefusal{status: 404, code: "ORDER_NOT_FOUND"}},
		{"a question by a shopper whose token has expired", order("the shopper's token has expired", unallocatedOrder), one, restRefusal{status: 401, code: "UNAUTHENTICATED"}},
		{"a question that is one too many", order("commerce takes no more calls for now", unallocatedOrder), one, restRefusal{status: 429, code: "RATE_LIMITED", retriable: true, retryAfter: true}},
		{"a question while commerce is out of order", order("commerce is out of order", unallocatedOrder), one, restRefusal{status: 502, code: "UPSTREAM_ERROR", retriable: true, retryAfter: true}},
		{"a question that commerce does not answer", order("commerce does not answer", unallocatedOrder), one, restRefusal{status: 504, code: "UPSTREAM_TIMEOUT", retriable: true, retryAfter: true}},
	}
}

// restPact is the contract of a channel that reads order-ops' own face.
type restPact struct {
	*pact
	token string
}

// reads exercises an interaction with a question.
func (p restPact) reads(t *testing.T, i executable, exercise func(base string) error) {
	t.Helper()
	execute(t, i, exercise)
	p.notes[p.latest] = note{} // a channel is no client of ours
}

func (p restPact) refused(t *testing.T, r restRead) {
	t.Helper()
	i := p.interaction(t, r.request).GivenWithParameter(r.state).
		WithRequest(http.MethodGet, restPath+r.path, bearer(p.token)).
		WillRespondWith(r.want.status, problemOf(r.want))
	p.reads(t, i, func(base string) error {
		err := restGet(t.Context(), base, p.token, r.path, nil, nil)
		got, ok := err.(*restRefusal) //nolint:errorlint // it is not wrapped
		if !ok || *got != r.want {
			return fmt.Errorf("got %w, want %s", err, r.want.Error())
		}
		return nil
	})
}
