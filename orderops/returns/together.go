package returns

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/returnby"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/together"
)

// Bonus says what follows when a bonus stays with the shopper while what it was given for comes back.
type Bonus string

// The policies for a bonus that stays with the shopper.
const (
	DeductBonus  Bonus = "deduct"  // its price is kept of the refund
	RequireBonus Bonus = "require" // it has to come back too
	ForgiveBonus Bonus = "forgive" // it is a present
)

// together are the product lines with what of them can come back.
func (o order) together() together.Lines {
	var lines together.Lines
	for _, l := range o.Lines {
		if l.Product {
			lines = append(lines, together.Line{ID: l.ID, Main: l.Main, Bonus: l.Bonus, Ordered: l.Ordered, Left: l.left(), Open: l.Available})
		}
	}
	return lines
}

// decisive is the line whose window counts: of parts and options that of the line that they belong to.
func (o order) decisive(l line) line {
	if main, ok := o.line(l.Main); ok && !l.Bonus {
		return main
	}
	return l
}

// takeAlong adds to the wanted units the parts and options that go only together with them, and refuses those that were
// asked for by themselves or are not there yet. Of a bonus that is not given back the price is kept, or it is refused.
func (j *job) takeAlong(p *plan, wanted map[string]decimal.Decimal) error {
	everything := len(j.in.Request.Items) == 0
	lines := j.order.together()
	for _, l := range lines {
		stuck := lines.Stuck(l, wanted[l.ID])
		switch {
		case len(stuck) > 0 && everything:
			wanted[l.ID] = lines.Fits(l, wanted[l.ID])
		case len(stuck) > 0:
			return withItems(orderops.Refuse(orderops.NotReturnable, "what goes only together with line %s has not been handed over", l.ID), stuck...)
		}
	}
	var alone []string
	for _, l := range lines {
		main, dependent := lines.Main(l)
		switch due := lines.Due(l, wanted[main.ID]); {
		case !dependent:
		case l.Bonus:
			if missing := due.Sub(wanted[l.ID]); missing.IsPositive() {
				p.Kept = append(p.Kept, keptBonus{LineID: l.ID, MainID: main.ID, Quantity: missing})
			}
		case wanted[l.ID].GreaterThan(due) && !everything:
			alone = append(alone, l.ID)
		default:
			wanted[l.ID] = due
		}
	}
	if len(alone) > 0 {
		return withItems(orderops.Refuse(orderops.DependentLine, "it comes back only together with what it belongs to"), alone...)
	}
	return j.keepBonuses(p, wanted)
}

// keptBonus is units of a bonus that stay with the shopper although those of the main line come back.
type keptBonus struct {
	LineID   string          `json:"line_id"`
	MainID   string          `json:"main_id"`
	Quantity decimal.Decimal `json:"quantity"`
	// Price is what is kept for them, with tax.
	Price decimal.Decimal `json:"price"`
}

// keepBonuses does with bonuses that stay what the site wants. No more is kept for them than was paid for what comes back.
func (j *job) keepBonuses(p *plan, wanted map[string]decimal.Decimal) error {
	policy := j.Policy.Bonus.Of(j.row.Site)
	if policy == ForgiveBonus {
		p.Kept = nil
	}
	if policy == RequireBonus && len(p.Kept) > 0 {
		var ids []string
		for _, k := range p.Kept {
			ids = append(ids, k.LineID)
		}
		return withItems(orderops.Refuse(orderops.DependentLine, "what was given for it has to come back too"), ids...)
	}
	digits := orderops.CurrencyDigits(j.in.Currency)
	most := map[string]decimal.Decimal{}
	for i := range p.Kept {
		k := &p.Kept[i]
		bonus, _ := j.order.line(k.LineID)
		if _, known := most[k.MainID]; !known {
			main, _ := j.order.line(k.MainID)
			most[k.MainID] = main.Paid.Mul(wanted[k.MainID]).Mul(decimal.NewFromInt(100).Sub(j.Policy.Fee.Of(j.row.Site))).Shift(-2).RoundDown(digits)
		}
		k.Price = decimal.Min(bonus.Worth.Mul(k.Quantity).Round(digits), most[k.MainID])
		most[k.MainID] = most[k.MainID].Sub(k.Price)
	}
	p.Kept = slices.DeleteFunc(p.Kept, func(k keptBonus) bool { return !k.Price.IsPositive() })
	return nil
}

// fees are what is kept of the units of a line that come back.
func (p plan) fees(lineID string) []somclient.ChangeFee {
	var fees []somclient.ChangeFee
	if p.Fee.IsPositive() {
		fees = append(fees, somclient.ChangeFee{ProductID: p.FeeProduct, Percent: p.Fee, Description: "Restocking fee"})
	}
	for _, k := range p.Kept {
		if k.MainID == lineID {
			fees = append(fees, somclient.ChangeFee{ProductID: p.FeeProduct, Amount: k.Price, Description: "Bonus that was not given back"})
		}
	}
	return fees
}

// alike are those of the lines of a product that belong to others, or those that do not, as the commerce line does; all of
// them where order management does not tell them apart.
func alike(lines []line, dependent bool) []line {
	same := slices.DeleteFunc(slices.Clone(lines), func(l line) bool { return (l.Main != "") != dependent })
	if len(same) == 0 {
		return lines
	}
	return same
}

// mayReturn says that a line may be given back: by its window, or because an agent has set that aside.
func (j *job) mayReturn(l line) bool {
	switch j.order.decisive(l).Window.Why {
	case returnby.Open:
		return true
	case returnby.WindowClosed:
		return j.in.Overrides.Has(orderops.OverrideReturnBy)
	case returnby.NotReturnable, returnby.NothingToReturn:
		return false
	default:
		return false
	}
}
