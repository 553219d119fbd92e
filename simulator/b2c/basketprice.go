package b2c

import (
	"slices"
	"sync"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c/price"
	"github.com/somsim/somsim/simulator/sandbox"
)

// bonusRounds bounds how often a basket is priced again because bonus products came or went.
const bonusRounds = 3

// calculate prices a basket anew with what holds now: prices, taxes, stock, coupons and promotions.
func (b *B2C) calculate(tx *sandbox.Tx, basket *Basket, site Site) {
	b.checkCoupons(tx, basket)
	result := b.priceCart(tx, basket, site)
	for round := 0; round < bonusRounds && b.syncBonuses(tx, basket, result); round++ {
		result = b.priceCart(tx, basket, site)
	}
	basket.priced(tx, result)
	basket.judgeCoupons(b.promisedCoupons(tx, basket), result)
	basket.Flashes = b.flashes(tx, basket, site)
}

func (b *B2C) priceCart(tx *sandbox.Tx, basket *Basket, site Site) price.Result {
	b.refresh(tx, basket)
	cart := b.cart(tx, basket, site)
	b.chargeDelivery(tx, basket, &cart)
	return price.Calculate(cart)
}

// checkCoupons finds out which codes can be redeemed; whether they do anything comes after pricing.
func (b *B2C) checkCoupons(tx *sandbox.Tx, basket *Basket) {
	for i := range basket.Coupons {
		c := &basket.Coupons[i]
		c.Status = b.redeemable(tx, c.Code, basket.Email, basket.EditsOrderNo)
		if c.Status == "" {
			c.Status = CouponNotApplicable
		}
		if slices.ContainsFunc(basket.Coupons[:i], func(o BasketCoupon) bool { return o.CouponID == c.CouponID }) && c.usable() {
			c.Status = CouponAlreadyInBasket
		}
	}
}

// refresh gives every line the name, price and tax that hold now. A line whose product or price is gone keeps what it had.
func (b *B2C) refresh(tx *sandbox.Tx, basket *Basket) {
	query := PriceQuery{SiteID: basket.SiteID, Currency: basket.Currency, Books: basket.PriceBooks}
	for i := range basket.ProductItems {
		item := &basket.ProductItems[i]
		product, ok := b.products.Peek(tx.Tx, item.ProductID)
		if !ok {
			continue
		}
		item.TaxClassID, item.TaxRate = product.TaxClassID, b.taxRate(tx, basket.SiteID, product.TaxClassID, basket.addressOf(item.ShipmentID))
		if item.Part() {
			item.ProductName, item.BasePrice = product.Name, decimal.Zero
			continue
		}
		if item.ParentItemID != "" {
			if option, value, err := product.option(item.OptionID, item.OptionValueID); err == nil {
				item.ProductName, item.BasePrice = option.Name+": "+value.Name, value.Prices[basket.Currency]
			}
			continue
		}
		item.ProductName = product.Name
		if unit, ok := b.Price(tx, query, item.ProductID, item.Quantity); ok {
			item.BasePrice = unit
		}
	}
}

func (b *Basket) addressOf(shipmentID string) OrderAddress {
	if s := b.shipment(shipmentID); s != nil {
		return s.Address
	}
	return OrderAddress{}
}

// cart is the basket as the price engine takes it, without deliveries.
func (b *B2C) cart(tx *sandbox.Tx, basket *Basket, site Site) price.Cart {
	cart := price.Cart{
		Digits: price.Digits(basket.Currency), Taxation: price.Taxation(basket.Taxation), TaxByGroup: site.TaxByGroup,
		Promotions: b.promotionsFor(tx, basket),
	}
	for i := range basket.ProductItems {
		item := &basket.ProductItems[i]
		var categories []string
		if p, ok := b.products.Peek(tx.Tx, item.ProductID); ok {
			categories = p.Categories
		}
		cart.Lines = append(cart.Lines, item.line(categories))
	}
	for _, g := range basket.GiftCertificateItems {
		cart.Gifts = append(cart.Gifts, price.Gift{Shipment: g.ShipmentID, Amount: g.Amount})
	}
	for _, m := range basket.Manual {
		cart.Manual = append(cart.Manual, price.Manual{
			ID: m.ID, Level: m.Level, Target: m.Target, Discount: price.Discount{Type: price.DiscountType(m.Discount.Type), Value: m.Discount.Value},
		})
	}
	return cart
}

