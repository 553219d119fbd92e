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
	orderID, itemIDs, err := d.insertOrder(tx, o)
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
	if err := d.linkItems(tx, o, summaryID, itemIDs); err != nil {
		return "", fmt.Errorf("import order %s: %w", o.OrderNumber, err)
	}
	for _, p := range o.Payments {
		d.importPayment(tx, o, summaryID, p)
	}
	return summaryID, nil
}

// linkItems writes on order item summaries which other one they belong to. Order items have no such field.
func (d *SOM) linkItems(tx *sandbox.Tx, o NewOrder, summaryID string, items map[string]string) error {
	summaries := map[string]*row{} // by the order item
	for _, r := range d.Rows(tx).children(objOrderItemSummary, "OrderSummaryId", summaryID) {
		summaries[r.Text("OriginalOrderItemId")] = tracked(r)
	}
	for _, g := range o.DeliveryGroups {
		for _, i := range g.Items {
			if i.Main == "" {
				continue
			}
			item, main := summaries[items[i.Key]], summaries[items[i.Main]]
			if item == nil || main == nil {
				return refuse("som.import.main-item", CodeInvalidCrossReference, "There is no item %q that %q could belong to.", i.Main, i.Key)
			}
			item.put("MainOrderItemSummaryId", main.ID)
			d.save(tx, o.User, item)
		}
	}
	return nil
}

// orderImport holds what the steps of one import share.
type orderImport struct {
	d       *SOM
	tx      *sandbox.Tx
	order   NewOrder
	orderID string
	// groups are the adjustment groups by name.
	groups map[string]string
	// items are the ids of the order items that have a key.
	items map[string]string
	line  int64
}

func (d *SOM) insertOrder(tx *sandbox.Tx, o NewOrder) (orderID string, items map[string]string, err error) {
	m := &orderImport{d: d, tx: tx, order: o, groups: map[string]string{}, items: map[string]string{}}
	m.insertHeader()
	for _, g := range o.AdjustmentGroups {
		amount, tax := o.adjusted(g.Name)
		m.groups[g.Name] = m.insert(objOrderAdjGroup, values{
			"Name": g.Name, "Description": g.Description, "Type": string(g.Type), "TotalAmount": amount, "TotalTaxAmount": tax,
		})
	}
	for _, g := range o.DeliveryGroups {
		if err := m.insertGroup(g); err != nil {
			return "", nil, err
		}
	}
	return m.orderID, m.items, nil
}

// insert stores a row of the order in the order's currency.
func (m *orderImport) insert(object string, v values) string {
	v["CurrencyIsoCode"] = m.order.currency()
	if m.orderID != "" {
		v["OrderId"] = m.orderID
	}
	return m.d.insert(m.tx, m.order.User, object, v)
}

func (m *orderImport) insertHeader() {
	o, at := m.order, m.order.OrderedAt
	if at.IsZero() {
		at = m.tx.Now()
	}
	r := newRow(objOrder, values{
		"AccountId": o.AccountID, "Name": o.OrderNumber, "OrderReferenceNumber": o.OrderNumber,
		"OrderedDate": at, "EffectiveDate": date(at), "ActivatedDate": m.tx.Now(), "ActivatedById": userOrDefault(o.User),
		"Status": "Activated", "StatusCode": "Activated", "TaxLocaleType": o.taxLocale(), "SalesChannelId": o.SalesChannelID,
		"BillingEmailAddress": o.BillingEmail, "BillingPhoneNumber": o.BillingPhone, "Pricebook2Id": standardPricebookID(),
	})
	o.totals(o.DeliveryGroups...).writeOrder(r, &m.d.decided)
	v := r.values()
	o.BillingAddress.into(v, "Billing")
	m.orderID = m.insert(objOrder, v)
}

func (m *orderImport) insertGroup(g NewDeliveryGroup) error {
	r := newRow(objOrderDeliveryGroup, values{
		"OrderDeliveryMethodId": g.DeliveryMethodID, "EmailAddress": g.Email, "PhoneNumber": g.Phone, "DeliverToName": g.Name,
	})
	m.order.totals(g).writeGroup(r)
	v := r.values()
	if !g.DesiredAt.IsZero() {
		v["DesiredDeliveryDate"] = date(g.DesiredAt)
	}
	g.DeliverTo.into(v, "DeliverTo")
	groupID := m.insert(objOrderDeliveryGroup, v)
	for _, i := range g.Items {
		if err := m.insertItem(groupID, i); err != nil {
			return err
		}
	}
	return nil
}

// insertItem writes an OrderItem with its tax and adjustment lines.
func (m *orderImport) insertItem(groupID string, i NewItem) error {
	product, ok := m.d.find(m.tx, objProduct, i.ProductID)
	if !ok {
		return refuse("som.import.product", CodeInvalidCrossReference, "There is no product %q.", i.ProductID)
	}
	m.line++
	r := newRow(objOrderItem, values{
		"OrderDeliveryGroupId": groupID, "Product2Id": product.ID, "Description": product.Text("Name"),
		"PricebookEntryId": m.d.pricebookEntry(m.tx, product.ID), "Type": string(i.kind()), "TypeCode": i.kind().code(),
		"Quantity": i.quantity(), "UnitPrice": i.UnitPrice, "ListPrice": i.UnitPrice,
		"GrossUnitPrice": i.grossUnitPrice(currencyDigits(m.order.currency())), "LineNumber": decimal.NewFromInt(m.line),
	})
	m.order.amounts(i).writeLine(r)
	itemID := m.insert(objOrderItem, r.values())
	if i.Key != "" {
		m.items[i.Key] = itemID
	}
	m.insertTaxes(itemID, "", i.Taxes)
	for _, adjustment := range i.Adjustments {
		if err := m.insertAdjustment(itemID, adjustment); err != nil {
			return err
		}
	}
	return nil
}

func (m *orderImport) insertAdjustment(itemID string, n NewAdjustment) error {
	groupID, known := m.groups[n.Group]
	if n.Group != "" && !known {
		return refuse("som.import.adjustment-group", CodeInvalidCrossReference, "There is no adjustment group %q.", n.Group)
	}
	id := m.insert(objOrderItemAdjustment, values{
		"OrderItemId": itemID, "OrderAdjustmentGroupId": groupID, "Name": n.Name, "Amount": n.Amount, "TotalTaxAmount": taxOf(n.Taxes),
	})
	m.insertTaxes(itemID, id, n.Taxes)
	return nil
}

func (m *orderImport) insertTaxes(itemID, adjustmentID string, taxes []NewTax) {
	for _, t := range taxes {
		m.insert(objOrderItemTax, values{
			"OrderItemId": itemID, "OrderItemAdjustmentLineItemId": adjustmentID, "Name": t.Name, "Rate": optional(t.Rate),
			"Amount": t.Amount, "TaxEffectiveDate": date(m.tx.Now()), "Type": "Actual",
		})
	}
}

// optional is null for zero.
func optional(n decimal.Decimal) sobject.Value {
	if n.IsZero() {
		return nil
	}
	return n
}
