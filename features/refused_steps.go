package features

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// refusedSteps are about what somebody is refused, and about what they are told beside it.
func (w *world) refusedSteps() []step {
	quoting := refusals()
	for words, kind := range quoting {
		if kind.names == nil {
			delete(quoting, words)
		}
	}
	return []step{
		{then, `^the (?:shopper|agent|guest|stranger) is refused( each time)? because ` + oneOf("reason", refusals()) + `(?:: ` + oneOf("ground", grounds()) + `)?$`, w.refusedBecause},
		{then, `^the (?:shopper|agent|guest) is refused because ` + oneOf("reason", quoting) + `, and is told of "([^"]+)"(?: in "([^"]+)")?$`, w.refusedNaming},
	}
}

// refusedBecause looks at the latest answer, or at every one.
func (w *world) refusedBecause(ctx context.Context, each, why, ground string) error {
	got, err := w.latest()
	if err != nil {
		return err
	}
	answers := []answer{got}
	if each != "" {
		answers = w.answers
	}
	kind, obstacle := refusals()[why], grounds()[ground]
	kind.again = kind.again && !obstacle.final
	for _, got := range answers {
		if err := w.refusedAs(ctx, got, kind); err != nil {
			return err
		}
		if ground != "" && got.refused.Reason != obstacle.reason {
			return fmt.Errorf("the answer is %s, the reason %q", got, got.refused.Reason)
		}
	}
	return nil
}

// refusedNaming makes sure that what the sentence quotes is told beside the refusal; a time is that of clocks in a city.
func (w *world) refusedNaming(ctx context.Context, why, what, city string) error {
	if err := w.refusedBecause(ctx, "", why, ""); err != nil {
		return err
	}
	got, err := w.latest()
	if err != nil {
		return err
	}
	return refusals()[why].names(w, ctx, got.refused, what, city)
}

// refusedAs makes sure that an answer is a refusal of a kind, and of nothing but that.
func (w *world) refusedAs(ctx context.Context, got answer, kind refusalKind) error {
	switch {
	case got.lost != nil, got.open, got.cancellation != nil, got.modification != nil, got.confirmation != nil, got.returned != nil:
		return fmt.Errorf("it is no refusal: %s", got)
	case len(kind.codes) > 0 && !slices.Contains(kind.codes, got.code), kind.status != 0 && got.status != kind.status:
		return fmt.Errorf("the answer is %s", got)
	case got.retriable != kind.again && !strings.HasSuffix(got.code, "Exception"): // commerce has no word for it
		return fmt.Errorf("the answer is %s, and may be tried again: %t", got, got.retriable)
	case kind.allowed != "" && !slices.Contains(got.allowed, kind.allowed):
		return fmt.Errorf("the answer is %s, and allows %q", got, got.allowed)
	case kind.beside != nil:
		return kind.beside(w, ctx, got.refused)
	}
	return nil
}

func (w *world) besideReasons(_ context.Context, told problem) error {
	if len(told.ReasonCodes) == 0 {
		return errors.New("no reason is named")
	}
	return nil
}

// besideUpstream is order management's own word for why it refused.
func (w *world) besideUpstream(_ context.Context, told problem) error {
	if told.UpstreamCode != cancelRefused {
		return fmt.Errorf("the reason that the shopper was told is %q", told.UpstreamCode)
	}
	return nil
}

// besideBasket is the basket in the way, and what may become of it.
func (w *world) besideBasket(_ context.Context, told problem) error {
	if !slices.Equal(told.Choices, []string{"merge", "replace", "abort"}) || !slices.Equal(told.BasketIDs, []string{w.follow.before.ID}) {
		return fmt.Errorf("the shopper was told of %v and %v", told.BasketIDs, told.Choices)
	}
	return nil
}

func (w *world) besideNewOrder(_ context.Context, told problem) error {
	if told.NewOrderNo == "" || told.NewOrderNo != w.follow.newOrder {
		return fmt.Errorf("the shopper was told of order %q", told.NewOrderNo)
	}
	return nil
}

