package features

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/shopspring/decimal"
)

func (w *world) repriceSteps() []step {
	return []step{
		{then, `^the shopper is told that of "([\d.]+)" for the units "([\d.]+)" is kept and "([\d.]+)" comes back$`, w.toldPartKept},
		{then, `^the shopper is told that "([\d.]+)" that was kept is given back, and that "([\d.]+)" comes back in all$`, w.toldGivenBack},
		{then, `^the shopper is told that what stays keeps its price, and that "([\d.]+)" comes back$`, w.toldPriceKept},
		{then, `^order management has a fee of "([\d.]+)" for the lost promotion$`, w.lostBooked},
		{then, `^nothing has changed in any system but for the baskets it was priced in, which are gone again$`, w.onlyPriced},
		{then, `^"([\d.]+)" of the authorisation (?:was|were) released in all, and no more$`, w.releasedInAll},
	}
}

// lostProduct is what order-ops books on in order management what it keeps for lost promotions.
const lostProduct = "LOST-PROMOTION"

// repricing is what a cancel does about promotions that what stays loses.
type repricing struct {
	Worth     decimal.Decimal `json:"worth"`
	Kept      decimal.Decimal `json:"kept"`
	GivenBack decimal.Decimal `json:"given_back"`
}

// repriced is what the shopper was told last.
func (w *world) repriced() (cancellation, error) {
	got, err := w.latest()
	if err != nil || got.cancellation == nil {
		return cancellation{}, errors.Join(err, fmt.Errorf("the answer is %s", got))
	}
	return *got.cancellation, nil
}

func (w *world) toldPartKept(_ context.Context, worth, kept, refund string) error {
	return w.toldRepriced(repricing{decimal.RequireFromString(worth), decimal.RequireFromString(kept), decimal.Zero}, refund)
}

func (w *world) toldGivenBack(_ context.Context, back, refund string) error {
	given, sum := decimal.RequireFromString(back), decimal.RequireFromString(refund)
	return w.toldRepriced(repricing{sum.Sub(given), decimal.Zero, given}, refund)
}

func (w *world) toldRepriced(want repricing, refund string) error {
	c, err := w.repriced()
	if err != nil {
		return err
	}
	got := c.Repriced
	if got == nil || !got.Worth.Equal(want.Worth) || !got.Kept.Equal(want.Kept) || !got.GivenBack.Equal(want.GivenBack) || !c.Refund.Equal(decimal.RequireFromString(refund)) {
		return fmt.Errorf("told of a refund of %s and of %+v", c.Refund, got)
	}
	return nil
}

func (w *world) toldPriceKept(_ context.Context, refund string) error {
	c, err := w.repriced()
	if err == nil && (c.Repriced != nil || len(c.Warnings) != 1 || c.Warnings[0].Code != "PRICE_KEPT" || !c.Refund.Equal(decimal.RequireFromString(refund))) {
		err = fmt.Errorf("told of a refund of %s, of %+v and warned of %+v", c.Refund, c.Repriced, c.Warnings)
	}
	return err
}

func (w *world) lostBooked(ctx context.Context, amount string) error {
	if err := w.giveTime(ctx); err != nil {
		return err
	}
	now, err := w.now(ctx)
	sum := decimal.Zero
	for _, l := range now.summary.Lines.Records {
		if l.ProductCode == lostProduct {
			sum = sum.Add(l.Total)
		}
	}
	if err == nil && !sum.Equal(decimal.RequireFromString(amount)) {
		err = fmt.Errorf("order management has fees of %s", sum)
	}
	return err
}

func (w *world) releasedInAll(ctx context.Context, amount string) error {
	m, _, err := w.moved(ctx)
	if want := cents(decimal.RequireFromString(amount)); err == nil && (m.released != want || m.refunded != 0) {
		err = fmt.Errorf("what happened is %+v", m)
	}
	return err
}

// onlyPriced lets temporary baskets pass: two for each time that something was priced, each made and deleted.
func (w *world) onlyPriced(ctx context.Context) error {
	happened, err := w.since(ctx)
	if err != nil {
		return err
	}
	made := map[string]int{}
	for _, e := range happened.effective() {
		if made[e.Operation]++; e.Operation != "createBasket" && e.Operation != "deleteBasket" {
			return fmt.Errorf("changed since:\n%s", journal{e})
		}
	}
	if made["createBasket"] == 0 || made["createBasket"] != made["deleteBasket"] {
		return fmt.Errorf("baskets were made and deleted: %v", made)
	}
	now, err := w.now(ctx)
	if err == nil && !reflect.DeepEqual(w.before, now) {
		err = fmt.Errorf("the order was\n%+v\nand is\n%+v", w.before, now)
	}
	return err
}
