// Package specguard holds requests and answers against the service's own document, specs/orderops/openapi.yaml. It is the one
// package of order-ops that knows OpenAPI; the front desk asks it before an operation runs and before its answer goes out.
package specguard

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/somsim/somsim/orderops"
)

// Guard holds exchanges against one document.
type Guard struct {
	doc    *openapi3.T
	routes map[string]*routers.Route      // by method and path template
	shapes map[*openapi3.MediaType]*shape // of answers
}

// New reads a document. Its path templates are those that the operations are registered under.
func New(text []byte) (*Guard, error) {
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, fmt.Errorf("read document of order-ops: %w", err)
	}
	g := &Guard{doc: doc, routes: map[string]*routers.Route{}, shapes: map[*openapi3.MediaType]*shape{}}
	all := shapes{}
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			g.routes[method+" "+path] = &routers.Route{Spec: doc, Path: path, PathItem: item, Method: method, Operation: operation}
			g.shape(all, operation)
		}
	}
	return g, nil
}

// shape makes the shapes of an operation's answers.
func (g *Guard) shape(all shapes, operation *openapi3.Operation) {
	for _, response := range operation.Responses.Map() {
		for _, media := range response.Value.Content {
			if media.Schema != nil {
				g.shapes[media] = all.of(media.Schema)
			}
		}
	}
}

// Covers says that the document has the operation of a route, as in "GET /a/{b}".
func (g *Guard) Covers(pattern string) bool { return g.routes[pattern] != nil }

// Operation is the operationId of a route; "" when the document has none.
func (g *Guard) Operation(pattern string) string {
	if route := g.routes[pattern]; route != nil {
		return route.Operation.OperationID
	}
	return ""
}

// Request refuses a request that the document does not allow. body is its whole body; that of r is not read. An operation
// with a security of its own proves its sender before it says anything about what was sent, so it is left to itself.
func (g *Guard) Request(r *http.Request, body []byte) error {
	route := g.routes[r.Pattern]
	if route == nil || signed(route.Operation) {
		return nil
	}
	if name, twice := namedTwice(body); twice {
		return orderops.Refuse(orderops.InvalidRequest, "the body names %s twice", name)
	}
	err := openapi3filter.ValidateRequest(r.Context(), input(r, route, body))
	if err == nil {
		return nil
	}
	var failed *openapi3filter.RequestError
	if !errors.As(err, &failed) {
		return orderops.Refuse(orderops.InvalidRequest, "the request is not as documented")
	}
	return refusal(failed)
}

// namedTwice is the member that an object of a body has twice, by its place. Which of the two is meant nobody can tell, and
// readers differ: one takes the first, another the last.
func namedTwice(body []byte) (string, bool) {
	d := jsontext.NewDecoder(bytes.NewReader(body))
	for {
		_, err := d.ReadToken()
		var wrong *jsontext.SyntacticError
		switch {
		case err == nil:
			continue
		case errors.As(err, &wrong) && errors.Is(wrong.Err, jsontext.ErrDuplicateName):
			return short(string(wrong.JSONPointer)), true
		default:
			return "", false // what else is wrong, if anything, the validator says
		}
	}
}

// maxNamed is how much of a name that a caller has sent is told again.
const maxNamed = 60

func short(name string) string {
	if len(name) > maxNamed {
		return strings.ToValidUTF8(name[:maxNamed], "") + "…"
	}
	return name
}

// signed says that an operation has a security of its own, other than none.
func signed(o *openapi3.Operation) bool { return o.Security != nil && len(*o.Security) > 0 }

// refusal tells what is wrong with a request without repeating it: it may hold anything.
func refusal(failed *openapi3filter.RequestError) *orderops.Refusal {
	where := "the body"
	if failed.Parameter != nil {
		where = failed.Parameter.In + " parameter " + failed.Parameter.Name
		if strings.EqualFold(failed.Parameter.Name, "Idempotency-Key") {
			return orderops.Refuse(orderops.IdempotencyKeyRequired, "every request that changes something needs one: 1 to 128 letters, digits and . _ : ~ -")
		}
	}
	var schema *openapi3.SchemaError
	switch {
	case errors.As(failed.Err, &schema):
		if pointer := strings.Join(schema.JSONPointer(), "/"); pointer != "" {
			where += " at /" + pointer
		}
		return orderops.Refuse(orderops.InvalidRequest, "%s: %s", where, plainly(schema.Reason))
	case errors.Is(failed.Err, openapi3filter.ErrInvalidRequired):
		return orderops.Refuse(orderops.InvalidRequest, "%s is missing", where)
	default:
		return orderops.Refuse(orderops.InvalidRequest, "%s cannot be read", where)
	}
}

// plainly says what is wrong with a value without the words of the validator's own trade.
func plainly(reason string) string {
	switch {
	case strings.HasPrefix(reason, "cannot convert json.Number"):
		return "number is out of range"
	case reason == "Value is not nullable":
		return "value must not be null"
	default:
		return reason
	}
}

// Answer is an error when an answer is not as documented. The error holds no value of the answer.
func (g *Guard) Answer(r *http.Request, status int, header http.Header, body []byte) error {
	route := g.routes[r.Pattern]
	if route == nil {
		return nil
	}
	if g.fits(route.Operation, status, header, body) {
		return nil
	}
	err := openapi3filter.ValidateResponse(context.WithoutCancel(r.Context()), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input(r, route, nil), Status: status, Header: header,
		Body:    io.NopCloser(bytes.NewReader(body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	})
	if err == nil {
		return nil
	}
	var schema *openapi3.SchemaError
	if errors.As(err, &schema) {
		return fmt.Errorf("answer %d of %s is not as documented at /%s: %s", status, route.Operation.OperationID, strings.Join(schema.JSONPointer(), "/"), schema.Reason)
	}
	return fmt.Errorf("answer %d of %s is not as documented", status, route.Operation.OperationID)
}

// fits says that an answer is surely as documented. What is wrong with another one, if anything, the validator says.
func (g *Guard) fits(operation *openapi3.Operation, status int, header http.Header, body []byte) bool {
	response := operation.Responses.Status(status)
	if response == nil {
		response = operation.Responses.Default()
	}
	if response == nil || len(response.Value.Headers) > 0 {
		return false
	}
	shape := g.shapes[response.Value.Content.Get(header.Get("Content-Type"))]
	return shape != nil && shape.fits(body)
}

// input is a request as the validator wants it. A body is taken for JSON whatever its type says: nothing else is understood.
func input(r *http.Request, route *routers.Route, body []byte) *openapi3filter.RequestValidationInput {
	copied := r.Clone(r.Context())
	copied.Body = http.NoBody
	if len(body) > 0 {
		copied.Body = io.NopCloser(bytes.NewReader(body))
		copied.Header.Set("Content-Type", "application/json")
	}
	params := map[string]string{}
	for _, piece := range strings.Split(route.Path, "/") {
		if name, ok := strings.CutPrefix(piece, "{"); ok {
			name = strings.TrimSuffix(name, "}")
			params[name] = r.PathValue(name)
		}
	}
	return &openapi3filter.RequestValidationInput{
		Request: copied, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, SkipSettingDefaults: true},
	}
}
