package cdc

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Document holds properties of an account by name, each as the text of its JSON value.
type Document map[string]string

// with is the document with some properties replaced; an empty text removes one.
func (d Document) with(over Document) Document {
	out := maps.Clone(d)
	if out == nil {
		out = Document{}
	}
	for name, value := range over {
		if value == "" || value == "null" {
			delete(out, name)
		} else {
			out[name] = value
		}
	}
	return out
}

// Account is a person. Times are UTC.
type Account struct {
	// UID is the id by which other systems know the person.
	UID, Email, Username string
	PasswordHash         string
	// Profile has the vendor's properties, Data the site's own.
	Profile, Data Document
	// Disabled accounts cannot log in. Registered ones have all they need, verified ones have proved their email address.
	Disabled, Registered, Verified                              bool
	CreatedAt, UpdatedAt, RegisteredAt, VerifiedAt, LastLoginAt time.Time
	// Failures are wrong passwords in a row, LockedUntil is when the next may be tried.
	Failures    int
	LockedUntil time.Time
}

func (a Account) clone() Account {
	a.Profile, a.Data = maps.Clone(a.Profile), maps.Clone(a.Data)
	return a
}

func (a *Account) logins() []string {
	var logins []string
	for _, login := range []string{a.Email, a.Username} {
		if login != "" {
			logins = append(logins, strings.ToLower(login))
		}
	}
	return slices.Compact(logins)
}

// minPassword is how many characters a password has at least.
const minPassword = 6

// NewAccount is what an account begins with.
type NewAccount struct {
	// UID is made up when empty.
	UID, Email, Username, Password string
	Profile, Data                  Document
}

// AddAccount makes an account. It is neither registered nor verified. Errors have the codes [MissingParameter],
// [LoginIDExists] and [ValidationError].
func (d *CDC) AddAccount(tx *sandbox.Tx, n NewAccount) (Account, error) {
	a := Account{
		UID: n.UID, Email: n.Email, Username: n.Username, Profile: n.Profile, Data: n.Data, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
	}
	if n.Email == "" && n.Username == "" {
		return Account{}, refuse(MissingParameter, "cdc.account.login", "An account needs an email or a username.")
	}
	if err := d.loginsFree(tx, a); err != nil {
		return Account{}, err
	}
	if err := a.setPassword(tx, n.Password); err != nil {
		return Account{}, err
	}
	d.accounts.Put(tx.Tx, a)
	return a, nil
}

func (d *CDC) loginsFree(tx *sandbox.Tx, a Account) error {
	for _, login := range a.logins() {
		for _, other := range d.accounts.PeekList(tx.Tx, "login", login) {
			if other.UID != a.UID {
				return refuse(LoginIDExists, "cdc.account.login-free", "The login '%s' is another account's.", login)
			}
		}
	}
	return nil
}

// setPassword gives the account a password, and a UID where it has none, since the hash depends on it.
func (a *Account) setPassword(tx *sandbox.Tx, password string) error {
	if len(password) < minPassword {
		return refuse(ValidationError, "cdc.account.password", "A password has at least %d characters.", minPassword)
	}
	if a.UID == "" {
		a.UID = strings.ReplaceAll(tx.UUID("cdc.Account"), "-", "")
	}
	a.PasswordHash = passwordHash(a.UID, password)
	return nil
}

func passwordHash(uid, password string) string {
	sum := sha256.Sum256([]byte(uid + "\x00" + password))
	return hex.EncodeToString(sum[:])
}

// Account returns the account of a UID. The error has the code [UnknownUser].
func (d *CDC) Account(tx *sandbox.Tx, uid string) (Account, error) {
	a, ok := d.accounts.Get(tx.Tx, uid)
	if !ok {
		return Account{}, refuse(UnknownUser, "cdc.account.known", "There is no account '%s'.", uid)
	}
	return a, nil
}

// Change is what setAccountInfo does to an account; nil leaves a property.
type Change struct {
	Profile, Data   Document
	Email, Username *string
	// NewPassword replaces the password. A person shows the present one, a server application need not.
	Password, NewPassword string
	// Active and Verified are a server application's to say.
	Active, Verified *bool
	Server           bool
}

// ChangeAccount applies a change. Errors have the codes [UnknownUser], [PermissionDenied], [LoginIDExists], [InvalidLogin]
// and [ValidationError].
func (d *CDC) ChangeAccount(tx *sandbox.Tx, uid string, c Change) (Account, error) {
	a, err := d.Account(tx, uid)
	if err != nil {
		return Account{}, err
	}
	if !c.Server && (c.Active != nil || c.Verified != nil) {
		return Account{}, refuse(PermissionDenied, "cdc.account.server", "isActive and isVerified are a server application's to set.")
	}
	if err := d.rename(tx, &a, c); err != nil {
		return Account{}, err
	}
	if err := a.changePassword(tx, c); err != nil {
		return Account{}, err
	}
	if c.Active != nil {
		a.Disabled = !*c.Active
	}
	if c.Verified != nil && *c.Verified != a.Verified {
		a.Verified, a.VerifiedAt = *c.Verified, tx.Now()
	}
	a.Profile, a.Data, a.UpdatedAt = a.Profile.with(c.Profile), a.Data.with(c.Data), tx.Now()
	d.accounts.Put(tx.Tx, a)
	return a, nil
}

// rename changes by what somebody logs in. Another email address is not verified.
func (d *CDC) rename(tx *sandbox.Tx, a *Account, c Change) error {
	if c.Email != nil && !strings.EqualFold(*c.Email, a.Email) {
		a.Email, a.Verified = *c.Email, false
	}
	if c.Username != nil {
		a.Username = *c.Username
	}
	return d.loginsFree(tx, *a)
}

func (a *Account) changePassword(tx *sandbox.Tx, c Change) error {
	if c.NewPassword == "" {
		return nil
	}
	if !c.Server && passwordHash(a.UID, c.Password) != a.PasswordHash {
		return refuse(InvalidLogin, "cdc.login.password", "The present password is wrong.")
	}
	return a.setPassword(tx, c.NewPassword)
}
