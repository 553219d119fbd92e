package b2c

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// How long what SLAS gives out lives. An access token on somebody's behalf lives half as long as others.
const (
	AccessLife            = 30 * time.Minute
	OnBehalfLife          = 15 * time.Minute
	guestRefreshLife      = 30 * 24 * time.Hour
	registeredRefreshLife = 90 * 24 * time.Hour
)

// The identity providers that the simulator tells apart; any other name is one of the vendor's list.
const (
	IDPEcom  = "ecom"
	IDPSlas  = "slas"
	IDPGigya = "gigya"
)

// ShopperGrant is what one log-in gives: access tokens that name it, and a refresh token. When it ends, all of them do.
type ShopperGrant struct {
	// ID is in every access token; RefreshToken begins with it.
	ID, RefreshToken string
	// Rotation counts the refresh tokens of a public client, each of which works once.
	Rotation               uint64
	USID, ClientID, SiteID string
	CustomerID, GuestID    string
	Guest                  bool
	// IDP is who vouches for the shopper, Login and Name what the shopper is called there.
	IDP, Login, Name string
	Scopes           []string
	// Public says that the client has no secret: then a refresh token works once.
	Public bool
	// OnBehalf says that a trusted system has asked for it, Bridged that it goes on from a storefront session.
	OnBehalf, Bridged, DoNotTrack bool
	// Agent is who acts for the shopper; empty when the shopper does.
	Agent string
	// AccessUntil is the end of the youngest access token, ExpiresAt that of the refresh token.
	AccessUntil, ExpiresAt time.Time
	Ended                  bool
}

func (g ShopperGrant) clone() ShopperGrant {
	g.Scopes = slices.Clone(g.Scopes)
	return g
}

// AccessLife is how long an access token of the grant lives.
func (g *ShopperGrant) AccessLife() time.Duration {
	if g.OnBehalf || g.Agent != "" {
		return OnBehalfLife
	}
	return AccessLife
}

// refreshLife is how long a refresh token of the grant lives.
func (g *ShopperGrant) refreshLife() time.Duration {
	if g.Guest {
		return guestRefreshLife
	}
	return registeredRefreshLife
}

// NewGrant is what a log-in comes to.
type NewGrant struct {
	Visit                         Visit
	Client                        APIClient
	IDP, Login                    string
	Public                        bool
	OnBehalf, Bridged, DoNotTrack bool
	Agent                         string
}

// Grant lets a client act for the shopper of a visit. The error has the code [CustomerNotFound].
func (b *B2C) Grant(tx *sandbox.Tx, n NewGrant) (ShopperGrant, error) {
	forget(tx, b.grants, func(g ShopperGrant) string { return g.ID })
	customer, err := b.Customer(tx, n.Visit.CustomerID)
	if err != nil {
		return ShopperGrant{}, err
	}
	g := ShopperGrant{
		ID: strings.ReplaceAll(tx.UUID("b2c.ShopperGrant"), "-", ""), USID: n.Visit.USID, ClientID: n.Client.ID, SiteID: n.Visit.SiteID,
		CustomerID: customer.CustomerID, GuestID: n.Visit.GuestID, Guest: customer.Guest, IDP: n.IDP, Login: n.Login, Name: customer.Name(),
		Scopes: n.Client.shopperScopes(), Public: n.Public, OnBehalf: n.OnBehalf, Bridged: n.Bridged, DoNotTrack: n.DoNotTrack, Agent: n.Agent,
	}
	if g.Guest {
		g.IDP, g.Login, g.Name = IDPSlas, "Guest", "Guest"
	}
	return b.renew(tx, g, true), nil
}

// renew gives a grant a new access token's life, and another refresh token if wanted.
func (b *B2C) renew(tx *sandbox.Tx, g ShopperGrant, rotate bool) ShopperGrant {
	g.AccessUntil = tx.Now().Add(g.AccessLife())
	if rotate {
		g.Rotation++
		g.RefreshToken = scopedToken(tx, g.ID+tx.Token("b2c.RefreshToken"))
		g.ExpiresAt = tx.Now().Add(g.refreshLife())
	}
	b.grants.Put(tx.Tx, g)
	return g
}

