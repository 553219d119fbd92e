package scapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/binding"
)

// described is where the vendor's errors are described; the last part of a type is a name in kebab case.
const described = "https://api.commercecloud.salesforce.com/documentation/error/v1/errors/"

// answerError is the one place where errors become answers: OCAPI's words, in problem+json.
func answerError(c *binding.Call, err error) *binding.Response {
	e := ocapi.Explain(c, err)
	var injected *binding.VendorFault
	if errors.As(err, &injected) {
		e = ocapi.Explanation{Name: camel(injected.Code), Message: injected.Message, Status: injected.Status}
		if e.Status == 0 {
			e.Status = statusOf(slug(e.Name))
		}
	} else {
		e = named(err, e)
	}
	document := map[string]any{"type": described + slug(e.Name), "title": title(e.Name), "detail": e.Message}
	for name, value := range e.Arguments {
		if strings.HasSuffix(name, "Ids") {
			document[name] = strings.Split(value, ", ")
		} else {
			document[name] = value
		}
	}
	for name, value := range e.Details {
		document[name] = value
	}
	body, err := json.Marshal(document)
	if err != nil {
		body = []byte(`{}`)
	}
	resp := &binding.Response{Status: e.Status, Header: http.Header{"Content-Type": {"application/problem+json"}}, Body: body}
	correlate(c, resp)
	return resp
}

// named gives errors of requests and of this face the names that SCAPI has for them.
func named(err error, e ocapi.Explanation) ocapi.Explanation {
	var invalid *binding.InvalidRequest
	var unknown *binding.NotFound
	switch {
	case errors.As(err, &invalid):
		return invalidRequest(invalid)
	case errors.As(err, &unknown):
		return ocapi.Explanation{Name: "ResourceNotFound", Message: e.Message, Status: http.StatusNotFound}
	case e.Name == "ExpiredToken" || e.Name == "AuthorizationHeaderMissing":
		e.Name = "InvalidAccessToken"
	case e.Name == "UnknownSite":
		e.Name, e.Status = "SiteNotFound", http.StatusNotFound
	case slices.Contains([]string{"NoSourceBasket", "BasketTransferBasketAlreadyExists", "BasketMergeNoCurrentBasket", "BasketNotPromotable"}, e.Name):
		e.Name += "Exception" // so the vendor has it, of these four
	case e.Name == "UnknownProperty":
		e.Name = "BadRequest"
	case e.Name == "StatusTransitionNotPossible":
		e.Name = "OrderStatusTransition"
	}
	if status := statusOf(slug(e.Name)); status != 0 {
		e.Status = status
	}
	return e
}

func invalidRequest(e *binding.InvalidRequest) ocapi.Explanation {
	out := ocapi.Explanation{Name: "BadRequest", Message: e.Error(), Status: http.StatusBadRequest}
	switch {
	case e.Problem == binding.ProblemMedia:
		out.Name, out.Status = "UnsupportedMediaType", http.StatusUnsupportedMediaType
	case e.In == "query" && e.Problem == binding.ProblemMissing:
		out.Name, out.Arguments = "MissingQueryParameter", map[string]string{"parameterName": e.Name}
	case e.Problem == binding.ProblemConstraint:
		out.Name = "ConstraintViolation"
	}
	return out
}

// ErrorKind is an error that SCAPI has and OCAPI has not, or has with another status: the last part of its type.
type ErrorKind struct {
	Slug   string
	Status int
}

// ErrorKinds is the table of these errors (specs/b2c/SOURCES.md, SCAPI). Every fault of OCAPI is one besides, in kebab case.
func ErrorKinds() []ErrorKind {
	return slices.Concat(
		kinds(http.StatusBadRequest, "bad-request", "constraint-violation", "missing-query-parameter", "undefined-query-parameter", "invalid-reason-code",
			"unknown-product-item-ids", "return-quantity-exceeded", "insufficient-identifying-information", "invalid-order-total", "invalid-tax-total",
			"customer-baskets-quota-exceeded", "customer-temporary-baskets-quota-exceeded", "invalid-customer"),
		kinds(http.StatusUnauthorized, "invalid-access-token"),
		kinds(http.StatusForbidden, "forbidden"),
		kinds(http.StatusNotFound, "organization-not-found", "site-not-found", "resource-not-found", "order-not-found", "basket-not-found", "shipment-not-found",
			"customer-not-found"),
		kinds(http.StatusConflict, "basket-transfer-basket-already-exists-exception", "no-source-basket-exception",
			"basket-merge-no-current-basket-exception", "basket-not-promotable-exception", "oms-not-active", "order-cancel-failed", "order-return-failed",
			"order-status-transition", "undo-fail-order", "order-integration-status", "invalid-tax-mode", "order-already-exists",
			"unsupported-request-if-scapi-hooks-enabled"),
		kinds(http.StatusUnsupportedMediaType, "unsupported-media-type"),
		kinds(http.StatusTooManyRequests, "too-many-requests"),
		kinds(http.StatusServiceUnavailable, "service-unavailable"),
		kinds(http.StatusGatewayTimeout, "gateway-timeout"),
	)
}

func kinds(status int, slugs ...string) []ErrorKind {
	out := make([]ErrorKind, len(slugs))
	for i, name := range slugs {
		out[i] = ErrorKind{name, status}
	}
	return out
}

// statusOf is the status of an error of the table; 0 for all others.
func statusOf(slug string) int {
	for _, k := range ErrorKinds() {
		if k.Slug == slug {
			return k.Status
		}
	}
	return 0
}

// slug writes a name in kebab case, "BasketNotFound" as "basket-not-found".
func slug(name string) string {
	var out strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			out.WriteByte('-')
		}
		out.WriteRune(unicode.ToLower(r))
	}
	return out.String()
}

// title writes a name in words.
func title(name string) string {
	words := strings.Split(slug(name), "-")
	for i, word := range words {
		if word != "" {
			words[i] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return strings.Join(words, " ")
}

// camel writes a slug as a name, and leaves a name as it is.
func camel(code string) string {
	if !strings.Contains(code, "-") {
		return strings.TrimSuffix(code, "Exception")
	}
	return strings.ReplaceAll(title(strings.ReplaceAll(code, "_", "-")), " ", "")
}
