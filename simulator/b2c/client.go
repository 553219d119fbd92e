package b2c

import (
	"fmt"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// DefaultClientID and DefaultClientSecret are the API client every preset has, so that a client can be pointed at the
// simulator without reading anything.
const (
	DefaultClientID     = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	DefaultClientSecret = "somsim"
)

// systemTokenLife is how long an Account Manager token lives; the vendor says 1799 seconds.
const systemTokenLife = 1799 * time.Second

// APIClient is a client registered in Account Manager. The secret is needed for system tokens only.
type APIClient struct{ ID, Secret string }

// SystemToken is a token that stands for an API client itself, without a customer. It is opaque and starts with the
// name of its sandbox, in which alone it works.
type SystemToken struct {
	Token, ClientID string
	ExpiresAt       time.Time
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
