//go:build pact

package consumer_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/pact-foundation/pact-go/v2/matchers"
)

// The wishes besides cancels, the first two about a follow-up basket.
const (
	modifying  = "modify"
	confirming = "confirm"
	returning  = "return"
)

// cheapOrder is one thing without a slot, of the fifth shopper.
const cheapOrder = "00000112"

// modified is what a storefront is answered that goes on with a basket.
func modified(resumed bool) object {
	return object{
		"order_no": matchers.S(unallocatedOrder), "c_newBasketUUID": matchers.Like(basketID), "c_redirect": object{"target": matchers.S("Cart-Show")},
		"c_actionResult": object{
			"operation_id": matchers.Like("op-1"), "state": matchers.Term("editing", "^(editing|succeeded)$"),
			"modification": object{"state": matchers.S("editing"), "policy": matchers.S("keep_until_confirm"), "resumed": resumed},
		},
	}
}

// wishes has the shopper wish something that is granted.
func (p storefrontPact) wishes(t *testing.T, request, state string, wish shopWish, answer object, look func(shopOrder) error) {
	t.Helper()
	i := p.interaction(t, request).
		GivenWithParameter(order(state, unallocatedOrder)).
		WithRequest(http.MethodPatch, shopPath+"/orders/"+unallocatedOrder, shopper(shopperToken), wishing(wish)).
		WillRespondWith(http.StatusOK, body(answer))
	p.run(t, i, shopperToken, func(s storefront) error {
		o, err := s.wish(t.Context(), unallocatedOrder, wish)
		if err != nil {
			return err
		}
		return look(o)
	})
}

// goesOn is a storefront that has read where to go on.
func goesOn(resumed bool) func(shopOrder) error {
	return func(o shopOrder) error {
		if o.NewBasketUUID == "" || o.Redirect.Target != "Cart-Show" || o.Result == nil || o.Result.Modification.Resumed != resumed {
			return fmt.Errorf("order %+v", o)
		}
		return nil
	}
}

func (p storefrontPact) modify(t *testing.T) {
	p.wishes(t, "a modify", "an order is not allocated", shopWish{action: modifying, requestID: tap}, modified(false), goesOn(false))
}

func (p storefrontPact) modifyAgain(t *testing.T) {
	p.wishes(t, "a modify of an order that is being edited", "an order is being edited", shopWish{action: modifying, requestID: "tap-2"}, modified(true), goesOn(true))
}

func (p storefrontPact) modifyBeside(t *testing.T) {
	p.wishes(t, "a modify that replaces the basket of the shopper", "the shopper has an order and a basket",
		shopWish{action: modifying, requestID: tap, onExisting: "replace"}, modified(false), goesOn(false))
}

func (p storefrontPact) move(t *testing.T) {
	answer := object{
		"order_no": matchers.S(unallocatedOrder),
		"c_actionResult": object{
			"operation_id": matchers.Like("op-1"), "state": matchers.S("succeeded"),
			"modification": object{"state": matchers.S("slot_moved"), "policy": matchers.S("keep_until_confirm"), "resumed": false},
		},
	}
	p.wishes(t, "a modify that moves the slot alone", "another slot has room", shopWish{action: modifying, requestID: tap, slot: slotID}, answer, func(o shopOrder) error {
		return expect(nil, o.Result.Modification.State, "slot_moved")
	})
}

// confirmed is what a storefront is answered whose new order counts.
func confirmed() object {
	return object{
		"order_no": matchers.S(unallocatedOrder),
		"c_actionResult": object{
			"operation_id": matchers.Like("op-1"), "state": matchers.S("succeeded"),
			"confirmation": object{"new_order_no": matchers.Like(waitingNo), "price_difference": matchers.Like(0)},
		},
	}
}

func counts(o shopOrder) error {
	if o.Result == nil || o.Result.Confirmation.NewOrderNo == "" {
		return fmt.Errorf("order %+v", o)
	}
	return nil
}

