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
		"agentToken":             binding.JSON(a.agentToken),
		"authorizeOnBehalf":      binding.JSON(a.authorizeOnBehalf),
		"createResetToken":       binding.JSON(a.createResetToken),
		"resetCustomerPassword":  binding.JSON(a.resetCustomerPassword),

		"getCustomerPaymentInstruments":   binding.JSON(a.getCustomerPaymentInstruments),
		"addCustomerPaymentInstrument":    binding.JSON(a.addCustomerPaymentInstrument),
		"getCustomerPaymentInstrument":    binding.JSON(a.getCustomerPaymentInstrument),
		"patchCustomerPaymentInstrument":  binding.JSON(a.patchCustomerPaymentInstrument),
		"deleteCustomerPaymentInstrument": binding.JSON(a.deleteCustomerPaymentInstrument),

		"registerCustomer":      binding.JSON(a.registerCustomer),
		"getCustomer":           binding.JSON(a.getCustomer),
		"patchCustomer":         binding.JSON(a.patchCustomer),
		"setCustomerPassword":   binding.JSON(a.setCustomerPassword),
		"getCustomerAddresses":  binding.JSON(a.getCustomerAddresses),
		"addCustomerAddress":    binding.JSON(a.addCustomerAddress),
		"getCustomerAddress":    binding.JSON(a.getCustomerAddress),
		"patchCustomerAddress":  binding.JSON(a.patchCustomerAddress),
		"deleteCustomerAddress": binding.JSON(a.deleteCustomerAddress),
	}
}
