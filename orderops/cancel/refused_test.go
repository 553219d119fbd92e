package cancel

import (
	"context"
	"testing"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/remote"
)

// TestSubmitRefusedForWhatHappenedMeanwhile has units go right before the submit, and the same request made again.
func TestSubmitRefusedForWhatHappenedMeanwhile(t *testing.T) {
	t.Parallel()
	allocate := func(w *world) {
		w.allocated++
		w.fulfillments = append(w.fulfillments, fulfillmentOf("0a3000000000009AAA", "0a4000000000009AAA", 1))
	}
	tests := []struct {
		name  string
		meant func(w *world)
		code  orderops.Code
		state command.State
		again command.State
	}{
		{"a location was told to fulfil one: try again", allocate, orderops.OrderChanged, command.Released, command.Succeeded},
		{"one has been fulfilled: over", func(w *world) { w.allocated++; w.fulfilled++ }, orderops.NotCancellable, command.Refused, command.Refused},
		{"one was cancelled: try again for the rest", func(w *world) { w.canceled++ }, orderops.OrderChanged, command.Released, command.Succeeded},
		{"nothing has happened: over", func(*world) {}, orderops.NotCancellable, command.Refused, command.Succeeded},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.allocated, w.fulfillments = 0, nil
			w.faults["som.submit#1"] = fault{class: remote.Rejected, code: "INVALID_API_INPUT", alsoDo: tc.meant}
			c := w.cancels()
			row := rowOf(t, orderops.CancelRequest{})
			result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
			if err != nil {
				t.Fatal(err)
			}
			refusal := result.Answer.Refusal
			if refusal == nil || refusal.Code != tc.code || result.State != tc.state || refusal.Extra.UpstreamCode != "INVALID_API_INPUT" {
				t.Fatalf("ended %s: %+v", outcome(result), refusal)
			}
			if result, err = c.Run(context.Background(), commandtest.NewRun(), row, nil); err != nil || result.State != tc.again {
				t.Errorf("again: %s, %v", outcome(result), err)
			}
		})
	}
}
