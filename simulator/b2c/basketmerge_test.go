package b2c_test

import (
	"testing"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/sandbox"
)

// guestBasket gives the guest a basket of two shirts and a mug with a coupon.
func (w *world) guestBasket() b2c.Basket {
	w.t.Helper()
	guest := b2c.Editor{Reader: b2c.Reader{SiteID: "net", CustomerID: w.guest.CustomerID}}
	var basket b2c.Basket
	w.do(func(tx *sandbox.Tx) (err error) { basket, err = w.OpenBasket(tx, guest, b2c.NewBasket{}); return err })
	for _, work := range []func(*b2c.BasketEdit) error{put("shirt", "2"), put("mug", "1"), coupon("ONCE"), func(e *b2c.BasketEdit) error {
		e.SetCustom(b2c.Attributes{"gate": b2c.Text("north")}, nil)
		return e.Reserve(0, false)
	}} {
		basket = w.editAs(guest, basket, work)
	}
	return basket
}

func (w *world) merge() (basket b2c.Basket, merged bool) {
	w.t.Helper()
	w.do(func(tx *sandbox.Tx) (err error) {
		basket, merged, err = w.MergeBaskets(tx, "net", w.guest.CustomerID, w.ada.CustomerID)
		return err
	})
	return basket, merged
}

func TestALogInTakesTheGuestsBasketAlong(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	if _, merged := w.merge(); merged {
		t.Error("a guest without a basket brought one")
	}
	guest := w.guestBasket()
	got, merged := w.merge()
	if !merged || got.BasketID != guest.BasketID || got.CustomerID != w.ada.CustomerID || got.Guest || got.Email != w.ada.Email {
		t.Errorf("%+v", got)
	}
	if !got.Totals.ProductTotal.Equal(guest.Totals.ProductTotal) {
		t.Errorf("%s became %s", guest.Totals.ProductTotal, got.Totals.ProductTotal)
	}
}

func TestALogInMergesTwoBaskets(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	own := w.open(put("shirt", "1"), func(e *b2c.BasketEdit) error {
		return e.AddItems([]b2c.NewBasketItem{{ProductID: "ring", Quantity: dec("1")}})
	}, ready)
	guest := w.guestBasket()
	got, merged := w.merge()
	if !merged || got.BasketID != own.BasketID || len(got.ProductItems) != 4 || len(got.Coupons) != 1 || got.Custom["gate"].Text != "north" {
		t.Errorf("%+v", got)
	}
	if !got.ProductItems[0].Quantity.Equal(dec("3")) || !got.Totals.ProductTotal.Equal(dec("236.25")) { // 150 + 100 + 12.50 less ten per cent
		t.Errorf("%s of %+v", got.Totals.ProductTotal, got.ProductItems)
	}
	w.refused(b2c.BasketNotFound, func(tx *sandbox.Tx) error {
		_, err := w.Basket(tx, b2c.Reader{SiteID: "net"}, guest.BasketID)
		return err
	})
	if held := w.stock("shirt").Reserved; !held.IsZero() {
		t.Errorf("%s shirts stay reserved for a basket that is gone", held)
	}
}

func TestMergedQuantitiesThatAreTooManyShowAsAFlash(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	w.open(put("candle", "2"), ready)
	guest := b2c.Editor{Reader: b2c.Reader{SiteID: "net", CustomerID: w.guest.CustomerID}}
	var basket b2c.Basket
	w.do(func(tx *sandbox.Tx) (err error) { basket, err = w.OpenBasket(tx, guest, b2c.NewBasket{}); return err })
	w.editAs(guest, basket, put("candle", "3"))
	got, _ := w.merge()
	if len(got.Flashes) != 1 || got.Flashes[0].Type != b2c.FlashNotAvailable {
		t.Errorf("flashes %+v", got.Flashes)
	}
	w.refusesSubmit(b2c.ProductItemNotAvailable, got)
}
