package ocapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/b2c"
)

// predicate tells whether an order is what a query asks for.
type predicate func(*b2c.Order) bool

// maxQueryDepth bounds how deep queries nest.
const maxQueryDepth = 20

// readQuery reads a query of OCAPI's search language; none matches all.
func readQuery(raw json.RawMessage) (predicate, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return everyOrder, nil
	}
	return query(raw, 0)
}

func everyOrder(*b2c.Order) bool { return true }

// query reads an object with one property, which is the kind of the query.
func query(raw json.RawMessage, depth int) (predicate, error) {
	name, body, err := only(raw, "query", depth)
	if err != nil {
		return nil, err
	}
	switch name {
	case "match_all_query":
		return everyOrder, nil
	case "text_query":
		return textQuery(body)
	case "term_query":
		return termQuery(body)
	case "bool_query":
		return boolQuery(body, depth)
	case "filtered_query":
		return filteredQuery(body, depth)
	case "nested_query":
		return nestedQuery(body, depth)
	}
	return nil, unknownIn(name, "query")
}

// only returns the one property of an object.
func only(raw json.RawMessage, document string, depth int) (string, json.RawMessage, error) {
	var object map[string]json.RawMessage
	if depth > maxQueryDepth {
		return "", nil, malformedQuery(document, "is nested too deep")
	}
	if err := json.Unmarshal(raw, &object); err != nil {
		return "", nil, malformedQuery(document, "is no object")
	}
	delete(object, "_type")
	if len(object) != 1 {
		return "", nil, malformedQuery(document, fmt.Sprintf("names %d kinds of it, not one", len(object)))
	}
	for name, body := range object {
		return name, body, nil
	}
	return "", nil, nil
}

func unknownIn(name, document string) error {
	return Refuse("b2c.search.query", "UnknownProperty", fmt.Sprintf("The property '%s' is unknown in document '%s'.", name, document),
		"property", name, "document", document)
}

func malformedQuery(path, why string) error {
	return Refuse("b2c.search.query", "PropertyConstraintViolation", fmt.Sprintf("The property '%s' %s.", path, why),
		"document", "search_request", "path", "$."+path)
}

// strict reads an object that has these properties alone.
func strict(raw json.RawMessage, into any, document string, known ...string) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil {
		return malformedQuery(document, "is no object")
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !slices.Contains(known, name) && name != "_type" {
			return unknownIn(name, document)
		}
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return malformedQuery(document, "holds a value of another type")
	}
	return nil
}

type textQueryDocument struct {
	Fields       []string `json:"fields"`
	SearchPhrase string   `json:"search_phrase"`
}

// textQuery wants every word of the phrase in some of the fields; a star at its end stands for anything.
func textQuery(raw json.RawMessage) (predicate, error) {
	var q textQueryDocument
	if err := strict(raw, &q, "text_query", "fields", "search_phrase"); err != nil {
		return nil, err
	}
	fields, err := findFields(q.Fields)
	if err != nil {
		return nil, err
	}
	for _, f := range fields {
		if f.kind != textField {
			return nil, Refuse("b2c.search.text-fields", "InvalidSearchFieldType", "The field '"+f.name+"' is no text.", "field", f.name)
		}
	}
	words := strings.Fields(strings.ToLower(q.SearchPhrase))
	if len(words) == 0 {
		return nil, malformedQuery("text_query.search_phrase", "is missing")
	}
	return func(o *b2c.Order) bool {
		for _, word := range words {
			if !slices.ContainsFunc(fields, func(f searchField) bool { return f.hasWord(o, word) }) {
				return false
			}
		}
		return true
	}, nil
}

func (f searchField) hasWord(o *b2c.Order, word string) bool {
	return slices.ContainsFunc(f.values(o), func(v string) bool {
		v = strings.ToLower(v)
		if prefix, open := strings.CutSuffix(word, "*"); open {
			return slices.ContainsFunc(strings.Fields(v), func(part string) bool { return strings.HasPrefix(part, prefix) })
		}
		return v == word || slices.Contains(strings.Fields(v), word)
	})
}

func findFields(names []string) ([]searchField, error) {
	if len(names) == 0 {
		return nil, malformedQuery("fields", "are missing")
	}
	fields := make([]searchField, 0, len(names))
	for _, name := range names {
		f, err := findField(name)
		if err != nil {
			return nil, err
		}
		fields = append(fields, f)
	}
	return fields, nil
}

type boolQueryDocument struct {
	Must    oneOrMany `json:"must"`
	MustNot oneOrMany `json:"must_not"`
	Should  oneOrMany `json:"should"`
}

// oneOrMany is a list of queries; a single one may stand without brackets.
type oneOrMany []json.RawMessage

// UnmarshalJSON reads a list or a single element.
func (l *oneOrMany) UnmarshalJSON(raw []byte) error {
	if strings.HasPrefix(strings.TrimSpace(string(raw)), "[") {
		return json.Unmarshal(raw, (*[]json.RawMessage)(l))
	}
	*l = oneOrMany{append(json.RawMessage{}, raw...)}
	return nil
}

// boolQuery wants all of must, none of must_not, and one of should where there are any.
func boolQuery(raw json.RawMessage, depth int) (predicate, error) {
	var q boolQueryDocument
	if err := strict(raw, &q, "bool_query", "must", "must_not", "should"); err != nil {
		return nil, err
	}
	must, err := queries(q.Must, depth)
	if err != nil {
		return nil, err
	}
	mustNot, err := queries(q.MustNot, depth)
	if err != nil {
		return nil, err
	}
	should, err := queries(q.Should, depth)
	if err != nil {
		return nil, err
	}
	return func(o *b2c.Order) bool {
		holds := func(p predicate) bool { return p(o) }
		fails := func(p predicate) bool { return !p(o) }
		return !slices.ContainsFunc(must, fails) && !slices.ContainsFunc(mustNot, holds) && (len(should) == 0 || slices.ContainsFunc(should, holds))
	}, nil
}

func queries(raw []json.RawMessage, depth int) ([]predicate, error) {
	var out []predicate
	for _, one := range raw {
		p, err := query(one, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func filteredQuery(raw json.RawMessage, depth int) (predicate, error) {
	var q struct {
		Query  json.RawMessage `json:"query"`
		Filter json.RawMessage `json:"filter"`
	}
	if err := strict(raw, &q, "filtered_query", "query", "filter"); err != nil {
		return nil, err
	}
	wanted, err := query(q.Query, depth+1)
	if err != nil {
		return nil, err
	}
	passes, err := filter(q.Filter, depth+1)
	if err != nil {
		return nil, err
	}
	return func(o *b2c.Order) bool { return wanted(o) && passes(o) }, nil
}

// nestedQuery searches parts of an order, whose fields have the path before their names here anyway.
func nestedQuery(raw json.RawMessage, depth int) (predicate, error) {
	var q struct {
		Path      string          `json:"path"`
		Query     json.RawMessage `json:"query"`
		ScoreMode string          `json:"score_mode"`
	}
	if err := strict(raw, &q, "nested_query", "path", "query", "score_mode"); err != nil {
		return nil, err
	}
	return query(q.Query, depth+1)
}
