package promise

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/somsim/somsim/contracts/pactfile"
)

// Fault is a place in an answer that a document does not allow.
type Fault struct {
	// Path leads to the value, "" is the answer as a whole.
	Path []string
	Text string
}

// Faults lists where a whole answer is not what the documents promise: fields
// that are wanted and missing, values of another kind, and fields that nobody
// declared.
func (s Specification) Faults(r pactfile.Request, status int, header http.Header, body []byte) []Fault {
	request, err := r.HTTPRequest("http://provider.test")
	if err != nil {
		return []Fault{{Text: err.Error()}}
	}
	doc, route, variables, err := s.find(request)
	if err != nil {
		return []Fault{{Text: err.Error()}}
	}
	options := &openapi3filter.Options{MultiError: true, IncludeResponseStatus: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, PathParams: variables, Route: route, Options: options},
		Status:                 status, Header: header, Options: options, Body: io.NopCloser(bytes.NewReader(body)),
	}
	var found []Fault
	if err := openapi3filter.ValidateResponse(request.Context(), input); err != nil {
		found = append(found, flatten(err)...)
	}
	promised := promisedAnswer(route.Operation, status)
	if promised == nil {
		return found
	}
	media := header.Get("Content-Type")
	var value any
	if schema := schemaOf(promised.Value.Content, media); schema != nil && json.Unmarshal(body, &value) == nil {
		for _, problem := range doc.undeclaredIn("", []*openapi3.SchemaRef{schema}, value) {
			place, _, _ := strings.Cut(problem, " ")
			place = strings.ReplaceAll(place, "[]", ".*")
			found = append(found, Fault{Path: strings.Split(strings.TrimPrefix(place, "."), "."), Text: "is not in the document"})
		}
	}
	return found
}

// flatten is every error of a schema by itself, at the value it is about.
func flatten(err error) []Fault {
	var several openapi3.MultiError
	if errors.As(err, &several) {
		var all []Fault
		for _, one := range several {
			all = append(all, flatten(one)...)
		}
		return all
	}
	var schema *openapi3.SchemaError
	if !errors.As(err, &schema) {
		return []Fault{{Text: err.Error()}}
	}
	pointer := schema.JSONPointer()
	for schema.Origin != nil {
		var inner *openapi3.SchemaError
		if !errors.As(schema.Origin, &inner) {
			break
		}
		schema, pointer = inner, append(pointer, inner.JSONPointer()...)
	}
	return []Fault{{Path: pointer, Text: schema.Reason}}
}
