package data

import (
	"encoding/json"
	"fmt"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/binding"
)

type customerDocument struct {
	Version      string         `json:"_v,omitempty"`
	Type         string         `json:"_type"`
	CustomerID   string         `json:"customer_id"`
	CustomerNo   string         `json:"customer_no"`
	Email        string         `json:"email,omitempty"`
	FirstName    string         `json:"first_name,omitempty"`
	LastName     string         `json:"last_name,omitempty"`
	PhoneHome    string         `json:"phone_home,omitempty"`
	PhoneMobile  string         `json:"phone_mobile,omitempty"`
	CompanyName  string         `json:"company_name,omitempty"`
	Birthday     string         `json:"birthday,omitempty"`
	Locale       string         `json:"preferred_locale,omitempty"`
	CreationDate string         `json:"creation_date"`
	LastModified string         `json:"last_modified,omitempty"`
	Credentials  credentials    `json:"credentials"`
	custom       b2c.Attributes `json:"-"`
}

type credentials struct {
	Type    string `json:"_type"`
	Login   string `json:"login"`
	Enabled bool   `json:"enabled"`
}

// MarshalJSON writes the document with its custom attributes.
func (d customerDocument) MarshalJSON() ([]byte, error) {
	type plain customerDocument
	return ocapi.WithCustom(plain(d), d.custom)
}

func newCustomerDocument(c b2c.Customer) customerDocument {
	doc := customerDocument{
		Type: "customer", CustomerID: c.CustomerID, CustomerNo: c.CustomerNo, Email: c.Email, FirstName: c.FirstName, LastName: c.LastName,
		PhoneHome: c.PhoneHome, PhoneMobile: c.PhoneMobile, CompanyName: c.CompanyName, Birthday: c.Birthday, Locale: c.PreferredLocale,
		CreationDate: ocapi.Instant(c.CreatedAt), Credentials: credentials{"credentials", c.Login, true}, custom: c.Custom,
	}
	if !c.LastModified.IsZero() {
		doc.LastModified = ocapi.Instant(c.LastModified)
	}
	return doc
}

// list refuses customer lists that do not exist: each site has one of its own id, and all hold the same customers.
func (a *API) list(c *binding.Call, id string) error {
	if _, err := a.domain.Site(c.Tx, id); err != nil {
		return ocapi.Refuse("b2c.data.customer-list", "CustomerListNotFound",
			fmt.Sprintf("No customer list with ID '%s' could be found.", id), "customerListId", id)
	}
	return nil
}

type listDocument struct {
	Version string `json:"_v"`
	Type    string `json:"_type"`
	ID      string `json:"id"`
}

type listInput struct {
	ListID string `path:"list_id"`
	Start  int    `query:"start"`
	Count  int    `query:"count"`
}

func (a *API) getCustomerList(c *binding.Call, in listInput) (listDocument, error) {
	return listDocument{version(c), "customer_list", in.ListID}, a.list(c, in.ListID)
}

func (a *API) getListCustomers(c *binding.Call, in listInput) (page[customerDocument], error) {
	if err := a.list(c, in.ListID); err != nil {
		return page[customerDocument]{}, err
	}
	return pageOf(c, "customer_result", paging{in.Start, in.Count}, a.domain.RegisteredCustomers(c.Tx), newCustomerDocument), nil
}

type customerInput struct {
	ListID     string `path:"list_id"`
	CustomerNo string `path:"customer_no"`
	Body       customerBody
}

type customerBody struct {
	Email       *string `json:"email"`
	FirstName   *string `json:"first_name"`
	LastName    *string `json:"last_name"`
	PhoneHome   *string `json:"phone_home"`
	PhoneMobile *string `json:"phone_mobile"`
	CompanyName *string `json:"company_name"`
	Birthday    *string `json:"birthday"`
	Locale      *string `json:"preferred_locale"`
	Credentials struct {
		Login    *string `json:"login"`
		Password string  `json:"password"`
	} `json:"credentials"`
	custom map[string]json.RawMessage
}

// UnmarshalJSON reads the document with its custom attributes.
func (in *customerBody) UnmarshalJSON(text []byte) error {
	type plain customerBody
	if err := json.Unmarshal(text, (*plain)(in)); err != nil {
		return err
	}
	return json.Unmarshal(text, &in.custom)
}

