package slas

import (
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
)

func (a *API) routes() map[string]binding.Handler {
	return map[string]binding.Handler{
		"authorizeShopper":                  binding.Raw(a.authorizeShopper),
		"authenticateCustomer":              binding.Raw(a.authenticateCustomer),
		"getAccessToken":                    binding.JSON(a.getAccessToken),
		"getSessionBridgeAccessToken":       binding.JSON(a.getSessionBridgeAccessToken),
		"getTrustedSystemAccessToken":       binding.JSON(a.getTrustedSystemAccessToken),
		"authorizePasswordlessCustomer":     silent(binding.JSON(a.authorizePasswordlessCustomer)),
		"getPasswordLessAccessToken":        binding.JSON(a.getPasswordLessAccessToken),
		"getPasswordResetToken":             silent(binding.JSON(a.getPasswordResetToken)),
		"resetPassword":                     silent(binding.JSON(a.resetPassword)),
		"requestOtp":                        silent(binding.JSON(a.requestOtp)),
		"verifyOtp":                         silent(binding.JSON(a.verifyOtp)),
		"getTrustedAgentAuthorizationToken": binding.Raw(a.getTrustedAgentAuthorizationToken),
		"getTrustedAgentAccessToken":        binding.JSON(a.getTrustedAgentAccessToken),
		"logoutCustomer":                    binding.JSON(a.logoutCustomer),
		"revokeToken":                       binding.JSON(a.revokeToken),
		"introspectToken":                   binding.JSON(a.introspectToken),
		"getUserInfo":                       binding.JSON(a.getUserInfo),
		"getWellknownOpenidConfiguration":   binding.JSON(a.getWellknownOpenidConfiguration),
		"getJwksUri":                        binding.JSON(a.getJwksUri),
	}
}

// silent answers 200 with nothing to say, where others answer 204.
func silent(h binding.Handler) binding.Handler {
	return binding.Raw(func(c *binding.Call) (*binding.Response, error) {
		resp, err := binding.Handle(h, c)
		if err == nil {
			resp.Status = http.StatusOK
		}
		return resp, err
	})
}
