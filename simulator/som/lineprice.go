package som

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// lineMoney is the money of a fulfillment order line: the price and its tax, all adjustments and theirs.
type lineMoney [4]decimal.Decimal

// lineMoneyFields are the fields that hold it.
func lineMoneyFields() [4]string {
	return [4]string{"TotalLineAmount", "TotalLineTaxAmount", "TotalAdjustmentAmount", "TotalAdjustmentTaxAmount"}
}

// asLine is the money as the lines of fulfillment orders hold it.
func (a amounts) asLine() lineMoney {
	return lineMoney{a.Line, a.LineTax, a.Adjustment.Add(a.Dist), a.AdjustmentTax.Add(a.DistTax)}
}

func readLineMoney(line *row) lineMoney {
	var m lineMoney
	for n, field := range lineMoneyFields() {
		m[n] = line.Decimal(field)
	}
	return m
}

func (m lineMoney) write(line *row) {
	for n, field := range lineMoneyFields() {
		line.put(field, m[n])
	}
}

// minus takes other money off, amount by amount.
func (m lineMoney) minus(other lineMoney) lineMoney {
	for n := range m {
		m[n] = m[n].Sub(other[n])
	}
	return m
}

func (m lineMoney) negated() lineMoney { return lineMoney{}.minus(m) }

// within tells whether no amount is farther from zero.
func (m lineMoney) within(most decimal.Decimal) bool {
	for _, n := range m {
		if n.Abs().GreaterThan(most) {
			return false
		}
	}
	return true
}

func (m lineMoney) isZero() bool { return m.within(decimal.Zero) }

// share is the part of the money that falls to q of the units, each amount rounded.
func (m lineMoney) share(by rounding, q, of decimal.Decimal, digits int32) lineMoney {
	for n := range m {
		m[n] = by.share(m[n], q, of, digits)
	}
	return m
}

// priceLine gives a new line the share of its units in the money of the item. The line that takes the last free units
// takes what rounding has left over as well, so that an item in several fulfillment orders is worth in them what it is
// worth itself, to the cent. What is left over for other reasons, such as a discount on units that were in fulfilment
// already, is not the last line's.
func (d *SOM) priceLine(tx *sandbox.Tx, i *orderItemSummary, line *row, quantity decimal.Decimal) {
	money := i.amounts().asLine().share(i.rounding(), quantity, i.quantities().quantity(), i.digits())
	if i.quantities().available().IsZero() {
		left, roundings := d.unallocated(tx, i)
		most := roundings.Shift(-i.digits())
		for n := range money {
			if left[n].Sub(money[n]).Abs().LessThanOrEqual(most) {
				money[n] = left[n]
			}
		}
	}
	money.write(line)
}

// unallocated is the money of an item that is in no fulfillment order: of the units that are free, and of none that came
// back. With it comes how often an amount was rounded on the way, which is how many cents the parts can be off at most.
func (d *SOM) unallocated(tx *sandbox.Tx, i *orderItemSummary) (left lineMoney, roundings decimal.Decimal) {
	left, roundings = i.amounts().asLine(), i.quantities().Canceled.Add(decimal.NewFromInt(1))
	rows := d.Rows(tx)
	for _, stored := range rows.children(objFulfillmentLine, "OrderItemSummaryId", i.ID) {
		line := tracked(stored)
		order := d.parent(tx, objFulfillmentOrder, line.Get("FulfillmentOrderId"))
		roundings = roundings.Add(line.Decimal("OriginalQuantity")).Sub(line.Decimal("Quantity"))
		if d.decided.allocates(StatusCategory(order.Text("StatusCategory"))) {
			left, roundings = left.minus(readLineMoney(line)), roundings.Add(decimal.NewFromInt(1))
		}
	}
	for _, change := range rows.children(objItemChange, "OrderItemSummaryId", i.ID) {
		if item, ok := d.find(tx, objOrderItem, change.Text("ChangeOrderItemId")); ok && !change.Bool("IsPreFulfillment") {
			left = left.minus(d.decided.changed(readAmounts(item)).asLine())
		}
	}
	return left, roundings
}

// evenOut gives the cents that rounding has left over to the last line of the item whose fulfillment order can still be
// invoiced. A cancel of the last free units needs it: it takes the share of what the item is worth, not what the lines
// have left.
func (d *SOM) evenOut(tx *sandbox.Tx, user string, i *orderItemSummary) {
	left, roundings := d.unallocated(tx, i)
	if left.isZero() || !i.quantities().available().IsZero() || !left.within(roundings.Shift(-i.digits())) {
		return
	}
	lines := d.Rows(tx).children(objFulfillmentLine, "OrderItemSummaryId", i.ID)
	for _, stored := range slices.Backward(lines) {
		fo, err := d.loadFulfillmentOrder(tx, stored.Text("FulfillmentOrderId"))
		if err != nil || !d.decided.allocates(fo.category()) || fo.Text("InvoiceId") != "" || !stored.Decimal("Quantity").IsPositive() {
			continue
		}
		line, _ := fo.line(stored.ID)
		readLineMoney(line).minus(left.negated()).write(line)
		fo.rollUp()
		d.save(tx, user, line)
		d.save(tx, user, fo.row)
		return
	}
}

// takeOut takes units off a line, with their share of its money.
func takeOut(line *row, by rounding, quantity decimal.Decimal) {
	money := readLineMoney(line)
	money.minus(money.share(by, quantity, line.Decimal("Quantity"), currencyDigits(line.Text("CurrencyIsoCode")))).write(line)
	line.add("Quantity", quantity.Neg())
}
