package binding

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// NotFound is the error of a path that no operation has.
type NotFound struct{ Path string }

func (e *NotFound) Error() string { return fmt.Sprintf("no operation at %s", e.Path) }

// MethodNotAllowed is the error of a path that has operations, but none for the verb.
type MethodNotAllowed struct {
	Method  string
	Allowed []string
}

func (e *MethodNotAllowed) Error() string {
	return fmt.Sprintf("method %s is not allowed; allowed are %s", e.Method, strings.Join(e.Allowed, ", "))
}

// SandboxError is the error of a request whose sandbox is unknown, or that names two.
type SandboxError struct{ Reason string }

func (e *SandboxError) Error() string { return e.Reason }

// TooLarge is the error of a body above the limit, in bytes.
type TooLarge struct{ Limit int64 }

func (e *TooLarge) Error() string { return fmt.Sprintf("the body is larger than %d bytes", e.Limit) }

// NotComposable is the error of a sub-request to an operation that cannot be part of a composite.
type NotComposable struct{ Path string }

func (e *NotComposable) Error() string {
	return fmt.Sprintf("%s cannot be called inside a composite", e.Path)
}

// VendorFault is the error of a fault of kind vendor_error: the face dresses it as the vendor would.
type VendorFault struct {
	Code, Message string
	Status        int
}

func (e *VendorFault) Error() string { return e.Code + ": " + e.Message }

// Bug is a mistake of the simulator itself, never of a vendor: an answer that breaks its specification, an error no
// face knows. It answers 500 and is recorded as what it is.
type Bug struct{ Err error }

func (e *Bug) Error() string { return "simulator bug: " + e.Err.Error() }

// Unwrap returns what went wrong.
func (e *Bug) Unwrap() error { return e.Err }

// Problem says in which way a request breaks its specification.
type Problem string

// The ways in which requests break their specification.
const (
	ProblemSyntax     Problem = "syntax"
	ProblemMedia      Problem = "media type"
	ProblemMissing    Problem = "missing"
	ProblemUnknown    Problem = "unknown"
	ProblemType       Problem = "type"
	ProblemConstraint Problem = "constraint"
)

// InvalidRequest is the error of a request that breaks its specification.
type InvalidRequest struct {
	// In is path, query, header or body.
	In string
	// Name is a parameter's name, or the JSON pointer of a value in the body.
	Name    string
	Problem Problem
	Reason  string
}

func (e *InvalidRequest) Error() string {
	return strings.TrimSpace(e.In+" "+e.Name) + ": " + e.Reason
}

// undecodable translates what the decoder found in a body that has the right shape: a number out of range, a text that
// is not what its format says, something behind the end.
func undecodable(err error) *InvalidRequest {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return &InvalidRequest{
			In: "body", Name: strings.ReplaceAll(wrong.Field, ".", "/"), Problem: ProblemType, Reason: wrong.Value + " does not fit",
		}
	}
	return &InvalidRequest{In: "body", Problem: ProblemSyntax, Reason: err.Error()}
}

// ruled is an error that knows the rule behind it.
type ruled interface{ RuleID() string }

func ruleOf(err error) string {
	var r ruled
	if errors.As(err, &r) {
		return r.RuleID()
	}
	return ""
}

// invalidRequest translates what the validator found.
func invalidRequest(err error) *InvalidRequest {
	var re *openapi3filter.RequestError
	if !errors.As(err, &re) {
		return &InvalidRequest{In: "request", Problem: ProblemSyntax, Reason: err.Error()}
	}
	out := &InvalidRequest{In: "body", Problem: ProblemSyntax, Reason: re.Reason}
	if re.Parameter != nil {
		out.In, out.Name, out.Problem = re.Parameter.In, re.Parameter.Name, ProblemType
	}
	var se *openapi3.SchemaError
	var pe *openapi3filter.ParseError
	switch {
	case errors.Is(err, openapi3filter.ErrInvalidRequired):
		out.Problem, out.Reason = ProblemMissing, "it is required"
	case errors.As(err, &se):
		out.fromSchema(se)
	case errors.As(err, &pe):
		out.Reason = pe.Error()
		if pe.Kind == openapi3filter.KindUnsupportedFormat {
			out.Problem = ProblemMedia
		}
	case strings.Contains(re.Reason, "Content-Type"):
		out.Problem = ProblemMedia
	}
	return out
}

func (e *InvalidRequest) fromSchema(se *openapi3.SchemaError) {
	if e.In == "body" {
		e.Name = strings.Join(se.JSONPointer(), "/")
	}
	e.Reason = se.Reason
	switch se.SchemaField {
	case "required":
		e.Problem = ProblemMissing
	case "properties", "additionalProperties":
		e.Problem = ProblemUnknown
	case "format":
		e.Problem = ProblemType
		if text, ok := se.Value.(string); ok {
			e.Reason = fmt.Sprintf("%q is no %s", text, se.Schema.Format)
		}
	case "type", "nullable":
		e.Problem = ProblemType
	default:
		e.Problem = ProblemConstraint
	}
}
