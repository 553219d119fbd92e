package som

import (
	"slices"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// ClientCredentials logs in the user a connected app runs as (OAuth 2.0 client credentials).
func (d *SOM) ClientCredentials(tx *sandbox.Tx, c Client) (Session, error) {
	app, err := d.app(tx, c)
	if err != nil {
		return Session{}, err
	}
	if app.RunAs == "" {
		return Session{}, refuse("som.oauth.run-as", CodeInvalidGrant, "no client credentials user enabled")
	}
	return d.openFor(tx, app, app.RunAs)
}

// PasswordGrant logs in a user through a connected app (OAuth 2.0 user name and password).
func (d *SOM) PasswordGrant(tx *sandbox.Tx, c Client, username, password string) (Session, error) {
	app, err := d.app(tx, c)
	if err != nil {
		return Session{}, err
	}
	l, ok := d.user(tx, username, password)
	if !ok {
		return Session{}, refuse("som.oauth.password", CodeInvalidGrant, "authentication failure")
	}
	return d.openFor(tx, app, l.UserID)
}

// Refresh opens another session for whom a refresh token was issued. The scope may be narrowed.
func (d *SOM) Refresh(tx *sandbox.Tx, c Client, token, scope string) (Session, error) {
	app, err := d.appOrPublic(tx, c)
	if err != nil {
		return Session{}, err
	}
	r, ok := d.refreshes.Get(tx.Tx, token)
	if !ok || r.ClientID != app.ClientID {
		return Session{}, refuse("som.oauth.refresh-token", CodeInvalidGrant, "expired access/refresh token")
	}
	if err := d.mayLogIn(tx, r.UserID); err != nil {
		return Session{}, err
	}
	granted := connectedApp{Scopes: strings.Fields(r.Scope)}
	if r.Scope, err = granted.granted(scope); err != nil {
		return Session{}, err
	}
	return d.open(tx, sessionRow{UserID: r.UserID, ClientID: r.ClientID, Scope: r.Scope, Refresh: token}), nil
}

// Assertion is what a connected app claims in a token it signed with its own key (OAuth 2.0 JWT bearer). The signature
// has been checked with [SOM.AppCertificate].
type Assertion struct {
	// Issuer is the client id, Subject the user name.
	Issuer, Subject string
	Audience        []string
	// ExpiresAt is zero when the assertion does not tell.
	ExpiresAt time.Time
}

// The log in hosts an assertion may be meant for, beside the org's own address.
const (
	productionLogin = "https://login.salesforce.com"
	sandboxLogin    = "https://test.salesforce.com"
)

// AppCertificate returns the certificate, in PEM, that the assertions of a connected app are checked with.
func (d *SOM) AppCertificate(tx *sandbox.Tx, clientID string) (string, error) {
	app, err := d.appByID(tx, clientID)
	if err != nil {
		return "", err
	}
	if app.Certificate == "" {
		return "", refuse("som.oauth.assertion", CodeInvalidGrant, "invalid assertion")
	}
	return app.Certificate, nil
}

// JWTBearer logs in the user whom a connected app vouches for. The org answers to the log in hosts and to its own URL.
func (d *SOM) JWTBearer(tx *sandbox.Tx, a Assertion, orgURL string) (Session, error) {
	app, err := d.appByID(tx, a.Issuer)
	if err != nil {
		return Session{}, err
	}
	if err := a.timely(tx); err != nil {
		return Session{}, err
	}
	meant := func(audience string) bool {
		return audience == productionLogin || audience == sandboxLogin || audience == orgURL || audience == orgURL+"/services/oauth2/token"
	}
	if !slices.ContainsFunc(a.Audience, meant) {
		return Session{}, refuse("som.oauth.audience", CodeInvalidGrant, "audience is invalid")
	}
	l, ok := d.logins.Get(tx.Tx, a.Subject)
	if !ok || !app.Preauthorized && !d.approved(tx, app.ClientID, l.UserID) {
		return Session{}, refuse("som.oauth.approved", CodeInvalidGrant, "user hasn't approved this consumer")
	}
	return d.openFor(tx, app, l.UserID)
}

func (a Assertion) timely(tx *sandbox.Tx) error {
	if !tx.Now().Before(a.ExpiresAt) {
		return refuse("som.oauth.assertion-time", CodeInvalidGrant, "expired authorization code")
	}
	return nil
}

// approved reports whether a user once let an app act for him for good.
func (d *SOM) approved(tx *sandbox.Tx, clientID, userID string) bool {
	found := false
	d.refreshes.Scan(tx.Tx, func(r *refreshRow) bool {
		found = r.ClientID == clientID && r.UserID == userID
		return !found
	})
	return found
}

func (d *SOM) openFor(tx *sandbox.Tx, app connectedApp, userID string) (Session, error) {
	if err := d.mayLogIn(tx, userID); err != nil {
		return Session{}, err
	}
	return d.open(tx, sessionRow{UserID: userID, ClientID: app.ClientID, Scope: app.unattended()}), nil
}

func (d *SOM) mayLogIn(tx *sandbox.Tx, userID string) error {
	if !d.active(tx, userID) {
		return refuse("som.oauth.user-active", CodeInactiveUser, "user is inactive")
	}
	return nil
}
