package b2c_test

import (
	"fmt"
	"testing"

	"github.com/somsim/somsim/simulator/b2c"
)

// BenchmarkBasketOfTwentyLines changes a line of a basket of twenty with a coupon: everything is looked up and priced anew,
// and the basket is stored.
func BenchmarkBasketOfTwentyLines(b *testing.B) {
	w := stocked(b)
	basket := w.open(coupon("ONCE"), ready)
	basket = w.edit(basket, func(e *b2c.BasketEdit) error {
		for i := range 20 {
			err := e.AddItems([]b2c.NewBasketItem{{ProductID: "mug", Quantity: dec("1"), Custom: b2c.Attributes{"no": b2c.Text(fmt.Sprint(i))}}})
			if err != nil {
				return err
			}
		}
		return nil
	})
	item := basket.ProductItems[7].ItemID
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		tx := w.Write()
		quantity := dec("1")
		if i%2 == 0 {
			quantity = dec("2")
		}
		if _, err := w.EditBasket(tx, w.shopper(), b2c.BasketRef{ID: basket.BasketID}, func(e *b2c.BasketEdit) error {
			return e.ChangeItem(item, b2c.ItemChange{Quantity: &quantity})
		}); err != nil {
			b.Fatal(err)
		}
		tx.Abort()
	}
}
