package b2c_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/price"
	"github.com/somsim/somsim/simulator/sandbox"
)

func flashes(b b2c.Basket) []string {
	var out []string
	for _, f := range b.Flashes {
		out = append(out, f.Type+" "+f.Path)
	}
	return out
}

func TestAnEmptyBasketSaysWhatItLacks(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	basket := w.open()
	want := []string{
		"ProductItemsRequired $.product_items", "PaymentMethodRequired $.payment_instruments[0].payment_method_id",
		"BillingAddressRequired $.billing_address", "ShippingAddressRequired $.shipments[0].shipping_address",
		"ShippingMethodRequired $.shipments[0].shipping_method",
	}
	if diff := cmp.Diff(want, flashes(basket)); diff != "" {
		t.Error(diff)
	}
	if len(basket.BasketID) != 26 || len(basket.ResourceState) != 64 || basket.CustomerNo == "" || !basket.ExpiresAt.Equal(monday().AddDate(0, 0, 7)) {
		t.Errorf("%+v", basket)
	}
}

func TestABasketIsPricedWithEveryChange(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	basket := w.open(put("shirt", "2"), put("candle", "1"), ready)
	// 109.99 and 5.99 with ten per cent on top: 10.00 + 1.00 + 0.60
	if got := basket.Totals; !got.ProductTotal.Equal(dec("109.99")) || !got.TaxTotal.Equal(dec("11.60")) || !got.OrderTotal.Equal(dec("127.58")) {
		t.Errorf("%+v", got)
	}
	if len(basket.Flashes) > 0 {
		t.Errorf("flashes %v", flashes(basket))
	}
	basket = w.edit(basket, coupon("once"))
	if got := basket.Totals; !got.ProductTotal.Equal(dec("98.99")) || basket.Coupons[0].Status != b2c.CouponApplied || len(basket.PriceAdjustments) != 1 {
		t.Errorf("%+v with coupons %+v", got, basket.Coupons)
	}
	adjustment := basket.PriceAdjustments[0].ID
	basket = w.edit(basket, put("shirt", "2"))
	if len(basket.ProductItems) != 2 || !basket.ProductItems[0].Quantity.Equal(dec("4")) || !basket.Totals.ShippingTotal.IsZero() {
		t.Errorf("lines %+v, shipping %s", basket.ProductItems, basket.Totals.ShippingTotal)
	}
	if basket.PriceAdjustments[0].ID != adjustment {
		t.Error("the discount got another id")
	}
	// No sales tax in Oregon.
	oregon := home()
	oregon.StateCode = "OR"
	basket = w.edit(basket, func(e *b2c.BasketEdit) error { e.SetBillingAddress(oregon, true); return nil })
	if !basket.Totals.TaxTotal.IsZero() {
		t.Errorf("tax of %s in Oregon", basket.Totals.TaxTotal)
	}
}

func TestABasketInACurrencyWithoutDecimals(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	basket := w.open(put("shirt", "3"), ready, coupon("ONCE"), func(e *b2c.BasketEdit) error { return e.SetCurrency("JPY") })
	// 15003 less 1500.3 rounded, 1350.3 of tax rounded, shipping 600 with 60
	if got := basket.Totals; !got.ProductTotal.Equal(dec("13503")) || !got.TaxTotal.Equal(dec("1410")) || !got.OrderTotal.Equal(dec("15513")) {
		t.Errorf("%+v", got)
	}
	basket = w.edit(basket, put("mug", "1"))
	if diff := cmp.Diff([]string{"ProductItemWithoutPrice $.product_items[1]"}, flashes(basket)); diff != "" {
		t.Error(diff)
	}
}

