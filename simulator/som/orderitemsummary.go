package som

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// OrderItemSummaryStatus is the computed status of an order item summary.
type OrderItemSummaryStatus string

// The vendor's statuses. PAID is in the picklist too and never computed.
const (
	ItemReturnInitiated    OrderItemSummaryStatus = "RETURNINITIATED"
	ItemReshipped          OrderItemSummaryStatus = "RESHIPPED"
	ItemReturned           OrderItemSummaryStatus = "RETURNED"
	ItemCanceled           OrderItemSummaryStatus = "CANCELED"
	ItemFulfilled          OrderItemSummaryStatus = "FULFILLED"
	ItemPartiallyFulfilled OrderItemSummaryStatus = "PARTIALLYFULFILLED"
	ItemAllocated          OrderItemSummaryStatus = "ALLOCATED"
	ItemPartiallyAllocated OrderItemSummaryStatus = "PARTIALLYALLOCATED"
	ItemOrdered            OrderItemSummaryStatus = "ORDERED"
)

// quantities are the stored counters of an order item summary.
type quantities struct {
	Ordered, Canceled, Allocated, Fulfilled, ReturnInitiated, Returned, Reshipped decimal.Decimal
}

func readQuantities(r *sobject.Record) quantities {
	return quantities{
		r.Decimal("QuantityOrdered"), r.Decimal("QuantityCanceled"), r.Decimal("QuantityAllocated"),
		r.Decimal("QuantityFulfilled"), r.Decimal("QuantityReturnInitiated"), r.Decimal("QuantityReturned"),
		r.Decimal("QuantityReshipped"),
	}
}

// quantity is what is left of the line: ordered and neither cancelled nor returned.
func (q quantities) quantity() decimal.Decimal { return q.netOrdered().Sub(q.Returned) }

func (q quantities) netOrdered() decimal.Decimal { return q.Ordered.Sub(q.Canceled) }

// available is what can still be cancelled or allocated. Allocated units leave it although nothing has shipped, and
// fulfilment does not bring them back.
func (q quantities) available() decimal.Decimal { return q.netOrdered().Sub(q.Allocated) }

// returnable is what was fulfilled and no return holds, nor a return order that is still open.
func (q quantities) returnable() decimal.Decimal { return q.Fulfilled.Sub(q.ReturnInitiated) }

// statusRules are tried in this order; the first that holds gives the status. Source: Help page
// om_order_product_summary_statuses and the object reference of OrderItemSummary.
func statusRules() []statusRule {
	zero := decimal.Zero
	return []statusRule{
		{ItemReturnInitiated, func(q quantities) bool {
			return q.quantity().GreaterThan(zero) && q.ReturnInitiated.Equal(q.Fulfilled) && q.Returned.LessThan(q.ReturnInitiated)
		}},
		{ItemReshipped, func(q quantities) bool {
			return q.Fulfilled.GreaterThan(zero) && q.Reshipped.Equal(q.Fulfilled) && q.ReturnInitiated.IsZero() && q.Fulfilled.Equal(q.Ordered)
		}},
		{ItemReturned, func(q quantities) bool { return q.quantity().IsZero() && q.Returned.GreaterThan(zero) }},
		{ItemCanceled, func(q quantities) bool {
			return q.quantity().IsZero() && q.Canceled.GreaterThan(zero) && q.Returned.IsZero()
		}},
		{ItemFulfilled, func(q quantities) bool {
			return q.quantity().GreaterThan(zero) && q.netOrdered().LessThanOrEqual(q.Fulfilled)
		}},
		{ItemPartiallyFulfilled, func(q quantities) bool {
			return q.Fulfilled.GreaterThan(zero) && q.Fulfilled.LessThan(q.netOrdered())
		}},
		{ItemAllocated, func(q quantities) bool {
			return q.quantity().GreaterThan(zero) && q.quantity().LessThanOrEqual(q.Allocated)
		}},
		{ItemPartiallyAllocated, func(q quantities) bool {
			return q.Allocated.GreaterThan(zero) && q.Allocated.LessThan(q.quantity())
		}},
	}
}

type statusRule struct {
	status OrderItemSummaryStatus
	holds  func(quantities) bool
}

func (q quantities) status() OrderItemSummaryStatus {
	for _, rule := range statusRules() {
		if rule.holds(q) {
			return rule.status
		}
	}
	return ItemOrdered
}

// orderItemSummary is a line of an order summary with its adjustments and taxes.
type orderItemSummary struct {
	*row
	adjustments []*adjustmentLine
	// taxes are those on the line itself; taxes on adjustments are with them.
	taxes []*row
	// how is what the org decides where the vendor leaves it open; nil decides everything as by default.
	how *decisions
}

// adjustmentLine is a price adjustment of a line and the taxes on it.
type adjustmentLine struct {
	*row
	// header marks a share of an order-level adjustment.
	header bool
	taxes  []*row
}

func (i *orderItemSummary) kind() ItemType { return ItemType(i.Text("Type")) }

func (i *orderItemSummary) quantities() quantities { return readQuantities(&i.Record) }

func (i *orderItemSummary) group() string { return i.Text("OrderDeliveryGroupSummaryId") }

// digits is the number of decimals that amounts of the line are rounded to.
func (i *orderItemSummary) digits() int32 { return currencyDigits(i.Text("CurrencyIsoCode")) }

// rollUp computes what follows from the counters, the adjustment lines and the tax lines.
func (i *orderItemSummary) rollUp() {
	a := amounts{Line: i.Decimal("TotalLineAmount"), LineTax: sum(i.taxes)}
	for _, line := range i.adjustments {
		tax := sum(line.taxes)
		line.put("TotalTaxAmount", tax)
		if line.header {
			a.Dist, a.DistTax = a.Dist.Add(line.Decimal("Amount")), a.DistTax.Add(tax)
		} else {
			a.Adjustment, a.AdjustmentTax = a.Adjustment.Add(line.Decimal("Amount")), a.AdjustmentTax.Add(tax)
		}
	}
	a.writeLine(i.row)
	i.put("Status", string(i.quantities().status()))
}

func (i *orderItemSummary) amounts() amounts { return readAmounts(&i.Record) }

func sum(rows []*row) decimal.Decimal {
	total := decimal.Zero
	for _, r := range rows {
		total = total.Add(r.Decimal("Amount"))
	}
	return total
}
