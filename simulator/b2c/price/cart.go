// Package price works out what a basket or an order costs: prices, promotions, taxes and sums, exact to the minor unit of
// the currency. It is arithmetic alone, without rows, clock or chance: the same cart always costs the same.
//
// What is rounded, and how: a line's price, each discount and each tax are rounded half up to the minor unit; what is
// shared by several lines (a discount on the order, tax that is rounded by group) is split by [Apportion]. Every sum is
// the sum of its parts, so that nothing is lost or made anywhere.
package price

import "github.com/shopspring/decimal"

// Taxation says whether prices hold the tax.
type Taxation string

// With gross taxation prices include tax; with net it is added to them.
const (
	Gross Taxation = "gross"
	Net   Taxation = "net"
)

// Cart is what is to be priced. Amounts are in one currency and whole in its minor unit.
type Cart struct {
	// Digits is how many decimals the currency has; see [Digits].
	Digits   int32
	Taxation Taxation
	// TaxByGroup rounds tax once for everything of one rate and splits it, instead of rounding it line by line.
	TaxByGroup bool
	Lines      []Line
	Deliveries []Delivery
	Gifts      []Gift
	// Promotions are those that the shopper may have: enabled, in time, with their coupon. Their order does not matter.
	Promotions []Promotion
	// Manual are the adjustments that somebody entered; they come before promotions.
	Manual []Manual
}

// Line is a line of products, or of an option of one.
type Line struct {
	// ID is unique in the cart.
	ID, ProductID, Shipment string
	Categories              []string
	// Unit is the price of one, Quantity how many of them; quantities may be fractions.
	Unit, Quantity decimal.Decimal
	TaxRate        decimal.Decimal
	// Bonus is the promotion that gives the line for nothing; empty for what is bought.
	Bonus string
	// Part says that the line is a part of a bundle, whose price is the bundle's: no promotion counts it.
	Part bool
}

// Delivery is what the delivery of a shipment costs.
type Delivery struct {
	Shipment, MethodID string
	Price, TaxRate     decimal.Decimal
}

// Gift is a gift certificate that is bought. It is not taxed and no promotion discounts it.
type Gift struct {
	Shipment string
	Amount   decimal.Decimal
}

// Level says what a manual adjustment is about.
type Level string

// The levels of manual adjustments.
const (
	LevelProduct  Level = "product"
	LevelShipping Level = "shipping"
	LevelOrder    Level = "order"
)

// Manual is an adjustment that somebody entered. Of the discount types it may have percentage, amount (for the line as a
// whole) and fixed_price (for one unit).
type Manual struct {
	ID    string
	Level Level
	// Target is the id of the line, or the shipment; empty for the order.
	Target   string
	Discount Discount
}