// scopedToken writes a token so that it names its sandbox; those of the default sandbox do not.
func scopedToken(tx *sandbox.Tx, token string) string {
	if tx.Sandbox() == sandbox.Default {
		return token
	}
	return tx.Sandbox() + "~" + token
}

// Refresh gives a new access token for a refresh token of a client. A public client's works once: it gets another one with
// the answer. Errors have the code [InvalidGrant].
func (b *B2C) Refresh(tx *sandbox.Tx, client APIClient, token string, public bool) (ShopperGrant, error) {
	g, ok := b.grantOf(tx, token)
	switch {
	case !ok || g.ClientID != client.ID:
		return ShopperGrant{}, invalidGrant("b2c.slas.refresh-known", "Bad or missing refresh token.")
	case g.RefreshToken != token:
		return ShopperGrant{}, invalidGrant("b2c.slas.refresh-once", "The refresh token was used before; a public client's works once.")
	case g.Ended || !tx.Now().Before(g.ExpiresAt):
		return ShopperGrant{}, invalidGrant("b2c.slas.refresh-lifetime", "The refresh token has expired or was revoked.")
	case g.Public != public:
		return ShopperGrant{}, invalidGrant("b2c.slas.refresh-known", "The refresh token was given to another kind of client.")
	}
	return b.renew(tx, g, public), nil
}

// grantOf finds the grant that a refresh token, used or not, belongs to.
func (b *B2C) grantOf(tx *sandbox.Tx, token string) (ShopperGrant, bool) {
	if _, plain, found := strings.Cut(token, "~"); found {
		token = plain
	}
	if len(token) < 32 {
		return ShopperGrant{}, false
	}
	return b.grants.Get(tx.Tx, token[:32])
}

// LiveGrant returns the grant that an access token names, unless it has ended. Errors have the code [InvalidAccessToken].
func (b *B2C) LiveGrant(tx *sandbox.Tx, id string) (ShopperGrant, error) {
	g, ok := b.grants.Get(tx.Tx, id)
	if !ok || g.Ended {
		return ShopperGrant{}, &Error{
			Code: InvalidAccessToken, Rule: "b2c.slas.access-live", Message: "The access token was revoked.",
		}
	}
	return g, nil
}

// RefreshGrant returns the grant whose present refresh token this is.
func (b *B2C) RefreshGrant(tx *sandbox.Tx, token string) (ShopperGrant, bool) {
	g, ok := b.grantOf(tx, token)
	return g, ok && g.RefreshToken == token
}

// EndGrant makes all tokens of a grant invalid. With everywhere it does so with all grants of the customer.
func (b *B2C) EndGrant(tx *sandbox.Tx, g ShopperGrant, everywhere bool) {
	ending := []ShopperGrant{g}
	if everywhere {
		ending = b.grants.List(tx.Tx, "customer", g.CustomerID)
	}
	for _, g := range ending {
		g.Ended = true
		b.grants.Put(tx.Tx, g)
		if v, ok := b.visits.Get(tx.Tx, g.USID); ok && v.CustomerID == g.CustomerID {
			v.CustomerID = v.GuestID
			b.touch(tx, v)
		}
	}
}

func invalidGrant(rule, message string) *Error {
	return &Error{Code: InvalidGrant, Rule: rule, Message: message}
}

// EndedToken is a token that was given back before its life had ended; of the token itself only a digest is kept.
type EndedToken struct {
	Digest    string
	ExpiresAt time.Time
}

// EndToken makes a token invalid that would live until then.
func (b *B2C) EndToken(tx *sandbox.Tx, token string, until time.Time) {
	forget(tx, b.ended, func(t EndedToken) string { return t.Digest })
	b.ended.Put(tx.Tx, EndedToken{Digest: tokenDigest(token), ExpiresAt: until})
}

// TokenEnded tells whether a token was given back.
func (b *B2C) TokenEnded(tx *sandbox.Tx, token string) bool {
	_, ended := b.ended.Peek(tx.Tx, tokenDigest(token))
	return ended
}

func tokenDigest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// String names the grant in messages, without its tokens.
func (g *ShopperGrant) String() string { return fmt.Sprintf("grant %s of %s", g.ID, g.CustomerID) }
