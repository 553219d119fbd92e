package promise

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/somsim/somsim/contracts/pactfile"
)

// Judge lists what an interaction, and each part of a composite, counts on and
// the documents do not promise.
func (s Specification) Judge(i pactfile.Interaction) (problems []string) {
	parts, err := Parts(i)
	if err != nil {
		problems = append(problems, err.Error())
	}
	for _, part := range append(parts, i) {
		for _, problem := range s.judge(part) {
			problems = append(problems, part.Reference+problem)
		}
	}
	return problems
}

func (s Specification) judge(i pactfile.Interaction) []string {
	request, err := i.Request.HTTPRequest("http://provider.test")
	if err != nil {
		return []string{err.Error()}
	}
	doc, route, variables, err := s.find(request)
	if err != nil {
		return []string{fmt.Sprintf("%s %s: %v", i.Request.Method, i.Request.Path, err)}
	}
	options := &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true, IncludeResponseStatus: true}
	options.WithCustomSchemaErrorFunc(inWords)
	input := &openapi3filter.RequestValidationInput{Request: request, PathParams: variables, Route: route, Options: options}
	var problems []string
	if err := openapi3filter.ValidateRequest(request.Context(), input); err != nil {
		problems = append(problems, fmt.Sprintf("request: %v", err))
	}
	if sent := route.Operation.RequestBody; sent != nil {
		problems = append(problems, doc.undeclared("request", schemaOf(sent.Value.Content, i.Request.Body.ContentType), i.Request.Body.Bytes())...)
	}
	problems = append(problems, doc.judgeAnswer(i, input)...)
	return append(problems, s.objects.judge(i)...)
}

// inWords tells where a document breaks its schema, and how, without the schema
// itself, which may be pages long. Of composed schemas it is the part that broke.
func inWords(err *openapi3.SchemaError) string {
	pointer := err.JSONPointer()
	for {
		var inner *openapi3.SchemaError
		if !errors.As(err.Origin, &inner) {
			return "/" + strings.Join(pointer, "/") + ": " + err.Reason
		}
		err, pointer = inner, append(pointer, inner.JSONPointer()...)
	}
}

func (d document) judgeAnswer(i pactfile.Interaction, input *openapi3filter.RequestValidationInput) (problems []string) {
	route, variables, err := d.answers.FindRoute(input.Request)
	if err != nil {
		return []string{err.Error()}
	}
	options := *input.Options
	options.ExcludeResponseBody = len(i.Response.Body.Content) == 0 // the consumer reads the status alone
	err = openapi3filter.ValidateResponse(input.Request.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{
			Request: input.Request, PathParams: variables, Route: route, Options: input.Options,
		},
		Status: i.Response.Status, Header: i.Response.Headers,
		Body: io.NopCloser(bytes.NewReader(i.Response.Body.Bytes())), Options: &options,
	})
	if err != nil {
		problems = append(problems, fmt.Sprintf("response %d: %v", i.Response.Status, err))
	}
	if promised := promisedAnswer(route.Operation, i.Response.Status); promised != nil {
		schema := schemaOf(promised.Value.Content, i.Response.Body.ContentType)
		problems = append(problems, d.undeclared("response", schema, i.Response.Body.Bytes())...)
	}
	return problems
}

// promisedAnswer is what the operation says of a status, by itself or by default.
func promisedAnswer(operation *openapi3.Operation, status int) *openapi3.ResponseRef {
	if promised := operation.Responses.Status(status); promised != nil {
		return promised
	}
	return operation.Responses.Default()
}

