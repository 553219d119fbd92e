package b2c

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// ShippingOffer is a shipping method that a shop offers, and what it costs.
type ShippingOffer struct {
	ShippingMethod
	// External is the carrier's own name of the method.
	External string
	SiteIDs  []string
	// Prices are for a shipment by currency; the last whose From is reached by the shipment's products counts.
	Prices map[string][]ShippingPrice
	// Countries are those it delivers to; empty means all.
	Countries  []string
	TaxClassID string
	// Default is the method that is proposed first; Offline ones are not offered.
	Default, Offline bool
}

// ShippingPrice is what a delivery costs when the products of the shipment cost at least From.
type ShippingPrice struct{ From, Price decimal.Decimal }

func (o ShippingOffer) clone() ShippingOffer {
	o.SiteIDs, o.Countries, o.Prices = slices.Clone(o.SiteIDs), slices.Clone(o.Countries), maps.Clone(o.Prices)
	for currency, prices := range o.Prices {
		o.Prices[currency] = slices.Clone(prices)
	}
	return o
}

// AddShippingMethod stores a shipping method with its prices.
func (b *B2C) AddShippingMethod(tx *sandbox.Tx, o ShippingOffer) error {
	if o.ID == "" || len(o.Prices) == 0 {
		return fmt.Errorf("add shipping method %q: it needs an id and a price", o.ID)
	}
	b.methods.Put(tx.Tx, o)
	return nil
}

// ApplicableShipping is a shipping method that a shipment can have, with its price.
type ApplicableShipping struct {
	ShippingOffer
	Price decimal.Decimal
}

func (o *ShippingOffer) applies(siteID, currency string, to OrderAddress) bool {
	return !o.Offline && len(o.Prices[currency]) > 0 && (len(o.SiteIDs) == 0 || slices.Contains(o.SiteIDs, siteID)) &&
		(len(o.Countries) == 0 || to.CountryCode == "" || slices.ContainsFunc(o.Countries, func(c string) bool { return strings.EqualFold(c, to.CountryCode) }))
}

func (o *ShippingOffer) price(currency string, products decimal.Decimal) decimal.Decimal {
	cost := decimal.Zero
	for _, p := range o.Prices[currency] {
		if products.GreaterThanOrEqual(p.From) {
			cost = p.Price
		}
	}
	return cost
}

// ShippingMethods lists the methods that a shipment of a basket can have, by id. The error has the code
// [ShipmentNotFound].
func (b *B2C) ShippingMethods(tx *sandbox.Tx, basket Basket, shipmentID string) ([]ApplicableShipping, error) {
	s := basket.shipment(shipmentID)
	if s == nil {
		return nil, shipmentUnknown(shipmentID)
	}
	var out []ApplicableShipping
	b.methods.Scan(tx.Tx, func(o *ShippingOffer) bool {
		if o.applies(basket.SiteID, basket.Currency, s.Address) {
			out = append(out, ApplicableShipping{o.clone(), o.price(basket.Currency, basket.worth(shipmentID))})
		}
		return true
	})
	return out, nil
}

// PaymentMethod is a way to pay that a shop offers.
type PaymentMethod struct {
	ID, Name, Description string
	// Cards are the types of cards it takes; empty for methods without cards.
	Cards    []string
	SiteIDs  []string
	Disabled bool
	// Countries are those of billing addresses it is for; empty means all. Min and Max bound the order's total; zero means
	// no bound.
	Countries []string
	Min, Max  decimal.Decimal
}

func (m PaymentMethod) clone() PaymentMethod {
	m.Cards, m.SiteIDs, m.Countries = slices.Clone(m.Cards), slices.Clone(m.SiteIDs), slices.Clone(m.Countries)
	return m
}

// AddPaymentMethod stores a payment method.
func (b *B2C) AddPaymentMethod(tx *sandbox.Tx, m PaymentMethod) error {
	if m.ID == "" {
		return fmt.Errorf("add payment method %q: it needs an id", m.Name)
	}
	b.payments.Put(tx.Tx, m)
	return nil
}

// Payable is what a payment method is asked about: the site, the billing address's country and the total to pay.
type Payable struct {
	SiteID, Country string
	Total           decimal.Decimal
}

func (m *PaymentMethod) offered(p Payable) bool {
	return !m.Disabled && (len(m.SiteIDs) == 0 || slices.Contains(m.SiteIDs, p.SiteID))
}

func (m *PaymentMethod) applies(p Payable) bool {
	return m.offered(p) && (len(m.Countries) == 0 || p.Country == "" || slices.Contains(m.Countries, p.Country)) &&
		p.Total.GreaterThanOrEqual(m.Min) && (m.Max.IsZero() || p.Total.LessThanOrEqual(m.Max))
}

// PaymentMethods lists the methods by which something can be paid, by id.
func (b *B2C) PaymentMethods(tx *sandbox.Tx, p Payable) []PaymentMethod {
	var out []PaymentMethod
	b.payments.Scan(tx.Tx, func(m *PaymentMethod) bool {
		if m.applies(p) {
			out = append(out, m.clone())
		}
		return true
	})
	return out
}
