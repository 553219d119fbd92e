package features

import (
	"context"
	"fmt"
	"net/http"

	"github.com/shopspring/decimal"
)

func (w *world) claimSteps() []step {
	return []step{
		{when, `^somebody else (?:takes|has taken) the last "([^"]+)"$`, w.takeLast},
		{when, `^who has the last "([^"]+)" gives it back$`, w.giveLastBack},
		{then, `^the (\d+) units? of "([^"]+)" (?:is|are) kept for the (follow-up basket|old order|new order), and for nobody else$`, w.keptFor},
		{then, `^nobody else can have "([^"]+)"$`, w.soldOut},
	}
}

// takeLast has somebody else reserve what inventory can promise of a product, which is to be something.
func (w *world) takeLast(ctx context.Context, product string) error {
	id, _, err := w.office.reserveAll(ctx, product)
	w.follow.taken = id
	return err
}

func (w *world) giveLastBack(ctx context.Context, _ string) error {
	return w.office.call(ctx, w.office.inventory(http.MethodDelete, reservations("reservation-documents/"+w.follow.taken), nil), nil)
}

// keptFor looks for the units among all whom they could be kept for.
func (w *world) keptFor(ctx context.Context, quantity int64, product, whom string) error {
	references := map[string]string{"follow-up basket": w.follow.basketID, "old order": w.orderNo, "new order": w.follow.newOrder}
	for name, reference := range references {
		if reference == "" {
			continue
		}
		held, err := w.office.holdings(ctx, reference)
		if err != nil {
			return err
		}
		got, want := decimal.Zero, decimal.Zero
		for _, h := range held {
			if h.SKU == product {
				got = got.Add(h.Quantity)
			}
		}
		if name == whom {
			want = decimal.NewFromInt(quantity)
		}
		if !got.Equal(want) {
			return fmt.Errorf("%s units of %s are kept for the %s", got, product, name)
		}
	}
	return nil
}

func (w *world) soldOut(ctx context.Context, product string) error {
	levels, err := w.office.stock(ctx, []string{product})
	level := levels[shelf{everywhere, product}]
	if err == nil && (!level.OnHand.IsPositive() || level.OnHand.GreaterThan(level.Reserved)) {
		err = fmt.Errorf("of %s units of %s %s are promised", level.OnHand, product, level.Reserved)
	}
	return err
}