func TestTheLowestPriceBookCounts(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	w.do(func(tx *sandbox.Tx) error {
		return w.SetPrice(tx, b2c.ProductPrice{PriceBookID: "usd-sale", ProductID: "shirt", Unit: dec("45"), Tiers: []b2c.PriceTier{{From: dec("3"), Unit: dec("40")}}})
	})
	basket := w.open(put("shirt", "2"))
	if got := basket.ProductItems[0].BasePrice; !got.Equal(dec("45")) {
		t.Errorf("a shirt costs %s", got)
	}
	basket = w.edit(basket, put("shirt", "1"))
	if got := basket.ProductItems[0].BasePrice; !got.Equal(dec("40")) {
		t.Errorf("one of three shirts costs %s", got)
	}
	basket = w.edit(basket, func(e *b2c.BasketEdit) error { return e.SetPriceBooks([]string{"usd"}) })
	if got := basket.ProductItems[0].BasePrice; !got.Equal(dec("50")) {
		t.Errorf("by its price book alone a shirt costs %s", got)
	}
}

func TestOptionsAreLinesOfTheirOwnThatFollowTheirProduct(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	basket := w.open(func(e *b2c.BasketEdit) error {
		return e.AddItems([]b2c.NewBasketItem{{ProductID: "ring", Quantity: dec("2"), Options: []b2c.ChosenOption{{OptionID: "engraving", ValueID: "name"}}}})
	})
	if !basket.Totals.ProductTotal.Equal(dec("216")) || len(basket.ProductItems) != 2 || basket.ProductItems[1].ParentItemID != basket.ProductItems[0].ItemID {
		t.Fatalf("%s for %+v", basket.Totals.ProductTotal, basket.ProductItems)
	}
	one, ring := dec("1"), basket.ProductItems[0].ItemID
	basket = w.edit(basket, func(e *b2c.BasketEdit) error {
		return e.ChangeItem(ring, b2c.ItemChange{Quantity: &one, Options: []b2c.ChosenOption{{OptionID: "engraving", ValueID: "none"}}})
	})
	if !basket.Totals.ProductTotal.Equal(dec("100")) || !basket.ProductItems[1].Quantity.Equal(one) {
		t.Errorf("%s for %+v", basket.Totals.ProductTotal, basket.ProductItems)
	}
	w.refusesEdit(b2c.ProductItemNotFound, basket, func(e *b2c.BasketEdit) error { return e.RemoveItem(basket.ProductItems[1].ItemID) })
	basket = w.edit(basket, func(e *b2c.BasketEdit) error { return e.RemoveItem(ring) })
	if len(basket.ProductItems) != 0 {
		t.Errorf("left %+v", basket.ProductItems)
	}
}

func TestBonusProductsComeAndGo(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	w.do(func(tx *sandbox.Tx) error {
		if err := w.AddPromotion(tx, bonus("gift", price.Bonus, "1", "100", "mug")); err != nil {
			return err
		}
		return w.AddPromotion(tx, bonus("choice", price.BonusChoice, "2", "150", "mug", "candle"))
	})
	basket := w.open(put("shirt", "2"))
	if len(basket.ProductItems) != 2 || basket.ProductItems[1].Bonus != "gift" || !basket.Totals.ProductTotal.Equal(dec("100")) || len(basket.BonusDiscounts) != 0 {
		t.Fatalf("%+v, choices %+v", basket.ProductItems, basket.BonusDiscounts)
	}
	basket = w.edit(basket, put("shirt", "1"))
	choice := basket.BonusDiscounts[0].ID
	take := func(product, quantity string) func(*b2c.BasketEdit) error {
		return func(e *b2c.BasketEdit) error {
			return e.AddItems([]b2c.NewBasketItem{{ProductID: product, Quantity: dec(quantity), BonusDiscountID: choice}})
		}
	}
	basket = w.edit(basket, take("candle", "2"))
	if !basket.Totals.ProductTotal.Equal(dec("150")) || basket.BonusDiscounts[0].ID != choice {
		t.Errorf("%s, choices %+v", basket.Totals.ProductTotal, basket.BonusDiscounts)
	}
	w.refusesEdit(b2c.InvalidBonusProduct, basket, take("candle", "1"))
	w.refusesEdit(b2c.InvalidBonusProduct, basket, take("shirt", "1"))
	one, shirts := dec("1"), basket.ProductItems[0].ItemID
	basket = w.edit(basket, func(e *b2c.BasketEdit) error { return e.ChangeItem(shirts, b2c.ItemChange{Quantity: &one}) })
	if len(basket.ProductItems) != 1 || len(basket.BonusDiscounts) != 0 {
		t.Errorf("below the threshold there are %+v, choices %+v", basket.ProductItems, basket.BonusDiscounts)
	}
}

