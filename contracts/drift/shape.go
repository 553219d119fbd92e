package drift

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// place writes the path of a value with * for every index, so that what is
// wrong with each element is told once.
func place(path []string) string {
	var s strings.Builder
	s.WriteString("body $")
	for _, segment := range path {
		if _, err := strconv.Atoi(segment); err == nil || segment == "*" {
			s.WriteString("[*]")
			continue
		}
		s.WriteString("." + segment)
	}
	return s.String()
}

// shape is which kinds of values a JSON document has, by place.
type shape map[string][]string

func shapeOf(body []byte) shape {
	s := shape{}
	var value any
	if json.Unmarshal(body, &value) == nil {
		s.add(nil, value)
	}
	return s
}

func (s shape) add(path []string, value any) {
	at := place(path)
	if !slices.Contains(s[at], kind(value)) {
		s[at] = append(s[at], kind(value))
		slices.Sort(s[at])
	}
	switch value := value.(type) {
	case map[string]any:
		for name, below := range value {
			s.add(append(slices.Clone(path), name), below)
		}
	case []any:
		for _, below := range value {
			s.add(append(slices.Clone(path), "*"), below)
		}
	}
}

func kind(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	default:
		return "object"
	}
}

// says is what a document has at a place: kinds, or nothing.
func (s shape) says(at string) string {
	if kinds, ok := s[at]; ok {
		return strings.Join(kinds, " or ")
	}
	return "nothing"
}

// above is the place that a place is in; "" is none.
func above(at string) string {
	cut := max(strings.LastIndex(at, "."), strings.LastIndex(at, "["))
	if cut < 0 {
		return ""
	}
	return at[:cut]
}

// differ lists the places where two documents have values of other kinds, or
// one of them none. A null is taken for whatever the other one has. Where a
// list is empty on one side, nothing can be said of its elements.
func differ(a, b shape) (places []string) {
	all := map[string]bool{}
	for at := range a {
		all[at] = true
	}
	for at := range b {
		all[at] = true
	}
	for at := range all {
		inBoth := len(a[above(at)]) > 0 && len(b[above(at)]) > 0 || above(at) == ""
		x, y := solid(a[at]), solid(b[at])
		switch {
		case !inBoth, strings.HasSuffix(at, "[*]") && (len(a[at]) == 0 || len(b[at]) == 0):
		case len(a[at]) == 0 || len(b[at]) == 0:
			places = append(places, at)
		case len(x) > 0 && len(y) > 0 && !slices.Equal(x, y):
			places = append(places, at)
		}
	}
	slices.Sort(places)
	return places
}

func solid(kinds []string) []string {
	return slices.DeleteFunc(slices.Clone(kinds), func(k string) bool { return k == "null" })
}
