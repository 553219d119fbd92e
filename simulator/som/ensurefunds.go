package som

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// EnsureFunds asks for an invoice to be paid.
type EnsureFunds struct {
	OrderSummaryID, InvoiceID string
	// AllowPartial leaves open what Sequences do not cover.
	AllowPartial bool
	Sequences    []Sequence
	// ConsiderReserved takes balances first that are reserved for the order summary, if it is an exchange.
	ConsiderReserved bool
	// OldSelection chooses payments by the rule of API versions before 52.0.
	OldSelection bool
}

// EnsureFunds enqueues the payment of an invoice and returns the id of the background operation that carries it out.
// Source: Connect REST API Developer Guide, "Ensure Funds".
func (d *SOM) EnsureFunds(tx *sandbox.Tx, user string, in EnsureFunds) (string, error) {
	s, err := d.managedSummary(tx, in.OrderSummaryID)
	if err == nil {
		err = d.checkEnsureFunds(tx, s, in)
	}
	if err != nil {
		return "", fmt.Errorf("ensure funds of order summary %s: %w", in.OrderSummaryID, err)
	}
	return d.start(tx, "Ensure Funds", job{
		OrderSummaryID: s.ID, UserID: user, Kind: jobEnsureFunds, InvoiceID: in.InvoiceID, AllowPartial: in.AllowPartial,
		Sequences: in.Sequences, OldSelection: in.OldSelection, ConsiderReserved: in.ConsiderReserved,
	}), nil
}

func (d *SOM) checkEnsureFunds(tx *sandbox.Tx, s *orderSummary, in EnsureFunds) error {
	if invoice, ok := d.find(tx, objInvoice, in.InvoiceID); !ok || invoice.Text("ReferenceEntityId") != s.ID {
		return refuse("som.funds.invoice-belongs", CodeInvalidInput,
			"The invoice %q does not belong to the order summary %s.", in.InvoiceID, s.ID).on("invoiceId")
	}
	return d.checkSequences(tx, s, in.Sequences)
}

func (d *SOM) runEnsureFunds(tx *sandbox.Tx, j job) error {
	invoice := tracked(d.parent(tx, objInvoice, j.InvoiceID))
	due, rule := d.number(&invoice.Record, "Balance"), selection(largestFirst)
	if j.OldSelection {
		rule = smallestSufficient
	}
	var reserved []fund
	if j.ConsiderReserved {
		reserved = d.reservedFunds(tx, j.OrderSummaryID)
	}
	captured, authorized := d.fundsOf(tx, j.OrderSummaryID)
	if sum := available(captured).Add(available(authorized)).Add(available(reserved)); due.GreaterThan(sum) {
		return refuse("som.funds.available", CodeInvalidInput, "The invoice has a balance of %s, payments offer %s.", due, sum)
	}
	for _, t := range rule(reserved, due) {
		due = due.Sub(d.payReserved(tx, j, invoice, t))
	}
	if len(j.Sequences) > 0 {
		for _, t := range inSequence(merged(captured, authorized), due, sequencesOf(j.Sequences), true, rule) {
			due = due.Sub(d.payFrom(tx, j, invoice, t))
		}
		if j.AllowPartial {
			return nil
		}
	}
	captured, _ = d.fundsOf(tx, j.OrderSummaryID)
	for _, t := range rule(captured, due) {
		due = due.Sub(d.payFrom(tx, j, invoice, t))
	}
	_, authorized = d.fundsOf(tx, j.OrderSummaryID)
	for _, t := range rule(authorized, due) {
		d.payFrom(tx, j, invoice, t)
	}
	return nil
}

// fundsOf lists the order payment summaries twice: with money that is captured and unused, and with what can still be
// captured.
func (d *SOM) fundsOf(tx *sandbox.Tx, summaryID string) (captured, authorized []fund) {
	for _, ops := range d.Rows(tx).children(objOrderPaymentSummary, "OrderSummaryId", summaryID) {
		captured = append(captured, fund{ops.ID, d.unapplied(tx, ops.ID)})
		authorized = append(authorized, fund{ops.ID, d.number(ops, "AvailableToCaptureAmount")})
	}
	return captured, authorized
}

