package som

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// ImportOrder writes an order as a commerce integration does, step by step: the activated Order with its items, groups,
// adjustments and taxes, then its summary, then the payments. It returns the id of the order summary.
func (d *SOM) ImportOrder(tx *sandbox.Tx, o NewOrder) (string, error) {
	orderID, err := d.insertOrder(tx, o)
	if err != nil {
		return "", fmt.Errorf("import order %s: %w", o.OrderNumber, err)
	}
	summaryID, err := d.CreateOrderSummary(tx, NewOrderSummary{
		OrderID: orderID, Name: o.OrderNumber, LifeCycle: o.LifeCycle, Status: o.Status,
		BusinessModel: "B2C", ExternalReference: o.ExternalReference, User: o.User,
	})
	if err != nil {
		return "", fmt.Errorf("import order %s: %w", o.OrderNumber, err)
	}
	for _, p := range o.Payments {
		d.importPayment(tx, o, summaryID, p)
	}
	return summaryID, nil
}

// orderImport holds what the steps of one import share.
type orderImport struct {
	d       *SOM
	tx      *sandbox.Tx
	order   NewOrder
	orderID string
	// groups are the adjustment groups by name.
	groups map[string]string
	total  totals
	line   int64
}

func (d *SOM) insertOrder(tx *sandbox.Tx, o NewOrder) (string, error) {
	m := &orderImport{d: d, tx: tx, order: o, groups: map[string]string{}}
	m.insertHeader()
	for _, g := range o.AdjustmentGroups {
		m.groups[g.Name] = d.insert(tx, o.User, objOrderAdjGroup, m.money(values{
			"OrderId": m.orderID, "Name": g.Name, "Description": g.Description, "Type": string(g.Type),
		}))
	}
	for _, g := range o.DeliveryGroups {
		if err := m.insertGroup(g); err != nil {
			return "", err
		}
	}
	r, _ := d.find(tx, objOrder, m.orderID)
	order := tracked(r)
	m.total.writeOrder(order)
	d.save(tx, o.User, order)
	return m.orderID, nil
}

// money adds the order's currency to a row.
func (m *orderImport) money(v values) values {
	v["CurrencyIsoCode"] = m.order.currency()
	return v
}

func (m *orderImport) insertHeader() {
	o, at := m.order, m.order.OrderedAt
	if at.IsZero() {
		at = m.tx.Now()
	}
	v := m.money(values{
		"AccountId": o.AccountID, "Name": o.OrderNumber, "OrderReferenceNumber": o.OrderNumber,
		"OrderedDate": at, "EffectiveDate": date(at), "ActivatedDate": m.tx.Now(), "ActivatedById": userOrDefault(o.User),
		"Status": "Activated", "StatusCode": "Activated", "TaxLocaleType": o.taxLocale(), "SalesChannelId": o.SalesChannelID,
		"BillingEmailAddress": o.BillingEmail, "BillingPhoneNumber": o.BillingPhone, "Pricebook2Id": standardPricebookID(),
	})
	o.BillingAddress.into(v, "Billing")
	m.orderID = m.d.insert(m.tx, o.User, objOrder, v)
}

func (m *orderImport) insertGroup(g NewDeliveryGroup) error {
	v := m.money(values{
		"OrderId": m.orderID, "OrderDeliveryMethodId": g.DeliveryMethodID, "EmailAddress": g.Email, "PhoneNumber": g.Phone,
		"DeliverToName": g.Name,
	})
	if !g.DesiredAt.IsZero() {
		v["DesiredDeliveryDate"] = date(g.DesiredAt)
	}
	g.DeliverTo.into(v, "DeliverTo")
	groupID := m.d.insert(m.tx, m.order.User, objOrderDeliveryGroup, v)
	var total totals
	for _, i := range g.Items {
		a, err := m.insertItem(groupID, i)
		if err != nil {
			return err
		}
		total.add(i.kind(), a)
		m.total.add(i.kind(), a)
	}
	r, _ := m.d.find(m.tx, objOrderDeliveryGroup, groupID)
	group := tracked(r)
	total.writeGroup(group)
	m.d.save(m.tx, m.order.User, group)
	return nil
}

