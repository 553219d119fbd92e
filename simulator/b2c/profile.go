package b2c

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/sandbox"
)

// minPassword is how many characters a password has at least.
const minPassword = 8

// Register makes a registered customer of what somebody typed in. Errors have the codes [LoginAlreadyInUse] and
// [InvalidPassword].
func (b *B2C) Register(tx *sandbox.Tx, n NewCustomer) (Customer, error) {
	n.Login = cmp.Or(n.Login, n.Email)
	if err := b.loginFree(tx, n.Login, ""); err != nil {
		return Customer{}, err
	}
	if err := acceptable(n.Password); err != nil {
		return Customer{}, err
	}
	return b.AddCustomer(tx, n)
}

func (b *B2C) loginFree(tx *sandbox.Tx, login, except string) error {
	for _, c := range b.customers.PeekList(tx.Tx, "login", strings.ToLower(login)) {
		if c.CustomerID != except {
			return &Error{
				Code: LoginAlreadyInUse, Rule: "b2c.customer.login-free", Message: fmt.Sprintf("The login '%s' is already in use.", login),
				Arguments: map[string]string{"login": login},
			}
		}
	}
	return nil
}

func acceptable(password string) error {
	if len(password) < minPassword {
		return &Error{
			Code: InvalidPassword, Rule: "b2c.customer.password", Message: fmt.Sprintf("The password must have at least %d characters.", minPassword),
		}
	}
	return nil
}

// ProfileChange is what a PATCH does to a customer; nil leaves a property.
type ProfileChange struct {
	Login, Email, FirstName, LastName                     *string
	PhoneHome, PhoneMobile, CompanyName, Birthday, Locale *string
	Set                                                   Attributes
	Unset                                                 []string
}

// ChangeProfile applies a PATCH to a registered customer. Errors have the codes [CustomerNotFound] and [LoginAlreadyInUse].
func (b *B2C) ChangeProfile(tx *sandbox.Tx, id string, change ProfileChange) (Customer, error) {
	c, err := b.registered(tx, id)
	if err != nil {
		return Customer{}, err
	}
	if change.Login != nil {
		if err := b.loginFree(tx, *change.Login, id); err != nil {
			return Customer{}, err
		}
	}
	for to, value := range map[*string]*string{
		&c.Login: change.Login, &c.Email: change.Email, &c.FirstName: change.FirstName, &c.LastName: change.LastName,
		&c.PhoneHome: change.PhoneHome, &c.PhoneMobile: change.PhoneMobile, &c.CompanyName: change.CompanyName,
		&c.Birthday: change.Birthday, &c.PreferredLocale: change.Locale,
	} {
		if value != nil {
			*to = *value
		}
	}
	c.Custom = c.Custom.altered(change.Set, change.Unset)
	return b.saveCustomer(tx, c), nil
}

// registered returns a customer who is no guest. The error has the code [CustomerNotFound].
func (b *B2C) registered(tx *sandbox.Tx, id string) (Customer, error) {
	c, err := b.Customer(tx, id)
	if err == nil && c.Guest {
		return Customer{}, CustomerUnknown(id)
	}
	return c, err
}

func (b *B2C) saveCustomer(tx *sandbox.Tx, c Customer) Customer {
	c.LastModified = tx.Now()
	b.customers.Put(tx.Tx, c)
	return c
}

// ChangePassword replaces a password by another one. Errors have the codes [CustomerNotFound] and [InvalidPassword].
func (b *B2C) ChangePassword(tx *sandbox.Tx, id, current, wanted string) error {
	c, err := b.registered(tx, id)
	if err != nil {
		return err
	}
	if c.PasswordHash != passwordHash(c.CustomerID, current) {
		return &Error{Code: InvalidPassword, Rule: "b2c.customer.password-known", Message: "The current password does not match."}
	}
	return b.setPassword(tx, c, wanted)
}

// ExternalCustomer finds whom an identity provider knows by an id: the id itself, or the login of one of its customers.
func (b *B2C) ExternalCustomer(tx *sandbox.Tx, provider, id string) (Customer, bool) {
	for _, c := range b.customers.List(tx.Tx, "external", externalKey(provider, id)) {
		return c, true
	}
	for _, c := range b.customers.List(tx.Tx, "login", strings.ToLower(id)) {
		if provider == IDPEcom || c.ExternalProvider == provider {
			return c, true
		}
	}
	return Customer{}, false
}

// Address returns an address of a customer. The error has the code [CustomerAddressNotFound].
func (c *Customer) Address(id string) (OrderAddress, error) {
	i := c.addressAt(id)
	if i < 0 {
		return OrderAddress{}, &Error{
			Code: CustomerAddressNotFound, Rule: "b2c.customer.address", Message: fmt.Sprintf("The customer has no address '%s'.", id),
			Arguments: map[string]string{"addressName": id, "customerId": c.CustomerID},
		}
	}
	return c.Addresses[i], nil
}

func (c *Customer) addressAt(id string) int {
	return slices.IndexFunc(c.Addresses, func(a OrderAddress) bool { return a.ID == id })
}

// PutAddress adds an address to a customer's book or, when the id is of one there, replaces that. Errors have the codes
// [CustomerNotFound], [CustomerAddressNotFound] and [CustomerAddressNameAlreadyInUse].
func (b *B2C) PutAddress(tx *sandbox.Tx, customerID, id string, a OrderAddress, preferred bool) (Customer, error) {
	c, err := b.registered(tx, customerID)
	if err != nil {
		return Customer{}, err
	}
	if id != a.ID && c.addressAt(a.ID) >= 0 {
		return Customer{}, &Error{
			Code: CustomerAddressNameAlreadyInUse, Rule: "b2c.customer.address-free",
			Message:   fmt.Sprintf("The customer has an address '%s' already.", a.ID),
			Arguments: map[string]string{"addressName": a.ID, "customerId": c.CustomerID},
		}
	}
	if id == "" {
		c.Addresses = append(c.Addresses, a)
	} else if _, err := c.Address(id); err != nil {
		return Customer{}, err
	} else {
		c.Addresses[c.addressAt(id)] = a
	}
	if preferred || c.PreferredAddress == id && id != "" {
		c.PreferredAddress = a.ID
	}
	return b.saveCustomer(tx, c), nil
}

// DropAddress takes an address out of a customer's book. Errors have the codes [CustomerNotFound] and
// [CustomerAddressNotFound].
func (b *B2C) DropAddress(tx *sandbox.Tx, customerID, id string) error {
	c, err := b.registered(tx, customerID)
	if err != nil {
		return err
	}
	if _, err := c.Address(id); err != nil {
		return err
	}
	c.Addresses = slices.Delete(c.Addresses, c.addressAt(id), c.addressAt(id)+1)
	if c.PreferredAddress == id {
		c.PreferredAddress = ""
	}
	b.saveCustomer(tx, c)
	return nil
}
