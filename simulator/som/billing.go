package som

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// settlement remembers by which document a change order was settled, because no field of the vendor's does.
type settlement struct {
	ChangeOrderID string
	// DocumentID is the id of a CreditMemo or an Invoice.
	DocumentID string
}

// billingDocument is an invoice or a credit memo that is being written: its header object, that of its lines, and what
// differs between them.
type billingDocument struct {
	object, lineObject, parent string
	// sign turns the amounts of the source into those of the document: -1 for a credit memo, since change orders hold
	// what goes back as negative amounts.
	sign     decimal.Decimal
	maxLines int
	rule     string
}

// The limits of documents count charges, taxes, adjustments and their taxes. Source: Help, limits of Order Management.
func invoiceDocument() billingDocument {
	return billingDocument{objInvoice, objInvoiceLine, "InvoiceId", decimal.NewFromInt(1), 2000, "som.invoice.lines"}
}

func creditMemoDocument() billingDocument {
	return billingDocument{objCreditMemo, objCreditMemoLine, "CreditMemoId", decimal.NewFromInt(-1), 500, "som.credit.lines"}
}

// billedItem is what a document bills or credits of one order item summary.
type billedItem struct {
	// item is the order item summary, from the row the money comes from: an OrderItem or a FulfillmentOrderLineItem.
	item, from *sobject.Record
	charge     decimal.Decimal
	quantity   decimal.Decimal
	taxes      []billedTax
	adjusted   []billedAdjustment
}

type billedTax struct {
	name      string
	rate, day sobject.Value
	amount    decimal.Decimal
}

type billedAdjustment struct {
	name   string
	amount decimal.Decimal
	taxes  []billedTax
}

func (b billedItem) lines() int {
	n := 1 + len(b.taxes)
	for _, a := range b.adjusted {
		n += 1 + len(a.taxes)
	}
	return n
}

// billing writes one document.
type billing struct {
	d       *SOM
	tx      *sandbox.Tx
	user    string
	doc     billingDocument
	summary *sobject.Record
	id      string
}

// bill writes a document with its lines and returns its id. Documents of Order Management are born Posted (recalled).
func (d *SOM) bill(tx *sandbox.Tx, user string, doc billingDocument, summary *sobject.Record, items []billedItem) (string, error) {
	count := 0
	var sums amounts
	for _, i := range items {
		count += i.lines()
		sums = sums.plus(i.amounts())
	}
	if count > doc.maxLines {
		return "", refuse(doc.rule, CodeInvalidInput, "%s would have %d lines. The limit is %d.", doc.object, count, doc.maxLines)
	}
	b := &billing{d: d, tx: tx, user: user, doc: doc, summary: summary}
	b.insertHeader(sums)
	for _, i := range items {
		b.insertItem(i)
	}
	return b.id, nil
}

// amounts adds an item up: Line is the charge, Adjustment all its adjustments.
func (b billedItem) amounts() amounts {
	a := amounts{Line: b.charge, LineTax: taxTotal(b.taxes)}
	for _, adjusted := range b.adjusted {
		a.Adjustment, a.AdjustmentTax = a.Adjustment.Add(adjusted.amount), a.AdjustmentTax.Add(taxTotal(adjusted.taxes))
	}
	return a
}

func taxTotal(taxes []billedTax) decimal.Decimal {
	total := decimal.Zero
	for _, t := range taxes {
		total = total.Add(t.amount)
	}
	return total
}

func (b *billing) insertHeader(sums amounts) {
	today := date(b.tx.Now())
	v := values{
		"BillingAccountId": b.summary.Get("AccountId"), "BillToContactId": b.summary.Get("BillToContactId"),
		"ReferenceEntityId": b.summary.ID, "TaxLocaleType": b.summary.Get("TaxLocaleType"), "Status": b.d.decided.billingStatus,
		"CurrencyIsoCode":   b.summary.Get("CurrencyIsoCode"),
		"TotalChargeAmount": b.signed(sums.Line), "TotalChargeTaxAmount": b.signed(sums.LineTax),
		"TotalAdjustmentAmount": b.signed(sums.Adjustment), "TotalAdjustmentTaxAmount": b.signed(sums.AdjustmentTax),
		"NetCreditsApplied": decimal.Zero,
	}
	if b.doc.object == objInvoice {
		v["InvoiceDate"], v["DueDate"], v["PostedDate"], v["NetPaymentsApplied"] = today, today, today, decimal.Zero
	} else {
		v["CreditDate"], v["EffectiveDate"] = today, today
	}
	b.id = b.d.insert(b.tx, b.user, b.doc.object, v)
}

