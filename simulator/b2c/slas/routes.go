package slas

import "github.com/somsim/somsim/simulator/binding"

func (a *API) routes() map[string]binding.Handler {
	return map[string]binding.Handler{
		"authorizeShopper":                binding.Raw(a.authorizeShopper),
		"authenticateCustomer":            binding.Raw(a.authenticateCustomer),
		"getAccessToken":                  binding.JSON(a.getAccessToken),
		"getSessionBridgeAccessToken":     binding.JSON(a.getSessionBridgeAccessToken),
		"getTrustedSystemAccessToken":     binding.JSON(a.getTrustedSystemAccessToken),
		"logoutCustomer":                  binding.JSON(a.logoutCustomer),
		"revokeToken":                     binding.JSON(a.revokeToken),
		"introspectToken":                 binding.JSON(a.introspectToken),
		"getUserInfo":                     binding.JSON(a.getUserInfo),
		"getWellknownOpenidConfiguration": binding.JSON(a.getWellknownOpenidConfiguration),
		"getJwksUri":                      binding.JSON(a.getJwksUri),
	}
}
