package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
)

// confirmingElsewhere is a confirmation with another window than that of the old order.
func confirmingElsewhere() workflow {
	about := authorised()
	done := func(s *stage, answer []byte) {
		if !bytes.Contains(answer, []byte(`"state":"succeeded"`)) {
			s.t.Fatalf("the confirmation ended as %s", answer)
		}
		s.changed(map[string]int{"submitBasket": 1, "submitCancel": 1, "confirmHold": 1, "releaseBooking": 1})
		s.hold()
	}
	return workflow{
		name: "confirm-elsewhere", way: simple, soon: "5m", calls: []parked{
			{"slots", "holdSlot", 1, about},
			{"slots", "confirmHold", 1, about},
			{"slots", "releaseBooking", 1, about},
		},
		ready: (*stage).edit,
		ask: func(s *stage) (int, []byte, error) {
			return s.ask("confirmations", map[string]string{"basket_id": s.basket, "slot_id": s.otherWindow()})
		},
		done: done,
		after: func(s *stage, _ []byte) {
			s.changed(map[string]int{"submitCancel": 1, "confirmHold": 1})
			s.hold()
		},
		nothing: func(s *stage, _ []byte) { s.changed(map[string]int{"submitCancel": 0, "confirmHold": 0}) },
	}
}

// confirmingTooLate is a confirmation whose window is lost: the shopper is told of others.
func confirmingTooLate() workflow {
	about := authorised()
	told := func(s *stage, answer []byte) {
		if !bytes.Contains(answer, []byte(`"SLOT_HOLD_EXPIRED"`)) {
			s.t.Errorf("the confirmation ended as %s", answer)
		}
		s.changed(map[string]int{"submitBasket": 0, "submitCancel": 0, "confirmHold": 0})
		s.hold()
	}
	return workflow{
		name: "confirm-too-late", way: simple, soon: "5m", refused: http.StatusConflict, calls: []parked{
			{"slots", "getSlot", 1, about},
			{"slots", "listSlots", 1, about},
		},
		ready: func(s *stage) {
			s.edit()
			s.refuses("slots", "holdSuccessor", "SUCCESSOR_HELD", http.StatusConflict)
		},
		ask: func(s *stage) (int, []byte, error) {
			return s.ask("confirmations", map[string]string{"basket_id": s.basket})
		},
		done:    told,
		after:   told,
		nothing: told,
	}
}

// confirmingByOrder is a confirmation with the order that the shopper has placed in checkout.
func confirmingByOrder() workflow {
	about := authorised()
	done := func(s *stage, answer []byte) {
		if !bytes.Contains(answer, []byte(`"state":"succeeded"`)) {
			s.t.Fatalf("the confirmation ended as %s", answer)
		}
		s.changed(map[string]int{"submitCancel": 1, "confirmHold": 1, "cancelPayment": 1})
		s.hold()
	}
	return workflow{
		name: "confirm-by-order", way: simple, soon: "5m", calls: []parked{{"b2c", "getOrder", 2, about}, {"som", "submitCancel", 1, about}}, // at the first one nothing has begun
		ready: func(s *stage) {
			s.edit()
			s.basket = s.checkOut(s.basket, "")
		},
		ask: func(s *stage) (int, []byte, error) {
			return s.ask("confirmations", map[string]string{"new_order_no": s.basket})
		},
		done:    done,
		after:   done,
		nothing: func(s *stage, _ []byte) { s.changed(map[string]int{"submitCancel": 0, "confirmHold": 0}) },
	}
}

// forgetting is what becomes of a follow-up basket that the shopper has ordered in checkout, of which the shop tells nobody: the
// new order takes the place of the old one.
func forgetting() workflow {
	about := authorised()
	return workflow{
		name: "forgotten", way: simple, soon: "1h", later: []parked{
			{"b2c", "getCustomerBaskets", 1, about},
			{"b2c", "getCustomerOrders", 1, about},
			{"som", "submitCancel", 1, about},
			{"slots", "confirmHold", 1, about},
		},
		ready: func(s *stage) {
			s.edit()
			s.checkOut(s.basket, "")
		},
		settled: func(s *stage) {
			s.await("tracking", "collectEvents", 2) // the last call of what goes on by itself after a restart
			s.changed(map[string]int{"submitCancel": 1, "confirmHold": 1, "cancelPayment": 1, "deleteBasket": 0})
		},
	}
}

// codeOnce is a code that works once for each shopper.
const codeOnce = "WELCOME10"

