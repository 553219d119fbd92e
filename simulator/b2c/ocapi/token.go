package ocapi

import (
	"net/http"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

type tokenInput struct {
	Body struct {
		GrantType string `json:"grant_type"`
	}
}

type tokenDocument struct {
	AccessToken string `json:"access_token"`
	ExpiresIn   int    `json:"expires_in"`
	TokenType   string `json:"token_type"`
}

func (a *API) accountManagerToken(c *binding.Call, in tokenInput) (tokenDocument, error) {
	if in.Body.GrantType != "client_credentials" {
		return tokenDocument{}, &fault{
			status: http.StatusBadRequest, name: "unsupported_grant_type", rule: "b2c.client.grant",
			message: "The grant type is not client_credentials",
		}
	}
	t := a.domain.IssueSystemToken(c.Tx, c.Principal.Client)
	return tokenDocument{t.Token, int(t.ExpiresAt.Sub(c.Now()).Seconds()), "Bearer"}, nil
}

// userGrant is the grant type of a token for a user of Business Manager.
const userGrant = "urn:demandware:params:oauth:grant-type:client-id:dwsid:dwsecuretoken"

// agentToken gives a user of Business Manager a token.
func (a *API) agentToken(c *binding.Call, in tokenInput) (tokenDocument, error) {
	if in.Body.GrantType != userGrant {
		return tokenDocument{}, &fault{
			status: http.StatusBadRequest, name: "unsupported_grant_type", rule: "b2c.client.grant", message: "The grant type is not " + userGrant,
		}
	}
	t := a.domain.IssueUserToken(c.Tx, c.Principal.Client, b2c.User{Login: c.Principal.ID})
	return tokenDocument{t.Token, int(t.ExpiresAt.Sub(c.Now()).Seconds()), "Bearer"}, nil
}

// authorizeOnBehalf gives a user of Business Manager the token of a customer.
func (a *API) authorizeOnBehalf(c *binding.Call, in struct {
	Site     string `path:"site"`
	Version  string `path:"version"`
	Customer string `path:"customer_id"`
},
) (tokenedCustomer, error) {
	if c.Principal.ID == c.Principal.Client {
		return tokenedCustomer{}, Refuse("b2c.token.user", "AccessWithoutUserForbidden", "The resource needs the token of a user.")
	}
	customer, err := a.domain.Customer(c.Tx, in.Customer)
	if err != nil {
		return tokenedCustomer{}, err
	}
	return a.tokened(c, in.Site, in.Version, c.Principal.Client, customer)
}

type authorizeInput struct {
	Site    string `path:"site"`
	Version string `path:"version"`
	Body    struct {
		Type string `json:"type"`
	}
}

type tokenedCustomer struct {
	customerDocument
	token string
}

// AnswerHeader hands the token out, as the vendor does, in the header and not in the document.
func (d tokenedCustomer) AnswerHeader() http.Header {
	return http.Header{"Authorization": {"Bearer " + d.token}}
}

// MarshalJSON writes the document alone.
func (d tokenedCustomer) MarshalJSON() ([]byte, error) { return d.customerDocument.MarshalJSON() }

func (a *API) authorizeCustomer(c *binding.Call, in authorizeInput) (tokenedCustomer, error) {
	customer, err := a.customer(c, in)
	if err != nil {
		return tokenedCustomer{}, err
	}
	return a.tokened(c, in.Site, in.Version, c.Principal.Client, customer)
}

// tokened is the document of a customer with a new token for a client.
func (a *API) tokened(c *binding.Call, siteID, version, client string, customer b2c.Customer) (tokenedCustomer, error) {
	site, err := a.domain.Site(c.Tx, siteID)
	if err != nil {
		return tokenedCustomer{}, err
	}
	token, err := a.issue(c, client, customer)
	return tokenedCustomer{newCustomerDocument(version, customer, site), token}, err
}

// customer finds out who asks for a token, by the type of the request.
func (a *API) customer(c *binding.Call, in authorizeInput) (b2c.Customer, error) {
	switch in.Body.Type {
	case "credentials":
		login, password, ok := c.Request.HTTP().BasicAuth()
		if !ok {
			return b2c.Customer{}, noBearer(c.Request.Header)
		}
		login, _ = splitSandbox(login)
		return a.domain.Login(c.Tx, login, password)
	case "session":
		return a.sessionCustomer(c, in.Site)
	case "refresh":
		return a.refreshing(c)
	default: // guest; the specification knows no other
		return a.domain.AddGuest(c.Tx), nil
	}
}

// refreshing is whom a token that is still good belongs to.
func (a *API) refreshing(c *binding.Call) (b2c.Customer, error) {
	token := bearer(c.Request.Header)
	if token == "" {
		return b2c.Customer{}, noBearer(c.Request.Header)
	}
	if !isJWT(token) {
		return b2c.Customer{}, invalidToken()
	}
	p, err := a.shopper(c, c.Principal.Client, token)
	if err != nil {
		return b2c.Customer{}, err
	}
	return a.domain.Customer(c.Tx, p.ID)
}

// sessionCustomer is whom a storefront session belongs to.
func (a *API) sessionCustomer(c *binding.Call, siteID string) (b2c.Customer, error) {
	site, err := a.domain.Site(c.Tx, siteID)
	if err != nil {
		return b2c.Customer{}, err
	}
	id, secure := sessionCookies(c.Request.HTTP())
	visit, err := a.domain.Storefront(c.Tx, site, id, secure)
	if err != nil {
		return b2c.Customer{}, err
	}
	return a.domain.Customer(c.Tx, visit.CustomerID)
}

// endCustomerToken makes the caller's token invalid.
func (a *API) endCustomerToken(c *binding.Call, _ nothing) (binding.Empty, error) {
	if holder, err := a.slas.Hold(c.Tx, a.domain, c.Principal.Token); err == nil {
		a.domain.EndGrant(c.Tx, holder.Grant, false)
	} else {
		a.domain.EndToken(c.Tx, c.Principal.Token, c.Now().Add(shopperLife))
	}
	return binding.Empty{}, nil
}

type trustedInput struct {
	Site    string `path:"site"`
	Version string `path:"version"`
	Body    struct {
		Login    string `json:"login"`
		ClientID string `json:"client_id"`
	}
}

// authorizeTrustedSystem gives a system the token of a customer whom the system vouches for.
func (a *API) authorizeTrustedSystem(c *binding.Call, in trustedInput) (tokenedCustomer, error) {
	id, _ := splitSandbox(in.Body.ClientID)
	client, err := a.domain.Client(c.Tx, id)
	if err != nil {
		return tokenedCustomer{}, err
	}
	customer, ok := a.domain.ExternalCustomer(c.Tx, b2c.IDPEcom, in.Body.Login)
	if !ok {
		return tokenedCustomer{}, &b2c.Error{
			Code: b2c.AuthenticationFailed, Rule: "b2c.customer.credentials", Message: "No customer has the login.",
		}
	}
	return a.tokened(c, in.Site, in.Version, client.ID, customer)
}

type keySet struct {
	Keys []rsaWebKey `json:"keys"`
}

// getCustomerTokenKeys publishes the key that shoppers' tokens are signed with.
func (a *API) getCustomerTokenKeys(*binding.Call, nothing) (keySet, error) {
	return keySet{[]rsaWebKey{a.webKey()}}, nil
}
