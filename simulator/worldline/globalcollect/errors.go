package globalcollect

import (
	"errors"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/worldline"
	"github.com/somsim/somsim/simulator/worldline/gcs"
)

type errorBody struct {
	ErrorID string     `json:"errorId"`
	Errors  []apiError `json:"errors"`
}

type apiError struct {
	Category       string `json:"category"`
	Code           string `json:"code"`
	HTTPStatusCode int    `json:"httpStatusCode"`
	ID             string `json:"id"`
	Message        string `json:"message"`
	PropertyName   string `json:"propertyName,omitempty"`
	RequestID      string `json:"requestId"`
}

// answerError is the one place where errors become answers.
func answerError(c *binding.Call, err error) *binding.Response {
	body, status := newErrorBody(c, err)
	return binding.JSONResponse(status, body)
}

func newErrorBody(c *binding.Call, err error) (errorBody, int) {
	e := gcs.Explain(err)
	return errorBody{gcs.ErrorID(c, e), []apiError{newAPIError(c, err)}}, e.Status
}

// newAPIError tells what the payment platform behind Connect has refused from what Connect has refused itself.
func newAPIError(c *binding.Call, err error) apiError {
	e := gcs.Explain(err)
	out := apiError{
		Category: "CONNECT_PLATFORM_ERROR", Code: e.Number, HTTPStatusCode: e.Status, ID: e.ID, Message: e.Message, PropertyName: e.Property,
		RequestID: gcs.ErrorID(c, gcs.Error{ID: "request " + e.ID}),
	}
	var refused *worldline.Error
	if !errors.As(err, &refused) {
		return out
	}
	switch refused.Code { //nolint:exhaustive // the others are refused by Connect
	case worldline.OperationNotPossible, worldline.Declined, worldline.InsufficientFunds, worldline.IssuerUnavailable, worldline.AuthFailed:
		out.Category = "PAYMENT_PLATFORM_ERROR"
	}
	return out
}
