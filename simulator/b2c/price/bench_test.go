package price_test

import (
	"fmt"
	"testing"

	"github.com/somsim/somsim/simulator/b2c/price"
)

// twentyLines is a cart of twenty lines with a promotion of every class.
func twentyLines() price.Cart {
	c := price.Cart{
		Digits: 2, Taxation: price.Net, Deliveries: []price.Delivery{{Shipment: "me", MethodID: "ground", Price: dec("5.99"), TaxRate: dec("0.0825")}},
		Promotions: []price.Promotion{
			promotion("ten", price.ClassProduct, price.Percentage, "10"), promotion("five", price.ClassProduct, price.Amount, "0.5"),
			promotion("order", price.ClassOrder, price.Percentage, "15"), promotion("free", price.ClassShipping, price.Free, "0"),
		},
	}
	for i := range 20 {
		c.Lines = append(c.Lines, price.Line{
			ID: fmt.Sprint(i), ProductID: fmt.Sprint("p", i), Shipment: "me", Unit: dec("9.99"), Quantity: dec("3"), TaxRate: dec("0.0825"),
		})
	}
	return c
}

func BenchmarkTwentyLines(b *testing.B) {
	c := twentyLines()
	b.ReportAllocs()
	for b.Loop() {
		price.Calculate(c)
	}
}

// The budget is a millisecond on a machine with nothing else to do; the test allows for one that is busy.
func TestTwentyLinesArePricedInNoTime(t *testing.T) {
	if each := testing.Benchmark(BenchmarkTwentyLines).NsPerOp(); each > 10_000_000 {
		t.Errorf("one calculation takes %d ns", each)
	}
}
