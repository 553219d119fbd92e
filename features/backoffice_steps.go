package features

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

func (w *world) backOfficeSteps() []step {
	return []step{
		{when, `^the back office cancels the order in the shop$`, w.officeCancelsInShop},
		{then, `^the shop says that order management owns the order$`, w.shopLeavesIt},
		{when, `^the back office (takes|tries to take) "([^"]+)" off the line of "([^"]+)"( with its tax)?$`, w.officeDiscounts},
		{when, `^the back office (books|tries to book) (\d+) of the announced units as arrived and (\d+) as not coming$`, w.officeReceives},
		{when, `^the back office gives back what that was worth$`, w.officeGivesBack},
		{then, `^the back office is refused because (.+) and nothing else$`, w.officeRefusedBecause},
	}
}

// officeActs notes what came of something the back office did or only tried.
func (w *world) officeActs(verb string, no *refusal, err error) error {
	w.refusal = no
	if err != nil || strings.HasPrefix(verb, "tries") {
		return err
	}
	if no != nil {
		return fmt.Errorf("order management refused: %w", no)
	}
	return nil
}

func (w *world) officeDiscounts(ctx context.Context, verb, much, product, tax string) error {
	l, err := w.lineOf(ctx, product)
	if err != nil {
		return err
	}
	kind := "AmountWithoutTax"
	switch {
	case strings.HasSuffix(much, "%"):
		kind = "Percentage"
	case tax != "":
		kind = "AmountWithTax"
	}
	amount, err := decimal.NewFromString(strings.TrimSuffix(much, "%"))
	if err != nil {
		return err
	}
	no, err := w.office.discount(ctx, w.before.summary, l.ID, kind, amount.Neg())
	return w.officeActs(verb, no, err)
}

func (w *world) officeReceives(ctx context.Context, verb, arrived, givenUp string) error {
	no, err := w.office.receive(ctx, w.before.summary, json.Number(arrived), json.Number(givenUp))
	return w.officeActs(verb, no, err)
}

// unitsGone is how many units of each product were cancelled or came back in between.
func unitsGone(before, after orderSummary) map[string]decimal.Decimal {
	gone := map[string]decimal.Decimal{}
	for i, l := range after.products() {
		was := before.products()[i]
		if units := l.Canceled.Add(l.Returned).Sub(was.Canceled).Sub(was.Returned); units.IsPositive() {
			gone[l.ProductCode] = units
		}
	}
	return gone
}

// officeGivesBack gives back at the payment provider what the order has become cheaper by, since the shopper came or since the last
// time, and tells web analytics of units that went.
func (w *world) officeGivesBack(ctx context.Context) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	at, err := w.control.now(ctx)
	if err != nil {
		return err
	}
	less, gone := w.settled.Grand.Sub(now.summary.Grand), unitsGone(w.settled, now.summary)
	w.settled = now.summary
	if len(gone) > 0 {
		if err := w.office.count(ctx, w.orderNo, less, gone); err != nil {
			return err
		}
	}
	w.retailersMoves++
	return w.till().giveBack(ctx, now.summary, now.payments[0], less, at)
}

// because is a rule of order management by the words of the back office.
func because(why string) string {
	return map[string]string{
		"a discount makes a price lower":     "som.adjust.amount-negative",
		"the line is not worth so much":      "som.adjust.worth",
		"no unit of the line may take part":  "som.adjust.quantity-available",
		"so many units were not delivered":   "som.return.quantity-available",
		"so many units can not be announced": "som.rma.quantity-available",
		"so many units were not announced":   "som.rma.quantity-expected",
		"at least one unit has to arrive":    "som.rma.returned-positive",
	}[why]
}

// officeRefusedBecause finds the rule behind the refusal in the journal.
func (w *world) officeRefusedBecause(ctx context.Context, why string) error {
	if err := w.officeRefused(ctx); err != nil {
		return err
	}
	happened, err := w.since(ctx)
	if err != nil {
		return err
	}
	last := ""
	for _, e := range happened {
		last = cmp.Or(e.Rule, last)
	}
	if last != because(why) {
		return fmt.Errorf("refused by %q: %w", last, w.refusal)
	}
	return nil
}

// officeCancelsInShop sets the status of the order in commerce, as its back office would.
func (w *world) officeCancelsInShop(ctx context.Context) error {
	no, err := w.auditor.setShopStatus(ctx, w.orderNo, shopCancelled)
	w.shopRefusal = no
	return err
}

// shopLeavesIt makes sure that commerce has refused, and for that reason.
func (w *world) shopLeavesIt(context.Context) error {
	if w.shopRefusal != "OrderIntegrationStatusException" {
		return fmt.Errorf("the shop says %q", w.shopRefusal)
	}
	return nil
}
