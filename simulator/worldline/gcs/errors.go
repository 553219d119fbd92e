package gcs

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/ident"
	"github.com/somsim/somsim/simulator/worldline"
)

// Error is what went wrong, as both faces tell it.
type Error struct {
	// Number is the platform's number for it, ID its name.
	Number, ID string
	Status     int
	Message    string
	// Property is the property of the request that is wrong, if one is.
	Property string
	// Retriable tells that the same request may succeed later.
	Retriable bool
}

// ErrorID derives the id of an error from what was asked and when, so that a repeated run has the same ids.
func ErrorID(c *binding.Call, e Error) string {
	kind := strings.Join([]string{"worldline error", c.Request.Method, c.Request.Path, string(c.Request.Body), e.ID}, "\n")
	return ident.UUID(c.Now().UnixMilli(), kind, 0)
}

// Explain says what an error means on the wire.
func Explain(err error) Error {
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
		e.Message, e.Property = domain.Message, domain.Property
		return e
	case errors.As(err, &unknown):
		return Error{Number: "1004", ID: "UNKNOWN_PATH", Status: http.StatusNotFound, Message: unknown.Error()}
	case errors.As(err, &method):
		return Error{Number: "1005", ID: "METHOD_NOT_ALLOWED", Status: http.StatusMethodNotAllowed, Message: method.Error()}
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
		return Error{Number: "9999", ID: "INTERNAL_SERVER_ERROR", Status: http.StatusInternalServerError, Message: "an internal error occurred", Retriable: true}
	}
}

// known gives a code its number and status. The numbers of authorisation errors are those of the sister API; of the
// others no list is public.
func known(code worldline.Code) Error {
	e := Error{ID: string(code), Status: http.StatusBadRequest}
	switch code {
	case worldline.UnknownPayment, worldline.UnknownCheckout, worldline.UnknownRefund, worldline.UnknownCapture, worldline.UnknownToken:
		e.Number, e.Status = "1002", http.StatusNotFound
	case worldline.ParameterMissing:
		e.Number = "21000010"
	case worldline.InvalidCard:
		e.Number = "21000021"
	case worldline.KeyInUse:
		e.Number, e.Status, e.Retriable = "1409", http.StatusConflict, true
	case worldline.Declined, worldline.InsufficientFunds, worldline.AuthFailed:
		e.Number, e.Status = "30511001", http.StatusPaymentRequired
	case worldline.IssuerUnavailable:
		e.Number, e.Status, e.Retriable = "30511002", http.StatusPaymentRequired, true
	case worldline.OperationNotPossible:
		e.Number = "2015"
	case worldline.ParameterInvalid:
		e.Number = "21000020"
	case worldline.InvalidAuthorization:
		e.Number, e.Status = "9002", http.StatusForbidden
	case worldline.MerchantNotAllowed:
		e.Number, e.Status = "9007", http.StatusForbidden
	default:
		e.Number, e.Status, e.Retriable = "9999", http.StatusServiceUnavailable, true
	}
	return e
}

func invalidRequest(e *binding.InvalidRequest) Error {
	status := http.StatusBadRequest
	if e.Problem == binding.ProblemMedia {
		status = http.StatusUnsupportedMediaType
	}
	out := badRequest(status, e.Reason)
	out.Property = strings.ReplaceAll(e.Name, "/", ".")
	if e.Problem == binding.ProblemMissing && e.In == "body" {
		out.Number, out.ID = "21000010", string(worldline.ParameterMissing)
	}
	return out
}

func badRequest(status int, message string) Error {
	return Error{Number: "21000020", ID: string(worldline.ParameterInvalid), Status: status, Message: message}
}

// injectedError dresses a fault: its code may be an id or a number of the platform's.
func injectedError(f *binding.VendorFault) Error {
	e := known(worldline.Code(f.Code))
	if _, err := strconv.Atoi(f.Code); err == nil {
		e.Number = f.Code
	}
	if f.Status != 0 {
		e.Status = f.Status
	}
	e.Message, e.Retriable = f.Message, e.Status >= http.StatusInternalServerError
	return e
}
