package slas

import (
	"cmp"
	"crypto/md5" //nolint:gosec // the vendor's, and no protection
	"encoding/hex"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

type tokenInput struct {
	Body struct {
		GrantType    string `json:"grant_type"`
		Code         string `json:"code"`
		CodeVerifier string `json:"code_verifier"`
		RedirectURI  string `json:"redirect_uri"`
		RefreshToken string `json:"refresh_token"`
		USID         string `json:"usid"`
		DNT          string `json:"dnt"`
	}
}

// tokenDocument is the vendor's TokenResponse.
type tokenDocument struct {
	AccessToken      string `json:"access_token"`
	IDToken          string `json:"id_token"`
	RefreshToken     string `json:"refresh_token"`
	ExpiresIn        int    `json:"expires_in"`
	RefreshExpiresIn int    `json:"refresh_token_expires_in"`
	TokenType        string `json:"token_type"`
	USID             string `json:"usid"`
	CustomerID       string `json:"customer_id"`
	EncUserID        string `json:"enc_user_id"`
	IDPAccessToken   string `json:"idp_access_token"`
	IDPRefreshToken  string `json:"idp_refresh_token,omitempty"`
	DNT              string `json:"dnt,omitempty"`
}

func (a *API) getAccessToken(c *binding.Call, in tokenInput) (tokenDocument, error) {
	site, err := a.channel(c)
	if err != nil {
		return tokenDocument{}, err
	}
	client, err := a.domain.Client(c.Tx, c.Principal.Client)
	if err != nil {
		return tokenDocument{}, err
	}
	grant, err := a.grant(c, site, client, in)
	if err != nil {
		return tokenDocument{}, err
	}
	return a.tokens(c, grant)
}

func (a *API) grant(c *binding.Call, site b2c.Site, client b2c.APIClient, in tokenInput) (b2c.ShopperGrant, error) {
	public := c.Principal.Kind == kindPublic
	switch in.Body.GrantType {
	case "client_credentials":
		if public {
			return b2c.ShopperGrant{}, &b2c.Error{Code: b2c.InvalidClient, Rule: "b2c.client.secret", Message: "Authorization failed."}
		}
		visit := a.domain.GuestVisit(c.Tx, site.ID, in.Body.USID)
		return a.domain.Grant(c.Tx, b2c.NewGrant{Visit: visit, Client: client, DoNotTrack: in.Body.DNT == "true"})
	case "refresh_token":
		return a.domain.Refresh(c.Tx, client, in.Body.RefreshToken, public)
	case "session_bridge":
		return a.bridge(c, site, client)
	default: // the code grants; the specification knows no other
		return a.domain.Redeem(c.Tx, b2c.Exchange{
			Client: client, Code: in.Body.Code, RedirectURI: in.Body.RedirectURI, Verifier: in.Body.CodeVerifier, SiteID: site.ID,
			USID: in.Body.USID, Public: public, DoNotTrack: in.Body.DNT == "true",
		})
	}
}

// getSessionBridgeAccessToken gives the tokens of a storefront session.
func (a *API) getSessionBridgeAccessToken(c *binding.Call, _ struct{}) (tokenDocument, error) {
	site, err := a.channel(c)
	if err != nil {
		return tokenDocument{}, err
	}
	client, err := a.domain.Client(c.Tx, c.Principal.Client)
	if err != nil {
		return tokenDocument{}, err
	}
	grant, err := a.bridge(c, site, client)
	if err != nil {
		return tokenDocument{}, err
	}
	return a.tokens(c, grant)
}

// bridge goes on with the visit of a storefront session, which the caller shows signed or, deprecated, by its cookie.
func (a *API) bridge(c *binding.Call, site b2c.Site, client b2c.APIClient) (b2c.ShopperGrant, error) {
	if code := given(c.Request, "code"); code != "" {
		shown := b2c.Exchange{
			Client: client, Code: code, SiteID: site.ID, Verifier: given(c.Request, "code_verifier"), Public: c.Principal.Kind == kindPublic,
		}
		if err := a.domain.RedeemBridge(c.Tx, shown); err != nil {
			return b2c.ShopperGrant{}, err
		}
	}
	dwsid := given(c.Request, "dwsid")
	if signed := cmp.Or(given(c.Request, "dwsgst"), given(c.Request, "dwsrst")); signed != "" {
		session, err := a.key.ReadSession(c.Tx, signed)
		if err != nil {
			return b2c.ShopperGrant{}, noBridge()
		}
		dwsid = session.DWSID
	}
	site.EnforceHTTPS = true // a signed session, or one that a server hands on, has no second cookie
	visit, err := a.domain.Storefront(c.Tx, site, dwsid, "")
	if err != nil {
		return b2c.ShopperGrant{}, noBridge()
	}
	customer, err := a.domain.Customer(c.Tx, visit.CustomerID)
	if err != nil {
		return b2c.ShopperGrant{}, err
	}
	login, _ := splitSandbox(given(c.Request, "login_id"))
	if customer.Guest != strings.EqualFold(login, hintGuest) || !customer.Guest && !strings.EqualFold(login, customer.Login) {
		return b2c.ShopperGrant{}, noBridge()
	}
	if usid := given(c.Request, "usid"); usid != "" && usid != visit.USID {
		return b2c.ShopperGrant{}, noBridge()
	}
	return a.domain.Grant(c.Tx, b2c.NewGrant{
		Visit: visit, Client: client, IDP: b2c.IDPEcom, Login: customer.Login, Public: c.Principal.Kind == kindPublic, Bridged: true,
	})
}

func noBridge() error {
	return &b2c.Error{Code: b2c.AuthenticationFailed, Rule: "b2c.slas.bridge", Message: "The session is none of this shopper, or has ended."}
}

// tokens writes the tokens of a grant.
func (a *API) tokens(c *binding.Call, g b2c.ShopperGrant) (tokenDocument, error) {
	access, err := a.key.Access(c.Tx, g)
	if err != nil {
		return tokenDocument{}, err
	}
	id, err := a.idToken(c, g)
	if err != nil {
		return tokenDocument{}, err
	}
	sum := md5.Sum([]byte(g.CustomerID)) //nolint:gosec // see above
	return tokenDocument{
		AccessToken: access, IDToken: id, RefreshToken: g.RefreshToken, ExpiresIn: int(g.AccessLife().Seconds()),
		RefreshExpiresIn: int(g.ExpiresAt.Sub(c.Now()).Seconds()), TokenType: "Bearer", USID: g.USID, CustomerID: g.CustomerID,
		EncUserID: strings.ToUpper(hex.EncodeToString(sum[:])), DNT: flag(g.DoNotTrack),
	}, nil
}

func flag(on bool) string {
	if on {
		return "true"
	}
	return "false"
}

type idClaims struct {
	jwt.RegisteredClaims
	Name       string `json:"name,omitempty"`
	GivenName  string `json:"given_name,omitempty"`
	FamilyName string `json:"family_name,omitempty"`
	Email      string `json:"email,omitempty"`
}

func (a *API) idToken(c *binding.Call, g b2c.ShopperGrant) (string, error) {
	customer, err := a.domain.Customer(c.Tx, g.CustomerID)
	if err != nil {
		return "", err
	}
	return a.key.Sign(idClaims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer(c), Subject: "usid:" + g.USID, Audience: jwt.ClaimStrings{g.ClientID},
			IssuedAt: jwt.NewNumericDate(c.Now()), ExpiresAt: jwt.NewNumericDate(g.AccessUntil),
		},
		Name: cmp.Or(customer.Name(), g.Name), GivenName: customer.FirstName, FamilyName: customer.LastName, Email: customer.Email,
	})
}

// issuer is the address under which the caller sees this service.
func issuer(c *binding.Call) string {
	return c.BaseURL() + "/shopper/auth/v1/organizations/" + b2c.Organization + "/oauth2"
}
