package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
)

// unallocated is an order of which no location has begun anything.
func unallocated() subject { return subject{order: "00000101", shopper: "shopper-1"} }

// dearer is an order whose goods cost more today.
func dearer() subject { return subject{order: "00000111", shopper: "shopper-4"} }

// refuses has an operation refused for good.
func (s *stage) refuses(system, operation, code string, status int) {
	s.t.Helper()
	s.must(http.MethodPost, s.sandbox("/faults"), nil, map[string]any{
		"name": "refused", "match": map[string]any{"system": system, "operation": operation},
		"effect": map[string]any{"kind": "vendor_error", "code": code, "status": status},
	})
}

// cancellingInVain is a cancel that order management refuses after units were taken from the warehouse, which gets them back.
func cancellingInVain() workflow {
	about := authorised()
	back := func(s *stage, answer []byte) {
		if !bytes.Contains(answer, []byte(`"NOT_CANCELLABLE"`)) {
			s.t.Errorf("the cancel ended as %s", answer)
		}
		if bytes.Contains(answer, []byte(`"state":"pending"`)) { // the warehouse gets them back later, and the shopper was told so
			s.pass("1h")
		}
		s.changed(map[string]int{"cancelFulfillmentOrderItem": 1, "createFulfillmentOrders": 1, "cancelPayment": 0, "releaseBooking": 0})
		s.hold()
	}
	return workflow{
		name: "cancel-in-vain", way: simple, passes: true, soon: "1h", refused: http.StatusConflict, calls: []parked{
			{"som", "cancelFulfillmentOrderItem", 1, about},
			{"som", "createFulfillmentOrders", 1, about},
		},
		ready:   func(s *stage) { s.refuses("som", "submitCancel", "INVALID_INPUT", http.StatusBadRequest) },
		ask:     (*stage).cancel,
		done:    back,
		after:   back,
		nothing: (*stage).notCancelled,
	}
}

// cancellingForPoints is the cancel of an order that earned points which are spent: the shopper pays for them out of the refund.
func cancellingForPoints() workflow {
	about := captured()
	done := func(s *stage, answer []byte) {
		s.cancelledWith(answer, map[string]int{
			"submitCancel": 1, "refundPayment": 1, "recordRefund": 1, "submitChange": 1, "collectEvents": 1, "deleteLoyaltyReward": 0,
		})
	}
	return workflow{
		name: "cancel-points", way: first, passes: true, soon: "1h", calls: []parked{
			{"loyalty", "searchLoyaltyEvents", 1, about},
			{"loyalty", "retrieveLoyaltyAccount", 1, about},
			{"worldline", "refundPayment", 1, about},
			{"loyalty", "adjustLoyaltyPoints", 1, about},
			{"loyalty", "adjustLoyaltyPoints", 2, about},
			{"som", "composite", 5, about}, // is the fee booked
			{"som", "submitChange", 1, about},
		},
		ready: (*stage).spendPoints,
		ask:   (*stage).cancel,
		done:  done,
		after: done,
		nothing: func(s *stage, _ []byte) {
			s.changed(map[string]int{"submitCancel": 0, "refundPayment": 0, "submitChange": 0})
		},
	}
}

// cancellingReward is the cancel of an order that a reward was taken for and not used yet.
func cancellingReward() workflow {
	about := captured()
	done := func(s *stage, answer []byte) {
		s.cancelledWith(answer, map[string]int{"submitCancel": 1, "refundPayment": 1, "deleteLoyaltyReward": 1, "adjustLoyaltyPoints": 1})
	}
	return workflow{
		name: "cancel-reward", way: simple, soon: "1h", calls: []parked{{"loyalty", "deleteLoyaltyReward", 1, about}},
		ready: func(s *stage) {
			s.points(http.MethodPost, "/rewards", map[string]any{
				"idempotency_key": "reward-" + s.name, "reward": map[string]any{"loyalty_account_id": s.account(), "order_id": s.order, "reward_tier_id": "ten-off"},
			}, &struct{}{})
		},
		ask:     (*stage).cancel,
		done:    done,
		after:   done,
		nothing: func(s *stage, _ []byte) { s.changed(map[string]int{"submitCancel": 0, "deleteLoyaltyReward": 0}) },
	}
}

