package slas

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

type trustedInput struct {
	Body struct {
		LoginID   string `json:"login_id"`
		IDPOrigin string `json:"idp_origin"`
		EmailID   string `json:"email_id"`
		USID      string `json:"usid"`
		DNT       string `json:"dnt"`
	}
}

// getTrustedSystemAccessToken gives a system the tokens of a shopper whom it vouches for, a guest's for the login guest.
func (a *API) getTrustedSystemAccessToken(c *binding.Call, in trustedInput) (tokenDocument, error) {
	site, err := a.channel(c)
	if err != nil {
		return tokenDocument{}, err
	}
	client, err := a.domain.Client(c.Tx, c.Principal.Client)
	if err != nil {
		return tokenDocument{}, err
	}
	visit, err := a.vouched(c, site, in)
	if err != nil {
		return tokenDocument{}, err
	}
	grant, err := a.domain.Grant(c.Tx, b2c.NewGrant{
		Visit: visit, Client: client, IDP: in.Body.IDPOrigin, Login: in.Body.LoginID, OnBehalf: true, DoNotTrack: in.Body.DNT == "true",
	})
	if err != nil {
		return tokenDocument{}, err
	}
	return a.tokens(c, grant)
}

// vouched is the visit of the shopper whom a trusted system names. One that an identity provider has and commerce does
// not is made a customer.
func (a *API) vouched(c *binding.Call, site b2c.Site, in trustedInput) (b2c.Visit, error) {
	login, _ := splitSandbox(in.Body.LoginID)
	if strings.EqualFold(login, hintGuest) {
		return a.domain.GuestVisit(c.Tx, site.ID, in.Body.USID), nil
	}
	customer, ok := a.domain.ExternalCustomer(c.Tx, in.Body.IDPOrigin, login)
	if !ok {
		var err error
		if customer, err = a.introduce(c, in.Body.IDPOrigin, login, in.Body.EmailID); err != nil {
			return b2c.Visit{}, err
		}
	}
	return a.domain.LogInVisit(c.Tx, site.ID, in.Body.USID, customer), nil
}

func (a *API) introduce(c *binding.Call, provider, login, email string) (b2c.Customer, error) {
	email = cmp.Or(email, login)
	if provider == b2c.IDPEcom || !strings.Contains(email, "@") {
		return b2c.Customer{}, &b2c.Error{
			Code: b2c.CustomerNotFound, Rule: "b2c.slas.trusted-shopper", Message: fmt.Sprintf("User Not Found: %s does not know '%s'.", provider, login),
		}
	}
	return a.domain.AddCustomer(c.Tx, b2c.NewCustomer{
		Login: provider + ":" + login, Email: email, ExternalProvider: provider, ExternalID: login,
	})
}
