package identity

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/remote"
)

// Verifier proves tokens.
type Verifier struct {
	Clock Clock
	// OCAPI are the keys of the Shop API's tokens; nil leaves those to commerce, which is asked with them anyway.
	OCAPI *Keys
	// SLAS are the keys of SLAS; nil where there is none, and its tokens are refused.
	SLAS *Keys
	// Logins believes what SAP Customer Data Cloud vouches for; nil where there is none, and its tokens are refused.
	Logins *Logins
	// Tenant is the organization without its prefix f_ecom_, as SLAS writes it into issuer and audience.
	Tenant string
	// Clients names the API clients that shoppers may come through, with the channel that each is; empty lets in those of
	// every client that commerce knows.
	Clients map[string]string
	// Agents proves sessions of the org; nil where there are no agents.
	Agents *Agents
	// Guests finds the order that an access of a guest is for.
	Guests Guests
}

// Guests are those who proved that one order is theirs.
type Guests interface {
	Identify(ctx context.Context, token string) (Identity, error)
}

// Identify says whose a token is. A token that is not valid is a refusal; the failure of a remote system to tell is a
// *remote.Error.
func (v *Verifier) Identify(ctx context.Context, token string) (Identity, error) {
	kind, unproved := peek(token)
	switch kind {
	case schemeNone:
		return Identity{Kind: Anonymous}, nil
	case schemeOrg:
		return v.Agents.identify(ctx, token)
	case schemeGuest:
		if v.Guests == nil {
			return Identity{}, invalid()
		}
		return v.Guests.Identify(ctx, token)
	case schemeOCAPI:
		if v.OCAPI == nil {
			return v.shopper(ctx, token, unproved)
		}
		proved, err := v.prove(ctx, token, v.OCAPI, jwt.SigningMethodRS256.Alg())
		if err != nil {
			return Identity{}, err
		}
		return v.shopper(ctx, token, proved)
	case schemeSLAS:
		proved, err := v.prove(ctx, token, v.SLAS, jwt.SigningMethodES256.Alg(),
			jwt.WithIssuer("slas/prod/"+v.Tenant), jwt.WithAudience("commercecloud/prod/"+v.Tenant))
		if err != nil {
			return Identity{}, err
		}
		return v.shopper(ctx, token, proved)
	case schemeCDC:
		return v.vouched(ctx, token)
	case schemeOpaque:
		return Identity{Kind: Opaque, Token: token}, nil
	default:
		return Identity{}, invalid()
	}
}

// ForgetSandbox drops what was found out in a sandbox that was made anew under its name. Its clock may stand where it stood
// before: a token of the new world can be that of the old one to the letter, and what it was exchanged for is worth nothing.
func (v *Verifier) ForgetSandbox(sandbox string) {
	v.OCAPI.forget(sandbox)
	v.SLAS.forget(sandbox)
	v.Logins.forget(sandbox)
	v.Agents.forget(sandbox)
}

func invalid() error {
	return orderops.Refuse(orderops.Unauthenticated, "the access token is not valid, or no longer")
}

// prove checks signature, life, issuer and audience.
func (v *Verifier) prove(ctx context.Context, token string, keys *Keys, method string, more ...jwt.ParserOption) (claims, error) {
	if keys == nil {
		return claims{}, invalid()
	}
	c, wrong, err := v.parse(ctx, token, keys, method, more...)
	if wrong != nil {
		return claims{}, invalid()
	}
	return c, err
}

// parse reads a token and says what is wrong with it, or in err why that cannot be told.
func (v *Verifier) parse(ctx context.Context, token string, keys *Keys, method string, more ...jwt.ParserOption) (c claims, wrong, err error) {
	var away error
	find := func(t *jwt.Token) (any, error) {
		id, _ := t.Header["kid"].(string)
		key, found, err := keys.key(ctx, id)
		if err != nil {
			away = err
			return nil, err
		}
		if !found {
			return nil, jwt.ErrTokenUnverifiable
		}
		return key, nil
	}
	options := append([]jwt.ParserOption{jwt.WithValidMethods([]string{method}), jwt.WithExpirationRequired()}, more...)
	now := jwt.WithTimeFunc(func() time.Time { return v.Clock.Now(ctx) })
	_, wrong = jwt.ParseWithClaims(token, &c, find, append(options, now)...)
	if errors.Is(wrong, jwt.ErrTokenExpired) || errors.Is(wrong, jwt.ErrTokenNotValidYet) {
		v.Clock.Refresh(ctx) // what is known of a sandbox's clock may be old
		c = claims{}
		_, wrong = jwt.ParseWithClaims(token, &c, find, append(options, now)...)
	}
	if away != nil {
		return claims{}, nil, away
	}
	return c, wrong, nil
}

// shopper is whose the claims are. The client they were given to has to be one of ours; in simulation mode its id carries
// the sandbox of the request.
func (v *Verifier) shopper(ctx context.Context, token string, c claims) (Identity, error) {
	id := Identity{ClientID: c.client(), Token: token}
	plain := id.ClientID
	if scope := remote.ScopeOf(ctx); scope.Forward {
		plain = strings.TrimSuffix(plain, "~"+scope.Sandbox)
	}
	channel, known := v.Clients[plain]
	if len(v.Clients) > 0 && !known {
		return Identity{}, orderops.Refuse(orderops.Unauthenticated, "the access token was given to another client")
	}
	id.Channel = channel
	id.Kind, id.CustomerID = c.shopper()
	if c.scheme() == schemeSLAS {
		id.Site, id.SessionID = part(c.Bound, "chid"), part(c.Subject, "usid")
	}
	return id, nil
}

// Channels lists the names of the configured channels, in order.
func (v *Verifier) Channels() []string {
	var names []string
	for _, name := range v.Clients {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
