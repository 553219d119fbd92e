package ocapi

import (
	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

type customerAddress struct {
	Version     string `json:"_v"`
	Type        string `json:"_type"`
	AddressID   string `json:"address_id"`
	Preferred   bool   `json:"preferred"`
	Salutation  string `json:"salutation,omitempty"`
	Title       string `json:"title,omitempty"`
	FirstName   string `json:"first_name,omitempty"`
	LastName    string `json:"last_name"`
	FullName    string `json:"full_name,omitempty"`
	CompanyName string `json:"company_name,omitempty"`
	Address1    string `json:"address1,omitempty"`
	Address2    string `json:"address2,omitempty"`
	PostalCode  string `json:"postal_code,omitempty"`
	City        string `json:"city,omitempty"`
	StateCode   string `json:"state_code,omitempty"`
	CountryCode string `json:"country_code"`
	Phone       string `json:"phone,omitempty"`
}

func newCustomerAddress(version string, c b2c.Customer, a b2c.OrderAddress) customerAddress {
	return customerAddress{
		Version: documentVersion(version), Type: "customer_address", AddressID: a.ID, Preferred: c.PreferredAddress == a.ID,
		Salutation: a.Salutation, Title: a.Title, FirstName: a.FirstName, LastName: a.LastName, FullName: a.FullName(), CompanyName: a.CompanyName,
		Address1: a.Address1, Address2: a.Address2, PostalCode: a.PostalCode, City: a.City, StateCode: a.StateCode, CountryCode: a.CountryCode,
		Phone: a.Phone,
	}
}

type addressBook struct {
	Version string            `json:"_v"`
	Type    string            `json:"_type"`
	Count   int               `json:"count"`
	Data    []customerAddress `json:"data"`
	Start   int               `json:"start"`
	Total   int               `json:"total"`
}

func (a *API) getCustomerAddresses(c *binding.Call, _ nothing) (addressBook, error) {
	customer, err := a.own(c)
	if err != nil {
		return addressBook{}, err
	}
	n, version := len(customer.Addresses), c.Request.Vars["version"]
	book := addressBook{Version: documentVersion(version), Type: "customer_address_result", Count: n, Total: n, Data: []customerAddress{}}
	for _, address := range customer.Addresses {
		book.Data = append(book.Data, newCustomerAddress(version, customer, address))
	}
	return book, nil
}

func (a *API) getCustomerAddress(c *binding.Call, _ nothing) (customerAddress, error) {
	customer, err := a.own(c)
	if err != nil {
		return customerAddress{}, err
	}
	address, err := customer.Address(c.Request.Vars["address_name"])
	return newCustomerAddress(c.Request.Vars["version"], customer, address), err
}

type customerAddressInput struct {
	AddressID   *string `json:"address_id"`
	Preferred   bool    `json:"preferred"`
	Salutation  *string `json:"salutation"`
	Title       *string `json:"title"`
	FirstName   *string `json:"first_name"`
	LastName    *string `json:"last_name"`
	CompanyName *string `json:"company_name"`
	Address1    *string `json:"address1"`
	Address2    *string `json:"address2"`
	PostalCode  *string `json:"postal_code"`
	City        *string `json:"city"`
	StateCode   *string `json:"state_code"`
	CountryCode *string `json:"country_code"`
	Phone       *string `json:"phone"`
}

// over writes what was sent over an address.
func (in customerAddressInput) over(a b2c.OrderAddress) b2c.OrderAddress {
	for to, value := range map[*string]*string{
		&a.ID: in.AddressID, &a.Salutation: in.Salutation, &a.Title: in.Title, &a.FirstName: in.FirstName, &a.LastName: in.LastName,
		&a.CompanyName: in.CompanyName, &a.Address1: in.Address1, &a.Address2: in.Address2, &a.PostalCode: in.PostalCode, &a.City: in.City,
		&a.StateCode: in.StateCode, &a.CountryCode: in.CountryCode, &a.Phone: in.Phone,
	} {
		if value != nil {
			*to = *value
		}
	}
	return a
}

func (a *API) addCustomerAddress(c *binding.Call, in bodyOf[customerAddressInput]) (customerAddress, error) {
	return a.putAddress(c, "", b2c.OrderAddress{}, in.Body)
}

func (a *API) patchCustomerAddress(c *binding.Call, in bodyOf[customerAddressInput]) (customerAddress, error) {
	customer, err := a.own(c)
	if err != nil {
		return customerAddress{}, err
	}
	address, err := customer.Address(c.Request.Vars["address_name"])
	if err != nil {
		return customerAddress{}, err
	}
	return a.putAddress(c, address.ID, address, in.Body)
}

func (a *API) putAddress(c *binding.Call, id string, before b2c.OrderAddress, in customerAddressInput) (customerAddress, error) {
	if _, err := a.own(c); err != nil {
		return customerAddress{}, err
	}
	address := in.over(before)
	customer, err := a.domain.PutAddress(c.Tx, c.Request.Vars["customer_id"], id, address, in.Preferred)
	return newCustomerAddress(c.Request.Vars["version"], customer, address), err
}

func (a *API) deleteCustomerAddress(c *binding.Call, _ nothing) (binding.Empty, error) {
	if _, err := a.own(c); err != nil {
		return binding.Empty{}, err
	}
	return binding.Empty{}, a.domain.DropAddress(c.Tx, c.Request.Vars["customer_id"], c.Request.Vars["address_name"])
}
