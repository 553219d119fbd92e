package globalcollect

import (
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
)

func (a *API) routes() map[string]binding.Handler {
	return map[string]binding.Handler{
		"connectCreatePayment":        binding.Status(http.StatusCreated, a.createPayment),
		"connectGetPayment":           binding.JSON(a.getPayment),
		"connectApprovePayment":       binding.JSON(a.approvePayment),
		"connectCancelApproval":       binding.JSON(a.cancelApproval),
		"connectCapturePayment":       binding.JSON(a.capturePayment),
		"connectGetCaptures":          binding.JSON(a.getCaptures),
		"connectCancelPayment":        binding.JSON(a.cancelPayment),
		"connectRefundPayment":        binding.Status(http.StatusCreated, a.refundPayment),
		"connectGetRefunds":           binding.JSON(a.getRefunds),
		"connectCompletePayment":      binding.Status(http.StatusCreated, a.completePayment),
		"connectProcessChallenged":    binding.JSON(a.processChallenged),
		"connectGetCapture":           binding.JSON(a.getCapture),
		"connectRefundCapture":        binding.Status(http.StatusCreated, a.refundCapture),
		"connectGetRefund":            binding.JSON(a.getRefund),
		"connectCancelRefund":         binding.JSON(a.cancelRefund),
		"connectCreateHostedCheckout": binding.Status(http.StatusCreated, a.createHostedCheckout),
		"connectGetHostedCheckout":    binding.JSON(a.getHostedCheckout),
		"connectDeleteHostedCheckout": binding.JSON(a.deleteHostedCheckout),
	}
}