// chargeDelivery finds out what the delivery of each shipment costs, which depends on what its products cost.
func (b *B2C) chargeDelivery(tx *sandbox.Tx, basket *Basket, cart *price.Cart) {
	products := sync.OnceValue(func() price.Result { return price.Calculate(*cart) })
	var deliveries []price.Delivery
	for i := range basket.ShippingItems {
		item := &basket.ShippingItems[i]
		s := basket.shipment(item.ShipmentID)
		item.Price, item.TaxRate = decimal.Zero, decimal.Zero
		if o, ok := b.methods.Peek(tx.Tx, s.Method.ID); ok {
			worth := decimal.Zero
			if len(o.Prices[basket.Currency]) > 1 {
				worth = sumsOf(products(), item.ShipmentID).ProductSubTotal
			}
			item.Price = o.price(basket.Currency, worth)
			item.TaxRate = b.taxRate(tx, basket.SiteID, o.TaxClassID, s.Address)
		}
		deliveries = append(deliveries, price.Delivery{Shipment: item.ShipmentID, MethodID: s.Method.ID, Price: item.Price, TaxRate: item.TaxRate})
	}
	cart.Deliveries = deliveries
}

// syncBonuses makes the bonus lines those that promotions give, and reports whether that changed anything.
func (b *B2C) syncBonuses(tx *sandbox.Tx, basket *Basket, r price.Result) bool {
	basket.syncChoices(tx, r.Choices)
	changed := false
	for _, bonus := range r.Bonuses {
		have := slices.IndexFunc(basket.ProductItems, func(i ProductItem) bool {
			return i.Bonus == bonus.PromotionID && i.ProductID == bonus.ProductID && i.BonusDiscountID == ""
		})
		if p, ok := b.products.Peek(tx.Tx, bonus.ProductID); have < 0 && ok && !p.Offline {
			basket.ProductItems = append(basket.ProductItems, ProductItem{
				ItemID: hexID(tx, "b2c.BasketItem"), ProductID: bonus.ProductID, ShipmentID: basket.Shipments[0].ShipmentID,
				Quantity: bonus.Quantity, Bonus: bonus.PromotionID,
			})
			changed = true
		}
	}
	before := len(basket.ProductItems)
	basket.ProductItems = slices.DeleteFunc(basket.ProductItems, func(i ProductItem) bool { return i.Bonus != "" && !basket.stillGiven(i, r) })
	basket.qualify(r)
	return changed || len(basket.ProductItems) != before
}

// syncChoices keeps the choices of bonus products that promotions give, each with its id as long as it is given.
func (b *Basket) syncChoices(tx *sandbox.Tx, choices []price.Choice) {
	var kept []BonusDiscount
	for _, c := range choices {
		discount := BonusDiscount{PromotionID: c.PromotionID, CouponCode: c.CouponCode, Products: c.Products, Max: c.Max}
		if i := slices.IndexFunc(b.BonusDiscounts, func(o BonusDiscount) bool { return o.PromotionID == c.PromotionID }); i >= 0 {
			discount.ID = b.BonusDiscounts[i].ID
		} else {
			discount.ID = hexID(tx, "b2c.BonusDiscount")
		}
		kept = append(kept, discount)
	}
	b.BonusDiscounts = kept
}

func (b *Basket) stillGiven(item ProductItem, r price.Result) bool {
	if item.BonusDiscountID != "" {
		return slices.ContainsFunc(b.BonusDiscounts, func(c BonusDiscount) bool { return c.ID == item.BonusDiscountID })
	}
	return slices.ContainsFunc(r.Bonuses, func(g price.BonusProduct) bool {
		return g.PromotionID == item.Bonus && g.ProductID == item.ProductID
	})
}

