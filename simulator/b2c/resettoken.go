package b2c

import (
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// InvalidPasswordResetToken is the refusal of a token that does not reset the login's password.
const InvalidPasswordResetToken Code = "InvalidPasswordResetToken"

// ResetTokenLife is how long a password can be reset by a token.
const ResetTokenLife = 30 * time.Minute

// ResetToken is what resets a password once.
type ResetToken struct {
	Token, CustomerID string
	ExpiresAt         time.Time
}

// CreateResetToken gives whoever runs the shop a token for the customer of a login. The error has the code
// [CustomerNotFound].
func (b *B2C) CreateResetToken(tx *sandbox.Tx, login string) (ResetToken, Customer, error) {
	c, ok := b.byLogin(tx, login)
	if !ok {
		return ResetToken{}, Customer{}, CustomerUnknown(login)
	}
	forget(tx, b.resets, func(t ResetToken) string { return t.Token })
	t := ResetToken{Token: scopedToken(tx, tx.Token("b2c.ResetToken")), CustomerID: c.CustomerID, ExpiresAt: tx.Now().Add(ResetTokenLife)}
	b.resets.Put(tx.Tx, t)
	return t, c, nil
}

// ResetPassword sets the password of a login by a token, once. Errors have the codes [InvalidPasswordResetToken] and
// [InvalidPassword].
func (b *B2C) ResetPassword(tx *sandbox.Tx, login, token, password string) error {
	t, ok := b.resets.Get(tx.Tx, token)
	c, known := b.byLogin(tx, login)
	if !ok || !known || t.CustomerID != c.CustomerID || !tx.Now().Before(t.ExpiresAt) {
		return &Error{Code: InvalidPasswordResetToken, Rule: "b2c.customer.reset-token", Message: "The password reset token is unknown, was used, or has expired."}
	}
	b.resets.Delete(tx.Tx, token)
	return b.setPassword(tx, c, password)
}

func (b *B2C) byLogin(tx *sandbox.Tx, login string) (Customer, bool) {
	return b.ExternalCustomer(tx, IDPEcom, login)
}

func (b *B2C) setPassword(tx *sandbox.Tx, c Customer, password string) error {
	if err := acceptable(password); err != nil {
		return err
	}
	c.PasswordHash = passwordHash(c.CustomerID, password)
	b.saveCustomer(tx, c)
	return nil
}
