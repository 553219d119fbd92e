package ocapi

import (
	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

// NewCustomers returns the face of customers and their sessions over a domain.
func NewCustomers(d *b2c.B2C) (*binding.Face, error) {
	a, err := Open(d)
	if err != nil {
		return nil, err
	}
	return a.FaceOf("b2c/customers", "b2c/shop-customers.yaml", a.customerRoutes())
}

func (a *API) customerRoutes() map[string]binding.Handler {
	return map[string]binding.Handler{
		"getCustomerTokenKeys":   binding.JSON(a.getCustomerTokenKeys),
		"authorizeTrustedSystem": binding.JSON(a.authorizeTrustedSystem),
		"openSession":            binding.Raw(a.openSession),
		"registerCustomer":       binding.JSON(a.registerCustomer),
		"getCustomer":            binding.JSON(a.getCustomer),
		"patchCustomer":          binding.JSON(a.patchCustomer),
		"setCustomerPassword":    binding.JSON(a.setCustomerPassword),
		"getCustomerAddresses":   binding.JSON(a.getCustomerAddresses),
		"addCustomerAddress":     binding.JSON(a.addCustomerAddress),
		"getCustomerAddress":     binding.JSON(a.getCustomerAddress),
		"patchCustomerAddress":   binding.JSON(a.patchCustomerAddress),
		"deleteCustomerAddress":  binding.JSON(a.deleteCustomerAddress),
	}
}
