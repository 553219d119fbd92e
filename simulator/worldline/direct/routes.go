package direct

import (
	"github.com/somsim/somsim/simulator/binding"
)

func (a *API) routes() map[string]binding.Handler {
	return map[string]binding.Handler{
		"createPayment":        binding.Status(created, a.createPayment),
		"completePayment":      binding.Status(created, a.completePayment),
		"createHostedCheckout": binding.Status(created, a.createHostedCheckout),
		"getHostedCheckout":    binding.JSON(a.getHostedCheckout),
		"getPayment":           binding.JSON(a.getPayment),
		"getPaymentDetails":    binding.JSON(a.getPaymentDetails),
		"capturePayment":       binding.Status(created, a.capturePayment),
		"getCaptures":          binding.JSON(a.getCaptures),
		"cancelPayment":        binding.JSON(a.cancelPayment),
		"refundPayment":        binding.Status(created, a.refundPayment),
		"getRefunds":           binding.JSON(a.getRefunds),
		"subsequentPayment":    binding.Status(created, a.subsequentPayment),
		"createToken":          binding.JSON(a.createToken),
		"getToken":             binding.JSON(a.getToken),
		"deleteToken":          binding.JSON(a.deleteToken),
		"validateCredentials":  binding.JSON(a.validateCredentials),
	}
}
