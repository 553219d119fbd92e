package som

import (
	"crypto/subtle"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// connectedApp is an API client of the org.
type connectedApp struct {
	ClientID, Secret string
	// RunAs is the user that client credentials log in.
	RunAs string
}

// login is how a user proves who he is.
type login struct{ Username, Password, UserID string }

// sessionRow is an access token.
type sessionRow struct {
	Token, UserID, ClientID string
	IssuedAt, ExpiresAt     time.Time
}

// Session is a living session of a user.
type Session struct {
	// Token is the access token: the org's id, an exclamation mark, and an opaque part.
	Token string
	// UserID is the 18 character id of the user, Username his name.
	UserID, Username string
	// ClientID is the connected app's; empty for a SOAP login.
	ClientID string
	IssuedAt time.Time
}

// sessionLife is how long an access token lives. An org can choose from 15 minutes to 24 hours of idleness; counted from
// the login instead, so that reading never writes.
const sessionLife = 12 * time.Hour

// NewConnectedApp is the input of [SOM.ConnectedApp].
type NewConnectedApp struct{ ClientID, Secret, RunAs string }

// ConnectedApp makes an API client, replacing one of the same id.
func (d *SOM) ConnectedApp(tx *sandbox.Tx, n NewConnectedApp) {
	d.apps.Put(tx.Tx, connectedApp(n))
}

// ClientCredentials logs in the user a connected app runs as (OAuth 2.0 client credentials).
func (d *SOM) ClientCredentials(tx *sandbox.Tx, clientID, secret string) (Session, error) {
	app, err := d.app(tx, clientID, secret)
	if err != nil {
		return Session{}, err
	}
	return d.open(tx, app.RunAs, app.ClientID), nil
}

// PasswordGrant logs in a user through a connected app (OAuth 2.0 user name and password).
func (d *SOM) PasswordGrant(tx *sandbox.Tx, clientID, secret, username, password string) (Session, error) {
	app, err := d.app(tx, clientID, secret)
	if err != nil {
		return Session{}, err
	}
	l, ok := d.user(tx, username, password)
	if !ok {
		return Session{}, refuse("som.oauth.password", CodeInvalidGrant, "authentication failure")
	}
	return d.open(tx, l.UserID, app.ClientID), nil
}

// Login logs in a user without a connected app, as the SOAP API does.
func (d *SOM) Login(tx *sandbox.Tx, username, password string) (Session, error) {
	l, ok := d.user(tx, username, password)
	if !ok {
		return Session{}, refuse("som.login.password", CodeInvalidLogin,
			"INVALID_LOGIN: Invalid username, password, security token; or user locked out.")
	}
	return d.open(tx, l.UserID, ""), nil
}

// Authenticate finds the living session of an access token.
func (d *SOM) Authenticate(tx *sandbox.Tx, token string) (Session, error) {
	r, ok := d.sessions.Get(tx.Tx, token)
	if !ok || !tx.Now().Before(r.ExpiresAt) {
		return Session{}, refuse("som.session.valid", CodeInvalidSession, "Session expired or invalid")
	}
	return d.session(tx, r), nil
}

func (d *SOM) app(tx *sandbox.Tx, clientID, secret string) (connectedApp, error) {
	app, ok := d.apps.Get(tx.Tx, clientID)
	if !ok {
		return app, refuse("som.oauth.client-id", CodeInvalidClientID, "client identifier invalid")
	}
	if !equal(app.Secret, secret) {
		return app, refuse("som.oauth.client-secret", CodeInvalidClient, "invalid client credentials")
	}
	return app, nil
}

func (d *SOM) user(tx *sandbox.Tx, username, password string) (login, bool) {
	l, ok := d.logins.Get(tx.Tx, username)
	return l, ok && equal(l.Password, password)
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func (d *SOM) open(tx *sandbox.Tx, userID, clientID string) Session {
	r := sessionRow{
		Token:  tokenPrefix() + tokenMark + tx.Sandbox() + "." + tx.Token("som.session"),
		UserID: userID, ClientID: clientID, IssuedAt: tx.Now(), ExpiresAt: tx.Now().Add(sessionLife),
	}
	d.sessions.Put(tx.Tx, r)
	return d.session(tx, r)
}

func (d *SOM) session(tx *sandbox.Tx, r sessionRow) Session {
	s := Session{Token: r.Token, UserID: r.UserID, ClientID: r.ClientID, IssuedAt: r.IssuedAt}
	if u, ok := d.find(tx, objUser, r.UserID); ok {
		s.Username = u.Text("Username")
	}
	return s
}

func tokenPrefix() string { return OrganizationID()[:shortID] + "!" }

// tokenMark begins the opaque part of a token; the sandbox's name follows up to the next full stop.
const tokenMark = "AQ."

// SandboxOfToken reads the sandbox that an access token was issued in; empty when it is none of this org's tokens.
func SandboxOfToken(token string) string {
	rest, ok := strings.CutPrefix(token, tokenPrefix()+tokenMark)
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, ".")
	return name
}

// SplitCredential takes the sandbox out of a client id (somsim~NAME) or a user name (dev~NAME@somsim.test).
func SplitCredential(credential string) (plain, sandboxName string) {
	before, after, found := strings.Cut(credential, "~")
	if !found {
		return credential, ""
	}
	name, domain, isUser := strings.Cut(after, "@")
	if isUser {
		return before + "@" + domain, name
	}
	return before, name
}
