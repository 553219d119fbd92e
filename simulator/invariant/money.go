package invariant

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/loyalty"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/worldline"
)

// paymentOf is a payment at the platform with the row that it has in order management.
type paymentOf struct {
	worldline.State
	// summary is the OrderPaymentSummary, row the PaymentAuthorization or, of a sale, the Payment.
	summary, row *sobject.Record
}

// payments finds what the authorizations and the sales of the order stand for; references that the platform does not know
// are missing.
func (l *look) payments() (found []paymentOf, missing []string) {
	for _, ops := range l.children("OrderPaymentSummary", "OrderSummaryId", l.summary.ID) {
		for _, row := range append(l.children("PaymentAuthorization", "OrderPaymentSummaryId", ops.ID), l.sales(ops.ID)...) {
			if row.Text("Status") == "Failed" { // nothing came of it
				continue
			}
			reference := row.Text("GatewayRefNumber")
			payment, err := l.Worldline.Payment(l.tx, worldline.DefaultMerchant, reference)
			if err != nil {
				missing = append(missing, reference)
				continue
			}
			found = append(found, paymentOf{l.Worldline.State(l.tx, payment), ops, row})
		}
	}
	return found, missing
}

// sales are the payments that were taken without an authorization in order management, through a payment platform.
func (l *look) sales(opsID string) []*sobject.Record {
	var sales []*sobject.Record
	for _, p := range l.children("Payment", "OrderPaymentSummaryId", opsID) {
		if p.Text("PaymentAuthorizationId") == "" && p.Text("GatewayRefNumber") != "" && p.Text("Status") == "Processed" {
			sales = append(sales, p)
		}
	}
	return sales
}

func units(minor int64) decimal.Decimal { return decimal.New(minor, -2) }

// lapsed is what came back because nobody captured it in time.
func (p paymentOf) lapsed() int64 {
	var sum int64
	for _, op := range p.Ledger {
		if op.Kind == worldline.Expiry {
			sum += op.Amount
		}
	}
	return sum
}

// moneyWorth counts money that is authorised and open, money that was taken and not given back or about to be, and what was
// paid by methods that no platform knows of. What was kept of a refund is a fee of the order, and part of its worth. An
// authorisation that lapsed by itself is nobody's doing: it may be missing.
func moneyWorth(l *look) (wrong []string) {
	for _, reference := range l.unknown {
		says(&wrong, "the payment platform knows no payment %s", reference)
	}
	held, lapsed := decimal.Zero, decimal.Zero
	for _, p := range l.paid {
		held = held.Add(units(p.Open() + p.Refundable() + p.CapturePending))
		lapsed = lapsed.Add(units(p.lapsed()))
	}
	held = held.Add(l.heldElsewhere())
	worth := l.amount(l.summary, "GrandTotalAmount")
	if worth.LessThan(held) || worth.GreaterThan(held.Add(lapsed)) {
		says(&wrong, "it is worth %s, the payment platform holds %s", worth, held)
	}
	return wrong
}

// heldElsewhere is what was paid by methods that no platform knows of, such as gift certificates, and not given back.
func (l *look) heldElsewhere() decimal.Decimal {
	sum := decimal.Zero
	for _, ops := range l.children("OrderPaymentSummary", "OrderSummaryId", l.summary.ID) {
		for _, payment := range l.children("Payment", "OrderPaymentSummaryId", ops.ID) {
			if payment.Text("GatewayRefNumber") == "" {
				sum = sum.Add(l.amount(payment, "Amount")).Sub(l.amount(payment, "TotalRefundApplied"))
			}
		}
	}
	return sum
}

// keptBooked compares what was kept for points with the fees that order management has for it.
func keptBooked(l *look) (wrong []string) {
	booked := decimal.Zero
	for _, item := range l.items {
		if item.Text("ProductCode") == keptProduct {
			booked = booked.Add(l.amount(item, "TotalAmtWithTax"))
		}
	}
	if kept := l.keptForPoints(); !kept.Equal(booked) {
		says(&wrong, "%s were kept for points, order management has fees of %s", kept, booked)
	}
	return wrong
}

// keptProduct is the product that such fees are booked on.
const keptProduct = "SPENT-POINTS"

