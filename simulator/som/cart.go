package som

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// cartClosed is the status of a cart that has become an order.
const cartClosed = "Closed"

// prepareCartPart ties a row to its cart and computes what an item costs unless that was sent.
func (d *SOM) prepareCartPart(tx *sandbox.Tx, o *sobject.Object, v values) {
	if o.Name == objCartTax {
		v["CartId"] = d.parent(tx, objCartItem, v["CartItemId"]).Get("CartId")
	}
	cart := d.parent(tx, objCart, v["CartId"])
	if v["CurrencyIsoCode"] == nil {
		v["CurrencyIsoCode"] = cart.Get("CurrencyIsoCode")
	}
	if o.Name == objCartItem && v["TotalLineAmount"] == nil {
		v["TotalLineAmount"] = lineAmount(v["SalesPrice"], v["Quantity"], cart.Text("CurrencyIsoCode"))
	}
}

// repriceCartItem computes anew what a cart item costs when its price or number changes.
func repriceCartItem(r *sobject.Record, v values) {
	price, newPrice := v["SalesPrice"]
	quantity, newQuantity := v["Quantity"]
	if _, given := v["TotalLineAmount"]; given || !newPrice && !newQuantity {
		return
	}
	if !newPrice {
		price = r.Get("SalesPrice")
	}
	if !newQuantity {
		quantity = r.Get("Quantity")
	}
	v["TotalLineAmount"] = lineAmount(price, quantity, r.Text("CurrencyIsoCode"))
}

// sumUpCart keeps a cart and its items equal to the rows below them.
func (d *SOM) sumUpCart(tx *sandbox.Tx, user, cartID string) {
	stored, ok := d.find(tx, objCart, cartID)
	if !ok {
		return
	}
	var t totals
	rows := d.Rows(tx)
	for _, item := range rows.children(objCartItem, "CartId", cartID) {
		tax := decimal.Zero
		for _, line := range rows.children(objCartTax, "CartItemId", item.ID) {
			tax = tax.Add(line.Decimal("Amount"))
		}
		r := tracked(item)
		r.put("TotalLineTaxAmount", tax)
		d.save(tx, user, r)
		t.add(cartItemType(item), amounts{
			Line: item.Decimal("TotalLineAmount"), LineTax: tax,
			Adjustment: item.Decimal("AdjustmentAmount"), AdjustmentTax: item.Decimal("AdjustmentTaxAmount"),
		})
	}
	cart := tracked(stored)
	cart.put("TotalProductAmount", t.Product.price())
	cart.put("TotalProductTaxAmount", t.Product.tax())
	cart.put("TotalChargeAmount", t.charges().price())
	cart.put("TotalChargeTaxAmount", t.charges().tax())
	d.save(tx, user, cart)
}

// cartItemType is the type that an item of a cart has in an order: charges of carts are for delivery.
func cartItemType(item *sobject.Record) ItemType {
	if item.Text("Type") == "Charge" {
		return TypeDelivery
	}
	return TypeProduct
}

// findCart finds the cart of an exchange and makes an order of it.
func (e *exchange) findCart() (err error) {
	if e.cart, err = e.row(objCart, e.in.CartID); err != nil {
		return err
	}
	switch status := e.cart.Text("Status"); {
	case !slices.Contains([]string{"", "Active", "Checkout"}, status):
		return exchangeAction().refuse("cart-status", "The cart %s has the status %s.", e.cart.ID, status).on("exchangeCartId")
	case e.cart.Text("AccountId") != "" && e.cart.Text("AccountId") != e.summary.Text("AccountId"):
		return exchangeAction().refuse("cart-account", "The cart %s is of another account than the order summary %s.", e.cart.ID, e.summary.ID).on("exchangeCartId")
	case e.cart.Text("CurrencyIsoCode") != e.summary.Text("CurrencyIsoCode"):
		return exchangeAction().refuse("cart-currency",
			"The cart %s is in %s, the order summary in %s.", e.cart.ID, e.cart.Text("CurrencyIsoCode"), e.summary.Text("CurrencyIsoCode")).on("exchangeCartId")
	}
	e.order = NewOrder{
		OrderNumber: e.in.OrderNumber, AccountID: e.summary.Text("AccountId"), Currency: e.summary.Text("CurrencyIsoCode"),
		TaxLocale: e.summary.Text("TaxLocaleType"), SalesChannelID: e.summary.Text("SalesChannelId"),
		BillingEmail: e.summary.Text("BillingEmailAddress"), BillingPhone: e.summary.Text("BillingPhoneNumber"), BillingAddress: readAddress(&e.summary.Record, "Billing"),
	}
	for _, group := range e.d.Rows(e.tx).children(objCartGroup, "CartId", e.cart.ID) {
		g, err := e.deliveryGroup(group)
		if err != nil {
			return err
		}
		if len(g.Items) > 0 {
			e.order.DeliveryGroups = append(e.order.DeliveryGroups, g)
		}
	}
	e.going = e.order.totals(e.order.DeliveryGroups...)
	if !e.going.Product.Line.IsPositive() && !e.hasProduct() {
		return exchangeAction().refuse("cart-items", "The cart %s holds no product.", e.cart.ID).on("exchangeCartId")
	}
	return nil
}

