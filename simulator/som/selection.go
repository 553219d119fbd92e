package som

import (
	"slices"

	"github.com/shopspring/decimal"
)

// fund is money that can be taken from somewhere: an order payment summary, or one of its transactions.
type fund struct {
	id        string
	available decimal.Decimal
}

// taking takes an amount out of a fund.
type taking struct {
	id     string
	amount decimal.Decimal
}

// selection is a rule by which an amount is taken out of several funds. What the funds do not have is left untaken.
type selection func(funds []fund, amount decimal.Decimal) []taking

// smallestSufficient takes from the fund that has the amount exactly; else from the smallest that has enough; else from
// the largest, the next largest and so on. It is the rule of refunds, and of ensure funds before API 52.0.
func smallestSufficient(funds []fund, amount decimal.Decimal) []taking {
	return take(funds, amount, func(sorted []fund, left decimal.Decimal) fund {
		for _, f := range sorted {
			if f.available.GreaterThanOrEqual(left) {
				return f
			}
		}
		return sorted[len(sorted)-1]
	})
}

// largestFirst takes from the fund that has the amount exactly, else from the largest, and so on with the rest. It is
// the rule of ensure funds today.
func largestFirst(funds []fund, amount decimal.Decimal) []taking {
	return take(funds, amount, func(sorted []fund, left decimal.Decimal) fund {
		for _, f := range sorted {
			if f.available.Equal(left) {
				return f
			}
		}
		return sorted[len(sorted)-1]
	})
}

// take lets next choose from the funds that are left, smallest first. Of equal funds the vendor takes any; here their
// order decides, so that a run can be repeated.
func take(funds []fund, amount decimal.Decimal, next func([]fund, decimal.Decimal) fund) []taking {
	sorted := slices.DeleteFunc(slices.Clone(funds), func(f fund) bool { return !f.available.IsPositive() })
	slices.SortStableFunc(sorted, func(a, b fund) int { return a.available.Cmp(b.available) })
	var out []taking
	for amount.IsPositive() && len(sorted) > 0 {
		chosen := next(sorted, amount)
		part := decimal.Min(chosen.available, amount)
		out, amount = append(out, taking{chosen.id, part}), amount.Sub(part)
		sorted = slices.DeleteFunc(sorted, func(f fund) bool { return f.id == chosen.id })
	}
	return out
}

// Sequence asks for an amount to be taken from one order payment summary before the rule chooses. An amount of zero
// takes what is needed.
type Sequence struct {
	OrderPaymentSummaryID string
	Amount                decimal.Decimal
}

// inSequence takes an amount as the caller has ordered; what is left is taken by the rule unless a part is enough.
func inSequence(funds []fund, amount decimal.Decimal, order []Sequence, partial bool, rule selection) []taking {
	left := slices.Clone(funds)
	var out []taking
	for _, s := range order {
		i := slices.IndexFunc(left, func(f fund) bool { return f.id == s.OrderPaymentSummaryID })
		if i < 0 {
			continue
		}
		part := decimal.Min(left[i].available, amount)
		if s.Amount.IsPositive() {
			part = decimal.Min(part, s.Amount)
		}
		if part.IsPositive() {
			out, amount = append(out, taking{s.OrderPaymentSummaryID, part}), amount.Sub(part)
			left[i].available = left[i].available.Sub(part)
		}
	}
	if partial && len(order) > 0 {
		return out
	}
	return append(out, rule(left, amount)...)
}

func available(funds []fund) decimal.Decimal {
	sum := decimal.Zero
	for _, f := range funds {
		sum = sum.Add(f.available)
	}
	return sum
}
