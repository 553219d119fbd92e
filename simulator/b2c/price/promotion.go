package price

import (
	"slices"

	"github.com/shopspring/decimal"
)

// Class says what a promotion discounts.
type Class string

// The classes of promotions, in the order in which they are worked out.
const (
	ClassProduct  Class = "product"
	ClassOrder    Class = "order"
	ClassShipping Class = "shipping"
)

// Exclusivity says which other promotions a promotion rules out.
type Exclusivity string

// A promotion that is exclusive in its class rules out the others of the class, a globally exclusive one all others.
const (
	NotExclusive   Exclusivity = "no"
	ClassExclusive Exclusivity = "class"
	Exclusive      Exclusivity = "global"
)

// DiscountType is the kind of a discount.
type DiscountType string

// The kinds of discounts that are simulated, spelt as the vendor does.
const (
	FixedPrice  DiscountType = "fixed_price"
	Free        DiscountType = "free"
	Amount      DiscountType = "amount"
	Percentage  DiscountType = "percentage"
	Bonus       DiscountType = "bonus"
	BonusChoice DiscountType = "bonus_choice"
)

// discountOrder lists the types in the order in which promotions of one rank are worked out.
func discountOrder() []DiscountType {
	return []DiscountType{FixedPrice, Free, Amount, Percentage, Bonus, BonusChoice}
}

// Discount is what a promotion gives.
type Discount struct {
	Type DiscountType
	// Value is the percentage (20 for a fifth), the amount off, or the price; for products, of one unit. For bonus products
	// it is how many: of each with Bonus, at most in all with BonusChoice.
	Value decimal.Decimal
	// Products are the bonus products.
	Products []string
}

// Tier is a discount with what it takes to get it. Zero asks for nothing.
type Tier struct {
	// MinAmount and MinQuantity are of the qualifying products.
	MinAmount, MinQuantity decimal.Decimal
	Discount               Discount
}

// Products selects products by id or category. An empty selection is all products.
type Products struct{ IDs, Categories []string }

func (p Products) has(l *Line) bool {
	if l.Part {
		return false
	}
	if len(p.IDs) == 0 && len(p.Categories) == 0 {
		return true
	}
	return slices.Contains(p.IDs, l.ProductID) ||
		slices.ContainsFunc(l.Categories, func(c string) bool { return slices.Contains(p.Categories, c) })
}

func (p Products) empty() bool { return len(p.IDs) == 0 && len(p.Categories) == 0 }

// Promotion is a promotion as far as prices go.
type Promotion struct {
	ID    string
	Class Class
	// Rank is 1 for the first; 0 stands for none, which comes after all ranks.
	Rank        int
	Exclusivity Exclusivity
	// CouponCode is the code that brought the promotion about; empty when it needs none.
	CouponCode string
	// Qualifying are the products that count for the tiers, Discounted those that get cheaper; when empty, the qualifying.
	Qualifying, Discounted Products
	// Methods are the shipping methods that get cheaper; empty means all.
	Methods []string
	// Tiers are the discounts; of those whose conditions are met the last one counts.
	Tiers []Tier
	// MaxUnits is how many units of products get cheaper at most; 0 is all.
	MaxUnits int64
}

func (p *Promotion) discounts(l *Line) bool {
	if l.Bonus != "" {
		return false
	}
	if p.Discounted.empty() {
		return p.Qualifying.has(l)
	}
	return p.Discounted.has(l)
}

// tier returns the discount that the merchandise earns.
func (p *Promotion) tier(amount, quantity decimal.Decimal) (Discount, bool) {
	for _, t := range slices.Backward(p.Tiers) {
		if amount.GreaterThanOrEqual(t.MinAmount) && quantity.GreaterThanOrEqual(t.MinQuantity) && quantity.IsPositive() {
			return t.Discount, true
		}
	}
	return Discount{}, false
}
