package som

import (
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Revoke ends a session by its access token. By its refresh token it ends that and every session that came from it.
func (d *SOM) Revoke(tx *sandbox.Tx, token string) error {
	if _, ok := d.living(tx, token); ok {
		d.sessions.Delete(tx.Tx, token)
		return nil
	}
	if !d.refreshes.Delete(tx.Tx, token) {
		return refuse("som.oauth.token-type", CodeUnsupportedToken, "this token type is not supported")
	}
	for _, r := range d.sessions.List(tx.Tx, refreshIndex, token) {
		d.sessions.Delete(tx.Tx, r.Token)
	}
	return nil
}

const refreshIndex = "refresh"

func refreshOf(r *sessionRow) []string {
	if r.Refresh == "" {
		return nil
	}
	return []string{r.Refresh}
}

// Introspection is what the org knows of a token. One that is over, or of another app, is not active and that is all.
type Introspection struct {
	Active           bool
	Refresh          bool
	Scope            string
	ClientID         string
	UserID, Username string
	IssuedAt         time.Time
	// ExpiresAt is zero for a token that does not expire by itself.
	ExpiresAt time.Time
}

// Introspect tells a connected app about one of its tokens.
func (d *SOM) Introspect(tx *sandbox.Tx, c Client, token string) (Introspection, error) {
	app, err := d.appOrPublic(tx, c)
	if err != nil {
		return Introspection{}, err
	}
	in := Introspection{}
	if r, ok := d.living(tx, token); ok {
		in = Introspection{Active: true, Scope: r.Scope, ClientID: r.ClientID, UserID: r.UserID, IssuedAt: r.IssuedAt, ExpiresAt: r.ExpiresAt}
	} else if r, ok := d.refreshes.Get(tx.Tx, token); ok {
		in = Introspection{Active: true, Refresh: true, Scope: r.Scope, ClientID: r.ClientID, UserID: r.UserID, IssuedAt: r.IssuedAt}
	}
	u, ok := d.find(tx, objUser, in.UserID)
	if !ok || in.ClientID != app.ClientID || !u.Bool("IsActive") {
		return Introspection{}, nil
	}
	in.Username = u.Text("Username")
	return in, nil
}
