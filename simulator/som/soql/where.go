package soql

import (
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// joins says where in WHERE a semi-join may stand: only where it is joined by AND from the top.
type joins bool

const (
	joinAllowed   joins = true
	joinForbidden joins = false
)

func (s *scope) condition(c *condition, join joins) (predicate, error) {
	if c.Not != nil {
		inner, err := s.test(c.Not, joinForbidden)
		return negate{inner}, err
	}
	rest, either := c.And, false
	if len(c.Or) > 0 {
		rest, either, join = c.Or, true, joinForbidden
	}
	first, err := s.test(c.First, join)
	if err != nil || len(rest) == 0 {
		return first, err
	}
	parts := []predicate{first}
	for _, t := range rest {
		p, err := s.test(t, join)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	if either {
		return anyOf(parts), nil
	}
	return allOf(parts), nil
}

func (s *scope) test(t *test, join joins) (predicate, error) {
	if t.Group != nil {
		return s.condition(t.Group, join)
	}
	return s.comparison(t.Compare, join)
}

func (s *scope) comparison(c *comparison, join joins) (predicate, error) {
	t, err := s.operandTerm(c.Field, "Having field")
	if err != nil {
		return nil, err
	}
	pos := c.Field.Pos
	if !t.field.Filterable() {
		return nil, refuse(InvalidField, "field '%s' can not be filtered in a query call", t.field.Name).at(s.text, pos)
	}
	switch {
	case c.Semi != nil:
		return s.join(c, t, join)
	case c.Sets != nil:
		return s.includes(c, t)
	case c.List != nil:
		return s.list(c, t)
	case strings.EqualFold(c.Op, "LIKE"):
		return s.like(c, t)
	}
	op := c.Op
	if op == "<>" {
		op = "!="
	}
	if ordered := op != "=" && op != "!="; ordered && (t.field.Type == sobject.TypeBoolean || t.field.Type == sobject.TypeMultipicklist) {
		return nil, s.wrongOperator(pos, string(t.field.Type))
	}
	operand, err := s.operand(pos, t.field, c.Value, false)
	if err != nil {
		return nil, err
	}
	if operand == nil && op != "=" && op != "!=" {
		return nil, refuse(InvalidQueryFilterOperator, "invalid operator: null can only be compared with = and !=").at(s.text, pos)
	}
	return &compareWith{term: t, op: op, operand: operand}, nil
}

func (s *scope) wrongOperator(pos lexer.Position, kind string) error {
	return refuse(InvalidQueryFilterOperator, "invalid operator on %s field", kind).at(s.text, pos)
}

func (s *scope) like(c *comparison, t *term) (predicate, error) {
	switch kind := t.field.Type; {
	case kind == sobject.TypeID || kind == sobject.TypeReference:
		return nil, s.wrongOperator(c.Field.Pos, "id")
	case !kind.Textual() || kind == sobject.TypeMultipicklist:
		return nil, s.wrongOperator(c.Field.Pos, string(kind))
	}
	operand, err := s.operand(c.Field.Pos, t.field, c.Value, true)
	if err != nil {
		return nil, err
	}
	pattern, ok := operand.(string)
	if !ok { // LIKE null and LIKE '' are true of null alone
		return &compareWith{term: t, op: "="}, nil
	}
	if folds(t.field) {
		pattern = strings.ToLower(pattern)
	}
	return &likeTo{term: t, pattern: []rune(pattern)}, nil
}

func (s *scope) list(c *comparison, t *term) (predicate, error) {
	in := &oneOf{term: t, negated: c.NotIn}
	for _, l := range c.List {
		op, err := s.operand(c.Field.Pos, t.field, l, false)
		if err != nil {
			return nil, err
		}
		text, isText := op.(string)
		switch {
		case op == nil:
			in.null = true
		case !isText:
			in.operands = append(in.operands, op)
		default:
			if folds(t.field) {
				text = strings.ToLower(text)
			}
			in.addText(text)
		}
	}
	return in, nil
}

func (o *oneOf) addText(text string) {
	if o.texts == nil {
		o.texts = map[string]bool{}
	}
	o.texts[text] = true
}

// includes reads INCLUDES and EXCLUDES: each text names values that must all be chosen, separated by semicolons.
func (s *scope) includes(c *comparison, t *term) (predicate, error) {
	if t.field.Type != sobject.TypeMultipicklist {
		return nil, s.wrongOperator(c.Field.Pos, string(t.field.Type))
	}
	in := &includes{term: t, negated: strings.EqualFold(c.Multi, "EXCLUDES")}
	for _, l := range c.Sets {
		op, err := s.operand(c.Field.Pos, t.field, l, false)
		if err != nil {
			return nil, err
		}
		text, isText := op.(string)
		if !isText {
			in.null = true
			continue
		}
		in.sets = append(in.sets, chosen(text))
	}
	return in, nil
}

// chosen are the values of a multi-select picklist, without regard to case.
func chosen(text string) []string {
	var values []string
	for value := range strings.SplitSeq(strings.ToLower(text), ";") {
		if value = strings.TrimSpace(value); value != "" {
			values = append(values, value)
		}
	}
	return values
}
