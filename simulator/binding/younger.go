package binding

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// youngProperty is a property of a request body that is younger than its operation (x-somsim-since on its schema).
type youngProperty struct {
	// path are the names on the way to the property, with "*" for the items of an array.
	path  []string
	since int
}

// readYoung lists the young properties of the JSON body.
func (op *operation) readYoung() error {
	body := op.route.Operation.RequestBody
	if body == nil || body.Value.Content.Get("application/json") == nil {
		return nil
	}
	return op.collectYoung(body.Value.Content.Get("application/json").Schema, nil, map[*openapi3.Schema]bool{})
}

func (op *operation) collectYoung(ref *openapi3.SchemaRef, path []string, above map[*openapi3.Schema]bool) error {
	if ref == nil || ref.Value == nil || above[ref.Value] {
		return nil
	}
	s := ref.Value
	above[s] = true
	defer delete(above, s)
	if said, ok := extension(ref, "x-somsim-since"); ok && len(path) > 0 {
		n, whole := said.(float64)
		if !whole || n != float64(int(n)) || op.face.Version == nil {
			return fmt.Errorf("property %s of operation %s exists since %v, which is no version number of %s",
				strings.Join(path, "/"), op.id, said, op.face.Name)
		}
		op.young = append(op.young, youngProperty{path: append([]string{}, path...), since: int(n)})
	}
	for name, below := range s.Properties {
		if err := op.collectYoung(below, append(path, name), above); err != nil {
			return err
		}
	}
	return op.collectYoung(s.Items, append(path, "*"), above)
}

// extension reads an extension that stands beside a reference or in the schema itself.
func extension(ref *openapi3.SchemaRef, name string) (any, bool) {
	if said, ok := ref.Extensions[name]; ok {
		return said, true
	}
	said, ok := ref.Value.Extensions[name]
	return said, ok
}

// checkYoung refuses properties that the API version of the request does not have yet, as it would unknown ones.
func (op *operation) checkYoung(r *Request) error {
	version, body := 0, any(nil)
	for _, p := range op.young {
		if version == 0 {
			version = op.face.Version(r)
		}
		if version >= p.since {
			continue
		}
		if body == nil {
			if err := json.Unmarshal(r.Body, &body); err != nil {
				return nil //nolint:nilerr // a body that is no JSON has no properties; the validator has let it through
			}
		}
		if place, found := holds(body, p.path, nil); found {
			return &InvalidRequest{
				In: "body", Name: strings.Join(place, "/"), Problem: ProblemUnknown,
				Reason: fmt.Sprintf("property %q is unsupported", p.path[len(p.path)-1]),
			}
		}
	}
	return nil
}

// holds finds a property and returns where the object is that has it.
func holds(v any, path, at []string) (place []string, found bool) {
	if path[0] == "*" {
		items, _ := v.([]any)
		for i, item := range items {
			if place, found = holds(item, path[1:], append(at, strconv.Itoa(i))); found {
				return place, true
			}
		}
		return nil, false
	}
	object, _ := v.(map[string]any)
	below, ok := object[path[0]]
	if !ok || len(path) == 1 {
		return at, ok
	}
	return holds(below, path[1:], append(at, path[0]))
}
