package price

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"
)

// Calculate prices a cart: what was entered by hand first, then promotions in their order (see rank), then taxes and sums.
func Calculate(c Cart) Result {
	k := calculation{cart: &c, closed: map[Class]bool{}}
	k.basePrices()
	k.applyManual()
	k.applyPromotions()
	k.applyTaxes()
	k.addUp()
	return k.Result
}

// calculation is a cart on its way to its result.
type calculation struct {
	Result
	cart *Cart
	// applied says that some promotion has applied, closed which classes admit no more of them.
	applied bool
	closed  map[Class]bool
}

func (k *calculation) basePrices() {
	k.Lines, k.Deliveries = make([]Priced, len(k.cart.Lines)), make([]Priced, len(k.cart.Deliveries))
	for i := range k.cart.Lines {
		l := &k.cart.Lines[i]
		price := l.Unit.Mul(l.Quantity).Round(k.cart.Digits)
		k.Lines[i] = Priced{Price: price, AfterItem: price, AfterOrder: price}
		if l.Bonus != "" {
			given := Discount{Type: Bonus, Value: l.Quantity}
			k.Lines[i].take(Adjustment{PromotionID: l.Bonus, Amount: price.Neg(), Discount: given})
		}
	}
	for i, d := range k.cart.Deliveries {
		price := d.Price.Round(k.cart.Digits)
		k.Deliveries[i] = Priced{Price: price, AfterItem: price, AfterOrder: price}
	}
}

// take lowers a price by a discount, never below zero. A discount of nothing leaves no trace, unless it is that of a
// bonus product without a price.
func (p *Priced) take(a Adjustment) bool {
	if a.Amount.Neg().GreaterThan(p.AfterItem) {
		a.Amount = p.AfterItem.Neg()
	}
	if !a.Amount.IsNegative() && a.Discount.Type != Bonus {
		return false
	}
	p.Adjustments = append(p.Adjustments, a)
	p.AfterItem = p.AfterItem.Add(a.Amount)
	p.AfterOrder = p.AfterItem
	return true
}

func (k *calculation) applyManual() {
	for _, m := range k.cart.Manual {
		switch m.Level {
		case LevelProduct:
			for i := range k.Lines {
				if l := &k.cart.Lines[i]; l.ID == m.Target && l.Bonus == "" {
					k.Lines[i].take(Adjustment{Manual: m.ID, Amount: m.Discount.entered(k.Lines[i].AfterItem, l.Quantity, k.cart.Digits).Neg(), Discount: m.Discount})
				}
			}
		case LevelShipping:
			for i, d := range k.cart.Deliveries {
				if d.Shipment == m.Target {
					k.Deliveries[i].take(Adjustment{
						Manual: m.ID, Amount: m.Discount.entered(k.Deliveries[i].AfterItem, decimal.NewFromInt(1), k.cart.Digits).Neg(), Discount: m.Discount,
					})
				}
			}
		case LevelOrder: // comes after the discounts of products
		}
	}
}

// applyManualOrder takes what was entered for the order as a whole, before the promotions of that class.
func (k *calculation) applyManualOrder() {
	for _, m := range k.cart.Manual {
		if m.Level == LevelOrder {
			worth, _ := k.worth(Products{}, true)
			off := m.Discount.entered(worth, decimal.NewFromInt(1), k.cart.Digits)
			k.takeOrder(Adjustment{Manual: m.ID, Amount: off.Neg(), Discount: m.Discount}, Products{})
		}
	}
}

// entered is what a manual adjustment takes off a price of so many units: an amount is for all of them, a fixed price for
// each.
func (d Discount) entered(price, quantity decimal.Decimal, digits int32) decimal.Decimal {
	if d.Type == Amount {
		quantity = decimal.NewFromInt(1)
	}
	return d.off(price, quantity, digits)
}

