//go:build pact

package consumer_test

import (
	"fmt"
	"net/http"
)

// The order of preset omnichannel on a site where no action is switched on.
const (
	outlet      = "RefArchOutlet"
	outletOrder = "00000151"
)

const switchedOff = "no action is switched on for the site of an order"

// everyActionRefused are what keeps any action from being taken, whatever it is, and what keeps those from it that cancels have
// no refusal of the same kind for.
func everyActionRefused() (list []storefrontRefusal) {
	list = append(list, storefrontRefusal{
		state: switchedOff, request: "a cancel that is switched off", number: outletOrder, wish: &shopWish{requestID: tap}, want: refused("ACTION_NOT_AVAILABLE", shopDetails{}),
	})
	for _, action := range []string{modifying, confirming, returning} {
		list = append(list, ofNobody(action)...)
		list = append(list, whileDown(action)...)
		list = append(list, ofCommand(action)...)
	}
	return append(list, moreRefused()...)
}

// wishOf is the plainest wish for an action.
func wishOf(action string) *shopWish {
	w := &shopWish{action: action, requestID: tap}
	if action == confirming {
		w.newOrder = allocatedOrder
	}
	return w
}

// ofNobody are wishes of somebody who has no such order.
func ofNobody(action string) []storefrontRefusal {
	missing := shopFault{status: http.StatusNotFound, kind: "OrderNotFoundException"}
	noToken := shopFault{status: http.StatusUnauthorized, kind: "InvalidAccessTokenException"}
	return []storefrontRefusal{
		{state: "preset omnichannel", request: fmt.Sprintf("the %s of an order that never was", action), number: unknownOrder, wish: wishOf(action), want: missing},
		{state: "an order is another shopper's", request: fmt.Sprintf("the %s of the order of somebody else", action), number: foreignOrder, wish: wishOf(action), want: missing},
		{state: "preset omnichannel", request: fmt.Sprintf("a %s with a token that was never issued", action), number: unallocatedOrder, token: "nobody", wish: wishOf(action), want: noToken},
		{state: "the shopper's token has expired", request: fmt.Sprintf("a %s with a token that has expired", action), number: unallocatedOrder, wish: wishOf(action), want: noToken},
	}
}

// whileDown are wishes while a system behind order-ops fails.
func whileDown(action string) []storefrontRefusal {
	oms, number := "order management is down", unallocatedOrder
	switch action {
	case returning:
		number = shippedOrder
	case confirming:
		oms = "order management goes down while an order is being edited"
	}
	list := []storefrontRefusal{{state: oms, request: fmt.Sprintf("a %s while order management is down", action), number: number, wish: wishOf(action), want: closed("OMS_UNAVAILABLE")}}
	if action == confirming {
		list[0].wish = &shopWish{action: action, requestID: "tap-2", basket: basketID}
	}
	for _, c := range commerceFailures() {
		list = append(list, storefrontRefusal{state: c.state, request: "a " + action + c.when, number: number, wish: wishOf(action), want: c.want})
	}
	return list
}

// ofCommand are wishes that are refused for another one.
func ofCommand(action string) []storefrontRefusal {
	later := wishOf(action)
	later.requestID = "tap-2"
	return []storefrontRefusal{
		{
			state: "the shopper has cancelled an order", request: fmt.Sprintf("a %s under the request id of a cancel", action), number: unallocatedOrder, wish: wishOf(action),
			want: refused("IDEMPOTENCY_KEY_REUSED", shopDetails{}),
		},
		{state: "the cancel of an order is under way", request: fmt.Sprintf("a %s while a cancel is under way", action), number: unallocatedOrder, wish: later, want: soon("ORDER_ACTION_IN_PROGRESS")},
		{state: "an order is not allocated", request: fmt.Sprintf("a %s without a request id", action), number: unallocatedOrder, wish: &shopWish{action: action}, want: refused("IDEMPOTENCY_KEY_REQUIRED", shopDetails{})},
		{state: switchedOff, request: fmt.Sprintf("a %s that is switched off", action), number: outletOrder, wish: wishOf(action), want: refused("ACTION_NOT_AVAILABLE", shopDetails{})},
	}
}

// moreRefused are what single actions are refused for.
func moreRefused() []storefrontRefusal {
	by := func(w shopWish) *shopWish {
		w.action, w.requestID = confirming, "tap-2"
		return &w
	}
	some := func(action string, item shopItem) *shopWish {
		return &shopWish{action: action, requestID: tap, items: []shopItem{item}}
	}
	placed, replaced := refused("ORDER_NOT_PLACED", shopDetails{}), refused("ORDER_REPLACED", shopDetails{CurrentOrderNo: replacement})
	never := refused("UNKNOWN_ITEMS", shopDetails{Items: []string{"never"}})
	const line, locked = "a line of an order has shipped", "somebody else holds the records of an order"
	return []storefrontRefusal{
		{state: "an order waits for its payment", request: "the modify of an order that was never placed", number: unpaidOrder, wish: wishOf(modifying), want: placed},
		{state: "an order was replaced", request: "the modify of an order that was replaced", number: replacedOrder, wish: wishOf(modifying), want: replaced},
		{state: "an order is on its way to order management", request: "the modify of an order that was just placed", number: newOrder, wish: wishOf(modifying), want: soon("ORDER_NOT_YET_IN_OMS")},
		{state: "the cut-off of the slot of an order has passed", request: "a modify after the cut-off", number: unallocatedOrder, wish: wishOf(modifying), want: refused("CUTOFF_PASSED", shopDetails{CutoffAt: cutoffOf()})},
		{state: "an order is not allocated", request: "a modify of items that the order does not have", number: unallocatedOrder, wish: some(modifying, shopItem{"never", 1}), want: never},
		{state: locked, request: "a modify while the order is being changed", number: unallocatedOrder, wish: wishOf(modifying), want: soon("ORDER_CHANGED")},

		{state: "an order is being edited", request: "a confirm with nothing new", number: unallocatedOrder, wish: by(shopWish{}), want: refused("INVALID_REQUEST", shopDetails{})},
		{state: "the follow-up basket of an order was ordered and not paid", request: "a confirm with an order that is not paid", number: unallocatedOrder, wish: by(shopWish{newOrder: waitingNo}), want: soon("ORDER_NOT_PLACED")},
		{state: "order management has cancelled an order that is being edited", request: "a confirm of an order that changed in order management", number: unallocatedOrder, wish: by(shopWish{basket: basketID}), want: refused("ORDER_CHANGED", shopDetails{})},
		{state: "another slot is full while an order is being edited", request: "a confirm with a slot that is full", number: unallocatedOrder, wish: by(shopWish{basket: basketID, slot: slotID}), want: refused("SLOT_FULL", shopDetails{})},

		{state: "an order was replaced", request: "the return of an order that was replaced", number: replacedOrder, wish: wishOf(returning), want: replaced},
		{state: "an order is on its way to order management", request: "the return of an order that was just placed", number: newOrder, wish: wishOf(returning), want: soon("ORDER_NOT_YET_IN_OMS")},
		{state: line, request: "a return of items that the order does not have", number: shippedOrder, wish: some(returning, shopItem{"never", 1}), want: never},
		{state: line, request: "a return of no unit", number: shippedOrder, wish: some(returning, shopItem{itemOfOrder, 0}), want: refused("INVALID_QUANTITY", shopDetails{Items: []string{itemOfOrder}})},
		{state: locked, request: "a return while the order is being changed", number: shippedOrder, wish: wishOf(returning), want: soon("ORDER_CHANGED")},
	}
}
