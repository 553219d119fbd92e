package som

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// A balance that is reserved for an exchange is that order's from then on, whoever paid it: ReservedBalanceAmount of the
// OrderPaymentSummaryReference is what was handed over, and stays when it pays invoices or is refunded. What the vendor
// does with the amount afterwards is on no page; that it stays lets the sums of both orders be told from the rows.

// sharedRefund remembers for which order summary an order payment summary of another was refunded, because no field of
// the vendor's does.
type sharedRefund struct{ RefundID, OrderSummaryID string }

// coverage remembers how much of what an order summary owes for returns was settled by exchanges.
type coverage struct {
	OrderSummaryID string
	Settled        decimal.Decimal
}

// stake is the money that an order summary has in an order payment summary: captured for it or handed over to it, and
// neither given back nor handed on.
type stake struct {
	ops *sobject.Record
	// shared tells that the order payment summary belongs to another order summary.
	shared bool
	amount decimal.Decimal
}

// stakes lists the order payment summaries of an order summary, and after them those that are shared with it.
func (d *SOM) stakes(tx *sandbox.Tx, summaryID string) []stake {
	var out []stake
	rows := d.Rows(tx)
	for _, ops := range rows.children(objOrderPaymentSummary, "OrderSummaryId", summaryID) {
		out = append(out, stake{ops, false, ops.Decimal("CapturedAmount")})
	}
	for _, reference := range rows.children(objPaymentReference, "OrderSummaryId", summaryID) {
		ops := d.parent(tx, objOrderPaymentSummary, reference.Get("OrderPaymentSummaryId"))
		out = append(out, stake{ops, true, reference.Decimal("ReservedBalanceAmount")})
	}
	for n := range out {
		opsID := out[n].ops.ID
		out[n].amount = out[n].amount.Sub(d.refundedFor(tx, summaryID, out[n].ops)).Sub(d.handedOn(tx, summaryID, opsID))
	}
	return out
}

func stakeIn(stakes []stake, opsID string) (stake, bool) {
	for _, s := range stakes {
		if s.ops.ID == opsID {
			return s, true
		}
	}
	return stake{}, false
}

// refundedFor adds up what of an order payment summary was refunded for an order summary.
func (d *SOM) refundedFor(tx *sandbox.Tx, summaryID string, ops *sobject.Record) decimal.Decimal {
	sum := decimal.Zero
	for _, refund := range d.Rows(tx).children(objRefund, "OrderPaymentSummaryId", ops.ID) {
		whose := ops.Text("OrderSummaryId")
		if other, ok := d.sharedRefunds.Get(tx.Tx, refund.ID); ok {
			whose = other.OrderSummaryID
		}
		if whose == summaryID && refund.Text("Status") == statusProcessed {
			sum = sum.Add(refund.Decimal("Amount"))
		}
	}
	return sum
}

// handedOn adds up what an order summary has reserved for its exchanges of an order payment summary; an empty id means
// of all of them.
func (d *SOM) handedOn(tx *sandbox.Tx, summaryID, opsID string) decimal.Decimal {
	sum, rows := decimal.Zero, d.Rows(tx)
	for _, relation := range rows.children(objRelationship, "MainOrderSummaryId", summaryID) {
		for _, reference := range rows.children(objPaymentReference, "OrderSummaryId", relation.Text("AssociatedOrderSummaryId")) {
			if opsID == "" || reference.Text("OrderPaymentSummaryId") == opsID {
				sum = sum.Add(reference.Decimal("ReservedBalanceAmount"))
			}
		}
	}
	return sum
}

// reserve hands a part of an order payment summary over to an exchange order.
func (d *SOM) reserve(tx *sandbox.Tx, user, summaryID string, t taking) {
	stored := d.parent(tx, objOrderPaymentSummary, t.id)
	ops, total := tracked(stored), t.amount
	for _, other := range d.Rows(tx).children(objPaymentReference, "OrderPaymentSummaryId", t.id) {
		total = total.Add(other.Decimal("ReservedBalanceAmount"))
	}
	ops.put("ReservedBalanceTotalAmount", total)
	d.save(tx, user, ops)
	d.insert(tx, user, objPaymentReference, values{
		"OrderPaymentSummaryId": t.id, "OrderSummaryId": summaryID, "Type": "Shared", "Method": ops.Get("Method"), "ReservedBalanceAmount": t.amount,
		"ReservedBalanceTotalAmount": total, "AuthorizationAmount": ops.Get("AuthorizationAmount"), "CapturedAmount": ops.Get("CapturedAmount"),
		"RefundedAmount": ops.Get("RefundedAmount"), "CurrencyIsoCode": ops.Get("CurrencyIsoCode"),
	})
	for _, other := range d.Rows(tx).children(objPaymentReference, "OrderPaymentSummaryId", t.id) {
		r := tracked(other)
		r.put("ReservedBalanceTotalAmount", total)
		d.save(tx, user, r)
	}
}

// covered is what exchanges have taken of what an order summary owes for returns, and no credit memo has settled yet.
func (d *SOM) covered(tx *sandbox.Tx, summaryID string) decimal.Decimal {
	settled, _ := d.coverages.Get(tx.Tx, summaryID)
	return d.handedOn(tx, summaryID, "").Sub(settled.Settled)
}

