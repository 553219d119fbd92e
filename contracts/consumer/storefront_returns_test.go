//go:build pact

package consumer_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/pact-foundation/pact-go/v2/matchers"
)

// returnsRefused are returns that the order does not allow.
func returnsRefused() []storefrontRefusal {
	const line = "a line of an order has shipped"
	whole := &shopWish{action: "return", requestID: tap}
	many := &shopWish{action: "return", requestID: tap, items: []shopItem{{itemOfOrder, 1000}}}
	wrong := &shopWish{action: "return", requestID: tap, expectedRefund: "1.00"}
	why := &shopWish{action: "return", requestID: tap, reason: "whim"}
	actual := 141.89
	return []storefrontRefusal{
		{state: "an order is not allocated", request: "a return of what was not handed over", number: unallocatedOrder, wish: whole, want: refused("NOT_RETURNABLE", shopDetails{Allowed: []string{"cancel"}})},
		{state: "the window of an order has closed", request: "a return after the last day", number: shippedOrder, wish: whole, want: refused("RETURN_WINDOW_CLOSED", shopDetails{Items: []string{itemID}})},
		{state: line, request: "a return of more units than there are", number: shippedOrder, wish: many, want: refused("RETURN_QUANTITY_EXCEEDED", shopDetails{Items: []string{itemOfOrder}})},
		{
			state: "a line of an order belongs to another", request: "the return of a part of a bundle", number: boughtBundle,
			wish: &shopWish{action: "return", requestID: tap, items: []shopItem{{itemOfOrder, 1}}}, want: refused("DEPENDENT_LINE", shopDetails{Items: []string{itemID}}),
		},
		{state: line, request: "a return that expects another refund", number: shippedOrder, wish: wrong, want: refused("AMOUNT_CHANGED", shopDetails{ActualRefund: &actual})},
		{state: line, request: "a return for a reason that is not known", number: shippedOrder, wish: why, want: refused("INVALID_REASON_CODE", shopDetails{ReasonCodes: []string{"changed_mind"}})},
		{state: "an order waits for its payment", request: "the return of an order that was never placed", number: unpaidOrder, wish: whole, want: refused("ORDER_NOT_PLACED", shopDetails{})},
	}
}

// takeBack gives everything back.
func (p storefrontPact) takeBack(t *testing.T) {
	p.returned(t, "a return of everything", shopWish{action: "return", requestID: tap, reason: "changed_mind"})
}

// takeBackWhatWasLeft gives back one unit, whose refund the shopper has seen.
func (p storefrontPact) takeBackWhatWasLeft(t *testing.T) {
	p.returned(t, "a return of one unit", shopWish{action: "return", requestID: tap, partial: true, items: []shopItem{{itemOfOrder, 1}}})
}

func (p storefrontPact) returned(t *testing.T, request string, wish shopWish) {
	t.Helper()
	i := p.interaction(t, request).
		GivenWithParameter(order("a line of an order has shipped", shippedOrder)).
		WithRequest(http.MethodPatch, shopPath+"/orders/"+shippedOrder, shopper(shopperToken), wishing(wish)).
		WillRespondWith(http.StatusOK, body(object{
			"order_no":   matchers.S(shippedOrder),
			"c_somOrder": object{"unifiedStatus": matchers.S("returned")},
			"c_actionResult": object{
				"operation_id": matchers.Like("operation-1"), "state": matchers.S("succeeded"),
				"return": object{
					"mode": matchers.S("simple"), "refund": matchers.Like(60.25), "fee": matchers.Like(0), "currency": matchers.Term("EUR", "^[A-Z]{3}$"),
					"items":    matchers.EachLike(object{"product_code": matchers.Like("SHIRT-M"), "quantity": matchers.Like(1)}, 1),
					"left_out": []object{},
				},
			},
		}))
	p.run(t, i, shopperToken, func(s storefront) error {
		o, err := s.wish(t.Context(), shippedOrder, wish)
		if err != nil || o.Result == nil || o.SOM == nil || len(o.Result.Return.Items) != 1 {
			return fmt.Errorf("order %+v: %w", o, err)
		}
		r := o.Result.Return
		got := []string{o.OrderNo, o.SOM.UnifiedStatus, o.Result.State, r.Mode, r.Refund.String(), r.Currency, r.Items[0].ProductCode}
		return expect(nil, got, []string{shippedOrder, "returned", "succeeded", "simple", "60.25", "EUR", "SHIRT-M"})
	})
}
