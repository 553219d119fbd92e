package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
)

// authorised is an order whose card was authorised and not charged: a cancel voids. Every unit is allocated to a warehouse, so
// that its cancel takes all steps.
func authorised() subject {
	return subject{"00000102", "shopper-1", []string{"cancelPayment", "createRow", "releaseReservation", "releaseBooking", "collectEvents"}}
}

// captured is such an order that was paid at once and brought points: a cancel refunds and takes the points back.
func captured() subject {
	return subject{"00000137", "shopper-3", []string{
		"refundPayment", "recordRefund", "releaseReservation", "releaseBooking", "adjustLoyaltyPoints", "collectEvents",
	}}
}

// cancelling is the cancel of a whole order.
func cancelling() workflow {
	return workflow{
		name: "cancel", way: simple, calls: cancelCalls(), soon: "1h",
		ask: func(s *stage) (int, []byte, error) { return s.cancel() },
		done: func(s *stage, answer []byte) {
			if happened := s.effectsOnce(answer); happened["cancelFulfillmentOrderItem"] != 1 || happened["createFulfillmentOrders"] != 0 {
				s.t.Errorf("%s: units were taken and given back: %v", s.name, happened)
			}
		},
		after: func(s *stage, answer []byte) {
			happened := s.effectsOnce(answer)
			if taken, given := happened["cancelFulfillmentOrderItem"], happened["createFulfillmentOrders"]; taken != given+1 {
				s.t.Errorf("units were taken %d times and given back %d times", taken, given)
			}
		},
		nothing: (*stage).notCancelled,
	}
}

func cancelCalls() []parked {
	return []parked{
		{"som", "composite", 1, authorised()},
		{"slots", "listBookings", 1, authorised()},
		{"som", "cancelFulfillmentOrderItem", 1, authorised()},
		{"som", "composite", 2, authorised()},
		{"som", "previewCancel", 1, authorised()},
		{"som", "submitCancel", 1, authorised()},
		{"worldline", "getPaymentDetails", 1, authorised()},
		{"worldline", "cancelPayment", 1, authorised()},
		{"worldline", "getPaymentDetails", 2, authorised()},
		{"som", "createRow", 1, authorised()},
		{"oci", "getReservations", 1, authorised()},
		{"oci", "releaseReservation", 1, authorised()},
		{"slots", "releaseBooking", 1, authorised()},
		{"b2c", "patchOrder", 1, authorised()},
		{"tracking", "collectEvents", 1, authorised()},
		{"worldline", "refundPayment", 1, captured()},
		{"som", "composite", 3, captured()}, // is the refund on record
		{"som", "composite", 4, captured()}, // put it there
		{"loyalty", "searchLoyaltyEvents", 1, captured()},
		{"loyalty", "adjustLoyaltyPoints", 1, captured()},
	}
}

// effectsOnce asserts that the answer tells of every effect as done, that each is in the simulator's journal exactly once,
// and that the systems agree on the order. It returns how often each operation changed something.
func (s *stage) effectsOnce(answer []byte) map[string]int {
	s.t.Helper()
	var op struct {
		State        string
		Cancellation struct {
			Effects []struct{ System, Action, State string }
		}
	}
	if err := json.Unmarshal(answer, &op); err != nil || op.State != "succeeded" {
		s.t.Fatalf("the cancel ended as %s", answer)
	}
	done := map[string]int{}
	for _, e := range op.Cancellation.Effects {
		if e.State == "done" {
			done[e.System]++
		} else if e.System != "loyalty" || e.State != "not_applicable" || s.order == captured().order {
			s.t.Errorf("effect %s:%s is %s, want done", e.System, e.Action, e.State)
		}
	}
	for _, system := range []string{"worldline", "som", "oci", "slots", "b2c", "tracking"} {
		if done[system] != 1 {
			s.t.Errorf("%d effects in %s, want 1: %s", done[system], system, answer)
		}
	}
	happened := s.happened()
	for _, operation := range append([]string{"submitCancel"}, s.changes...) {
		if happened[operation] != 1 {
			s.t.Errorf("%s changed something %d times, want once", operation, happened[operation])
		}
	}
	header := map[string]string{"Authorization": s.token, "X-Sandbox": s.name}
	if doc := s.must(http.MethodGet, s.ops.addresses["orderops"]+"/order-ops/v1/orders/"+s.order, header, nil); !bytes.Contains(doc, []byte(`"status":"cancelled"`)) {
		s.t.Errorf("the order is shown as %s", doc)
	}
	s.hold()
	return happened
}

// notCancelled asserts that nothing was changed, but units that wait to be given back.
func (s *stage) notCancelled(answer []byte) {
	s.t.Helper()
	happened := s.happened()
	for _, operation := range append([]string{"submitCancel"}, s.changes...) {
		if happened[operation] != 0 {
			s.t.Errorf("answered %s, but %v happened", answer, happened)
		}
	}
	if happened["cancelFulfillmentOrderItem"] != happened["createFulfillmentOrders"] && !strings.Contains(string(answer), `"action":"reallocate","state":"pending"`) {
		s.t.Errorf("answered %s, but units were taken %d times and given back %d times", answer,
			happened["cancelFulfillmentOrderItem"], happened["createFulfillmentOrders"])
	}
}
