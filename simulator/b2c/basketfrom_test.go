package b2c_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/sandbox"
)

// ordered has Ada order two shirts, two candles and an engraved ring with a coupon, and places the order.
func (w *world) ordered() b2c.Order {
	w.t.Helper()
	o := w.submit(w.open(put("shirt", "2"), put("candle", "2"), func(e *b2c.BasketEdit) error {
		e.SetCustom(b2c.Attributes{"gate": b2c.Text("north")}, nil)
		return e.AddItems([]b2c.NewBasketItem{{
			ProductID: "ring", Quantity: dec("1"), Options: []b2c.ChosenOption{{OptionID: "engraving", ValueID: "name"}}, Custom: b2c.Attributes{"text": b2c.Text("A+B")},
		}})
	}, coupon("THRICE"), ready))
	w.do(func(tx *sandbox.Tx) error { return w.SetStatus(tx, o.OrderNo, b2c.New) })
	return w.read(o.OrderNo)
}

func (w *world) followUp(orderNo string, o b2c.FollowUpOptions) b2c.FollowUp {
	w.t.Helper()
	var f b2c.FollowUp
	w.do(func(tx *sandbox.Tx) (err error) {
		f, err = w.FollowUpBasket(tx, b2c.Reader{SiteID: "net"}, orderNo, o)
		return err
	})
	return f
}

func TestAFollowUpBasketHasWhatTheOrderHas(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	o := w.ordered()
	w.do(func(tx *sandbox.Tx) error { return w.MarkExported(tx, o.OrderNo, "1Os1") })
	before := w.read(o.OrderNo)
	f := w.followUp(o.OrderNo, b2c.FollowUpOptions{TakeOverStock: true})
	b := f.Basket
	if len(b.ProductItems) != 4 || b.ProductItems[2].Custom["text"].Text != "A+B" || b.ProductItems[3].OptionValueID != "name" || len(f.Unavailable) != 0 {
		t.Errorf("%+v, unavailable %+v", b.ProductItems, f.Unavailable)
	}
	if b.CustomerID != o.CustomerID || b.Shipments[0].Address != home() || b.BillingAddress != home() || b.Shipments[0].Method.ID != "ground" || b.Coupons[0].Status != b2c.CouponApplied {
		t.Errorf("%+v", b)
	}
	if b.Custom["gate"].Text != "north" || b.Custom[b2c.ModifiesAttribute].Text != o.OrderNo || len(b.Custom) != 2 {
		t.Errorf("attributes %+v", b.Custom)
	}
	// The order still holds two of the three candles: only once it lets go of them can they be bought anew.
	want := []string{"ProductItemNotAvailable $.product_items[1]", "PaymentMethodRequired $.payment_instruments[0].payment_method_id"}
	if diff := cmp.Diff(want, flashes(b)); diff != "" {
		t.Error(diff)
	}
	if !f.Before.Equal(f.After) || len(f.Deltas) != 0 {
		t.Errorf("before %s, after %s, deltas %+v", f.Before, f.After, f.Deltas)
	}
	if diff := cmp.Diff(before, w.read(o.OrderNo)); diff != "" {
		t.Errorf("the order was changed: %s", diff)
	}
}

func TestAFollowUpBasketTellsWhatCannotBeBoughtAgainAndWhatCostsAnotherPrice(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	o := w.ordered()
	w.do(func(tx *sandbox.Tx) error {
		if err := w.SetPrice(tx, b2c.ProductPrice{PriceBookID: "usd", ProductID: "shirt", Unit: dec("60")}); err != nil {
			return err
		}
		return w.ChangeProduct(tx, "ring", func(p *b2c.Product) { p.Offline = true })
	})
	f := w.followUp(o.OrderNo, b2c.FollowUpOptions{Temporary: true})
	want := []b2c.UnavailableLine{
		{ItemID: o.ProductItems[1].ItemID, ProductID: "candle", Reason: b2c.LineCutStock, Quantity: dec("1")}, // the order has the others
		{ItemID: o.ProductItems[2].ItemID, ProductID: "ring", Reason: b2c.LineOffline, Quantity: dec("1")},
	}
	if diff := cmp.Diff(want, f.Unavailable); diff != "" {
		t.Error(diff)
	}
	if len(f.Deltas) != 2 || !f.Deltas[0].Before.Equal(dec("90")) || !f.Deltas[0].After.Equal(dec("108")) || !f.Basket.Temporary {
		t.Errorf("deltas %+v", f.Deltas)
	}
	kept := w.followUp(o.OrderNo, b2c.FollowUpOptions{Temporary: true, KeepPrices: true})
	shirts := kept.Basket.ProductItems[0]
	if !shirts.PriceAfterOrderDiscount.Equal(dec("90")) || shirts.PriceAdjustments[0].ReasonCode != b2c.KeptPriceReason {
		t.Errorf("%+v", shirts)
	}
}

