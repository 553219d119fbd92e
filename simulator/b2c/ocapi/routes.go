package ocapi

import "github.com/somsim/somsim/simulator/binding"

func (a *API) routes() map[string]binding.Handler {
	return map[string]binding.Handler{
		"accountManagerToken": binding.JSON(a.accountManagerToken),
		"authorizeCustomer":   binding.JSON(a.authorizeCustomer),
		"getOrder":            binding.JSON(a.getOrder),
		"submitBasket":        binding.JSON(a.submitBasket),
		"submitBasketAs":      binding.JSON(a.submitBasketAs),
		"patchOrder":          binding.JSON(a.patchOrder),
		"getCustomerOrders":   binding.JSON(a.getCustomerOrders),
	}
}