func (p storefrontPact) confirm(t *testing.T) {
	p.wishes(t, "a confirm with the new order", "the follow-up basket of an order was ordered",
		shopWish{action: confirming, requestID: "tap-2", newOrder: waitingNo, expectedTotal: "149.59"}, confirmed(), counts)
}

func (p storefrontPact) confirmBasket(t *testing.T) {
	p.wishes(t, "a confirm with the basket", "the follow-up basket of an order can be ordered", shopWish{action: confirming, requestID: "tap-2", basket: basketID}, confirmed(), counts)
}

// modificationsRefused are modifications that the order, or the shop, does not allow.
func modificationsRefused() []storefrontRefusal {
	modify := &shopWish{action: modifying, requestID: tap}
	return []storefrontRefusal{
		{state: "a part of an order has shipped", request: "the modify of an order of which a part has shipped", number: partShippedOrder, wish: modify, want: refused("NOT_MODIFIABLE", shopDetails{Allowed: []string{"return"}})},
		{state: "the shopper has an order and a basket", request: "a modify beside a basket", number: unallocatedOrder, wish: modify, want: refused("BASKET_EXISTS", shopDetails{})},
		{state: "nothing of an order is left to be sold", request: "the modify of an order of which nothing can be bought", number: cheapOrder, wish: modify, want: refused("NOTHING_TRANSFERABLE", shopDetails{})},
		{
			state: "an order is not allocated", request: "a modify that asks for more than is sold", number: unallocatedOrder,
			wish: &shopWish{action: modifying, requestID: tap, items: []shopItem{{itemOfOrder, 1000}}}, want: refused("QUANTITY_INVALID", shopDetails{}),
		},
		{state: "an order is not allocated", request: "a modify that expects another total", number: unallocatedOrder, wish: &shopWish{action: modifying, requestID: tap, expectedTotal: "1.00"}, want: refused("PRICE_CHANGED", shopDetails{})},
		{state: "another slot is full", request: "a modify that moves the slot to one that is full", number: unallocatedOrder, wish: &shopWish{action: modifying, requestID: tap, slot: slotID}, want: refused("SLOT_FULL", shopDetails{})},
	}
}

// confirmationsRefused are confirmations that the new order does not allow.
func confirmationsRefused() []storefrontRefusal {
	by := func(w shopWish) *shopWish {
		w.action, w.requestID = confirming, "tap-2"
		return &w
	}
	editing, payable := "an order is being edited", "the follow-up basket of an order can be ordered"
	cases := []struct {
		state, request, code string
		wish                 *shopWish
	}{
		{"an order is not allocated", "a confirm of an order that is not being edited", "NOT_EDITING", by(shopWish{newOrder: allocatedOrder})},
		{editing, "a confirm with the order of somebody else", "CUSTOMER_MISMATCH", by(shopWish{newOrder: foreignOrder})},
		{editing, "a confirm with an order that follows nothing up", "CONTEXT_MISMATCH", by(shopWish{newOrder: allocatedOrder})},
		{editing, "a confirm with a basket that never was", "BASKET_NOT_FOUND", by(shopWish{basket: "never"})},
		{editing, "a confirm with a basket that nobody has paid for", "BASKET_INCOMPLETE", by(shopWish{basket: basketID})},
		{payable, "a confirm that expects another total", "PRICE_CHANGED", by(shopWish{basket: basketID, expectedTotal: "1.00"})},
		{"the card in the follow-up basket is declined", "a confirm with a card that is declined", "PAYMENT_DECLINED", by(shopWish{basket: basketID})},
		{"the slot of an order that is being edited is lost", "a confirm without the slot", "SLOT_HOLD_EXPIRED", by(shopWish{basket: basketID})},
		{"the follow-up order has taken the place of an order", "another confirm", "ALREADY_CONFIRMED", &shopWish{action: confirming, requestID: "tap-3", newOrder: waitingNo}},
	}
	var list []storefrontRefusal
	for _, c := range cases {
		list = append(list, storefrontRefusal{state: c.state, request: c.request, number: unallocatedOrder, wish: c.wish, want: refused(c.code, shopDetails{})})
	}
	return list
}