// cancelledWith asserts that an order was cancelled, with so many changes.
func (s *stage) cancelledWith(answer []byte, want map[string]int) {
	s.t.Helper()
	if !bytes.Contains(answer, []byte(`"state":"succeeded"`)) {
		s.t.Fatalf("the cancel ended as %s", answer)
	}
	if bytes.Contains(answer, []byte(`"state":"pending"`)) { // the shopper was told so
		s.pass("1h")
	}
	s.changed(want)
	s.hold()
}

// points sends a request of a till's to the loyalty service.
func (s *stage) points(method, path string, body, into any) {
	s.t.Helper()
	header := map[string]string{"Authorization": "Bearer somsim~" + s.name}
	if err := json.Unmarshal(s.must(method, s.api+"/loyalty/v2/loyalty"+path, header, body), into); err != nil {
		s.t.Fatal(err)
	}
}

// account is the loyalty account that the order earned points for.
func (s *stage) account() string {
	s.t.Helper()
	var earned struct {
		Events []struct {
			Account string `json:"loyalty_account_id"`
		}
	}
	s.points(http.MethodPost, "/events/search", map[string]any{
		"query": map[string]any{"filter": map[string]any{"order_filter": map[string]string{"order_id": s.order}}},
	}, &earned)
	if len(earned.Events) == 0 {
		s.t.Fatal("the order earned no points")
	}
	return earned.Events[0].Account
}

// spendPoints has the shopper spend all points but thirty in a store.
func (s *stage) spendPoints() {
	s.t.Helper()
	var now struct {
		Account struct{ Balance int64 } `json:"loyalty_account"`
	}
	account := s.account()
	s.points(http.MethodGet, "/accounts/"+account, nil, &now)
	s.points(http.MethodPost, "/accounts/"+account+"/adjust", map[string]any{
		"idempotency_key": "spent-" + s.name, "adjust_points": map[string]any{"points": 30 - now.Account.Balance, "reason": "spent in a store"},
	}, &struct{}{})
}

// modifyingFirst is the modification of an order that is given up first, and whose prices stay.
func modifyingFirst() workflow {
	about := dearer()
	done := func(s *stage, answer []byte) {
		s.opened(answer)
		s.changed(map[string]int{"submitCancel": 1, "addBasketPriceAdjustment": 1})
		s.hold()
	}
	return workflow{
		name: "modify-first", way: first, soon: "5m", calls: []parked{
			{"b2c", "createBasket", 1, about},
			{"b2c", "addBasketPriceAdjustment", 1, about},
			{"b2c", "getBasket", 1, about},
			{"slots", "holdSlot", 1, about},
			{"b2c", "setBasketStorefront", 1, about},
			{"som", "submitCancel", 1, about},
			{"worldline", "cancelPayment", 1, about},
			{"slots", "releaseBooking", 1, about},
		},
		ask:  (*stage).modify,
		done: done,
		after: func(s *stage, answer []byte) {
			s.opened(answer)
			s.changed(map[string]int{"submitCancel": 1})
			s.hold()
		},
		nothing: (*stage).notOpened,
	}
}

// modifyingInVain is a modification that comes to nothing at its last step: everything before is undone.
func modifyingInVain() workflow {
	about := authorised()
	undone := func(s *stage, answer []byte) {
		if !bytes.Contains(answer, []byte(`"refusal"`)) && !bytes.Contains(answer, []byte(`"code"`)) {
			s.t.Errorf("the modification ended as %s", answer)
		}
		s.changed(map[string]int{"createBasket": 1, "deleteBasket": 1, "holdSuccessor": 1, "releaseHold": 1, "submitCancel": 0})
		s.hold()
	}
	return workflow{
		name: "modify-in-vain", way: simple, soon: "5m", refused: http.StatusBadGateway, calls: []parked{
			{"som", "composite", 3, about}, // is it on hold
			{"som", "updateRow", 2, about},
			{"slots", "releaseHold", 1, about},
			{"b2c", "deleteBasket", 1, about},
		},
		ready: func(s *stage) {
			s.refuses("b2c", "setBasketStorefront", "InvalidBasketException", http.StatusBadRequest)
		},
		ask:     (*stage).modify,
		done:    undone,
		after:   undone,
		nothing: (*stage).notOpened,
	}
}

