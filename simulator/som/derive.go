package som

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// prepare adds to a client's new row what the org derives from it, and applies the rules of its object.
func (d *SOM) prepare(tx *sandbox.Tx, o *sobject.Object, v values) error {
	categorise(o, v)
	switch o.Name {
	case objOrder:
		return checkNewOrder(v)
	case objOrderItem, objOrderDeliveryGroup, objOrderAdjGroup, objOrderItemAdjustment, objOrderItemTax:
		return d.prepareOrderPart(tx, o, v)
	case objPickProduct:
		d.pickProduct(tx, v)
	case objCartGroup, objCartItem, objCartTax:
		d.prepareCartPart(tx, o, v)
	case objPricebookEntry:
		product := d.parent(tx, objProduct, v["Product2Id"])
		v["Name"], v["ProductCode"] = product.Get("Name"), product.Get("ProductCode")
	}
	namePerson(o, v, &sobject.Record{})
	return nil
}

// beforeUpdate does for changed values what prepare does for new rows.
func (d *SOM) beforeUpdate(tx *sandbox.Tx, o *sobject.Object, r *sobject.Record, v values) error {
	categorise(o, v)
	namePerson(o, v, r)
	switch o.Name {
	case objOrder:
		return d.checkActivation(tx, r, v)
	case objOrderItem:
		priceChangedItem(r, v)
	case objCartItem:
		repriceCartItem(r, v)
	case objPickProduct:
		if _, changed := v["Product2Id"]; changed {
			d.pickProduct(tx, v)
		}
	}
	return nil
}

// categorise sets the fixed meaning behind customisable picklist values: StatusCategory or StatusCode behind Status,
// TypeCode behind Type and so on.
func categorise(o *sobject.Object, v values) {
	for _, f := range o.Fields {
		text, sent := v[f.Name].(string)
		if !sent || f.Type != sobject.TypePicklist {
			continue
		}
		value, ok := f.PicklistValue(text)
		if !ok || value.Category == "" {
			continue
		}
		for _, suffix := range []string{"Category", "Code"} {
			if behind, ok := o.Field(f.Name + suffix); ok && behind.Type == sobject.TypePicklist {
				v[behind.Name] = value.Category
			}
		}
	}
}

// namePerson keeps the whole name of a person equal to its parts.
func namePerson(o *sobject.Object, v values, r *sobject.Record) {
	name, ok := o.Field("Name")
	_, person := o.Field("LastName")
	if !ok || !person || name.Createable {
		return
	}
	part := func(field string) string {
		if value, changed := v[field]; changed {
			text, _ := value.(string)
			return text
		}
		return r.Text(field)
	}
	v["Name"] = strings.TrimSpace(part("FirstName") + " " + part("LastName"))
}

// statusActivated is the category of orders that are in force.
const statusActivated = "Activated"

func checkNewOrder(v values) error {
	if v["StatusCode"] == nil || v["StatusCode"] == "Draft" {
		return nil
	}
	return refuse("som.order.born-draft", CodeFailedActivation,
		"Choose a valid order status and save your changes. Ask your admin for details.").on("Status")
}

// checkActivation lets an order be activated when it has something to sell, and remembers who did it.
func (d *SOM) checkActivation(tx *sandbox.Tx, r *sobject.Record, v values) error {
	if v["StatusCode"] != statusActivated || r.Text("StatusCode") == statusActivated {
		return nil
	}
	if len(d.Rows(tx).children(objOrderItem, "OrderId", r.ID)) == 0 {
		return refuse("som.order.activate-items", CodeFailedActivation, "An order must have at least one product.")
	}
	v["ActivatedDate"] = tx.Now()
	return nil
}

// prepareOrderPart ties a row to its order, which must not be locked, and lets it inherit the order's currency.
func (d *SOM) prepareOrderPart(tx *sandbox.Tx, o *sobject.Object, v values) error {
	if _, ofItem := o.Field("OrderItemId"); ofItem {
		v["OrderId"] = d.parent(tx, objOrderItem, v["OrderItemId"]).Get("OrderId")
	}
	order := d.parent(tx, objOrder, v["OrderId"])
	if err := d.editable(tx, o, "", order.ID); err != nil {
		return err
	}
	if v["CurrencyIsoCode"] == nil {
		v["CurrencyIsoCode"] = order.Get("CurrencyIsoCode")
	}
	if o.Name == objOrderItem {
		return d.prepareOrderItem(tx, order, v)
	}
	return nil
}

// prepareOrderItem takes product and list price from the price book entry and computes what the line costs.
func (d *SOM) prepareOrderItem(tx *sandbox.Tx, order *sobject.Record, v values) error {
	entry := d.parent(tx, objPricebookEntry, v["PricebookEntryId"])
	if book := order.Text("Pricebook2Id"); book != "" && entry.Text("Pricebook2Id") != book {
		return refuse("som.order.pricebook", CodeIntegrity,
			"field integrity exception: PricebookEntryId (pricebook entry is not in the price book of the order)").on("PricebookEntryId")
	}
	if v["Product2Id"] == nil {
		v["Product2Id"] = entry.Get("Product2Id")
	}
	if v["ListPrice"] == nil {
		v["ListPrice"] = entry.Get("UnitPrice")
	}
	if v["UnitPrice"] == nil {
		return missingFields("UnitPrice")
	}
	if v["Type"] == nil {
		v["Type"], v["TypeCode"] = string(TypeProduct), TypeProduct.code()
	}
	if v["TotalLineAmount"] == nil {
		v["TotalLineAmount"] = lineAmount(v["UnitPrice"], v["Quantity"], order.Text("CurrencyIsoCode"))
	}
	return nil
}

// priceChangedItem computes anew what a line costs when its price or quantity changes.
func priceChangedItem(r *sobject.Record, v values) {
	unit, newPrice := v["UnitPrice"]
	quantity, newQuantity := v["Quantity"]
	if _, given := v["TotalLineAmount"]; given || !newPrice && !newQuantity {
		return
	}
	if !newPrice {
		unit = r.Get("UnitPrice")
	}
	if !newQuantity {
		quantity = r.Get("Quantity")
	}
	v["TotalLineAmount"] = lineAmount(unit, quantity, r.Text("CurrencyIsoCode"))
}

func lineAmount(unit, quantity sobject.Value, currency string) decimal.Decimal {
	u, _ := unit.(decimal.Decimal)
	q, _ := quantity.(decimal.Decimal)
	return u.Mul(q).Round(currencyDigits(currency))
}
