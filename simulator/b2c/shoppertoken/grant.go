package shoppertoken

import (
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/sandbox"
)

// Access writes the access token of a grant.
func (k *Key) Access(tx *sandbox.Tx, g b2c.ShopperGrant) (string, error) {
	client := g.ClientID
	if tx.Sandbox() != sandbox.Default {
		client += "~" + tx.Sandbox()
	}
	return k.Sign(Claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: "slas/prod/" + b2c.Tenant, Audience: jwt.ClaimStrings{"commercecloud/prod/" + b2c.Tenant},
			Subject:  fmt.Sprintf("cc-slas::%s::scid:%s::usid:%s", b2c.Tenant, client, g.USID),
			IssuedAt: jwt.NewNumericDate(tx.Now()), NotBefore: jwt.NewNumericDate(tx.Now().Add(-30 * time.Second)),
			ExpiresAt: jwt.NewNumericDate(g.AccessUntil), ID: "C2C" + tx.UUID("b2c.AccessToken"),
		},
		Authentication: "GUID", Grant: g.ID, Scope: strings.Join(g.Scopes, " "), SubjectType: "User", Context: "slas", Ist: 1,
		Isbound: Bound(g), DoNotTrack: dnt(g.DoNotTrack),
	})
}

// maxBound is how long the claim isb may be, in bytes.
const maxBound = 256

// Bound is the claim isb: who the shopper is, at the identity provider and in commerce.
func Bound(g b2c.ShopperGrant) string {
	parts := []string{"uido:" + g.IDP, "upn:" + g.Login, "uidn:" + g.Name, "gcid:" + g.GuestID}
	if !g.Guest {
		parts = append(parts, "rcid:"+g.CustomerID)
	}
	parts = append(parts, "chid:"+g.SiteID)
	if g.OnBehalf {
		parts = append(parts, "tsob:"+g.ClientID)
	}
	if g.Agent != "" {
		parts = append(parts, "taob:"+g.ClientID, "agent:"+g.Agent)
	}
	if g.Bridged {
		parts = append(parts, "sesb:"+sesb(g))
	}
	whole := strings.Join(parts, "::")
	if over := len(whole) - maxBound; over > 0 { // what the shopper is called is for people
		name := strings.ToValidUTF8(g.Name[:max(0, len(g.Name)-over)], "")
		return strings.Replace(whole, "::uidn:"+g.Name+"::", "::uidn:"+name+"::", 1)
	}
	return whole
}

func sesb(g b2c.ShopperGrant) string {
	if g.Guest {
		return "G"
	}
	return "R"
}

func dnt(on bool) string {
	if on {
		return "1"
	}
	return "0"
}

// Holder is who a token stands for.
type Holder struct {
	Grant    b2c.ShopperGrant
	Customer b2c.Customer
	Claims   Claims
}

// Hold returns who a token stands for, if it holds: signed here, for this sandbox, alive and not revoked. Errors have the
// codes [b2c.InvalidAccessToken] and [b2c.ExpiredToken].
func (k *Key) Hold(tx *sandbox.Tx, d *b2c.B2C, token string) (Holder, error) {
	claims, err := k.Read(token)
	if err != nil || claims.Sandbox() != tx.Sandbox() {
		return Holder{}, &b2c.Error{Code: b2c.InvalidAccessToken, Rule: "b2c.token.issued", Message: "The access token is invalid."}
	}
	if !claims.Alive(tx.Now()) {
		return Holder{}, &b2c.Error{Code: b2c.ExpiredToken, Rule: "b2c.token.lifetime", Message: "The access token has expired."}
	}
	grant, err := d.LiveGrant(tx, claims.Grant)
	if err != nil {
		return Holder{}, err
	}
	if !tx.Now().Before(grant.AccessUntil) { // it was made to expire before its time
		return Holder{}, &b2c.Error{Code: b2c.ExpiredToken, Rule: "b2c.token.lifetime", Message: "The access token has expired."}
	}
	customer, err := d.Customer(tx, grant.CustomerID)
	if err != nil {
		return Holder{}, &b2c.Error{Code: b2c.InvalidAccessToken, Rule: "b2c.token.issued", Message: "The access token is invalid."}
	}
	return Holder{grant, customer, claims}, nil
}

// Session is a signed token of a storefront session, which a bridge takes for the session itself.
type Session struct {
	jwt.RegisteredClaims
	TenantID   string `json:"tenantId"`
	DWSID      string `json:"dwsid"`
	CustomerID string `json:"customerId"`
	Version    string `json:"vers"`
	// Type is G for a guest's and R for a registered customer's.
	Type    string `json:"type"`
	Sandbox string `json:"somsim_sandbox"`
}

// SignSession writes the token of a storefront session.
func (k *Key) SignSession(tx *sandbox.Tx, s b2c.StorefrontSession, c b2c.Customer) (string, error) {
	kind := "R"
	if c.Guest {
		kind = "G"
	}
	return k.Sign(Session{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: "commercecloud/prod/" + b2c.Tenant, IssuedAt: jwt.NewNumericDate(tx.Now()), ExpiresAt: jwt.NewNumericDate(s.ExpiresAt),
		},
		TenantID: b2c.Tenant, DWSID: s.ID, CustomerID: c.CustomerID, Version: "1", Type: kind, Sandbox: tx.Sandbox(),
	})
}

// ReadSession returns what a session's token says, if it was signed here, for this sandbox, and has not expired. The error
// wraps [ErrInvalid].
func (k *Key) ReadSession(tx *sandbox.Tx, token string) (Session, error) {
	var s Session
	if err := k.verify(token, &s); err != nil {
		return Session{}, err
	}
	if s.DWSID == "" || s.Sandbox != tx.Sandbox() || s.ExpiresAt == nil || !tx.Now().Before(s.ExpiresAt.Time) {
		return Session{}, fmt.Errorf("%w: it is of no living session", ErrInvalid)
	}
	return s, nil
}
