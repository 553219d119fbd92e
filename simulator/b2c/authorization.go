package b2c

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/sandbox"
)

// codeLife is how long an authorization code lives.
const codeLife = 5 * time.Minute

// AuthorizationCode is what a log-in in a browser gives an app, to be exchanged for tokens once.
type AuthorizationCode struct {
	Code, ClientID, RedirectURI string
	// Challenge is the S256 digest of the verifier that the app shows at the exchange; private clients need none.
	Challenge                string
	USID, SiteID, IDP, Login string
	// Agent is who acts for the shopper; empty when the shopper does.
	Agent string
	// Bridge says that the code is good for a session bridge alone.
	Bridge    bool
	ExpiresAt time.Time
}

// CodeRequest asks for a code for a visit.
type CodeRequest struct {
	Client                 APIClient
	RedirectURI, Challenge string
	Visit                  Visit
	IDP, Login, Agent      string
	Bridge                 bool
}

// Authorize gives a code. The error has the code [InvalidRequest].
func (b *B2C) Authorize(tx *sandbox.Tx, a CodeRequest) (AuthorizationCode, error) {
	if err := a.Client.checkRedirect(a.RedirectURI); err != nil {
		return AuthorizationCode{}, err
	}
	forget(tx, b.codes, func(c AuthorizationCode) string { return c.Code })
	code := AuthorizationCode{
		Code: scopedToken(tx, tx.Token("b2c.AuthorizationCode")), ClientID: a.Client.ID, RedirectURI: a.RedirectURI, Challenge: a.Challenge,
		USID: a.Visit.USID, SiteID: a.Visit.SiteID, IDP: a.IDP, Login: a.Login, Agent: a.Agent, Bridge: a.Bridge,
		ExpiresAt: tx.Now().Add(codeLife),
	}
	b.codes.Put(tx.Tx, code)
	return code, nil
}

// checkRedirect refuses an address that is none, or is not one of the client's.
func (c APIClient) checkRedirect(uri string) error {
	parsed, err := url.Parse(uri)
	if err != nil || !parsed.IsAbs() || parsed.Host == "" || parsed.Fragment != "" {
		return InvalidRequestf("b2c.slas.redirect", "The redirect_uri '%s' is no absolute address.", uri)
	}
	if len(c.RedirectURIs) > 0 && !slices.ContainsFunc(c.RedirectURIs, func(known string) bool { return sameAddress(known, uri) }) {
		return InvalidRequestf("b2c.slas.redirect", "The redirect_uri '%s' doesn't match the registered redirects.", uri)
	}
	return nil
}

// sameAddress compares an address with a registered one, which may have a star for its end.
func sameAddress(known, uri string) bool {
	if prefix, wild := strings.CutSuffix(known, "*"); wild {
		return strings.HasPrefix(uri, prefix)
	}
	return known == uri
}

// Exchange is what an app shows for its tokens.
type Exchange struct {
	Client                      APIClient
	Code, RedirectURI, Verifier string
	// SiteID and USID are the ones the app thinks it has; empty USID is any.
	SiteID, USID string
	Public       bool
	DoNotTrack   bool
}

// Redeem exchanges a code for a grant, once. Errors have the codes [InvalidGrant] and [InvalidRequest].
func (b *B2C) Redeem(tx *sandbox.Tx, e Exchange) (ShopperGrant, error) {
	code, ok := b.codes.Get(tx.Tx, e.Code)
	switch {
	case !ok || code.ClientID != e.Client.ID || code.Agent != "" || code.Bridge || !tx.Now().Before(code.ExpiresAt):
		return ShopperGrant{}, invalidGrant("b2c.slas.code", "The authorization code is unknown, was used, or has expired.")
	case code.RedirectURI != e.RedirectURI:
		return ShopperGrant{}, invalidGrant("b2c.slas.code-redirect", "The redirect_uri is not the one that the code was sent to.")
	case code.SiteID != e.SiteID || e.USID != "" && code.USID != e.USID:
		return ShopperGrant{}, invalidGrant("b2c.slas.code", "The code was given for another channel_id or usid.")
	case (e.Public || code.Challenge != "") && !provesChallenge(code.Challenge, e.Verifier):
		return ShopperGrant{}, invalidGrant("b2c.slas.pkce", "The code_verifier does not match the code_challenge.")
	}
	b.codes.Delete(tx.Tx, code.Code)
	visit, _ := b.visits.Get(tx.Tx, code.USID)
	return b.Grant(tx, NewGrant{Visit: visit, Client: e.Client, IDP: code.IDP, Login: code.Login, Public: e.Public, DoNotTrack: e.DoNotTrack})
}

