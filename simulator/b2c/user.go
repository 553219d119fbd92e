package b2c

import (
	"crypto/subtle"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// DefaultUser and DefaultUserPassword are the user of Business Manager that every preset has.
const (
	DefaultUser         = "agent@somsim.test"
	DefaultUserPassword = "somsim"
)

// userTokenLife is how long a token of a user lives; the vendor says 899 seconds.
const userTokenLife = 899 * time.Second

// User works in Business Manager: a shop's agent.
type User struct{ Login, PasswordHash string }

// staff holds the table of users.
type staff struct{ users store.Table[User] }

func declareStaff(s *store.Schema) staff {
	return staff{users: store.Add(s, store.Def[User]{Name: "b2c.User", Internal: true, Key: func(r *User) string { return r.Login }})}
}

// AddUser stores a user.
func (b *B2C) AddUser(tx *sandbox.Tx, login, password string) {
	b.users.Put(tx.Tx, User{Login: login, PasswordHash: passwordHash(login, password)})
}

// AuthenticateUser checks a user's password. The error has the code [InvalidClient].
func (b *B2C) AuthenticateUser(tx *sandbox.Tx, login, password string) (User, error) {
	u, ok := b.users.Get(tx.Tx, login)
	if !ok || subtle.ConstantTimeCompare([]byte(u.PasswordHash), []byte(passwordHash(login, password))) != 1 {
		return User{}, &Error{Code: InvalidClient, Rule: "b2c.user.password", Message: "User authentication failed"}
	}
	return u, nil
}

// IssueUserToken returns a new token by which a user works through an API client.
func (b *B2C) IssueUserToken(tx *sandbox.Tx, clientID string, u User) SystemToken {
	t := b.IssueSystemToken(tx, clientID)
	t.User, t.ExpiresAt = u.Login, tx.Now().Add(userTokenLife)
	b.tokens.Put(tx.Tx, t)
	return t
}
