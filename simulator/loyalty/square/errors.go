package square

import (
	"errors"
	"net/http"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/loyalty"
)

// category is the vendor's coarse kind of an error.
type category string

const (
	invalidRequestError category = "INVALID_REQUEST_ERROR"
	authenticationError category = "AUTHENTICATION_ERROR"
	rateLimitError      category = "RATE_LIMIT_ERROR"
	internalError       category = "API_ERROR"
)

type apiError struct {
	Category category `json:"category"`
	Code     string   `json:"code"`
	Detail   string   `json:"detail"`
	Field    string   `json:"field,omitempty"`
}

type errorBody struct {
	Errors []apiError `json:"errors"`
}

// refusal is an error with its status; those of the face itself are refused before the domain is asked.
type refusal struct {
	apiError
	status int
	rule   string
}

func (e *refusal) Error() string  { return e.Code + ": " + e.Detail }
func (e *refusal) RuleID() string { return e.rule }

// invalid is the refusal of a request that the specification lets pass and should not.
func invalid(rule, code, field, detail string) error {
	return &refusal{status: http.StatusBadRequest, rule: rule, apiError: apiError{invalidRequestError, code, detail, field}}
}

// answerError is the one place where errors become answers.
func answerError(_ *binding.Call, err error) *binding.Response {
	e := explain(err)
	return binding.JSONResponse(e.status, errorBody{[]apiError{e.apiError}})
}

func explain(err error) refusal {
	var (
		domain   *loyalty.Error
		own      *refusal
		unknown  *binding.NotFound
		method   *binding.MethodNotAllowed
		malform  *binding.InvalidRequest
		sandbox  *binding.SandboxError
		large    *binding.TooLarge
		alone    *binding.NotComposable
		injected *binding.VendorFault
	)
	switch {
	case errors.As(err, &domain):
		e := known(string(domain.Code), domain.Message)
		e.Field = domain.Field
		return e
	case errors.As(err, &own):
		return *own
	case errors.As(err, &unknown):
		return known("NOT_FOUND", unknown.Error())
	case errors.As(err, &method):
		return known("METHOD_NOT_ALLOWED", method.Error())
	case errors.As(err, &malform):
		return invalidRequest(malform)
	case errors.As(err, &large):
		return known("REQUEST_ENTITY_TOO_LARGE", large.Error())
	case errors.As(err, &sandbox):
		return known("BAD_REQUEST", sandbox.Error())
	case errors.As(err, &alone):
		return known("BAD_REQUEST", alone.Error())
	case errors.As(err, &injected):
		return injectedError(injected)
	default: // a bug of the simulator; its detail is in the journal
		return known("INTERNAL_SERVER_ERROR", "an internal error occurred")
	}
}

// known gives a code the status and category it has in life; one that is not listed is an outage.
func known(code, detail string) refusal {
	e := refusal{status: http.StatusBadRequest, apiError: apiError{invalidRequestError, code, detail, ""}}
	switch code {
	case string(loyalty.BadRequest), string(loyalty.IdempotencyKeyReused):
	case string(loyalty.NotFound):
		e.status = http.StatusNotFound
	case "METHOD_NOT_ALLOWED":
		e.status = http.StatusMethodNotAllowed
	case "UNSUPPORTED_MEDIA_TYPE":
		e.status = http.StatusUnsupportedMediaType
	case "REQUEST_ENTITY_TOO_LARGE":
		e.status = http.StatusRequestEntityTooLarge
	case "CONFLICT":
		e.status = http.StatusConflict
	case "UNAUTHORIZED":
		e.status, e.Category = http.StatusUnauthorized, authenticationError
	case "RATE_LIMITED":
		e.status, e.Category = http.StatusTooManyRequests, rateLimitError
	case "INTERNAL_SERVER_ERROR":
		e.status, e.Category = http.StatusInternalServerError, internalError
	default:
		e.status, e.Category = http.StatusServiceUnavailable, internalError
	}
	return e
}

func invalidRequest(e *binding.InvalidRequest) refusal {
	out := known("BAD_REQUEST", e.Error())
	out.Field = strings.ReplaceAll(e.Name, "/", ".")
	switch e.Problem {
	case binding.ProblemMedia:
		return known("UNSUPPORTED_MEDIA_TYPE", e.Error())
	case binding.ProblemMissing:
		out.Code = "MISSING_REQUIRED_PARAMETER"
	case binding.ProblemUnknown:
		out.Code = "UNKNOWN_BODY_PARAMETER"
	case binding.ProblemType:
		out.Code = "INCORRECT_TYPE"
	case binding.ProblemConstraint:
		out.Code = "INVALID_VALUE"
	case binding.ProblemSyntax:
		out.Code = "EXPECTED_JSON_BODY"
	}
	return out
}

func injectedError(f *binding.VendorFault) refusal {
	e := known(f.Code, f.Message)
	if f.Status != 0 {
		e.status = f.Status
	}
	return e
}
