package simulator

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/price"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
)

// unitDigits is how exact a net price for one unit is: a line of thousands of units still comes to the same cent.
const unitDigits = 6

func currencyDigits(currency string) int32 { return price.Digits(currency) }

// orderDiscounts is the group of the shares that lines bear of the order's discounts, when there are several.
const orderDiscounts = "Order discounts"

// adjustmentGroups are the promotions of an order by name: those of the whole order are headers.
func adjustmentGroups(o b2c.Order) []som.NewAdjustmentGroup {
	var groups []som.NewAdjustmentGroup
	add := func(name, description string, kind som.GroupType) {
		if !slices.ContainsFunc(groups, func(g som.NewAdjustmentGroup) bool { return g.Name == name }) {
			groups = append(groups, som.NewAdjustmentGroup{Name: name, Description: description, Type: kind})
		}
	}
	if len(o.PriceAdjustments) > 0 {
		add(orderGroup(o), o.PriceAdjustments[0].ItemText, som.GroupHeader)
	}
	lines := func(adjustments []b2c.PriceAdjustment) {
		for _, a := range adjustments {
			add(groupName(a), a.ItemText, som.GroupSplitLine)
		}
	}
	for _, i := range o.ProductItems {
		lines(i.PriceAdjustments)
	}
	for _, i := range o.ShippingItems {
		lines(i.PriceAdjustments)
	}
	return groups
}

// orderGroup names the discount of the whole order.
func orderGroup(o b2c.Order) string {
	if len(o.PriceAdjustments) == 1 {
		return groupName(o.PriceAdjustments[0])
	}
	return orderDiscounts
}

// groupName is the promotion behind an adjustment, or what people read of it.
func groupName(a b2c.PriceAdjustment) string {
	if a.PromotionID != "" {
		return a.PromotionID
	}
	return a.ItemText
}

// items maps the lines of a shipment.
func (h handover) items(tx *sandbox.Tx, o b2c.Order, shipmentID string) ([]som.NewItem, error) {
	var items []som.NewItem
	for _, i := range o.ProductItems {
		if i.ShipmentID != shipmentID {
			continue
		}
		product, err := h.productOf(tx, i)
		if err != nil {
			return nil, err
		}
		items = append(items, mapped(o, line{
			item: som.NewItem{ProductID: product, Quantity: i.Quantity, Key: i.ItemID, Main: mainOf(i)}, unit: i.BasePrice, price: i.Price, rate: i.TaxRate,
			tax: i.Tax, adjustedTax: i.AdjustedTax, adjustments: i.PriceAdjustments, share: i.PriceAfterOrderDiscount.Sub(i.PriceAfterItemDiscount),
		}))
	}
	for _, g := range o.GiftCertificateItems {
		if g.ShipmentID == shipmentID {
			product, err := h.charge(tx, boughtCertificate, "Gift certificate")
			if err != nil {
				return nil, err
			}
			items = append(items, som.NewItem{ProductID: product, UnitPrice: g.Amount})
		}
	}
	for _, i := range o.ShippingItems {
		if i.ShipmentID != shipmentID {
			continue
		}
		product, err := h.charge(tx, deliveryCharge, "Standard delivery")
		if err != nil {
			return nil, err
		}
		items = append(items, mapped(o, line{
			item: som.NewItem{ProductID: product, Type: som.TypeDelivery}, unit: i.Price, price: i.Price, rate: i.TaxRate,
			tax: i.Tax, adjustedTax: i.AdjustedTax, adjustments: i.PriceAdjustments,
		}))
	}
	return items, nil
}

// mainOf is the line that a line belongs to: the product of an option, the bundle of a part, what a bonus is given for.
func mainOf(i b2c.ProductItem) string {
	if i.Bonus != "" {
		return i.QualifierItemID
	}
	return i.ParentItemID
}

