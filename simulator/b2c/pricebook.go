package b2c

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// StandardTax is the tax class of products and deliveries that name none.
const StandardTax = "standard"

// PriceBook is a list of prices in one currency. With SiteIDs it is valid there only.
type PriceBook struct {
	ID, Name, Currency string
	SiteIDs            []string
	Inactive           bool
}

// ProductPrice is the price of a product in a price book, for one unit. Tiers are prices from a quantity on.
type ProductPrice struct {
	PriceBookID, ProductID string
	Unit                   decimal.Decimal
	Tiers                  []PriceTier
}

// PriceTier is the price of one unit for those who take at least so many.
type PriceTier struct{ From, Unit decimal.Decimal }

func priceKey(book, product string) string { return book + "/" + product }

func (p *ProductPrice) at(quantity decimal.Decimal) decimal.Decimal {
	unit := p.Unit
	for _, t := range p.Tiers {
		if quantity.GreaterThanOrEqual(t.From) {
			unit = t.Unit
		}
	}
	return unit
}

// AddPriceBook stores a price book.
func (b *B2C) AddPriceBook(tx *sandbox.Tx, p PriceBook) error {
	if p.ID == "" || len(p.Currency) != 3 {
		return fmt.Errorf("add price book %q: it needs an id and a currency of three letters, has %q", p.ID, p.Currency)
	}
	b.books.Put(tx.Tx, p)
	return nil
}

// SetPrice stores a product's price in a price book that exists.
func (b *B2C) SetPrice(tx *sandbox.Tx, p ProductPrice) error {
	if _, ok := b.books.Peek(tx.Tx, p.PriceBookID); !ok || p.Unit.IsNegative() {
		return fmt.Errorf("set price of %s to %s in price book %q: the book has to exist, the price not to be negative", p.ProductID, p.Unit, p.PriceBookID)
	}
	b.prices.Put(tx.Tx, p)
	return nil
}

// PriceQuery asks for prices on a site, in a currency. With Books only these price books count.
type PriceQuery struct {
	SiteID, Currency string
	Books            []string
}

func (q PriceQuery) counts(p *PriceBook) bool {
	return !p.Inactive && p.Currency == q.Currency && (len(p.SiteIDs) == 0 || slices.Contains(p.SiteIDs, q.SiteID)) &&
		(len(q.Books) == 0 || slices.Contains(q.Books, p.ID))
}

// Prices are a product's prices by price book, for one of so many units.
func (b *B2C) Prices(tx *sandbox.Tx, q PriceQuery, productID string, quantity decimal.Decimal) map[string]decimal.Decimal {
	found := map[string]decimal.Decimal{}
	b.books.Scan(tx.Tx, func(book *PriceBook) bool {
		if q.counts(book) {
			if p, ok := b.prices.Peek(tx.Tx, priceKey(book.ID, productID)); ok {
				found[book.ID] = p.at(quantity)
			}
		}
		return true
	})
	return found
}

// Price is the lowest of a product's prices, for one of so many units; false when it has none.
func (b *B2C) Price(tx *sandbox.Tx, q PriceQuery, productID string, quantity decimal.Decimal) (decimal.Decimal, bool) {
	lowest, found := decimal.Zero, false
	for _, p := range b.Prices(tx, q, productID, quantity) {
		if !found || p.LessThan(lowest) {
			lowest, found = p, true
		}
	}
	return lowest, found
}

// TaxRate is the tax on a class of goods in a country, or in a state of it. Without a country it is for everywhere else on
// the site. A rate of 0.19 is 19 per cent.
type TaxRate struct {
	SiteID, ClassID, Country, State string
	Rate                            decimal.Decimal
}

func (r *TaxRate) key() string { return r.SiteID + "/" + r.ClassID + "/" + r.Country + "/" + r.State }

// SetTaxRate stores a tax rate. An empty class is [StandardTax].
func (b *B2C) SetTaxRate(tx *sandbox.Tx, r TaxRate) {
	if r.ClassID == "" {
		r.ClassID = StandardTax
	}
	b.taxRates.Put(tx.Tx, r)
}

// taxRate is the rate for a class of goods sent to an address: that of the state, the country, or of everywhere else.
func (b *B2C) taxRate(tx *sandbox.Tx, siteID, class string, to OrderAddress) decimal.Decimal {
	if class == "" {
		class = StandardTax
	}
	for _, r := range []TaxRate{
		{SiteID: siteID, ClassID: class, Country: to.CountryCode, State: to.StateCode},
		{SiteID: siteID, ClassID: class, Country: to.CountryCode},
		{SiteID: siteID, ClassID: class},
	} {
		if found, ok := b.taxRates.Peek(tx.Tx, r.key()); ok {
			return found.Rate
		}
	}
	return decimal.Zero
}
