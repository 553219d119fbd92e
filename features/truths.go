package features

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// checkTruths holds the world against everything that must be true once nothing is owed any more, whatever a scenario was
// about. What holds between the systems the simulator knows; what the shopper was told, only a scenario does.
func (w *world) checkTruths(ctx context.Context) error {
	if err := w.giveTime(ctx); err != nil {
		return err
	}
	finals, problems := w.promises(ctx)
	deviations, err := w.control.invariants(ctx)
	if err != nil {
		return err
	}
	items, err := w.operators.open(ctx)
	if err != nil {
		return fmt.Errorf("ask the operators what waits for a person: %w", err)
	}
	w.recording.breaks(deviations, items)
	problems = append(problems, judge(deviations, items, finals)...)
	if w.orderNo != "" {
		problems = append(problems, w.asTold(ctx, finals))
	}
	w.happened, err = w.control.exchanges(ctx, w.env.lean)
	problems = append(problems, err)
	happened := journalOf(w.happened)
	problems = append(problems, w.leftToSOM(happened))
	return errors.Join(append(problems, happened.strange()...)...)
}

// strange are the exchanges that should never happen, whatever a scenario is about: what the simulator got wrong, and what
// was asked of it that it does not serve, be it in the path of a system that it does.
func (j journal) strange() (problems []error) {
	for _, e := range j {
		switch {
		case e.Bug != "":
			problems = append(problems, fmt.Errorf("the simulator was wrong in %s: %s", e.Operation, e.Bug))
		case e.Operation == "":
			problems = append(problems, fmt.Errorf("nothing simulated serves %s %s", e.Method, e.Path))
		}
		problems = append(problems, e.Children.strange()...)
	}
	return problems
}

// promises asks again about everything that the shopper was told, and returns how each request ended: what was done stays
// done and what was promised stays promised.
func (w *world) promises(ctx context.Context) (finals map[string]answer, problems []error) {
	finals = map[string]answer{}
	for _, told := range w.answers {
		if told.operationID == "" {
			continue
		}
		final, known := finals[told.operationID]
		if !known {
			final = w.outcome(ctx, told)
			finals[told.operationID] = final
			w.finals = append(w.finals, final)
		}
		problems = append(problems, contradiction(told, final))
	}
	return finals, problems
}

// outcome is what has become of the request behind an answer. Where operations cannot be asked for, the request is repeated
// under its key, which never does anything twice.
func (w *world) outcome(ctx context.Context, told answer) answer {
	if w.env.reach.speaks(app) || told.again == nil {
		return w.shopper.follow(ctx, told.operationID)
	}
	return told.again(ctx)
}

// contradiction finds what an answer said and a later one takes back. What was owed may have failed, and what had failed a
// person may have had tried again.
func contradiction(told, final answer) error {
	if !told.done() {
		return nil
	}
	if !final.done() || !final.refund().Equal(told.refund()) || len(final.items()) != len(told.items()) {
		return fmt.Errorf("the shopper was told %s and later %s", told, final)
	}
	for i, e := range told.effects {
		if e.State != "pending" && e.State != "failed" && (i >= len(final.effects) || final.effects[i].State != e.State) {
			return fmt.Errorf("the shopper was told %q and later %q", effectLines(told.effects), effectLines(final.effects))
		}
	}
	return nil
}

// judge finds deviations that no work item names, work items behind which there is nothing, and requests that came to no
// end without anybody being asked to look.
func judge(deviations []deviation, items []workItem, finals map[string]answer) (problems []error) {
	for _, d := range deviations {
		if !slices.ContainsFunc(items, func(i workItem) bool { return i.names(d) }) {
			problems = append(problems, fmt.Errorf("%s: %s (%s), and no work item names it", d.Entity, d.Detail, d.Invariant))
		}
	}
	for _, i := range items {
		named := slices.ContainsFunc(deviations, i.names)
		if !named && !i.told(finals) {
			problems = append(problems, fmt.Errorf("a person was asked to look after %s of order %s, and nothing is wrong there", i.Entity, i.OrderNo))
		}
	}
	for id, final := range finals {
		if !final.settled() && !slices.ContainsFunc(items, workItem.whole) {
			problems = append(problems, fmt.Errorf("request %s is not settled, and nobody was asked to look: %s", id, final))
		}
		for _, e := range final.effects {
			if e.State == "pending" {
				problems = append(problems, fmt.Errorf("request %s still owes the %s", id, e.name()))
			}
		}
	}
	return problems
}

// owners are the systems whose effects, when they fail, leave an invariant broken.
func owners(invariant string) []string {
	return map[string][]string{
		"money.worth": {"worldline", "b2c"}, "money.closed": {"worldline"}, "som.money.recorded": {"som", "worldline"}, "som.money.row": {"som", "worldline"},
		"slots.booking": {"slots"}, "oci.reserved": {"oci"}, "order.one-state": {"b2c"}, "loyalty.order": {"loyalty"}, "tracking.once": {"tracking"},
		"order.one-live": {"order"},
	}[invariant]
}

// names says that a person who looks after the item will find the deviation.
func (i workItem) names(d deviation) bool {
	return d.Entity == "order "+i.OrderNo && (i.whole() || slices.Contains(owners(d.Invariant), i.system()))
}

// told says that the shopper was told of what the item is about: an effect that failed, or an outcome nobody knows.
func (i workItem) told(finals map[string]answer) bool {
	for _, final := range finals {
		if i.whole() && !final.settled() {
			return true
		}
		for _, e := range final.effects {
			if e.System == i.system() && e.State == "failed" {
				return true
			}
		}
	}
	return false
}

// asTold makes sure that order management cancelled the units of which the shopper was told, each once, and no others.
func (w *world) asTold(ctx context.Context, finals map[string]answer) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(w.answers, func(a answer) bool { return a.lost != nil }) && len(finals) == 0 {
		return nil // the shopper never heard of the outcome
	}
	if w.follow.changes > 0 {
		return w.asConfirmed(now)
	}
	told := map[string]decimal.Decimal{}
	for _, final := range finals {
		switch {
		case !final.settled():
			return nil // judged by whether somebody was asked to look
		case final.done():
			if final.returned != nil { // returned units are counted by themselves
				continue
			}
			for _, item := range final.items() {
				told[item.LineID] = told[item.LineID].Add(item.Quantity)
			}
		}
	}
	for _, l := range w.start.summary.products() {
		for _, after := range now.summary.products() {
			if cancelled := after.Canceled.Sub(l.Canceled); after.ID == l.ID && !cancelled.Equal(told[l.ID]) {
				return fmt.Errorf("the shopper was told that %s units of %s are cancelled, order management has cancelled %s", told[l.ID], l.ProductCode, cancelled)
			}
		}
	}
	return nil
}

// asConfirmed makes sure that an order which the shopper has modified is given up whole, or not at all: cancelled units are
// spoken of by what takes its place, and counted there.
func (w *world) asConfirmed(now snapshot) error {
	none, all := true, true
	for _, l := range now.summary.products() {
		none = none && l.Canceled.Equal(canceledBefore(w.start, l.ID))
		all = all && l.Canceled.Equal(l.Ordered.Sub(l.Fulfilled))
	}
	if !none && !all {
		return fmt.Errorf("of the order that was modified a part is cancelled: %+v", now.summary.products())
	}
	return nil
}

func canceledBefore(s snapshot, lineID string) decimal.Decimal {
	for _, l := range s.summary.products() {
		if l.ID == lineID {
			return l.Canceled
		}
	}
	return decimal.Zero
}
