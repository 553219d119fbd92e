package som

import (
	"github.com/shopspring/decimal"
)

// item changes an item, or adds one.
func (e *summaryEdit) item(in SummaryRow) error {
	id, v, err := e.values(objOrderItemSummary, in, "Quantity", "UnitPrice", "TotalLineAmount", "GrossUnitPrice", "ListPrice")
	if err != nil {
		return err
	}
	if quantity, sent := v["Quantity"].(decimal.Decimal); sent && (quantity.IsNegative() || !quantity.IsInteger()) {
		return summaryChangeAction().refuse("quantity-whole", "The quantity of an order item summary must be a whole number and not less than 0.").on("Quantity")
	}
	if in.ChangeType == rowNew {
		return e.addItem(in, v)
	}
	if id, err = e.id(objOrderItemSummary, id); err != nil {
		return err
	}
	i, ok := e.summary.item(id)
	if !ok {
		return e.foreign(objOrderItemSummary, id)
	}
	line, err := e.touch(i)
	if err == nil {
		line.quantity = line.quantity.Sub(i.requantify(v))
		line.line = line.line.Add(i.reprices(v))
		delete(v, "Quantity")
		delete(v, "TotalLineAmount")
		i.putAll(v)
	}
	return err
}

// requantify brings an item to another number of units and returns how many more that are: what is added was ordered
// too, what is taken off is cancelled.
func (i *orderItemSummary) requantify(v values) decimal.Decimal {
	quantity, sent := v["Quantity"].(decimal.Decimal)
	if !sent {
		return decimal.Zero
	}
	more := quantity.Sub(i.quantities().quantity())
	if more.IsPositive() {
		i.add("QuantityOrdered", more)
	} else {
		i.add("QuantityCanceled", more.Neg())
	}
	return more
}

// reprices sets what the line costs, and returns by how much it costs more: what was sent, or else units times price when
// either was.
func (i *orderItemSummary) reprices(v values) decimal.Decimal {
	_, units := v["Quantity"]
	unit, priced := v["UnitPrice"].(decimal.Decimal)
	if !priced {
		unit = i.Decimal("UnitPrice")
	}
	if _, sent := v["TotalLineAmount"]; !sent && (units || priced) {
		v["TotalLineAmount"] = i.rounding().round(unit.Mul(i.quantities().quantity()), i.digits())
	}
	return i.changedTo("TotalLineAmount", v)
}

// addItem puts a new item on the order summary.
func (e *summaryEdit) addItem(in SummaryRow, v values) error {
	quantity, _ := v["Quantity"].(decimal.Decimal)
	if !quantity.IsPositive() {
		return summaryChangeAction().refuse("quantity-positive", "The quantity of a new order item summary must be greater than 0.").on("Quantity")
	}
	if v["UnitPrice"] == nil {
		return missingFields("UnitPrice")
	}
	if v["Type"] == nil {
		v["Type"] = string(TypeProduct)
	}
	if err := e.required(objOrderItemSummary, v); err != nil {
		return err
	}
	if err := e.ofSummary(v, "OrderDeliveryGroupSummaryId", e.summary.groups); err != nil {
		return err
	}
	i := &orderItemSummary{how: e.summary.how, row: newRow(objOrderItemSummary, e.newItem(v, quantity))}
	i.reprices(v)
	e.summary.items = append(e.summary.items, i)
	line := &lineChange{item: i, changeType: ChangeAdd, reason: e.reason, quantity: quantity.Neg(), line: i.Decimal("TotalLineAmount")}
	e.lines, e.was[i] = append(e.lines, line), amounts{}
	return e.name(in, i.row)
}

