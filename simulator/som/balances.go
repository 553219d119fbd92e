package som

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// ChangeBalances are the totals of a change as the Connect API tells them: positive for what the order is worth less.
// Order-level discounts and fees therefore come out negative.
type ChangeBalances struct {
	GrandTotalAmount, TotalAmount, TotalTaxAmount                                                    decimal.Decimal
	TotalAdjustedProductAmount, TotalAdjustedProductTaxAmount, TotalAdjProductAmtWithTax             decimal.Decimal
	TotalAdjustedDeliveryAmount, TotalAdjustedDeliveryTaxAmount, TotalAdjDeliveryAmtWithTax          decimal.Decimal
	TotalAdjustmentDistributedAmount, TotalAdjustmentDistributedTaxAmount, TotalAdjDistAmountWithTax decimal.Decimal
	TotalFeeAmount, TotalFeeTaxAmount                                                                decimal.Decimal
	// TotalExcessFundsAmount and TotalRefundableAmount are of the whole order summary, not of this change: they add up
	// over changes until money is refunded.
	TotalExcessFundsAmount, TotalRefundableAmount decimal.Decimal
	// TotalRequiredFundsAmount is what the shopper is charged for fees and no invoice has collected yet, of the whole
	// order summary too.
	TotalRequiredFundsAmount decimal.Decimal
}

// totals are the deltas of the change order by item type.
func (c *changeOrder) totals() totals {
	var t totals
	for _, l := range c.lines {
		t.add(l.item.kind(), l.delta)
	}
	return t
}

// totals are the deltas of all change orders together.
func (p *plan) totals() totals {
	var t totals
	for _, c := range p.orders {
		of := c.totals()
		t = totals{t.Product.plus(of.Product), t.Delivery.plus(of.Delivery), t.Fee.plus(of.Fee)}
	}
	return t
}

// balances tells the change as the Connect API does.
func (p *plan) balances(d *SOM, tx *sandbox.Tx) ChangeBalances {
	t := p.totals().negated()
	all, due := t.all(), d.outstanding(tx, p)
	excess := d.excessFunds(tx, p.summary, due)
	b := changeTotals(t, all)
	b.TotalExcessFundsAmount, b.TotalRefundableAmount, b.TotalRequiredFundsAmount = excess, excess.Add(due.refundable()), due.fees
	return b
}

// changeTotals are the balances that follow from amounts by item type and their sum.
func changeTotals(t totals, all amounts) ChangeBalances {
	return ChangeBalances{
		GrandTotalAmount: all.withTax(), TotalAmount: all.price(), TotalTaxAmount: all.tax(),
		TotalAdjustedProductAmount: t.Product.adjusted(), TotalAdjustedProductTaxAmount: t.Product.adjustedTax(),
		TotalAdjProductAmtWithTax:   t.Product.adjusted().Add(t.Product.adjustedTax()),
		TotalAdjustedDeliveryAmount: t.Delivery.adjusted(), TotalAdjustedDeliveryTaxAmount: t.Delivery.adjustedTax(),
		TotalAdjDeliveryAmtWithTax:       t.Delivery.adjusted().Add(t.Delivery.adjustedTax()),
		TotalAdjustmentDistributedAmount: all.Dist, TotalAdjustmentDistributedTaxAmount: all.DistTax,
		TotalAdjDistAmountWithTax: all.Dist.Add(all.DistTax),
		TotalFeeAmount:            t.Fee.adjusted(), TotalFeeTaxAmount: t.Fee.adjustedTax(),
	}
}

// dues are what change orders of an order summary have left to be settled, with tax.
type dues struct {
	// credits is owed to the shopper for changes after fulfilment that no credit memo holds yet, credited what credit
	// memos hold and no refund has given back yet.
	credits, credited decimal.Decimal
	// fees is charged to the shopper and not collected yet.
	fees decimal.Decimal
	// covered is what exchanges have taken of what is owed to the shopper.
	covered decimal.Decimal
}

