package som

import "github.com/shopspring/decimal"

// rounding is how amounts are brought to the digits of their currency.
type rounding string

// The ways of rounding. Half-up takes a half away from zero, as people expect of money; down cuts off, up takes any
// rest away from zero.
const (
	roundHalfUp   rounding = "half-up"
	roundHalfEven rounding = "half-even"
	roundDown     rounding = "down"
	roundUp       rounding = "up"
)

// div divides exactly and rounds once.
func (r rounding) div(n, by decimal.Decimal, digits int32) decimal.Decimal {
	cut, rest := n.QuoRem(by, digits)
	if rest.IsZero() {
		return cut
	}
	unit := decimal.New(int64(n.Sign()*by.Sign()), -digits)
	half := rest.Abs().Mul(decimal.NewFromInt(2)).Cmp(by.Abs().Shift(-digits))
	switch r {
	case roundDown:
		return cut
	case roundUp:
		return cut.Add(unit)
	case roundHalfEven:
		if half > 0 || half == 0 && !cut.Shift(digits).Mod(decimal.NewFromInt(2)).IsZero() {
			return cut.Add(unit)
		}
		return cut
	case roundHalfUp:
	}
	if half >= 0 {
		return cut.Add(unit)
	}
	return cut
}

func (r rounding) round(n decimal.Decimal, digits int32) decimal.Decimal {
	return r.div(n, decimal.NewFromInt(1), digits)
}

// rounding is how amounts of the item are rounded.
func (i *orderItemSummary) rounding() rounding { return i.how.rounds() }

func (how *decisions) rounds() rounding {
	if how == nil {
		return roundHalfUp
	}
	return how.rounding
}
