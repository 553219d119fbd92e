package b2c

import "github.com/shopspring/decimal"

// taxOn returns the tax in a gross price, or on a net one, rounded half up to cents.
func (t Taxation) taxOn(price, rate decimal.Decimal) decimal.Decimal {
	if t == Net {
		return price.Mul(rate).Round(2)
	}
	one := decimal.NewFromInt(1)
	return price.Sub(price.DivRound(one.Add(rate), 12)).Round(2)
}

func sum(adjustments []PriceAdjustment) decimal.Decimal {
	total := decimal.Zero
	for _, a := range adjustments {
		total = total.Add(a.Amount)
	}
	return total
}

// addUp computes the sums of the order and of each of its shipments from the lines.
func (o *Order) addUp() {
	for i := range o.Shipments {
		o.Shipments[i].Totals = Totals{}
	}
	for _, item := range o.ProductItems {
		t := &o.shipment(item.ShipmentID).Totals
		t.ProductSubTotal = t.ProductSubTotal.Add(item.PriceAfterItemDiscount)
		t.ProductTotal = t.ProductTotal.Add(item.PriceAfterOrderDiscount)
		t.MerchandizeTax = t.MerchandizeTax.Add(item.AdjustedTax)
	}
	for _, item := range o.ShippingItems {
		t := &o.shipment(item.ShipmentID).Totals
		t.ShippingTotal = t.ShippingTotal.Add(item.PriceAfterItemDiscount)
		t.ShippingTax = t.ShippingTax.Add(item.AdjustedTax)
	}
	o.Totals = Totals{}
	for i := range o.Shipments {
		t := &o.Shipments[i].Totals
		t.close(o.Taxation)
		o.Totals.add(*t)
	}
}

// close derives what follows from the other sums.
func (t *Totals) close(taxation Taxation) {
	t.TaxTotal = t.MerchandizeTax.Add(t.ShippingTax)
	t.OrderTotal = t.ProductTotal.Add(t.ShippingTotal)
	if taxation == Net {
		t.OrderTotal = t.OrderTotal.Add(t.TaxTotal)
	}
}

func (t *Totals) add(other Totals) {
	t.ProductSubTotal = t.ProductSubTotal.Add(other.ProductSubTotal)
	t.ProductTotal = t.ProductTotal.Add(other.ProductTotal)
	t.ShippingTotal = t.ShippingTotal.Add(other.ShippingTotal)
	t.ShippingTax = t.ShippingTax.Add(other.ShippingTax)
	t.MerchandizeTax = t.MerchandizeTax.Add(other.MerchandizeTax)
	t.TaxTotal = t.TaxTotal.Add(other.TaxTotal)
	t.OrderTotal = t.OrderTotal.Add(other.OrderTotal)
}
