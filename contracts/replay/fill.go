package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"

	"github.com/somsim/somsim/contracts/matching"
	"github.com/somsim/somsim/contracts/pactfile"
)

// MissingValueError is about an id that a request needs and that no state gave.
type MissingValueError struct{ Name string }

func (e *MissingValueError) Error() string { return "there is no value for " + e.Name }

// Fill puts what a state has given in the place of a request's examples. A
// value that is missing is a *MissingValueError.
func Fill(r pactfile.Request, values map[string]any) (pactfile.Request, error) {
	filled := r
	filled.Query, filled.Headers = maps.Clone(r.Query), r.Headers.Clone()
	for part, generators := range r.Generators {
		for at, g := range generators {
			if g.Type != "ProviderState" {
				return r, fmt.Errorf("values of the kind %q are not known", g.Type)
			}
			value, err := evaluate(g.Expression, values)
			if err != nil {
				return r, err
			}
			if err := put(&filled, part, at, value); err != nil {
				return r, err
			}
		}
	}
	return filled, nil
}

func put(r *pactfile.Request, part, at string, value any) error {
	switch part {
	case "path":
		r.Path = fmt.Sprint(value)
	case "query":
		if r.Query == nil {
			r.Query = url.Values{}
		}
		r.Query[name(at)] = []string{fmt.Sprint(value)}
	case "header":
		if r.Headers == nil {
			r.Headers = http.Header{}
		}
		r.Headers.Set(name(at), fmt.Sprint(value))
	case "body":
		return putInBody(r, at, value)
	default:
		return fmt.Errorf("values are not put into the %s", part)
	}
	return nil
}

// name is a header or parameter without the index that some pacts have behind it.
func name(at string) string {
	path, err := matching.ParsePath(at)
	if err != nil || len(path) == 0 {
		return at
	}
	return path[0]
}

func putInBody(r *pactfile.Request, at string, value any) error {
	path, err := matching.ParsePath(at)
	if err != nil {
		return err
	}
	var body any
	d := json.NewDecoder(bytes.NewReader(r.Body.Content))
	d.UseNumber()
	if err := d.Decode(&body); err != nil {
		return fmt.Errorf("the request's body: %w", err)
	}
	if body, err = replaced(body, path, value); err != nil {
		return fmt.Errorf("put a value at %s: %w", at, err)
	}
	r.Body.Content, err = json.Marshal(body)
	return err
}

// replaced is a document with another value at a path that it has.
func replaced(document any, at matching.Path, value any) (any, error) {
	if len(at) == 0 {
		return value, nil
	}
	switch document := document.(type) {
	case map[string]any:
		below, err := replaced(document[at[0]], at[1:], value)
		if err != nil {
			return nil, err
		}
		document[at[0]] = below
		return document, nil
	case []any:
		i, err := strconv.Atoi(at[0])
		if err != nil || i >= len(document) {
			return nil, fmt.Errorf("there is no element %s", at[0])
		}
		document[i], err = replaced(document[i], at[1:], value)
		return document, err
	default:
		return nil, fmt.Errorf("there is nothing below %v", document)
	}
}

var placeholder = regexp.MustCompile(`\$\{([^}]+)\}`)

// evaluate puts values into an expression; one that is nothing but a name is
// the value itself, of whichever type.
func evaluate(expression string, values map[string]any) (any, error) {
	if m := placeholder.FindStringSubmatch(expression); m != nil && m[0] == expression {
		value, ok := values[m[1]]
		if !ok || value == nil {
			return nil, &MissingValueError{m[1]}
		}
		return value, nil
	}
	var missing error
	text := placeholder.ReplaceAllStringFunc(expression, func(s string) string {
		value, ok := values[s[2:len(s)-1]]
		if !ok || value == nil {
			missing = &MissingValueError{s[2 : len(s)-1]}
		}
		return fmt.Sprint(value)
	})
	return text, missing
}

// Needs are the names of the values that a request wants of a state, sorted.
func Needs(r pactfile.Request) []string {
	all := map[string]bool{}
	for _, generators := range r.Generators {
		for _, g := range generators {
			for _, m := range placeholder.FindAllStringSubmatch(g.Expression, -1) {
				all[m[1]] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}
