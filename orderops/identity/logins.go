package identity

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/golang-jwt/jwt/v5"
	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/remote"
)

// cdcIssuer is how the issuer of a token of SAP Customer Data Cloud begins; the API key of its site follows.
const cdcIssuer = "https://fidm.gigya.com/jwt/"

// Standing is what Customer Data Cloud says of an account.
type Standing struct {
	// Active accounts were not switched off, complete ones have all that the site wants of them.
	Active, Complete bool
}

// LoginSystem is where people log in who are customers of commerce by their id there.
type LoginSystem struct {
	// APIKey is the site's, in the issuer of its tokens.
	APIKey string
	// Audience is what a token has to be for; empty takes those for anybody.
	Audience string
	// Keys are those that tokens are signed with.
	Keys *Keys
	// Standing asks about the account of a UID; Exchange gets the token of SLAS of the customer whom commerce knows by it.
	Standing func(ctx context.Context, uid string) (Standing, error)
	Exchange func(ctx context.Context, site, uid string) (string, error)
}

// loginLife is how long what was found out about a log-in is taken for good, if its token lives as long: an account that was
// switched off works on for as long.
const loginLife = time.Minute

// loginsKept bounds the log-ins that are remembered.
const loginsKept = 4096

// Logins believes tokens of Customer Data Cloud and exchanges them for those of commerce, which are kept in memory alone.
type Logins struct {
	system LoginSystem
	known  *lru.Cache[loginKey, login]
}

// loginKey is a token, hashed, on a site of commerce.
type loginKey struct {
	sandbox, site string
	hash          [sha256.Size]byte
}

type login struct {
	id    Identity
	until time.Time
}

// NewLogins makes a proof over a system that people log in to.
func NewLogins(system LoginSystem) (*Logins, error) {
	known, err := lru.New[loginKey, login](loginsKept)
	if err != nil {
		return nil, err
	}
	return &Logins{system: system, known: known}, nil
}

func (l *Logins) forget(sandbox string) {
	if l == nil {
		return
	}
	l.system.Keys.forget(sandbox)
	for _, key := range l.known.Keys() {
		if key.sandbox == sandbox {
			l.known.Remove(key)
		}
	}
}

type siteKey struct{}

// WithSite attaches to a context the commerce site that somebody comes to.
func WithSite(ctx context.Context, site string) context.Context {
	return context.WithValue(ctx, siteKey{}, site)
}

func siteOf(ctx context.Context) string {
	site, _ := ctx.Value(siteKey{}).(string)
	return site
}

// vouched is the customer of commerce behind a token of Customer Data Cloud. The token proves itself every time; who it is
// of is asked for once in a while.
func (v *Verifier) vouched(ctx context.Context, token string) (Identity, error) {
	if v.Logins == nil {
		return Identity{}, invalid()
	}
	c, err := v.believed(ctx, token)
	if err != nil {
		return Identity{}, err
	}
	key := loginKey{remote.ScopeOf(ctx).Sandbox, siteOf(ctx), sha256.Sum256([]byte(token))}
	now := v.Clock.Now(ctx)
	if kept, ok := v.Logins.known.Get(key); ok && now.Before(kept.until) {
		return kept.id, nil
	}
	id, err := v.Logins.customer(ctx, c.Subject)
	if err != nil {
		return Identity{}, err
	}
	id.Channel = v.Clients[v.Logins.system.APIKey]
	v.Logins.known.Add(key, login{id, now.Add(loginLife)})
	return id, nil
}

// believed proves a token of Customer Data Cloud. One that was good and has expired is told apart: logging in again helps.
func (v *Verifier) believed(ctx context.Context, token string) (claims, error) {
	system := v.Logins.system
	options := []jwt.ParserOption{jwt.WithIssuer(cdcIssuer + remote.ScopeOf(ctx).Credential(system.APIKey) + "/")}
	if system.Audience != "" {
		options = append(options, jwt.WithAudience(system.Audience))
	}
	c, wrong, err := v.parse(ctx, token, system.Keys, jwt.SigningMethodRS256.Alg(), options...)
	switch {
	case err != nil:
		return claims{}, ours(err)
	case errors.Is(wrong, jwt.ErrTokenExpired) && !errors.Is(wrong, jwt.ErrTokenInvalidIssuer) && !errors.Is(wrong, jwt.ErrTokenInvalidAudience):
		return claims{}, orderops.Refuse(orderops.IDPSessionExpired, "")
	case wrong != nil || c.Subject == "":
		return claims{}, invalid()
	}
	return c, nil
}

// customer finds whom commerce knows by the UID of an account that is in order.
func (l *Logins) customer(ctx context.Context, uid string) (Identity, error) {
	standing, err := l.system.Standing(ctx, uid)
	switch {
	case remote.ClassOf(err) == remote.NotFound:
		return Identity{}, invalid()
	case err != nil:
		return Identity{}, ours(err)
	case !standing.Complete:
		return Identity{}, orderops.Refuse(orderops.ProfileIncomplete, "")
	case !standing.Active:
		return Identity{}, orderops.Refuse(orderops.Forbidden, "the account was switched off")
	}
	token, err := l.system.Exchange(ctx, siteOf(ctx), uid)
	switch {
	case remote.ClassOf(err) == remote.NotFound:
		return Identity{}, orderops.Refuse(orderops.Forbidden, "the account is no customer of the shop")
	case err != nil:
		return Identity{}, ours(err)
	}
	kind, c := peek(token)
	if kind != schemeSLAS {
		return Identity{}, orderops.Refuse(orderops.UpstreamError, "the shop gave no token")
	}
	id := Identity{ClientID: c.client(), Site: part(c.Bound, "chid"), Token: token}
	id.Kind, id.CustomerID = c.shopper()
	return id, nil // without the token's visit of the shop: it is order-ops' own, and not the shopper's
}

// ours corrects what a refusal means that no shopper can do anything about: it is order-ops' own credential that was not
// accepted, or its question that was not understood.
func ours(err error) error {
	e, ok := remote.AsError(err)
	if !ok || e.Class != remote.Unauthorized && e.Class != remote.Rejected {
		return err
	}
	return orderops.Refuse(orderops.UpstreamError, "%s refused the request", e.System)
}
