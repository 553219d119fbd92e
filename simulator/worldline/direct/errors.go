package direct

import (
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/worldline/gcs"
)

type errorBody struct {
	ErrorID string     `json:"errorId"`
	Errors  []apiError `json:"errors"`
}

type apiError struct {
	ErrorCode      string `json:"errorCode"`
	Code           string `json:"code"`
	Category       string `json:"category"`
	ID             string `json:"id"`
	HTTPStatusCode int    `json:"httpStatusCode"`
	Message        string `json:"message"`
	PropertyName   string `json:"propertyName,omitempty"`
	Retriable      bool   `json:"retriable"`
}

// answerError is the one place where errors become answers.
func answerError(c *binding.Call, err error) *binding.Response {
	body, status := newErrorBody(c, err)
	return binding.JSONResponse(status, body)
}

func newErrorBody(c *binding.Call, err error) (errorBody, int) {
	e := gcs.Explain(err)
	return errorBody{gcs.ErrorID(c, e), []apiError{newAPIError(e)}}, e.Status
}

func newAPIError(e gcs.Error) apiError {
	return apiError{
		ErrorCode: e.Number, Code: e.Number, Category: "DIRECT_PLATFORM_ERROR", ID: e.ID, HTTPStatusCode: e.Status, Message: e.Message,
		PropertyName: e.Property, Retriable: e.Retriable,
	}
}
