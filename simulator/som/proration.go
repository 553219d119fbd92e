package som

import (
	"github.com/shopspring/decimal"
)

// deliveryPool works out how much of the delivery charges goes back when units are cancelled. The charges of all
// delivery groups with such units are pooled and spread over the products of these groups by what they cost; groups
// without such units stay out. Source: Order Management developer guide, B2C Commerce data map, order delivery group.
//
// Charges and costs are those of the moment, which the source leaves open: together with the cap at what is left of a
// charge, a pool whose products are all cancelled ends at exactly nothing.
type deliveryPool struct {
	summary *orderSummary
	// cost and units are what the products of each group cost and count before the call.
	cost, units map[string]decimal.Decimal
	refunded    []*lineChange
}

func newDeliveryPool(s *orderSummary) *deliveryPool {
	p := &deliveryPool{summary: s, cost: map[string]decimal.Decimal{}, units: map[string]decimal.Decimal{}}
	for _, i := range s.items {
		if i.kind() == TypeProduct {
			p.cost[i.group()] = p.cost[i.group()].Add(p.basis(i.amounts()))
			p.units[i.group()] = p.units[i.group()].Add(i.quantities().quantity())
		}
	}
	return p
}

// basis is the price of a product that its share of the charges goes by.
func (p *deliveryPool) basis(a amounts) decimal.Decimal {
	if p.summary.how.deliveryByPaid() {
		return a.price()
	}
	return a.Line
}

// refund adds cancelled units whose share goes back.
func (p *deliveryPool) refund(line *lineChange) { p.refunded = append(p.refunded, line) }

// ratio is the part of the pooled charges that goes back, as a fraction. Products that cost nothing share by number.
func (p *deliveryPool) ratio() (part, whole decimal.Decimal) {
	byUnits, ofUnits := decimal.Zero, decimal.Zero
	for _, line := range p.refunded {
		part = part.Sub(p.basis(line.delta))
		byUnits = byUnits.Add(line.quantity)
	}
	for group := range p.pooled() {
		whole, ofUnits = whole.Add(p.cost[group]), ofUnits.Add(p.units[group])
	}
	if whole.IsZero() {
		return byUnits, ofUnits
	}
	return part, whole
}

func (p *deliveryPool) pooled() map[string]bool {
	groups := map[string]bool{}
	for _, line := range p.refunded {
		groups[line.item.group()] = true
	}
	return groups
}

// reductions lowers the delivery charges of the pooled groups and returns the changes. The total is rounded once and
// then handed out charge by charge, so that rounding neither loses nor invents a cent.
func (p *deliveryPool) reductions() []*lineChange {
	if len(p.refunded) == 0 {
		return nil
	}
	var changes []*lineChange
	part, whole := p.ratio()
	groups, digits := p.pooled(), p.summary.digits()
	by := p.summary.how.rounds()
	charge, tax := &apportioned{part: part, whole: whole, digits: digits, by: by}, &apportioned{part: part, whole: whole, digits: digits, by: by}
	for _, i := range p.summary.items {
		if i.kind() != TypeDelivery || !groups[i.group()] {
			continue
		}
		left := i.amounts()
		amount, onTax := charge.next(left.price()), tax.next(left.tax())
		if !amount.IsZero() || !onTax.IsZero() {
			changes = append(changes, i.reduceCharge(amount, onTax, p.refunded[0]))
		}
	}
	return changes
}

// apportioned hands out part/whole of a series of amounts with one common rounding.
type apportioned struct {
	part, whole     decimal.Decimal
	digits          int32
	by              rounding
	seen, handedOut decimal.Decimal
}

func (a *apportioned) next(amount decimal.Decimal) decimal.Decimal {
	a.seen = a.seen.Add(amount)
	out := decimal.Min(amount, a.by.share(a.seen, a.part, a.whole, a.digits).Sub(a.handedOut))
	a.handedOut = a.handedOut.Add(out)
	return out
}

// reduceCharge adds a price adjustment to a delivery charge; its quantity stays.
func (i *orderItemSummary) reduceCharge(amount, tax decimal.Decimal, because *lineChange) *lineChange {
	before := i.amounts()
	line := &adjustmentLine{row: newRow(objAdjustmentLine, values{
		"Name": "Delivery charge reduction", "Amount": amount.Neg(), "CurrencyIsoCode": i.Get("CurrencyIsoCode"),
		"OrderSummaryId": i.Get("OrderSummaryId"), "OrderItemSummaryId": i.ID,
	})}
	delta := adjustmentDelta{line: line, amount: amount.Neg()}
	if !tax.IsZero() {
		r := i.taxTemplate(tax.Neg())
		line.taxes = append(line.taxes, r)
		delta.taxes = append(delta.taxes, taxDelta{r, tax.Neg()})
	}
	i.adjustments = append(i.adjustments, line)
	i.rollUp()
	return &lineChange{
		item: i, changeType: ChangeDeliveryChargeAdjustment, reason: because.reason, reasonText: because.reasonText,
		adjustments: []adjustmentDelta{delta}, delta: i.amounts().plus(before.negated()),
	}
}

// taxTemplate makes the tax line of a new adjustment; several taxes of the charge are merged into one.
func (i *orderItemSummary) taxTemplate(amount decimal.Decimal) *row {
	v := values{
		"Name": "Tax", "Amount": amount, "Type": "Actual", "CurrencyIsoCode": i.Get("CurrencyIsoCode"),
		"OrderSummaryId": i.Get("OrderSummaryId"), "OrderItemSummaryId": i.ID,
	}
	if len(i.taxes) > 0 {
		of := i.taxes[0]
		v["Name"], v["Type"], v["TaxEffectiveDate"] = of.Get("Name"), of.Get("Type"), of.Get("TaxEffectiveDate")
		if len(i.taxes) == 1 {
			v["Rate"] = of.Get("Rate")
		}
	}
	return newRow(objTaxLine, v)
}
