package price

import "github.com/shopspring/decimal"

// Tax returns the tax in a gross price, or on a net one, rounded half up to the minor unit.
//
// The two agree: for rates below 100 per cent, the net price that is left of a gross one bears the same tax within one
// minor unit.
func Tax(t Taxation, price, rate decimal.Decimal, digits int32) decimal.Decimal {
	return exactTax(t, price, rate).Round(digits)
}

func exactTax(t Taxation, price, rate decimal.Decimal) decimal.Decimal {
	if t == Net {
		return price.Mul(rate)
	}
	return price.Sub(price.DivRound(decimal.NewFromInt(1).Add(rate), precision))
}

// taxes works out the tax on several prices with their rates: each by itself, or by groups of one rate.
func (c *Cart) taxes(prices, rates []decimal.Decimal) []decimal.Decimal {
	taxes := make([]decimal.Decimal, len(prices))
	if !c.TaxByGroup {
		for i, price := range prices {
			taxes[i] = Tax(c.Taxation, price, rates[i], c.Digits)
		}
		return taxes
	}
	for i, rate := range rates {
		if firstOf(rates, rate) == i {
			c.taxGroup(prices, rates, rate, taxes)
		}
	}
	return taxes
}

func firstOf(rates []decimal.Decimal, rate decimal.Decimal) int {
	for i, r := range rates {
		if r.Equal(rate) {
			return i
		}
	}
	return -1
}

// taxGroup rounds the tax on everything of one rate once, and has each price bear its share.
func (c *Cart) taxGroup(prices, rates []decimal.Decimal, rate decimal.Decimal, taxes []decimal.Decimal) {
	var members []int
	var exact []decimal.Decimal
	for i := range prices {
		if rates[i].Equal(rate) {
			members = append(members, i)
			exact = append(exact, exactTax(c.Taxation, prices[i], rate))
		}
	}
	for i, share := range Apportion(total(exact).Round(c.Digits), exact, c.Digits) {
		taxes[members[i]] = share
	}
}