// keptForPoints is the money that a shopper left for points that the order had earned and that were spent already: the
// ledger has them taken back, and given again. What a point is worth the program says; the shopper is not charged for a
// part of a cent.
func (l *look) keptForPoints() decimal.Decimal {
	events := l.Loyalty.Events(l.tx, loyalty.EventFilter{OrderID: l.number, Types: []loyalty.EventType{loyalty.AdjustPoints}})
	taken := map[string]bool{}
	for _, e := range events {
		taken[e.ID] = e.Points < 0
	}
	sum := decimal.Zero
	for _, e := range events {
		if e.Points > 0 && taken[e.Reverses] {
			sum = sum.Add(l.Loyalty.Worth(l.tx, e.AccountID, e.Points))
		}
	}
	return sum
}

// closedMoney looks for authorisations that nobody needs any more.
func closedMoney(l *look) (wrong []string) {
	if l.left() && !l.arrived() {
		return nil
	}
	for _, p := range l.paid {
		if open := p.Open(); open > 0 {
			says(&wrong, "nothing is left to be paid, and %s of payment %s are still open", units(open), p.ID)
		}
	}
	return wrong
}

// arrived reports whether everything that is left of the order has been delivered, or picked up.
func (l *look) arrived() bool {
	for _, item := range l.items {
		if item.Text("TypeCode") == "Product" && l.amount(item, "QuantityNetOrdered").GreaterThan(l.amount(item, "QuantityFulfilled")) {
			return false
		}
	}
	shipments := l.children("Shipment", "OrderSummaryId", l.summary.ID)
	for _, shipment := range shipments {
		if shipment.Text("Status") != "Delivered" {
			return false
		}
	}
	return len(shipments) > 0
}

// recorded compares what was voided and refunded with what order management knows of it; what lapsed it may know.
func recorded(l *look) (wrong []string) {
	back, lapsed, known := map[string]decimal.Decimal{}, map[string]decimal.Decimal{}, map[string]decimal.Decimal{}
	for _, p := range l.paid {
		id := p.summary.ID
		back[id] = back[id].Add(units(p.Cancelled + p.Refunded + p.RefundPending - p.lapsed()))
		lapsed[id] = lapsed[id].Add(units(p.lapsed()))
		known[id] = l.amount(p.summary, "AuthorizationReversalAmount").Add(l.amount(p.summary, "RefundedAmount"))
	}
	for id, n := range known {
		if n.LessThan(back[id]) || n.GreaterThan(back[id].Add(lapsed[id])) {
			says(&wrong, "%s moved back at the payment platform, order management knows of %s", back[id], n)
		}
	}
	return wrong
}

// oneRow holds each operation of the platform's ledger against the rows that name it.
func oneRow(l *look) (wrong []string) {
	for _, p := range l.paid {
		captured := decimal.Zero
		for _, op := range p.Ledger {
			switch op.Kind {
			case worldline.Cancellation, worldline.Expiry:
				l.rowOf(&wrong, op, "PaymentAuthAdjustment", op.Kind == worldline.Expiry)
			case worldline.Refund:
				l.rowOf(&wrong, op, "Refund", op.Status == worldline.Rejected) // one that was refused moved nothing
			case worldline.Capture:
				captured = captured.Add(units(op.Amount))
			case worldline.Authorization:
			}
		}
		taken := decimal.Zero
		for _, row := range l.children("Payment", "OrderPaymentSummaryId", p.summary.ID) {
			if known, err := l.Worldline.Payment(l.tx, worldline.DefaultMerchant, row.Text("GatewayRefNumber")); err == nil && known.ID == p.ID {
				taken = taken.Add(l.amount(row, "Amount"))
			}
		}
		if !taken.Equal(captured) {
			says(&wrong, "%s of payment %s were captured, order management has rows for %s", captured, p.ID, taken)
		}
	}
	return wrong
}

// rowOf wants one row of an object for an operation, with its amount; a row that is optional may be missing.
func (l *look) rowOf(wrong *[]string, op worldline.Operation, object string, optional bool) {
	rows := l.children(object, "GatewayRefNumber", op.ID)
	switch {
	case len(rows) == 0 && optional:
	case len(rows) != 1:
		says(wrong, "operation %s has %d rows of %s", op.ID, len(rows), object)
	case !l.amount(rows[0], "Amount").Equal(units(op.Amount)):
		says(wrong, "operation %s is over %s, its row over %s", op.ID, units(op.Amount), l.amount(rows[0], "Amount"))
	}
}
