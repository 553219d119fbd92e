package direct

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/ident"
	"github.com/somsim/somsim/simulator/worldline"
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
	e := explain(err)
	e.Code, e.Category = e.ErrorCode, "DIRECT_PLATFORM_ERROR"
	return binding.JSONResponse(e.HTTPStatusCode, errorBody{errorID(c, e), []apiError{e}})
}

// errorID derives the id of an error from what was asked and when, so that a repeated run has the same ids.
func errorID(c *binding.Call, e apiError) string {
	kind := strings.Join([]string{"worldline error", c.Request.Method, c.Request.Path, string(c.Request.Body), e.ID}, "\n")
	return ident.UUID(c.Now().UnixMilli(), kind, 0)
}

func explain(err error) apiError {
	var (
		domain   *worldline.Error
		unknown  *binding.NotFound
		method   *binding.MethodNotAllowed
		invalid  *binding.InvalidRequest
		sandbox  *binding.SandboxError
		large    *binding.TooLarge
		alone    *binding.NotComposable
		injected *binding.VendorFault
	)
	switch {
	case errors.As(err, &domain):
		e := known(domain.Code)
		e.Message, e.PropertyName = domain.Message, domain.Property
		return e
	case errors.As(err, &unknown):
		return apiError{ErrorCode: "1004", ID: "UNKNOWN_PATH", HTTPStatusCode: http.StatusNotFound, Message: unknown.Error()}
	case errors.As(err, &method):
		return apiError{ErrorCode: "1005", ID: "METHOD_NOT_ALLOWED", HTTPStatusCode: http.StatusMethodNotAllowed, Message: method.Error()}
	case errors.As(err, &invalid):
		return invalidRequest(invalid)
	case errors.As(err, &large):
		return badRequest(http.StatusRequestEntityTooLarge, large.Error())
	case errors.As(err, &sandbox):
		return badRequest(http.StatusBadRequest, sandbox.Error())
	case errors.As(err, &alone):
		return badRequest(http.StatusBadRequest, alone.Error())
	case errors.As(err, &injected):
		return injectedError(injected)
	default: // a bug of the simulator; its detail is in the journal
		return apiError{ErrorCode: "9999", ID: "INTERNAL_SERVER_ERROR", HTTPStatusCode: http.StatusInternalServerError, Message: "an internal error occurred", Retriable: true}
	}
}

// known gives a code its number and status. The numbers of authorisation errors are those of the sister API; of the
// others no list is public.
func known(code worldline.Code) apiError {
	e := apiError{ID: string(code), HTTPStatusCode: http.StatusBadRequest}
	switch code {
	case worldline.UnknownPayment:
		e.ErrorCode, e.HTTPStatusCode = "1002", http.StatusNotFound
	case worldline.OperationNotPossible:
		e.ErrorCode = "2015"
	case worldline.ParameterInvalid:
		e.ErrorCode = "21000020"
	case worldline.InvalidAuthorization:
		e.ErrorCode, e.HTTPStatusCode = "9002", http.StatusForbidden
	case worldline.MerchantNotAllowed:
		e.ErrorCode, e.HTTPStatusCode = "9007", http.StatusForbidden
	default:
		e.ErrorCode, e.HTTPStatusCode, e.Retriable = "9999", http.StatusServiceUnavailable, true
	}
	return e
}

func invalidRequest(e *binding.InvalidRequest) apiError {
	status := http.StatusBadRequest
	if e.Problem == binding.ProblemMedia {
		status = http.StatusUnsupportedMediaType
	}
	out := badRequest(status, e.Reason)
	out.PropertyName = strings.ReplaceAll(e.Name, "/", ".")
	if e.Problem == binding.ProblemMissing && e.In == "body" {
		out.ErrorCode, out.ID = "21000010", "PARAMETER_NOT_FOUND_IN_REQUEST"
	}
	return out
}

func badRequest(status int, message string) apiError {
	return apiError{ErrorCode: "21000020", ID: string(worldline.ParameterInvalid), HTTPStatusCode: status, Message: message}
}

// injectedError dresses a fault: its code may be an id or a number of the platform's.
func injectedError(f *binding.VendorFault) apiError {
	e := known(worldline.Code(f.Code))
	if _, err := strconv.Atoi(f.Code); err == nil {
		e.ErrorCode = f.Code
	}
	if f.Status != 0 {
		e.HTTPStatusCode = f.Status
	}
	e.Message, e.Retriable = f.Message, e.HTTPStatusCode >= http.StatusInternalServerError
	return e
}