// newItem completes the fields of a new item by those of its product and by empty counters.
func (e *summaryEdit) newItem(v values, quantity decimal.Decimal) values {
	kind := ItemType(v["Type"].(string))
	product := e.d.parent(e.tx, objProduct, v["Product2Id"])
	all := values{
		"OrderSummaryId": e.summary.ID, "CurrencyIsoCode": e.summary.Get("CurrencyIsoCode"), "Name": product.Get("Name"),
		"ProductCode": product.Get("ProductCode"), "StockKeepingUnit": product.Get("StockKeepingUnit"), "TypeCode": kind.code(),
		"PricebookEntryId": e.d.pricebookEntry(e.tx, product.ID), "ListPrice": v["UnitPrice"], "QuantityOrdered": quantity,
	}
	for _, counter := range []string{"QuantityCanceled", "QuantityAllocated", "QuantityFulfilled", "QuantityReturnInitiated", "QuantityReturned"} {
		all[counter] = decimal.Zero
	}
	for name, value := range v {
		if name != "Quantity" && name != "TotalLineAmount" {
			all[name] = value
		}
	}
	return all
}

// ofSummary refuses a reference to a group of another order summary.
func (e *summaryEdit) ofSummary(v values, field string, groups []*row) error {
	id, _ := v[field].(string)
	if id == "" {
		return nil
	}
	for _, g := range groups {
		if g.ID == id {
			return nil
		}
	}
	return e.foreign(field, id)
}

// itemOf finds the item that a row of the request belongs to, new or not.
func (e *summaryEdit) itemOf(id string) (*orderItemSummary, bool) {
	for _, i := range e.summary.items {
		if i.ID != "" && i.ID == id || e.named[id] == i.row && isReference(id) {
			return i, true
		}
	}
	return nil, false
}

// adjustment changes the adjustment line of an item, or adds one.
func (e *summaryEdit) adjustment(in SummaryRow) error {
	id, v, err := e.values(objAdjustmentLine, in, "Amount")
	if err != nil {
		return err
	}
	if in.ChangeType == rowNew {
		return e.addAdjustment(in, v)
	}
	if id, err = e.id(objAdjustmentLine, id); err != nil {
		return err
	}
	for _, i := range e.summary.items {
		for _, a := range i.adjustments {
			if a.ID != id {
				continue
			}
			line, err := e.touch(i)
			if err == nil {
				delta := line.adjustment(a)
				delta.amount = delta.amount.Add(a.changedTo("Amount", v))
				a.putAll(v)
			}
			return err
		}
	}
	return e.foreign(objAdjustmentLine, id)
}

// adjustment is what the change does to one adjustment line.
func (l *lineChange) adjustment(a *adjustmentLine) *adjustmentDelta {
	for n := range l.adjustments {
		if l.adjustments[n].line == a {
			return &l.adjustments[n]
		}
	}
	l.adjustments = append(l.adjustments, adjustmentDelta{line: a})
	return &l.adjustments[len(l.adjustments)-1]
}

func (e *summaryEdit) addAdjustment(in SummaryRow, v values) error {
	if err := e.required(objAdjustmentLine, v); err != nil {
		return err
	}
	if err := e.ofSummary(v, "OrderAdjustmentGroupSummaryId", e.summary.adjustmentGroups); err != nil {
		return err
	}
	itemID, _ := v["OrderItemSummaryId"].(string)
	i, ok := e.itemOf(itemID)
	if !ok {
		return e.foreign(objOrderItemSummary, itemID)
	}
	line, err := e.touch(i)
	if err != nil {
		return err
	}
	v["OrderSummaryId"], v["OrderItemSummaryId"], v["CurrencyIsoCode"] = e.summary.ID, i.ID, e.summary.Get("CurrencyIsoCode")
	if v["Name"] == nil {
		v["Name"] = "Adjustment"
	}
	a := &adjustmentLine{row: newRow(objAdjustmentLine, v)}
	for _, g := range e.summary.adjustmentGroups {
		a.header = a.header || g.ID == a.Text("OrderAdjustmentGroupSummaryId") && g.Text("Type") == string(GroupHeader)
	}
	i.adjustments = append(i.adjustments, a)
	line.adjustment(a).amount = a.Decimal("Amount")
	return e.name(in, a.row)
}