func bonus(id string, kind price.DiscountType, quantity, threshold string, products ...string) b2c.Promotion {
	return b2c.Promotion{Promotion: price.Promotion{ID: id, Class: price.ClassProduct, Qualifying: price.Products{IDs: []string{"shirt"}}, Tiers: []price.Tier{{
		MinAmount: dec(threshold), Discount: price.Discount{Type: kind, Value: dec(quantity), Products: products},
	}}}}
}

func TestWhatIsKnownOfACoupon(t *testing.T) {
	t.Parallel()
	cases := []struct {
		code string
		want b2c.CouponStatus
	}{
		{"ONCE", b2c.CouponApplied}, {"OLD", b2c.CouponNoActivePromotion}, {"OFF", b2c.CouponDisabled}, {"RICH", b2c.CouponNotApplicable},
	}
	for _, tc := range cases {
		t.Run(tc.code, func(t *testing.T) {
			t.Parallel()
			if got := stocked(t).open(put("shirt", "1"), coupon(tc.code)).Coupons[0].Status; got != tc.want {
				t.Errorf("%s, want %s", got, tc.want)
			}
		})
	}
	t.Run("two codes of one coupon", func(t *testing.T) {
		t.Parallel()
		if got := stocked(t).open(put("shirt", "1"), coupon("BOTH-1"), coupon("BOTH-2")).Coupons[1].Status; got != b2c.CouponAlreadyInBasket {
			t.Errorf("%s", got)
		}
	})
}

func TestRedemptionLimits(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]b2c.CouponStatus{
		"ONCE": b2c.CouponRedeemed, "MINE": b2c.CouponCustomerLimit, "LATELY": b2c.CouponTimeFrameLimit, "THRICE": b2c.CouponApplied,
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			w := stocked(t)
			w.submit(w.open(put("shirt", "1"), coupon(code), ready))
			if got := w.open(put("shirt", "1"), coupon(code)).Coupons[0].Status; got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
	t.Run("a limit above one", func(t *testing.T) {
		t.Parallel()
		w := stocked(t)
		for range 3 {
			w.submit(w.open(put("shirt", "1"), coupon("THRICE"), ready))
		}
		if got := w.open(put("shirt", "1"), coupon("THRICE")).Coupons[0].Status; got != b2c.CouponLimit {
			t.Errorf("%s", got)
		}
	})
}

func TestABasketLivesUntilNobodyTouchesItForAWeek(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	basket := w.open(put("candle", "2"), func(e *b2c.BasketEdit) error { return e.Reserve(0, false) })
	if got := w.stock("candle").ATS(); !got.Equal(dec("1")) {
		t.Errorf("%s candles are left beside the reserved ones", got)
	}
	w.advance(11 * time.Minute)
	if got := w.stock("candle").ATS(); !got.Equal(dec("3")) {
		t.Errorf("%s candles after the reservation", got)
	}
	w.advance(6 * 24 * time.Hour)
	basket = w.edit(basket, put("mug", "1"))
	w.advance(6 * 24 * time.Hour)
	w.edit(basket, put("mug", "1"))
	w.advance(7 * 24 * time.Hour)
	w.refused(b2c.BasketNotFound, func(tx *sandbox.Tx) error { _, err := w.Basket(tx, w.shopper().Reader, basket.BasketID); return err })
	w.open() // the quota is free again
}

func TestATemporaryBasketLivesAQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	w.open()
	var basket b2c.Basket
	w.do(func(tx *sandbox.Tx) (err error) {
		basket, err = w.OpenBasket(tx, w.shopper(), b2c.NewBasket{Temporary: true})
		return err
	})
	w.advance(14 * time.Minute)
	w.edit(basket, put("mug", "1"))
	w.advance(time.Minute)
	w.refused(b2c.BasketNotFound, func(tx *sandbox.Tx) error { _, err := w.Basket(tx, w.shopper().Reader, basket.BasketID); return err })
}

func (w *world) advance(d time.Duration) {
	w.t.Helper()
	if _, err := w.Advance(context.Background(), d); err != nil {
		w.t.Fatal(err)
	}
}

func TestHowManyBasketsACustomerHas(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	own := w.open()
	again := func(who b2c.Editor, n b2c.NewBasket) func(tx *sandbox.Tx) error {
		return func(tx *sandbox.Tx) error { _, err := w.OpenBasket(tx, who, n); return err }
	}
	got := w.refused(b2c.CustomerBasketsQuotaExceeded, again(w.shopper(), b2c.NewBasket{}))
	if got["basketIds"] != own.BasketID {
		t.Errorf("arguments %v", got)
	}
	for range 4 {
		w.do(again(w.shopper(), b2c.NewBasket{Temporary: true}))
		w.do(again(w.agent(), b2c.NewBasket{CustomerID: w.ada.CustomerID}))
	}
	w.refused(b2c.CustomerTemporaryBasketsQuotaExceeded, again(w.shopper(), b2c.NewBasket{Temporary: true}))
	w.refused(b2c.CustomerBasketsQuotaExceeded, again(w.agent(), b2c.NewBasket{CustomerID: w.ada.CustomerID}))
	w.refused(b2c.InvalidCustomer, again(w.agent(), b2c.NewBasket{CustomerID: "nobody"}))
	w.do(func(tx *sandbox.Tx) error { return w.DeleteBasket(tx, w.shopper().Reader, own.BasketID, "") })
	w.refused(b2c.BasketNotFound, func(tx *sandbox.Tx) error { return w.DeleteBasket(tx, w.shopper().Reader, own.BasketID, "") })
	w.do(again(w.shopper(), b2c.NewBasket{}))
}

func TestWhoSeesABasket(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	basket := w.open()
	for name, r := range map[string]b2c.Reader{
		"another customer": {SiteID: "net", CustomerID: w.guest.CustomerID}, "another site": {SiteID: "gross", CustomerID: w.ada.CustomerID},
	} {
		w.refused(b2c.BasketNotFound, func(tx *sandbox.Tx) error {
			_, err := w.Basket(tx, r, basket.BasketID)
			if err == nil {
				t.Errorf("%s sees it", name)
			}
			return err
		})
	}
	w.do(func(tx *sandbox.Tx) error {
		_, err := w.Basket(tx, b2c.Reader{SiteID: "net"}, basket.BasketID)
		return err
	})
}

func TestAStaleStateIsRefused(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	basket := w.open()
	w.edit(basket, put("mug", "1"))
	got := w.refused(b2c.ResourceStateConflict, func(tx *sandbox.Tx) error {
		_, err := w.EditBasket(tx, w.shopper(), b2c.BasketRef{ID: basket.BasketID, ResourceState: basket.ResourceState}, put("mug", "1"))
		return err
	})
	if got["client"] != basket.ResourceState || got["server"] == "" {
		t.Errorf("%v", got)
	}
}

func TestABasketThatIsReadSharesNothingWithTheStore(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	basket := w.open(put("shirt", "1"), coupon("ONCE"), ready)
	read := func() b2c.Basket {
		return look(w, func(tx *sandbox.Tx) b2c.Basket { b, _ := w.Basket(tx, w.shopper().Reader, basket.BasketID); return b })
	}
	got := read()
	got.ProductItems[0].ProductID, got.Coupons[0].Code, got.Shipments[0].Method.ID, got.PriceAdjustments[0].PromotionID = "x", "x", "x", "x"
	if diff := cmp.Diff(basket, read()); diff != "" {
		t.Error(diff)
	}
}
