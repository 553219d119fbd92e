package slotsrest

import (
	"errors"
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/slots"
)

// refusal is an error of the face itself, before the domain is asked.
type refusal struct {
	status              int
	code, message, rule string
}

func (e *refusal) Error() string  { return e.code + ": " + e.message }
func (e *refusal) RuleID() string { return e.rule }

type errorBody struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// answerError is the one place where errors become answers.
func answerError(_ *binding.Call, err error) *binding.Response {
	status, code, message := explain(err)
	return binding.JSONResponse(status, errorBody{code, message})
}

func explain(err error) (status int, code, message string) {
	var (
		domain    *slots.Error
		own       *refusal
		unknown   *binding.NotFound
		method    *binding.MethodNotAllowed
		invalid   *binding.InvalidRequest
		sandbox   *binding.SandboxError
		large     *binding.TooLarge
		alone     *binding.NotComposable
		injected  *binding.VendorFault
		badFormat = http.StatusBadRequest
	)
	switch {
	case errors.As(err, &domain):
		return domainStatus(domain.Code), string(domain.Code), domain.Message
	case errors.As(err, &own):
		return own.status, own.code, own.message
	case errors.As(err, &unknown):
		return http.StatusNotFound, "NOT_FOUND", unknown.Error()
	case errors.As(err, &method):
		return http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", method.Error()
	case errors.As(err, &invalid):
		if invalid.Problem == binding.ProblemMedia {
			badFormat = http.StatusUnsupportedMediaType
		}
		return badFormat, "INVALID_REQUEST", invalid.Error()
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge, "INVALID_REQUEST", large.Error()
	case errors.As(err, &sandbox):
		return http.StatusBadRequest, "INVALID_REQUEST", sandbox.Error()
	case errors.As(err, &alone):
		return http.StatusBadRequest, "INVALID_REQUEST", alone.Error()
	case errors.As(err, &injected):
		return injectedStatus(injected), injected.Code, injected.Message
	default: // a bug of the simulator; its detail is in the journal
		return http.StatusInternalServerError, "INTERNAL_ERROR", "an internal error occurred"
	}
}

func domainStatus(code slots.Code) int {
	switch code {
	case slots.SlotNotFound, slots.HoldNotFound, slots.BookingNotFound:
		return http.StatusNotFound
	case slots.SlotFull, slots.HoldAlreadyUsed, slots.BookingReleased, slots.HasSuccessor, slots.TypeMismatch:
		return http.StatusConflict
	case slots.SlotClosed, slots.HoldExpired:
		return http.StatusGone
	}
	return http.StatusInternalServerError
}

// injectedStatus is the status of a fault that names none: the one its code has in life, else 503.
func injectedStatus(f *binding.VendorFault) int {
	if f.Status != 0 {
		return f.Status
	}
	if status := domainStatus(slots.Code(f.Code)); status != http.StatusInternalServerError {
		return status
	}
	return http.StatusServiceUnavailable
}
