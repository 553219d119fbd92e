// Package cdc is SAP Customer Data Cloud (Gigya) as far as shoppers log in with it: sites, accounts, registrations and
// sessions. It knows nothing of HTTP and JSON; package gigya below it speaks the vendor's REST API over it.
package cdc

import (
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// DefaultAPIKey, DefaultUserKey and DefaultSecret are the site and the server application that every preset has.
const (
	DefaultAPIKey  = "somsim"
	DefaultUserKey = "somsim"
	DefaultSecret  = "somsim"
)

// CDC owns the tables of Customer Data Cloud. One instance serves every sandbox: all state is rows.
type CDC struct {
	sites         store.Table[Site]
	accounts      store.Table[Account]
	sessions      store.Table[Session]
	registrations store.Table[Registration]
	nonces        store.Table[spentNonce]
}

// Declare adds the tables of Customer Data Cloud to the schema.
func Declare(s *store.Schema) *CDC {
	return &CDC{
		sites: store.Add(s, store.Def[Site]{Name: "cdc.Site", Internal: true, Key: func(r *Site) string { return r.APIKey }}),
		accounts: store.Add(s, store.Def[Account]{
			Name: "cdc.Account", Clone: Account.clone, Key: func(r *Account) string { return r.UID },
			Indexes: []store.Index[Account]{{Name: "login", Values: (*Account).logins}},
		}),
		sessions: store.Add(s, store.Def[Session]{
			Name: "cdc.Session", Internal: true, Key: func(r *Session) string { return r.Token },
			Indexes: []store.Index[Session]{
				{Name: "account", Values: func(r *Session) []string { return []string{r.UID} }},
				{Name: "expires", Values: func(r *Session) []string { return []string{sortable(r.ExpiresAt)} }},
			},
		}),
		registrations: store.Add(s, store.Def[Registration]{
			Name: "cdc.Registration", Internal: true, Key: func(r *Registration) string { return r.Token },
			Indexes: []store.Index[Registration]{{Name: "expires", Values: func(r *Registration) []string { return []string{sortable(r.ExpiresAt)} }}},
		}),
		nonces: store.Add(s, store.Def[spentNonce]{
			Name: "cdc.Nonce", Internal: true, Key: func(r *spentNonce) string { return r.Key },
			Indexes: []store.Index[spentNonce]{{Name: "expires", Values: func(r *spentNonce) []string { return []string{sortable(r.ExpiresAt)} }}},
		}),
	}
}

// Runners returns the due work of Customer Data Cloud: none; what has expired is forgotten when the next one begins.
func (d *CDC) Runners() map[string]sandbox.Runner { return nil }

// Aliases returns the texts by which a call shows that it is about an order: accounts know no orders.
func (d *CDC) Aliases(*sandbox.Tx, string) []string { return nil }

// Site is where accounts are. Server applications show its user key and secret.
type Site struct {
	APIKey, UserKey, Secret string
	// Verify says that a registered email address has to be verified before its owner can log in.
	Verify bool
}

// AddSite stores a site.
func (d *CDC) AddSite(tx *sandbox.Tx, s Site) { d.sites.Put(tx.Tx, s) }

// Site returns the site of an API key. The error has the code [InvalidAPIKey].
func (d *CDC) Site(tx *sandbox.Tx, apiKey string) (Site, error) {
	s, ok := d.sites.Get(tx.Tx, apiKey)
	if !ok {
		return Site{}, refuse(InvalidAPIKey, "cdc.site.key", "The API key '%s' is none of a site.", apiKey)
	}
	return s, nil
}

// Server tells whether user key and secret are those of the site's server application.
func (s Site) Server(userKey, secret string) bool {
	return s.Secret != "" && secret == s.Secret && (userKey == "" || userKey == s.UserKey)
}

// Sign is the signature by which a server believes a UID and its time, in seconds since 1970, to come from the site.
func (s Site) Sign(uid, timestamp string) string { return signature(s.Secret, timestamp+"_"+uid) }
