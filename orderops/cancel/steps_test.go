package cancel

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/remote"
)

var update = flag.Bool("update", false, "rewrite testdata/steps.golden")

// steps are the calls of a whole cancel, in order, by name and count.
func steps() []string {
	return []string{
		"som.read#1", "slots.read#1", "som.preview#1", "som.cancelItem#1", "som.read#2", "som.preview#2", "som.submit#1",
		"worldline.read#1", "worldline.void#1", "worldline.read#2", "som.recordReversal#1", "oci.read#1", "oci.release#1", "slots.release#1",
		"loyalty.read#1", "loyalty.adjust#1", "loyalty.adjust#2", "b2c.mirror#1", "tracking.refund#1",
	}
}

// failures are the ways a call can fail; an ambiguous one has happened or not.
func failures() []fault {
	return []fault{
		{class: remote.Rejected, code: "NO"},
		{class: remote.NotFound, code: "GONE"},
		{class: remote.Conflict, code: "STATE"},
		{class: remote.Unauthorized, code: "TOKEN"},
		{class: remote.Throttled, code: "SLOWLY"},
		{class: remote.Unavailable, code: "DOWN"},
		{class: remote.Ambiguous, code: "LOST"},
		{class: remote.Ambiguous, code: "LOST", happened: true},
	}
}

// TestStepsAndCompensations fails every step in every way and pins the exact calls that follow. Beside the golden file it
// asserts, for every case, what must hold whatever the calls are.
func TestStepsAndCompensations(t *testing.T) {
	t.Parallel()
	var got strings.Builder
	for _, step := range append([]string{"none"}, steps()...) {
		for _, failure := range failures() {
			name := fmt.Sprintf("%s fails %s", step, failure.class)
			if failure.happened {
				name += " after it happened"
			}
			if step == "none" {
				name = "nothing fails"
			}
			w := newWorld()
			w.faults[step] = failure
			c := w.cancels()
			row := rowOf(t, orderops.CancelRequest{})
			result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			fmt.Fprintf(&got, "%s\n  %s\n  => %s\n", name, strings.Join(w.calls, " "), outcome(result))
			t.Run(name, func(t *testing.T) { holds(t, w, c, row, result) })
			if step == "none" {
				break
			}
		}
	}
	compare(t, "testdata/steps.golden", got.String())
}

// outcome words a result in one line.
func outcome(r command.Result) string {
	text := string(r.State)
	if refusal := r.Answer.Refusal; refusal != nil {
		text += " " + string(refusal.Code)
	}
	for _, e := range *r.Answer.Effects() {
		text += fmt.Sprintf(" %s:%s=%s", e.System, e.Action, e.State)
	}
	items := len(r.WorkItems)
	for _, d := range r.Due {
		if d.Item != nil {
			items++
		}
	}
	if items > 0 {
		text += fmt.Sprintf(" (%d work item)", items)
	}
	return text
}

// holds asserts what must be true of the world after every case, once due work has run.
func holds(t *testing.T, w *world, c *Cancels, row command.Row, result command.Result) {
	t.Helper()
	w.faults = map[string]fault{}
	commandtest.Settle(t, c, row, &result, nil)
	if len(result.WorkItems) > 0 {
		return // a person settles it
	}
	switch result.State {
	case command.Succeeded:
		gone := strings.Contains(outcome(result), "slots:release=not_applicable") // the slot service knows no such booking
		if w.canceled != 3 || w.allocated != 0 || (w.booked && !gone) || w.status != "cancelled" || w.payment.Open() != 0 || w.payment.Refunded != 0 {
			t.Errorf("cancelled, but the world is %d cancelled, %d allocated, booked %t, status %s, open %d, refunded %d",
				w.canceled, w.allocated, w.booked, w.status, w.payment.Open(), w.payment.Refunded)
		}
		if wrong := w.unrecorded(); len(wrong) > 0 {
			t.Errorf("money and its record in order management differ: %v", wrong)
		}
		if w.reserved[group]+w.reserved[warehouse] != 0 {
			t.Errorf("still reserved: %v", w.reserved)
		}
		if w.balance != -5 {
			t.Errorf("the balance is %d points, want 20 + 10 given back - 35 taken back", w.balance)
		}
		if len(w.tracked) != 1 {
			t.Errorf("%d refund events, want 1", len(w.tracked))
		}
		if len(w.canceledBy) != 1 {
			t.Errorf("%d change records, want 1", len(w.canceledBy))
		}
	case command.Refused, command.Released:
		if w.canceled != 0 || w.allocated != 2 || !w.booked || w.status != "open" || w.payment.Voided != 0 || w.rowsMade != 0 || len(w.released) != 0 || w.balance != 20 || len(w.tracked) != 0 {
			t.Errorf("refused, but the world changed: %d cancelled, %d allocated, booked %t, status %s, voided %d, %d rows, released %v, balance %d, tracked %v",
				w.canceled, w.allocated, w.booked, w.status, w.payment.Voided, w.rowsMade, w.released, w.balance, w.tracked)
		}
	case command.Unknown, command.NeedsAttention, command.Running:
		t.Errorf("the command ended %s without a work item", result.State)
	}
}

func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("calls differ from %s (-want +got); run with -update after checking each:\n%s", file, diff)
	}
}
