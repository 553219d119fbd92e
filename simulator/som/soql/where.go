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
	field, err := s.resolve(c.Field.Pos, c.Field.Name)
	if err != nil {
		return nil, err
	}
	pos := c.Field.Pos
	if !filterable(field.leaf) {
		return nil, refuse(InvalidField, "field '%s' can not be filtered in a query call", field.leaf.Name).at(s.text, pos)
	}
	switch {
	case c.Semi != nil:
		return s.join(c, field, join)
	case c.List != nil:
		return s.list(c, field)
	case strings.EqualFold(c.Op, "LIKE"):
		return s.like(c, field)
	}
	op := c.Op
	if op == "<>" {
		op = "!="
	}
	if field.leaf.Type == sobject.TypeBoolean && op != "=" && op != "!=" {
		return nil, s.wrongOperator(pos, "boolean")
	}
	operand, err := s.operand(pos, field.leaf, c.Value, false)
	if err != nil {
		return nil, err
	}
	if operand == nil && op != "=" && op != "!=" {
		return nil, refuse(InvalidQueryFilterOperator, "invalid operator: null can only be compared with = and !=").at(s.text, pos)
	}
	return &compareWith{field: field, op: op, operand: operand}, nil
}

// filterable fields are all but compounds and long texts.
func filterable(f *sobject.Field) bool {
	const longest = 255
	return f.Type != sobject.TypeAddress && (f.Type != sobject.TypeTextarea || f.Length <= longest)
}

func (s *scope) wrongOperator(pos lexer.Position, kind string) error {
	return refuse(InvalidQueryFilterOperator, "invalid operator on %s field", kind).at(s.text, pos)
}

func (s *scope) like(c *comparison, field *fieldPath) (predicate, error) {
	switch t := field.leaf.Type; {
	case t == sobject.TypeID || t == sobject.TypeReference:
		return nil, s.wrongOperator(c.Field.Pos, "id")
	case !t.Textual():
		return nil, s.wrongOperator(c.Field.Pos, string(t))
	}
	operand, err := s.operand(c.Field.Pos, field.leaf, c.Value, true)
	if err != nil {
		return nil, err
	}
	pattern, ok := operand.(string)
	if !ok { // LIKE null and LIKE '' are true of null alone
		return &compareWith{field: field, op: "="}, nil
	}
	if folds(field.leaf) {
		pattern = strings.ToLower(pattern)
	}
	return &likeTo{field: field, pattern: []rune(pattern)}, nil
}

func (s *scope) list(c *comparison, field *fieldPath) (predicate, error) {
	in := &oneOf{field: field, negated: c.NotIn}
	for _, l := range c.List {
		op, err := s.operand(c.Field.Pos, field.leaf, l, false)
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
			if folds(field.leaf) {
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

// join plans a semi-join and holds it to the documented restrictions: ids on both sides, no OR and NOT around it, none within another, at most two
// in a statement, and no ORDER BY, LIMIT or OFFSET inside.
func (s *scope) join(c *comparison, field *fieldPath, join joins) (predicate, error) {
	pos := c.Field.Pos
	if join == joinForbidden || s.inner {
		return nil, refuse(MalformedQuery,
			"Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested WHERE expressions.").at(s.text, pos)
	}
	if t := field.leaf.Type; t != sobject.TypeID && t != sobject.TypeReference {
		return nil, refuse(InvalidField, "The left operand '%s' in the where expression for outer query should be an id field, cannot use: '%s'",
			field.leaf.Name, field.leaf.Name).at(s.text, pos)
	}
	if s.semiJoins++; s.semiJoins > maxSemiJoins {
		return nil, refuse(MalformedQuery, "The SOQL statement cannot have more than %d semi join sub-selects", maxSemiJoins).at(s.text, pos)
	}
	q := c.Semi
	if len(q.OrderBy) > 0 || q.Limit != nil || q.Offset != nil || len(q.Select) != 1 || q.Select[0].Path == "" {
		return nil, refuse(MalformedQuery, "a semi join sub-select selects exactly one field and has no ORDER BY, LIMIT or OFFSET").at(s.text, q.Pos)
	}
	return s.innerQuery(q, field, c.NotIn)
}

func (s *scope) innerQuery(q *Query, field *fieldPath, negated bool) (predicate, error) {
	object, ok := s.catalog.Object(q.From.Object)
	if !ok {
		return nil, s.unknownObject(q.From)
	}
	inner := &scope{compiler: s.compiler, object: object, alias: q.From.Alias, inner: true}
	column, err := inner.resolve(q.Select[0].Pos, q.Select[0].Path)
	if err != nil {
		return nil, err
	}
	if t := column.leaf.Type; len(column.steps) > 0 || t != sobject.TypeID && t != sobject.TypeReference {
		return nil, refuse(InvalidField, "The selected field '%s' in the subquery and the left operand field in the where expression in the outer "+
			"query '%s' should point to the same object type", q.Select[0].Path, field.leaf.Name).at(s.text, q.Select[0].Pos)
	}
	p := &plan{object: object, limit: -1, levels: 1}
	if q.Where != nil {
		if p.where, err = inner.condition(q.Where, joinAllowed); err != nil {
			return nil, err
		}
	}
	return &joinedTo{field: field, negated: negated, inner: p, column: column.leaf}, nil
}
