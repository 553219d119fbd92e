// Package promise holds pacts against the documents in specs/: requests are
// judged as they stand; of answers less may be asked for than a document
// requires, and nothing that it does not declare.
package promise

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"go.yaml.in/yaml/v3"
)

// Specification is everything that a system's documents promise. A path is
// promised by one of them.
type Specification struct {
	documents []document
	objects   catalog
}

// document is an OpenAPI document, twice: requests are judged by it as it
// stands; answers by a copy without "required", because a consumer asks for no
// more than it reads.
type document struct {
	name              string
	doc               *openapi3.T
	requests, answers routers.Router
	// custom is how the names of fields begin that the system's owner may add anywhere.
	custom string
}

// Folder is the folder in specs/ that has the documents of a pacticipant.
func Folder(pacticipant string) string {
	switch pacticipant {
	case "b2c-ocapi", "b2c-slas":
		return "b2c"
	case "sap-cdc":
		return "cdc"
	case "order-ops":
		return "orderops"
	default:
		return pacticipant
	}
}

// Load reads the documents of a pacticipant out of its folder in all documents.
func Load(all fs.FS, pacticipant string) (Specification, error) {
	folder := Folder(pacticipant)
	below, err := fs.Sub(all, folder)
	if err != nil {
		return Specification{}, err
	}
	s, err := read(folder, below)
	if err != nil {
		return Specification{}, fmt.Errorf("the documents of %s: %w", pacticipant, err)
	}
	if folder == "b2c" {
		for i := range s.documents {
			s.documents[i].custom = "c_"
		}
	}
	return s, nil
}

// read reads every YAML file directly in the folder that says of itself that
// it is an OpenAPI document; rules and the like lie beside them.
func read(name string, folder fs.FS) (all Specification, err error) {
	files, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		return all, err
	}
	for _, file := range files {
		source, err := fs.ReadFile(folder, file)
		if err != nil {
			return all, err
		}
		if !isOpenAPI(source) {
			continue
		}
		doc, err := parseDocument(path.Join("specs", name, file), source)
		if err != nil {
			return all, err
		}
		all.documents = append(all.documents, doc)
	}
	if len(all.documents) == 0 {
		return all, fmt.Errorf("specs/%s holds no OpenAPI document", name)
	}
	all.objects, err = loadCatalog(folder)
	return all, err
}

func isOpenAPI(source []byte) bool {
	var head struct {
		OpenAPI string `yaml:"openapi"`
	}
	return yaml.Unmarshal(source, &head) == nil && head.OpenAPI != ""
}

func parseDocument(name string, source []byte) (document, error) {
	asItIs, requests, err := router(source, false)
	if err != nil {
		return document{}, fmt.Errorf("%s: %w", name, err)
	}
	_, answers, err := router(source, true)
	if err != nil {
		return document{}, fmt.Errorf("%s: %w", name, err)
	}
	return document{name: name, doc: asItIs, requests: requests, answers: answers}, nil
}

func router(source []byte, lenient bool) (*openapi3.T, routers.Router, error) {
	doc, err := openapi3.NewLoader().LoadFromData(source)
	if err != nil {
		return nil, nil, err
	}
	doc.Servers = nil // a pact's paths begin where the host ends
	if lenient {
		waiveInDocument(doc)
	}
	r, err := gorillamux.NewRouter(doc)
	return doc, r, err
}

func waiveInDocument(doc *openapi3.T) {
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

// find returns the document that has the request's path and method, with the
// route. Otherwise the error says what comes nearest: a path that lacks the
// method, before no path at all.
func (s Specification) find(request *http.Request) (document, *routers.Route, map[string]string, error) {
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
