// Package b2c is the B2C Commerce side of the simulated landscape: sites, customers, API clients and orders with the
// rules that commerce keeps about them. It knows nothing of HTTP and JSON; the faces below it speak OCAPI (and later
// SLAS and SCAPI) over the same rows.
package b2c

import (
	"slices"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// B2C owns the tables of B2C Commerce. One instance serves every sandbox: all state is rows.
type B2C struct {
	sites     store.Table[Site]
	clients   store.Table[APIClient]
	customers store.Table[Customer]
	orders    store.Table[Order]
	tokens    store.Table[SystemToken]
	permissions
	handovers
	catalog
	selling
	shoppers
	mailroom
	hooking
	staff
}

// Declare adds the tables of B2C Commerce to the schema.
func Declare(s *store.Schema) *B2C {
	return &B2C{
		permissions: declarePermissions(s),
		handovers:   declareHandovers(s),
		catalog:     declareCatalog(s),
		selling:     declareSelling(s),
		shoppers:    declareShoppers(s),
		mailroom:    declareMailroom(s),
		hooking:     declareHooking(s),
		staff:       declareStaff(s),
		sites:       store.Add(s, store.Def[Site]{Name: "b2c.Site", Clone: Site.clone, Key: func(r *Site) string { return r.ID }}),
		clients: store.Add(s, store.Def[APIClient]{
			Name: "b2c.APIClient", Internal: true, Clone: APIClient.clone, Key: func(r *APIClient) string { return r.ID },
		}),
		customers: store.Add(s, store.Def[Customer]{
			Name: "b2c.Customer", Clone: Customer.clone, Key: func(r *Customer) string { return r.CustomerID },
			Indexes: []store.Index[Customer]{{Name: "login", Values: (*Customer).logins}, {Name: "external", Values: (*Customer).externals}},
		}),
		orders: store.Add(s, store.Def[Order]{
			Name: "b2c.Order", Clone: Order.clone, Key: func(r *Order) string { return r.OrderNo },
			Indexes: []store.Index[Order]{
				{Name: "customer", Values: func(r *Order) []string { return []string{r.CustomerID} }},
			},
		}),
		tokens: store.Add(s, store.Def[SystemToken]{
			Name: "b2c.SystemToken", Internal: true, Key: func(r *SystemToken) string { return r.Token },
			Indexes: []store.Index[SystemToken]{{Name: "expires", Values: (*SystemToken).expiries}},
		}),
	}
}

// Runners returns the due work of B2C Commerce.
func (b *B2C) Runners() map[string]sandbox.Runner {
	runners := b.basketRunners()
	runners[orderExport], runners[orderEvent] = b.runExport, b.runEvent
	return runners
}

// Aliases returns the texts, besides its number, by which a call shows that it is about an order.
func (b *B2C) Aliases(tx *sandbox.Tx, orderNo string) []string {
	o, ok := b.orders.Peek(tx.Tx, orderNo)
	if !ok {
		return nil
	}
	return slices.DeleteFunc([]string{o.OrderToken, o.OrderSummaryID}, func(s string) bool { return s == "" })
}
