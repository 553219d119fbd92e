package contracts

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"go.yaml.in/yaml/v3"

	"github.com/somsim/somsim/specs"
)

// specification is everything that a system's documents promise. A path is
// promised by one of them.
type specification struct {
	documents []document
	objects   catalog
}

// document is an OpenAPI document, twice: requests are judged by it as it
// stands; answers by a copy without "required", because a consumer asks for no
// more than it reads.
type document struct {
	name              string
	requests, answers routers.Router
	// custom is how the names of fields begin that the system's owner may add anywhere.
	custom string
}

// loadSpecification reads the documents of a pacticipant out of its folder in
// specs/.
func loadSpecification(t *testing.T, provider string) specification {
	t.Helper()
	folders := map[string]string{"b2c-ocapi": "b2c", "b2c-slas": "b2c", "sap-cdc": "cdc", "order-ops": "orderops"}
	folder, ok := folders[provider]
	if !ok {
		folder = provider
	}
	all := readSpecification(t, folder, within(t, folder))
	if folder == "b2c" {
		for i := range all.documents {
			all.documents[i].custom = "c_"
		}
	}
	return all
}

func within(t *testing.T, folder string) fs.FS {
	t.Helper()
	below, err := fs.Sub(specs.FS, folder)
	if err != nil {
		t.Fatal(err)
	}
	return below
}

// readSpecification reads every YAML file directly in the folder that says of
// itself that it is an OpenAPI document; rules and the like lie beside them.
func readSpecification(t *testing.T, name string, folder fs.FS) (all specification) {
	t.Helper()
	files, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := fs.ReadFile(folder, file)
		if err != nil {
			t.Fatal(err)
		}
		if isOpenAPI(source) {
			all.documents = append(all.documents, parseDocument(t, path.Join("specs", name, file), source))
		}
	}
	if len(all.documents) == 0 {
		t.Fatalf("specs/%s holds no OpenAPI document", name)
	}
	all.objects = loadCatalog(t, folder)
	return all
}

func isOpenAPI(source []byte) bool {
	var head struct {
		OpenAPI string `yaml:"openapi"`
	}
	return yaml.Unmarshal(source, &head) == nil && head.OpenAPI != ""
}

func parseDocument(t *testing.T, name string, source []byte) document {
	t.Helper()
	return document{name: name, requests: router(t, name, source, false), answers: router(t, name, source, true)}
}

func router(t *testing.T, name string, source []byte, lenient bool) routers.Router {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(source)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	doc.Servers = nil // a pact's paths begin where the host ends
	if lenient {
		if doc.Components != nil {
			for _, schema := range doc.Components.Schemas {
				waiveRequired(schema, map[*openapi3.Schema]bool{})
			}
		}
		for _, item := range doc.Paths.Map() {
			for _, operation := range item.Operations() {
				waiveInAnswers(operation)
			}
		}
	}
	r, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return r
}

// find returns the document that has the request's path and method, with the
// route. Otherwise the error says what comes nearest: a path that lacks the
// method, before no path at all.
func (s specification) find(request *http.Request) (document, *routers.Route, map[string]string, error) {
	var names []string
	for _, doc := range s.documents {
		route, variables, err := doc.requests.FindRoute(request)
		if err == nil {
			return doc, route, variables, nil
		}
		if errors.Is(err, routers.ErrMethodNotAllowed) {
			return document{}, nil, nil, fmt.Errorf("the path is in %s, the method is not", doc.name)
		}
		names = append(names, doc.name)
	}
	return document{}, nil, nil, fmt.Errorf("the path is not in %s", strings.Join(names, ", "))
}

func waiveInAnswers(operation *openapi3.Operation) {
	for _, response := range operation.Responses.Map() {
		for _, media := range response.Value.Content {
			waiveRequired(media.Schema, map[*openapi3.Schema]bool{})
		}
	}
}

func waiveRequired(ref *openapi3.SchemaRef, seen map[*openapi3.Schema]bool) {
	if ref == nil || ref.Value == nil || seen[ref.Value] {
		return
	}
	s := ref.Value
	seen[s] = true
	s.Required, s.MinProps = nil, 0
	for _, below := range children(s) {
		waiveRequired(below, seen)
	}
}

// children are the schemas directly below s, composed ones included.
func children(s *openapi3.Schema) []*openapi3.SchemaRef {
	below := slices.Concat(s.AllOf, s.AnyOf, s.OneOf, []*openapi3.SchemaRef{s.Items, s.AdditionalProperties.Schema})
	for _, property := range s.Properties {
		below = append(below, property)
	}
	return below
}
