package som

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// createTransaction records money that a payment gateway moved, or set aside, without Salesforce: an authorization, its
// reversal, a payment or a refund. The authorization and the order payment summary follow.
func (d *SOM) createTransaction(tx *sandbox.Tx, user, object string, v values) (string, error) {
	authorization := d.parent(tx, objAuthorization, v["PaymentAuthorizationId"])
	opsID, _ := v["OrderPaymentSummaryId"].(string)
	if opsID == "" {
		opsID = authorization.Text("OrderPaymentSummaryId")
	}
	if err := d.checkTransaction(tx, v, authorization, opsID); err != nil {
		return "", err
	}
	if object == objPayment && opsID != "" {
		v["OrderPaymentSummaryId"] = opsID
	}
	if (object == objPayment || object == objRefund) && v["Status"] == statusProcessed {
		v["ImpactAmount"] = v["Amount"]
	}
	id := d.insert(tx, user, object, v)
	d.sumUpAuthorization(tx, user, authorization.ID)
	d.sumUpPayments(tx, user, opsID)
	return id, nil
}

// checkTransaction applies the rules that go beyond single fields, and lets the row inherit the currency.
func (d *SOM) checkTransaction(tx *sandbox.Tx, v values, authorization *sobject.Record, opsID string) error {
	if v["ProcessingMode"] != "External" {
		return refuse("som.payment.external-only", CodeIntegrity,
			"Rows with the processing mode %s are made by the payments resources; use External.", v["ProcessingMode"]).on("ProcessingMode")
	}
	if amount, ok := v["Amount"].(decimal.Decimal); ok && !amount.IsPositive() {
		return refuse("som.payment.amount-positive", CodeIntegrity, "Amount must be greater than 0.").on("Amount")
	}
	if of := authorization.Text("OrderPaymentSummaryId"); of != "" && of != opsID {
		return refuse("som.payment.one-summary", CodeIntegrity,
			"The payment authorization belongs to another order payment summary.").on("PaymentAuthorizationId")
	}
	return inheritCurrency(v, d.parent(tx, objOrderPaymentSummary, opsID))
}

// inheritCurrency takes over the currency of the row above.
func inheritCurrency(v values, above *sobject.Record) error {
	currency := above.Text("CurrencyIsoCode")
	if currency == "" {
		return nil
	}
	if v["CurrencyIsoCode"] == nil {
		v["CurrencyIsoCode"] = currency
	}
	if v["CurrencyIsoCode"] != currency {
		return refuse("som.payment.currency", CodeIntegrity, "The currency must be %s.", currency).on("CurrencyIsoCode")
	}
	return nil
}

// parent is the row a reference points to, empty without one.
func (d *SOM) parent(tx *sandbox.Tx, object string, id sobject.Value) *sobject.Record {
	text, _ := id.(string)
	r, _ := d.find(tx, object, text)
	return r
}

// sumUpAuthorization keeps a PaymentAuthorization equal to the captures and reversals below it.
func (d *SOM) sumUpAuthorization(tx *sandbox.Tx, user, id string) {
	r, ok := d.find(tx, objAuthorization, id)
	if !ok {
		return
	}
	a, rows := tracked(r), d.Rows(tx)
	a.put("TotalPaymentCaptureAmount", sumOf(rows.children(objPayment, "PaymentAuthorizationId", id), statusProcessed))
	a.put("TotalAuthReversalAmount", sumOf(reversals(rows.children(objAuthAdjustment, "PaymentAuthorizationId", id)), statusProcessed))
	d.save(tx, user, a)
}

// createRefundLine applies a refund, or a part of it, to the payment it gives back.
func (d *SOM) createRefundLine(tx *sandbox.Tx, user string, v values) (string, error) {
	refund, payment := tracked(d.parent(tx, objRefund, v["RefundId"])), tracked(d.parent(tx, objPayment, v["PaymentId"]))
	amount, _ := v["Amount"].(decimal.Decimal)
	if err := checkRefundLine(v, refund, payment, amount); err != nil {
		return "", err
	}
	refund.add("TotalApplied", amount)
	payment.add("TotalRefundApplied", amount)
	now := tx.Now()
	v["AppliedDate"], v["ImpactAmount"], v["EffectiveImpactAmount"] = now, amount, amount
	v["RefundBalance"], v["PaymentBalance"] = left(refund), leftToRefund(payment)
	for _, name := range []string{"Date", "EffectiveDate"} {
		if v[name] == nil {
			v[name] = now
		}
	}
	d.save(tx, user, refund)
	d.save(tx, user, payment)
	return d.insert(tx, user, objRefundLine, v), nil
}

func checkRefundLine(v values, refund, payment *row, amount decimal.Decimal) error {
	switch {
	case v["Type"] != "Applied":
		return refuse("som.refund-line.applied-only", CodeIntegrity, "Taking a refund off a payment again is not simulated.").on("Type")
	case !amount.IsPositive():
		return refuse("som.payment.amount-positive", CodeIntegrity, "Amount must be greater than 0.").on("Amount")
	case refund.Text("Status") != statusProcessed || payment.Text("Status") != statusProcessed:
		return refuse("som.refund-line.processed", CodeIntegrity, "Refund and payment must have the status Processed.").on("RefundId", "PaymentId")
	case amount.GreaterThan(left(refund)):
		return refuse("som.refund-line.refund-balance", CodeIntegrity, "The refund has a balance of %s.", left(refund)).on("Amount")
	case amount.GreaterThan(leftToRefund(payment)):
		return refuse("som.refund-line.payment-balance", CodeIntegrity, "Of the payment %s can be refunded.", leftToRefund(payment)).on("Amount")
	}
	return inheritCurrency(v, &refund.Record)
}

// left is what of a refund is not applied to payments yet, leftToRefund what of a payment was not refunded yet.
func left(refund *row) decimal.Decimal {
	return refund.Decimal("Amount").Sub(refund.Decimal("TotalApplied")).Add(refund.Decimal("TotalUnapplied"))
}

func leftToRefund(payment *row) decimal.Decimal {
	return payment.Decimal("Amount").Sub(payment.Decimal("TotalRefundApplied")).Add(payment.Decimal("TotalRefundUnapplied"))
}
