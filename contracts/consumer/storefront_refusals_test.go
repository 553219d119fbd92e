//go:build pact

package consumer_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pact-foundation/pact-go/v2/consumer"
)

// The orders of preset omnichannel that only commerce knows.
const (
	unpaidOrder   = "00000143"
	failedOrder   = "00000144"
	replacedOrder = "00000145"
	newOrder      = "00000154"
	replacement   = "00000136"
	// bundleOrder buys a bundle, boughtBundle one that has been delivered.
	bundleOrder, boughtBundle = "00000155", "00000159"
)

// refusal is something that a storefront asks for and does not get. Without a
// wish it is a question: for an order, or without a number for the history.
type storefrontRefusal struct {
	state, request, number string
	// token is the shopper's when it is empty.
	token string
	wish  *shopWish
	want  shopFault
}

// questionsRefused are questions that concern somebody else, or nobody.
func questionsRefused() []storefrontRefusal {
	missing := shopFault{status: http.StatusNotFound, kind: "OrderNotFoundException"}
	noToken := shopFault{status: http.StatusUnauthorized, kind: "InvalidAccessTokenException"}
	return []storefrontRefusal{
		{state: "preset omnichannel", request: "a question for an order that never was", number: unknownOrder, want: missing},
		{state: "an order is another shopper's", request: "a question for the order of somebody else", number: foreignOrder, want: missing},
		{state: "preset omnichannel", request: "a question with a token that was never issued", number: unallocatedOrder, token: "nobody", want: noToken},
		{state: "the shopper's token has expired", request: "a question with a token that has expired", number: unallocatedOrder, want: noToken},
		{state: "the shopper has orders", request: "a question for the history with a token that was never issued", token: "nobody", want: noToken},
	}
}

// cancelsRefused are cancels that the order does not allow.
func cancelsRefused() []storefrontRefusal {
	whole, one := &shopWish{requestID: tap}, &shopWish{requestID: tap, items: []shopItem{{itemOfOrder, 1}}}
	missing := shopFault{status: http.StatusNotFound, kind: "OrderNotFoundException"}
	noToken := shopFault{status: http.StatusUnauthorized, kind: "InvalidAccessTokenException"}
	stale := &shopWish{requestID: tap, resourceState: staleState}
	return []storefrontRefusal{
		{state: "preset omnichannel", request: "the cancel of an order that never was", number: unknownOrder, wish: whole, want: missing},
		{state: "an order is another shopper's", request: "the cancel of the order of somebody else", number: foreignOrder, wish: whole, want: missing},
		{state: "preset omnichannel", request: "a cancel with a token that was never issued", number: unallocatedOrder, token: "nobody", wish: whole, want: noToken},
		{state: "the shopper's token has expired", request: "a cancel with a token that has expired", number: unallocatedOrder, wish: whole, want: noToken},
		{
			state: "an order is not allocated", request: "the cancel of an order as it was before", number: unallocatedOrder, wish: stale,
			want: shopFault{status: http.StatusConflict, kind: "ResourceStateConflictException"},
		},
		{
			state: "an order has shipped", request: "the cancel of an order that has shipped", number: shippedOrder, wish: whole,
			want: refused("NOT_CANCELLABLE", shopDetails{Allowed: []string{"return"}}),
		},
		{
			state: "a part of an order has shipped", request: "the cancel of an order of which a part has shipped", number: partShippedOrder, wish: whole,
			want: refused("PARTIALLY_FULFILLED", shopDetails{Items: []string{itemID}}),
		},
		{
			state: "the cut-off of the slot of an order has passed", request: "a cancel after the cut-off", number: unallocatedOrder, wish: whole,
			want: refused("CUTOFF_PASSED", shopDetails{CutoffAt: cutoffOf()}),
		},
		{
			state: "a line of an order belongs to another", request: "the cancel of a part of a bundle", number: bundleOrder, wish: one,
			want: refused("DEPENDENT_LINE", shopDetails{Items: []string{itemID}}),
		},
		{state: "an order waits for its payment", request: "the cancel of an order that was never placed", number: unpaidOrder, wish: whole, want: refused("ORDER_NOT_PLACED", shopDetails{})},
		{state: "the payment of an order failed", request: "the cancel of an order that failed", number: failedOrder, wish: whole, want: refused("ORDER_NOT_PLACED", shopDetails{})},
		{state: "an order is on its way to order management", request: "the cancel of an order that was just placed", number: newOrder, wish: whole, want: soon("ORDER_NOT_YET_IN_OMS")},
		{
			state: "an order was cancelled", request: "the opening of an order that is cancelled", number: cancelledOrder,
			wish: &shopWish{action: noAction, status: "open"}, want: refused("CANNOT_REOPEN", shopDetails{}),
		},
		{
			state: "an order was replaced", request: "the cancel of an order that was replaced", number: replacedOrder, wish: whole,
			want: refused("ORDER_REPLACED", shopDetails{CurrentOrderNo: replacement}),
		},
		{
			state: "the shopper has cancelled an order", request: "another cancel under the same request id", number: unallocatedOrder, wish: one,
			want: refused("IDEMPOTENCY_KEY_REUSED", shopDetails{}),
		},
		{
			state: "the cancel of an order is under way", request: "a cancel while another one is under way", number: unallocatedOrder,
			wish: &shopWish{requestID: "tap-2"}, want: soon("ORDER_ACTION_IN_PROGRESS"),
		},
		{state: "somebody else holds the records of an order", request: "a cancel while the order is being changed", number: unallocatedOrder, wish: whole, want: soon("ORDER_CHANGED")},
	}
}

