package ocapi

import "github.com/somsim/somsim/simulator/binding"

func (a *API) routes() map[string]binding.Handler {
	return map[string]binding.Handler{
		"accountManagerToken": binding.JSON(a.accountManagerToken),
		"authorizeCustomer":   binding.JSON(a.authorizeCustomer),
		"endCustomerToken":    binding.JSON(a.endCustomerToken),
		"getOrder":            binding.JSON(a.getOrder),
		"submitBasket":        binding.JSON(a.submitBasket),
		"submitBasketAs":      binding.JSON(a.submitBasketAs),
		"patchOrder":          binding.JSON(a.patchOrder),
		"getCustomerOrders":   binding.JSON(a.getCustomerOrders),

		"addOrderPaymentInstrument":    binding.JSON(a.addOrderPaymentInstrument),
		"patchOrderPaymentInstrument":  binding.JSON(a.patchOrderPaymentInstrument),
		"deleteOrderPaymentInstrument": binding.JSON(a.deleteOrderPaymentInstrument),
		"getOrderPaymentMethods":       binding.JSON(a.getOrderPaymentMethods),
		"getOrderNotes":                binding.JSON(a.getOrderNotes),
		"addOrderNote":                 binding.JSON(a.addOrderNote),
		"deleteOrderNote":              binding.JSON(a.deleteOrderNote),
		"searchOrders":                 binding.JSON(a.searchOrders),
	}
}
