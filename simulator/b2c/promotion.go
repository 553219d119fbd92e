package b2c

import (
	"fmt"
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/b2c/price"
	"github.com/somsim/somsim/simulator/sandbox"
)

// Audience says which customers a promotion is for.
type Audience string

// The audiences of promotions.
const (
	Everyone   Audience = ""
	Registered Audience = "registered"
	Guests     Audience = "guests"
)

// Promotion is a promotion of a shop: what it gives, and who gets it when.
type Promotion struct {
	price.Promotion
	Name, Callout string
	// SiteIDs are the sites it runs on; empty means all. Currency is that of its amounts; empty means any.
	SiteIDs  []string
	Currency string
	Disabled bool
	// From and Until bound when it runs; zero means no bound.
	From, Until time.Time
	Audience    Audience
	// CouponIDs are the coupons one of which it takes; empty means none.
	CouponIDs []string
	// SourceCodes are the source codes one of which it takes; empty means none.
	SourceCodes []string
}

func (p Promotion) clone() Promotion {
	p.SiteIDs, p.CouponIDs, p.SourceCodes = slices.Clone(p.SiteIDs), slices.Clone(p.CouponIDs), slices.Clone(p.SourceCodes)
	p.Qualifying, p.Discounted = cloneSelection(p.Qualifying), cloneSelection(p.Discounted)
	p.Methods, p.Tiers = slices.Clone(p.Methods), slices.Clone(p.Tiers)
	for i := range p.Tiers {
		p.Tiers[i].Discount.Products = slices.Clone(p.Tiers[i].Discount.Products)
	}
	return p
}

func cloneSelection(p price.Products) price.Products {
	return price.Products{IDs: slices.Clone(p.IDs), Categories: slices.Clone(p.Categories)}
}

// AddPromotion stores a promotion. Without an exclusivity it is not exclusive.
func (b *B2C) AddPromotion(tx *sandbox.Tx, p Promotion) error {
	if p.ID == "" || len(p.Tiers) == 0 || !slices.Contains([]price.Class{price.ClassProduct, price.ClassOrder, price.ClassShipping}, p.Class) {
		return fmt.Errorf("add promotion %q: it needs an id, a class and a discount, has the class %q and %d discounts", p.ID, p.Class, len(p.Tiers))
	}
	if p.Exclusivity == "" {
		p.Exclusivity = price.NotExclusive
	}
	for _, id := range p.CouponIDs {
		if _, ok := b.coupons.Peek(tx.Tx, id); !ok {
			return fmt.Errorf("add promotion %s: there is no coupon %s", p.ID, id)
		}
	}
	b.promotions.Put(tx.Tx, p)
	return nil
}

// Promotion returns the promotion of that id.
func (b *B2C) Promotion(tx *sandbox.Tx, id string) (Promotion, bool) {
	return b.promotions.Get(tx.Tx, id)
}

// runs reports whether a promotion is there for a basket, coupons aside.
func (p *Promotion) runs(basket *Basket, now time.Time) bool {
	switch {
	case p.Disabled, len(p.SiteIDs) > 0 && !slices.Contains(p.SiteIDs, basket.SiteID):
		return false
	case p.Currency != "" && p.Currency != basket.Currency:
		return false
	case !p.From.IsZero() && now.Before(p.From), !p.Until.IsZero() && now.After(p.Until):
		return false
	case p.Audience == Registered && basket.Guest, p.Audience == Guests && !basket.Guest:
		return false
	case len(p.SourceCodes) > 0 && !slices.Contains(p.SourceCodes, basket.SourceCode):
		return false
	}
	return true
}

// promotionsFor lists what a basket's owner may have: promotions that run, with the coupon of the basket where they take
// one. Rows are copied, since the price engine keeps what it is given.
func (b *B2C) promotionsFor(tx *sandbox.Tx, basket *Basket) []price.Promotion {
	var out []price.Promotion
	b.promotions.Scan(tx.Tx, func(p *Promotion) bool {
		if !p.runs(basket, tx.Now()) {
			return true
		}
		if len(p.CouponIDs) == 0 {
			out = append(out, p.clone().Promotion)
			return true
		}
		for _, c := range basket.Coupons {
			if c.usable() && slices.Contains(p.CouponIDs, c.CouponID) {
				with := p.clone().Promotion
				with.CouponCode = c.Code
				out = append(out, with)
				break
			}
		}
		return true
	})
	return out
}
