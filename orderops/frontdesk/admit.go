package frontdesk

import (
	"cmp"
	"context"
	"net/http"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/identity"
)

// Identifier finds out whose a token is.
type Identifier interface {
	Identify(ctx context.Context, token string) (identity.Identity, error)
}

type identityKey struct{}

// withIdentity attaches who asks to a context.
func withIdentity(ctx context.Context, id identity.Identity) context.Context {
	return context.WithValue(ctx, identityKey{}, id)
}

// IdentityOf is who asks; without anybody proved, an anonymous caller.
func IdentityOf(ctx context.Context) identity.Identity {
	id, ok := ctx.Value(identityKey{}).(identity.Identity)
	if !ok {
		id.Kind = identity.Anonymous
	}
	return id
}

// admit proves who asks, and attaches it to the context. A token that is not valid is refused whatever is asked for.
func (g *Gate) admit(ctx context.Context, r *http.Request) (context.Context, error) {
	id, err := g.Identifier.Identify(identity.WithSite(ctx, g.site(r)), bearer(r))
	if err != nil {
		return ctx, refused(err)
	}
	overrides, err := orderops.ParseOverrides(r.Header.Get(OverrideHeader))
	if err == nil && len(overrides) > 0 && id.Kind != identity.Agent {
		err = orderops.Refuse(orderops.Forbidden, "only an agent may set a rule aside")
	}
	return context.WithValue(withIdentity(ctx, id), overridesKey{}, overrides), err
}

// site is the commerce site that a request is about, as far as it says.
func (g *Gate) site(r *http.Request) string {
	return cmp.Or(r.PathValue("site"), r.URL.Query().Get("site"), g.Site)
}

// OverrideHeader names the rules that an agent sets aside with an action, separated by commas.
const OverrideHeader = "Order-Ops-Override"

type overridesKey struct{}

// overridesOf are the rules that the caller, an agent, sets aside.
func overridesOf(ctx context.Context) orderops.Overrides {
	overrides, _ := ctx.Value(overridesKey{}).(orderops.Overrides)
	return overrides
}

// Caller is who sends the request, as commerce is to be asked. Whoever is not a shopper of commerce is asked for by the
// service itself: it has been decided already what they may see.
func (g *Gate) Caller(r *http.Request) Caller {
	id := IdentityOf(r.Context())
	if id.Kind == identity.Agent || id.OrderNo != "" {
		return Caller{Caller: b2cclient.Caller{Service: true}, Who: id}
	}
	client := r.Header.Get("x-dw-client-id")
	if client == "" {
		client = r.URL.Query().Get("client_id")
	}
	if client == "" {
		client = id.ClientID
	}
	if client == "" {
		client = g.ClientID
	}
	return Caller{Caller: b2cclient.Caller{Token: id.Token, ClientID: client}, CustomerID: id.CustomerID, Who: id}
}

// known refuses a caller who showed nothing before anything is asked.
func (c Caller) known() error {
	if c.Token == "" && !c.Service {
		return orderops.Refuse(orderops.Unauthenticated, "a bearer token is required")
	}
	return nil
}

// may refuses a caller who proved that one order is theirs when another one is meant. A site is part of what was proved.
func (c Caller) may(shop b2cclient.Shop, orderNo string) error {
	if err := c.known(); err != nil {
		return err
	}
	if c.Who.OrderNo != "" && (c.Who.OrderNo != orderNo || c.Who.Site != shop.Site) {
		return orderops.Refuse(orderops.OrderNotFound, "")
	}
	return nil
}

// Own refuses callers for whom commerce is asked by the service itself: what they send is not passed on with its rights.
func (c Caller) Own() error {
	if err := c.known(); err != nil {
		return err
	}
	if c.Service {
		return orderops.Refuse(orderops.Forbidden, "only a shopper of commerce may change its own order there")
	}
	return nil
}

// Customer is whose orders a caller may list: an agent names the customer, everybody else has only their own.
func (c Caller) Customer(named string) (string, error) {
	if err := c.known(); err != nil {
		return "", err
	}
	switch agent := c.Who.Kind == identity.Agent; {
	case agent && named == "":
		return "", orderops.Refuse(orderops.InvalidRequest, "an agent names the customer, as customer_id")
	case agent:
		return named, nil
	case named != "" && named != c.CustomerID:
		return "", orderops.Refuse(orderops.Forbidden, "only an agent may list the orders of somebody else")
	case c.Token != "" && c.CustomerID == "":
		return "", orderops.Refuse(orderops.Unauthenticated, "the token names no customer")
	}
	return c.CustomerID, nil
}