// qualify notes for every bonus line what it is given for.
func (b *Basket) qualify(r price.Result) {
	qualifiers := map[string]string{}
	for _, g := range r.Bonuses {
		qualifiers[g.PromotionID] = g.Qualifier
	}
	for _, c := range r.Choices {
		qualifiers[c.PromotionID] = c.Qualifier
	}
	for i := range b.ProductItems {
		if item := &b.ProductItems[i]; item.Bonus != "" {
			item.QualifierItemID = qualifiers[item.Bonus]
		}
	}
}

// priced takes over what the basket costs.
func (b *Basket) priced(tx *sandbox.Tx, r price.Result) {
	for i := range b.ProductItems {
		item := &b.ProductItems[i]
		item.priced(r.Lines[i])
		item.PriceAdjustments = b.adjustments(tx, r.Lines[i].Adjustments, item.PriceAdjustments)
	}
	for i := range b.ShippingItems {
		item := &b.ShippingItems[i]
		item.priced(r.Deliveries[i])
		item.PriceAdjustments = b.adjustments(tx, r.Deliveries[i].Adjustments, item.PriceAdjustments)
	}
	b.PriceAdjustments = b.adjustments(tx, r.Order, b.PriceAdjustments)
	for i := range b.Shipments {
		b.Shipments[i].Totals = sumsOf(r, b.Shipments[i].ShipmentID)
	}
	b.Totals, b.Approaching = totals(r.Total), r.Approaching
}

// adjustments are the discounts that were taken, with the ids that they had before.
func (b *Basket) adjustments(tx *sandbox.Tx, taken []price.Adjustment, before []PriceAdjustment) []PriceAdjustment {
	var out []PriceAdjustment
	for _, a := range taken {
		applied := PriceAdjustment{
			ID: a.Manual, PromotionID: a.PromotionID, CouponCode: a.CouponCode, Amount: a.Amount,
			Applied: AppliedDiscount{Type: string(a.Discount.Type), Value: a.Discount.Value}, ItemText: a.PromotionID,
		}
		if i := slices.IndexFunc(b.Manual, func(m ManualAdjustment) bool { return m.ID == a.Manual }); i >= 0 {
			m := b.Manual[i]
			applied.Manual, applied.PromotionID, applied.ItemText = true, m.PromotionID, m.ItemText
			applied.ReasonCode, applied.CreatedBy, applied.CreatedAt = m.ReasonCode, m.CreatedBy, m.CreatedAt
		} else if i := slices.IndexFunc(before, func(p PriceAdjustment) bool { return !p.Manual && p.PromotionID == a.PromotionID }); i >= 0 {
			applied.ID, applied.CreatedAt = before[i].ID, before[i].CreatedAt
		} else {
			applied.ID, applied.CreatedAt = hexID(tx, "b2c.PriceAdjustment"), tx.Now()
		}
		out = append(out, applied)
	}
	return out
}

// promisedCoupons are the coupons that some running promotion takes.
func (b *B2C) promisedCoupons(tx *sandbox.Tx, basket *Basket) map[string]bool {
	promised := map[string]bool{}
	b.promotions.Scan(tx.Tx, func(p *Promotion) bool {
		for _, id := range p.CouponIDs {
			promised[id] = promised[id] || p.runs(basket, tx.Now())
		}
		return true
	})
	return promised
}

// judgeCoupons tells codes that did something from those that did not.
func (b *Basket) judgeCoupons(promised map[string]bool, r price.Result) {
	used := map[string]bool{}
	each := func(adjustments []price.Adjustment) {
		for _, a := range adjustments {
			used[a.CouponCode] = true
		}
	}
	each(r.Order)
	for _, p := range slices.Concat(r.Lines, r.Deliveries) {
		each(p.Adjustments)
	}
	for _, g := range r.Bonuses {
		used[g.CouponCode] = true
	}
	for _, c := range r.Choices {
		used[c.CouponCode] = true
	}
	for i := range b.Coupons {
		switch c := &b.Coupons[i]; {
		case !c.usable():
		case used[c.Code]:
			c.Status = CouponApplied
		case promised[c.CouponID]:
			c.Status = CouponNotApplicable
		default:
			c.Status = CouponNoActivePromotion
		}
	}
}
