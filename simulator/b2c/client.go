package b2c

import (
	"fmt"
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// DefaultClientID and DefaultClientSecret are the API client every preset has, so that a client can be pointed at the
// simulator without reading anything.
const (
	DefaultClientID     = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	DefaultClientSecret = "somsim"
)

// Organization is the id of the one organization, as SLAS and SCAPI have it in their paths; Tenant is its realm and
// instance.
const (
	Organization = "f_ecom_" + Tenant
	Tenant       = "zzte_053"
)

// systemTokenLife is how long an Account Manager token lives; the vendor says 1799 seconds.
const systemTokenLife = 1799 * time.Second

// APIClient is a client registered in Account Manager and, under the same id, in SLAS. The secret is needed for system
// tokens, and by private clients of SLAS.
type APIClient struct {
	ID, Secret string
	// RedirectURIs are where codes may be sent, with a star for any end; without one they may be sent anywhere.
	RedirectURIs []string
	// Scopes are what shoppers' tokens for the client permit, SystemScopes what its own tokens do. Empty means all.
	Scopes, SystemScopes []string
}

func (c APIClient) clone() APIClient {
	c.RedirectURIs, c.Scopes, c.SystemScopes = slices.Clone(c.RedirectURIs), slices.Clone(c.Scopes), slices.Clone(c.SystemScopes)
	return c
}

// The scopes of what is simulated of SCAPI.
const (
	ScopeBasketsOrders = "sfcc.shopper-baskets-orders"
	ScopeCustomers     = "sfcc.shopper-customers.login"
	ScopeMyAccount     = "sfcc.shopper-myaccount"
	ScopeOrders        = "sfcc.orders"
)

// readWrite is the ending of a scope that permits changes besides reading.
const readWrite = ".rw"

// ShopperScopes are all scopes that a shopper's token can have, in the order in which tokens name them.
func ShopperScopes() []string {
	return []string{
		ScopeBasketsOrders, ScopeBasketsOrders + readWrite, ScopeCustomers, "sfcc.shopper-customers.register",
		ScopeMyAccount, ScopeMyAccount + readWrite, "sfcc.shopper-products",
	}
}

func (c APIClient) shopperScopes() []string {
	if len(c.Scopes) == 0 {
		return ShopperScopes()
	}
	return c.Scopes
}

// MaySystem tells whether a token of the client itself permits what a scope stands for.
func (c APIClient) MaySystem(scope string) bool {
	return len(c.SystemScopes) == 0 || Permits(c.SystemScopes, scope)
}

// Permits tells whether scopes include one; who may change may read too.
func Permits(scopes []string, wanted string) bool {
	return slices.Contains(scopes, wanted) || slices.Contains(scopes, wanted+readWrite)
}

// SystemToken is a token that stands for an API client itself, without a customer. It is opaque and starts with the
// name of its sandbox, in which alone it works.
type SystemToken struct {
	Token, ClientID string
	// User is who works through the client; empty when nobody does.
	User      string
	ExpiresAt time.Time
}

func (t *SystemToken) expiries() []string { return []string{sortable(t.ExpiresAt)} }

// sortable renders an instant so that texts sort as times do.
func sortable(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// AddClient stores an API client.
func (b *B2C) AddClient(tx *sandbox.Tx, c APIClient) { b.clients.Put(tx.Tx, c) }

// Client returns the API client of that id. The error has the code [UnknownClientID].
func (b *B2C) Client(tx *sandbox.Tx, id string) (APIClient, error) {
	c, ok := b.clients.Get(tx.Tx, id)
	if !ok {
		return APIClient{}, &Error{
			Code: UnknownClientID, Rule: "b2c.client.known", Message: fmt.Sprintf("The client id '%s' is unknown.", id),
			Arguments: map[string]string{"clientId": id},
		}
	}
	return c, nil
}

// AuthenticateClient checks an API client's secret. The error has the code [InvalidClient].
func (b *B2C) AuthenticateClient(tx *sandbox.Tx, id, secret string) (APIClient, error) {
	c, ok := b.clients.Get(tx.Tx, id)
	if !ok || c.Secret == "" || c.Secret != secret {
		return APIClient{}, &Error{
			Code: InvalidClient, Rule: "b2c.client.secret", Message: "Client authentication failed",
		}
	}
	return c, nil
}

// IssueSystemToken returns a new token for the API client and forgets tokens that have expired.
func (b *B2C) IssueSystemToken(tx *sandbox.Tx, clientID string) SystemToken {
	for _, old := range b.tokens.Range(tx.Tx, "expires", "", sortable(tx.Now()), 0) {
		b.tokens.Delete(tx.Tx, old.Token)
	}
	t := SystemToken{
		Token:    tx.Sandbox() + "~" + tx.Token("b2c.SystemToken"),
		ClientID: clientID, ExpiresAt: tx.Now().Add(systemTokenLife),
	}
	b.tokens.Put(tx.Tx, t)
	return t
}

// SystemToken returns the token as it was issued. Errors have the codes [InvalidAccessToken] or [ExpiredToken].
func (b *B2C) SystemToken(tx *sandbox.Tx, token string) (SystemToken, error) {
	t, ok := b.tokens.Get(tx.Tx, token)
	if !ok {
		return SystemToken{}, &Error{
			Code: InvalidAccessToken, Rule: "b2c.token.issued", Message: "The access token is invalid.",
		}
	}
	if tx.Now().After(t.ExpiresAt) {
		return SystemToken{}, &Error{
			Code: ExpiredToken, Rule: "b2c.token.lifetime", Message: "The access token has expired.",
		}
	}
	return t, nil
}
