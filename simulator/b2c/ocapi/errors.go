package ocapi

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

// fault is a refusal of the face itself. Its name is the vendor's fault type without its ending "Exception".
type fault struct {
	status              int
	name, message, rule string
	arguments           map[string]string
}

func (f *fault) Error() string  { return f.name + ": " + f.message }
func (f *fault) RuleID() string { return f.rule }

type faultDocument struct {
	Version string    `json:"_v"`
	Fault   faultBody `json:"fault"`
}

type faultBody struct {
	Arguments map[string]string `json:"arguments"`
	Type      string            `json:"type"`
	Message   string            `json:"message"`
}

type oauthError struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// answerError is the one place where errors become answers.
func answerError(c *binding.Call, err error) *binding.Response {
	f := explain(c, err)
	if c.Operation == "accountManagerToken" {
		return binding.JSONResponse(f.status, oauthError{oauthCode(f), f.message})
	}
	if f.arguments == nil {
		f.arguments = map[string]string{}
	}
	return binding.JSONResponse(f.status, faultDocument{
		Version: versionOf(c.Request), Fault: faultBody{f.arguments, strings.TrimSuffix(f.name, "Exception") + "Exception", f.message},
	})
}

// versionOf is the document version of an answer to a request whose path may be none of ours.
func versionOf(r *binding.Request) string {
	for _, segment := range strings.Split(r.Path, "/") {
		if knownVersion(segment) {
			return documentVersion(segment)
		}
	}
	return documentVersion("v25_6")
}

func documentVersion(token string) string {
	return strings.ReplaceAll(strings.TrimPrefix(token, "v"), "_", ".")
}

// oauthCode spells a refusal the way OAuth does; the face's own are spelled so already.
func oauthCode(f fault) string {
	switch {
	case f.name == string(b2c.InvalidClient):
		return "invalid_client"
	case f.name == "unsupported_grant_type":
		return f.name
	case f.status >= http.StatusInternalServerError:
		return "server_error"
	default:
		return "invalid_request"
	}
}

func explain(c *binding.Call, err error) fault {
	var (
		domain   *b2c.Error
		own      *fault
		unknown  *binding.NotFound
		verb     *binding.MethodNotAllowed
		invalid  *binding.InvalidRequest
		sandbox  *binding.SandboxError
		large    *binding.TooLarge
		alone    *binding.NotComposable
		injected *binding.VendorFault
	)
	switch {
	case errors.As(err, &own):
		return *own
	case errors.As(err, &domain):
		return fault{status: domainStatus(domain.Code), name: string(domain.Code), message: domain.Message, arguments: domain.Arguments}
	case errors.As(err, &unknown):
		return fault{status: 404, name: "ResourcePathNotFound", message: unknown.Error(), arguments: map[string]string{"path": unknown.Path}}
	case errors.As(err, &verb):
		return wrongVerb(c.Request.HTTP(), verb)
	case errors.As(err, &invalid):
		return invalidRequest(c, invalid)
	case errors.As(err, &sandbox):
		return fault{status: 400, name: "Sandbox", message: sandbox.Error()}
	case errors.As(err, &large):
		return fault{status: 413, name: "RequestEntityTooLarge", message: large.Error()}
	case errors.As(err, &alone):
		return fault{status: 400, name: "ResourcePath", message: alone.Error()}
	case errors.As(err, &injected):
		return injectedFault(injected)
	default: // a bug of the simulator; its detail is in the journal
		return fault{status: 500, name: "InternalServerError", message: "An internal error occurred."}
	}
}

func domainStatus(code b2c.Code) int {
	switch code {
	case b2c.OrderNotFound, b2c.CustomerNotFound, b2c.UnknownSite:
		return http.StatusNotFound
	case b2c.StatusTransitionNotPossible, b2c.PropertyNotPermitted:
		return http.StatusBadRequest
	case b2c.ResourceStateConflict:
		return http.StatusConflict
	case b2c.AuthenticationFailed, b2c.UnknownClientID, b2c.InvalidClient, b2c.InvalidAccessToken, b2c.ExpiredToken:
		return http.StatusUnauthorized
	case b2c.InvalidOrder:
	}
	return http.StatusInternalServerError
}

