package som

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// importPayment writes an OrderPaymentSummary with the authorisation and the payment that were made elsewhere.
func (d *SOM) importPayment(tx *sandbox.Tx, o NewOrder, summaryID string, p NewPayment) {
	base := func(amount decimal.Decimal) values {
		return values{
			"AccountId": o.AccountID, "Amount": amount, "CurrencyIsoCode": o.currency(), "ProcessingMode": "External",
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

// sumUpPayments keeps an OrderPaymentSummary equal to its processed transactions.
func (d *SOM) sumUpPayments(tx *sandbox.Tx, user, opsID string) {
	r, ok := d.find(tx, objOrderPaymentSummary, opsID)
	if !ok {
		return
	}
	ops := tracked(r)
	rows := d.Rows(tx)
	var authorized, reversed, captured, balance, refunded decimal.Decimal
	for _, a := range processed(rows.children(objAuthorization, "OrderPaymentSummaryId", opsID)) {
		authorized, reversed = authorized.Add(a.Decimal("Amount")), reversed.Add(a.Decimal("TotalAuthReversalAmount"))
	}
	for _, p := range processed(rows.children(objPayment, "OrderPaymentSummaryId", opsID)) {
		applied := p.Decimal("TotalApplied").Sub(p.Decimal("TotalUnapplied"))
		captured, balance = captured.Add(p.Decimal("Amount")), balance.Add(p.Decimal("Amount").Sub(applied))
	}
	for _, f := range processed(rows.children(objRefund, "OrderPaymentSummaryId", opsID)) {
		refunded = refunded.Add(f.Decimal("Amount"))
	}
	ops.put("AuthorizationAmount", authorized)
	ops.put("AuthorizationReversalAmount", reversed)
	ops.put("CapturedAmount", captured)
	ops.put("BalanceAmount", balance)
	ops.put("RefundedAmount", refunded)
	d.save(tx, user, ops)
}

func processed(rows []*sobject.Record) []*sobject.Record {
	var out []*sobject.Record
	for _, r := range rows {
		if r.Text("Status") == "Processed" {
			out = append(out, r)
		}
	}
	return out
}

// excessFunds is captured money that the order summary is no longer worth: what is owed to the shopper. It is a figure
// of the whole order summary, not of one change, and falls only when money is refunded.
func (d *SOM) excessFunds(tx *sandbox.Tx, s *orderSummary) decimal.Decimal {
	held := decimal.Zero
	for _, ops := range d.Rows(tx).children(objOrderPaymentSummary, "OrderSummaryId", s.ID) {
		held = held.Add(ops.Decimal("CapturedAmount")).Sub(ops.Decimal("RefundedAmount"))
	}
	return decimal.Max(decimal.Zero, held.Sub(s.grandTotal()))
}
