package cancel

import (
	"context"
	"testing"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/remote"
)

// TestAmbiguousSubmit loses the answer of the submit and pins what is concluded from what the order shows afterwards.
func TestAmbiguousSubmit(t *testing.T) {
	t.Parallel()
	lost := func(f fault) fault { f.class = remote.Ambiguous; return f }
	cases := []struct {
		name    string
		submit  fault
		more    map[string]fault
		state   command.State
		submits int
	}{
		{"ours is there: claimed", lost(fault{happened: true}), nil, command.Succeeded, 1},
		{"nothing is there: sent again", lost(fault{}), nil, command.Succeeded, 2},
		{"another user cancelled the same units: a person decides", lost(fault{alsoDo: func(w *world) {
			w.canceled, w.canceledBy = 3, nil
			w.addChange(3, "Unknown", "005other")
		}}), nil, command.NeedsAttention, 1},
		{"our user cancelled another number: a person decides", lost(fault{alsoDo: func(w *world) {
			w.canceled++
			w.addChange(1, "Unknown", me)
		}}), nil, command.NeedsAttention, 1},
		{"our user cancelled for another reason: a person decides", lost(fault{alsoDo: func(w *world) {
			w.canceled = 3
			w.addChange(3, "Too Late", me)
		}}), nil, command.NeedsAttention, 1},
		{"two like ours: a person decides", lost(fault{happened: true, alsoDo: func(w *world) { w.addChange(3, "Unknown", me) }}), nil, command.NeedsAttention, 1},
		{"the order cannot be read: unknown", lost(fault{happened: true}), map[string]fault{"som.read#3": {class: remote.Unavailable}}, command.Unknown, 1},
		{"the second answer is lost too: read again", lost(fault{}), map[string]fault{"som.submit#2": {class: remote.Ambiguous, happened: true}}, command.Succeeded, 2},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.faults["som.submit#1"] = tc.submit
			for name, f := range tc.more {
				w.faults[name] = f
			}
			result, err := w.cancels().Run(context.Background(), commandtest.NewRun(), rowOf(t, orderops.CancelRequest{}), nil)
			if err != nil {
				t.Fatal(err)
			}
			if result.State != tc.state || w.counts["som.submit"] != tc.submits {
				t.Errorf("ended %s after %d submits, want %s after %d", result.State, w.counts["som.submit"], tc.state, tc.submits)
			}
			if tc.state == command.NeedsAttention && len(result.WorkItems) != 1 {
				t.Errorf("%d work items, want 1", len(result.WorkItems))
			}
		})
	}
}

// An unknown outcome is settled later, by a second execution that knows only what was stored.
func TestUnknownOutcomeIsSettledLater(t *testing.T) {
	t.Parallel()
	for _, happened := range []bool{true, false} {
		w := newWorld()
		w.faults["som.submit#1"] = fault{class: remote.Ambiguous, happened: happened}
		w.faults["som.read#3"] = fault{class: remote.Unavailable}
		c, row := w.cancels(), rowOf(t, orderops.CancelRequest{})
		result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
		if err != nil || result.State != command.Unknown {
			t.Fatalf("ended %s, %v, want an unknown outcome", result.State, err)
		}
		if result.Answer.Refusal.Code != orderops.OutcomeUnknown {
			t.Errorf("told %s, want %s", result.Answer.Refusal.Code, orderops.OutcomeUnknown)
		}
		result, err = c.Run(context.Background(), commandtest.NewRun(), row, result.Resume)
		if err != nil || result.State != command.Succeeded {
			t.Fatalf("settled as %s, %v, want succeeded", result.State, err)
		}
		holds(t, w, c, row, result)
	}
}
