// Package together knows which lines of an order go only with others: the parts of a bundle, the options of a product and
// what was given for a purchase. It says how many of their units an action on other lines takes along.
//
// Order management names the line that a line belongs to (MainOrderItemSummaryId) and nothing more. A line that belongs to
// another, has a price and costs nothing is a bonus; every other one is a part or an option.
package together

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/somclient"
)

// Line is what is known of a line. Quantities are whole numbers of units.
type Line struct {
	ID string
	// Main is the line that it belongs to; empty for one that stands by itself.
	Main string
	// Bonus says that it was given for the purchase of its main line.
	Bonus bool
	// Ordered is how many were ordered; Left of these are neither cancelled nor on their way back, and the action can take
	// Open of those.
	Ordered, Left, Open decimal.Decimal
}

// Lines are the product lines of an order.
type Lines []Line

// IsBonus says that a line belongs to another, has a price and costs nothing.
func IsBonus(i somclient.OrderItemSummary) bool {
	return i.MainOrderItemSummaryID != "" && i.TotalAmtWithTax.IsZero() && i.TotalLineAmountWithTax.IsPositive()
}

// Worth is the price of one unit without its discounts, with tax, not rounded; zero when no unit is left.
func Worth(i somclient.OrderItemSummary) decimal.Decimal {
	if !i.Quantity.IsPositive() {
		return decimal.Zero
	}
	return i.TotalLineAmountWithTax.Div(i.Quantity)
}

// Main is the line that a line belongs to, if the order has it.
func (ls Lines) Main(l Line) (Line, bool) {
	at := slices.IndexFunc(ls, func(m Line) bool { return l.Main != "" && m.ID == l.Main })
	if at < 0 {
		return Line{}, false
	}
	return ls[at], true
}

// Due is how many units of a line go along when so many of its main line go: it keeps its share of what remains of that one,
// rounded up. Of one that stands by itself none go along.
func (ls Lines) Due(l Line, units decimal.Decimal) decimal.Decimal {
	main, ok := ls.Main(l)
	if !ok || !main.Ordered.IsPositive() || !units.IsPositive() {
		return decimal.Zero
	}
	share := func(left decimal.Decimal) decimal.Decimal { return left.Mul(l.Ordered).Div(main.Ordered).Ceil() }
	return decimal.Min(l.Left, share(main.Left).Sub(share(main.Left.Sub(units))))
}

// Fits is how many of the wanted units of a line its parts and options let go: all of these have to go along.
func (ls Lines) Fits(main Line, wanted decimal.Decimal) decimal.Decimal {
	for ; wanted.IsPositive(); wanted = wanted.Sub(decimal.NewFromInt(1)) {
		if len(ls.Stuck(main, wanted)) == 0 {
			break
		}
	}
	return decimal.Max(decimal.Zero, wanted)
}

// Stuck are the parts and options of which more would have to go along with units of their main line than can.
func (ls Lines) Stuck(main Line, units decimal.Decimal) []string {
	var stuck []string
	for _, l := range ls {
		if l.Main == main.ID && !l.Bonus && ls.Due(l, units).GreaterThan(l.Open) {
			stuck = append(stuck, l.ID)
		}
	}
	return stuck
}
