package slas

import (
	"cmp"
	"errors"
	"net/http"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

// problem is the vendor's error document.
type problem struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// answerError is the one place where errors become answers.
func answerError(_ *binding.Call, err error) *binding.Response {
	status, p := explain(err)
	resp := binding.JSONResponse(status, p)
	resp.Header.Set("Content-Type", "application/problem+json")
	return resp
}

func explain(err error) (int, problem) {
	var (
		domain   *b2c.Error
		unknown  *binding.NotFound
		verb     *binding.MethodNotAllowed
		invalid  *binding.InvalidRequest
		sandbox  *binding.SandboxError
		large    *binding.TooLarge
		alone    *binding.NotComposable
		injected *binding.VendorFault
	)
	switch {
	case errors.As(err, &domain):
		return refusal(domain)
	case errors.As(err, &unknown):
		return http.StatusNotFound, problem{"not_found", unknown.Error()}
	case errors.As(err, &verb):
		return http.StatusMethodNotAllowed, problem{invalidRequest, verb.Error()}
	case errors.As(err, &invalid) && invalid.Problem == binding.ProblemMedia:
		return http.StatusUnsupportedMediaType, problem{invalidRequest, invalid.Error()}
	case errors.As(err, &invalid):
		return http.StatusBadRequest, problem{invalidRequest, invalid.Error()}
	case errors.As(err, &sandbox):
		return http.StatusBadRequest, problem{invalidRequest, sandbox.Error()}
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge, problem{invalidRequest, large.Error()}
	case errors.As(err, &alone):
		return http.StatusBadRequest, problem{invalidRequest, alone.Error()}
	case errors.As(err, &injected):
		return cmp.Or(injected.Status, statusOf(injected.Code)), problem{injected.Code, injected.Message}
	default: // a bug of the simulator; its detail is in the journal
		return http.StatusInternalServerError, problem{"server_error", "An internal error occurred."}
	}
}

const invalidRequest = "invalid_request"

// refusal tells a refusal of the domain in the words of OAuth.
func refusal(e *b2c.Error) (int, problem) {
	code := invalidRequest
	switch e.Code { //nolint:exhaustive // all others are requests that cannot be
	case b2c.InvalidClient, b2c.UnknownClientID, b2c.AuthenticationFailed:
		code = "invalid_client"
	case b2c.InvalidGrant:
		code = "invalid_grant"
	case b2c.InvalidAccessToken, b2c.ExpiredToken:
		code = "invalid_token"
	case b2c.Conflict:
		code = "conflict"
	case b2c.TooManyRequests:
		code = "too_many_requests"
	case b2c.CustomerNotFound:
		code = "not_found"
	}
	return statusOf(code), problem{code, e.Message}
}

// statusOf is the HTTP status of an error; one that is not listed is an outage.
func statusOf(code string) int {
	switch code {
	case invalidRequest, "invalid_grant", "unsupported_grant_type", "invalid_scope":
		return http.StatusBadRequest
	case "invalid_client", "invalid_token":
		return http.StatusUnauthorized
	case "not_found":
		return http.StatusNotFound
	case "conflict":
		return http.StatusConflict
	case "precondition_failure":
		return http.StatusPreconditionFailed
	case "too_many_requests":
		return http.StatusTooManyRequests
	case "server_error":
		return http.StatusInternalServerError
	}
	return http.StatusServiceUnavailable
}
