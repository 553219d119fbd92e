package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// sweptEffects are the failures of the moment that a call may meet. Struck five times they outlast the retries inside a
// request.
func sweptEffects() map[string]map[string]any {
	return map[string]map[string]any{
		"lost before it happened": {"kind": "lost_before"},
		"lost after it happened":  {"kind": "lost_after_commit"},
		"status 500":              {"kind": "status", "status": 500},
		"status 503":              {"kind": "status", "status": 503},
		"status 429":              {"kind": "status", "status": 429, "retry_after": 30},
	}
}

// TestFailureOfTheMomentAtEveryCall lets each call of a cancel fail once, and five times in a row. Whatever the caller is
// told then, once the failure has passed and time has moved on the same request must come to a cancel with every effect
// once.
func TestFailureOfTheMomentAtEveryCall(t *testing.T) {
	t.Parallel()
	simulator := launch(t, built.somsim, 2, "serve", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0")
	ops := launch(t, built.orderops, 2, "--listen", "127.0.0.1:0", "--operator", "127.0.0.1:0", "--db", t.TempDir()+"/orderops.db",
		"--simulator", simulator.addresses["api"], "--simulator-control", simulator.addresses["control"])
	n := 0
	for _, at := range cancelCalls() {
		for name, effect := range sweptEffects() {
			for _, times := range []int{1, 5} {
				n++
				sandbox := fmt.Sprintf("sweep-%d", n)
				t.Run(fmt.Sprintf("%s %s %d %s %d times", at.system, at.operation, at.nth, name, times), func(t *testing.T) {
					t.Parallel()
					s := &stage{t: t, api: simulator.addresses["api"], control: simulator.addresses["control"], name: sandbox, ops: ops, subject: at.about}
					s.must(http.MethodPost, s.control+"/control/v1/sandboxes", nil, map[string]any{"name": sandbox, "from": "omnichannel", "clock": "manual"})
					s.token = s.login()
					s.sweep(at, effect, times)
				})
			}
		}
	}
}

func (s *stage) sweep(at parked, effect map[string]any, times int) {
	s.t.Helper()
	s.must(http.MethodPost, s.sandbox("/faults"), nil, map[string]any{
		"name": "swept", "times": times, "effect": effect,
		"match": map[string]any{"system": at.system, "operation": at.operation, "nth": at.nth},
	})
	status, answer, err := s.cancel()
	if err != nil || (status != http.StatusOK && status != http.StatusAccepted && status != http.StatusServiceUnavailable) {
		s.t.Fatalf("under the fault the cancel answers %d %s %v, want 200, 202 or 503", status, answer, err)
	}
	s.told(status, answer)
	s.must(http.MethodDelete, s.sandbox("/faults"), nil, nil)
	s.must(http.MethodPost, s.sandbox("/clock/advance"), nil, map[string]any{"duration": "1h"})
	s.token = s.login() // the shopper's has expired meanwhile, and so have the service's own
	status, answer, err = s.cancel()
	if err != nil || status != http.StatusOK {
		s.t.Fatalf("afterwards the cancel answers %d %s %v", status, answer, err)
	}
	happened := s.effectsOnce(answer)
	if taken, given := happened["cancelFulfillmentOrderItem"], happened["createFulfillmentOrders"]; taken != given+1 {
		s.t.Errorf("units were taken %d times and given back %d times", taken, given)
	}
}

// told asserts that the answer under the fault was the truth: a 503 says that nothing was changed.
func (s *stage) told(status int, answer []byte) {
	s.t.Helper()
	if status != http.StatusServiceUnavailable {
		return
	}
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
