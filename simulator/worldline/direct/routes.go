package direct

import (
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
)

func (a *API) routes() map[string]binding.Handler {
	return map[string]binding.Handler{
		"getPayment":        binding.JSON(a.getPayment),
		"getPaymentDetails": binding.JSON(a.getPaymentDetails),
		"capturePayment":    binding.Status(http.StatusCreated, a.capturePayment),
		"getCaptures":       binding.JSON(a.getCaptures),
		"cancelPayment":     binding.JSON(a.cancelPayment),
		"refundPayment":     binding.Status(http.StatusCreated, a.refundPayment),
		"getRefunds":        binding.JSON(a.getRefunds),
	}
}
