package main

import (
	"bytes"
)

// delivered is an order that was paid, brought points and has arrived: a return refunds and takes the points back.
func delivered() subject { return subject{order: "00000113", shopper: "shopper-2"} }

func (s *stage) giveBack() (int, []byte, error) { return s.ask("returns", struct{}{}) }

// returning is a return that takes the goods back at once.
func returning() workflow {
	about := delivered()
	once := map[string]int{"submitReturn": 1, "refundPayment": 1, "recordRefund": 1, "adjustLoyaltyPoints": 1, "collectEvents": 1, "createReturnOrder": 0}
	none := map[string]int{"submitReturn": 0, "refundPayment": 0, "recordRefund": 0, "adjustLoyaltyPoints": 0, "collectEvents": 0}
	return workflow{
		name: "return", way: simple, soon: "1h", calls: []parked{
			{"som", "composite", 1, about},
			{"som", "previewReturn", 1, about},
			{"som", "submitReturn", 1, about},
			{"worldline", "getPaymentDetails", 1, about},
			{"worldline", "refundPayment", 1, about},
			{"som", "composite", 2, about}, // is the refund on record
			{"som", "composite", 3, about}, // put it there
			{"loyalty", "searchLoyaltyEvents", 1, about},
			{"loyalty", "adjustLoyaltyPoints", 1, about},
			{"tracking", "collectEvents", 1, about},
		},
		ask:     (*stage).giveBack,
		done:    func(s *stage, answer []byte) { s.returned(answer, once) },
		after:   func(s *stage, answer []byte) { s.returned(answer, once) },
		nothing: func(s *stage, _ []byte) { s.changed(none) },
	}
}

// announcing is a return that announces them.
func announcing() workflow {
	about := delivered()
	once := map[string]int{"submitReturn": 0, "refundPayment": 0, "createReturnOrder": 1}
	return workflow{
		name: "announce", way: rma, soon: "1h", calls: []parked{
			{"som", "composite", 1, about}, {"som", "previewReturn", 1, about}, {"som", "createReturnOrder", 1, about},
		},
		ask:     (*stage).giveBack,
		done:    func(s *stage, answer []byte) { s.returned(answer, once) },
		after:   func(s *stage, answer []byte) { s.returned(answer, once) },
		nothing: func(s *stage, _ []byte) { s.changed(map[string]int{"createReturnOrder": 0}) },
	}
}

func (s *stage) returned(answer []byte, want map[string]int) {
	s.t.Helper()
	if !bytes.Contains(answer, []byte(`"state":"succeeded"`)) {
		s.t.Fatalf("the return ended as %s", answer)
	}
	s.changed(want)
	s.hold()
}