// cutoffOf is until when the order of the examples could be given up.
func cutoffOf() *time.Time {
	at := time.Date(2026, 6, 3, 5, 0, 0, 0, time.UTC)
	return &at
}

// wishesRefused are cancels that are not what they should be.
func wishesRefused() []storefrontRefusal {
	actual := 149.59
	cases := []struct {
		request string
		wish    shopWish
		want    shopFault
	}{
		{"a cancel that expects another refund", shopWish{requestID: tap, expectedRefund: "1.00"}, refused("AMOUNT_CHANGED", shopDetails{ActualRefund: &actual})},
		{"a cancel of items that the order does not have", shopWish{requestID: tap, items: []shopItem{{"never", 1}}}, refused("UNKNOWN_ITEMS", shopDetails{Items: []string{"never"}})},
		{"a cancel of no unit", shopWish{requestID: tap, items: []shopItem{{itemOfOrder, 0}}}, refused("INVALID_QUANTITY", shopDetails{Items: []string{itemOfOrder}})},
		{"a cancel of more units than there are", shopWish{requestID: tap, items: []shopItem{{itemOfOrder, 1000}}}, refused("CANCEL_QUANTITY_EXCEEDED", shopDetails{Items: []string{itemOfOrder}})},
		{"a cancel for a reason that is not known", shopWish{requestID: tap, reason: "whim"}, refused("INVALID_REASON_CODE", shopDetails{ReasonCodes: []string{"changed_mind"}})},
		{"a cancel without a request id", shopWish{}, refused("IDEMPOTENCY_KEY_REQUIRED", shopDetails{})},
		{"a cancel of items that cannot be read", shopWish{requestID: tap, spoiled: true}, refused("INVALID_REQUEST", shopDetails{})},
	}
	var list []storefrontRefusal
	for _, c := range cases {
		list = append(list, storefrontRefusal{state: "an order is not allocated", request: c.request, number: unallocatedOrder, wish: &c.wish, want: c.want})
	}
	return list
}

