package confirm

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

// after are the calls that follow from a new order that is placed.
func after() []string {
	return []string{"slots.confirm#1", "b2c.link#1", "b2c.link#2", "b2c.showBasket#1", "som.setStatus#1", "tracking.purchase#1"}
}

// TestStepsAndCompensations fails every step in every way, for an order that was placed in checkout and for a basket that is
// placed here, and pins the exact calls that follow. Beside the golden files it asserts, for every case, what must hold
// whatever the calls are.
func TestStepsAndCompensations(t *testing.T) {
	t.Parallel()
	forms := map[string]struct {
		in    Input
		steps []string
	}{
		"order":  {Input{Request: orderops.ConfirmRequest{NewOrderNo: newNo}}, append([]string{"b2c.oldOrder#1", "b2c.newOrder#1", "som.read#1"}, after()...)},
		"basket": {Input{Request: orderops.ConfirmRequest{BasketID: basketID}}, append([]string{"b2c.oldOrder#1", "b2c.basket#1", "som.read#1", "slots.succeed#1", "b2c.submit#1", "b2c.authorize#1"}, after()...)},
	}
	for form, tc := range forms {
		var got strings.Builder
		for _, step := range append([]string{"none"}, tc.steps...) {
			for _, failure := range failures() {
				name := fmt.Sprintf("%s fails %s", step, failure.class)
				if failure.happened {
					name += " after it happened"
				}
				if step == "none" {
					name = "nothing fails"
				}
				w := newWorld()
				if form == "order" {
					w.order("new")
				}
				w.faults[step] = failure
				row, result := w.confirm(t, tc.in)
				fmt.Fprintf(&got, "%s\n  %s\n  => %s\n", name, strings.Join(w.calls, " "), outcome(result))
				t.Run(form+"/"+name, func(t *testing.T) { holds(t, w, form, row, result) })
				if step == "none" {
					break
				}
			}
		}
		compare(t, "testdata/"+form+".golden", got.String())
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

// holds asserts what must be true of the world after every case, once due work has run: either the new order is the only one
// and has everything, or the old one is as it was and the shopper has the basket.
func holds(t *testing.T, w *world, form string, row command.Row, result command.Result) {
	t.Helper()
	w.faults = map[string]fault{}
	settleDue(t, w.confirms(), row, &result)
	if len(result.WorkItems) > 0 {
		return // a person settles it
	}
	switch result.State {
	case command.Succeeded:
		if w.left != 0 || w.bookedFor != newNo || w.status != "Created" || len(w.linked) != 2 || len(w.tracked) != 1 || w.editing == command.Editing || w.placed.Status != "new" {
			t.Errorf("confirmed, but the old order has %d left and is %s, booked for %s, links %v, %d purchases, %s", w.left, w.status, w.bookedFor, w.linked, len(w.tracked), w.editing)
		}
	case command.Refused, command.Released:
		if w.left != 2 || w.bookedFor != orderNo || w.status != "On Hold" || len(w.linked) > 0 || len(w.tracked) > 0 || w.editing != command.Editing || form == "basket" && !w.basket {
			t.Errorf("refused, but the old order has %d left and is %s, booked for %s, links %v, basket %t, %s", w.left, w.status, w.bookedFor, w.linked, w.basket, w.editing)
		}
	default:
		t.Errorf("the command ended %s without a work item", result.State)
	}
}

// TestAConfirmationGoesOnAfterTheProcessDied loses the process after every step, before the step's answer was remembered,
// and runs the workflow again: it ends as if nothing had happened.
func TestAConfirmationGoesOnAfterTheProcessDied(t *testing.T) {
	t.Parallel()
	in := Input{Request: orderops.ConfirmRequest{BasketID: basketID}}
	clean := commandtest.NewRun()
	if _, err := newWorld().confirms().Run(context.Background(), clean, rowOf(t, in), nil); err != nil {
		t.Fatal(err)
	}
	for _, step := range clean.Order {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			w, row, run := newWorld(), rowOf(t, in), commandtest.NewRun()
			run.DieAfter = step
			if !commandtest.Dies(func() { _, _ = w.confirms().Run(context.Background(), run, row, nil) }) {
				t.Fatal("the process did not die")
			}
			result, err := w.confirms().Run(context.Background(), run, row, nil)
			if err != nil || result.State != command.Succeeded {
				t.Fatalf("ended %s %v, %v", result.State, result.Answer.Refusal, err)
			}
			holds(t, w, "basket", row, result)
		})
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
