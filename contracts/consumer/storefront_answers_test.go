//go:build pact

package consumer_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"
)

// orderInPart is an order of which order management would not tell everything:
// what it would not tell is null and named.
func (p storefrontPact) orderInPart(t *testing.T) {
	i := p.interaction(t, "a question for an order of which a part cannot be read").
		GivenWithParameter(order("delivery methods may not be seen", unallocatedOrder)).
		WithRequest(http.MethodGet, shopPath+"/orders/"+unallocatedOrder, shopper(shopperToken)).
		WillRespondWith(http.StatusOK, body(object{
			"order_no": matchers.S(unallocatedOrder), "c_somOrder": somOrderWith("confirmed", object{"deliveryGroups": nil}),
			"c_somPartErrors": []object{{"reference_id": matchers.S("deliveryMethods")}},
		}))
	p.run(t, i, shopperToken, func(s storefront) error {
		o, err := s.order(t.Context(), unallocatedOrder)
		if err != nil || o.SOM == nil || len(o.PartErrors) != 1 {
			return fmt.Errorf("order %+v: %w", o, err)
		}
		return expect(nil, []any{o.SOM.UnifiedStatus, o.SOM.DeliveryGroups == nil, o.PartErrors[0].ReferenceID}, []any{"confirmed", true, "deliveryMethods"})
	})
}

// orderNotInSOM is an order that commerce alone knows: that is no error.
func (p storefrontPact) orderNotInSOM(t *testing.T) {
	i := p.interaction(t, "a question for an order that order management does not have").
		GivenWithParameter(order("an order waits for its payment", unpaidOrder)).
		WithRequest(http.MethodGet, shopPath+"/orders/"+unpaidOrder, shopper(shopperToken)).
		WillRespondWith(http.StatusOK, body(object{"order_no": matchers.S(unpaidOrder), "c_somOrder": nil}))
	p.run(t, i, shopperToken, func(s storefront) error {
		o, err := s.order(t.Context(), unpaidOrder)
		return expect(err, []any{o.OrderNo, o.SOM == nil, o.SOMError == nil}, []any{unpaidOrder, true, true})
	})
}

func (p storefrontPact) historyWithoutSOM(t *testing.T) {
	i := p.interaction(t, "a question for the history while order management is down").
		GivenWithParameter(order("order management is down", unallocatedOrder)).
		WithRequestPathMatcher(http.MethodGet, customerOrdersPath(), shopper(shopperToken), pageFrom("0", "2")).
		WillRespondWith(http.StatusOK, body(object{
			"total": matchers.Integer(5),
			"data": matchers.EachLike(object{
				"order_no": matchers.Like(unallocatedOrder), "c_somOrder": nil,
				"c_somError": object{"code": matchers.S("OMS_UNAVAILABLE"), "retriable": true},
			}, 2),
		}))
	p.run(t, i, shopperToken, func(s storefront) error {
		page, err := s.history(t.Context(), customerID, 0, 2)
		if err != nil || len(page.Data) != 2 || page.Data[1].SOM != nil || page.Data[1].SOMError == nil {
			return fmt.Errorf("page %+v: %w", page, err)
		}
		return expect(nil, page.Data[1].SOMError.Code, "OMS_UNAVAILABLE")
	})
}

func (p storefrontPact) historyBeyond(t *testing.T) {
	i := p.interaction(t, "a question for a page beyond the end of the history").
		Given("the shopper has orders").
		WithRequestPathMatcher(http.MethodGet, customerOrdersPath(), shopper(shopperToken), pageFrom("100", "2")).
		WillRespondWith(http.StatusOK, body(object{"total": matchers.Integer(5), "data": []object{}}))
	p.run(t, i, shopperToken, func(s storefront) error {
		page, err := s.history(t.Context(), customerID, 100, 2)
		return expect(err, []int{page.Total, len(page.Data)}, []int{5, 0})
	})
}

