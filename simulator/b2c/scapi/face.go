// Package scapi is the face of B2C Commerce's newer API around orders: Shopper Orders, Shopper Baskets, Shopper Customers
// and Orders. Its documents are those of OCAPI with names in camel case, and so they are made: a call is translated, has
// OCAPI's operation run, and its answer is translated back. What OCAPI does not have is done here over package b2c.
package scapi

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/b2c/shoppertoken"
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/specs"
)

// API answers the operations of the face.
type API struct {
	domain *b2c.B2C
	key    *shoppertoken.Key
	shop   *ocapi.API
	// operations are OCAPI's.
	operations map[string]binding.Handler
}

// New returns the face over a domain.
func New(d *b2c.B2C) (*binding.Face, error) {
	spec, err := specs.FS.ReadFile("b2c/scapi.yaml")
	if err != nil {
		return nil, fmt.Errorf("b2c: %w", err)
	}
	listed, err := specs.FS.ReadFile("b2c/rules.yaml")
	if err != nil {
		return nil, fmt.Errorf("b2c: %w", err)
	}
	rules, err := binding.LoadRules(listed)
	if err != nil {
		return nil, fmt.Errorf("b2c/rules.yaml: %w", err)
	}
	a := &API{domain: d}
	if a.key, err = shoppertoken.Open(); err != nil {
		return nil, err
	}
	if a.shop, err = ocapi.Open(d); err != nil {
		return nil, err
	}
	a.operations = a.shop.Operations()
	return &binding.Face{
		System: "b2c", Name: "b2c/scapi", Spec: spec, SpecFile: "b2c/scapi.yaml", Operations: a.routes(),
		Schemes: map[string]binding.Authenticator{
			"BasketsRead": a.shopper(b2c.ScopeBasketsOrders), "BasketsWrite": a.shopper(b2c.ScopeBasketsOrders + ".rw"),
			"AccountRead": a.shopper(b2c.ScopeMyAccount), "AccountWrite": a.shopper(b2c.ScopeMyAccount + ".rw"),
			"Login":      a.shopper(b2c.ScopeCustomers),
			"Register":   a.shopper("sfcc.shopper-customers.register"),
			"OnBehalf":   a.onBehalf(b2c.ScopeOrders + ".rw"),
			"OrdersRead": a.system(b2c.ScopeOrders), "OrdersWrite": a.system(b2c.ScopeOrders + ".rw"),
		},
		Sandbox: sandboxOf, Errors: answerError, Rules: rules, Settle: correlate,
	}, nil
}

// shopper lets in shoppers whose token has a scope.
func (a *API) shopper(scope string) binding.Authenticator {
	return func(c *binding.Call) (binding.Principal, error) {
		if err := checkOrganization(c); err != nil {
			return binding.Principal{}, err
		}
		token := bearer(c.Request.Header)
		if token == "" {
			return binding.Principal{}, noToken()
		}
		holder, err := a.key.Hold(c.Tx, a.domain, token)
		if err != nil {
			return binding.Principal{}, err
		}
		p := ocapi.Shopper(holder.Customer, holder.Grant, token)
		if !b2c.Permits(holder.Grant.Scopes, scope) {
			return p, forbidden(scope)
		}
		return p, a.checkSite(c, holder.Grant.SiteID)
	}
}

// onBehalf lets in systems that vouch for a shopper, if their client has a scope.
func (a *API) onBehalf(scope string) binding.Authenticator {
	return func(c *binding.Call) (binding.Principal, error) {
		p, err := a.shopper(b2c.ScopeBasketsOrders)(c)
		if err != nil {
			return p, err
		}
		holder, err := a.key.Hold(c.Tx, a.domain, p.Token)
		if err != nil {
			return p, err
		}
		client, err := a.domain.Client(c.Tx, p.Client)
		if err == nil && (!holder.Grant.OnBehalf || !client.MaySystem(scope)) {
			err = forbidden(scope)
		}
		return p, err
	}
}

// system lets in API clients whose own token has a scope.
func (a *API) system(scope string) binding.Authenticator {
	return func(c *binding.Call) (binding.Principal, error) {
		if err := checkOrganization(c); err != nil {
			return binding.Principal{}, err
		}
		token := bearer(c.Request.Header)
		if token == "" {
			return binding.Principal{}, noToken()
		}
		t, err := a.domain.SystemToken(c.Tx, token)
		if err != nil {
			return binding.Principal{}, err
		}
		client, err := a.domain.Client(c.Tx, t.ClientID)
		if err != nil {
			return binding.Principal{}, err
		}
		if !client.MaySystem(scope) {
			return ocapi.System(t.ClientID, t.User, token), forbidden(scope)
		}
		return ocapi.System(t.ClientID, t.User, token), a.checkSite(c, "")
	}
}

func noToken() error {
	return &b2c.Error{Code: b2c.InvalidAccessToken, Rule: "b2c.scapi.token", Message: "The request has no access token."}
}

func forbidden(scope string) error {
	return ocapi.Refuse("b2c.scapi.scope", "Forbidden", "The access token lacks the scope "+scope+".", "scope", scope)
}

func checkOrganization(c *binding.Call) error {
	if id := c.Request.Vars["organizationId"]; id != b2c.Organization {
		return ocapi.Refuse("b2c.scapi.organization", "OrganizationNotFound", fmt.Sprintf("There is no organization '%s'.", id), "organizationId", id)
	}
	return nil
}

// checkSite refuses a call without a site, for an unknown one, or for another than the token's.
func (a *API) checkSite(c *binding.Call, own string) error {
	id := c.Request.Query("siteId")
	if id == "" {
		return ocapi.Refuse("b2c.scapi.site-given", "MissingQueryParameter", "The query parameter siteId is missing.", "parameterName", "siteId")
	}
	if _, err := a.domain.Site(c.Tx, id); err != nil {
		return err
	}
	if own != "" && own != id {
		return ocapi.Refuse("b2c.scapi.site-own", "Forbidden", fmt.Sprintf("The access token is for the site '%s'.", own), "siteId", id)
	}
	return nil
}

func bearer(h http.Header) string {
	scheme, token, _ := strings.Cut(h.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// sandboxOf reads the sandbox out of the token.
func sandboxOf(r *binding.Request) string {
	token := bearer(r.Header)
	if name := shoppertoken.SandboxOf(token); name != "" {
		return name
	}
	name, _, found := strings.Cut(token, "~")
	if !found {
		return ""
	}
	return name
}

// correlate gives an answer the id by which both sides talk of the exchange.
func correlate(c *binding.Call, resp *binding.Response) {
	id := c.Request.Header.Get("correlation-id")
	if id == "" {
		return
	}
	if resp.Header == nil {
		resp.Header = http.Header{}
	}
	resp.Header.Set("x-correlation-id", id)
}
