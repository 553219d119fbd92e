package slas

import (
	"strings"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

// nothing is how the vendor spells that there is no value, in the answers to the end of a token.
const nothing = "null"

// ended is the vendor's TokenResponse of a log-in that is over.
func ended(refreshToken string) tokenDocument {
	return tokenDocument{
		IDToken: nothing, RefreshToken: refreshToken, TokenType: "Bearer", USID: nothing, CustomerID: nothing, EncUserID: nothing,
		IDPRefreshToken: nothing, DNT: nothing,
	}
}

type logoutInput struct {
	Hint         string `query:"hint"`
	RefreshToken string `query:"refresh_token"`
}

// logoutCustomer ends the log-in of the access token, or all of the shopper's.
func (a *API) logoutCustomer(c *binding.Call, in logoutInput) (tokenDocument, error) {
	if _, err := a.channel(c); err != nil {
		return tokenDocument{}, err
	}
	holder, err := a.key.Hold(c.Tx, a.domain, c.Principal.Token)
	if err != nil {
		return tokenDocument{}, err
	}
	if in.RefreshToken != "" && in.RefreshToken != holder.Grant.RefreshToken {
		return tokenDocument{}, b2c.InvalidRequestf("b2c.slas.refresh-known", "Bad or missing access token or refresh token")
	}
	a.domain.EndGrant(c.Tx, holder.Grant, in.Hint == "all-sessions")
	return ended(""), nil
}

type tokenActionInput struct {
	Body struct {
		Token string `json:"token"`
		Hint  string `json:"token_type_hint"`
	}
}

// revokeToken ends the log-in of a refresh token of the caller.
func (a *API) revokeToken(c *binding.Call, in tokenActionInput) (tokenDocument, error) {
	grant, ok := a.domain.RefreshGrant(c.Tx, in.Body.Token)
	if !ok || grant.ClientID != c.Principal.Client {
		return tokenDocument{}, b2c.InvalidRequestf("b2c.slas.refresh-known", "Bad or missing refresh token.")
	}
	a.domain.EndGrant(c.Tx, grant, false)
	return ended(in.Body.Token), nil
}

type introspection struct {
	Active    bool   `json:"active"`
	ClientID  string `json:"client_id,omitempty"`
	Exp       int64  `json:"exp,omitempty"`
	Iat       int64  `json:"iat,omitempty"`
	Iss       string `json:"iss,omitempty"`
	Scope     string `json:"scope,omitempty"`
	Sub       string `json:"sub,omitempty"`
	TokenType string `json:"token_type,omitempty"`
}

// introspectToken tells a client what a token of its own is good for; of any other it says only that it is not active.
func (a *API) introspectToken(c *binding.Call, in tokenActionInput) (introspection, error) {
	if grant, ok := a.domain.RefreshGrant(c.Tx, in.Body.Token); ok {
		if grant.Ended || !c.Now().Before(grant.ExpiresAt) || grant.ClientID != c.Principal.Client {
			return introspection{}, nil
		}
		return introspection{
			Active: true, ClientID: grant.ClientID, Exp: grant.ExpiresAt.Unix(), Iss: issuer(c), Scope: strings.Join(grant.Scopes, " "),
			Sub: "usid:" + grant.USID, TokenType: "refresh_token",
		}, nil
	}
	holder, err := a.key.Hold(c.Tx, a.domain, in.Body.Token)
	if err != nil || holder.Grant.ClientID != c.Principal.Client {
		return introspection{}, nil //nolint:nilerr // that it is not active is the answer
	}
	return introspection{
		Active: true, ClientID: holder.Grant.ClientID, Exp: holder.Claims.ExpiresAt.Unix(), Iat: holder.Claims.IssuedAt.Unix(),
		Iss: holder.Claims.Issuer, Scope: holder.Claims.Scope, Sub: holder.Claims.Subject, TokenType: "access_token",
	}, nil
}
