package features

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

func (w *world) couponSteps() []step {
	return []step{
		{then, `^the shopper is told that the code "([^"]+)" (can be used again|stays used|is used up)$`, w.toldCoupon},
		{then, `^the code "([^"]+)" (works|does not work) in another basket$`, w.couponWorks},
		{then, `^the new order has the discount of "([^"]+)"$`, w.newOrderDiscounted},
	}
}

// toldCoupon is about the one code of an order: what becomes of it, or that the follow-up cannot have it.
func (w *world) toldCoupon(_ context.Context, code, what string) error {
	if what == "is used up" {
		return w.toldUsedUp(code)
	}
	want := map[string]string{"can be used again": "restored", "stays used": "kept"}[what]
	got, err := w.latest()
	if err != nil {
		return err
	}
	if got.cancellation == nil || len(got.cancellation.Coupons) != 1 || got.cancellation.Coupons[0].Code != code || got.cancellation.Coupons[0].Outcome != want {
		return fmt.Errorf("the shopper was told %s, of codes %+v", got, got.cancellation)
	}
	return nil
}

// couponWorks tries the code in a basket that is thrown away afterwards.
func (w *world) couponWorks(ctx context.Context, code, what string) error {
	var b struct {
		ID      string `json:"basket_id"`
		Coupons []struct {
			Valid  bool   `json:"valid"`
			Status string `json:"status_code"`
		} `json:"coupon_items"`
	}
	if err := w.shopper.inShop(ctx, http.MethodPost, "/baskets", map[string]any{"product_items": shopItem("SHIRT-M", 1)}, &b); err != nil {
		return err
	}
	refused := w.shopper.inShop(ctx, http.MethodPost, "/baskets/"+b.ID+"/coupons", map[string]string{"code": code}, &b)
	works := refused == nil && len(b.Coupons) == 1 && b.Coupons[0].Status == "applied"
	if err := w.shopper.inShop(ctx, http.MethodDelete, "/baskets/"+b.ID, nil, nil); err != nil {
		return err
	}
	if works != (what == "works") {
		return errors.Join(fmt.Errorf("the code works: %t (%+v)", works, b.Coupons), refused)
	}
	return nil
}

func (w *world) toldUsedUp(code string) error {
	m, err := w.modified()
	if err == nil && (len(m.Coupons) != 1 || m.Coupons[0].Code != code || m.Coupons[0].Status != "coupon_code_already_redeemed") {
		err = fmt.Errorf("the shopper was told of %+v", m.Coupons)
	}
	return err
}

func (w *world) newOrderDiscounted(ctx context.Context, code string) error {
	var o struct {
		Adjustments []struct {
			Code string `json:"coupon_code"`
		} `json:"order_price_adjustments"`
	}
	err := w.shopper.inShop(ctx, http.MethodGet, "/orders/"+w.follow.newOrder, nil, &o)
	if err == nil && (len(o.Adjustments) != 1 || o.Adjustments[0].Code != code) {
		err = fmt.Errorf("the discounts of the new order are %+v", o.Adjustments)
	}
	return err
}

func (w *world) basketCostsSame(ctx context.Context) error {
	b, err := w.shopper.current(ctx, w.orderNo)
	if err != nil {
		return err
	}
	if !b.Total.Equal(w.before.summary.Grand) || !w.follow.total.Equal(b.Total) {
		return fmt.Errorf("the order cost %s, the basket costs %s and was told to cost %s", w.before.summary.Grand, b.Total, w.follow.total)
	}
	return nil
}