// tax changes a tax line of an item or of one of its adjustments, or adds one.
func (e *summaryEdit) tax(in SummaryRow) error {
	id, v, err := e.values(objTaxLine, in, "Amount", "OrderItemSummaryId", "OrderItemAdjustmentLineSummaryId", "Rate", "TaxEffectiveDate", "Type")
	if err != nil {
		return err
	}
	if in.ChangeType == rowNew {
		return e.addTax(in, v)
	}
	if id, err = e.id(objTaxLine, id); err != nil {
		return err
	}
	delete(v, "OrderItemSummaryId")
	delete(v, "OrderItemAdjustmentLineSummaryId")
	for _, i := range e.summary.items {
		if t, of := i.taxLine(id); t != nil {
			line, err := e.touch(i)
			if err == nil {
				line.addTax(of, taxDelta{t, t.changedTo("Amount", v)})
				t.putAll(v)
			}
			return err
		}
	}
	return e.foreign(objTaxLine, id)
}

// taxLine finds a tax line of the item, and the adjustment it is on, if it is on one.
func (i *orderItemSummary) taxLine(id string) (*row, *adjustmentLine) {
	for _, t := range i.taxes {
		if t.ID == id {
			return t, nil
		}
	}
	for _, a := range i.adjustments {
		for _, t := range a.taxes {
			if t.ID == id {
				return t, a
			}
		}
	}
	return nil, nil
}

// addTax notes the change of a tax on the line, or on one of its adjustments.
func (l *lineChange) addTax(of *adjustmentLine, t taxDelta) {
	if of == nil {
		l.taxes = append(l.taxes, t)
		return
	}
	delta := l.adjustment(of)
	delta.taxes = append(delta.taxes, t)
}

func (e *summaryEdit) addTax(in SummaryRow, v values) error {
	if v["Type"] == nil {
		v["Type"] = "Actual"
	}
	i, of, err := e.taxed(v)
	if err != nil {
		return err
	}
	v["OrderItemSummaryId"] = firstText(i.ID, referenceTo("new"))
	if err := e.required(objTaxLine, v); err != nil {
		return err
	}
	line, err := e.touch(i)
	if err != nil {
		return err
	}
	v["OrderSummaryId"], v["OrderItemSummaryId"], v["CurrencyIsoCode"] = e.summary.ID, i.ID, e.summary.Get("CurrencyIsoCode")
	delete(v, "OrderItemAdjustmentLineSummaryId")
	if v["Name"] == nil {
		v["Name"] = "Tax"
	}
	t := newRow(objTaxLine, v)
	if of == nil {
		i.taxes = append(i.taxes, t)
	} else {
		if of.ID != "" {
			t.Set("OrderItemAdjustmentLineSummaryId", of.ID)
		}
		of.taxes = append(of.taxes, t)
	}
	line.addTax(of, taxDelta{t, t.Decimal("Amount")})
	return e.name(in, t)
}

// taxed finds what a new tax is on: an adjustment, or an item itself.
func (e *summaryEdit) taxed(v values) (*orderItemSummary, *adjustmentLine, error) {
	if id, _ := v["OrderItemAdjustmentLineSummaryId"].(string); id != "" {
		for _, i := range e.summary.items {
			for _, a := range i.adjustments {
				if a.ID != "" && a.ID == id || isReference(id) && e.named[id] == a.row {
					return i, a, nil
				}
			}
		}
		return nil, nil, e.foreign(objAdjustmentLine, id)
	}
	id, _ := v["OrderItemSummaryId"].(string)
	if i, ok := e.itemOf(id); ok {
		return i, nil, nil
	}
	if id == "" {
		return nil, nil, missingFields("OrderItemSummaryId")
	}
	return nil, nil, e.foreign(objOrderItemSummary, id)
}
