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

type authorizeInput struct {
	Site    string `path:"site"`
	Version string `path:"version"`
	Body    struct {
		Type string `json:"type"`
	}
}

type customerDocument struct {
	Version         string `json:"_v"`
	Type            string `json:"_type"`
	AuthType        string `json:"auth_type"`
	CustomerID      string `json:"customer_id"`
	CustomerNo      string `json:"customer_no,omitempty"`
	Login           string `json:"login,omitempty"`
	Email           string `json:"email,omitempty"`
	FirstName       string `json:"first_name,omitempty"`
	LastName        string `json:"last_name,omitempty"`
	PreferredLocale string `json:"preferred_locale"`
	CreationDate    string `json:"creation_date"`
	token           string
}

// AnswerHeader hands the token out, as the vendor does, in the header and not in the document.
func (d customerDocument) AnswerHeader() http.Header {
	return http.Header{"Authorization": {"Bearer " + d.token}}
}

func (a *API) authorizeCustomer(c *binding.Call, in authorizeInput) (customerDocument, error) {
	customer, err := a.customer(c, in.Body.Type)
	if err != nil {
		return customerDocument{}, err
	}
	site, err := a.domain.Site(c.Tx, in.Site)
	if err != nil {
		return customerDocument{}, err
	}
	doc := newCustomerDocument(in.Version, customer, site)
	doc.token, err = a.issue(c, customer)
	return doc, err
}

func newCustomerDocument(version string, c b2c.Customer, site b2c.Site) customerDocument {
	authType := kindRegistered
	if c.Guest {
		authType = kindGuest
	}
	return customerDocument{
		Version: documentVersion(version), Type: "customer", AuthType: authType, CustomerID: c.CustomerID, CustomerNo: c.CustomerNo,
		Login: c.Login, Email: c.Email, FirstName: c.FirstName, LastName: c.LastName,
		PreferredLocale: site.Locale, CreationDate: instant(c.CreatedAt),
	}
}

// customer finds out who asks for a token, by the type of the request.
func (a *API) customer(c *binding.Call, kind string) (b2c.Customer, error) {
	switch kind {
	case "credentials":
		login, password, ok := c.Request.HTTP().BasicAuth()
		if !ok {
			return b2c.Customer{}, noBearer(c.Request.Header)
		}
		login, _ = splitSandbox(login)
		return a.domain.Login(c.Tx, login, password)
	case "refresh":
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
	default: // guest; the specification knows no other
		return a.domain.AddGuest(c.Tx), nil
	}
}
