package features

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cucumber/godog"
)

func (w *world) answerSteps() []step {
	return []step{
		{then, `^the shopper is told that ` + oneOf("news", news()) + `$`, w.toldNews},
		{then, `^the shopper is told that "([\d.]+)" comes back(?: and "([\d.]+)" is kept)?(?:, of which "([\d.]+)" had been kept)?(?:, ` + oneOf("terms", terms()) + `)?$`, w.toldComesBack},
		{then, `^the shopper is told that "([^"]+)" ` + oneOf("news", newsOfProducts()) + `$`, w.toldOfProduct},
		{then, `^every tap got the same answer$`, w.everyTapTheSame},
		{then, `^the shopper is told of these effects:$`, w.toldEffects},
	}
}

// news are what a shopper is told of what was asked for, by the words of scenarios.
func news() map[string]func(*world, context.Context) error {
	all := map[string]func(*world, context.Context) error{
		"the order is cancelled":                           (*world).toldCancelled,
		"the order was cancelled already":                  (*world).toldAlready,
		"everything the order was worth comes back":        (*world).toldEverything,
		"what the cancelled units were worth comes back":   (*world).toldShare,
		"the new order has taken the place of the old one": (*world).toldConfirmed,
		"it was confirmed already":                         (*world).toldConfirmedAlready,
		"the old order stays until the new one is placed":  (*world).toldKept,
		"the old order is given up first":                  (*world).toldGivenUp,
		"the basket is the one of before":                  (*world).toldResumed,
		"the window is held for the new order":             (*world).toldHeld,
		"the window is not held for the new order":         (*world).toldNotHeld,
		"it would cost what the order did":                 (*world).toldSameCost,
		"it would cost another amount than the order did":  (*world).toldBothAmounts,
		"there is more to pay":                             (*world).toldDifference,
	}
	for words, code := range waits() {
		all[words] = func(w *world, _ context.Context) error { return w.toldToWait(code) }
	}
	return all
}

func (w *world) toldNews(ctx context.Context, words string) error { return news()[words](w, ctx) }

// newsOfProducts are what a shopper is told of one product of the order.
func newsOfProducts() map[string]func(*world, string) error {
	return map[string]func(*world, string) error{"was left out": (*world).toldLeftOut, "costs another amount than in the order": (*world).toldDelta}
}

func (w *world) toldOfProduct(_ context.Context, product, words string) error {
	return newsOfProducts()[words](w, product)
}

func (w *world) toldCancelled(context.Context) error {
	got, err := w.latest()
	switch {
	case err != nil:
		return err
	case !got.done():
		return fmt.Errorf("the answer is %s", got)
	case !got.cancellation.Whole, got.cancellation.OrderNo != w.orderNo:
		return fmt.Errorf("the answer is about something else: %+v", *got.cancellation)
	}
	for _, l := range w.before.summary.products() {
		if told := got.cancellation.units(l.ID); told != l.Ordered.String() {
			return fmt.Errorf("the answer says that %s units of %s are cancelled, not %s", told, l.ProductCode, l.Ordered)
		}
	}
	return nil
}

// units is how many units of a line the cancellation names.
func (c cancellation) units(line string) string {
	for _, item := range c.Items {
		if item.LineID == line {
			return item.Quantity.String()
		}
	}
	return "no"
}

func (w *world) toldEverything(context.Context) error {
	got, err := w.latest()
	if err != nil || !got.done() {
		return errors.Join(err, fmt.Errorf("the answer is %s", got))
	}
	if told, worth := got.cancellation.Refund, w.before.summary.Grand; !told.Equal(worth) {
		return fmt.Errorf("%s was promised, the order was worth %s", told, worth)
	}
	return nil
}

// toldToWait is an answer that commits to nothing and says where to ask later.
func (w *world) toldToWait(code string) error {
	got, err := w.latest()
	if err != nil {
		return err
	}
	if got.code != code || !got.open || got.operationID == "" || got.cancellation != nil {
		return fmt.Errorf("the answer is %s", got)
	}
	return nil
}

func (w *world) everyTapTheSame(context.Context) error {
	if len(w.answers) < 2 {
		return fmt.Errorf("there are %d answers", len(w.answers))
	}
	first, err := w.answers[0].essence()
	if err != nil {
		return err
	}
	for _, a := range w.answers[1:] {
		got, err := a.essence()
		if err != nil || got != first {
			return errors.Join(err, fmt.Errorf("one tap was told\n%s\nanother\n%s", first, got))
		}
	}
	return nil
}

// essence is everything of an answer that the shopper acts on.
func (a answer) essence() (string, error) {
	if a.lost != nil {
		return "", fmt.Errorf("a tap got no answer: %w", a.lost)
	}
	raw, err := json.Marshal(struct {
		Operation, Code string
		Cancellation    *cancellation
	}{a.operationID, a.code, a.cancellation})
	return string(raw), err
}

// toldEffects compares the effects with a table. Effects that do not apply may be left out of it.
// Where order management owns the money it gives it back in the background: the shopper asks again then.
func (w *world) toldEffects(ctx context.Context, table *godog.Table) error {
	want, err := effectTable(table)
	if err != nil {
		return err
	}
	err = w.toldOfAll(want)
	if err == nil || !w.env.bySOM {
		return err
	}
	if err := errors.Join(w.giveTime(ctx), w.asksHowItWent(ctx, "")); err != nil {
		return err
	}
	return w.toldOfAll(want)
}

func (w *world) toldOfAll(want []string) error {
	got, err := w.latest()
	if err != nil {
		return err
	}
	told := w.withoutNotes(slices.DeleteFunc(effectLines(got.effects), func(line string) bool {
		return strings.HasSuffix(line, ": does not apply") && !slices.Contains(want, line)
	}))
	want = w.withoutNotes(want)
	slices.Sort(want)
	slices.Sort(told)
	if !slices.Equal(want, told) {
		return fmt.Errorf("the shopper is told of %q", told)
	}
	return nil
}

// effectTable reads a table of the columns effect and state.
func effectTable(table *godog.Table) ([]string, error) {
	var lines []string
	for i, row := range table.Rows {
		if len(row.Cells) != 2 {
			return nil, fmt.Errorf("row %d has %d columns, not 2", i+1, len(row.Cells))
		}
		left, right := row.Cells[0].Value, row.Cells[1].Value
		if i > 0 {
			lines = append(lines, left+": "+right)
		} else if left != "effect" || right != "state" {
			return nil, fmt.Errorf("the columns are %q and %q, not effect and state", left, right)
		}
	}
	return lines, nil
}
