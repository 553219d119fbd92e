// Package slas is the Shopper Login and API Access Service of B2C Commerce: it turns calls of specs/b2c/slas.yaml into
// visits and grants of package b2c, and shapes tokens and errors as the vendor does.
package slas

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/shoppertoken"
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/specs"
)

// API answers the operations of the face.
type API struct {
	domain *b2c.B2C
	key    *shoppertoken.Key
}

// The kinds of caller: a client without a secret, one that has shown it, and a shopper.
const (
	kindPublic     = "public"
	kindPrivate    = "private"
	kindGuest      = "guest"
	kindRegistered = "registered"
)

// New returns the face over a domain.
func New(d *b2c.B2C) (*binding.Face, error) {
	spec, err := specs.FS.ReadFile("b2c/slas.yaml")
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
	key, err := shoppertoken.Open()
	if err != nil {
		return nil, err
	}
	a := &API{domain: d, key: key}
	return &binding.Face{
		System: "b2c", Name: "b2c/slas", Spec: spec, SpecFile: "b2c/slas.yaml", Operations: a.routes(),
		Schemes: map[string]binding.Authenticator{
			"Client": a.authenticateClient, "PrivateClient": a.authenticatePrivate, "Shopper": a.authenticateShopper,
		},
		Sandbox: sandboxOf, Errors: answerError, Rules: rules,
	}, nil
}

// given is the parameter of a request, in its form or its query.
func given(r *binding.Request, name string) string {
	if value := r.Query(name); value != "" {
		return value
	}
	form, err := url.ParseQuery(string(r.Body))
	if err != nil {
		return ""
	}
	return form.Get(name)
}

// clientOf returns the client that a request names, without its sandbox, and whether it was shown to be it.
func (a *API) clientOf(c *binding.Call) (client b2c.APIClient, shown bool, err error) {
	id, secret, basic := c.Request.HTTP().BasicAuth()
	if basic && c.Operation != "authenticateCustomer" {
		id, _ = splitSandbox(id)
		client, err = a.domain.AuthenticateClient(c.Tx, id, secret)
		return client, true, err
	}
	if id, secret, ok := clientOfHeader(c.Request); ok {
		id, _ = splitSandbox(id)
		client, err = a.domain.AuthenticateClient(c.Tx, id, secret)
		return client, true, err
	}
	id, _ = splitSandbox(given(c.Request, "client_id"))
	client, err = a.domain.Client(c.Tx, id)
	if err != nil {
		return client, false, b2c.InvalidRequestf("b2c.slas.client", "Bad or missing client_id.")
	}
	return client, false, nil
}

// authenticateClient lets in whoever names a client; one with a secret is told apart from one without.
func (a *API) authenticateClient(c *binding.Call) (binding.Principal, error) {
	if err := checkOrganization(c); err != nil {
		return binding.Principal{}, err
	}
	client, shown, err := a.clientOf(c)
	if err != nil {
		return binding.Principal{}, err
	}
	kind := kindPublic
	if shown {
		kind = kindPrivate
	}
	return binding.Principal{Kind: kind, Client: client.ID}, nil
}

// authenticatePrivate lets in clients that show their secret.
func (a *API) authenticatePrivate(c *binding.Call) (binding.Principal, error) {
	p, err := a.authenticateClient(c)
	if err == nil && p.Kind != kindPrivate {
		err = &b2c.Error{Code: b2c.InvalidClient, Rule: "b2c.client.secret", Message: "Authorization failed."}
	}
	return p, err
}

// authenticateShopper lets in whoever brings an access token that holds.
func (a *API) authenticateShopper(c *binding.Call) (binding.Principal, error) {
	if err := checkOrganization(c); err != nil {
		return binding.Principal{}, err
	}
	token := bearer(c.Request.Header)
	if token == "" {
		return binding.Principal{}, &b2c.Error{Code: b2c.InvalidAccessToken, Rule: "b2c.slas.access-given", Message: "Bad or missing access token."}
	}
	holder, err := a.key.Hold(c.Tx, a.domain, token)
	if err != nil {
		return binding.Principal{}, err
	}
	kind := kindRegistered
	if holder.Customer.Guest {
		kind = kindGuest
	}
	return binding.Principal{Kind: kind, ID: holder.Customer.CustomerID, Client: holder.Grant.ClientID, Token: token}, nil
}

func checkOrganization(c *binding.Call) error {
	if id := c.Request.Vars["organizationId"]; id != b2c.Organization {
		return b2c.InvalidRequestf("b2c.slas.organization", "There is no organization '%s' here; it is %s.", id, b2c.Organization)
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

// splitSandbox takes the sandbox off a credential: "id~NAME", or "name~NAME@host" for logins.
func splitSandbox(credential string) (plain, name string) {
	plain, name, found := strings.Cut(credential, "~")
	if !found {
		return credential, ""
	}
	name, host, isLogin := strings.Cut(name, "@")
	if isLogin {
		plain += "@" + host
	}
	return plain, name
}

// sandboxOf reads the sandbox out of the client id, the login, or a token that was given out here.
func sandboxOf(r *binding.Request) string {
	if _, name := splitSandbox(given(r, "client_id")); name != "" {
		return name
	}
	if user, _, ok := r.HTTP().BasicAuth(); ok {
		if _, name := splitSandbox(user); name != "" {
			return name
		}
	}
	if id, _, ok := clientOfHeader(r); ok {
		if _, name := splitSandbox(id); name != "" {
			return name
		}
	}
	for _, token := range []string{bearer(r.Header), given(r, "dwsgst"), given(r, "dwsrst"), given(r, "token")} {
		if name := shoppertoken.SandboxOf(token); name != "" {
			return name
		}
	}
	if name, _, found := strings.Cut(bearer(r.Header), "~"); found {
		return name
	}
	for _, token := range []string{"token", "refresh_token", "code", "pwdless_login_token", "pwd_action_token"} {
		if name, _, found := strings.Cut(given(r, token), "~"); found {
			return name
		}
	}
	return ""
}
