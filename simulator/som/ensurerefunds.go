package som

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// EnsureRefunds asks for money to be given back: the balance of a credit memo, excess funds, or both.
type EnsureRefunds struct {
	OrderSummaryID string
	CreditMemoID   string
	// ExcessFunds is in the currency of the order.
	ExcessFunds decimal.Decimal
	// InvoicesToPay are invoices of fees; their balances are paid out of what would go back.
	InvoicesToPay []string
	// AllowPartial leaves what Sequences do not cover on the credit memo instead of choosing further payments.
	AllowPartial bool
	Sequences    []Sequence
	// ConsiderReserved keeps what the order summary has reserved for exchanges: they have taken it of what the credit memo
	// would give back, and nothing of it is refunded.
	ConsiderReserved bool
}

// EnsureRefunds enqueues the refund and returns the id of the background operation that carries it out.
// Source: Connect REST API Developer Guide, "Ensure Refunds".
func (d *SOM) EnsureRefunds(tx *sandbox.Tx, user string, in EnsureRefunds) (string, error) {
	s, err := d.managedSummary(tx, in.OrderSummaryID)
	if err == nil {
		err = d.checkEnsureRefunds(tx, s, in)
	}
	if err != nil {
		return "", fmt.Errorf("ensure refunds of order summary %s: %w", in.OrderSummaryID, err)
	}
	return d.start(tx, "Ensure Refunds", job{
		OrderSummaryID: s.ID, UserID: user, Kind: jobEnsureRefunds, CreditMemoID: in.CreditMemoID, Excess: in.ExcessFunds,
		InvoicesToPay: in.InvoicesToPay, AllowPartial: in.AllowPartial, Sequences: in.Sequences,
		ConsiderReserved: in.ConsiderReserved,
	}), nil
}

func (d *SOM) checkEnsureRefunds(tx *sandbox.Tx, s *orderSummary, in EnsureRefunds) error {
	if in.CreditMemoID == "" && in.ExcessFunds.IsZero() {
		return refuse("som.refunds.input-required", CodeInvalidInput, "Give creditMemoId, excessFundsAmount or both.")
	}
	if in.ExcessFunds.IsNegative() {
		return refuse("som.refunds.excess-positive", CodeInvalidInput, "excessFundsAmount must be greater than 0.").on("excessFundsAmount")
	}
	if in.CreditMemoID != "" {
		if memo, ok := d.find(tx, objCreditMemo, in.CreditMemoID); !ok || memo.Text("ReferenceEntityId") != s.ID {
			return refuse("som.refunds.credit-memo-belongs", CodeInvalidInput,
				"The credit memo %s does not belong to the order summary %s.", in.CreditMemoID, s.ID).on("creditMemoId")
		}
	}
	for _, id := range in.InvoicesToPay {
		if invoice, ok := d.find(tx, objInvoice, id); !ok || invoice.Text("ReferenceEntityId") != s.ID {
			return refuse("som.refunds.invoice-belongs", CodeInvalidInput,
				"The invoice %s does not belong to the order summary %s.", id, s.ID).on("invoicesToPay")
		}
	}
	return d.checkSequences(tx, s, in.Sequences)
}

// checkSequences holds the order of payment summaries against the order summary.
func (d *SOM) checkSequences(tx *sandbox.Tx, s *orderSummary, order []Sequence) error {
	for _, step := range order {
		ops, ok := d.find(tx, objOrderPaymentSummary, step.OrderPaymentSummaryID)
		if _, has := stakeIn(d.stakes(tx, s.ID), ops.ID); !ok || !has {
			return refuse("som.funds.sequence-belongs", CodeInvalidInput,
				"The order payment summary %s does not belong to the order summary %s.", step.OrderPaymentSummaryID, s.ID).on("sequences")
		}
		if step.Amount.IsNegative() {
			return refuse("som.funds.sequence-amount", CodeInvalidInput, "The amount of a sequence must not be less than 0.").on("sequences")
		}
	}
	return nil
}

// refunding is a refund job while it runs.
type refunding struct {
	d   *SOM
	tx  *sandbox.Tx
	job job
	// memo is the credit memo, or an empty row.
	memo *row
	// fromMemo and excess are what is left to be given back of each.
	fromMemo, excess decimal.Decimal
}

func (d *SOM) runEnsureRefunds(tx *sandbox.Tx, j job) error {
	r := &refunding{d: d, tx: tx, job: j, memo: tracked(d.parent(tx, objCreditMemo, j.CreditMemoID)), excess: j.Excess}
	if j.CreditMemoID != "" {
		r.fromMemo = d.number(&r.memo.Record, "Balance")
	}
	for _, id := range j.InvoicesToPay {
		r.payInvoice(tracked(d.parent(tx, objInvoice, id)))
	}
	if j.ConsiderReserved {
		r.settleExchanges()
	}
	amount, funds := r.fromMemo.Add(r.excess), r.funds()
	if sum := available(funds); amount.GreaterThan(sum) {
		return refuse("som.refunds.available", CodeInvalidInput, "%s is to be refunded, %s is available to refund.", amount, sum)
	}
	for _, t := range inSequence(funds, amount, sequencesOf(j.Sequences), j.AllowPartial, smallestSufficient) {
		r.refundOf(t)
	}
	r.d.save(tx, j.UserID, r.memo)
	return nil
}

// sequencesOf has the ids in their long form.
func sequencesOf(order []Sequence) []Sequence {
	out := make([]Sequence, len(order))
	for i, s := range order {
		long, err := sobject.NormalizeID(s.OrderPaymentSummaryID)
		if err != nil {
			long = s.OrderPaymentSummaryID
		}
		out[i] = Sequence{long, s.Amount}
	}
	return out
}

