// Package guest lets somebody without an account see and change one order: who has the token that the shop gave out with it,
// or types in the code that commerce mails to the address it was made with. Wrong codes are counted, and nothing here tells
// whether there is such an order.
package guest

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/identity"
	"github.com/somsim/somsim/orderops/remote"
)

const (
	// AccessLife is how long a guest's access lasts.
	AccessLife = 30 * time.Minute
	// tries is how many wrong codes an order takes within lockTime; the next is refused until that has passed.
	tries    = 5
	lockTime = 15 * time.Minute
	// requests is how many codes may be asked for within the same time.
	requests = 3
	// shortestToken is less than what any shop gives out, and more than anybody guesses.
	shortestToken = 16
)

// Order is the order that a guest means.
type Order struct{ Sandbox, Site, OrderNo string }

// Tally counts what was tried with an order within a window of time.
type Tally string

// The tallies.
const (
	TallyCodes    Tally = "codes"
	TallyRequests Tally = "requests"
)

// Store remembers tries and accesses. Only hashes of tokens are kept.
type Store interface {
	// Try counts a try and says whether it is still allowed; when not, until when none is.
	Try(ctx context.Context, o Order, t Tally, most int, now time.Time, window time.Duration) (allowed bool, until time.Time, err error)
	// Forgive takes a try back.
	Forgive(ctx context.Context, o Order, t Tally) error
	// Grant keeps an access.
	Grant(ctx context.Context, hash string, o Order, until time.Time) error
	// Granted finds an access that has not ended.
	Granted(ctx context.Context, hash string, now time.Time) (Order, bool, error)
}

// Commerce reads orders as the service.
type Commerce interface {
	Order(ctx context.Context, shop b2cclient.Shop, caller b2cclient.Caller, orderNo string) (b2cclient.Document, error)
}

// Codes are commerce's mailed codes.
type Codes interface {
	RequestAccessCode(ctx context.Context, site, orderNo, email string) error
	Opens(ctx context.Context, site, orderNo, code string) (bool, error)
}

// Clock tells the time of the guest's world.
type Clock interface {
	Now(ctx context.Context) time.Time
	Refresh(ctx context.Context)
}

// Guests is the use case.
type Guests struct {
	Store    Store
	Commerce Commerce
	// Codes are nil where commerce mails none.
	Codes Codes
	Clock Clock
	// Secret makes a token that nobody guesses.
	Secret func() string
	// Count is told what became of codes and tokens.
	Count func(outcome string)
}

// Proof is what a guest shows: one of both.
type Proof struct{ OrderToken, Code string }

// Access is what a guest gets.
type Access struct {
	Token string
	Until time.Time
	Life  time.Duration
}

// RequestCode has a code mailed to the address that an order was made with, if that is the one. The caller is told the same
// whatever comes of it; the error is that of commerce being away.
func (g *Guests) RequestCode(ctx context.Context, shop b2cclient.Shop, orderNo, email string) error {
	if g.Codes == nil {
		return orderops.Refuse(orderops.ActionNotAvailable, "no codes are mailed here")
	}
	g.Clock.Refresh(ctx)
	allowed, _, err := g.Store.Try(ctx, orderOf(ctx, shop, orderNo), TallyRequests, requests, g.Clock.Now(ctx), lockTime)
	if err != nil {
		return err
	}
	if !allowed {
		g.Count("request_held_back")
		return nil
	}
	g.Count("requested")
	return g.Codes.RequestAccessCode(ctx, shop.Site, orderNo, email)
}

// Open gives a guest access to an order, or refuses in the same words whatever is wrong.
func (g *Guests) Open(ctx context.Context, shop b2cclient.Shop, orderNo string, proof Proof) (Access, error) {
	g.Clock.Refresh(ctx)
	proved, err := g.proved(ctx, shop, orderNo, proof)
	if err != nil {
		return Access{}, err
	}
	if !proved {
		g.Count("wrong")
		return Access{}, orderops.Refuse(orderops.Unauthenticated, "there is no such order, or this does not open it")
	}
	g.Count("opened")
	access := Access{Token: identity.GuestPrefix + g.Secret(), Until: g.Clock.Now(ctx).Add(AccessLife), Life: AccessLife}
	return access, g.Store.Grant(ctx, hashOf(access.Token), orderOf(ctx, shop, orderNo), access.Until)
}

func (g *Guests) proved(ctx context.Context, shop b2cclient.Shop, orderNo string, proof Proof) (bool, error) {
	switch {
	case (proof.Code == "") == (proof.OrderToken == ""):
		return false, orderops.Refuse(orderops.InvalidRequest, "send either code or order_token")
	case proof.OrderToken != "":
		return g.holdsToken(ctx, shop, orderNo, proof.OrderToken)
	case g.Codes == nil:
		return false, orderops.Refuse(orderops.ActionNotAvailable, "no codes are mailed here")
	default:
		return g.knowsCode(ctx, shop, orderNo, proof.Code)
	}
}

// holdsToken compares the token that the shop gave out with the order. It is too long to be guessed, so it is not counted.
func (g *Guests) holdsToken(ctx context.Context, shop b2cclient.Shop, orderNo, token string) (bool, error) {
	doc, err := g.Commerce.Order(ctx, shop, b2cclient.Caller{Service: true}, orderNo)
	if remote.ClassOf(err) == remote.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var secret struct {
		OrderToken string `json:"order_token"`
	}
	if json.Unmarshal(doc.Raw, &secret) != nil || len(secret.OrderToken) < shortestToken {
		return false, nil
	}
	return subtle.ConstantTimeCompare([]byte(secret.OrderToken), []byte(token)) == 1, nil
}

// knowsCode asks commerce about a code. The try is counted before, so that many at once are no more than many one after
// another; a right code, and a commerce that cannot be asked, take it back.
func (g *Guests) knowsCode(ctx context.Context, shop b2cclient.Shop, orderNo, code string) (bool, error) {
	o, now := orderOf(ctx, shop, orderNo), g.Clock.Now(ctx)
	allowed, until, err := g.Store.Try(ctx, o, TallyCodes, tries, now, lockTime)
	if err != nil {
		return false, err
	}
	if !allowed {
		g.Count("locked")
		return false, orderops.RefuseFor(until.Sub(now), orderops.RateLimited, "too many codes were tried with this order")
	}
	opens, err := g.Codes.Opens(ctx, shop.Site, orderNo, code)
	if opens || err != nil {
		if forgiven := g.Store.Forgive(context.WithoutCancel(ctx), o, TallyCodes); err == nil {
			err = forgiven
		}
	}
	return opens, err
}

// Identify finds the order that an access is for.
func (g *Guests) Identify(ctx context.Context, token string) (identity.Identity, error) {
	o, ok, err := g.Store.Granted(ctx, hashOf(token), g.Clock.Now(ctx))
	if err != nil {
		return identity.Identity{}, err
	}
	if !ok || o.Sandbox != remote.ScopeOf(ctx).Sandbox {
		return identity.Identity{}, orderops.Refuse(orderops.Unauthenticated, "the access token is not valid, or no longer")
	}
	return identity.Identity{Kind: identity.Guest, OrderNo: o.OrderNo, Site: o.Site, Token: token}, nil
}

func orderOf(ctx context.Context, shop b2cclient.Shop, orderNo string) Order {
	return Order{Sandbox: remote.ScopeOf(ctx).Sandbox, Site: shop.Site, OrderNo: orderNo}
}

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
