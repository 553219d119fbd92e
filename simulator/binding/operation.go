package binding

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
)

// operation is one operation of a face, ready to be run: the specification's part and the handler.
type operation struct {
	face       *Face
	id         string
	method     string
	path       string
	summary    string
	route      *routers.Route
	handler    Handler
	example    string
	success    int
	composable bool
	readsFirst bool
	// records says that the operation is carried out record by record, and asks which of them a fault refuses.
	records    bool
	opaqueBody bool
	// since is the API version that brought the operation; 0 when it has always been there.
	since int
	// young are the properties that came with later versions.
	young []youngProperty
	// headers are the names of the headers that a request is checked by, answerHeaders those an answer is.
	headers, answerHeaders []string
	// accepted and validated remember requests and answers that fit the specification.
	accepted, validated *memo
}

// example is a handler for operations that are not simulated statefully.
type example struct{ reason string }

func (example) handle(*Call) (*Response, error) {
	return nil, errors.New("replaced when it is mounted")
}

// Example binds an operation that is not stateful: it answers the example of its specification, marked with the header
// X-Somsim-Example. The reason is shown in the list of operations.
func Example(reason string) Handler { return example{reason} }

// load parses and checks a face's document and pairs its operations with the table, reporting every mismatch at once.
func load(f *Face) ([]*operation, error) {
	doc, err := openapi3.NewLoader().LoadFromData(f.Spec)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.SpecFile, err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		return nil, fmt.Errorf("%s: %w", f.SpecFile, err)
	}
	var ops []*operation
	var problems []error
	unused := map[string]bool{}
	for id := range f.Operations {
		unused[id] = true
	}
	for _, path := range doc.Paths.InMatchingOrder() {
		for method, spec := range doc.Paths.Value(path).Operations() {
			op, err := newOperation(f, doc, path, method, spec)
			if err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", f.SpecFile, err))
				continue
			}
			delete(unused, op.id)
			ops = append(ops, op)
		}
	}
	for id := range unused {
		problems = append(problems, fmt.Errorf("%s: the table of %s has %q, which the document does not", f.SpecFile, f.Name, id))
	}
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return ops, errors.Join(problems...)
}

func newOperation(f *Face, doc *openapi3.T, path, method string, spec *openapi3.Operation) (*operation, error) {
	op := &operation{
		face: f, id: spec.OperationID, method: method, path: path, summary: spec.Summary,
		route:    &routers.Route{Spec: doc, Path: path, PathItem: doc.Paths.Value(path), Method: method, Operation: spec},
		accepted: newMemo(), validated: newMemo(),
	}
	op.composable = spec.Extensions["x-somsim-composable"] == true
	op.records = spec.Extensions["x-somsim-records"] == true
	op.readsFirst = method == http.MethodGet || method == http.MethodHead || spec.Extensions["x-somsim-reads-first"] == true
	op.opaqueBody = opaque(spec)
	op.headers, op.answerHeaders = checkedHeaders(op.route), answerHeaders(spec)
	if err := op.readSince(spec.Extensions["x-somsim-since"]); err != nil {
		return nil, err
	}
	if err := op.readYoung(); err != nil {
		return nil, err
	}
	handler, ok := f.Operations[op.id]
	if !ok {
		return nil, fmt.Errorf("%s %s has the operationId %q, which the table of %s does not", method, path, op.id, f.Name)
	}
	op.handler = handler
	if err := op.checkSchemes(doc); err != nil {
		return nil, err
	}
	if err := op.findSuccess(); err != nil {
		return nil, err
	}
	if ex, ok := handler.(example); ok {
		return op, op.bindExample(ex)
	}
	return op, nil
}

func (op *operation) readSince(said any) error {
	if said == nil {
		return nil
	}
	n, ok := said.(float64)
	if !ok || n != float64(int(n)) || op.face.Version == nil {
		return fmt.Errorf("operation %s exists since %v, which is no version number of %s", op.id, said, op.face.Name)
	}
	op.since = int(n)
	return nil
}

func (op *operation) checkSchemes(doc *openapi3.T) error {
	for _, alternative := range op.security(doc) {
		for name := range alternative {
			if op.face.Schemes[name] == nil {
				return fmt.Errorf("operation %s wants security scheme %q, which %s does not implement", op.id, name, op.face.Name)
			}
		}
	}
	return nil
}

func (op *operation) security(doc *openapi3.T) openapi3.SecurityRequirements {
	if op.route.Operation.Security != nil {
		return *op.route.Operation.Security
	}
	return doc.Security
}

// findSuccess takes the lowest documented 2xx or 3xx as the status of a handler that names none.
func (op *operation) findSuccess() error {
	for code := range op.route.Operation.Responses.Map() {
		var n int
		if _, err := fmt.Sscanf(code, "%d", &n); err == nil && n >= 200 && n < 400 && (op.success == 0 || n < op.success) {
			op.success = n
		}
	}
	if op.success == 0 {
		return fmt.Errorf("operation %s documents no success", op.id)
	}
	return nil
}

func (op *operation) bindExample(ex example) error {
	op.example = ex.reason
	media := op.route.Operation.Responses.Status(op.success).Value.Content.Get("application/json")
	if media == nil || media.Example == nil {
		return fmt.Errorf("operation %s is bound to its example, but documents none", op.id)
	}
	if err := media.Schema.Value.VisitJSON(media.Example); err != nil {
		return fmt.Errorf("the example of operation %s breaks its own schema: %w", op.id, err)
	}
	op.handler = handlerFunc(func(*Call) (*Response, error) {
		resp := JSONResponse(op.success, media.Example)
		resp.Header.Set("X-Somsim-Example", "true")
		return resp, nil
	})
	return nil
}

// answerHeaders lists the headers that any answer of an operation is documented with, besides its media type.
func answerHeaders(spec *openapi3.Operation) []string {
	names := []string{"Content-Type"}
	for _, response := range spec.Responses.Map() {
		for name := range response.Value.Headers {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// checkedHeaders lists the headers that a request is checked by.
func checkedHeaders(route *routers.Route) []string {
	names := []string{"Content-Type", "Content-Encoding"}
	for _, parameters := range []openapi3.Parameters{route.PathItem.Parameters, route.Operation.Parameters} {
		for _, parameter := range parameters {
			switch parameter.Value.In {
			case openapi3.ParameterInHeader:
				names = append(names, parameter.Value.Name)
			case openapi3.ParameterInCookie:
				names = append(names, "Cookie")
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// opaque reports whether the request body is of a media type that the validator cannot read.
func opaque(spec *openapi3.Operation) bool {
	if spec.RequestBody == nil {
		return false
	}
	for media := range spec.RequestBody.Value.Content {
		if strings.Contains(media, "json") || strings.Contains(media, "form") {
			return false
		}
	}
	return true
}