// off is what a discount takes off a price of so many units, rounded; never more than the price, never less than nothing.
func (d Discount) off(price, quantity decimal.Decimal, digits int32) decimal.Decimal {
	off := decimal.Zero
	switch d.Type {
	case Percentage:
		off = price.Mul(d.Value).Shift(-2)
	case Amount:
		off = d.Value.Mul(quantity)
	case FixedPrice:
		off = price.Sub(d.Value.Mul(quantity))
	case Free:
		off = price
	case Bonus, BonusChoice:
	}
	return decimal.Max(decimal.Zero, decimal.Min(off.Round(digits), price))
}

// worth adds up what the selected products cost by now, bonus products aside.
func (k *calculation) worth(p Products, afterOrder bool) (amount, quantity decimal.Decimal) {
	for i := range k.Lines {
		l := &k.cart.Lines[i]
		if l.Bonus != "" || !p.has(l) {
			continue
		}
		quantity = quantity.Add(l.Quantity)
		if afterOrder {
			amount = amount.Add(k.Lines[i].AfterOrder)
		} else {
			amount = amount.Add(k.Lines[i].AfterItem)
		}
	}
	return amount, quantity
}

// takeOrder takes a discount off the order: each of the selected lines bears the share that its price has of their prices.
func (k *calculation) takeOrder(a Adjustment, p Products) bool {
	var lines []int
	var weights []decimal.Decimal
	for i := range k.Lines {
		if l := &k.cart.Lines[i]; l.Bonus == "" && p.has(l) {
			lines, weights = append(lines, i), append(weights, k.Lines[i].AfterOrder)
		}
	}
	if worth := total(weights); a.Amount.Neg().GreaterThan(worth) {
		a.Amount = worth.Neg()
	}
	if !a.Amount.IsNegative() {
		return false
	}
	for i, share := range Apportion(a.Amount, weights, k.cart.Digits) {
		k.Lines[lines[i]].AfterOrder = k.Lines[lines[i]].AfterOrder.Add(share)
	}
	k.Order = append(k.Order, a)
	return true
}

func (k *calculation) applyTaxes() {
	rates := make([]decimal.Decimal, 0, len(k.Lines)+len(k.Deliveries))
	before, after := make([]decimal.Decimal, 0, cap(rates)), make([]decimal.Decimal, 0, cap(rates))
	for i, l := range k.cart.Lines {
		rates, before, after = append(rates, l.TaxRate), append(before, k.Lines[i].Price), append(after, k.Lines[i].AfterOrder)
	}
	for i, d := range k.cart.Deliveries {
		rates, before, after = append(rates, d.TaxRate), append(before, k.Deliveries[i].Price), append(after, k.Deliveries[i].AfterOrder)
	}
	taxes, adjusted := k.cart.taxes(before, rates), k.cart.taxes(after, rates)
	n := len(k.Lines)
	for i := range k.Lines {
		k.Lines[i].Tax, k.Lines[i].AdjustedTax = taxes[i], adjusted[i]
	}
	for i := range k.Deliveries {
		k.Deliveries[i].Tax, k.Deliveries[i].AdjustedTax = taxes[n+i], adjusted[n+i]
	}
}

func (k *calculation) addUp() {
	for i, l := range k.cart.Lines {
		k.shipment(l.Shipment).line(k.Lines[i])
	}
	for i, d := range k.cart.Deliveries {
		k.shipment(d.Shipment).delivery(k.Deliveries[i])
	}
	for _, g := range k.cart.Gifts {
		t := k.shipment(g.Shipment)
		t.GiftCertificates = t.GiftCertificates.Add(g.Amount.Round(k.cart.Digits))
	}
	for i := range k.Shipments {
		k.Shipments[i].close(k.cart.Taxation)
		k.Total.add(k.Shipments[i].Totals)
	}
}

func (k *calculation) shipment(id string) *Totals {
	i := slices.IndexFunc(k.Shipments, func(s Shipment) bool { return s.ID == id })
	if i < 0 {
		i, k.Shipments = len(k.Shipments), append(k.Shipments, Shipment{ID: id})
	}
	return &k.Shipments[i].Totals
}

// compareBool puts true first.
func compareBool(a, b bool) int {
	rank := map[bool]int{true: 0, false: 1}
	return cmp.Compare(rank[a], rank[b])
}
