package som

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/sandbox"
)

// connectedApp is an API client of the org.
type connectedApp struct {
	ClientID, Secret string
	// RunAs is the user that client credentials log in; empty when the app may not use them.
	RunAs string
	// Public apps cannot keep a secret: they need none where a user or a code vouches for them.
	Public bool
	// ProofRequired makes every authorization request carry a code challenge (PKCE).
	ProofRequired bool
	// Preauthorized apps may be used by every user without his consent.
	Preauthorized bool
	// Callbacks are the redirect URIs; with AnyLoopback every http URI of this machine is one as well.
	Callbacks   []string
	AnyLoopback bool
	// Scopes are what the app may ask for at the most.
	Scopes []string
	// Certificate, in PEM, verifies the assertions that the app signs; empty when it signs none.
	Certificate string
}

// NewConnectedApp is the input of [SOM.ConnectedApp].
type NewConnectedApp connectedApp

func cloneApp(a connectedApp) connectedApp {
	a.Callbacks, a.Scopes = slices.Clone(a.Callbacks), slices.Clone(a.Scopes)
	return a
}

// ConnectedApp makes an API client, replacing one of the same id.
func (d *SOM) ConnectedApp(tx *sandbox.Tx, n NewConnectedApp) {
	d.apps.Put(tx.Tx, connectedApp(n))
}

// Client is how an API client proves which it is.
type Client struct{ ID, Secret string }

// app finds the connected app of a client whose secret is right.
func (d *SOM) app(tx *sandbox.Tx, c Client) (connectedApp, error) {
	app, err := d.appByID(tx, c.ID)
	if err == nil && !equal(app.Secret, c.Secret) {
		return app, refuse("som.oauth.client-secret", CodeInvalidClient, "invalid client credentials")
	}
	return app, err
}

// appOrPublic is [SOM.app] for grants in which a public app may leave its secret out.
func (d *SOM) appOrPublic(tx *sandbox.Tx, c Client) (connectedApp, error) {
	app, err := d.appByID(tx, c.ID)
	if err == nil && app.Public && c.Secret == "" {
		return app, nil
	}
	return d.app(tx, c)
}

func (d *SOM) appByID(tx *sandbox.Tx, clientID string) (connectedApp, error) {
	app, ok := d.apps.Get(tx.Tx, clientID)
	if !ok {
		return app, refuse("som.oauth.client-id", CodeInvalidClientID, "client identifier invalid")
	}
	return app, nil
}

// calledBack reports whether the app registered the redirect URI. Apps that run on the user's machine listen on ports
// they do not know beforehand (RFC 8252, 7.3).
func (a connectedApp) calledBack(redirect string) bool {
	if slices.Contains(a.Callbacks, redirect) {
		return true
	}
	u, err := url.Parse(redirect)
	return err == nil && a.AnyLoopback && u.Scheme == "http" && u.Fragment == "" && loopback(u.Hostname())
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Scopes of OAuth that mean something to the org.
const (
	scopeAPI     = "api"
	scopeFull    = "full"
	scopeRefresh = "refresh_token"
	scopeOffline = "offline_access"
	scopeOpenID  = "openid"
)

// granted returns the scopes of a request, in its order; all of the app's when it names none.
func (a connectedApp) granted(requested string) (string, error) {
	names := strings.Fields(requested)
	if len(names) == 0 {
		return strings.Join(a.Scopes, " "), nil
	}
	var kept []string
	for _, name := range names {
		if !slices.Contains(a.Scopes, name) {
			return "", refuse("som.oauth.scope", CodeInvalidScope, "the requested scope is not allowed")
		}
		if !slices.Contains(kept, name) {
			kept = append(kept, name)
		}
	}
	return strings.Join(kept, " "), nil
}

// unattended is what an app gets without a user before a screen: everything it may have but tokens that outlive the
// session.
func (a connectedApp) unattended() string {
	kept := slices.DeleteFunc(slices.Clone(a.Scopes), func(s string) bool { return s == scopeRefresh || s == scopeOffline })
	return strings.Join(kept, " ")
}

func inScope(scope, name string) bool { return slices.Contains(strings.Fields(scope), name) }

// CheckCertificate tells why a text in PEM cannot verify the assertions of a connected app: it is neither a certificate
// nor a public key, or none of RSA.
func CheckCertificate(text string) error {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return errors.New("there is no PEM in it")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if block.Type == "CERTIFICATE" {
		var certificate *x509.Certificate
		if certificate, err = x509.ParseCertificate(block.Bytes); err == nil {
			key = certificate.PublicKey
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", block.Type, err)
	}
	if _, ok := key.(*rsa.PublicKey); !ok {
		return errors.New("the key is not one of RSA")
	}
	return nil
}