// cancelSettlesLater is a cancel that has happened while money is still owed.
func (p storefrontPact) cancelSettlesLater(t *testing.T) {
	i := p.interaction(t, "a cancel while the payment platform is down").
		GivenWithParameter(order("the payment platform is down", unallocatedOrder)).
		WithRequest(http.MethodPatch, shopPath+"/orders/"+unallocatedOrder, shopper(shopperToken), wishing(shopWish{requestID: tap})).
		WillRespondWith(http.StatusOK, body(object{
			"c_somOrder": object{"unifiedStatus": matchers.S("cancelled")},
			"c_actionResult": object{
				"state": matchers.S("succeeded"), "cancellation": object{"effects": matchers.ArrayContaining([]any{
					object{"system": matchers.S("worldline"), "state": matchers.S("pending")},
				})},
			},
		}))
	p.run(t, i, shopperToken, func(s storefront) error {
		o, err := s.wish(t.Context(), unallocatedOrder, shopWish{requestID: tap})
		if err != nil || o.Result == nil {
			return fmt.Errorf("order %+v: %w", o, err)
		}
		return expect(nil, o.Result.Cancellation.Effects, []shopEffect{{"worldline", "pending"}})
	})
}

// cancelOpen is a cancel, or a return, that is still running, or of which nobody knows yet
// what became of it: the answer says where to ask.
func (p storefrontPact) cancelOpen(t *testing.T) {
	back := shopWish{action: returning, requestID: tap}
	for _, c := range []struct {
		state, number string
		wish          shopWish

		request, result, code string
	}{
		{"order management takes its time", unallocatedOrder, shopWish{requestID: tap}, "a cancel that takes its time", "running", "IN_PROGRESS"},
		{"order management does not say whether it cancelled", unallocatedOrder, shopWish{requestID: tap}, "a cancel whose outcome is not known", "outcome_unknown", "OUTCOME_UNKNOWN"},
		{"order management takes its time", shippedOrder, back, "a return that takes its time", "running", "IN_PROGRESS"},
		{"order management does not say whether it took anything back", shippedOrder, back, "a return whose outcome is not known", "outcome_unknown", "OUTCOME_UNKNOWN"},
	} {
		t.Run(c.request, func(t *testing.T) {
			const operation = "/order-ops/v1/operations/"
			i := p.interaction(t, c.request).
				GivenWithParameter(order(c.state, c.number)).
				WithRequest(http.MethodPatch, shopPath+"/orders/"+c.number, shopper(shopperToken), wishing(c.wish)).
				WillRespondWith(http.StatusAccepted, func(b *consumer.V4ResponseBuilder) {
					b.Header("Location", matchers.Term(operation+"1", "^"+operation+".+$"))
					b.Header("Retry-After", matchers.Term("2", `^[1-9]\d*$`))
					b.JSONBody(object{
						"order_no": matchers.S(c.number), "c_actionResult": object{
							"operation_id": matchers.Like("1"), "state": matchers.S(c.result), "code": matchers.S(c.code),
						},
					})
				})
			p.run(t, i, shopperToken, func(s storefront) error {
				o, err := s.wish(t.Context(), c.number, c.wish)
				if err != nil || o.Result == nil {
					return fmt.Errorf("order %+v: %w", o, err)
				}
				got := []string{o.Result.OperationID, o.Result.State, o.Result.Code, o.AskAt, o.AskAfter}
				return expect(nil, got, []string{"1", c.result, c.code, operation + "1", "2"})
			})
		})
	}
}

// ownChange is a change that is no action of ours: commerce makes it, and the
// answer is enriched as always.
func (p storefrontPact) ownChange(t *testing.T) {
	change := shopWish{action: noAction, resourceState: commerceState}
	i := p.interaction(t, "a change of an order as it is").
		GivenWithParameter(order("an order is not allocated", unallocatedOrder)).
		WithRequest(http.MethodPatch, shopPath+"/orders/"+unallocatedOrder, shopper(shopperToken), wishing(change)).
		WillRespondWith(http.StatusOK, body(object{
			"order_no": matchers.S(unallocatedOrder), "c_somOrder": object{"unifiedStatus": matchers.S("confirmed")},
		}))
	p.run(t, i, shopperToken, func(s storefront) error {
		o, err := s.wish(t.Context(), unallocatedOrder, change)
		if err != nil || o.SOM == nil {
			return fmt.Errorf("order %+v: %w", o, err)
		}
		return expect(nil, o.OrderNo+" "+o.SOM.UnifiedStatus, unallocatedOrder+" confirmed")
	})
}
