package main

import (
	"bytes"
)

// givenUpBySOM is how often each change is made to an order that is given up while order management owns its money: order-ops
// moves none at the provider, and puts none on record.
func givenUpBySOM() map[string]int {
	return map[string]int{
		"submitCancel": 1, "cancelPayment": 0, "refundPayment": 0, "createRow": 0, "recordRefund": 0, "releaseReservation": 1, "collectEvents": 1,
	}
}

// moneyGoesBack asserts that order management was asked once to let go of what was authorised, or to give back what was taken. In
// the background that may not have happened yet.
func (s *stage) moneyGoesBack(answer []byte) {
	s.t.Helper()
	if s.order != captured().order && s.order != delivered().order {
		s.changed(map[string]int{"ensureRefunds": 0, "reverseAuthorization": 1})
		s.hold()
		return
	}
	s.changed(map[string]int{"reverseAuthorization": 0})
	if n := s.happened()["ensureRefunds"]; n > 1 || !bytes.Contains(answer, []byte(`"action":"refund"`)) && n == 0 {
		s.t.Errorf("refunds were asked for %d times, and the answer is %s", n, answer)
	}
}

// moneyIsBack asserts the same once there was time.
func (s *stage) moneyIsBack() {
	s.t.Helper()
	taken := 0
	if s.order == captured().order || s.order == delivered().order {
		taken = 1
	}
	s.changed(map[string]int{"ensureRefunds": taken, "reverseAuthorization": 1 - taken, "refundPayment": 0, "cancelPayment": 0})
	s.hold()
}

// nothingMoved asserts that no money was.
func (s *stage) nothingMoved([]byte) {
	s.t.Helper()
	s.changed(map[string]int{
		"submitCancel": 0, "submitReturn": 0, "ensureRefunds": 0, "reverseAuthorization": 0, "createCreditMemo": 0, "createChangeInvoices": 0,
	})
}

// seen is what order-ops looks at in the background, once order management was asked for captured money.
func seen(about subject) []parked {
	return []parked{{"som", "composite", 1, about}, {"worldline", "getPaymentDetails", 1, about}}
}

// cancellingBySOM is the cancel of a whole order where order management owns the money: of its other calls there is nothing new.
func cancellingBySOM() workflow {
	once := func(s *stage, answer []byte) {
		if !bytes.Contains(answer, []byte(`"state":"succeeded"`)) {
			s.t.Fatalf("the cancel ended as %s", answer)
		}
		s.changed(givenUpBySOM())
		s.changed(map[string]int{"releaseBooking": 1})
	}
	return workflow{
		name: "cancel-by-som", way: bySOM, soon: "1h", calls: []parked{
			{"worldline", "getPaymentDetails", 1, authorised()},
			{"som", "reverseAuthorization", 1, authorised()},
			{"worldline", "getPaymentDetails", 2, authorised()},
			{"worldline", "getPaymentDetails", 1, captured()},
			{"som", "composite", 3, captured()}, // what was made of the order's money before
			{"som", "composite", 4, captured()}, // the same, noted right before it is asked for
			{"som", "ensureRefunds", 1, captured()},
		},
		later:   seen(captured()),
		ask:     (*stage).cancel,
		done:    func(s *stage, answer []byte) { once(s, answer); s.moneyGoesBack(answer) },
		after:   func(s *stage, answer []byte) { once(s, answer); s.moneyIsBack() },
		settled: (*stage).moneyIsBack,
		nothing: (*stage).nothingMoved,
	}
}

// modifyingBySOM is the modification of an order that is given up first, while order management owns its money.
func modifyingBySOM() workflow {
	once := func(s *stage, answer []byte) {
		s.opened(answer)
		s.changed(givenUpBySOM())
		s.changed(map[string]int{"createBasket": 1, "deleteBasket": 0})
	}
	return workflow{
		name: "modify-by-som", way: bySOM, soon: "5m", calls: []parked{
			{"slots", "holdSlot", 1, authorised()},
			{"som", "submitCancel", 1, authorised()},
			{"worldline", "getPaymentDetails", 1, authorised()},
			{"som", "reverseAuthorization", 1, authorised()},
			{"worldline", "getPaymentDetails", 2, authorised()},
			{"som", "ensureRefunds", 1, captured()},
		},
		later:   seen(captured()),
		ask:     (*stage).modify,
		done:    func(s *stage, answer []byte) { once(s, answer); s.moneyGoesBack(answer) },
		after:   func(s *stage, answer []byte) { s.opened(answer); s.changed(givenUpBySOM()); s.moneyIsBack() },
		settled: (*stage).moneyIsBack,
		nothing: (*stage).nothingMoved,
	}
}