// failures are what a storefront meets while a system behind order-ops fails.
func failures() []storefrontRefusal {
	list := []storefrontRefusal{{
		state: "order management is down", request: "a cancel while order management is down", number: unallocatedOrder,
		wish: &shopWish{requestID: tap}, want: closed("OMS_UNAVAILABLE"),
	}}
	for _, c := range commerceFailures() {
		list = append(list,
			storefrontRefusal{state: c.state, request: "a question" + c.when, number: unallocatedOrder, want: c.want},
			storefrontRefusal{state: c.state, request: "a question for the history" + c.when, want: c.want},
			storefrontRefusal{state: c.state, request: "a cancel" + c.when, number: unallocatedOrder, wish: &shopWish{requestID: tap}, want: c.want})
	}
	return list
}

// closed is a refusal for a system that is away for now.
func closed(code string) shopFault {
	return shopFault{status: http.StatusServiceUnavailable, kind: "HookCircuitBreakerException", code: code, retriable: true, retryAfter: true}
}

// commerceFailure is a way in which commerce fails, and how that is told.
type commerceFailure struct {
	state, when string
	want        shopFault
}

func commerceFailures() []commerceFailure {
	return []commerceFailure{
		{"commerce takes no more calls for now", " after too many calls", shopFault{status: http.StatusTooManyRequests, kind: "TooManyRequestsException", retryAfter: true}},
		{"commerce forbids the storefront", " by a storefront that may not", shopFault{status: http.StatusForbidden, kind: "ClientAccessForbiddenException"}},
		{"commerce is out of order", " while commerce is out of order", closed("UPSTREAM_ERROR")},
		{"commerce does not answer", " while commerce does not answer", closed("UPSTREAM_TIMEOUT")},
	}
}

// changesRefused are changes that are no action of ours: commerce refuses them.
func changesRefused() []storefrontRefusal {
	return []storefrontRefusal{{
		state: "an order is not allocated", request: "a change of an order as it was before", number: unallocatedOrder,
		wish: &shopWish{action: noAction, resourceState: staleState}, want: shopFault{status: http.StatusConflict, kind: "ResourceStateConflictException"},
	}}
}

func refused(code string, details shopDetails) shopFault {
	return shopFault{status: http.StatusBadRequest, kind: hookFault, code: code, details: details}
}

// soon is a refusal that may pass by itself.
func soon(code string) shopFault {
	return shopFault{status: http.StatusBadRequest, kind: hookFault, code: code, retriable: true, retryAfter: true}
}

func (p storefrontPact) refused(t *testing.T, r storefrontRefusal) {
	t.Helper()
	if r.token == "" {
		r.token = shopperToken
	}
	begun := p.interaction(t, r.request).GivenWithParameter(order(r.state, r.number))
	var described *consumer.V4InteractionWithRequest
	var ask func(storefront) error
	switch {
	case r.number == "":
		described = begun.WithRequestPathMatcher(http.MethodGet, customerOrdersPath(), shopper(r.token), pageFrom("0", "2"))
		ask = func(s storefront) error {
			_, err := s.history(t.Context(), customerID, 0, 2)
			return err
		}
	case r.wish == nil:
		described = begun.WithRequest(http.MethodGet, shopPath+"/orders/"+r.number, shopper(r.token))
		ask = func(s storefront) error {
			_, err := s.order(t.Context(), r.number)
			return err
		}
	default:
		described = begun.WithRequest(http.MethodPatch, shopPathOf(r.number)+"/orders/"+r.number, shopper(r.token), wishing(*r.wish))
		ask = func(s storefront) error {
			_, err := s.wish(t.Context(), r.number, *r.wish)
			return err
		}
	}
	p.run(t, described.WillRespondWith(r.want.status, shopRefusal(r.want)), r.token, func(s storefront) error {
		return expectFault(ask(s), r.want)
	})
}

func expectFault(err error, want shopFault) error {
	var got *shopFault
	if !errors.As(err, &got) {
		return fmt.Errorf("got %w, want %s", err, want.Error())
	}
	if diff := cmp.Diff(want, *got, cmp.AllowUnexported(shopFault{})); diff != "" {
		return errors.New("the storefront read (-want +got):\n" + diff)
	}
	return nil
}
