package som

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// currencyDigits is the number of decimals of a currency (ISO 4217); amounts are rounded to it.
func currencyDigits(code string) int32 {
	switch code {
	case "JPY", "KRW", "CLP", "ISK", "VND", "PYG", "UGX", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	default:
		return 2
	}
}

// share returns the part of an amount that falls to q of Q, rounded; all of Q get exactly all of it. Taken from current
// amounts again and again, the parts therefore add up to the whole to the last cent.
func (r rounding) share(amount, q, of decimal.Decimal, digits int32) decimal.Decimal {
	if q.Equal(of) || of.IsZero() {
		return amount
	}
	return r.div(amount.Mul(q), of, digits)
}

// amounts is the money of a line as it is stored; the vendor's other money fields are sums of these six. Line is the
// price without adjustments and tax, Adjustment the line's own discounts, Dist its share of order-level discounts (the
// vendor's group type Header), each with its tax. Discounts are negative.
type amounts struct {
	Line, LineTax, Adjustment, AdjustmentTax, Dist, DistTax decimal.Decimal
}

func (a amounts) plus(b amounts) amounts {
	return amounts{
		a.Line.Add(b.Line), a.LineTax.Add(b.LineTax), a.Adjustment.Add(b.Adjustment),
		a.AdjustmentTax.Add(b.AdjustmentTax), a.Dist.Add(b.Dist), a.DistTax.Add(b.DistTax),
	}
}

func (a amounts) negated() amounts {
	return amounts{
		a.Line.Neg(), a.LineTax.Neg(), a.Adjustment.Neg(), a.AdjustmentTax.Neg(), a.Dist.Neg(), a.DistTax.Neg(),
	}
}

// adjusted is the line with its own adjustments, price the line with all of them; neither has tax.
func (a amounts) adjusted() decimal.Decimal    { return a.Line.Add(a.Adjustment) }
func (a amounts) adjustedTax() decimal.Decimal { return a.LineTax.Add(a.AdjustmentTax) }
func (a amounts) price() decimal.Decimal       { return a.adjusted().Add(a.Dist) }
func (a amounts) tax() decimal.Decimal         { return a.adjustedTax().Add(a.DistTax) }
func (a amounts) withTax() decimal.Decimal     { return a.price().Add(a.tax()) }

// readAmounts reads the six stored sums of an OrderItemSummary.
func readAmounts(r *sobject.Record) amounts {
	return amounts{
		r.Decimal("TotalLineAmount"), r.Decimal("TotalLineTaxAmount"),
		r.Decimal("TotalLineAdjustmentAmount"), r.Decimal("TotalLineAdjustmentTaxAmount"),
		r.Decimal("TotalAdjustmentDistAmount"), r.Decimal("TotalAdjustmentDistTaxAmount"),
	}
}

// changed reads what a change order's item holds as the delta of the order that it stands for.
func (how *decisions) changed(a amounts) amounts {
	if how.reversed {
		return a.negated()
	}
	return a
}

// writeLine stores the six sums on an OrderItemSummary or an OrderItem.
func (a amounts) writeLine(r *row) {
	r.put("TotalLineAmount", a.Line)
	r.put("TotalLineTaxAmount", a.LineTax)
	r.put("TotalLineAdjustmentAmount", a.Adjustment)
	r.put("TotalLineAdjustmentTaxAmount", a.AdjustmentTax)
	r.put("TotalAdjustmentDistAmount", a.Dist)
	r.put("TotalAdjustmentDistTaxAmount", a.DistTax)
}

// ItemType is the Type of an order item; it decides which totals of the order the item counts in.
type ItemType string

// The vendor's item types.
const (
	TypeProduct  ItemType = "Order Product"
	TypeDelivery ItemType = "Delivery Charge"
	TypeFee      ItemType = "Fee"
)

// code is the TypeCode behind a type.
func (t ItemType) code() string {
	if t == TypeProduct {
		return "Product"
	}
	return "Charge"
}

// totals is the money of an order by item type. Items without a type count in none, as the vendor documents.
type totals struct {
	Product, Delivery, Fee amounts
}

func (t *totals) add(kind ItemType, a amounts) {
	switch kind {
	case TypeProduct:
		t.Product = t.Product.plus(a)
	case TypeDelivery:
		t.Delivery = t.Delivery.plus(a)
	case TypeFee:
		t.Fee = t.Fee.plus(a)
	}
}

func (t totals) all() amounts { return t.Product.plus(t.Delivery).plus(t.Fee) }

func (t totals) negated() totals {
	return totals{t.Product.negated(), t.Delivery.negated(), t.Fee.negated()}
}

// charges is what counts in the totals of a delivery group: items of type code Charge.
func (t totals) charges() amounts { return t.Delivery.plus(t.Fee) }

// writeOrder stores the totals that Order and OrderSummary have in common.
func (t totals) writeOrder(r *row, how *decisions) {
	all := t.all()
	r.put("TotalAdjustedProductAmount", t.Product.adjusted())
	r.put("TotalAdjustedProductTaxAmount", t.Product.adjustedTax())
	r.put("TotalProductAdjDistAmount", t.Product.Dist)
	r.put("TotalProductAdjDistTaxAmount", t.Product.DistTax)
	r.put("TotalAdjustedDeliveryAmount", t.Delivery.adjusted())
	r.put("TotalAdjustedDeliveryTaxAmount", t.Delivery.adjustedTax())
	r.put("TotalDeliveryAdjDistAmount", t.Delivery.Dist)
	r.put("TotalDeliveryAdjDistTaxAmount", t.Delivery.DistTax)
	// The vendor's own formula for TotalAmount leaves out order-level adjustments although its text includes them; the
	// sum over the items agrees with both where there are none.
	if how.totalByFormula() {
		r.put("TotalAmount", all.adjusted())
		r.put("TotalTaxAmount", all.adjustedTax())
		return
	}
	r.put("TotalAmount", all.price())
	r.put("TotalTaxAmount", all.tax())
}

// writeSummary stores the totals of an OrderSummary.
func (t totals) writeSummary(r *row, how *decisions) {
	t.writeOrder(r, how)
	r.put("TotalProductAmount", t.Product.Line)
	r.put("TotalProductTaxAmount", t.Product.LineTax)
	r.put("TotalDeliveryAmount", t.Delivery.Line)
	r.put("TotalDeliveryTaxAmount", t.Delivery.LineTax)
	r.put("TotalFeeAmount", t.Fee.Line)
	r.put("TotalFeeTaxAmount", t.Fee.LineTax)
	r.put("TotalAdjustedFeeAmount", t.Fee.adjusted())
	r.put("TotalAdjustedFeeTaxAmount", t.Fee.adjustedTax())
	r.put("TotalFeeAdjDistAmount", t.Fee.Dist)
	r.put("TotalFeeAdjDistTaxAmount", t.Fee.DistTax)
}

// writeGroup stores the totals of a delivery group, which counts its charges only.
func (t totals) writeGroup(r *row) {
	charges := t.charges()
	r.put("TotalLineAmount", charges.Line)
	r.put("TotalLineTaxAmount", charges.LineTax)
	r.put("TotalAdjustmentAmount", charges.Adjustment.Add(charges.Dist))
	r.put("TotalAdjustmentTaxAmount", charges.AdjustmentTax.Add(charges.DistTax))
}