// reservedFunds lists what of shared order payment summaries can pay an invoice of the order summary.
func (d *SOM) reservedFunds(tx *sandbox.Tx, summaryID string) []fund {
	var out []fund
	for _, s := range d.stakes(tx, summaryID) {
		if s.shared {
			out = append(out, fund{s.ops.ID, decimal.Max(decimal.Zero, s.amount.Sub(d.paidTo(tx, s.ops.ID, summaryID)))})
		}
	}
	return out
}

// paidTo adds up what payments of an order payment summary pay of invoices of an order summary.
func (d *SOM) paidTo(tx *sandbox.Tx, opsID, summaryID string) decimal.Decimal {
	sum, rows := decimal.Zero, d.Rows(tx)
	for _, p := range rows.children(objPayment, "OrderPaymentSummaryId", opsID) {
		for _, line := range rows.children(objPaymentLine, "PaymentId", p.ID) {
			if d.parent(tx, objInvoice, line.Get("InvoiceId")).Text("ReferenceEntityId") == summaryID {
				sum = sum.Add(line.Decimal("ImpactAmount"))
			}
		}
	}
	return sum
}

// payReserved pays an invoice of an exchange order with what was reserved of a payment summary of an order before it:
// with money that pays no invoice, and else with money that is taken off the invoices of those orders.
func (d *SOM) payReserved(tx *sandbox.Tx, j job, invoice *row, t taking) decimal.Decimal {
	paid := decimal.Zero
	pay := func(p *row, most decimal.Decimal) {
		if part := decimal.Min(most, t.amount.Sub(paid)); part.IsPositive() {
			paid = paid.Add(d.applyPayment(tx, j.UserID, p, invoice, part))
		}
	}
	for _, stored := range d.processedPayments(tx, t.id) {
		p := tracked(stored)
		pay(p, unused(p))
	}
	for _, before := range d.ancestors(tx, j.OrderSummaryID) {
		for _, stored := range d.processedPayments(tx, t.id) {
			p := tracked(stored)
			pay(p, d.unapply(tx, j.UserID, p, before, t.amount.Sub(paid), nil))
		}
	}
	return paid
}

// processedPayments lists the payments of an order payment summary that went through.
func (d *SOM) processedPayments(tx *sandbox.Tx, opsID string) []*sobject.Record {
	var out []*sobject.Record
	for _, p := range d.Rows(tx).children(objPayment, "OrderPaymentSummaryId", opsID) {
		if p.Text("Status") == statusProcessed {
			out = append(out, p)
		}
	}
	return out
}

// unused is what of a payment pays no invoice, refunds left aside: they gave back what credit memos stand for.
func unused(p *row) decimal.Decimal {
	return decimal.Max(decimal.Zero, p.Decimal("Amount").Sub(p.Decimal("TotalApplied")).Add(p.Decimal("TotalUnapplied")))
}

// ancestors are the order summaries that an exchange came from, the nearest first.
func (d *SOM) ancestors(tx *sandbox.Tx, summaryID string) []string {
	var out []string
	for id := summaryID; ; {
		relations := d.Rows(tx).children(objRelationship, "AssociatedOrderSummaryId", id)
		if len(relations) == 0 || len(out) > maxExchanges {
			return out
		}
		id = relations[0].Text("MainOrderSummaryId")
		out = append(out, id)
	}
}

// maxExchanges bounds a chain of exchanges, should rows ever run in a circle.
const maxExchanges = 1000

// unapply takes up to an amount of a payment off the invoices of an order summary and returns how much that was. Where it
// is given, credit covers what an invoice lacks then.
func (d *SOM) unapply(
	tx *sandbox.Tx, user string, p *row, summaryID string, most decimal.Decimal, credit func(invoice *row, amount decimal.Decimal),
) decimal.Decimal {
	taken, net, last := decimal.Zero, map[string]decimal.Decimal{}, map[string]string{}
	var invoices []string
	for _, line := range d.Rows(tx).children(objPaymentLine, "PaymentId", p.ID) {
		id := line.Text("InvoiceId")
		if _, seen := net[id]; !seen {
			invoices = append(invoices, id)
		}
		net[id], last[id] = net[id].Add(line.Decimal("ImpactAmount")), line.ID
	}
	for _, id := range invoices {
		invoice := tracked(d.parent(tx, objInvoice, id))
		part := decimal.Min(net[id], most.Sub(taken))
		if invoice.Text("ReferenceEntityId") != summaryID || !part.IsPositive() {
			continue
		}
		taken = taken.Add(part)
		p.add("TotalUnapplied", part)
		invoice.add("NetPaymentsApplied", part.Neg())
		d.insert(tx, user, objPaymentLine, values{
			"PaymentId": p.ID, "InvoiceId": id, "Amount": part, "ImpactAmount": part.Neg(), "EffectiveImpactAmount": part.Neg(), "Type": "Unapplied",
			"Date": tx.Now(), "EffectiveDate": tx.Now(), "UnappliedDate": tx.Now(), "AssociatedAccountId": p.Get("AccountId"),
			"AssociatedPaymentLineId": last[id], "HasBeenUnapplied": "NA", "PaymentBalance": unused(p), "CurrencyIsoCode": p.Get("CurrencyIsoCode"),
		})
		d.save(tx, user, p)
		d.save(tx, user, invoice)
		if credit != nil {
			credit(invoice, part)
		}
	}
	d.sumUpPayments(tx, user, p.Text("OrderPaymentSummaryId"))
	return taken
}
