package modify

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
	"github.com/somsim/somsim/orderops/remote"
)

var update = flag.Bool("update", false, "rewrite testdata/*.golden")

// failures are the ways a call can fail; an ambiguous one has happened or not.
func failures() []fault {
	return []fault{
		{class: remote.Rejected, code: "NO", status: 400},
		{class: remote.NotFound, code: "GONE", status: 404},
		{class: remote.Conflict, code: "STATE", status: 409},
		{class: remote.Unauthorized, code: "TOKEN", status: 401},
		{class: remote.Throttled, code: "SLOWLY", status: 429},
		{class: remote.Unavailable, code: "DOWN", status: 503},
		{class: remote.Ambiguous, code: "LOST"},
		{class: remote.Ambiguous, code: "LOST", happened: true},
	}
}

// steps are the calls of a whole modification, in order, by name and count.
func steps(policy orderops.ModifyPolicy) []string {
	before := []string{"som.read#1", "slots.read#1", "b2c.baskets#1", "b2c.order#1", "b2c.products#1", "b2c.createBasket#1"}
	if policy == orderops.CancelFirst {
		return append(before, "slots.hold#1", "b2c.showBasket#1")
	}
	return append(before, "slots.succeed#1", "som.setStatus#1", "som.read#2", "b2c.showBasket#1")
}

// TestStepsAndCompensations fails every step of both policies in every way and pins the exact calls that follow. Beside the
// golden files it asserts, for every case, what must hold whatever the calls are.
func TestStepsAndCompensations(t *testing.T) {
	t.Parallel()
	for _, policy := range []orderops.ModifyPolicy{orderops.KeepUntilConfirm, orderops.CancelFirst} {
		var got strings.Builder
		for _, step := range append([]string{"none"}, steps(policy)...) {
			for _, failure := range failures() {
				name := fmt.Sprintf("%s fails %s", step, failure.class)
				if failure.happened {
					name += " after it happened"
				}
				if step == "none" {
					name = "nothing fails"
				}
				w := newWorld()
				w.has(ownOne)
				w.faults[step] = failure
				m := w.modifies(policy)
				row := rowOf(t, w, orderops.ModifyRequest{OnExistingBasket: orderops.ReplaceBasket, Channel: orderops.ChannelSFRA})
				result, err := m.Run(context.Background(), newRun(), row, nil)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				fmt.Fprintf(&got, "%s\n  %s\n  => %s\n", name, strings.Join(w.calls, " "), outcome(result))
				t.Run(string(policy)+"/"+name, func(t *testing.T) { holds(t, w, m, row, result) })
				if step == "none" {
					break
				}
			}
		}
		compare(t, "testdata/"+string(policy)+".golden", got.String())
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

// holds asserts what must be true of the world after every case, once due work has run: the order is being edited, or
// everything is as it was.
func holds(t *testing.T, w *world, m *Modifies, row command.Row, result command.Result) {
	t.Helper()
	w.faults = map[string]fault{}
	settleDue(t, m, row, &result)
	if len(result.WorkItems) > 0 {
		return // a person settles it
	}
	keep := m.Policy.When.Of("") == orderops.KeepUntilConfirm
	switch result.State {
	case command.Editing:
		basket := result.Answer.Modification.BasketID
		if w.shown != basket || len(w.baskets) != 2 || keep != (w.status == "On Hold") || keep != w.booked || keep == (w.canceled > 0) {
			t.Errorf("editing %s, but the world shows %q of %d baskets, is %s, booked %t, %d cancelled", basket, w.shown, len(w.baskets), w.status, w.booked, w.canceled)
		}
		if w.baskets[basket].ModifiesOrderNo != orderNo || w.baskets[basket].ModificationID != row.ID {
			t.Errorf("the basket %+v does not name what it modifies", w.baskets[basket])
		}
	case command.Refused, command.Released:
		if w.shown != ownOne || len(w.baskets) != 1 || w.status != "Created" || !w.booked || w.canceled != 0 || !onlyLapsing(w) {
			t.Errorf("refused, but the world shows %q of %d baskets, is %s, booked %t, %d cancelled, holds %v", w.shown, len(w.baskets), w.status, w.booked, w.canceled, w.holds)
		}
	default:
		t.Errorf("the command ended %s without a work item", result.State)
	}
}

// onlyLapsing says that no hold stands but one whose making was never answered, which lapses by itself.
func onlyLapsing(w *world) bool {
	return len(w.holds) == 0 || strings.Contains(strings.Join(w.calls, " "), "slots.") && len(w.holds) == 1
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
