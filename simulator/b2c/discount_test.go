package b2c_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/b2c"
)

// Each product bears its share of a discount on the order; the shares come to the discount, to the cent.
func TestADiscountOnTheOrderIsSpreadOverItsProducts(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, prices, off, want string
	}{
		{"by price", "30.00 10.00", "8.00", "24.00 8.00"},
		{"the odd cent to the largest remainder", "22.00 26.50 23.31", "15.00", "17.40 20.97 18.44"},
		{"among equal remainders to the first line", "10.00 10.00 10.00", "10.00", "6.66 6.67 6.67"},
		{"a line for nothing bears nothing", "0.00 10.00", "3.00", "0.00 7.00"},
		{"all of it", "9.99 0.01", "10.00", "0.00 0.00"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			o := w.place(w.discounted(tc.off, strings.Fields(tc.prices)...))
			var got []string
			left := dec("0")
			for _, item := range o.ProductItems {
				got = append(got, item.PriceAfterOrderDiscount.StringFixed(2))
				left = left.Add(item.PriceAfterOrderDiscount)
				if want := item.PriceAfterOrderDiscount.Mul(dec("0.10")).Round(2); !item.AdjustedTax.Equal(want) {
					t.Errorf("tax of %s, want %s", item.AdjustedTax, want)
				}
			}
			if diff := cmp.Diff(tc.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
			if !o.Totals.ProductSubTotal.Sub(dec(tc.off)).Equal(left) || !o.Totals.ProductTotal.Equal(left) {
				t.Errorf("products cost %s and after the discount %s, the lines %s", o.Totals.ProductSubTotal, o.Totals.ProductTotal, left)
			}
			if len(o.Coupons) != 1 || o.Coupons[0].Code != "SPRING" || o.Coupons[0].ID == "" || o.PriceAdjustments[0].ID == "" {
				t.Errorf("coupons %+v of discounts %+v", o.Coupons, o.PriceAdjustments)
			}
		})
	}
}

// discounted is an order of one unit each at these prices, with a coupon that takes something off the whole.
func (w *world) discounted(off string, prices ...string) b2c.NewOrder {
	n := w.twoShirts("net")
	n.Items = nil
	for _, price := range prices {
		n.Items = append(n.Items, b2c.NewItem{ProductID: "p" + price, Quantity: dec("1"), BasePrice: dec(price), TaxRate: dec("0.10")})
	}
	n.Coupons, n.Adjustments = []string{"SPRING"}, []b2c.PriceAdjustment{{PromotionID: "spring", CouponCode: "SPRING", Amount: dec(off).Neg()}}
	return n
}

func TestADiscountThatIsNoneOrTooLargeIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, off := range []string{"40.01", "-1.00"} {
		tx := w.Write()
		if _, err := w.PlaceOrder(tx, w.discounted(off, "30.00", "10.00")); err == nil {
			t.Errorf("%s was taken off 40.00", off)
		}
		tx.Abort()
	}
}

func TestAnOrderThatIsReadSharesNothingWithTheStore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.place(w.discounted("8.00", "30.00", "10.00"))
	read := w.read(o.OrderNo)
	read.Coupons[0].Code, read.PriceAdjustments[0].ItemText = "CHANGED", "changed"
	again := w.read(o.OrderNo)
	if again.Coupons[0].Code != "SPRING" || again.PriceAdjustments[0].ItemText != "" {
		t.Errorf("the stored order changed: %+v %+v", again.Coupons, again.PriceAdjustments)
	}
}