// Parts are the sub-requests of a Salesforce composite with their answers, each
// an interaction of its own.
func Parts(i pactfile.Interaction) (all []pactfile.Interaction, err error) {
	var sent struct {
		CompositeRequest []struct {
			Method, URL, ReferenceID string
			Body                     json.RawMessage
		}
	}
	var answered struct {
		CompositeResponse []struct {
			HTTPStatusCode int
			Body           json.RawMessage
		}
	}
	if json.Unmarshal(i.Request.Body.Content, &sent) != nil || json.Unmarshal(i.Response.Body.Content, &answered) != nil {
		return nil, nil // no object, so no composite; its body is judged as it is
	}
	if len(answered.CompositeResponse) != len(sent.CompositeRequest) {
		return nil, fmt.Errorf("%d answers to %d sub-requests", len(answered.CompositeResponse), len(sent.CompositeRequest))
	}
	for n, answer := range answered.CompositeResponse {
		asked := sent.CompositeRequest[n]
		target, err := url.Parse(asked.URL)
		if err != nil {
			return nil, err
		}
		part := pactfile.Interaction{Type: pactfile.HTTP, Reference: asked.ReferenceID + ": "}
		part.Request.Method, part.Request.Path, part.Request.Query = asked.Method, target.Path, target.Query()
		if len(asked.Body) > 0 {
			part.Request.Headers = http.Header{"Content-Type": {"application/json"}}
			part.Request.Body = pactfile.Body{Content: asked.Body, ContentType: "application/json"}
		}
		part.Response.Status, part.Response.Headers = answer.HTTPStatusCode, i.Response.Headers
		part.Response.Body = pactfile.Body{Content: answer.Body, ContentType: "application/json"}
		all = append(all, part)
	}
	return all, nil
}

func schemaOf(content openapi3.Content, contentType string) *openapi3.SchemaRef {
	media := content.Get(contentType)
	if media == nil {
		return nil
	}
	return media.Schema
}

// undeclared lists the fields of a JSON document that its schema knows nothing
// of. An object that allows any further field is taken at its word.
func (d document) undeclared(where string, schema *openapi3.SchemaRef, source []byte) []string {
	var value any
	if schema == nil || json.Unmarshal(source, &value) != nil {
		return nil
	}
	return d.undeclaredIn(where, []*openapi3.SchemaRef{schema}, value)
}

func (d document) undeclaredIn(where string, schemas []*openapi3.SchemaRef, value any) (problems []string) {
	schemas = composed(schemas)
	switch value := value.(type) {
	case []any:
		var items []*openapi3.SchemaRef
		for _, s := range schemas {
			items = append(items, s.Value.Items)
		}
		for _, element := range value {
			problems = append(problems, d.undeclaredIn(where+"[]", items, element)...)
		}
	case map[string]any:
		for name, element := range value {
			declared, open := property(schemas, name)
			if len(declared) == 0 && !open && !d.isCustom(name) {
				problems = append(problems, fmt.Sprintf("%s.%s is not in the document", where, name))
			}
			problems = append(problems, d.undeclaredIn(where+"."+name, declared, element)...)
		}
	}
	return problems
}

// isCustom says that a field is one of those that whoever runs the system may
// have added; the document can only say so in words.
func (d document) isCustom(name string) bool {
	return d.custom != "" && strings.HasPrefix(name, d.custom)
}

// composed is the schemas with everything that allOf, anyOf and oneOf add.
func composed(schemas []*openapi3.SchemaRef) (all []*openapi3.SchemaRef) {
	for _, s := range schemas {
		if s == nil || s.Value == nil {
			continue
		}
		all = append(all, s)
		all = append(all, composed(slices.Concat(s.Value.AllOf, s.Value.AnyOf, s.Value.OneOf))...)
	}
	return all
}

// property is what the schemas say of a field, and whether one of them allows
// fields that it does not name. A schema without any property names nothing.
func property(schemas []*openapi3.SchemaRef, name string) (declared []*openapi3.SchemaRef, open bool) {
	named := false
	for _, s := range schemas {
		named = named || len(s.Value.Properties) > 0
		if p := s.Value.Properties[name]; p != nil {
			declared = append(declared, p)
		}
		more := s.Value.AdditionalProperties
		if more.Schema != nil {
			declared = append(declared, more.Schema)
		}
		open = open || more.Has != nil && *more.Has
	}
	return declared, open || !named
}
