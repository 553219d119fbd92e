package b2c

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// Side is one of the two storefronts of a hybrid site.
type Side string

// The sides: the reference architecture, whose pages are controllers, and the progressive web app, whose pages are routes.
const (
	SFRA Side = "sfra"
	PWA  Side = "pwa"
)

// Other is the other side.
func (s Side) Other() Side {
	if s == SFRA {
		return PWA
	}
	return SFRA
}

// Page is a kind of page that both sides have: as a controller of the one and a route of the other. Parameter is the query
// parameter whose value a route has at its end.
type Page struct{ Name, Controller, Route, Parameter string }

// Pages are the kinds of pages of a hybrid site.
func Pages() []Page {
	return []Page{
		{"home", "Home-Show", "", ""},
		{"search", "Search-Show", "search", ""},
		{"product", "Product-Show", "product", "pid"},
		{"cart", "Cart-Show", "cart", ""},
		{"checkout", "Checkout-Begin", "checkout", ""},
		{"confirmation", "Order-Confirm", "checkout/confirmation", "ID"},
		{"login", "Login-Show", "login", ""},
		{"account", "Account-Show", "account", ""},
		{"orders", "Order-History", "account/orders", ""},
		{"order", "Order-Details", "account/orders", "orderID"},
	}
}

// hybridRow says which pages the progressive web app has; the others are of the reference architecture.
type hybridRow struct{ Pages []string }

func (r hybridRow) clone() hybridRow { return hybridRow{slices.Clone(r.Pages)} }

func declareHybrid(s *store.Schema) store.Table[hybridRow] {
	return store.Add(s, store.Def[hybridRow]{Name: "b2c.Hybrid", Internal: true, Clone: hybridRow.clone, Key: func(*hybridRow) string { return theRow }})
}

// ErrHybrid is behind every mistake in the settings of a hybrid site.
var ErrHybrid = errors.New("hybrid")

// WebAppPages are the pages that the progressive web app has; home, search and product unless others were set.
func (b *B2C) WebAppPages(tx *sandbox.Tx) []string {
	if row, ok := b.hybrid.Get(tx.Tx, theRow); ok {
		return row.Pages
	}
	return []string{"home", "search", "product"}
}

// SetWebAppPages says which pages the progressive web app has. The error is an [ErrHybrid].
func (b *B2C) SetWebAppPages(tx *sandbox.Tx, names []string) error {
	for _, name := range names {
		if !slices.ContainsFunc(Pages(), func(p Page) bool { return p.Name == name }) {
			var known []string
			for _, p := range Pages() {
				known = append(known, p.Name)
			}
			return fmt.Errorf("%w: there is no page %q; there are %s", ErrHybrid, name, strings.Join(known, ", "))
		}
	}
	b.hybrid.Put(tx.Tx, hybridRow{names})
	return nil
}

// ServedBy is the side that has a page.
func (b *B2C) ServedBy(tx *sandbox.Tx, page Page) Side {
	if slices.Contains(b.WebAppPages(tx), page.Name) {
		return PWA
	}
	return SFRA
}

// Expire ends what one side knows its shoppers by, as if its time had passed: the storefront sessions of the one, the access
// tokens of the other. The visits go on, so the other side still knows them. The error is an [ErrHybrid].
func (b *B2C) Expire(tx *sandbox.Tx, side Side) error {
	switch side {
	case SFRA:
		for _, s := range b.storefronts.Range(tx.Tx, "", "", "", 0) {
			b.storefronts.Delete(tx.Tx, s.ID)
		}
	case PWA:
		for _, g := range b.grants.Range(tx.Tx, "", "", "", 0) {
			g.AccessUntil = tx.Now()
			b.grants.Put(tx.Tx, g)
		}
	default:
		return fmt.Errorf("%w: there is no side %q; there are %s and %s", ErrHybrid, side, SFRA, PWA)
	}
	return nil
}