func wrongVerb(r *http.Request, e *binding.MethodNotAllowed) fault {
	verbs := []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}
	if wanted := override(r); wanted != "" && !slices.Contains(verbs, wanted) {
		return fault{
			status: 400, name: "IllegalHttpMethodOverride",
			message: "The method override '" + wanted + "' is no HTTP method.", arguments: map[string]string{"method": wanted},
		}
	}
	return fault{status: 405, name: "MethodNotAllowed", message: e.Error(), arguments: map[string]string{"method": e.Method}}
}

// invalidRequest finds the vendor's fault for a request that breaks the specification.
func invalidRequest(c *binding.Call, e *binding.InvalidRequest) fault {
	f := fault{status: http.StatusBadRequest, message: e.Error()}
	document, path := documentOf(c.Operation), "$."+strings.ReplaceAll(e.Name, "/", ".")
	switch {
	case e.Problem == binding.ProblemMedia:
		f.status, f.name = http.StatusUnsupportedMediaType, "UnsupportedContentType"
	case e.In != "body":
		f.name, f.arguments = "MalformedParameter", map[string]string{"parameter": e.Name, "value": c.Request.Query(e.Name)}
	case e.Problem == binding.ProblemSyntax || len(c.Request.Body) == 0:
		f.name, f.arguments = "BodyDecoding", map[string]string{"body": cut(string(c.Request.Body))}
	case e.Problem == binding.ProblemUnknown:
		f.name, f.arguments = "UnknownProperty", map[string]string{"property": unknownName(e), "document": document}
	case e.Problem == binding.ProblemType:
		f.name, f.arguments = "TypeDecoding", map[string]string{"path": path}
	case e.Problem == binding.ProblemConstraint && (e.Name == "status" || e.Name == "type"): // the properties with a list of values
		f.name, f.arguments = "EnumConstraintViolation", map[string]string{"document": document, "enumValue": bodyValue(c.Request.Body, e.Name)}
	default:
		f.name, f.arguments = "PropertyConstraintViolation", map[string]string{"document": document, "path": path}
	}
	return f
}

// documentOf is the vendor's name of the document that an operation takes.
func documentOf(operation string) string {
	if operation == "patchOrder" {
		return "order"
	}
	return "auth_request"
}

// unknownName is the property that no document has: the validator tells its name in the reason only, in quotes.
func unknownName(e *binding.InvalidRequest) string {
	_, rest, _ := strings.Cut(e.Reason, `"`)
	name, _, _ := strings.Cut(rest, `"`)
	return name
}

func bodyValue(body []byte, name string) string {
	var properties map[string]json.RawMessage
	if json.Unmarshal(body, &properties) != nil {
		return ""
	}
	return cut(strings.Trim(string(properties[name]), `"`))
}

// cut keeps echoes of a body short.
func cut(s string) string { return s[:min(len(s), 200)] }

// injectedFault dresses a fault under its own name; without a status it gets the one the name has in life.
func injectedFault(e *binding.VendorFault) fault {
	name := strings.TrimSuffix(e.Code, "Exception")
	status := cmp.Or(e.Status, http.StatusServiceUnavailable)
	switch known := domainStatus(b2c.Code(name)); {
	case e.Status != 0:
	case known != http.StatusInternalServerError:
		status = known
	case name == "TooManyRequests":
		status = http.StatusTooManyRequests
	case name == "InternalServerError" || name == "HookInternalServerError":
		status = http.StatusInternalServerError
	case name == "HookStatus":
		status = http.StatusBadRequest
	}
	return fault{status: status, name: name, message: e.Message}
}
