package cdc

import (
	"crypto/subtle"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// How long things live, and how many wrong passwords lock an account for how long.
const (
	registrationLife = time.Hour
	// SessionLife is how long a session lives unless the log-in says otherwise.
	SessionLife = 24 * time.Hour
	tries       = 5
	lockTime    = 5 * time.Minute
)

// Session is a log-in that goes on.
type Session struct {
	Token, Secret, UID, APIKey string
	ExpiresAt                  time.Time
}

// Registration is one that goes on; UID is empty before the account is made.
type Registration struct {
	Token, UID, APIKey string
	ExpiresAt          time.Time
}

// sortable renders an instant so that texts sort as times do.
func sortable(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// forget deletes the rows of a table whose time has passed.
func forget[R any](tx *sandbox.Tx, table store.Table[R], key func(R) string) {
	for _, old := range table.Range(tx.Tx, "expires", "", sortable(tx.Now()), 0) {
		table.Delete(tx.Tx, key(old))
	}
}

// LogIn is what somebody shows.
type LogIn struct {
	LoginID, Password string
	// Life is how long the session lives.
	Life time.Duration
}

// Missed is a log-in that came to nothing and is remembered nevertheless: the password was wrong. Its outcome has to be
// answered by a call that succeeds, so that the failure counts.
type Missed struct{ Outcome *Error }

// LogIn logs somebody in to a site. Errors have the codes [InvalidLogin], [AccountDisabled], [LockedOut],
// [PendingRegistration] and [PendingVerification]; a wrong password comes back as [Missed], to be remembered.
func (d *CDC) LogIn(tx *sandbox.Tx, site Site, in LogIn) (Account, Session, *Missed, error) {
	found := d.accounts.List(tx.Tx, "login", strings.ToLower(in.LoginID))
	if len(found) == 0 {
		return Account{}, Session{}, nil, refuse(InvalidLogin, "cdc.login.password", "Invalid login or password.")
	}
	a := found[0]
	if tx.Now().Before(a.LockedUntil) {
		return Account{}, Session{}, nil, refuse(LockedOut, "cdc.login.lock", "The account is locked until %s.", sortable(a.LockedUntil))
	}
	if subtle.ConstantTimeCompare([]byte(passwordHash(a.UID, in.Password)), []byte(a.PasswordHash)) != 1 {
		return Account{}, Session{}, d.miss(tx, a), nil
	}
	if a.Disabled {
		return Account{}, Session{}, nil, refuse(AccountDisabled, "cdc.account.active", "The account is disabled.")
	}
	if err := pending(site, a); err != nil {
		return Account{}, Session{}, nil, err
	}
	a, s := d.enter(tx, site, a, in.Life)
	return a, s, nil, nil
}

func (d *CDC) miss(tx *sandbox.Tx, a Account) *Missed {
	a.Failures++
	if a.Failures >= tries {
		a.Failures, a.LockedUntil = 0, tx.Now().Add(lockTime)
	}
	d.accounts.Put(tx.Tx, a)
	return &Missed{refuse(InvalidLogin, "cdc.login.password", "Invalid login or password.")}
}

// pending refuses an account that is not done. What goes on with it is a registration token, which outlives the refusal
// by being made of what is known already.
func pending(site Site, a Account) error {
	var e *Error
	switch {
	case !a.Registered:
		e = refuse(PendingRegistration, "cdc.registration.final", "The registration of the account is not finalized.")
	case site.Verify && !a.Verified:
		e = refuse(PendingVerification, "cdc.registration.verified", "The email address of the account is not verified.")
	default:
		return nil
	}
	e.UID, e.RegToken = a.UID, accountToken(site, a)
	return e
}

// accountToken is the registration token of an account that exists.
func accountToken(site Site, a Account) string {
	return "st1." + passwordHash(a.UID+site.APIKey, a.PasswordHash)[:40] + "." + a.UID
}

func (d *CDC) enter(tx *sandbox.Tx, site Site, a Account, life time.Duration) (Account, Session) {
	forget(tx, d.sessions, func(s Session) string { return s.Token })
	if life <= 0 {
		life = SessionLife
	}
	a.Failures, a.LastLoginAt = 0, tx.Now()
	d.accounts.Put(tx.Tx, a)
	s := Session{
		Token: "st2.s." + tx.Token("cdc.Session"), Secret: sessionSecret(tx), UID: a.UID, APIKey: site.APIKey, ExpiresAt: tx.Now().Add(life),
	}
	d.sessions.Put(tx.Tx, s)
	return a, s
}

// SessionAccount returns whose session a token is. The error has the code [UnauthorizedUser].
func (d *CDC) SessionAccount(tx *sandbox.Tx, site Site, token string) (Account, error) {
	s, ok := d.sessions.Get(tx.Tx, token)
	if !ok || s.APIKey != site.APIKey || !tx.Now().Before(s.ExpiresAt) {
		return Account{}, refuse(UnauthorizedUser, "cdc.auth.caller", "The session is none, or has ended.")
	}
	return d.Account(tx, s.UID)
}

// LogOut ends all sessions of an account.
func (d *CDC) LogOut(tx *sandbox.Tx, uid string) {
	for _, s := range d.sessions.List(tx.Tx, "account", uid) {
		d.sessions.Delete(tx.Tx, s.Token)
	}
}

// BeginRegistration gives the token of a registration.
func (d *CDC) BeginRegistration(tx *sandbox.Tx, site Site) Registration {
	forget(tx, d.registrations, func(r Registration) string { return r.Token })
	r := Registration{Token: "st1." + tx.Token("cdc.Registration"), APIKey: site.APIKey, ExpiresAt: tx.Now().Add(registrationLife)}
	d.registrations.Put(tx.Tx, r)
	return r
}

// Register makes the account of a registration; the token is spent. Errors have the code [InvalidParameter], or are those
// of [CDC.AddAccount].
func (d *CDC) Register(tx *sandbox.Tx, site Site, token string, n NewAccount) (Account, error) {
	r, ok := d.registrations.Get(tx.Tx, token)
	if !ok || r.APIKey != site.APIKey || !tx.Now().Before(r.ExpiresAt) {
		return Account{}, refuse(InvalidParameter, "cdc.registration.token", "The regToken is none, was used, or has expired.")
	}
	d.registrations.Delete(tx.Tx, token)
	return d.AddAccount(tx, n)
}

// Pending is the outcome of a log-in to an account that is not done; nil for one that is.
func (d *CDC) Pending(site Site, a Account) error { return pending(site, a) }

// TokenAccount returns the account that a registration token goes on with. The error has the code [InvalidParameter].
func (d *CDC) TokenAccount(tx *sandbox.Tx, site Site, token string) (Account, error) {
	parts := strings.Split(token, ".")
	a, ok := d.accounts.Get(tx.Tx, parts[len(parts)-1])
	if !ok || accountToken(site, a) != token {
		return Account{}, refuse(InvalidParameter, "cdc.registration.token", "The regToken is none of a registration that is pending.")
	}
	return a, nil
}

// Complete makes an account one that has all it needs. The error has the code [UnknownUser].
func (d *CDC) Complete(tx *sandbox.Tx, uid string) error {
	a, err := d.Account(tx, uid)
	if err == nil {
		d.complete(tx, a)
	}
	return err
}

func (d *CDC) complete(tx *sandbox.Tx, a Account) Account {
	if !a.Registered {
		a.Registered, a.RegisteredAt, a.UpdatedAt = true, tx.Now(), tx.Now()
		d.accounts.Put(tx.Tx, a)
	}
	return a
}

// Finalize completes a registration and logs in, unless the email address has to be verified first. Errors have the code
// [PendingVerification].
func (d *CDC) Finalize(tx *sandbox.Tx, site Site, a Account) (Account, Session, error) {
	a = d.complete(tx, a)
	if err := pending(site, a); err != nil {
		return a, Session{}, err
	}
	a, s := d.enter(tx, site, a, 0)
	return a, s, nil
}
