package som

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// ChangeType is the ChangeType of an OrderItemSummaryChange.
type ChangeType string

// The change types of what is simulated.
const (
	ChangeCancel                   ChangeType = "Cancel"
	ChangeCancelFee                ChangeType = "CancelFee"
	ChangeReturn                   ChangeType = "Return"
	ChangeReturnFee                ChangeType = "ReturnFee"
	ChangeDeliveryChargeAdjustment ChangeType = "DeliveryChargeAdjustment"
	ChangeProductAdjustment        ChangeType = "ProductAdjustment"
	ChangeFeeAdjustment            ChangeType = "FeeAdjustment"
	ChangeAdd                      ChangeType = "Add"
	ChangeModify                   ChangeType = "Modify"
)

// plan is a change of an order summary, already carried out on the copies of its rows.
type plan struct {
	summary *orderSummary
	orders  []*changeOrder
}

// changeOrder is one of the orders that record a plan.
type changeOrder struct {
	// id is empty until the order is written.
	id             string
	lines          []*lineChange
	preFulfillment bool
	// referenceNumber becomes the OrderReferenceNumber; empty for none.
	referenceNumber string
	// fees marks the order of what the shopper is charged; it is settled by an invoice, not by a credit memo.
	fees bool
}

// lineChange is what a change does to one line. Amounts are deltas: a cancel has negative ones.
type lineChange struct {
	item               *orderItemSummary
	changeType         ChangeType
	reason, reasonText string
	// quantity is the number of units taken off, zero for a change of price alone, negative for units that are added.
	quantity    decimal.Decimal
	line        decimal.Decimal
	taxes       []taxDelta
	adjustments []adjustmentDelta
	// itemID is the change order's item, once it is written.
	itemID string
	// delta is the sum of all, as the line's stored sums saw it.
	delta amounts
}

type taxDelta struct {
	tax    *row
	amount decimal.Decimal
}

type adjustmentDelta struct {
	line   *adjustmentLine
	amount decimal.Decimal
	taxes  []taxDelta
}

// changeWriter writes a change: the change order with everything below it, a change record for each of its items, and
// the changed rows of the summary graph. The change order holds deltas (a cancel is negative), which the vendor's pages
// contradict each other about; specs/som/SOURCES.md has the choice.
type changeWriter struct {
	d       *SOM
	tx      *sandbox.Tx
	user    string
	summary *orderSummary
	c       *changeOrder
	// groups and adjustmentGroups map summary groups to those of the change order.
	groups, adjustmentGroups map[string]string
}

// write stores the change orders and the changed rows of the summary graph.
func (p *plan) write(d *SOM, tx *sandbox.Tx, user string) {
	for _, c := range p.orders {
		w := &changeWriter{
			d: d, tx: tx, user: user, summary: p.summary, c: c, groups: map[string]string{}, adjustmentGroups: map[string]string{},
		}
		w.insertOrder()
		w.insertGroups()
		for _, l := range c.lines {
			w.insertLine(l)
		}
	}
	if len(p.orders) > 0 {
		p.summary.put("ChangeOrderId", p.orders[0].id)
	}
	p.summary.save(d, tx, user)
}

// record stores a row of the change order, with the sign that its numbers have there. Prices of a unit have none.
func (w *changeWriter) record(object string, v values) string {
	for field, value := range v {
		if n, ok := value.(decimal.Decimal); ok && !strings.HasSuffix(field, "Price") && field != "LineNumber" && field != "Rate" {
			v[field] = w.d.decided.signed(n)
		}
	}
	return w.insert(object, v)
}

func (w *changeWriter) insert(object string, v values) string {
	v["CurrencyIsoCode"] = w.summary.Get("CurrencyIsoCode")
	return w.d.insert(w.tx, w.user, object, v)
}

func (w *changeWriter) insertOrder() {
	s := w.summary
	r := newRow(objOrder, values{
		"AccountId": s.Get("AccountId"), "BillToContactId": s.Get("BillToContactId"), "SalesChannelId": s.Get("SalesChannelId"),
		"TaxLocaleType": s.Get("TaxLocaleType"), "Pricebook2Id": s.Get("Pricebook2Id"),
		"RelatedOrderId": s.Get("OriginalOrderId"), "EffectiveDate": date(w.tx.Now()), "OrderedDate": w.tx.Now(),
		"Status": "Activated", "StatusCode": "Activated", "OrderReferenceNumber": w.c.referenceNumber,
	})
	w.c.totals().writeOrder(r, &w.d.decided)
	w.c.id = w.record(objOrder, r.values())
}

// insertGroups writes the change order's twins of the delivery and adjustment groups the change touches.
func (w *changeWriter) insertGroups() {
	touched, adjusted := map[string]*totals{}, map[string]amounts{}
	for _, l := range w.c.lines {
		if touched[l.item.group()] == nil {
			touched[l.item.group()] = &totals{}
		}
		touched[l.item.group()].add(l.item.kind(), l.delta)
		for _, a := range l.adjustments {
			group := a.line.Text("OrderAdjustmentGroupSummaryId")
			adjusted[group] = adjusted[group].plus(amounts{Line: a.amount, LineTax: a.tax()})
		}
	}
	for _, g := range w.summary.groups {
		if t := touched[g.ID]; t != nil {
			r := newRow(objOrderDeliveryGroup, values{
				"OrderId": w.c.id, "RelatedDeliveryGroupId": g.Get("OriginalOrderDeliveryGroupId"),
				"OrderDeliveryMethodId": g.Get("OrderDeliveryMethodId"), "DeliverToName": g.Get("DeliverToName"),
			})
			t.writeGroup(r)
			w.groups[g.ID] = w.record(objOrderDeliveryGroup, r.values())
			g.original("OriginalOrderDeliveryGroupId", w.groups[g.ID])
		}
	}
	for _, g := range w.summary.adjustmentGroups {
		if a, ok := adjusted[g.ID]; ok {
			w.adjustmentGroups[g.ID] = w.record(objOrderAdjGroup, values{
				"OrderId": w.c.id, "RelatedAdjustmentGroupId": g.Get("OriginalOrderAdjGroupId"), "Name": g.Get("Name"),
				"Type": g.Get("Type"), "TotalAmount": a.Line, "TotalTaxAmount": a.LineTax,
			})
			g.original("OriginalOrderAdjGroupId", w.adjustmentGroups[g.ID])
		}
	}
}

