package features

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/shopspring/decimal"
)

func (w *world) modifySteps() []step {
	return []step{
		{given, `^the shopper has "([^"]+)" in a basket$`, w.fillBasket},
		{given, `^the window of the booking has no room but its own$`, w.fillWindow},
		{then, `^the shopper is told of a follow-up basket and sees it in the shop$`, w.toldBasket},
		{then, `^the follow-up basket costs what (the shopper was told|the order did)$`, w.basketCosts},
		{then, `^the follow-up basket holds (\d+) units? of "([^"]+)"( for nothing)?$`, w.basketHolds},
		{then, `^the shopper has ` + oneOf("basket", baskets()) + `$`, w.hasBasket},
		{then, `^order management (holds|does not hold) the order back$`, w.orderHeldBack},
		{then, `^the old order( and its payment)? (?:is as it was|are as they were)$`, w.asItWas},
		{then, `^the follow-up basket holds what the order does, for its addresses$`, w.basketHoldsOrder},
		{then, `^the shopper is told that (\d+) units? of "([^"]+)" cannot be had$`, w.toldUnavailable},
	}
}

// shopItem is a line to put into a basket.
func shopItem(product string, quantity int) []map[string]any {
	return []map[string]any{{"product_id": product, "quantity": quantity}}
}

func (w *world) fillBasket(ctx context.Context, product string) error {
	var b basket
	if err := w.shopper.inShop(ctx, http.MethodPost, "/baskets", map[string]any{}, &b); err != nil {
		return err
	}
	if err := w.shopper.inShop(ctx, http.MethodPost, "/baskets/"+b.ID+"/items", shopItem(product, 1), &b); err != nil {
		return err
	}
	w.follow.before = b
	return nil
}

// askChange asks order-ops for a change and waits until it is over.
func (w *world) askChange(ctx context.Context, where, action string, wants map[string]any) error {
	w.follow.changes++
	w.follow.change = changeWish{channelOf(where), w.orderNo, action, w.env.keys + fmt.Sprintf("%s-%d", action, w.follow.changes), wants}
	return w.repeatChange(ctx)
}

// repeatChange asks for the same change under the same key.
func (w *world) repeatChange(ctx context.Context) error {
	ask := func(ctx context.Context) answer { return w.shopper.change(ctx, w.follow.change) }
	got := w.untilSettled(ctx, ask(ctx), ask)
	w.answers = append(w.answers, got)
	if m := got.modification; m != nil && m.BasketID != "" {
		w.follow.basketID, w.follow.total = m.BasketID, m.After
	}
	if c := got.confirmation; c != nil {
		w.follow.newOrder = c.NewOrderNo
	}
	return got.lost
}

// shopLineOf is the line of a product in the shop.
func (w *world) shopLineOf(ctx context.Context, product string) (string, error) {
	var o struct {
		Items []struct {
			ItemID    string `json:"item_id"`
			ProductID string `json:"product_id"`
		} `json:"product_items"`
	}
	if err := w.shopper.inShop(ctx, http.MethodGet, "/orders/"+w.orderNo, nil, &o); err != nil {
		return "", err
	}
	for _, i := range o.Items {
		if i.ProductID == product {
			return i.ItemID, nil
		}
	}
	return "", fmt.Errorf("the order has no %s", product)
}

// modified is the last answer's modification.
func (w *world) modified() (*modification, error) {
	got, err := w.latest()
	if err == nil && got.modification == nil {
		err = fmt.Errorf("the shopper was told %s", got)
	}
	return got.modification, err
}

func (w *world) toldBasket(ctx context.Context) error {
	m, err := w.modified()
	if err != nil {
		return err
	}
	now, err := w.shopper.current(ctx, w.orderNo)
	if err == nil && (m.State != "editing" || m.BasketID == "" || now.ID != m.BasketID || now.Modifies != w.orderNo || m.Redirect == nil) {
		err = fmt.Errorf("the shopper was told of basket %s and has %+v", m.BasketID, now)
	}
	return err
}

func (w *world) basketHoldsOrder(ctx context.Context) error {
	b, err := w.shopper.current(ctx, w.orderNo)
	if err != nil {
		return err
	}
	for _, l := range w.before.summary.products() {
		if got := b.units(l.ProductCode); !got.Equal(l.Ordered) {
			return fmt.Errorf("the basket holds %s units of %s, the order %s", got, l.ProductCode, l.Ordered)
		}
	}
	if len(b.Shipments) == 0 || len(b.Shipments[0].Address) == 0 {
		return errors.New("the basket has no address")
	}
	return nil
}

// units are how many of a product a basket holds.
func (b basket) units(product string) decimal.Decimal {
	sum := decimal.Zero
	for _, i := range b.Items {
		if i.ProductID == product {
			sum = sum.Add(i.Quantity)
		}
	}
	return sum
}

func (w *world) basketHolds(ctx context.Context, quantity int64, product, gift string) error {
	b, err := w.shopper.current(ctx, w.orderNo)
	if err != nil {
		return err
	}
	for _, i := range b.Items {
		if gift != "" && i.ProductID == product && (!i.Bonus || !i.Price.IsZero()) {
			return fmt.Errorf("the basket holds %s for %s", product, i.Price)
		}
	}
	if got := b.units(product); !got.Equal(decimal.NewFromInt(quantity)) {
		return fmt.Errorf("the basket holds %s units of %s", got, product)
	}
	return nil
}

