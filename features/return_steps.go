package features

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/shopspring/decimal"
)

func (w *world) returnSteps() []step {
	return []step{
		{when, `^the shopper returns (\d+) units? of "([^"]+)" in the (storefront|app|web app)$`, w.returnUnits},
		{when, `^the shopper returns (\d+) units? of "([^"]+)" and (\d+) units? of "([^"]+)" in the (storefront|app|web app)( as far as that is possible)?$`, w.returnOfTwo},
		{when, `^the shopper returns (\d+) units? of "([^"]+)" in the (storefront|app|web app) and expects "([\d.]+)"$`, w.returnExpecting},
		{when, `^the shopper begins to return (\d+) units? of "([^"]+)" in the (storefront|app|web app)$`, w.beginToReturn},
		{when, `^the shopper returns everything in the (storefront|app|web app)$`, w.returnAll},
		{when, `^the shopper returns what can be returned in the (storefront|app|web app)$`, w.returnPossible},
		{when, `^the shopper asks in the (storefront|app|web app) what it comes to to return everything$`, w.askReturnOfAll},
		{when, `^the shopper asks in the (storefront|app|web app) what it comes to to return (\d+) units? of "([^"]+)"$`, w.askReturnOf},
		{when, `^the shopper agrees to that$`, w.agrees},
		{when, `^the back office calls the announced return off$`, w.callOff},
		{then, `^"([\d.]+)" of the payment (?:was|were) given back in all, and no more$`, w.givenBackInAll},
	}
}

func (w *world) newReturn(ctx context.Context, where string) error {
	by, err := w.enter(ctx, where)
	w.newWish(string(by))
	w.wish.returned = true
	return err
}

// wishFor adds units of a product to the wish.
func (w *world) wishFor(quantity int, product string) error {
	for _, l := range w.before.summary.products() {
		if l.ProductCode == product {
			w.wish.items = append(w.wish.items, wishedItem{l.ID, quantity})
			return nil
		}
	}
	return fmt.Errorf("the order has no %s", product)
}

// returnOf asks for the return of units of a product.
func (w *world) returnOf(ctx context.Context, quantity int, product, where string) error {
	if err := w.newReturn(ctx, where); err != nil {
		return err
	}
	return w.wishFor(quantity, product)
}

func (w *world) returnUnits(ctx context.Context, quantity int, product, where string) error {
	if err := w.returnOf(ctx, quantity, product, where); err != nil {
		return err
	}
	return w.repeatCancel(ctx)
}

func (w *world) returnOfTwo(ctx context.Context, first int, product string, second int, other, where, possible string) error {
	if err := w.returnOf(ctx, first, product, where); err != nil {
		return err
	}
	if err := w.wishFor(second, other); err != nil {
		return err
	}
	w.wish.partial = possible != ""
	return w.repeatCancel(ctx)
}

func (w *world) returnExpecting(ctx context.Context, quantity int, product, where, refund string) error {
	if err := w.returnOf(ctx, quantity, product, where); err != nil {
		return err
	}
	w.wish.expected = refund
	return w.repeatCancel(ctx)
}

// beginToReturn asks and goes on as soon as a hold has caught a request that follows from it.
func (w *world) beginToReturn(ctx context.Context, quantity int, product, where string) error {
	if err := w.returnOf(ctx, quantity, product, where); err != nil {
		return err
	}
	if err := w.ask(ctx); err != nil {
		return err
	}
	return w.awaitHold(ctx)
}

func (w *world) returnAll(ctx context.Context, where string) error {
	if err := w.newReturn(ctx, where); err != nil {
		return err
	}
	return w.repeatCancel(ctx)
}

func (w *world) returnPossible(ctx context.Context, where string) error {
	if err := w.newReturn(ctx, where); err != nil {
		return err
	}
	w.wish.partial = true
	return w.repeatCancel(ctx)
}

func (w *world) askReturnOfAll(ctx context.Context, where string) error {
	if err := w.newReturn(ctx, where); err != nil {
		return err
	}
	return w.askReturn(ctx)
}

func (w *world) askReturnOf(ctx context.Context, where string, quantity int, product string) error {
	if err := w.returnOf(ctx, quantity, product, where); err != nil {
		return err
	}
	return w.askReturn(ctx)
}

// askReturn asks what the wish would come to; the answer is the bare return.
func (w *world) askReturn(ctx context.Context) error {
	got := w.shopper.preview(ctx, w.wish)
	if w.wish.channel != storefront && got.lost == nil && got.status == http.StatusOK {
		got.returned = &returned{}
		if err := json.Unmarshal(got.body, got.returned); err != nil {
			return err
		}
	}
	w.answers = append(w.answers, got)
	return got.lost
}

// agrees asks for what the shopper was just told it would come to, and says so.
func (w *world) agrees(ctx context.Context) error {
	told, err := w.theReturn()
	if err != nil {
		return err
	}
	w.wish.expected = told.Refund.String()
	return w.repeatCancel(ctx)
}

func (w *world) callOff(ctx context.Context) error {
	rows, err := find[struct {
		ID string `json:"Id"`
	}](ctx, w.office, "SELECT Id FROM ReturnOrder WHERE OrderSummaryId = '"+w.before.summary.ID+"'")
	if err != nil || len(rows) != 1 {
		return fmt.Errorf("%d returns are announced: %w", len(rows), err)
	}
	no, err := w.office.act(ctx, w.office.request(http.MethodPatch, "/sobjects/ReturnOrder/"+rows[0].ID, map[string]any{"Status": "Canceled"}))
	return w.officeActs("calls", no, err)
}

// givenBackInAll compares what the payment provider has given back since the shopper came.
func (w *world) givenBackInAll(ctx context.Context, amount string) error {
	if err := w.giveTime(ctx); err != nil {
		return err
	}
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	sum := decimal.Zero
	for i, p := range now.payments {
		sum = sum.Add(decimal.New(p.sum("refund")-w.start.payments[i].sum("refund"), -2))
	}
	if !sum.Equal(decimal.RequireFromString(amount)) {
		return fmt.Errorf("%s were given back", sum)
	}
	return nil
}