// besideWindows are others that have room.
func (w *world) besideWindows(ctx context.Context, told problem) error {
	open, err := w.openWindows(ctx)
	if err == nil && (len(told.Alternatives) == 0 || !slices.Contains(open, told.Alternatives[0].ID)) {
		err = fmt.Errorf("the shopper was offered %+v, with room are %v", told.Alternatives, open)
	}
	return err
}

func (w *world) namesCurrentOrder(_ context.Context, told problem, orderNo, _ string) error {
	if told.CurrentOrderNo != orderNo {
		return fmt.Errorf("the shopper was told of order %q", told.CurrentOrderNo)
	}
	return nil
}

// namesLine is about the order's one line of a product.
func (w *world) namesLine(_ context.Context, told problem, product, _ string) error {
	units, err := w.unitsByLine("1 " + product)
	if err == nil && (len(told.Items) != 1 || units[told.Items[0]] != 1) {
		err = fmt.Errorf("the shopper was told of the lines %v", told.Items)
	}
	return err
}

// namesShipped is about the only line of which units have left.
func (w *world) namesShipped(ctx context.Context, told problem, product, _ string) error {
	gone, _ := w.before.summary.shipped()
	if len(gone) != 1 || gone[0].ProductCode != product {
		return fmt.Errorf("the lines that left are %+v", gone)
	}
	return w.namesLine(ctx, told, product, "")
}

// namesRefund is the refund that would be, beside the one that was expected where there was one.
func (w *world) namesRefund(_ context.Context, told problem, amount, _ string) error {
	want, err := decimal.NewFromString(amount)
	if err != nil {
		return err
	}
	expected := decimal.Zero
	if w.wish.expected != "" {
		expected = decimal.RequireFromString(w.wish.expected)
	}
	if !told.ActualRefund.Equal(want) || !told.ExpectedRefund.Equal(expected) {
		return fmt.Errorf("the shopper was told of %s instead of %s", told.ActualRefund, told.ExpectedRefund)
	}
	return nil
}

func (w *world) namesLeast(_ context.Context, told problem, least, _ string) error {
	if told.Least.StringFixed(2) != least || !told.Left.LessThan(told.Least) {
		return fmt.Errorf("the shopper was told of %s and %s", told.Least, told.Left)
	}
	return nil
}

// namesRule is about in which numbers a product is sold.
func (w *world) namesRule(ctx context.Context, told problem, product, _ string) error {
	line, err := w.shopLineOf(ctx, product)
	if err != nil {
		return err
	}
	if len(told.Quantities) != 1 {
		return fmt.Errorf("the shopper was told of %+v", told.Quantities)
	}
	if q := told.Quantities[0]; q.ItemID != line || !q.Min.IsPositive() || !q.Max.GreaterThan(q.Min) || !q.Step.IsPositive() {
		err = fmt.Errorf("the shopper was told of %+v", q)
	}
	return err
}

// namesMadeToOrder is about goods that nobody takes back.
func (w *world) namesMadeToOrder(_ context.Context, told problem, product, _ string) error {
	for _, l := range told.NotReturned {
		if l.ProductCode == product && l.Why == "not_returnable" && l.Reason == madeToOrder {
			return nil
		}
	}
	return fmt.Errorf("the shopper was told of %+v", told.NotReturned)
}

func (w *world) namesCutoff(_ context.Context, told problem, until, city string) error {
	return sameTime(told.CutoffAt, until, city)
}

func (w *world) namesReturnBy(_ context.Context, told problem, until, city string) error {
	return sameTime(told.ReturnBy, until, city)
}

// sameTime compares what was told with a moment: with its letters, or with what the clocks of a city show, by which it is
// to be told then.
func sameTime(told, text, city string) error {
	if city == "" {
		if told != text {
			return fmt.Errorf("the shopper was told %q", told)
		}
		return nil
	}
	want, err := shownAt(text, city)
	if err != nil {
		return err
	}
	got, err := time.Parse(time.RFC3339, told)
	if err == nil && got.Format(time.RFC3339Nano) != want.Format(time.RFC3339Nano) {
		err = fmt.Errorf("the shopper was told %q", told)
	}
	return err
}