// refundable is what of the credits that no memo holds goes back to the shopper: what exchanges have not taken.
func (u dues) refundable() decimal.Decimal {
	taken := decimal.Max(decimal.Zero, u.covered.Sub(u.credited))
	return decimal.Max(decimal.Zero, u.credits.Sub(taken))
}

// owed is what is owed to the shopper for changes after fulfilment, in memos or not.
func (u dues) owed() decimal.Decimal {
	return decimal.Max(decimal.Zero, u.credits.Add(u.credited).Sub(u.covered))
}

// outstanding adds up what is left to be settled, the plan's own change orders included, whether they are written yet
// or not.
func (d *SOM) outstanding(tx *sandbox.Tx, p *plan) dues {
	due := d.storedDues(tx, p.summary.ID)
	for _, c := range p.orders {
		if c.id == "" {
			due.add(c.fees, c.preFulfillment, c.totals().all().withTax())
		}
	}
	return due
}

// add counts an unsettled change order by its grand total, which is negative for what goes back.
func (u *dues) add(fees, preFulfillment bool, grandTotal decimal.Decimal) {
	switch {
	case fees:
		u.fees = u.fees.Add(grandTotal)
	case !preFulfillment:
		u.credits = u.credits.Sub(grandTotal)
	}
}

func (d *SOM) storedDues(tx *sandbox.Tx, summaryID string) dues {
	var due dues
	rows, seen := d.Rows(tx), map[string]bool{}
	for _, r := range rows.children(objItemChange, "OrderSummaryId", summaryID) {
		item, _ := d.find(tx, objOrderItem, r.Text("ChangeOrderItemId"))
		order, ok := d.find(tx, objOrder, item.Text("OrderId"))
		settled, done := d.settlements.Get(tx.Tx, order.ID)
		if ok && !done && isFee(r) { // what is left of it: a fee may have been cancelled since
			line, _ := d.find(tx, objOrderItemSummary, r.Text("OrderItemSummaryId"))
			due.fees = due.fees.Add(d.number(line, "TotalAmtWithTax"))
			continue
		}
		if !ok || seen[order.ID] {
			continue
		}
		seen[order.ID] = true
		if !done {
			due.add(false, r.Bool("IsPreFulfillment"), d.decided.signed(d.number(order, "GrandTotalAmount")))
			continue
		}
		if invoice, ok := d.find(tx, objInvoice, settled.DocumentID); ok && !seen[invoice.ID] {
			seen[invoice.ID] = true
			due.fees = due.fees.Add(d.number(invoice, "Balance"))
		}
	}
	for _, memo := range rows.children(objCreditMemo, "ReferenceEntityId", summaryID) {
		due.credited = due.credited.Add(d.number(memo, "Balance"))
	}
	due.covered = d.covered(tx, summaryID)
	return due
}

// number reads a number that may be a formula.
func (d *SOM) number(r *sobject.Record, field string) decimal.Decimal {
	o, _ := d.catalog.Object(r.Object)
	f, _ := o.Field(field)
	n, _ := d.catalog.Value(r, f).(decimal.Decimal)
	return n
}

// isFee tells whether a change record is of a fee.
func isFee(r *sobject.Record) bool {
	kind := ChangeType(r.Text("ChangeType"))
	return kind == ChangeCancelFee || kind == ChangeReturnFee
}

// excessFunds is captured money that the order summary is no longer worth and that neither an open change after
// fulfilment nor a credit memo claims. Fees count against it only when they are collected, because the refund that
// settles a change names the invoices of its fees itself. It is a figure of the whole order summary, not of one change,
// and falls only when money is refunded.
func (d *SOM) excessFunds(tx *sandbox.Tx, s *orderSummary, due dues) decimal.Decimal {
	held := decimal.Zero
	for _, stake := range d.stakes(tx, s.ID) {
		held = held.Add(stake.amount)
	}
	claimed := s.grandTotal().Add(due.owed()).Sub(due.fees)
	return decimal.Max(decimal.Zero, held.Sub(claimed))
}
