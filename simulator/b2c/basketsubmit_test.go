package b2c_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/sandbox"
)

func certificate(w *world, code string) b2c.GiftCertificate {
	return look(w, func(tx *sandbox.Tx) b2c.GiftCertificate { g, _ := w.GiftCertificate(tx, code); return g })
}

func payByGift(e *b2c.BasketEdit) error {
	return e.AddPayment(b2c.NewBasketPayment{PaymentMethodID: b2c.GiftCertificateMethod, GiftCertificateCode: "GIFT-1"})
}

func TestAnOrderTakesStockCouponsAndGiftCertificatesAndTheBasketIsGone(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	basket := w.open(put("candle", "2"), put("shirt", "1"), coupon("ONCE"), payByGift, ready)
	o := w.submit(basket)
	if diff := cmp.Diff(basket.Totals, o.Totals); diff != "" {
		t.Error(diff)
	}
	if o.Status != b2c.Created || o.OrderToken == "" || o.Shipments[0].ShipmentNo == "" || o.Coupons[0].Code != "ONCE" || o.CustomerNo != w.ada.CustomerNo {
		t.Errorf("%+v", o)
	}
	paid := o.PaymentInstruments[0].Amount.Add(o.PaymentInstruments[1].Amount)
	if !paid.Equal(o.Totals.OrderTotal) || !o.PaymentInstruments[0].Amount.Equal(dec("30")) || o.PaymentInstruments[0].GiftCertificate != "**FT-1" {
		t.Errorf("paid by %+v", o.PaymentInstruments)
	}
	if got := w.stock("candle"); !got.ATS().Equal(dec("1")) || !got.OnOrder.Equal(dec("2")) {
		t.Errorf("candles %+v", got)
	}
	if got := certificate(w, "GIFT-1").Balance; !got.IsZero() {
		t.Errorf("the gift certificate has %s left", got)
	}
	w.refused(b2c.BasketNotFound, func(tx *sandbox.Tx) error { _, err := w.Basket(tx, w.shopper().Reader, basket.BasketID); return err })
	w.refusesSubmit(b2c.BasketNotFound, basket)

	w.do(func(tx *sandbox.Tx) error { w.SellClaim(tx, o.OrderNo); return nil })
	if got := w.stock("candle"); !got.ATS().Equal(dec("1")) || !got.Turnover.Equal(dec("2")) || !got.OnOrder.IsZero() {
		t.Errorf("exported candles %+v", got)
	}
	w.do(func(tx *sandbox.Tx) error { return w.ReleaseClaim(tx, o.OrderNo, b2c.Release{}) })
	w.do(func(tx *sandbox.Tx) error { return w.ReleaseClaim(tx, o.OrderNo, b2c.Release{}) }) // again gives nothing twice
	if got := w.stock("candle"); !got.ATS().Equal(dec("3")) || !certificate(w, "GIFT-1").Balance.Equal(dec("30")) {
		t.Errorf("released candles %+v", got)
	}
	if got := look(w, func(tx *sandbox.Tx) int { return len(w.Redemptions(tx, "once")) }); got != 0 {
		t.Errorf("%d redemptions after the release", got)
	}
	w.do(func(tx *sandbox.Tx) error { return w.HoldClaim(tx, o.OrderNo) })
	if got := w.stock("candle"); !got.OnOrder.Equal(dec("2")) {
		t.Errorf("candles held again %+v", got)
	}
}

