package slas

import (
	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/shoppertoken"
	"github.com/somsim/somsim/simulator/binding"
)

type userInfo struct {
	Sub        string `json:"sub"`
	CustomerID string `json:"customer_id"`
	ExternalID string `json:"external_id,omitempty"`
	Name       string `json:"name,omitempty"`
	GivenName  string `json:"given_name,omitempty"`
	FamilyName string `json:"family_name,omitempty"`
	Email      string `json:"email,omitempty"`
	Validated  bool   `json:"validated"`
}

func (a *API) getUserInfo(c *binding.Call, _ struct{}) (userInfo, error) {
	if _, err := a.channel(c); err != nil {
		return userInfo{}, err
	}
	holder, err := a.key.Hold(c.Tx, a.domain, c.Principal.Token)
	if err != nil {
		return userInfo{}, err
	}
	shopper := holder.Customer
	return userInfo{
		Sub: holder.Grant.USID, CustomerID: shopper.CustomerID, ExternalID: shopper.ExternalID, Name: shopper.Name(),
		GivenName: shopper.FirstName, FamilyName: shopper.LastName, Email: shopper.Email, Validated: !shopper.Guest,
	}, nil
}

type discovery struct {
	Issuer           string   `json:"issuer"`
	Authorization    string   `json:"authorization_endpoint"`
	Token            string   `json:"token_endpoint"`
	Revocation       string   `json:"revocation_endpoint"`
	UserInfo         string   `json:"userinfo_endpoint"`
	Keys             string   `json:"jwks_uri"`
	Claims           []string `json:"claims_supported"`
	ChallengeMethods []string `json:"code_challenge_methods_supported"`
	GrantTypes       []string `json:"grant_types_supported"`
	ResponseTypes    []string `json:"response_types_supported"`
	Scopes           []string `json:"scopes_supported"`
	SubjectTypes     []string `json:"subject_types_supported"`
	Algorithms       []string `json:"id_token_signing_alg_values_supported"`
}

func (a *API) getWellknownOpenidConfiguration(c *binding.Call, _ struct{}) (discovery, error) {
	if err := checkOrganization(c); err != nil {
		return discovery{}, err
	}
	base := issuer(c)
	return discovery{
		Issuer: base, Authorization: base + "/authorize", Token: base + "/token", Revocation: base + "/revoke", UserInfo: base + "/userinfo",
		Keys: base + "/jwks", Claims: []string{"email", "name", "given_name", "family_name", "sub"}, ChallengeMethods: []string{"S256"},
		GrantTypes:    []string{"authorization_code", "authorization_code_pkce", "client_credentials", "refresh_token", "session_bridge"},
		ResponseTypes: []string{"code"}, Scopes: append([]string{"openid", "offline_access", "email"}, b2c.ShopperScopes()...),
		SubjectTypes: []string{"public"}, Algorithms: []string{"ES256"},
	}, nil
}

type keySet struct {
	Keys []shoppertoken.Public `json:"keys"`
}

func (a *API) getJwksUri(c *binding.Call, _ struct{}) (keySet, error) {
	if err := checkOrganization(c); err != nil {
		return keySet{}, err
	}
	key, err := a.key.Public()
	return keySet{[]shoppertoken.Public{key}}, err
}
