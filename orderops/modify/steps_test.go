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
	"github.com/somsim/somsim/orderops/command/commandtest"
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

// steps are the calls of a whole modification, in order, by name and count. The last scarf goes over from the order to the
// basket, which takes some more.
func steps(policy orderops.ModifyPolicy, lastScarf bool) []string {
	before := []string{"som.read#1", "slots.read#1", "b2c.baskets#1", "b2c.order#1", "b2c.products#1", "b2c.createBasket#1"}
	if lastScarf {
		held := []string{"som.setStatus#1", "som.read#2"}
		over := []string{"oci.release#1", "b2c.order#2", "b2c.products#2", "b2c.createBasket#1", "b2c.reserveBasket#1"}
		before = append(before[:5], "oci.read#1")
		if policy == orderops.CancelFirst {
			return append(append(before, over...), "slots.hold#1", "b2c.showBasket#1")
		}
		return append(append(append(before, held...), over...), "slots.succeed#1", "b2c.showBasket#1")
	}
	if policy == orderops.CancelFirst {
		return append(before, "slots.hold#1", "b2c.showBasket#1")
	}
	return append(before, "slots.succeed#1", "som.setStatus#1", "som.read#2", "b2c.showBasket#1")
}

// TestStepsAndCompensations fails every step of both policies in every way and pins the exact calls that follow. Beside the
// golden files it asserts, for every case, what must hold whatever the calls are.
func TestStepsAndCompensations(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		policy    orderops.ModifyPolicy
		lastScarf bool
		file      string
	}{
		{orderops.KeepUntilConfirm, false, "keep_until_confirm"},
		{orderops.CancelFirst, false, "cancel_first"},
		{orderops.KeepUntilConfirm, true, "keep_until_confirm_last_unit"},
		{orderops.CancelFirst, true, "cancel_first_last_unit"},
	} {
		policy := tc.policy
		var got strings.Builder
		for _, step := range append([]string{"none"}, steps(policy, tc.lastScarf)...) {
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
				if tc.lastScarf {
					w.lastScarf()
				}
				w.faults[step] = failure
				m := w.modifies(policy)
				row := rowOf(t, w, orderops.ModifyRequest{OnExistingBasket: orderops.ReplaceBasket, Channel: orderops.ChannelSFRA})
				result, err := m.Run(context.Background(), commandtest.NewRun(), row, nil)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				fmt.Fprintf(&got, "%s\n  %s\n  => %s\n", name, strings.Join(w.calls, " "), outcome(result))
				t.Run(tc.file+"/"+name, func(t *testing.T) { holds(t, w, m, row, result) })
				if step == "none" {
					break
				}
			}
		}
		compare(t, "testdata/"+tc.file+".golden", got.String())
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
	scarves := w.scarves()
	settleDue(t, m, row, &result)
	if got := w.scarves(); got != scarves {
		t.Errorf("there were %d scarves, now there are %d", scarves, got)
	}
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
		if last := w.stock["SCARF"] == 0; last && (w.keeps[basket]["SCARF"] != 1 || w.keeps[orderNo]["SCARF"] != 0) {
			t.Errorf("the last scarf is kept for %v", w.keeps)
		}
		if w.baskets[basket].ModifiesOrderNo != orderNo || w.baskets[basket].ModificationID != row.ID {
			t.Errorf("the basket %+v does not name what it modifies", w.baskets[basket])
		}
	case command.Refused, command.Released:
		if w.shown != ownOne || len(w.baskets) != 1 || w.status != "Created" || !w.booked || w.canceled != 0 || !onlyLapsing(w) {
			t.Errorf("refused, but the world shows %q of %d baskets, is %s, booked %t, %d cancelled, holds %v", w.shown, len(w.baskets), w.status, w.booked, w.canceled, w.holds)
		}
		if w.keeps[orderNo]["SCARF"] != 1 || len(w.keeps) != 1 {
			t.Errorf("refused, but reserved are %v", w.keeps)
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