// productOf finds what a line sells. The option of a product is no product of its own in the catalog: it is made one.
func (h handover) productOf(tx *sandbox.Tx, i b2c.ProductItem) (string, error) {
	if i.ParentItemID != "" && i.OptionID != "" {
		return h.made(tx, som.NewProduct{Code: i.OptionID + "-" + i.OptionValueID, Name: i.ProductName, Work: true})
	}
	for _, field := range []string{"StockKeepingUnit", "ProductCode"} {
		for _, product := range h.som.Rows(tx).Lookup("Product2", field, i.ProductID) {
			return product.ID, nil
		}
	}
	return "", fmt.Errorf("order management has no product %q", i.ProductID)
}

// charge finds a product that stands for something other than goods, and makes it when it is missing.
func (h handover) charge(tx *sandbox.Tx, code, name string) (string, error) {
	return h.made(tx, som.NewProduct{Code: code, Name: name})
}

// made finds a product by its code, and makes it when it is missing.
func (h handover) made(tx *sandbox.Tx, n som.NewProduct) (string, error) {
	for _, product := range h.som.Rows(tx).Lookup("Product2", "ProductCode", n.Code) {
		return product.ID, nil
	}
	return h.som.Product(tx, n)
}

// line is a line of an order with its money, in the taxation of the order.
type line struct {
	item             som.NewItem
	unit, price      decimal.Decimal
	rate             decimal.Decimal
	tax, adjustedTax decimal.Decimal
	adjustments      []b2c.PriceAdjustment
	// share is what the line bears of the order's discounts.
	share decimal.Decimal
}

// mapped writes a line as order management keeps it: prices without tax, the tax beside them. Where prices hold the tax it
// is taken out; the sums stay the same to the last digit.
func mapped(o b2c.Order, l line) som.NewItem {
	item := l.item
	item.UnitPrice = l.unit
	if o.Taxation == b2c.Gross {
		quantity := item.Quantity
		if quantity.IsZero() {
			quantity = decimal.NewFromInt(1)
		}
		item.UnitPrice, item.GrossUnitPrice = l.price.Sub(l.tax).DivRound(quantity, unitDigits), l.unit
	}
	item.Taxes = taxes(l.rate, l.tax)
	given := append(slices.Clone(l.adjustments), b2c.PriceAdjustment{Amount: l.share})
	shares := spread(l.adjustedTax.Sub(l.tax), given, currencyDigits(o.Currency))
	for n, a := range given {
		if a.Amount.IsZero() {
			continue
		}
		adjustment := som.NewAdjustment{Name: a.ItemText, Group: groupName(a), Amount: a.Amount, Taxes: taxes(l.rate, shares[n])}
		if n == len(given)-1 {
			adjustment.Name, adjustment.Group = orderGroup(o), orderGroup(o)
		}
		if o.Taxation == b2c.Gross {
			adjustment.Amount = a.Amount.Sub(shares[n])
		}
		item.Adjustments = append(item.Adjustments, adjustment)
	}
	return item
}

func taxes(rate, amount decimal.Decimal) []som.NewTax {
	if amount.IsZero() && rate.IsZero() {
		return nil
	}
	return []som.NewTax{{Name: "Tax", Rate: rate.Shift(2), Amount: amount}}
}

// spread divides what adjustments change of the tax among them by their amounts; the last one that is not nothing bears
// what rounding leaves.
func spread(tax decimal.Decimal, adjustments []b2c.PriceAdjustment, digits int32) []decimal.Decimal {
	shares := make([]decimal.Decimal, len(adjustments))
	total, last := decimal.Zero, -1
	for n, a := range adjustments {
		if !a.Amount.IsZero() {
			total, last = total.Add(a.Amount), n
		}
	}
	if total.IsZero() {
		return shares
	}
	left := tax
	for n, a := range adjustments {
		if n == last {
			shares[n] = left
			break
		}
		shares[n] = tax.Mul(a.Amount).DivRound(total, digits)
		left = left.Sub(shares[n])
	}
	return shares
}