func (w *world) basketCosts(ctx context.Context, what string) error {
	if what == "the order did" {
		return w.basketCostsSame(ctx)
	}
	return w.basketCostsAsTold(ctx)
}

// baskets are what a shopper may have, by the words of scenarios.
func baskets() map[string]func(*world, context.Context) error {
	return map[string]func(*world, context.Context) error{
		"no basket": (*world).hasNoBasket, "the basket of before": (*world).hasOwnBasket, "the follow-up basket again": (*world).hasFollowUpAgain,
	}
}

func (w *world) hasBasket(ctx context.Context, which string) error { return baskets()[which](w, ctx) }

func (w *world) orderHeldBack(ctx context.Context, does string) error {
	if does == "holds" {
		return w.orderHeld(ctx)
	}
	return w.orderNotHeld(ctx)
}

func (w *world) asItWas(ctx context.Context, payment string) error {
	if payment != "" {
		return w.orderAndPaymentAsTheyWere(ctx)
	}
	return w.orderAsItWas(ctx)
}

func (w *world) toldKept(context.Context) error {
	_, err := w.toldPolicy("keep_until_confirm")
	return err
}

// toldGivenUp is told with a warning that it happens at once.
func (w *world) toldGivenUp(context.Context) error {
	m, err := w.toldPolicy("cancel_first")
	if err != nil {
		return err
	}
	for _, warning := range m.Warnings {
		if warning.Code == "ORDER_GIVEN_UP" {
			return nil
		}
	}
	return fmt.Errorf("the shopper was warned of %+v", m.Warnings)
}

// toldPolicy is what becomes of the old order meanwhile.
func (w *world) toldPolicy(policy string) (*modification, error) {
	m, err := w.modified()
	if err == nil && m.Policy != policy {
		err = fmt.Errorf("the shopper was told that the policy is %s", m.Policy)
	}
	return m, err
}

func (w *world) toldResumed(context.Context) error {
	m, err := w.modified()
	if err != nil {
		return err
	}
	for _, earlier := range w.answers {
		if earlier.modification != nil && earlier.modification.BasketID != m.BasketID {
			err = fmt.Errorf("the basket was %s and is %s", earlier.modification.BasketID, m.BasketID)
		}
	}
	if !m.Resumed {
		err = errors.New("the shopper was told of a new modification")
	}
	return err
}

func (w *world) toldDelta(product string) error {
	m, err := w.modified()
	if err != nil {
		return err
	}
	for _, d := range m.PriceDeltas {
		if d.ProductID == product && !d.Before.Equal(d.After) {
			return nil
		}
	}
	return fmt.Errorf("the shopper was told of %+v", m.PriceDeltas)
}

func (w *world) toldUnavailable(_ context.Context, quantity int64, product string) error {
	m, err := w.modified()
	if err != nil {
		return err
	}
	for _, l := range m.Unavailable {
		if l.ProductID == product && l.Quantity.Equal(decimal.NewFromInt(quantity)) && l.Reason != "" {
			return nil
		}
	}
	return fmt.Errorf("the shopper was told of %+v", m.Unavailable)
}

// held is the status of an order that routing leaves alone.
const held = "On Hold"

func (w *world) orderHeld(ctx context.Context) error {
	now, err := w.now(ctx)
	if err == nil && now.summary.Status != held {
		err = fmt.Errorf("the order is %s", now.summary.Status)
	}
	return err
}

func (w *world) orderNotHeld(ctx context.Context) error {
	now, err := w.now(ctx)
	if err == nil && now.summary.Status != w.before.summary.Status {
		err = fmt.Errorf("the order was %s and is %s", w.before.summary.Status, now.summary.Status)
	}
	return err
}

// orderAsItWas looks at what matters: units, money, goods, booking and the word of both systems for the order.
func (w *world) orderAsItWas(ctx context.Context) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	if err := w.cancelRecords(now, nil); err != nil {
		return err
	}
	if err := w.orderNotHeld(ctx); err != nil {
		return err
	}
	if now.shop.Status != w.before.shop.Status || !now.summary.Grand.Equal(w.before.summary.Grand) {
		return fmt.Errorf("the order was %s in the shop, worth %s, and is %s, worth %s", w.before.shop.Status, w.before.summary.Grand, now.shop.Status, now.summary.Grand)
	}
	for i, b := range w.before.bookings {
		if len(now.bookings) != len(w.before.bookings) || now.bookings[i].Status != b.Status || now.bookings[i].Window.ID != b.Window.ID {
			return fmt.Errorf("the bookings were %+v and are %+v", w.before.bookings, now.bookings)
		}
	}
	return nil
}

func (w *world) hasOwnBasket(ctx context.Context) error {
	b, err := w.shopper.current(ctx, w.orderNo)
	if err == nil && (b.ID == "" || b.ID != w.follow.before.ID || len(b.Items) != len(w.follow.before.Items)) {
		err = fmt.Errorf("the shopper has %+v and had %+v", b, w.follow.before)
	}
	return err
}

func (w *world) hasNoBasket(ctx context.Context) error {
	b, err := w.shopper.current(ctx, w.orderNo)
	if err == nil && b.ID != "" {
		err = fmt.Errorf("the shopper has the basket %+v", b)
	}
	return err
}