func TestWhatHasNoFollowUp(t *testing.T) {
	t.Parallel()
	refused := func(w *world, want b2c.Code, orderNo string) map[string]string {
		w.t.Helper()
		return w.refused(want, func(tx *sandbox.Tx) error {
			_, err := w.FollowUpBasket(tx, b2c.Reader{SiteID: "net"}, orderNo, b2c.FollowUpOptions{})
			return err
		})
	}
	t.Run("nothing can be bought again", func(t *testing.T) {
		t.Parallel()
		w := stocked(t)
		refused(w, b2c.NothingTransferable, w.place(w.twoShirtsElsewhere()).OrderNo)
		w.open() // no basket was left behind
	})
	t.Run("an unknown order", func(t *testing.T) {
		t.Parallel()
		refused(stocked(t), b2c.OrderNotFound, "none")
	})
	t.Run("a cancelled order", func(t *testing.T) {
		t.Parallel()
		w := stocked(t)
		o := w.ordered()
		w.do(func(tx *sandbox.Tx) error { return w.SetStatus(tx, o.OrderNo, b2c.Cancelled) })
		if got := refused(w, b2c.NotModifiable, o.OrderNo); got["reason"] != "cancelled" {
			t.Errorf("%v", got)
		}
	})
	t.Run("gift certificates", func(t *testing.T) {
		t.Parallel()
		w := stocked(t)
		o := w.submit(w.open(put("mug", "1"), func(e *b2c.BasketEdit) error {
			return e.AddGiftCertificateItem(b2c.GiftCertificateItem{Amount: dec("20"), RecipientEmail: "b@somsim.test"})
		}, ready))
		if got := refused(w, b2c.NotModifiable, o.OrderNo); got["reason"] != "GIFT_CERTIFICATE" {
			t.Errorf("%v", got)
		}
	})
	t.Run("a basket is open", func(t *testing.T) {
		t.Parallel()
		w := stocked(t)
		o := w.ordered()
		open := w.open()
		if got := refused(w, b2c.CustomerBasketsQuotaExceeded, o.OrderNo); got["basketIds"] != open.BasketID {
			t.Errorf("%v", got)
		}
		w.followUp(o.OrderNo, b2c.FollowUpOptions{Temporary: true})
	})
}

// twoShirtsElsewhere is an order of products that the catalogue does not have.
func (w *world) twoShirtsElsewhere() b2c.NewOrder {
	n := w.twoShirts("net")
	for i := range n.Items {
		n.Items[i].ProductID = "was-" + n.Items[i].ProductID
	}
	return n
}

func TestASingleUseCodeIsStillTheOrders(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	o := w.submit(w.open(put("shirt", "1"), coupon("ONCE"), ready))
	w.do(func(tx *sandbox.Tx) error { return w.SetStatus(tx, o.OrderNo, b2c.New) })
	f := w.followUp(o.OrderNo, b2c.FollowUpOptions{})
	if got := f.Basket.Coupons[0].Status; got != b2c.CouponRedeemed {
		t.Errorf("the code is %s in the follow-up", got)
	}
	if !f.After.GreaterThan(f.Before) {
		t.Errorf("before %s, after %s", f.Before, f.After)
	}
}

