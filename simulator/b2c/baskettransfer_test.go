package b2c_test

import (
	"testing"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/sandbox"
)

func (w *world) hand(on b2c.OnExisting) (b2c.Basket, error) {
	var basket b2c.Basket
	err := w.Update(func(tx *sandbox.Tx) (err error) {
		basket, err = w.HandBasket(tx, b2c.Handing{SiteID: "net", From: w.guest.CustomerID, To: w.ada.CustomerID, OnExisting: on})
		return err
	})
	return basket, err
}

func TestABasketChangesHands(t *testing.T) {
	t.Parallel()
	w := stocked(t)
	refused := func(want b2c.Code) {
		t.Helper()
		w.refused(want, func(tx *sandbox.Tx) error {
			_, err := w.HandBasket(tx, b2c.Handing{SiteID: "net", From: w.guest.CustomerID, To: w.ada.CustomerID})
			return err
		})
	}
	refused(b2c.NoSourceBasket)
	if none, err := w.hand(b2c.MergeExisting); err != nil || none.BasketID != "" {
		t.Errorf("a merge of nothing into nothing is %s, %v", none.BasketID, err)
	}
	guest := w.guestBasket()
	w.refused(b2c.BasketMergeNoCurrentBasket, func(tx *sandbox.Tx) error {
		_, err := w.MergeIntoCurrent(tx, b2c.Handing{SiteID: "net", From: w.guest.CustomerID, To: w.ada.CustomerID})
		return err
	})
	own := w.open(put("shirt", "1"))
	refused(b2c.BasketTransferBasketAlreadyExists)
	got, err := w.hand(b2c.MergeExisting)
	if err != nil || got.BasketID != guest.BasketID || got.CustomerID != w.ada.CustomerID || !got.ProductItems[0].Quantity.Equal(dec("3")) {
		t.Errorf("the guest's basket does not go on with what was in the other: %v %+v", err, got.ProductItems)
	}
	w.refused(b2c.BasketNotFound, func(tx *sandbox.Tx) error { _, err := w.Basket(tx, b2c.Reader{}, own.BasketID); return err })
	if kept, err := w.hand(b2c.MergeExisting); err != nil || kept.BasketID != got.BasketID {
		t.Errorf("a merge without another basket does not keep the own one: %v", err)
	}
	refused(b2c.NoSourceBasket)
	w.refused(b2c.NoSourceBasket, func(tx *sandbox.Tx) error {
		_, err := w.MergeIntoCurrent(tx, b2c.Handing{SiteID: "net", From: w.guest.CustomerID, To: w.ada.CustomerID})
		return err
	})
	own, guest = got, w.guestBasket()
	w.do(func(tx *sandbox.Tx) (err error) {
		merged, err := w.MergeIntoCurrent(tx, b2c.Handing{SiteID: "net", From: w.guest.CustomerID, To: w.ada.CustomerID})
		if merged.BasketID != own.BasketID || !merged.ProductItems[0].Quantity.Equal(dec("5")) {
			t.Errorf("the own basket does not take the guest's in: %+v", merged.ProductItems)
		}
		return err
	})
	guest = w.guestBasket()
	got, err = w.hand(b2c.OverrideExisting)
	if err != nil || got.BasketID != guest.BasketID || got.CustomerID != w.ada.CustomerID || !got.ProductItems[0].Quantity.Equal(dec("2")) {
		t.Errorf("%v %+v", err, got)
	}
	w.refused(b2c.BasketNotFound, func(tx *sandbox.Tx) error { _, err := w.Basket(tx, b2c.Reader{}, own.BasketID); return err })
}

func TestATemporaryBasketIsPromoted(t *testing.T) {
	t.Parallel()
	for on, quantity := range map[b2c.OnExisting]string{b2c.OverrideExisting: "1", b2c.MergeExisting: "3"} {
		t.Run(string(on), func(t *testing.T) {
			t.Parallel()
			w := stocked(t)
			own := w.open(put("shirt", "2"))
			var basket b2c.Basket
			w.do(func(tx *sandbox.Tx) (err error) {
				basket, err = w.OpenBasket(tx, w.shopper(), b2c.NewBasket{Temporary: true})
				return err
			})
			basket = w.edit(basket, put("shirt", "1"))
			promote := func(id string, on b2c.OnExisting) func(tx *sandbox.Tx) error {
				return func(tx *sandbox.Tx) (err error) { basket, err = w.PromoteBasket(tx, w.shopper(), id, on); return err }
			}
			id := basket.BasketID
			w.refused(b2c.BasketNotPromotable, promote(id, b2c.RefuseExisting))
			w.refused(b2c.BasketNotPromotable, promote(own.BasketID, on))
			w.do(promote(id, on))
			if basket.Temporary || basket.BasketID != id || !basket.ProductItems[0].Quantity.Equal(dec(quantity)) || !basket.ExpiresAt.Equal(monday().AddDate(0, 0, 7)) {
				t.Errorf("%+v", basket)
			}
			w.refused(b2c.BasketNotFound, func(tx *sandbox.Tx) error { _, err := w.Basket(tx, b2c.Reader{}, own.BasketID); return err })
			w.refused(b2c.BasketNotPromotable, promote(id, on))
		})
	}
}
