package headless

import (
	"errors"
	"net/http"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/oci/ocijson"
)

// typeBase is where the vendor's types of error live.
const typeBase = "https://api.commercecloud.salesforce.com/documentation/error/v1/errors/"

// refusal is an error of the face itself, before the domain is asked.
type refusal struct {
	status                    int
	title, kind, detail, rule string
}

func (e *refusal) Error() string  { return e.title + ": " + e.detail }
func (e *refusal) RuleID() string { return e.rule }

type errorBody struct {
	Title  string `json:"title"`
	Type   string `json:"type"`
	Detail string `json:"detail"`
}

// answerError is the one place where errors become answers.
func answerError(_ *binding.Call, err error) *binding.Response {
	e := explain(err)
	resp := binding.JSONResponse(e.status, errorBody{e.title, typeBase + e.kind, e.detail})
	resp.Header.Set("Content-Type", "application/problem+json")
	return resp
}

func explain(err error) refusal {
	var (
		domain   *oci.Error
		own      *refusal
		unclear  *ocijson.Refusal
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
		return refusal{status: domainStatus(domain.Code), title: title(domain.Code), kind: kind(domain.Code), detail: domain.Message}
	case errors.As(err, &own):
		return *own
	case errors.As(err, &unclear):
		return badRequest(unclear.Detail)
	case errors.As(err, &unknown):
		return refusal{status: http.StatusNotFound, title: "Not Found", kind: "resource-not-found", detail: unknown.Error()}
	case errors.As(err, &method):
		return refusal{status: http.StatusMethodNotAllowed, title: "Method Not Allowed", kind: "method-not-allowed", detail: method.Error()}
	case errors.As(err, &invalid):
		return invalidRequest(invalid)
	case errors.As(err, &large):
		return refusal{status: http.StatusRequestEntityTooLarge, title: "Payload Too Large", kind: "bad-request", detail: large.Error()}
	case errors.As(err, &sandbox):
		return badRequest(sandbox.Error())
	case errors.As(err, &alone):
		return badRequest(alone.Error())
	case errors.As(err, &injected):
		return injectedError(injected)
	default: // a bug of the simulator; its detail is in the journal
		return refusal{status: http.StatusInternalServerError, title: "Internal Server Error", kind: "internal-server-error", detail: "an internal error occurred"}
	}
}

func badRequest(detail string) refusal {
	return refusal{status: http.StatusBadRequest, title: "Bad Request", kind: "bad-request", detail: detail}
}

func invalidRequest(e *binding.InvalidRequest) refusal {
	out := badRequest(e.Error())
	switch {
	case e.Problem == binding.ProblemMedia:
		out.status, out.title, out.kind = http.StatusUnsupportedMediaType, "Unsupported Media Type", "unsupported-media-type"
	case e.Problem == binding.ProblemConstraint:
		out.title, out.kind = "Constraint Violation", "constraint-violation"
	case e.In == "query" && e.Problem == binding.ProblemMissing:
		out.title, out.kind = "Missing Query Parameter", "missing-query-parameter"
	}
	return out
}

// domainStatus is the status of a refusal that is not about a record of many.
func domainStatus(code oci.Code) int {
	switch code {
	case oci.ReservationNotFound, oci.LocationNotFound, oci.SKUNotFound, oci.UploadNotFound:
		return http.StatusNotFound
	case oci.InsufficientAvailability, oci.ReservationExpired, oci.QuantityExceedsReserved, oci.DuplicateActionRequest, oci.TransferCancelled, oci.InvalidRecord,
		oci.ImportNotWaiting, oci.ImportNotEnded:
		return http.StatusConflict
	}
	return http.StatusInternalServerError
}

// kind turns a code into the last part of a type, as the vendor spells them.
func kind(code oci.Code) string {
	return strings.ToLower(strings.ReplaceAll(string(code), "_", "-"))
}

// title turns a code into words.
func title(code oci.Code) string {
	words := strings.Split(strings.ToLower(string(code)), "_")
	for i, w := range words {
		if w != "" {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, " ")
}

// injectedError dresses a fault that names no status as an outage, or as what its code has in life.
func injectedError(f *binding.VendorFault) refusal {
	code := oci.Code(f.Code)
	status := f.Status
	if status == 0 {
		if status = domainStatus(code); status == http.StatusInternalServerError {
			status = http.StatusServiceUnavailable
		}
	}
	return refusal{status: status, title: title(code), kind: kind(code), detail: f.Message}
}
