package b2c

import (
	"cmp"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// Visit is one shopper on one site, whichever API or storefront it goes on by: the same visit has the same customer and so
// the same basket. Before somebody logs in, the customer is a guest.
type Visit struct {
	// USID is the id that SLAS gives the visit.
	USID, SiteID string
	// GuestID is the visit's guest, CustomerID who the shopper is now: that guest, or whoever logged in.
	GuestID, CustomerID string
	// Revision orders the visits of a customer; the latest one is continued.
	Revision  uint64
	StartedAt time.Time
}

// StorefrontSession is a visit in a storefront that knows its shoppers by cookies.
type StorefrontSession struct {
	// ID is the cookie dwsid, SecureToken what has to come with it where the site does not enforce HTTPS.
	ID, SecureToken string
	USID            string
	ExpiresAt       time.Time
}

// storefrontLife is how long a storefront session lives without a call.
const storefrontLife = 30 * time.Minute

// shoppers hold the tables of who is visiting, and by what right.
type shoppers struct {
	visits      store.Table[Visit]
	storefronts store.Table[StorefrontSession]
	grants      store.Table[ShopperGrant]
	codes       store.Table[AuthorizationCode]
	ended       store.Table[EndedToken]
	armed       store.Table[ArmedRule]
	accessCodes store.Table[AccessCode]
	resets      store.Table[ResetToken]
	oneTime     store.Table[OneTimeCode]
	// desk is what shoppers do at order management; nil where there is none.
	desk OrderDesk
}

func declareShoppers(s *store.Schema) shoppers {
	return shoppers{
		visits: store.Add(s, store.Def[Visit]{
			Name: "b2c.Visit", Internal: true, Key: func(r *Visit) string { return r.USID },
			Indexes: []store.Index[Visit]{{Name: "customer", Values: func(r *Visit) []string { return []string{r.CustomerID} }}},
		}),
		storefronts: store.Add(s, store.Def[StorefrontSession]{
			Name: "b2c.StorefrontSession", Internal: true, Key: func(r *StorefrontSession) string { return r.ID },
			Indexes: []store.Index[StorefrontSession]{{Name: "expires", Values: func(r *StorefrontSession) []string { return []string{sortable(r.ExpiresAt)} }}},
		}),
		grants: store.Add(s, store.Def[ShopperGrant]{
			Name: "b2c.ShopperGrant", Internal: true, Clone: ShopperGrant.clone, Key: func(r *ShopperGrant) string { return r.ID },
			Indexes: []store.Index[ShopperGrant]{
				{Name: "customer", Values: func(r *ShopperGrant) []string { return []string{r.CustomerID} }},
				{Name: "expires", Values: func(r *ShopperGrant) []string { return []string{sortable(r.ExpiresAt)} }},
			},
		}),
		codes: store.Add(s, store.Def[AuthorizationCode]{
			Name: "b2c.AuthorizationCode", Internal: true, Key: func(r *AuthorizationCode) string { return r.Code },
			Indexes: []store.Index[AuthorizationCode]{{Name: "expires", Values: func(r *AuthorizationCode) []string { return []string{sortable(r.ExpiresAt)} }}},
		}),
		armed: store.Add(s, store.Def[ArmedRule]{Name: "b2c.ArmedRule", Key: func(r *ArmedRule) string { return r.ID }}),
		resets: store.Add(s, store.Def[ResetToken]{
			Name: "b2c.ResetToken", Internal: true, Key: func(r *ResetToken) string { return r.Token },
			Indexes: []store.Index[ResetToken]{{Name: "expires", Values: func(r *ResetToken) []string { return []string{sortable(r.ExpiresAt)} }}},
		}),
		oneTime: store.Add(s, store.Def[OneTimeCode]{
			Name: "b2c.OneTimeCode", Internal: true, Key: func(r *OneTimeCode) string { return r.Key },
			Indexes: []store.Index[OneTimeCode]{{Name: "expires", Values: func(r *OneTimeCode) []string { return []string{sortable(r.ExpiresAt)} }}},
		}),
		accessCodes: store.Add(s, store.Def[AccessCode]{
			Name: "b2c.AccessCode", Internal: true, Key: func(r *AccessCode) string { return r.OrderNo },
			Indexes: []store.Index[AccessCode]{{Name: "expires", Values: func(r *AccessCode) []string { return []string{sortable(r.ExpiresAt)} }}},
		}),
		ended: store.Add(s, store.Def[EndedToken]{
			Name: "b2c.EndedToken", Internal: true, Key: func(r *EndedToken) string { return r.Digest },
			Indexes: []store.Index[EndedToken]{{Name: "expires", Values: func(r *EndedToken) []string { return []string{sortable(r.ExpiresAt)} }}},
		}),
	}
}

// forget deletes the rows of a table whose time has passed.
func forget[R any](tx *sandbox.Tx, table store.Table[R], key func(R) string) {
	for _, old := range table.Range(tx.Tx, "expires", "", sortable(tx.Now()), 0) {
		table.Delete(tx.Tx, key(old))
	}
}

// GuestVisit continues the visit of a usid as its guest, or begins one. Without a usid one is made up.
func (b *B2C) GuestVisit(tx *sandbox.Tx, siteID, usid string) Visit {
	v, ok := b.visits.Get(tx.Tx, usid)
	if !ok || v.SiteID != siteID {
		return b.begin(tx, Visit{USID: usid, SiteID: siteID, CustomerID: b.AddGuest(tx).CustomerID})
	}
	v.CustomerID = v.GuestID
	return b.touch(tx, v)
}

// Visit returns the visit of that usid.
func (b *B2C) Visit(tx *sandbox.Tx, usid string) (Visit, bool) { return b.visits.Get(tx.Tx, usid) }

// LogInVisit makes a registered customer the shopper of a visit, a new one when the usid is of none.
func (b *B2C) LogInVisit(tx *sandbox.Tx, siteID, usid string, c Customer) Visit {
	v, ok := b.visits.Get(tx.Tx, usid)
	if !ok || v.SiteID != siteID {
		return b.begin(tx, Visit{USID: usid, SiteID: siteID, GuestID: b.AddGuest(tx).CustomerID, CustomerID: c.CustomerID})
	}
	v.CustomerID = c.CustomerID
	return b.touch(tx, v)
}

// VisitOf continues the latest visit of a customer to a site, or begins one.
func (b *B2C) VisitOf(tx *sandbox.Tx, siteID string, c Customer) Visit {
	var latest Visit
	for _, v := range b.visits.List(tx.Tx, "customer", c.CustomerID) {
		if v.SiteID == siteID && v.Revision > latest.Revision {
			latest = v
		}
	}
	if latest.USID != "" {
		return latest
	}
	v := Visit{SiteID: siteID, CustomerID: c.CustomerID}
	if !c.Guest {
		v.GuestID = b.AddGuest(tx).CustomerID
	}
	return b.begin(tx, v)
}

func (b *B2C) begin(tx *sandbox.Tx, v Visit) Visit {
	if v.USID == "" {
		v.USID = tx.UUID("b2c.Visit")
	}
	v.GuestID = cmp.Or(v.GuestID, v.CustomerID)
	v.StartedAt = tx.Now()
	return b.touch(tx, v)
}

func (b *B2C) touch(tx *sandbox.Tx, v Visit) Visit {
	v.Revision = tx.Next("b2c.VisitRevision")
	b.visits.Put(tx.Tx, v)
	return v
}

// OpenStorefront begins a storefront session of a visit; every call begins another one.
func (b *B2C) OpenStorefront(tx *sandbox.Tx, v Visit) StorefrontSession {
	forget(tx, b.storefronts, func(s StorefrontSession) string { return s.ID })
	s := StorefrontSession{
		ID: tx.Token("b2c.StorefrontSession"), SecureToken: tx.Token("b2c.SecureToken"), USID: v.USID, ExpiresAt: tx.Now().Add(storefrontLife),
	}
	b.storefronts.Put(tx.Tx, s)
	return s
}

// Storefront returns the visit of a storefront session and keeps the session alive. The secure token has to be the
// session's where the site does not enforce HTTPS. Errors have the codes [AuthenticationFailed] and [InvalidSecureToken].
func (b *B2C) Storefront(tx *sandbox.Tx, site Site, id, secureToken string) (Visit, error) {
	s, ok := b.storefronts.Get(tx.Tx, id)
	if !ok || tx.Now().After(s.ExpiresAt) {
		return Visit{}, noStorefront()
	}
	if !site.EnforceHTTPS && secureToken != s.SecureToken {
		return Visit{}, &Error{
			Code: InvalidSecureToken, Rule: "b2c.session.secure-token",
			Message: "The request is unauthorized, the secure token is missing or invalid.",
		}
	}
	v, ok := b.visits.Get(tx.Tx, s.USID)
	if !ok || v.SiteID != site.ID {
		return Visit{}, noStorefront()
	}
	s.ExpiresAt = tx.Now().Add(storefrontLife)
	b.storefronts.Put(tx.Tx, s)
	return v, nil
}

func noStorefront() *Error {
	return &Error{
		Code: AuthenticationFailed, Rule: "b2c.session.known", Message: "The request is unauthorized, the session is missing, invalid or has expired.",
	}
}

// ArmedRule is a rule about elapsed time that holds under a manual clock as well.
type ArmedRule struct{ ID string }

// ElapsedRules are the rules about elapsed time.
func ElapsedRules() []string { return []string{LoginSpacing, CodeSpacing} }

// Arm makes a rule about elapsed time hold under a manual clock; without on it no longer does.
func (b *B2C) Arm(tx *sandbox.Tx, rule string, on bool) {
	if on {
		b.armed.Put(tx.Tx, ArmedRule{rule})
	} else {
		b.armed.Delete(tx.Tx, rule)
	}
}

// Armed tells whether a rule about elapsed time holds under a manual clock.
func (b *B2C) Armed(tx *sandbox.Tx, rule string) bool {
	_, armed := b.armed.Peek(tx.Tx, rule)
	return armed
}