func (b *billing) signed(n decimal.Decimal) decimal.Decimal { return n.Mul(b.doc.sign) }

func (b *billing) insertItem(i billedItem) {
	sums := i.amounts()
	charge := b.insertLine(i, "Charge", i.item.Text("Name"), "", i.charge, values{
		"Quantity": i.quantity.Mul(b.doc.sign), "UnitPrice": i.from.Get("UnitPrice"), "GrossUnitPrice": i.from.Get("GrossUnitPrice"),
		"ChargeAmount": b.signed(sums.Line), "ChargeTaxAmount": b.signed(sums.LineTax),
		"AdjustmentAmount": b.signed(sums.Adjustment), "AdjustmentTaxAmount": b.signed(sums.AdjustmentTax),
	})
	b.insertTaxes(i, charge, i.taxes)
	for _, a := range i.adjusted {
		line := b.insertLine(i, "Adjustment", a.name, charge, a.amount, values{
			"AdjustmentAmount": b.signed(a.amount), "AdjustmentTaxAmount": b.signed(taxTotal(a.taxes)),
		})
		b.insertTaxes(i, line, a.taxes)
	}
}

func (b *billing) insertTaxes(i billedItem, of string, taxes []billedTax) {
	for _, t := range taxes {
		b.insertLine(i, "Tax", t.name, of, t.amount, values{
			"TaxAmount": b.signed(t.amount), "TaxName": t.name, "TaxRate": t.rate, "TaxEffectiveDate": t.day,
		})
	}
}

// insertLine writes one line. What an object has no field for is left out.
func (b *billing) insertLine(i billedItem, kind, name, related string, amount decimal.Decimal, v values) string {
	o, _ := b.d.catalog.Object(b.doc.lineObject)
	v[b.doc.parent], v["Type"], v["Name"], v["RelatedLineId"] = b.id, kind, firstText(name, kind), related
	v["LineAmount"], v["ReferenceEntityItemId"], v["Product2Id"] = b.signed(amount), i.item.ID, i.item.Get("Product2Id")
	v["ReferenceEntityItemType"], v["ReferenceEntityItemTypeCode"] = i.item.Get("Type"), i.item.Get("TypeCode")
	v["CurrencyIsoCode"] = b.summary.Get("CurrencyIsoCode")
	if b.doc.object == objInvoice {
		v["InvoiceStatus"], v["InvoiceLineStartDate"], v["InvoiceLineEndDate"] = b.d.decided.billingStatus, date(b.tx.Now()), date(b.tx.Now())
	} else {
		v["Status"] = b.d.decided.billingStatus
	}
	for field := range v {
		if _, ok := o.Field(field); !ok {
			delete(v, field)
		}
	}
	return b.d.insert(b.tx, b.user, b.doc.lineObject, v)
}

// changeOrders reads change orders of an order summary that one document is to settle.
func (d *SOM) changeOrders(tx *sandbox.Tx, rule string, s *orderSummary, ids []string) ([]*sobject.Record, error) {
	if len(ids) == 0 {
		return nil, refuse(rule+".change-orders-required", CodeInvalidInput, "At least one change order is required.").on("changeOrderIds")
	}
	var orders []*sobject.Record
	for _, id := range ids {
		order, ok := d.find(tx, objOrder, id)
		if !ok || order.Text("RelatedOrderId") == "" || order.Text("RelatedOrderId") != s.Text("OriginalOrderId") {
			return nil, refuse(rule+".change-order-belongs", CodeInvalidInput,
				"The order %s is not a change order of the order summary %s.", id, s.ID).on("changeOrderIds")
		}
		settled, done := d.settlements.Get(tx.Tx, order.ID)
		if done && settled.DocumentID != "" && d.decided.creditAgain {
			orders = append(orders, order)
			continue
		}
		if done && settled.DocumentID == "" {
			return nil, refuse(rule+".once", CodeInvalidInput, "The change order %s is named twice.", order.ID).on("changeOrderIds")
		}
		if done {
			return nil, refuse(rule+".once", CodeInvalidInput,
				"The change order %s is in the document %s already.", order.ID, settled.DocumentID).on("changeOrderIds")
		}
		d.settlements.Put(tx.Tx, settlement{ChangeOrderID: order.ID})
		orders = append(orders, order)
	}
	return orders, nil
}

