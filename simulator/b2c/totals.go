package b2c

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c/price"
)

// calculate has the price engine work out an order of given prices and discounts. It refuses discounts that take more than
// there is, or add something.
func (o *Order) calculate(site Site) error {
	cart := price.Cart{Digits: price.Digits(o.Currency), Taxation: price.Taxation(o.Taxation), TaxByGroup: site.TaxByGroup}
	for i := range o.ProductItems {
		item := &o.ProductItems[i]
		cart.Lines = append(cart.Lines, item.line(nil))
		cart.Manual = append(cart.Manual, entered(item.PriceAdjustments, price.LevelProduct, item.ItemID)...)
	}
	for _, item := range o.ShippingItems {
		cart.Deliveries = append(cart.Deliveries, price.Delivery{Shipment: item.ShipmentID, Price: item.Price, TaxRate: item.TaxRate})
		cart.Manual = append(cart.Manual, entered(item.PriceAdjustments, price.LevelShipping, item.ShipmentID)...)
	}
	cart.Manual = append(cart.Manual, entered(o.PriceAdjustments, price.LevelOrder, "")...)
	return o.priced(price.Calculate(cart))
}

// priced takes over what the order costs, once every discount was found to be one.
func (o *Order) priced(r price.Result) error {
	given := sum(o.PriceAdjustments)
	for i := range o.ProductItems {
		item := &o.ProductItems[i]
		item.priced(r.Lines[i])
		given = given.Add(sum(item.PriceAdjustments))
	}
	for i := range o.ShippingItems {
		o.ShippingItems[i].priced(r.Deliveries[i])
		given = given.Add(sum(o.ShippingItems[i].PriceAdjustments))
	}
	if taken := taken(r); !taken.Equal(given) {
		return invalidOrder("the discounts of order %s come to %s, of which its prices can bear %s", o.OrderNo, given.Neg(), taken.Neg())
	}
	for i := range o.Shipments {
		o.Shipments[i].Totals = sumsOf(r, o.Shipments[i].ShipmentID)
	}
	o.Totals = totals(r.Total)
	return nil
}

// taken is what all discounts of a result come to.
func taken(r price.Result) decimal.Decimal {
	off := r.Total.ProductTotal.Add(r.Total.ShippingTotal)
	for _, l := range r.Lines {
		off = off.Sub(l.Price)
	}
	for _, d := range r.Deliveries {
		off = off.Sub(d.Price)
	}
	return off
}

// line is a product item as the price engine takes it.
func (i *ProductItem) line(categories []string) price.Line {
	return price.Line{
		ID: i.ItemID, ProductID: i.ProductID, Shipment: i.ShipmentID, Categories: categories, Unit: i.BasePrice, Quantity: i.Quantity,
		TaxRate: i.TaxRate, Bonus: i.Bonus, Part: i.Part(),
	}
}

func (i *ProductItem) priced(p price.Priced) {
	i.Price, i.PriceAfterItemDiscount, i.PriceAfterOrderDiscount = p.Price, p.AfterItem, p.AfterOrder
	i.Tax, i.AdjustedTax = p.Tax, p.AdjustedTax
}

func (i *ShippingItem) priced(p price.Priced) {
	i.Price, i.PriceAfterItemDiscount, i.Tax, i.AdjustedTax = p.Price, p.AfterItem, p.Tax, p.AdjustedTax
}

// sumsOf are the sums of one shipment; nothing for one without lines.
func sumsOf(r price.Result, shipmentID string) Totals {
	for _, s := range r.Shipments {
		if s.ID == shipmentID {
			return totals(s.Totals)
		}
	}
	return Totals{}
}

func totals(t price.Totals) Totals {
	return Totals{
		ProductSubTotal: t.ProductSubTotal, ProductTotal: t.ProductTotal, ShippingTotal: t.ShippingTotal,
		ShippingTax: t.AdjustedShippingTax, MerchandizeTax: t.AdjustedMerchandizeTax, PlainShippingTax: t.ShippingTax,
		PlainMerchandizeTax: t.MerchandizeTax, GiftCertificates: t.GiftCertificates, TaxTotal: t.Tax, OrderTotal: t.Total,
	}
}