// takingOverInVain is a modification for which the shop does not reserve the last unit that the order has given up: the
// order gets it back.
func takingOverInVain() workflow {
	about := unallocated()
	undone := func(s *stage, answer []byte) {
		if !bytes.Contains(answer, []byte(`"code"`)) {
			s.t.Errorf("the modification ended as %s", answer)
		}
		s.changed(map[string]int{"createBasket": 1, "deleteBasket": 1, "releaseReservation": 1, "submitCancel": 0})
		s.hold()
	}
	return workflow{
		name: "take-over-in-vain", way: simple, soon: "5m", refused: http.StatusBadGateway, calls: []parked{
			{"b2c", "deleteBasket", 1, about},
			{"oci", "createReservation", 1, about},
			{"som", "updateRow", 2, about},
		},
		ready: func(s *stage) {
			s.sellOut()
			s.refuses("b2c", "reserveBasket", "InvalidProductItemQuantityException", http.StatusBadRequest)
		},
		ask:     (*stage).modify,
		done:    undone,
		after:   undone,
		nothing: (*stage).notOpened,
	}
}

// abandoning is what becomes of a modification that nobody goes on with.
func abandoning() workflow {
	about := authorised()
	return workflow{
		name: "abandon", way: simple, soon: "2h", ask: (*stage).modify, later: []parked{
			{"b2c", "getCustomerBaskets", 1, about},
			{"b2c", "deleteBasket", 1, about},
			{"slots", "releaseHold", 1, about},
			{"som", "composite", 1, about},
			{"som", "updateRow", 1, about},
		},
		settled: func(s *stage) {
			s.changed(map[string]int{"createBasket": 1, "deleteBasket": 1, "submitCancel": 0})
		},
	}
}

// movingWindow has nothing but the window of an order moved.
func movingWindow() workflow {
	about := unallocated()
	moved := func(s *stage, answer []byte) {
		if !bytes.Contains(answer, []byte(`"slot_moved"`)) {
			s.t.Errorf("the modification ended as %s", answer)
		}
		s.changed(map[string]int{"moveBooking": 1, "createBasket": 0, "submitCancel": 0})
		s.hold()
	}
	return workflow{
		name: "move-window", way: simple, soon: "5m", calls: []parked{
			{"slots", "moveBooking", 1, about},
			{"som", "updateRow", 1, about},
		},
		ask: func(s *stage) (int, []byte, error) {
			return s.ask("modifications", map[string]string{"slot_id": s.otherWindow()})
		},
		done:    moved,
		after:   func(s *stage, _ []byte) { s.hold() },
		nothing: func(s *stage, _ []byte) { s.changed(map[string]int{"createBasket": 0, "submitCancel": 0}) },
	}
}

// window is a window of the slot service.
type window struct {
	ID       string `json:"slot_id"`
	Type     string `json:"type"`
	Capacity struct {
		Available int `json:"available"`
	} `json:"capacity"`
}

// otherWindow is one with room, of the kind that the order has booked; the same one each time.
func (s *stage) otherWindow() string {
	s.t.Helper()
	var list struct{ Slots []window }
	header := map[string]string{"Authorization": "Bearer somsim~" + s.name}
	if err := json.Unmarshal(s.must(http.MethodGet, s.api+"/slots/v1/slots?type=delivery", header, nil), &list); err != nil {
		s.t.Fatal(err)
	}
	var ids []string
	for _, w := range list.Slots {
		if w.Capacity.Available > 1 {
			ids = append(ids, w.ID)
		}
	}
	slices.Sort(ids)
	if len(ids) == 0 {
		s.t.Fatal("no window has room")
	}
	return ids[len(ids)-1]
}