func (d *SOM) settle(tx *sandbox.Tx, documentID string, orders []*sobject.Record) {
	for _, o := range orders {
		d.settlements.Put(tx.Tx, settlement{ChangeOrderID: o.ID, DocumentID: documentID})
	}
}

// changed lists what change orders say of each item, with their signs.
func (d *SOM) changed(tx *sandbox.Tx, orders []*sobject.Record) []billedItem {
	var out []billedItem
	rows := d.Rows(tx)
	for _, order := range orders {
		for _, from := range rows.children(objOrderItem, "OrderId", order.ID) {
			b := billedItem{item: d.changedItem(tx, from), from: from, charge: d.decided.signed(from.Decimal("TotalLineAmount")), quantity: d.decided.signed(from.Decimal("Quantity"))}
			perAdjustment := map[string][]billedTax{}
			for _, t := range rows.children(objOrderItemTax, "OrderItemId", from.ID) {
				tax := billedTax{t.Text("Name"), t.Get("Rate"), t.Get("TaxEffectiveDate"), d.decided.signed(t.Decimal("Amount"))}
				if of := t.Text("OrderItemAdjustmentLineItemId"); of != "" {
					perAdjustment[of] = append(perAdjustment[of], tax)
				} else {
					b.taxes = append(b.taxes, tax)
				}
			}
			for _, a := range rows.children(objOrderItemAdjustment, "OrderItemId", from.ID) {
				b.adjusted = append(b.adjusted, billedAdjustment{a.Text("Name"), d.decided.signed(a.Decimal("Amount")), perAdjustment[a.ID]})
			}
			out = append(out, b)
		}
	}
	return out
}

// changedItem is the order item summary that an item of a change order is about.
func (d *SOM) changedItem(tx *sandbox.Tx, of *sobject.Record) *sobject.Record {
	for _, change := range d.Rows(tx).children(objItemChange, "ChangeOrderItemId", of.ID) {
		return d.parent(tx, objOrderItemSummary, change.Get("OrderItemSummaryId"))
	}
	return &sobject.Record{}
}

// CreateCreditMemo credits change orders of an order summary: what returns and discounts after fulfilment give back.
// The vendor means it for those; changes before fulfilment are taken too, because their money takes this way once it has
// been invoiced. Source: Connect REST API Developer Guide, "Create Credit Memo".
func (d *SOM) CreateCreditMemo(tx *sandbox.Tx, user, orderSummaryID string, changeOrderIDs []string) (string, error) {
	id, err := d.settleChanges(tx, user, creditMemoDocument(), "som.credit", orderSummaryID, changeOrderIDs)
	if err != nil {
		return "", fmt.Errorf("create credit memo of order summary %s: %w", orderSummaryID, err)
	}
	return id, nil
}

// CreateChangeInvoice bills change orders of an order summary: the fees of cancels and returns.
// Source: Apex reference, "create multiple invoices from change orders".
func (d *SOM) CreateChangeInvoice(tx *sandbox.Tx, user, orderSummaryID string, changeOrderIDs []string) (string, error) {
	id, err := d.settleChanges(tx, user, invoiceDocument(), "som.change-invoice", orderSummaryID, changeOrderIDs)
	if err != nil {
		return "", fmt.Errorf("create change invoice of order summary %s: %w", orderSummaryID, err)
	}
	return id, nil
}

func (d *SOM) settleChanges(tx *sandbox.Tx, user string, doc billingDocument, rule, summaryID string, ids []string) (string, error) {
	s, err := d.managedSummary(tx, summaryID)
	if err != nil {
		return "", err
	}
	orders, err := d.changeOrders(tx, rule, s, ids)
	if err != nil {
		return "", err
	}
	items := d.changed(tx, orders)
	worth := decimal.Zero
	for _, i := range items {
		worth = worth.Add(i.amounts().withTax())
	}
	if !worth.Mul(doc.sign).IsPositive() {
		return "", refuse(rule+".amount", CodeInvalidInput, "The change orders are worth %s; %s would have no positive amount.", worth, doc.object)
	}
	id, err := d.bill(tx, user, doc, &s.Record, items)
	if err != nil {
		return "", err
	}
	d.settle(tx, id, orders)
	return id, nil
}