// RedeemBridge takes a code that goes with a session bridge, once. The error has the code [InvalidGrant].
func (b *B2C) RedeemBridge(tx *sandbox.Tx, e Exchange) error {
	code, ok := b.codes.Get(tx.Tx, e.Code)
	switch {
	case !ok || !code.Bridge || code.ClientID != e.Client.ID || code.SiteID != e.SiteID || !tx.Now().Before(code.ExpiresAt):
		return invalidGrant("b2c.slas.code", "The authorization code is unknown, was used, or has expired.")
	case (e.Public || code.Challenge != "") && !provesChallenge(code.Challenge, e.Verifier):
		return invalidGrant("b2c.slas.pkce", "The code_verifier does not match the code_challenge.")
	}
	b.codes.Delete(tx.Tx, code.Code)
	return nil
}

// RedeemAgent returns the agent who has logged in for a code, once. The error has the code [InvalidGrant].
func (b *B2C) RedeemAgent(tx *sandbox.Tx, e Exchange) (string, error) {
	code, ok := b.codes.Get(tx.Tx, e.Code)
	switch {
	case !ok || code.Agent == "" || code.ClientID != e.Client.ID || code.SiteID != e.SiteID || !tx.Now().Before(code.ExpiresAt):
		return "", invalidGrant("b2c.slas.agent", "The agent's code or token is unknown, was used, or has expired.")
	case (e.Public || code.Challenge != "") && !provesChallenge(code.Challenge, e.Verifier):
		return "", invalidGrant("b2c.slas.pkce", "The code_verifier does not match the code_challenge.")
	}
	b.codes.Delete(tx.Tx, code.Code)
	return code.Agent, nil
}

func provesChallenge(challenge, verifier string) bool {
	sum := sha256.Sum256([]byte(verifier))
	proof := base64.RawURLEncoding.EncodeToString(sum[:])
	return len(verifier) >= 43 && len(verifier) <= 128 &&
		subtle.ConstantTimeCompare([]byte(proof), []byte(strings.TrimRight(challenge, "="))) == 1
}

// LoginSpacing is the rule by which the same login is not used twice within a second. It is about elapsed time, so that it
// holds in a sandbox with a manual clock only where it is armed.
const LoginSpacing = "b2c.slas.login-spacing"

// between is how soon the same login may be used again.
const between = time.Second

// LogIn is [B2C.Login] of a visit: the shopper of that usid is the customer from then on. The same login twice within a
// second is refused while the clock runs by itself. Errors have the codes [AuthenticationFailed] and [Conflict].
func (b *B2C) LogIn(tx *sandbox.Tx, siteID, usid, login, password string) (Visit, Customer, error) {
	c, err := b.Login(tx, login, password)
	if err != nil {
		return Visit{}, Customer{}, err
	}
	if (tx.ClockMode() == clock.ModeReal || b.Armed(tx, LoginSpacing)) && tx.Now().Sub(c.LastLoginAt) < between {
		return Visit{}, Customer{}, &Error{Code: Conflict, Rule: LoginSpacing, Message: "The same login was used within the last second."}
	}
	c.LastLoginAt = tx.Now()
	b.customers.Put(tx.Tx, c)
	return b.LogInVisit(tx, siteID, usid, c), c, nil
}

// InvalidRequestf is the refusal of a request to SLAS that its document lets pass and should not.
func InvalidRequestf(rule, format string, args ...any) *Error {
	return &Error{Code: InvalidRequest, Rule: rule, Message: fmt.Sprintf(format, args...)}
}
