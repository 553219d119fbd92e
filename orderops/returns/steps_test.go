package returns

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

var update = flag.Bool("update", false, "rewrite testdata/*.golden")

// steps are the calls of a whole return, in order, by name and count; of an RMA those of its announcement.
func steps(mode orderops.ReturnMode) []string {
	if mode == orderops.ReturnRMA {
		return []string{"som.read#1", "som.preview#1", "som.createReturnOrder#1"}
	}
	return []string{
		"som.read#1", "som.preview#1", "som.submit#1", "worldline.read#1", "worldline.refund#1", "som.recorded#1", "som.recordRefund#1",
		"loyalty.read#1", "loyalty.adjust#1", "loyalty.adjust#2", "tracking.refund#1",
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
	for _, mode := range []orderops.ReturnMode{orderops.ReturnSimple, orderops.ReturnRMA} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			var got strings.Builder
			for _, step := range append([]string{"none"}, steps(mode)...) {
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
					r, row := w.returns(mode), rowOf(t, Input{})
					result, err := r.Run(context.Background(), commandtest.NewRun(), row, nil)
					if err != nil {
						t.Fatalf("%s: %v", name, err)
					}
					fmt.Fprintf(&got, "%s\n  %s\n  => %s\n", name, strings.Join(w.calls, " "), outcome(result))
					t.Run(name, func(t *testing.T) { holds(t, w, r, row, result) })
					if step == "none" {
						break
					}
				}
			}
			compare(t, "testdata/"+string(mode)+".golden", got.String())
		})
	}
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
	if len(r.WorkItems) > 0 {
		text += fmt.Sprintf(" (%d work item)", len(r.WorkItems))
	}
	return text
}

// holds asserts what must be true of the world after every case, once due work has run and announced goods have come.
func holds(t *testing.T, w *world, r *Returns, row command.Row, result command.Result) {
	t.Helper()
	w.faults = map[string]fault{}
	settled(t, r, row, &result)
	if len(w.announced) > 0 && result.State == command.Succeeded {
		if w.payment.Refunded != 0 || len(result.Due) != 1 {
			t.Errorf("%d refunded before the goods came, %d pieces of work wait", w.payment.Refunded, len(result.Due))
		}
		w.arrive(3)
		w.deliveryBack = true
		w.worth["801.1"] = quantity("35").Decimal
		settled(t, r, row, &result)
	}
	if len(result.WorkItems) > 0 {
		return // a person settles it
	}
	switch result.State {
	case command.Succeeded:
		if w.returned != 3 || w.payment.Refunded != 3500 || w.grand().IsPositive() || len(result.Due) > 0 {
			t.Errorf("returned, but %d units came back, %d were refunded, the order is worth %s, %d pieces of work wait", w.returned, w.payment.Refunded, w.grand(), len(result.Due))
		}
		if w.rowsMade != len(w.payment.Operations) || w.recorded[payID+".1"] != 3500 {
			t.Errorf("money and its record in order management differ: %v in %d rows", w.recorded, w.rowsMade)
		}
		if w.moved("ev2") != -35 || w.moved("ev0") != 10 {
			t.Errorf("%d earned points taken back and %d spent ones given back, want 35 and 10", -w.moved("ev2"), w.moved("ev0"))
		}
		if len(w.tracked) != 1 {
			t.Errorf("%d refund events, want 1", len(w.tracked))
		}
		if changes := w.unitChanges(); changes+len(w.announced) != 1 {
			t.Errorf("%d changes and %d return orders, want one", changes, len(w.announced))
		}
	case command.Refused, command.Released:
		if w.returned+w.initiated != 0 || len(w.announced) != 0 || w.payment.Refunded != 0 || w.balance != 50 || len(w.tracked) != 0 {
			t.Errorf("refused, but the world changed: %d returned, %d initiated, %d refunded, balance %d", w.returned, w.initiated, w.payment.Refunded, w.balance)
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

// TestKilledRightAfterEachCall loses the process after each call has happened and before its answer was remembered. The
// next execution must finish the return with every effect once.
func TestKilledRightAfterEachCall(t *testing.T) {
	t.Parallel()
	for _, mode := range []orderops.ReturnMode{orderops.ReturnSimple, orderops.ReturnRMA} {
		whole := commandtest.NewRun()
		if _, err := newWorld().returns(mode).Run(context.Background(), whole, rowOf(t, Input{}), nil); err != nil {
			t.Fatal(err)
		}
		for _, step := range whole.Order {
			t.Run(string(mode)+" "+step, func(t *testing.T) {
				t.Parallel()
				w := newWorld()
				r, row, run := w.returns(mode), rowOf(t, Input{}), commandtest.NewRun()
				run.DieAfter = step
				if !dies(t, r, run, row) {
					t.Fatal("the workflow never came to that step")
				}
				result, err := r.Run(context.Background(), run, row, nil)
				if err != nil || result.State != command.Succeeded {
					t.Fatalf("ended %s: %v", result.State, err)
				}
				holds(t, w, r, row, result)
			})
		}
	}
}

// dies runs a return and says whether it was lost on the way.
func dies(t *testing.T, r *Returns, run *commandtest.Run, row command.Row) (lost bool) {
	t.Helper()
	return commandtest.Dies(func() {
		if _, err := r.Run(context.Background(), run, row, nil); err != nil {
			t.Fatal(err)
		}
	})
}
