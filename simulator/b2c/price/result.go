package price

import "github.com/shopspring/decimal"

// Result is what a cart costs.
type Result struct {
	// Lines and Deliveries are in the order of the cart's.
	Lines, Deliveries []Priced
	// Order are the discounts on the order as a whole. The lines bear them.
	Order []Adjustment
	// Bonuses are the products that promotions give for nothing, Choices those that the shopper may choose.
	Bonuses []BonusProduct
	Choices []Choice
	// Shipments are the sums of the shipments, in the order in which the cart names them first; Total is their sum.
	Shipments []Shipment
	Total     Totals
	// Approaching are discounts that a little more merchandise would earn.
	Approaching []Approaching
}

// Priced is a line, or a delivery, with its prices.
type Priced struct {
	// Price is before discounts, AfterItem after those of its own, AfterOrder after its share of the order's as well.
	Price, AfterItem, AfterOrder decimal.Decimal
	// Adjustments are its own discounts.
	Adjustments []Adjustment
	// Tax is on Price, AdjustedTax on AfterOrder.
	Tax, AdjustedTax decimal.Decimal
}

// Adjustment is a discount; Amount is negative.
type Adjustment struct {
	// PromotionID and CouponCode say where it comes from, Manual the id of the entered adjustment.
	PromotionID, CouponCode, Manual string
	Amount                          decimal.Decimal
	Discount                        Discount
}

// BonusProduct is a product that a promotion gives for nothing.
type BonusProduct struct {
	PromotionID, CouponCode, ProductID string
	Quantity                           decimal.Decimal
	// Qualifier is the line that it is given for; of several that count together, the first.
	Qualifier string
}

// Choice are products of which the shopper may choose some for nothing.
type Choice struct {
	PromotionID, CouponCode string
	Products                []string
	// Max is how many units at most.
	Max decimal.Decimal
	// Qualifier is the line that they are given for; of several that count together, the first.
	Qualifier string
}

// Approaching is a discount that the merchandise comes near to.
type Approaching struct {
	PromotionID string
	Class       Class
	// Threshold is the amount it takes, Merchandise what there is.
	Threshold, Merchandise decimal.Decimal
	Discount               Discount
}

// Totals are the sums of a cart or of a shipment.
type Totals struct {
	// ProductSubTotal is after item discounts, ProductTotal after order discounts as well; without gift certificates.
	ProductSubTotal, ProductTotal decimal.Decimal
	// ShippingTotal is after discounts.
	ShippingTotal decimal.Decimal
	// MerchandizeTax and ShippingTax are before discounts, the adjusted ones after them.
	MerchandizeTax, ShippingTax                 decimal.Decimal
	AdjustedMerchandizeTax, AdjustedShippingTax decimal.Decimal
	GiftCertificates                            decimal.Decimal
	// Tax is what is to be paid of tax, Total what is to be paid in all.
	Tax, Total decimal.Decimal
}

// Shipment are the sums of one shipment.
type Shipment struct {
	ID string
	Totals
}

func (t *Totals) line(p Priced) {
	t.ProductSubTotal = t.ProductSubTotal.Add(p.AfterItem)
	t.ProductTotal = t.ProductTotal.Add(p.AfterOrder)
	t.MerchandizeTax = t.MerchandizeTax.Add(p.Tax)
	t.AdjustedMerchandizeTax = t.AdjustedMerchandizeTax.Add(p.AdjustedTax)
}

func (t *Totals) delivery(p Priced) {
	t.ShippingTotal = t.ShippingTotal.Add(p.AfterItem)
	t.ShippingTax = t.ShippingTax.Add(p.Tax)
	t.AdjustedShippingTax = t.AdjustedShippingTax.Add(p.AdjustedTax)
}

// close derives what follows from the other sums.
func (t *Totals) close(taxation Taxation) {
	t.Tax = t.AdjustedMerchandizeTax.Add(t.AdjustedShippingTax)
	t.Total = t.ProductTotal.Add(t.ShippingTotal).Add(t.GiftCertificates)
	if taxation == Net {
		t.Total = t.Total.Add(t.Tax)
	}
}

func (t *Totals) add(o Totals) {
	t.ProductSubTotal, t.ProductTotal = t.ProductSubTotal.Add(o.ProductSubTotal), t.ProductTotal.Add(o.ProductTotal)
	t.ShippingTotal = t.ShippingTotal.Add(o.ShippingTotal)
	t.MerchandizeTax, t.ShippingTax = t.MerchandizeTax.Add(o.MerchandizeTax), t.ShippingTax.Add(o.ShippingTax)
	t.AdjustedMerchandizeTax = t.AdjustedMerchandizeTax.Add(o.AdjustedMerchandizeTax)
	t.AdjustedShippingTax = t.AdjustedShippingTax.Add(o.AdjustedShippingTax)
	t.GiftCertificates = t.GiftCertificates.Add(o.GiftCertificates)
	t.Tax, t.Total = t.Tax.Add(o.Tax), t.Total.Add(o.Total)
}
