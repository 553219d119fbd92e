package price

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// ranked is a promotion with what decides its turn.
type ranked struct {
	*Promotion
	group, kind int
	// worth is what it would take off the cart by itself.
	worth decimal.Decimal
}

// rank puts the promotions into the order in which they are worked out: globally exclusive ones; then products, order and
// shipping, in each class the exclusive ones first; then those with a rank by rank, then by type of discount, by what they
// are worth, and by id. The order in which the cart lists them decides nothing.
func (k *calculation) rank() []ranked {
	classes := []Class{ClassProduct, ClassOrder, ClassShipping}
	order := make([]ranked, 0, len(k.cart.Promotions))
	for i := range k.cart.Promotions {
		p := &k.cart.Promotions[i]
		r := ranked{Promotion: p, group: 2*slices.Index(classes, p.Class) + 2}
		switch p.Exclusivity {
		case Exclusive:
			r.group = 0
		case ClassExclusive:
			r.group--
		case NotExclusive:
		}
		d, _ := k.earned(p)
		r.kind, r.worth = slices.Index(discountOrder(), d.Type), k.evaluate(p, d)
		order = append(order, r)
	}
	slices.SortStableFunc(order, func(a, b ranked) int {
		return cmp.Or(
			cmp.Compare(a.group, b.group), compareBool(a.Rank > 0, b.Rank > 0), cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.kind, b.kind),
			b.worth.Cmp(a.worth), strings.Compare(a.ID, b.ID), strings.Compare(a.CouponCode, b.CouponCode),
		)
	})
	return order
}

// earned returns the discount of a promotion that the merchandise earns by now. Products count with their prices after
// the discounts that have been taken of them; for a promotion on shipping those of the order too.
func (k *calculation) earned(p *Promotion) (Discount, bool) {
	return p.tier(k.worth(p.Qualifying, p.Class != ClassProduct))
}

// evaluate is what a discount would take off the cart as it is now.
func (k *calculation) evaluate(p *Promotion, d Discount) decimal.Decimal {
	off := decimal.Zero
	switch p.Class {
	case ClassProduct:
		for i, units := range k.units(p) {
			off = off.Add(k.productDiscount(i, units, d))
		}
	case ClassOrder:
		worth, _ := k.worth(p.Qualifying, true)
		off = d.off(worth, decimal.NewFromInt(1), k.cart.Digits)
	case ClassShipping:
		for i, delivery := range k.cart.Deliveries {
			if p.ships(delivery.MethodID) {
				off = off.Add(d.off(k.Deliveries[i].AfterItem, decimal.NewFromInt(1), k.cart.Digits))
			}
		}
	}
	return off
}

func (p *Promotion) ships(method string) bool {
	return len(p.Methods) == 0 || slices.Contains(p.Methods, method)
}

func (k *calculation) applyPromotions() {
	manualOrder := false
	for _, p := range k.rank() {
		if !manualOrder && p.group >= 3 {
			k.applyManualOrder()
			manualOrder = true
		}
		if k.closed[p.Class] || p.Exclusivity == Exclusive && k.applied {
			continue
		}
		d, ok := k.earned(p.Promotion)
		if !ok {
			k.approach(p.Promotion)
			continue
		}
		if k.apply(p.Promotion, d) {
			k.close(p.Promotion)
		}
	}
	if !manualOrder {
		k.applyManualOrder()
	}
}

// close rules out what a promotion that has applied is not compatible with.
func (k *calculation) close(p *Promotion) {
	k.applied = true
	switch p.Exclusivity {
	case Exclusive:
		k.closed = map[Class]bool{ClassProduct: true, ClassOrder: true, ClassShipping: true}
	case ClassExclusive:
		k.closed[p.Class] = true
	case NotExclusive:
	}
}

// apply gives the discount and reports whether there was anything to give.
func (k *calculation) apply(p *Promotion, d Discount) bool {
	switch d.Type {
	case Bonus:
		for _, id := range d.Products {
			k.Bonuses = append(k.Bonuses, BonusProduct{p.ID, p.CouponCode, id, d.Value, k.qualifier(p)})
		}
		return len(d.Products) > 0
	case BonusChoice:
		k.Choices = append(k.Choices, Choice{p.ID, p.CouponCode, d.Products, d.Value, k.qualifier(p)})
		return len(d.Products) > 0
	case FixedPrice, Free, Amount, Percentage:
	}
	adjustment := Adjustment{PromotionID: p.ID, CouponCode: p.CouponCode, Discount: d}
	switch p.Class {
	case ClassProduct:
		return k.applyProduct(p, adjustment)
	case ClassOrder:
		adjustment.Amount = k.evaluate(p, d).Neg()
		return k.takeOrder(adjustment, p.Qualifying)
	case ClassShipping:
		return k.applyShipping(p, adjustment)
	}
	return false
}

// qualifier is the first line that counts for a promotion: the one that its bonus products are given for.
func (k *calculation) qualifier(p *Promotion) string {
	for i := range k.cart.Lines {
		if l := &k.cart.Lines[i]; l.Bonus == "" && p.Qualifying.has(l) {
			return l.ID
		}
	}
	return ""
}

func (k *calculation) applyProduct(p *Promotion, a Adjustment) bool {
	given := false
	for i, units := range k.units(p) {
		a.Amount = k.productDiscount(i, units, a.Discount).Neg()
		given = k.Lines[i].take(a) || given
	}
	return given
}

func (k *calculation) applyShipping(p *Promotion, a Adjustment) bool {
	given := false
	for i, delivery := range k.cart.Deliveries {
		if p.ships(delivery.MethodID) {
			a.Amount = a.Discount.off(k.Deliveries[i].AfterItem, decimal.NewFromInt(1), k.cart.Digits).Neg()
			given = k.Deliveries[i].take(a) || given
		}
	}
	return given
}

// units are how many units of each line, by their order, a promotion makes cheaper.
func (k *calculation) units(p *Promotion) []decimal.Decimal {
	left, units := decimal.NewFromInt(p.MaxUnits), make([]decimal.Decimal, len(k.Lines))
	for i := range k.cart.Lines {
		l := &k.cart.Lines[i]
		switch {
		case !p.discounts(l):
		case p.MaxUnits == 0:
			units[i] = l.Quantity
		default:
			units[i] = decimal.Min(left, l.Quantity)
			left = left.Sub(units[i])
		}
	}
	return units
}

// productDiscount is what a discount takes off so many units of a line.
func (k *calculation) productDiscount(line int, units decimal.Decimal, d Discount) decimal.Decimal {
	if !units.IsPositive() {
		return decimal.Zero
	}
	price := k.Lines[line].AfterItem
	if quantity := k.cart.Lines[line].Quantity; !units.Equal(quantity) {
		price = price.Mul(units).DivRound(quantity, precision).Round(k.cart.Digits)
	}
	return d.off(price, units, k.cart.Digits)
}

// approach notes the first tier that the merchandise falls short of, for promotions on the order and on shipping.
func (k *calculation) approach(p *Promotion) {
	if p.Class == ClassProduct || len(p.Tiers) == 0 || !p.Tiers[0].MinAmount.IsPositive() {
		return
	}
	worth, _ := k.worth(p.Qualifying, true)
	t := p.Tiers[0]
	k.Approaching = append(k.Approaching, Approaching{p.ID, p.Class, t.MinAmount, worth, t.Discount})
}
