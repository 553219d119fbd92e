package warehouse

import (
	"errors"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/worldline"
)

// takeMoney has the invoices of an order paid. What the shopper authorised outside of Salesforce is captured at the
// payment platform and recorded, as the integration that owns it would; order management captures the rest itself when it
// ensures the funds.
func (w *Warehouse) takeMoney(tx *sandbox.Tx, summaryID string, invoices []string) error {
	missing := w.unpaid(tx, summaryID).Sub(w.unused(tx, summaryID))
	for _, authorization := range w.authorizations(tx, summaryID) {
		part := decimal.Min(missing, w.number(authorization, "Balance"))
		if authorization.Text("ProcessingMode") != "External" || !part.IsPositive() {
			continue
		}
		taken, err := w.capture(tx, authorization, part)
		if err != nil {
			return err
		}
		missing = missing.Sub(taken)
	}
	for _, id := range invoices {
		_, err := w.SOM.EnsureFunds(tx, som.IntegrationUserID(), som.EnsureFunds{OrderSummaryID: summaryID, InvoiceID: id})
		if err != nil {
			return err
		}
	}
	return nil
}

// unpaid is what the order's invoices still ask for.
func (w *Warehouse) unpaid(tx *sandbox.Tx, summaryID string) decimal.Decimal {
	sum := decimal.Zero
	for _, invoice := range w.children(tx, "Invoice", "ReferenceEntityId", summaryID) {
		sum = sum.Add(w.number(invoice, "Balance"))
	}
	return sum
}

// unused is captured money of an order that neither pays an invoice nor was given back.
func (w *Warehouse) unused(tx *sandbox.Tx, summaryID string) decimal.Decimal {
	sum := decimal.Zero
	for _, ops := range w.children(tx, "OrderPaymentSummary", "OrderSummaryId", summaryID) {
		for _, p := range w.children(tx, "Payment", "OrderPaymentSummaryId", ops.ID) {
			if p.Text("Status") == "Processed" {
				left := p.Decimal("Amount").Sub(p.Decimal("TotalRefundApplied")).Add(p.Decimal("TotalRefundUnapplied"))
				sum = sum.Add(decimal.Max(decimal.Zero, left.Sub(p.Decimal("TotalApplied")).Add(p.Decimal("TotalUnapplied"))))
			}
		}
	}
	return sum
}

func (w *Warehouse) authorizations(tx *sandbox.Tx, summaryID string) []*row {
	var all []*row
	for _, ops := range w.children(tx, "OrderPaymentSummary", "OrderSummaryId", summaryID) {
		for _, a := range w.children(tx, "PaymentAuthorization", "OrderPaymentSummaryId", ops.ID) {
			if a.Text("Status") == "Processed" {
				all = append(all, a)
			}
		}
	}
	return all
}

// capture takes money of an authorization at the payment platform and records it, and returns how much that was. An
// authorization that has lapsed brings nothing; order management is told.
func (w *Warehouse) capture(tx *sandbox.Tx, authorization *row, amount decimal.Decimal) (decimal.Decimal, error) {
	payment, err := w.Worldline.Payment(tx, worldline.DefaultMerchant, authorization.Text("GatewayRefNumber"))
	if err != nil {
		return decimal.Zero, nil //nolint:nilerr // another platform's; nobody here can take it
	}
	ask := som.GatewayRequest{Amount: amount, Currency: authorization.Text("CurrencyIsoCode")}
	op, err := w.Worldline.CapturePayment(tx, payment, worldline.Instruction{Amount: ask.MinorUnits(), Currency: ask.Currency})
	var refused *worldline.Error
	if errors.As(err, &refused) {
		return decimal.Zero, w.recordLapse(tx, authorization, payment)
	}
	if err != nil {
		return decimal.Zero, err
	}
	return amount, w.record(tx, "Payment", authorization, amount, "Capture", op.ID)
}

// recordLapse tells order management what of an authorization has lapsed at the payment platform, once.
func (w *Warehouse) recordLapse(tx *sandbox.Tx, authorization *row, payment worldline.Payment) error {
	for _, op := range w.Worldline.Operations(tx, payment) {
		if op.Kind != worldline.Expiry || len(w.children(tx, "PaymentAuthAdjustment", "GatewayRefNumber", op.ID)) > 0 {
			continue
		}
		amount := decimal.Min(w.number(authorization, "Balance"), decimal.New(op.Amount, -minorDigits(authorization)))
		if err := w.record(tx, "PaymentAuthAdjustment", authorization, amount, "Reversal", op.ID); err != nil {
			return err
		}
	}
	return nil
}

// minorDigits is how many decimals the currency of a row has.
func minorDigits(r *row) int32 {
	one := som.GatewayRequest{Amount: decimal.NewFromInt(1), Currency: r.Text("CurrencyIsoCode")}.MinorUnits()
	return int32(decimal.NewFromInt(one).NumDigits()) - 1
}

// record writes a movement of money as the integration does that moved it outside of Salesforce.
func (w *Warehouse) record(tx *sandbox.Tx, object string, authorization *row, amount decimal.Decimal, kind, reference string) error {
	o, err := w.SOM.Object(object)
	if err != nil {
		return err
	}
	fields := []sobject.FieldValue{
		{Name: "PaymentAuthorizationId", Value: authorization.ID},
		{Name: "Amount", Value: amount},
		{Name: "Type", Value: kind},
		{Name: "Status", Value: "Processed"},
		{Name: "ProcessingMode", Value: "External"},
		{Name: "GatewayRefNumber", Value: reference},
	}
	if object == "Payment" {
		fields = append(fields, sobject.FieldValue{Name: "OrderPaymentSummaryId", Value: authorization.Text("OrderPaymentSummaryId")})
	}
	_, err = w.SOM.Create(tx, som.IntegrationUserID(), o, fields)
	return err
}