func TestAnAgentEditsAnOrderAndTheNewOneTakesItsPlace(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	first := w.submit(w.open(put("candle", "3"), coupon("ONCE"), payByGift, ready))
	w.do(func(tx *sandbox.Tx) error { return w.SetStatus(tx, first.OrderNo, b2c.New) })
	edit := func(orderNo string) (b b2c.Basket) {
		w.do(func(tx *sandbox.Tx) (err error) { b, err = w.EditOrder(tx, w.agent(), orderNo); return err })
		return b
	}
	basket := edit(first.OrderNo)
	// The last units, and the code, go from the old order to the new one.
	if !basket.ProductItems[0].Quantity.Equal(dec("3")) || basket.Coupons[0].Status != b2c.CouponApplied || basket.EditsOrderNo != first.OrderNo {
		t.Fatalf("%+v", basket)
	}
	if own, _ := w.CustomerBaskets(w.Read(), w.shopper().Reader, w.ada.CustomerID); len(own) != 0 {
		t.Errorf("the shopper sees %+v", own)
	}
	w.refused(b2c.BasketNotFound, func(tx *sandbox.Tx) error { _, err := w.Basket(tx, w.shopper().Reader, basket.BasketID); return err })
	chain := []string{first.OrderNo}
	for range 2 {
		basket = w.editAs(w.agent(), basket, func(e *b2c.BasketEdit) error {
			return e.AddPayment(b2c.NewBasketPayment{PaymentMethodID: "CREDIT_CARD"})
		})
		var o b2c.Order
		w.do(func(tx *sandbox.Tx) (err error) {
			o, err = w.SubmitBasket(tx, w.agent(), b2c.Submission{BasketRef: b2c.BasketRef{ID: basket.BasketID}})
			return err
		})
		w.do(func(tx *sandbox.Tx) error { return w.SetStatus(tx, o.OrderNo, b2c.New) })
		for _, earlier := range chain {
			if got := w.read(earlier); got.Status != b2c.Replaced || got.CurrentOrderNo != o.OrderNo {
				t.Errorf("order %s is %s, its newest %s, want %s", earlier, got.Status, got.CurrentOrderNo, o.OrderNo)
			}
		}
		chain = append(chain, o.OrderNo)
		if got := w.stock("candle"); !got.OnOrder.Equal(dec("3")) {
			t.Errorf("%+v", got)
		}
		basket = edit(o.OrderNo)
	}
	if got := certificate(w, "GIFT-1").Balance; !got.Equal(dec("30")) {
		t.Errorf("the gift certificate of the replaced order has %s", got)
	}
	w.do(func(tx *sandbox.Tx) error { return w.DeleteBasket(tx, w.agent().Reader, basket.BasketID, "") })
	w.do(func(tx *sandbox.Tx) error { return w.MarkExported(tx, chain[2], "1Os1") })
	got := w.refused(b2c.NotModifiable, func(tx *sandbox.Tx) error { _, err := w.EditOrder(tx, w.agent(), chain[2]); return err })
	if got["reason"] != "exported" {
		t.Errorf("%v", got)
	}
}

func TestAFailedOrderGivesItsBasketBackUnlessThereIsAnother(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	o := w.submit(w.open(put("candle", "3"), coupon("ONCE"), payByGift, ready))
	w.do(func(tx *sandbox.Tx) error { return w.SetStatus(tx, o.OrderNo, b2c.Failed) })
	if got := w.stock("candle").ATS(); !got.Equal(dec("3")) || !certificate(w, "GIFT-1").Balance.Equal(dec("30")) {
		t.Errorf("%s candles after the failure", got)
	}
	reopen := func() (basket b2c.Basket, reopened bool) {
		w.do(func(tx *sandbox.Tx) (err error) { basket, reopened, err = w.ReopenBasket(tx, o.OrderNo); return err })
		return basket, reopened
	}
	basket, reopened := reopen()
	if !reopened || len(basket.PaymentInstruments) != 2 || basket.Coupons[0].Status != b2c.CouponApplied || !basket.Totals.OrderTotal.Equal(o.Totals.OrderTotal) {
		t.Errorf("%v %+v", reopened, basket)
	}
	if _, again := reopen(); again {
		t.Error("a second basket was opened")
	}
}
