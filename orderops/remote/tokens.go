package remote

import (
	"context"
	"sync"
)

// Token is an access token with the identity it stands for.
type Token struct {
	Value string
	// UserID is the vendor's id of the user behind the token, where the vendor tells it.
	UserID string
}

// TokenSource hands out access tokens.
type TokenSource interface {
	Token(ctx context.Context) (Token, error)
	// Forget drops the token, because the system no longer accepts it.
	Forget(ctx context.Context, t Token)
}

// StaticToken always hands out the same token, for tests and for systems with fixed keys.
type StaticToken Token

// Token implements TokenSource.
func (s StaticToken) Token(context.Context) (Token, error) { return Token(s), nil }

// Forget implements TokenSource; there is nothing else to hand out.
func (StaticToken) Forget(context.Context, Token) {}

// TokenCache keeps one token for each sandbox in memory and logs in when there is none. Tokens are never written down.
type TokenCache struct {
	login func(ctx context.Context) (Token, error)
	mu    sync.Mutex
	all   map[string]Token
}

// NewTokenCache makes a cache over a log-in.
func NewTokenCache(login func(ctx context.Context) (Token, error)) *TokenCache {
	return &TokenCache{login: login, all: map[string]Token{}}
}

// Token implements TokenSource. The lock is not held during the log-in: two callers may log in at once, which is harmless.
func (c *TokenCache) Token(ctx context.Context) (Token, error) {
	sandbox := ScopeOf(ctx).Sandbox
	c.mu.Lock()
	known, ok := c.all[sandbox]
	c.mu.Unlock()
	if ok {
		return known, nil
	}
	fresh, err := c.login(ctx)
	if err != nil {
		return Token{}, LoginFailure(err)
	}
	c.mu.Lock()
	c.all[sandbox] = fresh
	c.mu.Unlock()
	return fresh, nil
}

// LoginFailure corrects the class of a failed log-in of order-ops: the call that needed the token was never sent, so nothing
// about it is ambiguous, and a log-in that is refused means that our own credential is wrong.
func LoginFailure(err error) error {
	e, ok := AsError(err)
	if !ok {
		return err
	}
	corrected := *e
	switch e.Class {
	case Ambiguous:
		corrected.Class = Unavailable
	case Rejected, NotFound, Conflict:
		corrected.Class = Unauthorized
	case Unauthorized, Throttled, Unavailable:
	}
	corrected.Own = corrected.Class == Unauthorized
	return &corrected
}

// OwnCredential marks a call that was made with a credential of order-ops' own and was refused for it.
func OwnCredential(err error) error {
	e, ok := AsError(err)
	if !ok || e.Class != Unauthorized {
		return err
	}
	corrected := *e
	corrected.Own = true
	return &corrected
}

// Forget implements TokenSource.
func (c *TokenCache) Forget(ctx context.Context, t Token) {
	sandbox := ScopeOf(ctx).Sandbox
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all[sandbox].Value == t.Value {
		delete(c.all, sandbox)
	}
}

// Authorized runs f with a token, and once more with a fresh one when the first is no longer accepted. Calling twice is
// safe: a call refused for its token changed nothing.
func Authorized[T any](ctx context.Context, source TokenSource, f func(Token) (T, error)) (T, error) {
	token, err := source.Token(ctx)
	if err != nil {
		var none T
		return none, err
	}
	result, err := f(token)
	if ClassOf(err) != Unauthorized {
		return result, err
	}
	source.Forget(ctx, token)
	if token, err = source.Token(ctx); err != nil {
		return result, err
	}
	result, err = f(token)
	return result, OwnCredential(err)
}