// funds are the order payment summaries with what can be refunded of each. What is reserved for others is left alone only
// when that was asked for; of what others share, only what they share.
func (r *refunding) funds() []fund {
	var funds []fund
	for _, s := range r.d.stakes(r.tx, r.job.OrderSummaryID) {
		left := r.d.number(s.ops, "AvailableToRefundAmount")
		if s.shared || r.job.ConsiderReserved {
			left = decimal.Max(decimal.Zero, decimal.Min(left, s.amount))
		}
		funds = append(funds, fund{s.ops.ID, left})
	}
	return funds
}

// settleExchanges takes off the credit memo what exchanges have taken of it. Invoices whose payments pay for the exchanges
// are paid by the credit memo instead.
func (r *refunding) settleExchanges() {
	d, tx, id := r.d, r.tx, r.job.OrderSummaryID
	taken := decimal.Min(r.fromMemo, d.covered(tx, id))
	if !taken.IsPositive() {
		return
	}
	settled, _ := d.coverages.Get(tx.Tx, id)
	d.coverages.Put(tx.Tx, coverage{id, settled.Settled.Add(taken)})
	rest := taken
	credit := func(invoice *row, amount decimal.Decimal) {
		rest = rest.Sub(amount)
		r.applyCredit(invoice, amount)
	}
	for _, stored := range d.Rows(tx).children(objInvoice, "ReferenceEntityId", id) {
		invoice := tracked(stored)
		if open := decimal.Min(rest, d.number(stored, "Balance")); open.IsPositive() && d.wasUnapplied(tx, stored) {
			credit(invoice, open)
		}
	}
	for _, s := range d.stakes(tx, id) {
		for _, p := range d.processedPayments(tx, s.ops.ID) {
			if rest.IsPositive() {
				d.unapply(tx, r.job.UserID, tracked(p), id, rest, credit)
			}
		}
	}
	r.fromMemo = r.fromMemo.Sub(rest) // what no invoice could take: the goods were never invoiced
	r.memo.add("NetCreditsApplied", rest)
}

// wasUnapplied tells whether money was taken off an invoice.
func (d *SOM) wasUnapplied(tx *sandbox.Tx, invoice *sobject.Record) bool {
	for _, line := range d.Rows(tx).children(objPaymentLine, "InvoiceId", invoice.ID) {
		if line.Text("Type") == "Unapplied" {
			return true
		}
	}
	return false
}

// applyCredit lets the credit memo pay a part of an invoice.
func (r *refunding) applyCredit(invoice *row, amount decimal.Decimal) {
	r.fromMemo = r.fromMemo.Sub(amount)
	r.memo.add("NetCreditsApplied", amount)
	invoice.add("NetCreditsApplied", amount)
	r.d.insert(r.tx, r.job.UserID, objCreditApplication, values{
		"CreditMemoId": r.memo.ID, "InvoiceId": invoice.ID, "Amount": amount, "ImpactAmount": amount, "Type": "Applied",
		"Date": r.tx.Now(), "EffectiveDate": r.tx.Now(), "AppliedDate": r.tx.Now(),
		"CreditMemoBalance": r.fromMemo, "InvoiceBalance": r.d.number(&invoice.Record, "Balance"), "CurrencyIsoCode": invoice.Get("CurrencyIsoCode"),
	})
	r.d.save(r.tx, r.job.UserID, invoice)
}

// refundOf refunds an amount of one order payment summary, spread over its payments by the same rule.
func (r *refunding) refundOf(t taking) {
	var payments []fund
	for _, p := range r.d.Rows(r.tx).children(objPayment, "OrderPaymentSummaryId", t.id) {
		if p.Text("Status") == statusProcessed {
			payments = append(payments, fund{p.ID, leftToRefund(tracked(p))})
		}
	}
	for _, part := range smallestSufficient(payments, t.amount) {
		id, answer := r.d.refund(r.tx, r.job.UserID, r.d.parent(r.tx, objPayment, part.id), part.amount)
		if r.d.parent(r.tx, objOrderPaymentSummary, t.id).Text("OrderSummaryId") != r.job.OrderSummaryID {
			r.d.sharedRefunds.Put(r.tx.Tx, sharedRefund{id, r.job.OrderSummaryID})
		}
		if reason := answer.reason(); reason != "" {
			r.d.complain(r.tx, r.job, "OM Refund Failed", id, reason)
			continue
		}
		r.applied(part.amount)
	}
}

// applied counts a refund against the credit memo first, then against the excess.
func (r *refunding) applied(amount decimal.Decimal) {
	part := decimal.Min(amount, r.fromMemo)
	r.fromMemo, r.excess = r.fromMemo.Sub(part), r.excess.Sub(amount.Sub(part))
	if part.IsPositive() {
		r.memo.add("NetCreditsApplied", part)
	}
}

// payInvoice settles the invoice of a fee: out of the credit memo, or out of captured money that would go back.
func (r *refunding) payInvoice(invoice *row) {
	due := r.d.number(&invoice.Record, "Balance")
	credit := decimal.Min(due, r.fromMemo)
	if credit.IsPositive() {
		r.applyCredit(invoice, credit)
	}
	paid := decimal.Min(due.Sub(credit), r.excess)
	if paid.IsPositive() {
		r.excess = r.excess.Sub(r.d.applyPayments(r.tx, r.job.UserID, r.job.OrderSummaryID, invoice, paid))
	}
}
