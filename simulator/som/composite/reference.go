package composite

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/somsim/somsim/simulator/som"
)

// references are the answers of earlier sub-requests, for @{referenceId.path} in later ones. Most are never referred
// to, so an answer is read when it first is.
type references map[string]*answered

type answered struct {
	body json.RawMessage
	read bool
	root any
}

// reference is what a reference looks like: an id, then fields and list places.
var reference = regexp.MustCompile(`@\{([A-Za-z0-9_]+)((?:\.\w+|\[\d+\])*)\}`)

var referenceStep = regexp.MustCompile(`\.(\w+)|\[(\d+)\]`)

// add remembers a successful answer.
func (r references) add(answer subResponse) {
	if answer.HTTPStatusCode < http.StatusBadRequest && len(answer.Body) > 0 {
		r[answer.ReferenceID] = &answered{body: answer.Body}
	}
}

// named lists the ids that references in a text name.
func named(text string) []string {
	var ids []string
	for _, found := range reference.FindAllStringSubmatch(text, -1) {
		ids = append(ids, found[1])
	}
	return ids
}

// inURL puts values in the place of references in a URL, escaped for the path or for the query.
func (r references) inURL(target string) (string, error) {
	path, query, asked := strings.Cut(target, "?")
	path, err := r.replaced(path, url.PathEscape)
	if err != nil || !asked {
		return path, err
	}
	query, err = r.replaced(query, url.QueryEscape)
	return path + "?" + query, err
}

// inBody puts values in the place of references in the texts of a JSON body.
func (r references) inBody(body json.RawMessage) ([]byte, error) {
	if !bytes.Contains(body, []byte("@{")) {
		return body, nil
	}
	text, err := r.replaced(string(body), func(s string) string {
		quoted, err := json.Marshal(s)
		if err != nil { // a text always can be encoded
			return s
		}
		return string(quoted[1 : len(quoted)-1])
	})
	return []byte(text), err
}

func (r references) replaced(text string, escape func(string) string) (string, error) {
	var missing error
	out := reference.ReplaceAllStringFunc(text, func(found string) string {
		parts := reference.FindStringSubmatch(found)
		value, ok := r.value(parts[1], parts[2])
		if !ok && missing == nil {
			missing = &som.Error{
				Code: codeHalted, Rule: "som.composite.reference",
				Message: fmt.Sprintf("Invalid reference specified. No value for %s found in %s", strings.Trim(found, "@{}"), parts[1]),
			}
		}
		return escape(value)
	})
	return out, missing
}

// value follows a path into an answer; it ends at a text, a number or a truth.
func (r references) value(id, path string) (string, bool) {
	answer, ok := r[id]
	if !ok {
		return "", false
	}
	at, ok := answer.document()
	for _, step := range referenceStep.FindAllStringSubmatch(path, -1) {
		if !ok {
			return "", false
		}
		at, ok = follow(at, step[1], step[2])
	}
	switch v := at.(type) {
	case string:
		return v, ok
	case json.Number:
		return v.String(), ok
	case bool:
		return strconv.FormatBool(v), ok
	default:
		return "", false
	}
}

func (a *answered) document() (any, bool) {
	if !a.read {
		a.read = true
		decoder := json.NewDecoder(bytes.NewReader(a.body))
		decoder.UseNumber()
		if err := decoder.Decode(&a.root); err != nil {
			a.root = nil
		}
	}
	return a.root, a.root != nil
}

func follow(at any, field, place string) (any, bool) {
	switch v := at.(type) {
	case map[string]any:
		next, ok := v[field]
		return next, ok && field != ""
	case []any:
		n, err := strconv.Atoi(place)
		if err != nil || n < 0 || n >= len(v) {
			return nil, false
		}
		return v[n], true
	default:
		return nil, false
	}
}
