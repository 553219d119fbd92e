package somrest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

// Failure is an error on its way to a client, before it is dressed.
type Failure struct {
	// Status is the HTTP status.
	Status int
	// Code is the errorCode, Message the text for a reader.
	Code, Message string
	// Fields are the fields at fault, if any.
	Fields []string
	// Action tells that an action was refused by one of its rules: some orgs answer that with a status of success.
	Action bool
}

// answerError is the one place where errors become answers. Which dress they wear depends on the operation.
func (a *API) answerError(c *binding.Call, err error) *binding.Response {
	if resp := a.several(c, err); resp != nil {
		return resp
	}
	f := a.Explain(c, err)
	switch c.Operation {
	case "token", "introspect":
		return binding.JSONResponse(f.Status, oauthError{f.Code, f.Message})
	case "revoke":
		return formError(f)
	case "authorize", "approve":
		return page(f.Status, errorPage, f)
	case "soap":
		return fault(f)
	case "userinfo", "identity":
		if resp, ok := notIdentified(c, f); ok && !a.choices.IdentityErrors {
			return resp
		}
	}
	return f.Response()
}

// Response is the Failure in the form of the data API.
func (f Failure) Response() *binding.Response {
	resp := binding.JSONResponse(f.Status, []errorDocument{{f.Message, f.Code, f.Fields}})
	if f.Status == http.StatusUnauthorized {
		resp.Header.Set("WWW-Authenticate", `Bearer realm="Salesforce", error="invalid_token"`)
	}
	return resp
}

// formError is an error of the authorization server as a form, as revocation answers it.
func formError(f Failure) *binding.Response {
	form := url.Values{"error": {f.Code}, "error_description": {f.Message}}
	return &binding.Response{
		Status: f.Status, Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded;charset=UTF-8"}}, Body: []byte(form.Encode()),
	}
}

type errorDocument struct {
	Message   string   `json:"message"`
	ErrorCode string   `json:"errorCode"`
	Fields    []string `json:"fields,omitempty"`
}

type oauthError struct {
	Error            string `json:"error"`
	ErrorDescription string `json:"error_description"`
}

// Explain finds status, code and text for an error of the domain or of the pipeline.
func (a *API) Explain(c *binding.Call, err error) Failure {
	var (
		refusal  *som.Error
		unknown  *binding.NotFound
		verb     *binding.MethodNotAllowed
		invalid  *binding.InvalidRequest
		sandbox  *binding.SandboxError
		large    *binding.TooLarge
		outside  *binding.NotComposable
		injected *binding.VendorFault
		bug      *binding.Bug
	)
	switch {
	case errors.As(err, &bug):
		return internal()
	case errors.As(err, &refusal):
		return a.refused(refusal)
	case errors.As(err, &unknown):
		return notFound()
	case errors.As(err, &verb):
		return notAllowed(verb)
	case errors.As(err, &invalid):
		return a.invalid(c, invalid)
	case errors.As(err, &sandbox):
		return Failure{Status: http.StatusBadRequest, Code: codeSandbox, Message: sandbox.Reason}
	case errors.As(err, &large):
		return Failure{Status: http.StatusRequestEntityTooLarge, Code: "EXCEEDED_MAX_SIZE_REQUEST", Message: large.Error()}
	case errors.As(err, &outside):
		n := a.choices.NotComposable
		return Failure{Status: n.Status, Code: n.Code, Message: n.Message}
	case errors.As(err, &injected):
		return injectedFailure(injected)
	default:
		return internal()
	}
}

// codeSandbox is no code of the vendor's: the caller made a mistake about the simulator, not about the org.
const codeSandbox = "SOMSIM_SANDBOX"

func internal() Failure {
	return Failure{
		Status: http.StatusInternalServerError, Code: "UNKNOWN_EXCEPTION",
		Message: "An unexpected error occurred. Please include this ErrorId if you contact support: 0-0 (0)",
	}
}

func notFound() Failure {
	return Failure{Status: http.StatusNotFound, Code: string(som.CodeNotFound), Message: "The requested resource does not exist"}
}

const codeMethod som.Code = "METHOD_NOT_ALLOWED"

func notAllowed(e *binding.MethodNotAllowed) Failure {
	allowed := slices.Clone(e.Allowed)
	if slices.Contains(allowed, http.MethodGet) {
		allowed = append(allowed, http.MethodHead)
	}
	slices.Sort(allowed)
	return Failure{
		Status: http.StatusMethodNotAllowed, Code: string(codeMethod),
		Message: fmt.Sprintf("HTTP Method '%s' not allowed. Allowed are %s", e.Method, strings.Join(allowed, ",")),
	}
}

func injectedFailure(e *binding.VendorFault) Failure {
	f := Failure{Status: e.Status, Code: e.Code, Message: e.Message}
	if f.Status == 0 {
		f.Status = statusOf(som.Code(e.Code))
	}
	return f
}