// original names what a group of the summary was made from, when it was made by a change.
func (r *row) original(field, id string) {
	if r.Get(field) == nil {
		r.put(field, id)
	}
}

func (a adjustmentDelta) tax() decimal.Decimal {
	total := decimal.Zero
	for _, t := range a.taxes {
		total = total.Add(t.amount)
	}
	return total
}

func (w *changeWriter) insertLine(l *lineChange) {
	i := l.item
	r := newRow(objOrderItem, values{
		"OrderId": w.c.id, "OrderDeliveryGroupId": w.groups[i.group()], "RelatedOrderItemId": i.Get("OriginalOrderItemId"),
		"Product2Id": i.Get("Product2Id"), "PricebookEntryId": i.Get("PricebookEntryId"), "Description": i.Get("Description"),
		"Type": i.Get("Type"), "TypeCode": i.Get("TypeCode"), "UnitPrice": i.Get("UnitPrice"), "ListPrice": i.Get("ListPrice"),
		"GrossUnitPrice": i.Get("GrossUnitPrice"), "Quantity": l.quantity.Neg(), "LineNumber": i.Get("LineNumber"),
	})
	l.delta.writeLine(r)
	itemID := w.record(objOrderItem, r.values())
	l.itemID = itemID
	if i.ID == "" {
		w.adoptItem(i, itemID)
	}
	for _, t := range l.taxes {
		taxID := w.insertTax(itemID, "", t)
		if t.tax.ID == "" {
			t.tax.Set("OriginalOrderItemTaxLineItemId", taxID)
			w.adopt(t.tax)
		}
	}
	for _, a := range l.adjustments {
		w.insertAdjustment(itemID, a)
	}
	w.insert(objItemChange, values{
		"OrderSummaryId": w.summary.ID, "OrderItemSummaryId": i.ID, "ChangeOrderItemId": itemID,
		"ChangeType": string(l.changeType), "Reason": w.d.canonicalReason(l.reason), "ReasonText": l.reasonText,
		"IsPreFulfillment": w.c.preFulfillment,
	})
}

// adoptItem stores a line that is new on the summary, with the change order's item as its original.
func (w *changeWriter) adoptItem(i *orderItemSummary, itemID string) {
	i.Set("OriginalOrderItemId", itemID)
	w.adopt(i.row)
	below := append([]*row{}, i.taxes...)
	for _, line := range i.adjustments {
		line.Set("OrderItemSummaryId", i.ID)
		below = append(below, line.taxes...)
	}
	for _, tax := range below {
		tax.Set("OrderItemSummaryId", i.ID)
	}
}

// insertAdjustment writes the change order's adjustment line. A line that is new on the summary is stored there too,
// with the change order's line as its original.
func (w *changeWriter) insertAdjustment(itemID string, a adjustmentDelta) {
	line := a.line
	id := w.record(objOrderItemAdjustment, values{
		"OrderId": w.c.id, "OrderItemId": itemID, "Name": line.Get("Name"), "Amount": a.amount, "TotalTaxAmount": a.tax(),
		"OrderAdjustmentGroupId":      w.adjustmentGroups[line.Text("OrderAdjustmentGroupSummaryId")],
		"RelatedAdjustmentLineItemId": line.Get("OriginalOrderItemAdjustmentLineItemId"),
	})
	if line.ID == "" {
		line.Set("OriginalOrderItemAdjustmentLineItemId", id)
		w.adopt(line.row)
	}
	for _, t := range a.taxes {
		taxID := w.insertTax(itemID, id, t)
		if t.tax.ID == "" {
			t.tax.Set("OriginalOrderItemTaxLineItemId", taxID)
			t.tax.Set("OrderItemAdjustmentLineSummaryId", line.ID)
			w.adopt(t.tax)
		}
	}
}

// adopt stores a new row of the summary graph and gives it its id.
func (w *changeWriter) adopt(r *row) {
	r.ID = w.insert(r.Object, r.values())
	r.changed = false
}

func (w *changeWriter) insertTax(itemID, adjustmentID string, t taxDelta) string {
	effective := t.tax.Get("TaxEffectiveDate")
	if effective == nil {
		effective = date(w.tx.Now())
		t.tax.Set("TaxEffectiveDate", effective)
	}
	return w.record(objOrderItemTax, values{
		"OrderId": w.c.id, "OrderItemId": itemID, "OrderItemAdjustmentLineItemId": adjustmentID,
		"Name": t.tax.Get("Name"), "Type": t.tax.Get("Type"), "Rate": t.tax.Get("Rate"), "Amount": t.amount,
		"TaxEffectiveDate": effective, "RelatedTaxLineItemId": t.tax.Get("OriginalOrderItemTaxLineItemId"),
	})
}

// newRow is a row that has no id yet.
func newRow(object string, v values) *row {
	r := &row{Record: sobject.New(object, ""), changed: true}
	for name, value := range v {
		r.Set(name, value)
	}
	return r
}

// values are the fields of the row for insert.
func (r *row) values() values {
	v := values{}
	for _, fv := range r.Fields {
		v[fv.Name] = fv.Value
	}
	return v
}