// insertItem writes an OrderItem with its tax and adjustment lines and returns what it is worth.
func (m *orderImport) insertItem(groupID string, i NewItem) (amounts, error) {
	product, ok := m.d.find(m.tx, objProduct, i.ProductID)
	if !ok {
		return amounts{}, refuse("som.import.product", CodeInvalidCrossReference, "There is no product %q.", i.ProductID)
	}
	digits := currencyDigits(m.order.currency())
	m.line++
	line := i.UnitPrice.Mul(i.quantity()).Round(digits)
	itemID := m.d.insert(m.tx, m.order.User, objOrderItem, m.money(values{
		"OrderId": m.orderID, "OrderDeliveryGroupId": groupID, "Product2Id": product.ID, "Description": product.Text("Name"),
		"PricebookEntryId": m.d.pricebookEntry(m.tx, product.ID), "Type": string(i.kind()), "TypeCode": i.kind().code(),
		"Quantity": i.quantity(), "UnitPrice": i.UnitPrice, "ListPrice": i.UnitPrice, "GrossUnitPrice": i.grossUnitPrice(digits),
		"TotalLineAmount": line, "LineNumber": decimal.NewFromInt(m.line),
	}))
	a := amounts{Line: line, LineTax: m.insertTaxes(itemID, "", i.Taxes)}
	for _, adjustment := range i.Adjustments {
		if err := m.insertAdjustment(itemID, adjustment, &a); err != nil {
			return amounts{}, err
		}
	}
	r, _ := m.d.find(m.tx, objOrderItem, itemID)
	item := tracked(r)
	a.writeLine(item)
	m.d.save(m.tx, m.order.User, item)
	return a, nil
}

func (m *orderImport) insertAdjustment(itemID string, n NewAdjustment, a *amounts) error {
	groupID, known := m.groups[n.Group]
	if n.Group != "" && !known {
		return refuse("som.import.adjustment-group", CodeInvalidCrossReference, "There is no adjustment group %q.", n.Group)
	}
	tax := decimal.Zero
	for _, t := range n.Taxes {
		tax = tax.Add(t.Amount)
	}
	id := m.d.insert(m.tx, m.order.User, objOrderItemAdjustment, m.money(values{
		"OrderId": m.orderID, "OrderItemId": itemID, "OrderAdjustmentGroupId": groupID, "Name": n.Name,
		"Amount": n.Amount, "TotalTaxAmount": tax,
	}))
	m.insertTaxes(itemID, id, n.Taxes)
	if m.isHeader(n.Group) {
		a.Dist, a.DistTax = a.Dist.Add(n.Amount), a.DistTax.Add(tax)
	} else {
		a.Adjustment, a.AdjustmentTax = a.Adjustment.Add(n.Amount), a.AdjustmentTax.Add(tax)
	}
	return nil
}

func (m *orderImport) isHeader(group string) bool {
	for _, g := range m.order.AdjustmentGroups {
		if g.Name == group {
			return g.Type == GroupHeader
		}
	}
	return false
}

func (m *orderImport) insertTaxes(itemID, adjustmentID string, taxes []NewTax) decimal.Decimal {
	total := decimal.Zero
	for _, t := range taxes {
		m.d.insert(m.tx, m.order.User, objOrderItemTax, m.money(values{
			"OrderId": m.orderID, "OrderItemId": itemID, "OrderItemAdjustmentLineItemId": adjustmentID, "Name": t.Name,
			"Rate": optional(t.Rate), "Amount": t.Amount, "TaxEffectiveDate": date(m.tx.Now()), "Type": "Actual",
		}))
		total = total.Add(t.Amount)
	}
	return total
}

// optional is null for zero.
func optional(n decimal.Decimal) sobject.Value {
	if n.IsZero() {
		return nil
	}
	return n
}
