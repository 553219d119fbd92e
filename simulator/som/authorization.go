package som

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// codeRow is an authorization code. It is gone once it was used.
type codeRow struct {
	Code, ClientID, UserID, RedirectURI, Scope, Challenge string
	ExpiresAt                                             time.Time
}

// codeLife is how long an authorization code can be exchanged.
const codeLife = 15 * time.Minute

// Authorization is a connected app's wish to act for a user, before he has been asked (OAuth 2.0 authorization code).
type Authorization struct {
	ClientID, RedirectURI, ResponseType, Scope string
	// Challenge is the SHA-256 of the verifier that the code is exchanged with, in base 64 for URLs (PKCE). Method is S256
	// or empty, which means the same.
	Challenge, Method string
}

// CheckClient refuses a wish of an unknown app, or one whose answer would go to a place that the app did not register.
// Nobody must be redirected after such a refusal.
func (d *SOM) CheckClient(tx *sandbox.Tx, a Authorization) error {
	app, err := d.appByID(tx, a.ClientID)
	if err != nil {
		return err
	}
	if !app.calledBack(a.RedirectURI) {
		return refuse("som.oauth.redirect-uri", CodeRedirectMismatch, "redirect_uri must match configuration")
	}
	return nil
}

// CheckAuthorization refuses a wish that the app is told about, and returns the scopes it is for.
func (d *SOM) CheckAuthorization(tx *sandbox.Tx, a Authorization) (string, error) {
	app, err := d.appByID(tx, a.ClientID)
	switch {
	case err != nil:
		return "", err
	case a.ResponseType != "code":
		return "", refuse("som.oauth.response-type", CodeUnsupportedResponse, "response type not supported")
	case a.Challenge == "" && app.ProofRequired:
		return "", refuse("som.oauth.proof-required", CodeInvalidRequest, "missing required code challenge")
	case a.Method != "" && a.Method != "S256", a.Challenge != "" && !digest(a.Challenge):
		return "", refuse("som.oauth.proof-method", CodeInvalidRequest, "invalid code challenge: only S256 is supported")
	}
	return app.granted(a.Scope)
}

// digest reports whether a challenge has the form of a SHA-256 in base 64 for URLs.
func digest(challenge string) bool {
	sum, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(challenge, "="))
	return err == nil && len(sum) == sha256.Size
}

// Denied is the refusal of a user who does not want an app to act for him.
func Denied() error {
	return refuse("som.oauth.denied", CodeAccessDenied, "end-user denied authorization")
}

// Approve logs in a user and lets the app act for him: it returns the code that the app exchanges for a session.
func (d *SOM) Approve(tx *sandbox.Tx, a Authorization, username, password string) (string, error) {
	scope, err := d.CheckAuthorization(tx, a)
	if err != nil {
		return "", err
	}
	l, ok := d.user(tx, username, password)
	if !ok {
		return "", refuse("som.login.password", CodeInvalidLogin,
			"Please check your username and password. If you still can't log in, contact your Salesforce administrator.")
	}
	d.forgetCodes(tx)
	r := codeRow{
		Code: codeMark + tx.Sandbox() + "." + tx.Token("som.code"), ClientID: a.ClientID, UserID: l.UserID, RedirectURI: a.RedirectURI,
		Scope: scope, Challenge: strings.TrimRight(a.Challenge, "="), ExpiresAt: tx.Now().Add(codeLife),
	}
	d.codes.Put(tx.Tx, r)
	return r.Code, nil
}

// forgetCodes drops the codes that nobody exchanged in time.
func (d *SOM) forgetCodes(tx *sandbox.Tx) {
	var over []string
	d.codes.Scan(tx.Tx, func(r *codeRow) bool {
		if !tx.Now().Before(r.ExpiresAt) {
			over = append(over, r.Code)
		}
		return true
	})
	for _, code := range over {
		d.codes.Delete(tx.Tx, code)
	}
}

// ExchangeCode opens the session that a user has approved. A code works once, for the app and the redirect URI it was
// issued to, and only with the verifier of its challenge.
func (d *SOM) ExchangeCode(tx *sandbox.Tx, c Client, code, redirectURI, verifier string) (Session, error) {
	app, err := d.appOrPublic(tx, c)
	if err != nil {
		return Session{}, err
	}
	r, ok := d.codes.Get(tx.Tx, code)
	switch {
	case !ok, !tx.Now().Before(r.ExpiresAt):
		return Session{}, refuse("som.oauth.code", CodeInvalidGrant, "expired authorization code")
	case r.ClientID != app.ClientID:
		return Session{}, refuse("som.oauth.code-client", CodeInvalidGrant, "invalid authorization code")
	case r.RedirectURI != redirectURI:
		return Session{}, refuse("som.oauth.redirect-uri", CodeRedirectMismatch, "redirect_uri must match configuration")
	}
	if err := r.proven(verifier); err != nil {
		return Session{}, err
	}
	if err := d.mayLogIn(tx, r.UserID); err != nil {
		return Session{}, err
	}
	d.codes.Delete(tx.Tx, code)
	return d.openWithRefresh(tx, sessionRow{UserID: r.UserID, ClientID: r.ClientID, Scope: r.Scope}), nil
}

// proven checks the verifier of a code against its challenge.
func (r codeRow) proven(verifier string) error {
	sum := sha256.Sum256([]byte(verifier))
	switch {
	case r.Challenge == "" && verifier == "":
		return nil
	case r.Challenge == "":
		return refuse("som.oauth.proof", CodeInvalidRequest, "unexpected code verifier")
	case !equal(base64.RawURLEncoding.EncodeToString(sum[:]), r.Challenge):
		return refuse("som.oauth.proof", CodeInvalidGrant, "invalid code verifier")
	default:
		return nil
	}
}

// openWithRefresh opens a session, with a refresh token when its scope has that.
func (d *SOM) openWithRefresh(tx *sandbox.Tx, r sessionRow) Session {
	if inScope(r.Scope, scopeRefresh) || inScope(r.Scope, scopeOffline) {
		r.Refresh = refreshMark + tx.Sandbox() + "." + tx.Token("som.refresh")
		d.refreshes.Put(tx.Tx, refreshRow{Token: r.Refresh, UserID: r.UserID, ClientID: r.ClientID, Scope: r.Scope, IssuedAt: tx.Now()})
	}
	s := d.open(tx, r)
	s.Refresh = r.Refresh
	return s
}
