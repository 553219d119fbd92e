package ocapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

type customerDocument struct {
	Version         string         `json:"_v"`
	Type            string         `json:"_type"`
	AuthType        string         `json:"auth_type"`
	CustomerID      string         `json:"customer_id"`
	CustomerNo      string         `json:"customer_no,omitempty"`
	Login           string         `json:"login,omitempty"`
	Email           string         `json:"email,omitempty"`
	FirstName       string         `json:"first_name,omitempty"`
	LastName        string         `json:"last_name,omitempty"`
	PhoneHome       string         `json:"phone_home,omitempty"`
	PhoneMobile     string         `json:"phone_mobile,omitempty"`
	CompanyName     string         `json:"company_name,omitempty"`
	Birthday        string         `json:"birthday,omitempty"`
	PreferredLocale string         `json:"preferred_locale"`
	CreationDate    string         `json:"creation_date"`
	LastModified    string         `json:"last_modified,omitempty"`
	LastLoginTime   string         `json:"last_login_time,omitempty"`
	custom          b2c.Attributes `json:"-"`
}

// MarshalJSON writes the document with its custom attributes.
func (d customerDocument) MarshalJSON() ([]byte, error) {
	type plain customerDocument
	return withCustom(plain(d), d.custom)
}

func newCustomerDocument(version string, c b2c.Customer, site b2c.Site) customerDocument {
	doc := customerDocument{
		Version: documentVersion(version), Type: "customer", AuthType: kindRegistered, CustomerID: c.CustomerID, CustomerNo: c.CustomerNo,
		Login: c.Login, Email: c.Email, FirstName: c.FirstName, LastName: c.LastName, PhoneHome: c.PhoneHome, PhoneMobile: c.PhoneMobile,
		CompanyName: c.CompanyName, Birthday: c.Birthday, PreferredLocale: c.PreferredLocale, CreationDate: instant(c.CreatedAt), custom: c.Custom,
	}
	if c.Guest {
		doc.AuthType = kindGuest
	}
	if doc.PreferredLocale == "" {
		doc.PreferredLocale = site.Locale
	}
	if c.LastModified.After(c.CreatedAt) {
		doc.LastModified = instant(c.LastModified)
	}
	if !c.LastLoginAt.IsZero() {
		doc.LastLoginTime = instant(c.LastLoginAt)
	}
	return doc
}

// own is the customer of the path, if the caller may know: a shopper knows itself, a system everybody.
func (a *API) own(c *binding.Call) (b2c.Customer, error) {
	id := c.Request.Vars["customer_id"]
	if c.Principal.Kind != kindSystem && c.Principal.ID != id {
		return b2c.Customer{}, b2c.CustomerUnknown(id)
	}
	return a.domain.Customer(c.Tx, id)
}

// describe renders a customer for the site and version of the path.
func (a *API) describe(c *binding.Call, customer b2c.Customer) (customerDocument, error) {
	site, err := a.domain.Site(c.Tx, c.Request.Vars["site"])
	return newCustomerDocument(c.Request.Vars["version"], customer, site), err
}

func (a *API) getCustomer(c *binding.Call, _ nothing) (customerDocument, error) {
	customer, err := a.own(c)
	if err != nil {
		return customerDocument{}, err
	}
	return a.describe(c, customer)
}

// customerInput is what registration and PATCH consider of a customer.
type customerInput struct {
	Login           *string `json:"login"`
	Email           *string `json:"email"`
	FirstName       *string `json:"first_name"`
	LastName        *string `json:"last_name"`
	PhoneHome       *string `json:"phone_home"`
	PhoneMobile     *string `json:"phone_mobile"`
	CompanyName     *string `json:"company_name"`
	Birthday        *string `json:"birthday"`
	PreferredLocale *string `json:"preferred_locale"`
	custom          customInput
}

// UnmarshalJSON reads the document with its custom attributes.
func (in *customerInput) UnmarshalJSON(text []byte) error {
	type plain customerInput
	if err := json.Unmarshal(text, (*plain)(in)); err != nil {
		return err
	}
	return json.Unmarshal(text, &in.custom)
}

// change reads what a body wants changed; properties that are no customer's are refused.
func (in customerInput) change() (b2c.ProfileChange, error) {
	known := properties(reflect.TypeFor[customerDocument]())
	for _, name := range slices.Sorted(maps.Keys(in.custom)) {
		if !known[name] && !strings.HasPrefix(name, customPrefix) {
			return b2c.ProfileChange{}, Refuse("b2c.customer.known-properties", "UnknownProperty",
				fmt.Sprintf("The property '%s' is unknown in document 'customer'.", name), "property", name, "document", "customer")
		}
	}
	set, unset, err := in.custom.attributes()
	return b2c.ProfileChange{
		Login: in.Login, Email: in.Email, FirstName: in.FirstName, LastName: in.LastName, PhoneHome: in.PhoneHome, PhoneMobile: in.PhoneMobile,
		CompanyName: in.CompanyName, Birthday: in.Birthday, Locale: in.PreferredLocale, Set: set, Unset: unset,
	}, err
}

func (a *API) patchCustomer(c *binding.Call, in bodyOf[customerInput]) (customerDocument, error) {
	if _, err := a.own(c); err != nil {
		return customerDocument{}, err
	}
	change, err := in.Body.change()
	if err != nil {
		return customerDocument{}, err
	}
	customer, err := a.domain.ChangeProfile(c.Tx, c.Request.Vars["customer_id"], change)
	if err != nil {
		return customerDocument{}, err
	}
	return a.describe(c, customer)
}

type registrationInput struct {
	Password string        `json:"password"`
	Customer customerInput `json:"customer"`
}

// registerCustomer makes a customer of a guest who typed a password; the new customer logs in afterwards.
func (a *API) registerCustomer(c *binding.Call, in bodyOf[registrationInput]) (customerDocument, error) {
	asked := in.Body.Customer
	change, err := asked.change()
	if err != nil {
		return customerDocument{}, err
	}
	customer, err := a.domain.Register(c.Tx, b2c.NewCustomer{
		Login: text(asked.Login), Email: text(asked.Email), Password: in.Body.Password, FirstName: text(asked.FirstName), LastName: text(asked.LastName),
	})
	if err != nil {
		return customerDocument{}, err
	}
	if customer, err = a.domain.ChangeProfile(c.Tx, customer.CustomerID, change); err != nil {
		return customerDocument{}, err
	}
	return a.describe(c, customer)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

type passwordInput struct {
	Current string `json:"current_password"`
	Wanted  string `json:"password"`
}

func (a *API) setCustomerPassword(c *binding.Call, in bodyOf[passwordInput]) (binding.Empty, error) {
	if _, err := a.own(c); err != nil {
		return binding.Empty{}, err
	}
	return binding.Empty{}, a.domain.ChangePassword(c.Tx, c.Request.Vars["customer_id"], in.Body.Current, in.Body.Wanted)
}
