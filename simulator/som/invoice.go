package som

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// CreateInvoice bills what a fulfillment order holds, and notes the invoice on it. That the units must have been handed
// to a location is the choice made here: the vendor does not say which status a fulfillment order needs.
// Source: Connect REST API Developer Guide, "Create Invoice".
func (d *SOM) CreateInvoice(tx *sandbox.Tx, user, fulfillmentOrderID string) (string, error) {
	id, err := d.invoice(tx, user, fulfillmentOrderID)
	if err != nil {
		return "", fmt.Errorf("create invoice of fulfillment order %s: %w", fulfillmentOrderID, err)
	}
	return id, nil
}

// CreateInvoices bills several fulfillment orders, each by an invoice of its own: all or none.
func (d *SOM) CreateInvoices(tx *sandbox.Tx, user string, fulfillmentOrderIDs []string) ([]string, error) {
	if len(fulfillmentOrderIDs) == 0 {
		return nil, refuse("som.invoice.fulfillment-orders-required", CodeInvalidInput,
			"At least one fulfillment order is required.").on("fulfillmentOrderIds")
	}
	ids := make([]string, len(fulfillmentOrderIDs))
	for i, fulfillmentOrderID := range fulfillmentOrderIDs {
		var err error
		if ids[i], err = d.CreateInvoice(tx, user, fulfillmentOrderID); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

func (d *SOM) invoice(tx *sandbox.Tx, user, fulfillmentOrderID string) (string, error) {
	fo, err := d.loadFulfillmentOrder(tx, fulfillmentOrderID)
	if err != nil {
		return "", err
	}
	if id := fo.Text("InvoiceId"); id != "" {
		return "", refuse("som.invoice.once", CodeInvalidInput, "The fulfillment order %s has the invoice %s already.", fo.ID, id)
	}
	if c := fo.category(); !d.decided.invoiceable(c) {
		return "", refuse("som.invoice.status", CodeInvalidInput,
			"The fulfillment order %s is in the status category %s and cannot be invoiced.", fo.ID, c)
	}
	if !fo.units().IsPositive() {
		return "", refuse("som.invoice.units-left", CodeInvalidInput, "The fulfillment order %s has no units left to invoice.", fo.ID)
	}
	var items []billedItem
	for _, line := range fo.lines {
		if line.Decimal("Quantity").IsPositive() {
			items = append(items, d.fulfilledItem(tx, line))
		}
	}
	id, err := d.bill(tx, user, invoiceDocument(), d.parent(tx, objOrderSummary, fo.Get("OrderSummaryId")), items)
	if err != nil {
		return "", err
	}
	fo.put("InvoiceId", id)
	d.save(tx, user, fo.row)
	return id, nil
}

// fulfilledItem is what a fulfillment order line bills: its charge with tax, and its adjustments as one.
func (d *SOM) fulfilledItem(tx *sandbox.Tx, line *row) billedItem {
	today := date(tx.Now())
	b := billedItem{
		item: d.parent(tx, objOrderItemSummary, line.Get("OrderItemSummaryId")), from: &line.Record,
		charge: line.Decimal("TotalLineAmount"), quantity: line.Decimal("Quantity"), taxes: oneTax(line.Decimal("TotalLineTaxAmount"), today),
	}
	amount, onIt := line.Decimal("TotalAdjustmentAmount"), line.Decimal("TotalAdjustmentTaxAmount")
	if !amount.IsZero() || !onIt.IsZero() {
		b.adjusted = []billedAdjustment{{"Adjustment", amount, oneTax(onIt, today)}}
	}
	return b
}

// oneTax is the tax of a line as one, or none.
func oneTax(amount decimal.Decimal, day string) []billedTax {
	if amount.IsZero() {
		return nil
	}
	return []billedTax{{name: "Tax", amount: amount, day: day}}
}