// confirmingBySOM is the confirmation of an order that is given up then, while order management owns its money.
func confirmingBySOM() workflow {
	once := func(s *stage, answer []byte) {
		if !bytes.Contains(answer, []byte(`"state":"succeeded"`)) {
			s.t.Fatalf("the confirmation ended as %s", answer)
		}
		s.changed(map[string]int{"submitBasket": 1, "submitCancel": 1, "confirmHold": 1, "releaseBooking": 0, "cancelPayment": 0, "refundPayment": 0})
	}
	return workflow{
		name: "confirm-by-som", way: rmaSOM, soon: "5m", calls: []parked{
			{"som", "reverseAuthorization", 1, authorised()},
			{"som", "ensureRefunds", 1, captured()},
		},
		later: seen(captured()),
		ready: (*stage).edit,
		ask: func(s *stage) (int, []byte, error) {
			return s.ask("confirmations", map[string]string{"basket_id": s.basket})
		},
		done:    func(s *stage, answer []byte) { once(s, answer); s.moneyGoesBack(answer) },
		after:   func(s *stage, answer []byte) { once(s, answer); s.moneyIsBack() },
		settled: (*stage).moneyIsBack,
		nothing: (*stage).nothingMoved,
	}
}

// credited asserts that returned goods were credited once, and the fee for them billed.
func (s *stage) credited() {
	s.t.Helper()
	s.changed(map[string]int{"createCreditMemo": 1, "createChangeInvoices": 1, "recordRefund": 0, "adjustLoyaltyPoints": 1, "collectEvents": 1})
	s.moneyIsBack()
}

// returningBySOM is a return that takes the goods back at once and keeps a fee, while order management owns the money.
func returningBySOM() workflow {
	about := delivered()
	return workflow{
		name: "return-by-som", way: bySOM, soon: "1h", calls: []parked{
			{"som", "submitReturn", 1, about},
			{"worldline", "getPaymentDetails", 1, about},
			{"som", "composite", 2, about}, // what was made of the order's money before
			{"som", "createCreditMemo", 1, about},
			{"som", "createChangeInvoices", 1, about},
			{"som", "composite", 3, about}, // the same, noted right before it is asked for
			{"som", "ensureRefunds", 1, about},
		},
		later: seen(about),
		ask:   (*stage).giveBack,
		done: func(s *stage, answer []byte) {
			if !bytes.Contains(answer, []byte(`"state":"succeeded"`)) {
				s.t.Fatalf("the return ended as %s", answer)
			}
			s.changed(map[string]int{"submitReturn": 1, "createReturnOrder": 0})
			s.moneyGoesBack(answer)
		},
		after:   func(s *stage, _ []byte) { s.credited() },
		settled: (*stage).credited,
		nothing: (*stage).nothingMoved,
	}
}

// arrivingBySOM is what is done about announced goods that have come, while order management owns the money: all of it in the
// background.
func arrivingBySOM() workflow {
	about := delivered()
	return workflow{
		name: "arrival-by-som", way: rmaSOM, soon: "7h", ready: (*stage).announceAndReceive,
		later: []parked{
			{"worldline", "getPaymentDetails", 1, about},
			{"som", "composite", 3, about}, // what was made of the order's money before
			{"som", "composite", 4, about}, // the same, once that is noted
			{"som", "createCreditMemo", 1, about},
			{"som", "createChangeInvoices", 1, about},
			{"som", "ensureRefunds", 1, about},
			{"som", "composite", 7, about}, // what became of it
			{"worldline", "getPaymentDetails", 2, about},
		},
		settled: func(s *stage) { s.changed(map[string]int{"createReturnOrder": 1}); s.credited() },
	}
}
