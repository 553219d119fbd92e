package som

import (
	"crypto/subtle"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// login is how a user proves who he is.
type login struct{ Username, Password, UserID string }

// sessionRow is an access token.
type sessionRow struct {
	Token, UserID, ClientID string
	Scope                   string
	// Refresh is the refresh token that the access token came with or from; empty when there is none.
	Refresh             string
	IssuedAt, ExpiresAt time.Time
}

// refreshRow is a refresh token. It does not expire: that is a policy of the connected app, by default off.
type refreshRow struct {
	Token, UserID, ClientID, Scope string
	IssuedAt                       time.Time
}

// Session is a living session of a user.
type Session struct {
	// Token is the access token: the org's id, an exclamation mark, and an opaque part.
	Token string
	// Refresh is the refresh token that was issued with it, if one was.
	Refresh string
	// UserID is the 18 character id of the user, Username his name.
	UserID, Username string
	// ClientID is the connected app's, Secret what it signs with; both are empty for a SOAP login.
	ClientID, Secret string
	// Scope lists what the session may be used for, with spaces; a SOAP login has no scope and no bounds.
	Scope    string
	IssuedAt time.Time
}

// Identifies reports whether the user is to be told to the app in a token of his own (OpenID Connect).
func (s Session) Identifies() bool { return inScope(s.Scope, scopeOpenID) }

// Login logs in a user without a connected app, as the SOAP API does.
func (d *SOM) Login(tx *sandbox.Tx, username, password string) (Session, error) {
	l, ok := d.user(tx, username, password)
	if !ok {
		return Session{}, refuse("som.login.password", CodeInvalidLogin,
			"INVALID_LOGIN: Invalid username, password, security token; or user locked out.")
	}
	return d.open(tx, sessionRow{UserID: l.UserID}), nil
}

// Authenticate finds the living session of an access token.
func (d *SOM) Authenticate(tx *sandbox.Tx, token string) (Session, error) {
	r, ok := d.living(tx, token)
	if !ok || !d.active(tx, r.UserID) {
		return Session{}, refuse("som.session.valid", CodeInvalidSession, "Session expired or invalid")
	}
	return d.session(tx, r), nil
}

// MayUseAPI refuses a session whose scope does not have the APIs in it.
func (d *SOM) MayUseAPI(s Session) error {
	if s.ClientID == "" || inScope(s.Scope, scopeAPI) || inScope(s.Scope, scopeFull) {
		return nil
	}
	return refuse("som.session.scope", CodeInvalidSession, "This session is not valid for use with the REST API")
}

// Logout ends the session of an access token.
func (d *SOM) Logout(tx *sandbox.Tx, token string) error {
	if _, ok := d.living(tx, token); !ok {
		return refuse("som.session.valid", CodeInvalidSession, "INVALID_SESSION_ID: Invalid Session ID found in SessionHeader: "+
			"Illegal Session. Session not found, missing session hash")
	}
	d.sessions.Delete(tx.Tx, token)
	return nil
}

func (d *SOM) living(tx *sandbox.Tx, token string) (sessionRow, bool) {
	r, ok := d.sessions.Get(tx.Tx, token)
	return r, ok && tx.Now().Before(r.ExpiresAt)
}

func (d *SOM) user(tx *sandbox.Tx, username, password string) (login, bool) {
	l, ok := d.logins.Get(tx.Tx, username)
	return l, ok && equal(l.Password, password) && d.active(tx, l.UserID)
}

func (d *SOM) active(tx *sandbox.Tx, userID string) bool {
	u, ok := d.find(tx, objUser, userID)
	return ok && u.Bool("IsActive")
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// open begins a session: the row needs its user, and whatever it came through.
func (d *SOM) open(tx *sandbox.Tx, r sessionRow) Session {
	d.forgetSessions(tx)
	r.Token = tokenPrefix() + tokenMark + tx.Sandbox() + "." + tx.Token("som.session")
	r.IssuedAt, r.ExpiresAt = tx.Now(), tx.Now().Add(d.decided.sessionLife)
	d.sessions.Put(tx.Tx, r)
	return d.session(tx, r)
}

// forgetSessions drops a few sessions that are over, so that they do not gather.
func (d *SOM) forgetSessions(tx *sandbox.Tx) {
	const aFew = 4
	for _, r := range d.sessions.Range(tx.Tx, expiresIndex, "", sortable(tx.Now()), aFew) {
		d.sessions.Delete(tx.Tx, r.Token)
	}
}

const expiresIndex = "expires"

// sortable renders an instant so that texts sort as times do.
func sortable(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000000Z") }

func (d *SOM) session(tx *sandbox.Tx, r sessionRow) Session {
	s := Session{Token: r.Token, UserID: r.UserID, ClientID: r.ClientID, Scope: r.Scope, IssuedAt: r.IssuedAt}
	if app, ok := d.apps.Peek(tx.Tx, r.ClientID); ok {
		s.Secret = app.Secret
	}
	if u, ok := d.find(tx, objUser, r.UserID); ok {
		s.Username = u.Text("Username")
	}
	return s
}

func tokenPrefix() string { return OrganizationID()[:shortID] + "!" }

// The marks begin the opaque part of an access token, a refresh token and an authorization code; the sandbox's name
// follows up to the next full stop.
const (
	tokenMark   = "AQ."
	refreshMark = "5Aep."
	codeMark    = "aPrx."
)

// SandboxOfToken reads the sandbox that an access token, a refresh token or an authorization code was issued in; empty
// when it is none of this org's.
func SandboxOfToken(token string) string {
	for _, mark := range []string{tokenPrefix() + tokenMark, refreshMark, codeMark} {
		if rest, ok := strings.CutPrefix(token, mark); ok {
			name, _, _ := strings.Cut(rest, ".")
			return name
		}
	}
	return ""
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
