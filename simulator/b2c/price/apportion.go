package price

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"
)

// precision is how many decimals a quotient is worked out to before it is rounded to the minor unit.
const precision = 12

// Apportion splits an amount by weights, in whole minor units: every part is its exact share rounded towards zero, and
// the units that are left go one each to the largest remainders, among equal ones to the first. The parts add up to the
// amount; where the weights are amounts and come to no less than what is split, no part is larger than its weight. Weights
// that come to nothing split by equal ones. The amount has to be whole in minor units.
func Apportion(amount decimal.Decimal, weights []decimal.Decimal, digits int32) []decimal.Decimal {
	parts := make([]decimal.Decimal, len(weights))
	if len(weights) == 0 || amount.IsZero() {
		return parts
	}
	if amount.IsNegative() {
		for i, part := range Apportion(amount.Neg(), weights, digits) {
			parts[i] = part.Neg()
		}
		return parts
	}
	worth := total(weights)
	if !worth.IsPositive() {
		weights, worth = equal(len(weights)), decimal.NewFromInt(int64(len(weights)))
	}
	type share struct {
		index     int
		remainder decimal.Decimal
	}
	left, shares := amount, make([]share, len(weights))
	for i, weight := range weights {
		exact := amount.Mul(weight).DivRound(worth, precision)
		parts[i] = exact.Truncate(digits)
		shares[i] = share{i, exact.Sub(parts[i])}
		left = left.Sub(parts[i])
	}
	slices.SortStableFunc(shares, func(a, b share) int {
		return cmp.Or(b.remainder.Cmp(a.remainder), cmp.Compare(a.index, b.index))
	})
	unit := decimal.New(1, -digits)
	for i := 0; left.GreaterThanOrEqual(unit); i++ {
		at := shares[i%len(shares)].index
		parts[at] = parts[at].Add(unit)
		left = left.Sub(unit)
	}
	return parts
}

func total(amounts []decimal.Decimal) decimal.Decimal {
	sum := decimal.Zero
	for _, a := range amounts {
		sum = sum.Add(a)
	}
	return sum
}

func equal(n int) []decimal.Decimal {
	out := make([]decimal.Decimal, n)
	for i := range out {
		out[i] = decimal.NewFromInt(1)
	}
	return out
}
