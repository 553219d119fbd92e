package main

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"
)

// delivered is an order that was paid, brought points and has arrived: a return refunds and takes the points back.
func delivered() subject { return subject{order: "00000113", shopper: "shopper-2"} }

// returnOrder asks for the return of everything; the same key each time.
func (s *stage) returnOrder() (int, []byte, error) {
	header := map[string]string{"Authorization": s.token, "Idempotency-Key": "kill-return", "X-Sandbox": s.name}
	return s.call(http.MethodPost, s.ops.addresses["orderops"]+"/order-ops/v1/orders/"+s.order+"/returns", header, struct{}{})
}

// returnCalls are those of a return that takes the goods back at once.
func returnCalls() []parked {
	about := delivered()
	return []parked{
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
	}
}

// announceCalls are those of a return that announces them.
func announceCalls() []parked {
	about := delivered()
	return []parked{{"som", "composite", 1, about}, {"som", "previewReturn", 1, about}, {"som", "createReturnOrder", 1, about}}
}

// TestReturnKilledAtEveryCall parks each call of a return, before or after the simulator has committed it, kills the
// process with signal 9, starts it again on the same database and expects the return to be finished with every effect once.
func TestReturnKilledAtEveryCall(t *testing.T) {
	t.Parallel()
	simulator := launch(t, built.somsim, 2, "serve", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0")
	for mode, calls := range map[string][]parked{"simple": returnCalls(), "rma": announceCalls()} {
		for i, at := range calls {
			for _, phase := range []string{"before", "after"} {
				t.Run(fmt.Sprintf("%s %s %s %s %d", mode, phase, at.system, at.operation, at.nth), func(t *testing.T) {
					t.Parallel()
					s := openStage(t, simulator, fmt.Sprintf("return-%s-%d-%s", mode, i, phase), at.about)
					s.flags = []string{"--returns", mode}
					s.start()
					s.killedInReturn(mode, at, phase)
				})
			}
		}
	}
}

func (s *stage) killedInReturn(mode string, at parked, phase string) {
	s.t.Helper()
	ended := s.park(at, phase, func() { _, _, _ = s.returnOrder() })
	s.ops.kill()
	<-ended
	s.letGo()
	s.start()
	status, answer, err := s.returnOrder()
	if err != nil || status != http.StatusOK || !bytes.Contains(answer, []byte(`"state":"succeeded"`)) {
		s.t.Fatalf("after the restart the return answers %d %s %v", status, answer, err)
	}
	want := map[string]int{"submitReturn": 1, "refundPayment": 1, "recordRefund": 1, "adjustLoyaltyPoints": 1, "collectEvents": 1, "createReturnOrder": 0}
	if mode == "rma" {
		want = map[string]int{"submitReturn": 0, "refundPayment": 0, "createReturnOrder": 1}
	}
	happened := s.happened()
	for operation, n := range want {
		if happened[operation] != n {
			s.t.Errorf("%s changed something %d times, want %d", operation, happened[operation], n)
		}
	}
	if found := s.must(http.MethodGet, s.sandbox("/invariants"), nil, nil); !bytes.Contains(found, []byte(`"holds":true`)) {
		s.t.Errorf("the systems do not agree: %s", found)
	}
}