func (in customerBody) change() (b2c.ProfileChange, error) {
	set, unset, err := ocapi.ReadCustom(in.custom)
	return b2c.ProfileChange{
		Login: in.Credentials.Login, Email: in.Email, FirstName: in.FirstName, LastName: in.LastName, PhoneHome: in.PhoneHome,
		PhoneMobile: in.PhoneMobile, CompanyName: in.CompanyName, Birthday: in.Birthday, Locale: in.Locale, Set: set, Unset: unset,
	}, err
}

func (a *API) createListCustomer(c *binding.Call, in customerInput) (tagged, error) {
	return a.create(c, in)
}

// putListCustomer makes a customer of a number that nobody has.
func (a *API) putListCustomer(c *binding.Call, in customerInput) (tagged, error) {
	if _, err := a.domain.CustomerByNo(c.Tx, in.CustomerNo); err == nil {
		return tagged{}, ocapi.Refuse("b2c.data.customer-number-free", "CustomerAlreadyExists",
			fmt.Sprintf("There is a customer with number '%s'.", in.CustomerNo), "customerNo", in.CustomerNo)
	}
	return a.create(c, in)
}

func (a *API) create(c *binding.Call, in customerInput) (tagged, error) {
	if err := a.list(c, in.ListID); err != nil {
		return tagged{}, err
	}
	change, err := in.Body.change()
	if err != nil {
		return tagged{}, err
	}
	login, email := text(change.Login), text(change.Email)
	if login == "" && email == "" {
		return tagged{}, ocapi.Refuse("b2c.data.customer-login", "PropertyConstraintViolation",
			"A customer has an email address or a login.", "document", "customer", "path", "$.email")
	}
	if email == "" {
		email = login
	}
	made, err := a.domain.Register(c.Tx, b2c.NewCustomer{
		CustomerNo: in.CustomerNo, Login: login, Email: email, Password: in.Body.Credentials.Password,
	})
	if err != nil {
		return tagged{}, err
	}
	made, err = a.domain.ChangeProfile(c.Tx, made.CustomerID, change)
	if err != nil {
		return tagged{}, err
	}
	return a.customer(c, made)
}

func text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// customer is the document of a customer, with its tag.
func (a *API) customer(c *binding.Call, customer b2c.Customer) (tagged, error) {
	doc := newCustomerDocument(customer)
	doc.Version = version(c)
	return newTagged(doc)
}

type customerRef struct {
	ListID     string `path:"list_id"`
	CustomerNo string `path:"customer_no"`
}

// find returns a customer of a list that exists.
func (a *API) find(c *binding.Call, listID, no string) (b2c.Customer, error) {
	if err := a.list(c, listID); err != nil {
		return b2c.Customer{}, err
	}
	return a.domain.CustomerByNo(c.Tx, no)
}

func (a *API) getListCustomer(c *binding.Call, in customerRef) (tagged, error) {
	found, err := a.find(c, in.ListID, in.CustomerNo)
	if err != nil {
		return tagged{}, err
	}
	return a.customer(c, found)
}

// changeable returns a customer whose present tag the caller has shown.
func (a *API) changeable(c *binding.Call, listID, no string) (b2c.Customer, error) {
	found, err := a.find(c, listID, no)
	if err != nil {
		return found, err
	}
	doc := newCustomerDocument(found)
	doc.Version = version(c)
	return found, mayChange(c, doc)
}

func (a *API) updateListCustomer(c *binding.Call, in customerInput) (tagged, error) {
	found, err := a.changeable(c, in.ListID, in.CustomerNo)
	if err != nil {
		return tagged{}, err
	}
	change, err := in.Body.change()
	if err != nil {
		return tagged{}, err
	}
	if found, err = a.domain.ChangeProfile(c.Tx, found.CustomerID, change); err != nil {
		return tagged{}, err
	}
	return a.customer(c, found)
}

func (a *API) deleteListCustomer(c *binding.Call, in customerRef) (binding.Empty, error) {
	if _, err := a.changeable(c, in.ListID, in.CustomerNo); err != nil {
		return binding.Empty{}, err
	}
	return binding.Empty{}, a.domain.DeleteCustomer(c.Tx, in.CustomerNo)
}