// Whatever refuses an order, nothing has changed: not the stock, not the coupon, not the basket.
func TestASubmissionIsAllOrNothing(t *testing.T) {
	t.Parallel()
	spoil := func(w *world, change func(tx *sandbox.Tx) error) { w.t.Helper(); w.do(change) }
	cases := []struct {
		name  string
		want  b2c.Code
		spoil func(w *world)
	}{
		{"sold out", b2c.ProductItemNotAvailable, func(w *world) {
			spoil(w, func(tx *sandbox.Tx) error {
				return w.SetInventory(tx, b2c.InventoryRecord{ListID: "main", ProductID: "candle", Allocation: dec("1")})
			})
		}},
		{"offline", b2c.InvalidProductItem, func(w *world) {
			spoil(w, func(tx *sandbox.Tx) error {
				return w.ChangeProduct(tx, "candle", func(p *b2c.Product) { p.Offline = true })
			})
		}},
		{"a coupon that was disabled", b2c.InvalidCouponCode, func(w *world) {
			spoil(w, func(tx *sandbox.Tx) error {
				return w.AddCoupon(tx, b2c.Coupon{ID: "once", Codes: []string{"ONCE"}, Disabled: true})
			})
		}},
		{"a payment method that was disabled", b2c.InvalidPaymentMethod, func(w *world) {
			spoil(w, func(tx *sandbox.Tx) error {
				return w.AddPaymentMethod(tx, b2c.PaymentMethod{ID: "CREDIT_CARD", Disabled: true})
			})
		}},
		{"a gift certificate that is no longer worth it", b2c.InvalidPaymentMethod, func(w *world) {
			guest := b2c.Editor{Reader: b2c.Reader{SiteID: "net", CustomerID: w.guest.CustomerID}}
			spoil(w, func(tx *sandbox.Tx) error {
				other, err := w.OpenBasket(tx, guest, b2c.NewBasket{})
				if err != nil {
					return err
				}
				for _, work := range []func(*b2c.BasketEdit) error{put("shirt", "1"), payByGift, ready} {
					if other, err = w.EditBasket(tx, guest, b2c.BasketRef{ID: other.BasketID}, work); err != nil {
						return err
					}
				}
				_, err = w.SubmitBasket(tx, guest, b2c.Submission{BasketRef: b2c.BasketRef{ID: other.BasketID}})
				return err
			})
		}},
		{"no gift certificates any more", b2c.GiftCertificateCreation, func(w *world) {
			spoil(w, func(tx *sandbox.Tx) error {
				site, err := w.Site(tx, "net")
				if err != nil {
					return err
				}
				site.NoGiftCertificates = true
				return w.AddSite(tx, site)
			})
		}},
		{"a shipping method that was taken offline", b2c.Validation, func(w *world) {
			spoil(w, func(tx *sandbox.Tx) error {
				return w.AddShippingMethod(tx, b2c.ShippingOffer{
					ShippingMethod: b2c.ShippingMethod{ID: "ground"}, Offline: true, Prices: map[string][]b2c.ShippingPrice{"USD": {{}}},
				})
			})
		}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := stocked(t)
			basket := w.open(put("candle", "2"), put("shirt", "1"), coupon("ONCE"), payByGift, ready, func(e *b2c.BasketEdit) error {
				return e.AddGiftCertificateItem(b2c.GiftCertificateItem{Amount: dec("20"), RecipientEmail: "bob@somsim.test"})
			})
			tc.spoil(w)
			before, balance := w.stock("shirt"), certificate(w, "GIFT-1")
			w.refusesSubmit(tc.want, basket)
			if diff := cmp.Diff(before, w.stock("shirt")); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(balance, certificate(w, "GIFT-1")); diff != "" {
				t.Error(diff)
			}
			got := look(w, func(tx *sandbox.Tx) b2c.Basket { b, _ := w.Basket(tx, w.shopper().Reader, basket.BasketID); return b })
			if got.ResourceState != basket.ResourceState {
				t.Error("the basket changed")
			}
		})
	}
}

func TestABasketThatLacksSomethingIsNotSubmitted(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	basket := w.open(put("shirt", "1"))
	w.refusesSubmit(b2c.Validation, basket)
	w.refusesSubmit(b2c.InvalidBasketID, b2c.Basket{})
	basket = w.edit(basket, ready)
	taken := w.place(w.twoShirts("net"))
	got := w.refused(b2c.OrderAlreadyExists, func(tx *sandbox.Tx) error {
		_, err := w.SubmitBasket(tx, w.shopper(), b2c.Submission{BasketRef: b2c.BasketRef{ID: basket.BasketID}, OrderNo: taken.OrderNo})
		return err
	})
	if got["orderNo"] != taken.OrderNo {
		t.Errorf("%v", got)
	}
}

func TestABoughtGiftCertificatePaysOnceItsOrderIsPlaced(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	basket := w.open(put("mug", "1"), func(e *b2c.BasketEdit) error {
		return e.AddGiftCertificateItem(b2c.GiftCertificateItem{Amount: dec("20"), RecipientEmail: "bob@somsim.test"})
	}, ready)
	if !basket.Totals.OrderTotal.Equal(dec("40.34")) { // 12.50 + 1.25 + 5.99 + 0.60 + 20.00
		t.Errorf("total %s", basket.Totals.OrderTotal)
	}
	o := w.submit(basket)
	bought := func() b2c.GiftCertificate {
		return look(w, func(tx *sandbox.Tx) b2c.GiftCertificate { return w.GiftCertificatesOf(tx, o.OrderNo)[0] })
	}
	if g := bought(); !g.Disabled || !g.Balance.Equal(dec("20")) || g.RecipientEmail != "bob@somsim.test" {
		t.Errorf("%+v", g)
	}
	w.do(func(tx *sandbox.Tx) error { w.EnableGiftCertificates(tx, o.OrderNo, true); return nil })
	if g := bought(); g.Disabled {
		t.Errorf("%+v", g)
	}
}
