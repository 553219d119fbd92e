package connect

import (
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som/somrest"
)

// answerError is the one place where errors become answers: what the platform says of an error, in the form that shows
// the output of the operation. Who has no session hears no more than from the rest of the platform.
func (a *API) answerError(c *binding.Call, err error) *binding.Response {
	f := a.platform.Explain(c, err)
	fields, hasOutput := outputs()[c.Operation]
	if !hasOutput || f.Status == http.StatusUnauthorized || c.Operation == "returnItems" && a.platform.Choices().PlainReturnItems {
		return f.Response()
	}
	if status := a.platform.Choices().RefusalStatus; f.Action && status < http.StatusBadRequest {
		return binding.JSONResponse(status, refusedOutput(fields, f))
	}
	return WithOutput(fields, f)
}

// errorWithOutput is the error of a Connect resource: with the output the operation would have had.
type errorWithOutput struct {
	ErrorCode         string         `json:"errorCode"`
	Message           string         `json:"message"`
	EnhancedErrorType *string        `json:"enhancedErrorType"`
	Output            map[string]any `json:"output"`
}

// WithOutput is a failure in the form of a Connect resource whose output has these fields beside success and errors.
func WithOutput(fields []string, f somrest.Failure) *binding.Response {
	return binding.JSONResponse(f.Status, []errorWithOutput{{f.Code, f.Message, nil, refusedOutput(fields, f)}})
}

// refusedOutput is the output of an action that was refused.
func refusedOutput(fields []string, f somrest.Failure) map[string]any {
	output := map[string]any{"success": false, "errors": []outputError{{f.Code, f.Message}}}
	for _, name := range fields {
		output[name] = nil
	}
	return output
}

// outputs are what the output of each operation tells beside success and errors. Operations that are not here have none:
// their errors have the form of the data API.
func outputs() map[string][]string {
	return map[string][]string{
		"previewCancel":               {"orderSummaryId", "changeBalances"},
		"previewReturn":               {"orderSummaryId", "changeBalances"},
		"submitCancel":                {"changeOrderId", "feeChangeOrderId", "changeBalances"},
		"submitReturn":                {"changeOrderId", "feeChangeOrderId", "changeBalances"},
		"previewAdjust":               adjustFields(),
		"submitAdjust":                adjustFields(),
		"createPendingOrderSummaries": {"error", "orderSummaryGraphsResults"},
		"previewExchange":             {"orderSummaryId", "changeBalances"},
		"submitExchange":              {"exchangeOrderSummaryId", "orderSummaryId", "changeBalances"},
		"previewChange":               {"orderSummaryId", "changeBalances"},
		"submitChange":                {"orderSummaryId", "changeBalances", "preFulfillmentChangeOrderId"},
		"createCreditMemo":            {"creditMemoId"},
		"createInvoice":               {"invoiceId"},
		"createInvoices":              {"invoiceIds"}, "createInvoicesOfOverview": {"invoiceIds"},
		"createChangeInvoices":       {"invoices"},
		"cancelAll":                  {"backgroundOperationId"},
		"ensureFunds":                {"backgroundOperationId"},
		"multipleEnsureFunds":        {"asyncOutputs"},
		"ensureRefunds":              {"backgroundOperationId"},
		"findRoutes":                 {"targetLocations"},
		"rankByAverageDistance":      {"distanceUnit", "results"},
		"holdCapacity":               {"holdFOCapacityResponses"},
		"confirmHeldCapacity":        {"confirmHeldFOCapacityResponses"},
		"releaseHeldCapacity":        {"releaseHeldFOCapacityResponses"},
		"getCapacityValues":          {"locations"},
		"createReturnOrder":          {"returnOrderId"},
		"returnItems":                {"changeOrderId", "feeChangeOrderId", "refundInstructionsHint", "returnLineItemSplits"},
		"cancelFulfillmentOrderItem": {},
		"distributePickedQuantities": {
			"fullyDistributedOrdersList", "partiallyDistributedOrdersList", "notDistributedOrdersList", "quantitiesRemainingList",
		},
		"createOrderSummary":              {"orderSummaryId"},
		"createOrderPaymentSummary":       {"orderPaymentSummaryId"},
		"createMultipleFulfillmentOrders": {"fulfillmentOrders"},
		"createFulfillmentOrders":         {"fulfillmentOrderIds"},
	}
}

func adjustFields() []string {
	return []string{
		"orderSummaryId", "preFulfillmentChangeOrderId", "inFulfillmentChangeOrderId", "postFulfillmentChangeOrderId", "changeBalances",
	}
}