// confirmingInVain is a confirmation whose new order cannot be paid: the old order has its code again, and the shopper the
// basket.
func confirmingInVain() workflow {
	about := subject{order: "", shopper: "shopper-1"}
	declined := func(s *stage, answer []byte) {
		if !bytes.Contains(answer, []byte(`"PAYMENT_DECLINED"`)) {
			s.t.Errorf("the confirmation ended as %s", answer)
		}
		s.changed(map[string]int{"submitCancel": 0, "confirmHold": 0})
		var o struct {
			Status string
		}
		if err := json.Unmarshal(s.shop(http.MethodGet, "/orders/"+s.order, nil), &o); err != nil || o.Status == "cancelled" {
			s.t.Errorf("in commerce the order is %s", o.Status)
		}
		s.hold()
	}
	return workflow{
		name: "confirm-in-vain", way: simple, passes: true, soon: "5m", refused: http.StatusPaymentRequired, calls: []parked{
			{"b2c", "patchOrder", 1, about}, // frees the code
			{"b2c", "submitBasket", 1, about},
			{"b2c", "patchOrderPaymentInstrument", 1, about},
			{"b2c", "setOrderStatus", 1, about},
			{"b2c", "patchOrder", 2, about}, // takes it back
		},
		ready: func(s *stage) {
			s.order = s.checkOut(s.fill(), codeOnce)
			s.pass("15m")
			s.token = s.login()
			s.editWith("4000000000000002")
		},
		ask: func(s *stage) (int, []byte, error) {
			return s.ask("confirmations", map[string]string{"basket_id": s.basket})
		},
		done:    declined,
		after:   declined,
		nothing: func(s *stage, _ []byte) { s.changed(map[string]int{"submitCancel": 0, "confirmHold": 0}) },
	}
}

// confirmingWithCode is a confirmation whose new order gets the code of the old one.
func confirmingWithCode() workflow {
	w := confirmingInVain()
	done := func(s *stage, answer []byte) {
		if !bytes.Contains(answer, []byte(`"state":"succeeded"`)) {
			s.t.Fatalf("the confirmation ended as %s", answer)
		}
		s.changed(map[string]int{"submitCancel": 1, "confirmHold": 0})
		if o := s.shop(http.MethodGet, "/orders/"+s.order, nil); !strings.Contains(string(o), `"cancelled"`) {
			s.t.Errorf("in commerce the old order is %s", o)
		}
		s.hold()
	}
	w.name, w.refused, w.done, w.after = "confirm-with-code", 0, done, done
	w.calls = []parked{w.calls[0], w.calls[1], w.calls[2]}
	w.ready = func(s *stage) {
		s.order = s.checkOut(s.fill(), codeOnce)
		s.pass("15m")
		s.token = s.login()
		s.edit()
	}
	return w
}

// fill has the shopper put shirts into a basket.
func (s *stage) fill() string {
	s.t.Helper()
	address := map[string]any{
		"first_name": "Ada", "last_name": "Nolan", "address1": "1 Main Street", "city": "New York", "postal_code": "10001", "state_code": "NY", "country_code": "US",
	}
	var b struct {
		ID string `json:"basket_id"`
	}
	if err := json.Unmarshal(s.shop(http.MethodPost, "/baskets", map[string]any{"billing_address": address}), &b); err != nil {
		s.t.Fatal(err)
	}
	path := "/baskets/" + b.ID
	s.shop(http.MethodPost, path+"/items", []map[string]any{{"product_id": "SHIRT-M", "quantity": 2}})
	s.shop(http.MethodPut, path+"/shipments/me/shipping_address", address)
	s.shop(http.MethodPut, path+"/shipments/me/shipping_method", map[string]string{"id": "delivery"})
	return b.ID
}

// checkOut has the shopper order a basket, with a code unless that is empty, and pay for it. One that holds a card is paid with that.
func (s *stage) checkOut(basket, code string) (orderNo string) {
	s.t.Helper()
	if code != "" {
		s.shop(http.MethodPost, "/baskets/"+basket+"/coupons", map[string]string{"code": code})
		s.putCard(basket, "4111111111111111")
	}
	var o struct {
		OrderNo  string `json:"order_no"`
		Payments []struct {
			ID string `json:"payment_instrument_id"`
		} `json:"payment_instruments"`
	}
	if err := json.Unmarshal(s.shop(http.MethodPost, "/orders", map[string]string{"basket_id": basket}), &o); err != nil || len(o.Payments) == 0 {
		s.t.Fatalf("the order is %+v: %v", o, err)
	}
	s.shop(http.MethodPatch, "/orders/"+o.OrderNo+"/payment_instruments/"+o.Payments[0].ID, map[string]string{"payment_method_id": "CREDIT_CARD"})
	return o.OrderNo
}