func (e *exchange) hasProduct() bool {
	for _, g := range e.order.DeliveryGroups {
		for _, i := range g.Items {
			if i.kind() == TypeProduct {
				return true
			}
		}
	}
	return false
}

func readAddress(r *sobject.Record, prefix string) Address {
	text := func(part string) string { return r.Text(prefix + part) }
	return Address{
		Street: text("Street"), City: text("City"), State: text("State"), PostalCode: text("PostalCode"), Country: text("Country"),
		StateCode: text("StateCode"), CountryCode: text("CountryCode"),
	}
}

// deliveryGroup makes a delivery group of the order. Without an address or a method of its own it has those of the
// original order's first.
func (e *exchange) deliveryGroup(group *sobject.Record) (NewDeliveryGroup, error) {
	original := &sobject.Record{}
	if len(e.summary.groups) > 0 {
		original = &e.summary.groups[0].Record
	}
	g := NewDeliveryGroup{
		DeliveryMethodID: firstText(group.Text("DeliveryMethodId"), original.Text("OrderDeliveryMethodId")),
		Name:             firstText(group.Text("DeliverToName"), original.Text("DeliverToName")), Email: original.Text("EmailAddress"),
		Phone: firstText(group.Text("ShipToPhoneNumber"), original.Text("PhoneNumber")), DeliverTo: readAddress(group, "DeliverTo"),
		DesiredAt: group.Time("DesiredDeliveryDate"),
	}
	if g.DeliverTo == (Address{}) {
		g.DeliverTo = readAddress(original, "DeliverTo")
	}
	for _, item := range e.d.Rows(e.tx).children(objCartItem, "CartDeliveryGroupId", group.ID) {
		i, err := e.orderItem(item)
		if err != nil {
			return g, err
		}
		g.Items = append(g.Items, i)
	}
	return g, nil
}

// orderItem makes an item of the order.
func (e *exchange) orderItem(item *sobject.Record) (NewItem, error) {
	quantity := item.Decimal("Quantity")
	if quantity.IsZero() && cartItemType(item) == TypeDelivery {
		quantity = decimal.NewFromInt(1)
	}
	if !quantity.IsPositive() || !quantity.IsInteger() {
		return NewItem{}, exchangeAction().refuse("cart-quantity", "The quantity of the cart item %s must be a whole number greater than 0.", item.ID)
	}
	line := item.Decimal("TotalLineAmount")
	i := NewItem{
		ProductID: item.Text("Product2Id"), Type: cartItemType(item), Quantity: quantity,
		UnitPrice: line.DivRound(quantity, currencyDigits(e.summary.Text("CurrencyIsoCode"))),
	}
	if rounded := i.line(e.summary.digits()); !rounded.Equal(line) {
		return NewItem{}, exchangeAction().refuse("cart-price", "The cart item %s costs %s, which %s units do not share.", item.ID, line, quantity)
	}
	for _, tax := range e.d.Rows(e.tx).children(objCartTax, "CartItemId", item.ID) {
		i.Taxes = append(i.Taxes, NewTax{Name: tax.Text("Name"), Rate: tax.Decimal("TaxRate"), Amount: tax.Decimal("Amount")})
	}
	if off := item.Decimal("AdjustmentAmount"); !off.IsZero() {
		a := NewAdjustment{Name: "Cart adjustment", Amount: off}
		if tax := item.Decimal("AdjustmentTaxAmount"); !tax.IsZero() {
			a.Taxes = []NewTax{{Name: "Tax", Amount: tax}}
		}
		i.Adjustments = []NewAdjustment{a}
	}
	return i, nil
}
