package b2c

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Customer is a shopper, registered or guest. A guest has no number, login or name.
type Customer struct {
	// CustomerID is the opaque id, CustomerNo the readable one that order management shares.
	CustomerID, CustomerNo string
	Guest                  bool
	Login, Email           string
	FirstName, LastName    string
	// PasswordHash is derived from the password and the customer id, so that no snapshot shows a password.
	PasswordHash                        string
	PhoneHome, PhoneMobile, CompanyName string
	// Birthday is a date such as 1990-05-17.
	Birthday        string
	PreferredLocale string
	// ExternalProvider is an identity provider that knows the customer by ExternalID; both empty for everybody else.
	ExternalProvider, ExternalID         string
	Addresses                            []OrderAddress
	PreferredAddress                     string
	Payments                             []CustomerPayment
	CreatedAt, LastModified, LastLoginAt time.Time
	Custom                               Attributes
}

func (c Customer) clone() Customer {
	c.Addresses, c.Custom = slices.Clone(c.Addresses), c.Custom.clone()
	c.Payments = slices.Clone(c.Payments)
	for i := range c.Payments {
		c.Payments[i].Custom = c.Payments[i].Custom.clone()
	}
	return c
}

func (c *Customer) externals() []string {
	if c.ExternalID == "" {
		return nil
	}
	return []string{externalKey(c.ExternalProvider, c.ExternalID)}
}

func externalKey(provider, id string) string { return provider + "/" + id }

func (c *Customer) logins() []string {
	if c.Login == "" {
		return nil
	}
	return []string{strings.ToLower(c.Login)}
}

// Name returns the customer's full name, empty for a guest.
func (c *Customer) Name() string { return strings.TrimSpace(c.FirstName + " " + c.LastName) }

// NewCustomer is what a registered customer is made of.
type NewCustomer struct {
	// CustomerID and CustomerNo are made up when empty.
	CustomerID, CustomerNo string
	// Login is the email address when empty.
	Login, Email, Password string
	FirstName, LastName    string
	// ExternalProvider and ExternalID are an identity provider's; such a customer may have no password.
	ExternalProvider, ExternalID string
}

// AddCustomer registers a customer.
func (b *B2C) AddCustomer(tx *sandbox.Tx, n NewCustomer) (Customer, error) {
	c := Customer{
		CustomerID: n.CustomerID, CustomerNo: n.CustomerNo, Login: n.Login, Email: n.Email,
		FirstName: n.FirstName, LastName: n.LastName, CreatedAt: tx.Now(), LastModified: tx.Now(),
		ExternalProvider: n.ExternalProvider, ExternalID: n.ExternalID,
	}
	if c.Email == "" || n.Password == "" && n.ExternalID == "" {
		return Customer{}, fmt.Errorf("add customer %q: a registered customer has an email and a password", c.Email)
	}
	if c.Login == "" {
		c.Login = c.Email
	}
	if len(b.customers.PeekList(tx.Tx, "login", strings.ToLower(c.Login))) > 0 {
		return Customer{}, fmt.Errorf("add customer: the login %q is taken", c.Login)
	}
	if c.CustomerID == "" {
		c.CustomerID = customerID(tx)
	}
	if c.CustomerNo == "" {
		c.CustomerNo = fmt.Sprintf("%08d", tx.Next("b2c.CustomerNo"))
	}
	if n.Password != "" {
		c.PasswordHash = passwordHash(c.CustomerID, n.Password)
	}
	b.customers.Put(tx.Tx, c)
	return c, nil
}

// AddGuest creates the customer of somebody who is not logged in.
func (b *B2C) AddGuest(tx *sandbox.Tx) Customer {
	c := Customer{CustomerID: customerID(tx), Guest: true, CreatedAt: tx.Now()}
	b.customers.Put(tx.Tx, c)
	return c
}

// Customer returns the customer of that id. The error has the code [CustomerNotFound].
func (b *B2C) Customer(tx *sandbox.Tx, id string) (Customer, error) {
	c, ok := b.customers.Get(tx.Tx, id)
	if !ok {
		return Customer{}, CustomerUnknown(id)
	}
	return c, nil
}

// Login returns the registered customer whom login and password belong to. The error has the code
// [AuthenticationFailed] and does not tell which of the two is wrong.
func (b *B2C) Login(tx *sandbox.Tx, login, password string) (Customer, error) {
	for _, c := range b.customers.List(tx.Tx, "login", strings.ToLower(login)) {
		if subtle.ConstantTimeCompare([]byte(c.PasswordHash), []byte(passwordHash(c.CustomerID, password))) == 1 {
			return c, nil
		}
	}
	return Customer{}, &Error{
		Code: AuthenticationFailed, Rule: "b2c.customer.credentials", Message: "Unable to verify login and password.",
	}
}

// CustomerUnknown is the refusal of a customer who does not exist or is not the caller; the two are not told apart.
func CustomerUnknown(id string) *Error {
	return &Error{
		Code: CustomerNotFound, Rule: "b2c.customer.own", Message: fmt.Sprintf("No customer with ID '%s' could be found.", id),
		Arguments: map[string]string{"customerId": id},
	}
}

// customerID makes an id in the vendor's shape: 26 letters and digits.
func customerID(tx *sandbox.Tx) string {
	return "ab" + strings.NewReplacer("-", "x", "_", "y").Replace(tx.Token("b2c.Customer")[:24])
}

func passwordHash(customerID, password string) string {
	sum := sha256.Sum256([]byte(customerID + "\x00" + password))
	return hex.EncodeToString(sum[:])
}
