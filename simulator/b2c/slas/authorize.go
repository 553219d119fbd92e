package slas

import (
	"net/http"
	"net/url"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

// hintGuest asks for a code without a log-in, hintBridgeGuest and hintBridgeUser for one to go with a session bridge.
const (
	hintGuest       = "guest"
	hintBridgeGuest = "sb-guest"
	hintBridgeUser  = "sb-user"
)

// authorizeShopper sends a guest's code to the app. It is the vendor's authorizeCustomer, a name that the token resource
// of OCAPI has here.
func (a *API) authorizeShopper(c *binding.Call) (*binding.Response, error) {
	site, err := a.channel(c)
	if err != nil {
		return nil, err
	}
	client, err := a.domain.Client(c.Tx, c.Principal.Client)
	if err != nil {
		return nil, err
	}
	switch hint := given(c.Request, "hint"); hint {
	case hintGuest:
	case hintBridgeGuest, hintBridgeUser:
		bridged := b2c.Visit{USID: given(c.Request, "usid"), SiteID: site.ID}
		return a.redirect(c, b2c.CodeRequest{Client: client, Visit: bridged, Bridge: true})
	default:
		return nil, b2c.InvalidRequestf("b2c.slas.hint", "The hint '%s' is not simulated here; a guest's is guest, a registered shopper's call is /oauth2/login.", hint)
	}
	visit := a.domain.GuestVisit(c.Tx, site.ID, given(c.Request, "usid"))
	return a.redirect(c, b2c.CodeRequest{Client: client, Visit: visit, IDP: b2c.IDPSlas, Login: "Guest"})
}

// authenticateCustomer logs a shopper in whose password commerce keeps, and sends the code to the app.
func (a *API) authenticateCustomer(c *binding.Call) (*binding.Response, error) {
	site, err := a.channel(c)
	if err != nil {
		return nil, err
	}
	client, err := a.domain.Client(c.Tx, c.Principal.Client)
	if err != nil {
		return nil, err
	}
	login, password, ok := c.Request.HTTP().BasicAuth()
	if !ok {
		return nil, &b2c.Error{Code: b2c.AuthenticationFailed, Rule: "b2c.authorization.given", Message: "Basic Authorization failed."}
	}
	login, _ = splitSandbox(login)
	visit, customer, err := a.domain.LogIn(c.Tx, site.ID, given(c.Request, "usid"), login, password)
	if err != nil {
		return nil, err
	}
	return a.redirect(c, b2c.CodeRequest{Client: client, Visit: visit, IDP: b2c.IDPEcom, Login: customer.Login})
}

// channel is the site that a call is about.
func (a *API) channel(c *binding.Call) (b2c.Site, error) {
	id := given(c.Request, "channel_id")
	site, err := a.domain.Site(c.Tx, id)
	if err != nil {
		return b2c.Site{}, b2c.InvalidRequestf("b2c.slas.channel", "Bad or missing channel_id: there is no site '%s'.", id)
	}
	return site, nil
}

// redirect sends a code, and the visit it is for, to the app.
func (a *API) redirect(c *binding.Call, asked b2c.CodeRequest) (*binding.Response, error) {
	asked.RedirectURI, asked.Challenge = given(c.Request, "redirect_uri"), given(c.Request, "code_challenge")
	if n := len(asked.Challenge); n != 0 && (n < 43 || n > 128) {
		return nil, b2c.InvalidRequestf("b2c.slas.challenge", "A code_challenge has 43 to 128 characters, this one has %d.", n)
	}
	code, err := a.domain.Authorize(c.Tx, asked)
	if err != nil {
		return nil, err
	}
	to, err := url.Parse(code.RedirectURI)
	if err != nil {
		return nil, b2c.InvalidRequestf("b2c.slas.redirect", "The redirect_uri is no address.")
	}
	q := to.Query()
	q.Set("usid", code.USID)
	q.Set("code", code.Code)
	for _, name := range []string{"state", "scope"} {
		if value := given(c.Request, name); value != "" {
			q.Set(name, value)
		}
	}
	to.RawQuery = q.Encode()
	return &binding.Response{Status: http.StatusSeeOther, Header: http.Header{"Location": {to.String()}}}, nil
}