// merged adds up what each order payment summary offers in all.
func merged(captured, authorized []fund) []fund {
	all := make([]fund, len(captured))
	for i := range captured {
		all[i] = fund{captured[i].id, captured[i].available.Add(authorized[i].available)}
	}
	return all
}

// unapplied is captured money of an order payment summary that pays no invoice and was not given back.
func (d *SOM) unapplied(tx *sandbox.Tx, opsID string) decimal.Decimal {
	sum := decimal.Zero
	for _, p := range d.Rows(tx).children(objPayment, "OrderPaymentSummaryId", opsID) {
		if p.Text("Status") == statusProcessed {
			sum = sum.Add(free(tracked(p)))
		}
	}
	return sum
}

// free is what of a payment neither pays an invoice nor was given back.
func free(p *row) decimal.Decimal {
	return decimal.Max(decimal.Zero, leftToRefund(p).Sub(p.Decimal("TotalApplied")).Add(p.Decimal("TotalUnapplied")))
}

// payFrom pays an amount of an invoice from one order payment summary: with captured money first, then by capturing.
// It returns what was paid; a provider that refuses is complained about.
func (d *SOM) payFrom(tx *sandbox.Tx, j job, invoice *row, t taking) decimal.Decimal {
	paid := d.applyOf(tx, j.UserID, t.id, invoice, t.amount)
	for _, a := range d.Rows(tx).children(objAuthorization, "OrderPaymentSummaryId", t.id) {
		part := decimal.Min(d.number(a, "Balance"), t.amount.Sub(paid))
		if !part.IsPositive() || a.Text("Status") != statusProcessed {
			continue
		}
		payment, answer := d.capture(tx, j.UserID, a, part)
		if reason := answer.reason(); reason != "" {
			d.complain(tx, j, "OM Capture Failed", payment, reason)
			continue
		}
		paid = paid.Add(d.applyPayment(tx, j.UserID, tracked(d.parent(tx, objPayment, payment)), invoice, part))
	}
	return paid
}

// applyPayments pays an invoice out of whatever captured money the order summary has, and returns what was paid.
func (d *SOM) applyPayments(tx *sandbox.Tx, user, summaryID string, invoice *row, amount decimal.Decimal) decimal.Decimal {
	paid := decimal.Zero
	captured, _ := d.fundsOf(tx, summaryID)
	for _, t := range largestFirst(captured, amount) {
		paid = paid.Add(d.applyOf(tx, user, t.id, invoice, t.amount))
	}
	return paid
}

// applyOf pays an invoice out of the captured money of one order payment summary.
func (d *SOM) applyOf(tx *sandbox.Tx, user, opsID string, invoice *row, amount decimal.Decimal) decimal.Decimal {
	paid := decimal.Zero
	for _, p := range d.Rows(tx).children(objPayment, "OrderPaymentSummaryId", opsID) {
		part := decimal.Min(free(tracked(p)), amount.Sub(paid))
		if p.Text("Status") == statusProcessed && part.IsPositive() {
			paid = paid.Add(d.applyPayment(tx, user, tracked(p), invoice, part))
		}
	}
	return paid
}

// applyPayment writes the line that ties money to an invoice, and lowers both balances.
func (d *SOM) applyPayment(tx *sandbox.Tx, user string, payment, invoice *row, amount decimal.Decimal) decimal.Decimal {
	payment.add("TotalApplied", amount)
	invoice.add("NetPaymentsApplied", amount)
	d.insert(tx, user, objPaymentLine, values{
		"PaymentId": payment.ID, "InvoiceId": invoice.ID, "Amount": amount, "ImpactAmount": amount, "EffectiveImpactAmount": amount,
		"Type": "Applied", "Date": tx.Now(), "EffectiveDate": tx.Now(), "AppliedDate": tx.Now(),
		"AssociatedAccountId": payment.Get("AccountId"), "PaymentBalance": payment.Decimal("Amount").Sub(payment.Decimal("TotalApplied")),
		"CurrencyIsoCode": payment.Get("CurrencyIsoCode"),
	})
	d.save(tx, user, payment)
	d.save(tx, user, invoice)
	d.sumUpPayments(tx, user, payment.Text("OrderPaymentSummaryId"))
	return amount
}
