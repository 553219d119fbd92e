package cancel

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// keyOf is the key that a piece of due work would go by.
func keyOf(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var step struct{ Key string }
	if err := json.Unmarshal(raw, &step); err != nil || step.Key == "" {
		t.Fatalf("%v: %s", err, raw)
	}
	return step.Key
}

// refundDeclined is a cancel whose refund fails, with the work that is left of it.
func refundDeclined(t *testing.T, f fault) (*world, *Cancels, command.Row, command.Due) {
	t.Helper()
	w := newWorld()
	w.payment = worldlineclient.Payment{ID: payID, Status: "CAPTURED", Currency: "EUR", Authorized: 3500, Captured: 3500}
	w.faults["worldline.refund#1"] = f
	c := w.cancels()
	row := rowOf(t, orderops.CancelRequest{})
	result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, due := range result.Due {
		if due.Kind == "worldline.refund" {
			return w, c, row, due
		}
	}
	if len(result.WorkItems) != 1 || result.WorkItems[0].Retry == nil {
		t.Fatalf("nothing is left to try: %s", outcome(result))
	}
	return w, c, row, *result.WorkItems[0].Retry
}

// The provider answers a key as it did before. So what it has refused is asked for by another key, and what may have
// happened by the same one.
func TestTheNextAttemptAtARefund(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		first fault
		// same says that the next attempt goes by the key of the first.
		same bool
	}{
		{"after it was declined", fault{class: remote.Rejected, code: "REFUND_DECLINED"}, false},
		{"after the payment was unknown", fault{class: remote.NotFound, code: "UNKNOWN_PAYMENT_ID"}, false},
		{"after the capture was not settled", fault{class: remote.Conflict, code: worldlineclient.OperationNotPossible}, false},
		{"after an answer that was lost", fault{class: remote.Ambiguous, happened: true}, true},
		{"after a request that was lost", fault{class: remote.Ambiguous}, true},
		{"after the provider was away", fault{class: remote.Unavailable}, true},
		{"after the key was not accepted", fault{class: remote.Unauthorized}, true},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w, c, row, due := refundDeclined(t, tc.first)
			first := ""
			for key := range w.refusals {
				first = key
			}
			if tc.same == (first != "") {
				t.Fatalf("refused keys: %v", w.refusals)
			}
			if key := keyOf(t, due.Payload); !tc.same && key == first {
				t.Errorf("the next key is %s, as the first was", key)
			}
			if tried := c.Perform(context.Background(), row, due); tried.State != orderops.EffectDone || w.payment.Refunded != 3500 {
				t.Errorf("the next attempt ends %s %s with %d refunded", tried.State, tried.Code, w.payment.Refunded)
			}
			if tried := c.Perform(context.Background(), row, due); tried.State != orderops.EffectDone || w.payment.Refunded != 3500 {
				t.Errorf("another one ends %s %s with %d refunded", tried.State, tried.Code, w.payment.Refunded)
			}
		})
	}
}

// As often as it is refused, the next attempt goes by a key that was not refused yet.
func TestARefundThatIsDeclinedAgain(t *testing.T) {
	t.Parallel()
	declined := fault{class: remote.Rejected, code: "REFUND_DECLINED"}
	w, c, row, due := refundDeclined(t, declined)
	for range 3 {
		delete(w.faults, "worldline.refund#1")
		w.faults["worldline.refund"] = declined
		tried := c.Perform(context.Background(), row, due)
		if tried.State != orderops.EffectFailed || tried.Payload == nil {
			t.Fatalf("it ends %s with %s to be tried", tried.State, tried.Payload)
		}
		due.Payload = tried.Payload
	}
	if len(w.refusals) != 4 {
		t.Errorf("%d keys were refused, want 4", len(w.refusals))
	}
	delete(w.faults, "worldline.refund")
	if tried := c.Perform(context.Background(), row, due); tried.State != orderops.EffectDone || w.payment.Refunded != 3500 {
		t.Errorf("it ends %s with %d refunded", tried.State, w.payment.Refunded)
	}
}

// A refusal does not prove that nothing happened earlier: an operation by an earlier key is found, and not made again.
func TestARefundThatWasMadeByAnEarlierKey(t *testing.T) {
	t.Parallel()
	w, c, row, due := refundDeclined(t, fault{class: remote.Rejected, code: "REFUND_DECLINED"})
	for key := range w.refusals {
		w.payment.Refunded = 3500
		w.operate("REFUND_REQUESTED", worldlineclient.Movement{Amount: 3500, Key: key})
	}
	calls := w.counts["worldline.refund"]
	tried := c.Perform(context.Background(), row, due)
	if tried.State != orderops.EffectDone || tried.Reference != payID+".1" || w.counts["worldline.refund"] != calls {
		t.Errorf("it ends %s %s after %d calls", tried.State, tried.Reference, w.counts["worldline.refund"]-calls)
	}
}

// Whoever wants to be left alone is, before the first attempt at what is owed and before the next one.
func TestWhatIsOwedWaitsForAsLongAsTheSystemWants(t *testing.T) {
	t.Parallel()
	const wait = 4 * time.Minute
	for call, kind := range map[string]string{
		"worldline.void": "worldline.void", "som.recordReversal": "som.record", "oci.release": "oci.release",
		"slots.release": "slots.release", "b2c.mirror": "b2c.mirror", "tracking.refund": "tracking.refund",
	} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.faults[call] = fault{class: remote.Throttled, wait: wait}
			c := w.cancels()
			row := rowOf(t, orderops.CancelRequest{})
			result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(result.Due) != 1 || result.Due[0].Kind != kind || result.Due[0].Wait != wait {
				t.Fatalf("owed are %+v: %s", result.Due, outcome(result))
			}
			if tried := c.Perform(context.Background(), row, result.Due[0]); tried.State != orderops.EffectPending || tried.RetryAfter != wait {
				t.Errorf("the next attempt ends %s and is followed by another after %s", tried.State, tried.RetryAfter)
			}
		})
	}
}
