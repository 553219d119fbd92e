package price_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c/price"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// lines are lines of one unit each at these prices, taxed at 10 per cent, in one shipment.
func lines(prices ...string) []price.Line {
	var out []price.Line
	for i, p := range prices {
		id := string(rune('a' + i))
		out = append(out, price.Line{ID: id, ProductID: "p-" + id, Shipment: "me", Unit: dec(p), Quantity: dec("1"), TaxRate: dec("0.10")})
	}
	return out
}

func promotion(id string, class price.Class, kind price.DiscountType, value string) price.Promotion {
	return price.Promotion{ID: id, Class: class, Tiers: []price.Tier{{Discount: price.Discount{Type: kind, Value: dec(value)}}}}
}

// after lists what is left of each line after all discounts.
func after(r price.Result) string {
	var out []string
	for _, l := range r.Lines {
		out = append(out, l.AfterOrder.String())
	}
	return strings.Join(out, " ")
}

func TestApportion(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, amount, weights string
		digits                int32
		want                  string
	}{
		{"by weight", "8.00", "30 10", 2, "6 2"},
		{"the odd cents to the largest remainders", "15.00", "22.00 26.50 23.31", 2, "4.6 5.53 4.87"},
		{"among equal remainders to the first", "10.00", "10 10 10", 2, "3.34 3.33 3.33"},
		{"in a currency without decimals", "100", "1 1 1", 0, "34 33 33"},
		{"in a currency with three", "1.000", "1 1 1", 3, "0.334 0.333 0.333"},
		{"nothing", "0", "1 2", 2, "0 0"},
		{"a negative amount", "-10.00", "10 10 10", 2, "-3.34 -3.33 -3.33"},
		{"weights that come to nothing", "1.00", "0 0 0", 2, "0.34 0.33 0.33"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var weights []decimal.Decimal
			for _, w := range strings.Fields(tc.weights) {
				weights = append(weights, dec(w))
			}
			var got []string
			for _, part := range price.Apportion(dec(tc.amount), weights, tc.digits) {
				got = append(got, part.String())
			}
			if diff := cmp.Diff(tc.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNobodySharesNothing(t *testing.T) {
	t.Parallel()
	if got := price.Apportion(dec("1"), nil, 2); len(got) != 0 {
		t.Errorf("no weights, yet the parts %v", got)
	}
}

func TestDigitsOfCurrencies(t *testing.T) {
	t.Parallel()
	for currency, want := range map[string]int32{"USD": 2, "EUR": 2, "JPY": 0, "KRW": 0, "KWD": 3, "TND": 3} {
		if got := price.Digits(currency); got != want {
			t.Errorf("%s has %d decimals, want %d", currency, got, want)
		}
	}
}

func TestTaxByTaxationAndCurrency(t *testing.T) {
	t.Parallel()
	cases := []struct {
		taxation    price.Taxation
		price, rate string
		digits      int32
		want        string
	}{
		{price.Net, "9.99", "0.19", 2, "1.9"},
		{price.Gross, "9.99", "0.19", 2, "1.6"},
		{price.Net, "999", "0.10", 0, "100"},
		{price.Gross, "1100", "0.10", 0, "100"},
		{price.Net, "1.234", "0.05", 3, "0.062"},
		{price.Net, "100", "0", 2, "0"},
	}
	for _, tc := range cases {
		if got := price.Tax(tc.taxation, dec(tc.price), dec(tc.rate), tc.digits); !got.Equal(dec(tc.want)) {
			t.Errorf("%s %s at %s: %s, want %s", tc.taxation, tc.price, tc.rate, got, tc.want)
		}
	}
}

// Three lines of 0.33 at 10 per cent bear 0.03 each when tax is rounded by line, and 0.10 together when by group.
func TestTaxByGroupIsRoundedOnce(t *testing.T) {
	t.Parallel()
	c := price.Cart{Digits: 2, Taxation: price.Net, Lines: lines("0.33", "0.33", "0.33")}
	if got := price.Calculate(c).Total.Tax; !got.Equal(dec("0.09")) {
		t.Errorf("tax by line is %s", got)
	}
	c.TaxByGroup = true
	r := price.Calculate(c)
	if !r.Total.Tax.Equal(dec("0.10")) || !r.Lines[0].AdjustedTax.Equal(dec("0.04")) || !r.Lines[1].AdjustedTax.Equal(dec("0.03")) {
		t.Errorf("tax by group is %s: %+v", r.Total.Tax, r.Lines)
	}
}

func TestPromotions(t *testing.T) {
	t.Parallel()
	ten, five := promotion("ten", price.ClassProduct, price.Percentage, "10"), promotion("five", price.ClassProduct, price.Amount, "5")
	order := promotion("order", price.ClassOrder, price.Amount, "9")
	change := func(p price.Promotion, change func(*price.Promotion)) price.Promotion { change(&p); return p }
	threshold := func(amount string) func(*price.Promotion) {
		return func(p *price.Promotion) { p.Tiers[0].MinAmount = dec(amount) }
	}
	cases := []struct {
		name       string
		prices     string
		promotions []price.Promotion
		want       string
	}{
		{"an amount comes before a percentage", "20 10", []price.Promotion{ten, five}, "13.5 4.5"},
		{"a rank comes before a type", "20 10", []price.Promotion{change(ten, func(p *price.Promotion) { p.Rank = 1 }), five}, "13 4"},
		{"the lower rank comes first", "20", []price.Promotion{
			change(five, func(p *price.Promotion) { p.Rank = 2 }), change(ten, func(p *price.Promotion) { p.Rank = 1 }),
		}, "13"},
		{"what is worth more comes first", "20", []price.Promotion{
			promotion("a", price.ClassProduct, price.FixedPrice, "9"), promotion("b", price.ClassProduct, price.FixedPrice, "8"),
		}, "8"},
		{"exclusive in its class", "20", []price.Promotion{ten, change(five, func(p *price.Promotion) { p.Exclusivity = price.ClassExclusive }), order}, "6"},
		{"exclusive at all", "20", []price.Promotion{ten, five, change(order, func(p *price.Promotion) { p.Exclusivity = price.Exclusive })}, "11"},
		{"an exclusive one that is not earned rules nothing out", "20", []price.Promotion{
			change(ten, func(p *price.Promotion) {
				p.Exclusivity = price.Exclusive
				p.Tiers = []price.Tier{{MinAmount: dec("21"), Discount: p.Tiers[0].Discount}}
			}), five,
		}, "15"},
		{"the order's discount is shared", "30 10", []price.Promotion{order}, "23.25 7.75"},
		{"a threshold that is met exactly", "30 10", []price.Promotion{change(promotion("o", price.ClassOrder, price.Amount, "4"), threshold("40"))}, "27 9"},
		{"a threshold that is missed by a cent", "30 9.99", []price.Promotion{change(promotion("o", price.ClassOrder, price.Amount, "4"), threshold("40"))}, "30 9.99"},
		{"a threshold counts what product discounts leave", "30 10", []price.Promotion{ten, change(promotion("o", price.ClassOrder, price.Amount, "4"), threshold("40"))}, "27 9"},
		{"never below nothing", "3", []price.Promotion{five}, "0"},
		{"an order discount is never more than the products", "3 2", []price.Promotion{order}, "0 0"},
		{"free", "20", []price.Promotion{promotion("free", price.ClassProduct, price.Free, "0")}, "0"},
		{"only some products", "20 10", []price.Promotion{change(five, func(p *price.Promotion) { p.Qualifying.IDs = []string{"p-b"} })}, "20 5"},
		{"one product makes another cheaper", "20 10", []price.Promotion{change(five, func(p *price.Promotion) {
			p.Qualifying.IDs, p.Discounted.IDs = []string{"p-b"}, []string{"p-a"}
		})}, "15 10"},
		{"a product that is not there earns nothing", "20 10", []price.Promotion{change(five, func(p *price.Promotion) {
			p.Qualifying.IDs, p.Discounted.IDs = []string{"p-c"}, []string{"p-a"}
		})}, "20 10"},
		{"at most one unit", "20 10", []price.Promotion{change(five, func(p *price.Promotion) { p.MaxUnits = 1 })}, "15 10"},
		{"the last tier that is reached", "30 10", []price.Promotion{{ID: "tiers", Class: price.ClassOrder, Tiers: []price.Tier{
			{MinAmount: dec("20"), Discount: price.Discount{Type: price.Amount, Value: dec("2")}},
			{MinAmount: dec("40"), Discount: price.Discount{Type: price.Amount, Value: dec("8")}},
			{MinAmount: dec("60"), Discount: price.Discount{Type: price.Amount, Value: dec("20")}},
		}}}, "24 8"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := price.Calculate(price.Cart{Digits: 2, Taxation: price.Net, Lines: lines(strings.Fields(tc.prices)...), Promotions: tc.promotions})
			if diff := cmp.Diff(tc.want, after(r)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSomeUnitsOfALineGetCheaper(t *testing.T) {
	t.Parallel()
	c := price.Cart{Digits: 2, Taxation: price.Net, Lines: lines("10.00")}
	c.Lines[0].Quantity = dec("3")
	half := promotion("half", price.ClassProduct, price.Percentage, "50")
	half.MaxUnits = 2
	c.Promotions = []price.Promotion{half}
	if got := after(price.Calculate(c)); got != "20" {
		t.Errorf("three at 10.00 of which two are at half price cost %s", got)
	}
}

func TestShippingPromotions(t *testing.T) {
	t.Parallel()
	free := promotion("free", price.ClassShipping, price.Free, "0")
	free.Tiers[0].MinAmount, free.Methods = dec("50"), []string{"ground"}
	c := price.Cart{
		Digits: 2, Taxation: price.Net, Lines: lines("50.00"), Promotions: []price.Promotion{free},
		Deliveries: []price.Delivery{{Shipment: "me", MethodID: "ground", Price: dec("5.99"), TaxRate: dec("0.10")}},
	}
	if r := price.Calculate(c); !r.Total.ShippingTotal.IsZero() || !r.Total.AdjustedShippingTax.IsZero() || !r.Total.ShippingTax.Equal(dec("0.60")) {
		t.Errorf("shipping costs %s, its tax is %s and was %s", r.Total.ShippingTotal, r.Total.AdjustedShippingTax, r.Total.ShippingTax)
	}
	c.Deliveries[0].MethodID = "express"
	if r := price.Calculate(c); !r.Total.ShippingTotal.Equal(dec("5.99")) {
		t.Errorf("express costs %s", r.Total.ShippingTotal)
	}
	// An order discount that takes the merchandise below the threshold takes free shipping with it.
	c.Deliveries[0].MethodID = "ground"
	c.Promotions = append(c.Promotions, promotion("cent", price.ClassOrder, price.Amount, "0.01"))
	r := price.Calculate(c)
	if !r.Total.ShippingTotal.Equal(dec("5.99")) {
		t.Errorf("shipping costs %s below the threshold", r.Total.ShippingTotal)
	}
	if len(r.Approaching) != 1 || r.Approaching[0].PromotionID != "free" || !r.Approaching[0].Merchandise.Equal(dec("49.99")) {
		t.Errorf("approaching %+v", r.Approaching)
	}
}

func TestBonusProductsCostNothingAndCountForNothing(t *testing.T) {
	t.Parallel()
	gift := price.Promotion{ID: "gift", Class: price.ClassProduct, Tiers: []price.Tier{{
		MinAmount: dec("20"), Discount: price.Discount{Type: price.Bonus, Value: dec("1"), Products: []string{"mug"}},
	}}}
	choice := price.Promotion{ID: "choice", Class: price.ClassProduct, Tiers: []price.Tier{{
		Discount: price.Discount{Type: price.BonusChoice, Value: dec("2"), Products: []string{"mug", "cap"}},
	}}}
	c := price.Cart{Digits: 2, Taxation: price.Net, Lines: lines("15.00", "9.00"), Promotions: []price.Promotion{gift, choice}}
	r := price.Calculate(c)
	if len(r.Bonuses) != 1 || r.Bonuses[0].ProductID != "mug" || len(r.Choices) != 1 || !r.Choices[0].Max.Equal(dec("2")) {
		t.Fatalf("bonuses %+v, choices %+v", r.Bonuses, r.Choices)
	}
	if r.Bonuses[0].Qualifier != c.Lines[0].ID || r.Choices[0].Qualifier != c.Lines[0].ID {
		t.Errorf("they are given for %q and %q", r.Bonuses[0].Qualifier, r.Choices[0].Qualifier)
	}
	c.Lines[0].Part = true
	if r := price.Calculate(c); len(r.Bonuses) != 0 || r.Choices[0].Qualifier != c.Lines[1].ID {
		t.Errorf("a part of a bundle counts: %+v, %+v", r.Bonuses, r.Choices)
	}
	c.Lines[0].Part, c.Lines[1].Bonus = false, "gift"
	r = price.Calculate(c)
	if !r.Total.ProductTotal.Equal(dec("15.00")) || !r.Lines[1].AfterItem.IsZero() || !r.Lines[1].AdjustedTax.IsZero() || len(r.Bonuses) != 0 {
		t.Errorf("total %s, bonus line %+v, bonuses %+v", r.Total.ProductTotal, r.Lines[1], r.Bonuses)
	}
}

func TestWhatIsEnteredComesFirst(t *testing.T) {
	t.Parallel()
	c := price.Cart{
		Digits: 2, Taxation: price.Net, Lines: lines("20.00", "10.00"),
		Deliveries: []price.Delivery{{Shipment: "me", Price: dec("6.00")}},
		Promotions: []price.Promotion{promotion("ten", price.ClassProduct, price.Percentage, "10"), promotion("order", price.ClassOrder, price.Percentage, "50")},
		Manual: []price.Manual{
			{ID: "m1", Level: price.LevelProduct, Target: "a", Discount: price.Discount{Type: price.FixedPrice, Value: dec("15")}},
			{ID: "m2", Level: price.LevelShipping, Target: "me", Discount: price.Discount{Type: price.Amount, Value: dec("2")}},
			{ID: "m3", Level: price.LevelOrder, Discount: price.Discount{Type: price.Amount, Value: dec("2.5")}},
		},
	}
	r := price.Calculate(c)
	// 15.00 and 10.00, less ten per cent 13.50 and 9.00; less 2.50 20.00; half of it.
	if !r.Total.ProductTotal.Equal(dec("10")) || !r.Total.ShippingTotal.Equal(dec("4")) || r.Order[0].Manual != "m3" {
		t.Errorf("products %s, shipping %s, discounts %+v", r.Total.ProductTotal, r.Total.ShippingTotal, r.Order)
	}
}

func TestGiftCertificatesAreNeitherTaxedNorDiscounted(t *testing.T) {
	t.Parallel()
	c := price.Cart{
		Digits: 2, Taxation: price.Net, Lines: lines("10.00"), Gifts: []price.Gift{{Shipment: "gift", Amount: dec("50")}},
		Promotions: []price.Promotion{promotion("half", price.ClassOrder, price.Percentage, "50")},
	}
	r := price.Calculate(c)
	if !r.Total.Total.Equal(dec("55.50")) || !r.Total.ProductTotal.Equal(dec("5")) || len(r.Shipments) != 2 {
		t.Errorf("total %s, products %s, shipments %+v", r.Total.Total, r.Total.ProductTotal, r.Shipments)
	}
}

// One cart in every taxation and with every number of decimals, worked out by hand: two lines of different tax, a tenth off
// the order from a threshold on, borne by the lines, a delivery, a bonus product and a bought gift certificate.
func TestACartByHandInEveryTaxationAndCurrency(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		digits   int32
		taxation price.Taxation
		// what the lines cost after their share, the taxes of both and of the delivery, and the total
		lines, taxes, total string
	}{
		{2, price.Gross, "17.99 9", "2.87 0.59 0.78", "41.89"},
		{2, price.Net, "17.99 9", "3.42 0.63 0.93", "46.87"},
		{0, price.Gross, "1799 900", "287 59 78", "4189"},
		{0, price.Net, "1799 900", "342 63 93", "4687"},
		{3, price.Gross, "17.991 9", "2.873 0.589 0.782", "41.891"},
		{3, price.Net, "17.991 9", "3.418 0.63 0.931", "46.87"},
	} {
		amount := func(s string) decimal.Decimal {
			if tc.digits == 0 {
				return dec(s).Shift(2)
			}
			return dec(s)
		}
		c := price.Cart{
			Digits: tc.digits, Taxation: tc.taxation,
			Lines: []price.Line{
				{ID: "a", ProductID: "a", Shipment: "me", Unit: amount("19.99"), Quantity: dec("1"), TaxRate: dec("0.19")},
				{ID: "b", ProductID: "b", Shipment: "me", Unit: amount("5"), Quantity: dec("2"), TaxRate: dec("0.07")},
				{ID: "c", ProductID: "c", Shipment: "me", Unit: amount("3"), Quantity: dec("1"), TaxRate: dec("0.19"), Bonus: "gift"},
			},
			Deliveries: []price.Delivery{{Shipment: "me", Price: amount("4.90"), TaxRate: dec("0.19")}},
			Gifts:      []price.Gift{{Shipment: "me", Amount: amount("10")}},
			Promotions: []price.Promotion{{ID: "tenth", Class: price.ClassOrder, Tiers: []price.Tier{{
				MinAmount: amount("20"), Discount: price.Discount{Type: price.Percentage, Value: dec("10")},
			}}}},
		}
		r := price.Calculate(c)
		left := r.Lines[0].AfterOrder.String() + " " + r.Lines[1].AfterOrder.String()
		taxes := r.Lines[0].AdjustedTax.String() + " " + r.Lines[1].AdjustedTax.String() + " " + r.Deliveries[0].AdjustedTax.String()
		if left != tc.lines || taxes != tc.taxes || r.Total.Total.String() != tc.total || !r.Lines[2].AfterOrder.IsZero() || !r.Lines[2].AdjustedTax.IsZero() {
			t.Errorf("%s with %d decimals: lines %s, taxes %s, total %s; want %s, %s, %s", tc.taxation, tc.digits, left, taxes, r.Total.Total, tc.lines, tc.taxes, tc.total)
		}
		c.Promotions[0].Tiers[0].MinAmount = amount("30") // the bonus product does not count
		if r = price.Calculate(c); len(r.Order) != 0 || len(r.Approaching) != 1 {
			t.Errorf("%+v was had below the threshold", r.Order)
		}
	}
}
