package ga4

import (
	"errors"
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
)

type errorBody struct {
	Error apiError `json:"error"`
}

type apiError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Status  string `json:"status"`
}

// answerError is the one place where errors become answers. What is wrong with events is no error.
func answerError(_ *binding.Call, err error) *binding.Response {
	e := explain(err)
	return binding.JSONResponse(e.Code, errorBody{e})
}

func explain(err error) apiError {
	var (
		unknown  *binding.NotFound
		method   *binding.MethodNotAllowed
		invalid  *binding.InvalidRequest
		sandbox  *binding.SandboxError
		large    *binding.TooLarge
		alone    *binding.NotComposable
		injected *binding.VendorFault
	)
	switch {
	case errors.As(err, &unknown):
		return apiError{http.StatusNotFound, unknown.Error(), "NOT_FOUND"}
	case errors.As(err, &method):
		return apiError{http.StatusMethodNotAllowed, method.Error(), "UNIMPLEMENTED"}
	case errors.As(err, &invalid):
		return apiError{http.StatusBadRequest, invalid.Error(), "INVALID_ARGUMENT"}
	case errors.As(err, &sandbox):
		return apiError{http.StatusBadRequest, sandbox.Error(), "INVALID_ARGUMENT"}
	case errors.As(err, &large):
		return apiError{http.StatusRequestEntityTooLarge, large.Error(), "INVALID_ARGUMENT"}
	case errors.As(err, &alone):
		return apiError{http.StatusBadRequest, alone.Error(), "INVALID_ARGUMENT"}
	case errors.As(err, &injected):
		return injectedError(injected)
	default: // a bug of the simulator; its detail is in the journal
		return apiError{http.StatusInternalServerError, "an internal error occurred", "INTERNAL"}
	}
}

// injectedError dresses a fault that names no status as an outage.
func injectedError(f *binding.VendorFault) apiError {
	status := f.Status
	if status == 0 {
		status = http.StatusServiceUnavailable
	}
	return apiError{status, f.Message, f.Code}
}
