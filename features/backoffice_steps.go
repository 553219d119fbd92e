package features

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

func (w *world) backOfficeSteps() []step {
	return []step{
		{then, `^the back office is refused because ` + oneOf("rule", officeRefusals()) + `$`, w.officeRefusedBecause},
		{when, `^the back office cancels the order in the shop$`, w.officeCancelsInShop},
		{when, `^the back office (takes|tries to take) "([^"]+)" off the line of "([^"]+)"( with its tax)?$`, w.officeDiscounts},
		{when, `^the back office (books|tries to book) (\d+) of the announced units as arrived and (\d+) as not coming$`, w.officeReceives},
		{when, `^the back office gives back what that was worth$`, w.officeGivesBack},
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

// officeCancelsInShop sets the status of the order in commerce, as its back office would.
func (w *world) officeCancelsInShop(ctx context.Context) error {
	no, err := w.auditor.setShopStatus(ctx, w.orderNo, shopCancelled)
	w.shopRefusal = no
	return err
}

// theShopsOwn stands for the reason that the shop has, and not order management.
const theShopsOwn = "the shop"

// officeRefusals are the rules by which the back office is refused, by the words of scenarios.
func officeRefusals() map[string]string {
	return map[string]string{
		"the units are not free":             quantityRule,
		"order management owns the order":    theShopsOwn,
		"a discount makes a price lower":     "som.adjust.amount-negative",
		"the line is not worth so much":      "som.adjust.worth",
		"no unit of the line may take part":  "som.adjust.quantity-available",
		"so many units were not delivered":   "som.return.quantity-available",
		"so many units can not be announced": "som.rma.quantity-available",
		"so many units were not announced":   "som.rma.quantity-expected",
		"at least one unit has to arrive":    "som.rma.returned-positive",
	}
}

// officeRefusedBecause finds the rule behind the refusal in the journal: of a cancel that of every one, else the last.
func (w *world) officeRefusedBecause(ctx context.Context, why string) error {
	rule := officeRefusals()[why]
	if rule == theShopsOwn {
		return w.shopLeavesIt()
	}
	if err := w.officeRefused(ctx); err != nil {
		return err
	}
	happened, err := w.since(ctx)
	if err != nil {
		return err
	}
	if rule == quantityRule {
		return w.refusedForQuantity(happened)
	}
	last := ""
	for _, e := range happened {
		last = cmp.Or(e.Rule, last)
	}
	if last != rule {
		return fmt.Errorf("refused by %q: %w", last, w.refusal)
	}
	return nil
}

func (w *world) refusedForQuantity(happened journal) error {
	asked := happened.of(submitCancel)
	if len(asked) == 0 {
		return errors.New("order management was not asked to cancel")
	}
	for _, e := range asked {
		if e.Rule != quantityRule {
			return fmt.Errorf("refused by %q: %w", e.Rule, w.refusal)
		}
	}
	return nil
}

// shopLeavesIt makes sure that commerce has refused, and for that reason.
func (w *world) shopLeavesIt() error {
	if w.shopRefusal != "OrderIntegrationStatusException" {
		return fmt.Errorf("the shop says %q", w.shopRefusal)
	}
	return nil
}
