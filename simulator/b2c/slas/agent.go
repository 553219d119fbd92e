package slas

import (
	"encoding/base64"
	"strings"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

// clientHeader is where a private client shows its secret when the Authorization header is an agent's.
const clientHeader = "_sfdc_client_auth"

// clientOfHeader reads id and secret out of the header, with or without the word Basic before them.
func clientOfHeader(r *binding.Request) (id, secret string, ok bool) {
	value := strings.TrimSpace(strings.TrimPrefix(r.Header.Get(clientHeader), "Basic "))
	text, err := base64.StdEncoding.DecodeString(value)
	if err != nil || value == "" {
		return "", "", false
	}
	return strings.Cut(string(text), ":")
}

type agentInput struct {
	Body struct {
		AgentID   string `json:"agent_id"`
		LoginID   string `json:"login_id"`
		IDPOrigin string `json:"idp_origin"`
		USID      string `json:"usid"`
		Verifier  string `json:"code_verifier"`
		State     string `json:"state"`
		DNT       string `json:"dnt"`
	}
}

// getTrustedAgentAuthorizationToken sends an agent's code to the app. On an instance the agent logs in at Account Manager
// first; here the well-known user of Business Manager has.
func (a *API) getTrustedAgentAuthorizationToken(c *binding.Call) (*binding.Response, error) {
	site, err := a.channel(c)
	if err != nil {
		return nil, err
	}
	visit, err := a.represented(c, site, given(c.Request, "idp_origin"), given(c.Request, "login_id"), "")
	if err != nil {
		return nil, err
	}
	client, err := a.domain.Client(c.Tx, c.Principal.Client)
	if err != nil {
		return nil, err
	}
	return a.redirect(c, b2c.CodeRequest{Client: client, Visit: visit, IDP: given(c.Request, "idp_origin"), Login: given(c.Request, "login_id"), Agent: b2c.DefaultUser})
}

// represented is the visit of the shopper for whom an agent acts.
func (a *API) represented(c *binding.Call, site b2c.Site, provider, login, usid string) (b2c.Visit, error) {
	login, _ = splitSandbox(login)
	guest := strings.EqualFold(login, hintGuest)
	if guest != (provider == b2c.IDPSlas) {
		return b2c.Visit{}, b2c.InvalidRequestf("b2c.slas.agent-guest", "For a guest login_id is Guest and idp_origin slas, and for nobody else.")
	}
	if guest {
		return a.domain.GuestVisit(c.Tx, site.ID, usid), nil
	}
	customer, ok := a.domain.ExternalCustomer(c.Tx, provider, login)
	if !ok {
		return b2c.Visit{}, &b2c.Error{Code: b2c.CustomerNotFound, Rule: "b2c.slas.trusted-shopper", Message: "User Not Found: " + login}
	}
	return a.domain.LogInVisit(c.Tx, site.ID, usid, customer), nil
}

// getTrustedAgentAccessToken gives an agent the tokens of a shopper. The agent is known by a code of the authorization or by
// a token of a user of Business Manager.
func (a *API) getTrustedAgentAccessToken(c *binding.Call, in agentInput) (tokenDocument, error) {
	site, err := a.channel(c)
	if err != nil {
		return tokenDocument{}, err
	}
	client, err := a.domain.Client(c.Tx, c.Principal.Client)
	if err != nil {
		return tokenDocument{}, err
	}
	agent, err := a.agent(c, client, site, in)
	if err != nil {
		return tokenDocument{}, err
	}
	if in.Body.AgentID != "" && in.Body.AgentID != agent {
		return tokenDocument{}, b2c.InvalidRequestf("b2c.slas.agent", "The agent_id is not that of the agent who has logged in.")
	}
	visit, err := a.represented(c, site, in.Body.IDPOrigin, in.Body.LoginID, in.Body.USID)
	if err != nil {
		return tokenDocument{}, err
	}
	grant, err := a.domain.Grant(c.Tx, b2c.NewGrant{
		Visit: visit, Client: client, IDP: in.Body.IDPOrigin, Login: in.Body.LoginID, Agent: agent, DoNotTrack: in.Body.DNT != "false",
	})
	if err != nil {
		return tokenDocument{}, err
	}
	return a.tokens(c, grant)
}

// agent is who has logged in, by the bearer token of a call.
func (a *API) agent(c *binding.Call, client b2c.APIClient, site b2c.Site, in agentInput) (string, error) {
	shown := bearer(c.Request.Header)
	if user, err := a.domain.SystemToken(c.Tx, shown); err == nil && user.User != "" {
		return user.User, nil
	}
	return a.domain.RedeemAgent(c.Tx, b2c.Exchange{
		Client: client, Code: shown, SiteID: site.ID, Verifier: in.Body.Verifier, Public: c.Principal.Kind == kindPublic,
	})
}
