package som

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// importPayment writes an OrderPaymentSummary with the authorisation and the payment that were made elsewhere.
func (d *SOM) importPayment(tx *sandbox.Tx, o NewOrder, summaryID string, p NewPayment) {
	mode := "External"
	if p.GatewayID != "" {
		mode = "Salesforce"
	}
	base := func(amount decimal.Decimal) values {
		return values{
			"AccountId": o.AccountID, "Amount": amount, "CurrencyIsoCode": o.currency(), "ProcessingMode": mode, "PaymentGatewayId": p.GatewayID,
			"Status": "Processed", "SfResultCode": "Success", "GatewayRefNumber": p.GatewayRefNumber,
			"Date": tx.Now(), "EffectiveDate": tx.Now(), "GatewayDate": tx.Now(), "Email": o.BillingEmail,
		}
	}
	opsID := d.insert(tx, o.User, objOrderPaymentSummary, values{
		"OrderSummaryId": summaryID, "Method": p.Method, "Type": p.Type, "FullName": p.Method,
		"CurrencyIsoCode": o.currency(),
	})
	var authorizationID string
	if p.Authorized.IsPositive() {
		v := base(p.Authorized)
		v["OrderPaymentSummaryId"], v["TotalPaymentCaptureAmount"] = opsID, p.Captured
		authorizationID = d.insert(tx, o.User, objAuthorization, v)
	}
	if p.Captured.IsPositive() {
		v := base(p.Captured)
		v["OrderPaymentSummaryId"], v["PaymentAuthorizationId"], v["Type"] = opsID, authorizationID, "Capture"
		if authorizationID == "" {
			v["Type"] = "Sale"
		}
		v["ImpactAmount"] = p.Captured
		d.insert(tx, o.User, objPayment, v)
	}
	d.sumUpPayments(tx, o.User, opsID)
}

// sumUpPayments keeps an OrderPaymentSummary equal to its transactions: processed ones count, pending ones are told
// apart, drafts, failed and cancelled ones do not count.
func (d *SOM) sumUpPayments(tx *sandbox.Tx, user, opsID string) {
	r, ok := d.find(tx, objOrderPaymentSummary, opsID)
	if !ok {
		return
	}
	ops := tracked(r)
	rows := d.Rows(tx)
	var reversed, balance decimal.Decimal
	authorizations := rows.children(objAuthorization, "OrderPaymentSummaryId", opsID)
	payments := rows.children(objPayment, "OrderPaymentSummaryId", opsID)
	refunds := rows.children(objRefund, "OrderPaymentSummaryId", opsID)
	var adjustments []*sobject.Record
	for _, a := range authorizations {
		if a.Text("Status") == statusProcessed {
			reversed = reversed.Add(a.Decimal("TotalAuthReversalAmount"))
		}
		adjustments = append(adjustments, reversals(rows.children(objAuthAdjustment, "PaymentAuthorizationId", a.ID))...)
	}
	for _, p := range payments {
		if p.Text("Status") == statusProcessed {
			balance = balance.Add(p.Decimal("Amount").Sub(p.Decimal("TotalApplied").Sub(p.Decimal("TotalUnapplied"))))
		}
	}
	ops.put("AuthorizationAmount", sumOf(authorizations, statusProcessed))
	ops.put("AuthorizationReversalAmount", reversed)
	ops.put("CapturedAmount", sumOf(payments, statusProcessed))
	ops.put("BalanceAmount", balance)
	ops.put("RefundedAmount", sumOf(refunds, statusProcessed))
	ops.put("PendingAuthorizationAmount", sumOf(authorizations, statusPending))
	ops.put("PendingReverseAuthAmount", sumOf(adjustments, statusPending))
	ops.put("PendingCaptureAmount", sumOf(payments, statusPending))
	ops.put("PendingRefundAmount", sumOf(refunds, statusPending))
	d.save(tx, user, ops)
}

// The statuses of transactions that count.
const (
	statusProcessed = "Processed"
	statusPending   = "Pending"
)

// sumOf adds up the amounts of the rows of a status.
func sumOf(rows []*sobject.Record, status string) decimal.Decimal {
	sum := decimal.Zero
	for _, r := range rows {
		if r.Text("Status") == status {
			sum = sum.Add(r.Decimal("Amount"))
		}
	}
	return sum
}

// reversals are the adjustments that give authorised money back.
func reversals(adjustments []*sobject.Record) []*sobject.Record {
	var out []*sobject.Record
	for _, a := range adjustments {
		if a.Text("Type") == adjustmentReversal {
			out = append(out, a)
		}
	}
	return out
}

const adjustmentReversal = "Reversal"
