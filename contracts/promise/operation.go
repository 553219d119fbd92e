package promise

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/somsim/somsim/contracts/pactfile"
)

// Operation is what a document says of a method on a path.
type Operation struct {
	ID, Method, Path string
	// ReadsFirst marks a POST that normally only reads; Composable one that may be a part of a composite.
	ReadsFirst, Composable bool
}

// Operation finds the operation that a request is for.
func (s Specification) Operation(r pactfile.Request) (Operation, error) {
	request, err := r.HTTPRequest("http://provider.test")
	if err != nil {
		return Operation{}, err
	}
	_, route, _, err := s.find(request)
	if err != nil {
		return Operation{}, err
	}
	return operation(route.Method, route.Path, route.Operation), nil
}

// Operations are all that the documents have, by path and method.
func (s Specification) Operations() (all []Operation) {
	for _, d := range s.documents {
		for path, item := range d.doc.Paths.Map() {
			for method, o := range item.Operations() {
				all = append(all, operation(method, path, o))
			}
		}
	}
	slices.SortFunc(all, func(a, b Operation) int { return strings.Compare(a.Path+" "+a.Method, b.Path+" "+b.Method) })
	return all
}

func operation(method, path string, o *openapi3.Operation) Operation {
	return Operation{
		ID: o.OperationID, Method: method, Path: path,
		ReadsFirst: marked(o, "x-somsim-reads-first"), Composable: marked(o, "x-somsim-composable"),
	}
}

func marked(o *openapi3.Operation, extension string) bool {
	switch value := o.Extensions[extension].(type) {
	case bool:
		return value
	case json.RawMessage:
		return string(value) == "true"
	default:
		return false
	}
}

// Touch is an operation that an interaction, or a part of its composite, is for.
type Touch struct {
	Operation   Operation
	Interaction pactfile.Interaction
}

// Touched lists the operations that a pact's requests are for, those of parts
// of composites included. Requests that are for none are left out: Judge tells.
func (s Specification) Touched(p pactfile.Pact) (all []Touch, err error) {
	for _, i := range p.Interactions {
		if i.IsMessage() {
			continue
		}
		parts, err := Parts(i)
		if err != nil {
			return nil, fmt.Errorf("%s: %q: %w", p.File, i.Description, err)
		}
		for _, part := range append(parts, i) {
			if o, err := s.Operation(part.Request); err == nil {
				all = append(all, Touch{o, i})
			}
		}
	}
	return all, nil
}

// Reads says whether an interaction changes nothing: it is a GET, or an
// operation that its document says only reads, down to the parts of a composite.
func (s Specification) Reads(i pactfile.Interaction) (bool, error) {
	if i.Request.Method == http.MethodGet || i.Request.Method == http.MethodHead {
		return true, nil
	}
	o, err := s.Operation(i.Request)
	if err != nil || !o.ReadsFirst {
		return false, err
	}
	var sent struct {
		CompositeRequest []struct{ Method string }
	}
	if json.Unmarshal(i.Request.Body.Content, &sent) == nil {
		for _, part := range sent.CompositeRequest {
			if part.Method != http.MethodGet {
				return false, nil
			}
		}
	}
	return true, nil
}

// Folders are the folders of all documents that hold an OpenAPI document.
func Folders(all fs.FS) ([]string, error) {
	entries, err := fs.ReadDir(all, ".")
	if err != nil {
		return nil, err
	}
	var found []string
	for _, entry := range entries {
		files, err := Documents(all, entry.Name())
		if err != nil {
			return nil, err
		}
		if len(files) > 0 {
			found = append(found, entry.Name())
		}
	}
	return found, nil
}

// Documents are the paths of the OpenAPI documents directly in a folder.
func Documents(all fs.FS, folder string) (found []string, err error) {
	files, err := fs.Glob(all, folder+"/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		source, err := fs.ReadFile(all, file)
		if err != nil {
			return nil, err
		}
		if isOpenAPI(source) {
			found = append(found, file)
		}
	}
	return found, nil
}
