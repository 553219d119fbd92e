package connect

import "github.com/somsim/somsim/simulator/binding"

// routes is the table of operations.
func (a *API) routes() map[string]binding.Handler {
	done := a.platform.Choices().ActionStatus
	return map[string]binding.Handler{
		"createOrderSummary":          binding.Status(done, a.createOrderSummary),
		"createOrderPaymentSummary":   binding.Status(done, a.createOrderPaymentSummary),
		"createPendingOrderSummaries": binding.Status(done, a.createPendingOrderSummaries),

		"previewCancel": binding.Status(done, a.previewCancel),
		"submitCancel":  binding.Status(done, a.submitCancel),
		"previewReturn": binding.Status(done, a.previewReturn),
		"submitReturn":  binding.Status(done, a.submitReturn),
		"previewAdjust": binding.Status(done, a.previewAdjust),
		"submitAdjust":  binding.Status(done, a.submitAdjust),
		"previewChange": binding.Status(done, a.previewChange),
		"submitChange":  binding.Status(done, a.submitChange),

		"createCreditMemo":         binding.Status(done, a.createCreditMemo),
		"createInvoice":            binding.Status(done, a.createInvoice),
		"createInvoices":           binding.Status(done, a.createInvoices),
		"createInvoicesOfOverview": binding.Status(done, a.createInvoices),
		"createChangeInvoices":     binding.Status(done, a.createChangeInvoices),

		"cancelAll":           binding.Status(done, a.cancelAll),
		"ensureFunds":         binding.Status(done, a.ensureFunds),
		"multipleEnsureFunds": binding.Status(done, a.multipleEnsureFunds),
		"ensureRefunds":       binding.Status(done, a.ensureRefunds),

		"authorizePayment":      binding.Status(done, a.authorizePayment),
		"salePayment":           binding.Status(done, a.salePayment),
		"postAuthPayment":       binding.Status(done, a.postAuthPayment),
		"tokenizePaymentMethod": binding.Status(done, a.tokenizePaymentMethod),

		"capture":              binding.Status(done, a.capture),
		"reverseAuthorization": binding.Status(done, a.reverseAuthorization),
		"refund":               binding.Status(done, a.refund),

		"findRoutes":            binding.Status(done, a.findRoutes),
		"rankByAverageDistance": binding.Status(done, a.rankByAverageDistance),
		"holdCapacity":          binding.Status(done, a.holdCapacity),
		"confirmHeldCapacity":   binding.Status(done, a.confirmHeldCapacity),
		"releaseHeldCapacity":   binding.Status(done, a.releaseHeldCapacity),
		"getCapacityValues":     binding.Status(done, a.getCapacityValues),

		"previewExchange": binding.Status(done, a.previewExchange),
		"submitExchange":  binding.Status(done, a.submitExchange),

		"createReturnOrder": binding.Status(done, a.createReturnOrder),
		"returnItems":       binding.Status(done, a.returnItems),

		"createFulfillmentOrders":         binding.Status(done, a.createFulfillmentOrders),
		"createMultipleFulfillmentOrders": binding.Status(done, a.createMultipleFulfillmentOrders),
		"cancelFulfillmentOrderItem":      binding.Status(done, a.cancelFulfillmentOrderItem),
		"distributePickedQuantities":      binding.Status(done, a.distributePickedQuantities),
	}
}
