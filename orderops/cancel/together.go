package cancel

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/together"
)

// SentBonus says what becomes of a bonus that has been handed over when the line that it was given for is cancelled.
type SentBonus string

// The policies for a bonus that has been handed over.
const (
	ForgiveBonus SentBonus = "forgive" // the shopper keeps it
	RefuseBonus  SentBonus = "refuse"  // the line cannot be cancelled any more; both may be returned
)

// together are the product lines with what of them can be cancelled.
func (o order) together() together.Lines {
	var lines together.Lines
	for _, l := range o.Lines {
		if l.Product {
			lines = append(lines, together.Line{
				ID: l.ID, Main: l.Main, Bonus: l.Bonus, Ordered: l.Ordered, Left: l.Ordered.Sub(l.Canceled), Open: decimal.Max(decimal.Zero, l.open()),
			})
		}
	}
	return lines
}

// takeAlong adds to the wanted units those that go only together with them, and refuses those that were asked for by
// themselves, or that have been handed over while their main line has not. Where the whole order is meant, lines that
// cannot go stay instead.
func (c *Cancels) takeAlong(o order, wanted map[string]decimal.Decimal, whole bool) error {
	lines := o.together()
	for _, l := range lines {
		if _, dependent := lines.Main(l); dependent || !wanted[l.ID].IsPositive() {
			continue
		}
		held := append(lines.Stuck(l, wanted[l.ID]), c.sentBonus(lines, l, wanted[l.ID])...)
		switch {
		case len(held) == 0:
		case !whole:
			return withItems(refuseCancel("what goes only together with line %s has been handed over", l.ID), held...)
		case len(c.sentBonus(lines, l, wanted[l.ID])) > 0:
			delete(wanted, l.ID)
		default:
			wanted[l.ID] = lines.Fits(l, wanted[l.ID])
		}
	}
	var alone []string
	for _, l := range lines {
		main, dependent := lines.Main(l)
		if !dependent {
			continue
		}
		due := lines.Due(l, wanted[main.ID])
		if !whole && wanted[l.ID].GreaterThan(due) {
			alone = append(alone, l.ID)
		}
		wanted[l.ID] = decimal.Min(due, l.Open)
	}
	if len(alone) > 0 {
		return withItems(orderops.Refuse(orderops.DependentLine, "it goes only together with what it belongs to"), alone...)
	}
	return nil
}

// sentBonus are bonus lines that would have to go along with units of their main line and have been handed over, where
// that forbids it.
func (c *Cancels) sentBonus(lines together.Lines, main together.Line, units decimal.Decimal) []string {
	var sent []string
	for _, l := range lines {
		if l.Main == main.ID && l.Bonus && c.Policy.SentBonus == RefuseBonus && lines.Due(l, units).GreaterThan(l.Open) {
			sent = append(sent, l.ID)
		}
	}
	return sent
}
