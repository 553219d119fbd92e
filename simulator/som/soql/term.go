package soql

import (
	"strings"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// term is what is compared, grouped or sorted by: a field over its path, or a function of one.
type term struct {
	path *fieldPath
	// part takes a part out of a date; nil for the value itself.
	part *datePart
	// local reads instants in the caller's time zone (convertTimezone), not in UTC.
	local bool
	// label reads the label of a picklist value (toLabel).
	label bool
	// field describes the value: the leaf of the path, or a stand-in for the answer of the function.
	field *sobject.Field
}

func plainTerm(p *fieldPath) *term { return &term{path: p, field: p.leaf} }

// value reads the term of a row.
func (t *term) value(x *execution, r *sobject.Record) sobject.Value {
	v := t.path.value(x, r)
	switch {
	case v == nil:
		return nil
	case t.part != nil:
		return t.part.of(v, x.zone(t.local))
	case t.label:
		return labelOf(t.path.leaf, v)
	default:
		return v
	}
}

// isField says whether the term is a stored or computed field as it is.
func (t *term) isField() bool { return t.part == nil && !t.label }

// key tells terms apart: equal terms have equal keys.
func (t *term) key() string {
	key := strings.ToLower(t.path.text)
	switch {
	case t.part != nil && t.local:
		return t.part.name + "(convertTimezone(" + key + "))"
	case t.part != nil:
		return t.part.name + "(" + key + ")"
	case t.label:
		return "toLabel(" + key + ")"
	default:
		return key
	}
}

// term reads an expression of WHERE, GROUP BY or ORDER BY: a field, a part of a date or a label.
func (s *scope) term(e *expression) (*term, error) {
	if !e.Call {
		path, err := s.resolve(e.Pos, e.Name)
		if err != nil {
			return nil, err
		}
		return plainTerm(path), nil
	}
	if part, ok := datePartOf(e.Name); ok {
		return s.dateTerm(e, part)
	}
	if strings.EqualFold(e.Name, "toLabel") {
		return s.labelTerm(e)
	}
	return nil, s.unknownFunction(e)
}

// unknownFunction refuses a function that there is none of at this place.
func (s *scope) unknownFunction(e *expression) error {
	switch strings.ToUpper(e.Name) {
	case "DISTANCE", "GEOLOCATION":
		return refuse(MalformedQuery, "the function %s is not simulated", e.Name).at(s.text, e.Pos)
	}
	if isAggregate(e.Name) {
		return refuse(MalformedQuery, "aggregate functions are not allowed here: %s", e.Name).at(s.text, e.Pos)
	}
	return unexpectedToken(s.text, e.Pos, e.Name)
}

// argument is the one field a function takes.
func (s *scope) argument(e *expression) (*fieldPath, error) {
	if len(e.Args) != 1 || e.Args[0].Call {
		return nil, unexpectedToken(s.text, e.Pos, e.Name)
	}
	return s.resolve(e.Args[0].Pos, e.Args[0].Name)
}

func (s *scope) labelTerm(e *expression) (*term, error) {
	path, err := s.argument(e)
	if err != nil {
		return nil, err
	}
	if path.leaf.Type != sobject.TypePicklist {
		return nil, refuse(InvalidField, "toLabel() is not supported on field '%s'", path.leaf.Name).at(s.text, e.Args[0].Pos)
	}
	return &term{path: path, label: true, field: &sobject.Field{Name: path.leaf.Name, Type: sobject.TypeString}}, nil
}

// labelOf is the label of a picklist value. The labels of this org are the values themselves.
func labelOf(_ *sobject.Field, v sobject.Value) sobject.Value { return v }
