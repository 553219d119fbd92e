package ocapi

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

// Operations are the operations of the Shop API, for a face that offers the same resources in another form. Whoever calls
// them authenticates first: the principal says whose the call is.
func (a *API) Operations() map[string]binding.Handler {
	all := a.routes()
	maps.Copy(all, a.basketRoutes())
	maps.Copy(all, a.customerRoutes())
	return a.hooked(all)
}

// Version is the version of documents that other faces translate: the newest one.
const Version = newest

// Shopper is the principal of a customer who calls through a client.
func Shopper(c b2c.Customer, g b2c.ShopperGrant, token string) binding.Principal {
	p := binding.Principal{Kind: kindRegistered, ID: c.CustomerID, Client: g.ClientID, Token: token}
	if c.Guest {
		p.Kind = kindGuest
	}
	if g.Agent != "" {
		p.Kind = KindAgent
	}
	return p
}

// System is the principal of an API client that calls by itself, or of the user who works through it.
func System(client, user, token string) binding.Principal {
	return binding.Principal{Kind: kindSystem, ID: cmp.Or(user, client), Client: client, Token: token}
}

// Explanation is a refusal in the words of OCAPI, without the ending Exception.
type Explanation struct {
	Name, Message string
	Status        int
	Arguments     map[string]string
	// Details are arguments that are documents.
	Details map[string]json.RawMessage
}

// Explain finds the words for an error.
func Explain(c *binding.Call, err error) Explanation {
	f := explain(c, err)
	return Explanation{f.name, f.message, cmp.Or(f.status, statusOf(f.name), http.StatusInternalServerError), f.arguments, f.details}
}

// RenderOrder is an order's document, of the newest version.
func (a *API) RenderOrder(o b2c.Order) ([]byte, error) {
	doc, err := a.render(newest, o)
	return doc.RawMessage, err
}