// refused dresses a refusal of the domain; the choices have the last word.
func (a *API) refused(e *som.Error) Failure {
	f := Failure{Status: statusOf(e.Code), Code: string(e.Code), Message: e.Message, Fields: e.Fields}
	if e.Code == som.CodeDeleted && len(e.Fields) > 0 { // it is not the row itself that is gone
		f.Status = http.StatusBadRequest
	}
	if e.Code == som.CodeInvalidInput {
		f.Status, f.Code, f.Action = a.refusalStatus(), a.choices.RefusalCode, true
	}
	chosen := a.choices.Refusal(e.Rule)
	if chosen.Status != 0 {
		f.Status, f.Action = chosen.Status, false
	}
	if chosen.Code != "" {
		f.Code = chosen.Code
	}
	if chosen.Message != "" {
		f.Message = chosen.Message
	}
	return f
}

// refusalStatus is the status of an error for a refused action.
func (a *API) refusalStatus() int {
	if a.choices.RefusalStatus < http.StatusBadRequest {
		return http.StatusBadRequest // of operations that have no output to tell it in
	}
	return a.choices.RefusalStatus
}

// statusOf is the HTTP status of a code (REST API Developer Guide, "Status Codes and Error Responses").
func statusOf(code som.Code) int {
	switch code {
	case som.CodeNotFound, som.CodeDeleted:
		return http.StatusNotFound
	case codePrecondition:
		return http.StatusPreconditionFailed
	case codeMethod:
		return http.StatusMethodNotAllowed
	case som.CodeInvalidSession:
		return http.StatusUnauthorized
	case "REQUEST_LIMIT_EXCEEDED", "API_DISABLED_FOR_ORG", "FUNCTIONALITY_NOT_ENABLED", "INSUFFICIENT_ACCESS_OR_READONLY":
		return http.StatusForbidden
	case "SERVER_UNAVAILABLE":
		return http.StatusServiceUnavailable
	case "UNKNOWN_EXCEPTION":
		return http.StatusInternalServerError
	default:
		return http.StatusBadRequest
	}
}

// invalid dresses a request that breaks its specification.
func (a *API) invalid(c *binding.Call, e *binding.InvalidRequest) Failure {
	switch {
	case e.In == "path":
		return notFound() // a version that is not served
	case slices.Contains([]string{"token", "introspect", "revoke", "authorize", "approve"}, c.Operation):
		return Failure{Status: http.StatusBadRequest, Code: string(som.CodeInvalidRequest), Message: e.Reason}
	case e.Problem == binding.ProblemMedia:
		media, _, _ := strings.Cut(c.Request.Header.Get("Content-Type"), ";")
		return Failure{
			Status: http.StatusUnsupportedMediaType, Code: "UNSUPPORTED_MEDIA_TYPE",
			Message: fmt.Sprintf("MediaType of '%s' is not supported by this resource", media),
		}
	case e.Problem == binding.ProblemMissing && len(c.Request.Body) > 0 && strings.Contains(c.Request.Path, "/commerce/"):
		return Failure{
			Status: a.refusalStatus(), Code: a.choices.RefusalCode, Action: true, Message: "Required: " + strings.ReplaceAll(e.Name, "/", "."),
		}
	default:
		return Failure{Status: http.StatusBadRequest, Code: string(som.CodeWrongType), Message: parserMessage(c.Request.Body, e)}
	}
}

// parserMessage is what the platform's JSON parser would say: what is wrong, and where when the text itself is broken.
func parserMessage(body []byte, e *binding.InvalidRequest) string {
	if e.In != "body" {
		return e.Error()
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return "The HTTP entity body is required, but this request has no entity body."
	}
	var v any
	err := json.Unmarshal(body, &v)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		line, column := position(body, int(syntax.Offset))
		return fmt.Sprintf("%s at [line:%d, column:%d]", sentence(syntax.Error()), line, column)
	}
	name := strings.ReplaceAll(e.Name, "/", ".")
	switch e.Problem {
	case binding.ProblemUnknown:
		return unrecognized(name, e.Reason)
	case binding.ProblemType:
		return fmt.Sprintf("Cannot deserialize the value of %s: %s", name, e.Reason)
	default:
		return strings.TrimSpace(name + " " + e.Reason)
	}
}

// unrecognized names a property nobody asked for and the place it stands in.
func unrecognized(place, reason string) string {
	_, field, _ := strings.Cut(reason, `"`)
	field, _, _ = strings.Cut(field, `"`)
	if place == "" {
		return fmt.Sprintf("Unrecognized field %q", field)
	}
	return fmt.Sprintf("Unrecognized field %q in %s", field, place)
}

// position turns an offset into a line and a column, both from 1.
func position(body []byte, offset int) (line, column int) {
	before := body[:min(offset, len(body))]
	line = bytes.Count(before, []byte("\n")) + 1
	return line, len(before) - (bytes.LastIndexByte(before, '\n') + 1)
}

func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
