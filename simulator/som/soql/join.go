package soql

import (
	"slices"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// joinedTo is a semi-join or, negated, an anti-join.
type joinedTo struct {
	term    *term
	negated bool
	inner   *plan
	column  *sobject.Field
}

func (j *joinedTo) match(x *execution, r *sobject.Record) bool {
	id, ok := j.term.value(x, r).(string)
	return (ok && x.joined(j)[id]) != j.negated
}

// join plans a semi-join and holds it to the documented restrictions: ids on both sides, no OR and NOT around it, none within another, at most two
// in a statement, not on the object of the query itself, and no ORDER BY, LIMIT or OFFSET inside.
func (s *scope) join(c *comparison, t *term, join joins) (predicate, error) {
	pos := c.Field.Pos
	if join == joinForbidden || s.inner {
		return nil, refuse(MalformedQuery,
			"Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested WHERE expressions.").at(s.text, pos)
	}
	if !isID(t.field) {
		return nil, refuse(InvalidField, "The left operand '%s' in the where expression for outer query should be an id field, cannot use: '%s'",
			t.field.Name, t.field.Name).at(s.text, pos)
	}
	if s.semiJoins++; s.semiJoins > maxSemiJoins {
		return nil, refuse(MalformedQuery, "The SOQL statement cannot have more than %d semi join sub-selects", maxSemiJoins).at(s.text, pos)
	}
	if q := c.Semi; !isSemiJoin(q) {
		return nil, refuse(MalformedQuery, "a semi join sub-select selects exactly one field and has no ORDER BY, LIMIT or OFFSET").at(s.text, q.Pos)
	}
	return s.innerQuery(c.Semi, t, c.NotIn)
}

func isID(f *sobject.Field) bool { return f.Type == sobject.TypeID || f.Type == sobject.TypeReference }

// isSemiJoin says whether a query has no more than the inside of a semi-join may have.
func isSemiJoin(q *Query) bool {
	plain := len(q.OrderBy) == 0 && q.Limit == nil && q.Offset == nil && q.Group == nil && q.Scope == nil && !q.AllRows && len(q.For) == 0
	return plain && len(q.Select) == 1 && q.Select[0].Value != nil && !q.Select[0].Value.Call && q.Select[0].Alias == ""
}

func (s *scope) innerQuery(q *Query, t *term, negated bool) (predicate, error) {
	object, ok := s.catalog.Object(q.From.Object)
	if !ok {
		return nil, s.unknownObject(q.From)
	}
	if object == s.object {
		return nil, refuse(MalformedQuery, "The inner and outer selects should not be on the same object type").at(s.text, q.From.Pos)
	}
	p := &plan{object: object, limit: -1, levels: 1}
	inner := &scope{compiler: s.compiler, object: object, inner: true}
	if err := inner.names(q, p); err != nil {
		return nil, err
	}
	selected := q.Select[0].Value
	column, err := inner.resolve(selected.Pos, selected.Name)
	if err != nil {
		return nil, err
	}
	if len(column.steps) > 0 || !isID(column.leaf) || !s.sameTarget(s.object, t.path, object, column.leaf) {
		return nil, refuse(InvalidField, "The selected field '%s' in the subquery and the left operand field in the where expression in the outer "+
			"query '%s' should point to the same object type", selected.Name, t.field.Name).at(s.text, selected.Pos)
	}
	if err := inner.filter(q, p); err != nil {
		return nil, err
	}
	return &joinedTo{term: t, negated: negated, inner: p, column: column.leaf}, nil
}

// sameTarget says whether a path and a field of another object can hold the id of the same row. References that lead out of the simulation fit all.
func (s *scope) sameTarget(o *sobject.Object, path *fieldPath, other *sobject.Object, f *sobject.Field) bool {
	owner := o.Name
	if n := len(path.steps); n > 0 {
		if path.named {
			return true
		}
		owner = path.steps[n-1].ReferenceTo[0]
	}
	left, right := pointsTo(owner, path.leaf), pointsTo(other.Name, f)
	if len(left) == 0 || len(right) == 0 {
		return true
	}
	return slices.ContainsFunc(left, func(name string) bool { return slices.Contains(right, name) })
}

func pointsTo(owner string, f *sobject.Field) []string {
	if f.Type == sobject.TypeID {
		return []string{owner}
	}
	return f.ReferenceTo
}

// joined is the set of ids a semi-join yields, read once a run; nulls are left out.
func (x *execution) joined(j *joinedTo) map[string]bool {
	if ids, ok := x.joins[j]; ok {
		return ids
	}
	rows := x.matching(j.inner)
	ids := make(map[string]bool, len(rows))
	for _, r := range rows {
		if id, ok := x.value(r, j.column, false).(string); ok {
			ids[id] = true
		}
	}
	if x.joins == nil {
		x.joins = map[*joinedTo]map[string]bool{}
	}
	x.joins[j] = ids
	return ids
}
