package soql

import (
	"fmt"
	"strings"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// grouping is GROUP BY, or the one group of a query with aggregate functions and no GROUP BY. Groups become rows themselves, under the names of
// the fields below, so that HAVING and ORDER BY look at them as WHERE looks at rows.
type grouping struct {
	keys []groupKey
	// sets tell by which keys the rows are grouped, once for each set: all of them, and for ROLLUP and CUBE the subtotals.
	sets       [][]bool
	subtotals  bool
	aggregates []*aggregate
	having     predicate
	// unnamed counts the columns expr0, expr1 …
	unnamed int
}

type groupKey struct {
	term *term
	// field is the key in a grouped row, level what GROUPING() says of it.
	field, level *sobject.Field
}

// maxRollup is the number of fields in ROLLUP and CUBE. Source: SOQL reference, GROUP BY ROLLUP.
const maxRollup = 3

// grouping reads GROUP BY, so that what comes after it is looked up among groups.
func (s *scope) grouping(q *Query, p *plan) error {
	if q.Group == nil && !aggregated(q) {
		return nil
	}
	if !s.root {
		return refuse(MalformedQuery, "only root queries support aggregate expressions").at(s.text, q.Select[0].Pos)
	}
	p.group = &grouping{}
	s.group = p.group
	if q.Group != nil {
		if err := s.groupKeys(q.Group.Keys); err != nil {
			return err
		}
	}
	if len(p.group.sets) == 0 {
		p.group.sets = [][]bool{all(len(p.group.keys))}
	}
	if q.Group == nil || q.Group.Having == nil {
		return nil
	}
	having, err := s.condition(q.Group.Having, joinForbidden)
	p.group.having = having
	return err
}

// aggregated says whether SELECT has aggregate functions of fields.
func aggregated(q *Query) bool {
	for _, item := range q.Select {
		for e := item.Value; e != nil && e.Call; e = e.Args[0] {
			if isAggregate(e.Name) && !e.isCount() {
				return true
			}
			if len(e.Args) == 0 {
				break
			}
		}
	}
	return false
}

func (s *scope) groupKeys(keys []*expression) error {
	first := keys[0]
	if !first.is("ROLLUP") && !first.is("CUBE") {
		return s.addKeys(keys)
	}
	switch n := len(first.Args); {
	case len(keys) > 1:
		return unexpectedToken(s.text, keys[1].Pos, keys[1].Name)
	case n == 0 || n > maxRollup:
		return refuse(MalformedQuery, "%s takes one to %d fields", strings.ToUpper(first.Name), maxRollup).at(s.text, first.Pos)
	}
	if err := s.addKeys(first.Args); err != nil {
		return err
	}
	s.group.subtotals = true
	if first.is("ROLLUP") {
		s.group.sets = rollup(len(first.Args))
	} else {
		s.group.sets = cube(len(first.Args))
	}
	return nil
}

func all(n int) []bool {
	set := make([]bool, n)
	for i := range set {
		set[i] = true
	}
	return set
}

// rollup leaves the keys out one after another, from the right.
func rollup(n int) [][]bool {
	var sets [][]bool
	for keep := n; keep >= 0; keep-- {
		set := make([]bool, n)
		copy(set, all(keep))
		sets = append(sets, set)
	}
	return sets
}

// cube is every choice of keys.
func cube(n int) [][]bool {
	var sets [][]bool
	for choice := 1<<n - 1; choice >= 0; choice-- {
		set := make([]bool, n)
		for i := range set {
			set[i] = choice&(1<<(n-1-i)) != 0
		}
		sets = append(sets, set)
	}
	return sets
}

func (s *scope) addKeys(keys []*expression) error {
	for _, e := range keys {
		t, err := s.plain().term(e)
		if err != nil {
			return err
		}
		if !t.field.Groupable() || t.label {
			return refuse(MalformedQuery, "field '%s' can not be grouped in a query call", t.path.leaf.Name).at(s.text, e.Pos)
		}
		if _, again := s.group.key(t); again {
			return refuse(MalformedQuery, "duplicate field in GROUP BY: %s", e.written()).at(s.text, e.Pos)
		}
		field := *t.field
		field.Name, field.Formula = t.key(), nil
		level := &sobject.Field{Name: "GROUPING(" + t.key() + ")", Type: sobject.TypeInt}
		s.group.keys = append(s.group.keys, groupKey{term: t, field: &field, level: level})
	}
	return nil
}

func (g *grouping) key(t *term) (*groupKey, bool) {
	for i := range g.keys {
		if g.keys[i].term.key() == t.key() {
			return &g.keys[i], true
		}
	}
	return nil, false
}

// operandTerm reads what HAVING and ORDER BY compare or sort by: of rows as they are, or of groups.
func (s *scope) operandTerm(e *expression, what string) (*term, error) {
	if s.group == nil {
		return s.term(e)
	}
	field, _, err := s.groupedField(e, what)
	if err != nil {
		return nil, err
	}
	return groupedTerm(field), nil
}

func groupedTerm(f *sobject.Field) *term {
	return &term{path: &fieldPath{leaf: f, text: f.Name, grouped: true}, field: f}
}

// groupedField finds a key, an aggregate or GROUPING() among the fields of the groups; name is what an answer calls it, empty for a function.
func (s *scope) groupedField(e *expression, what string) (f *sobject.Field, name string, err error) {
	switch {
	case e.is("GROUPING"):
		return s.level(e)
	case e.Call && isAggregate(e.Name):
		a, err := s.aggregate(e)
		if err != nil {
			return nil, "", err
		}
		return a.field, "", nil
	}
	t, err := s.plain().term(e)
	if err != nil {
		return nil, "", err
	}
	key, ok := s.group.key(t)
	if !ok {
		return nil, "", s.mustBeGrouped(what, e)
	}
	if !t.isField() {
		return key.field, "", nil
	}
	return key.field, t.field.Name, nil
}

func (s *scope) mustBeGrouped(what string, e *expression) error {
	return refuse(MalformedQuery, "%s must be grouped or aggregated: %s", what, e.written()).at(s.text, e.Pos)
}

// written is the expression as text.
func (e *expression) written() string {
	if !e.Call {
		return e.Name
	}
	args := make([]string, len(e.Args))
	for i, arg := range e.Args {
		args[i] = arg.written()
	}
	return e.Name + "(" + strings.Join(args, ", ") + ")"
}

func (s *scope) level(e *expression) (*sobject.Field, string, error) {
	if len(e.Args) != 1 {
		return nil, "", unexpectedToken(s.text, e.Pos, e.Name)
	}
	t, err := s.plain().term(e.Args[0])
	if err != nil {
		return nil, "", err
	}
	key, ok := s.group.key(t)
	if !ok || !s.group.subtotals {
		return nil, "", refuse(MalformedQuery, "GROUPING() needs a field of GROUP BY ROLLUP or CUBE: %s", e.Args[0].written()).at(s.text, e.Pos)
	}
	return key.level, "", nil
}

// groupedItem selects a key or an aggregate, under its alias, its own name or the next of expr0, expr1 …
func (s *scope) groupedItem(item *selectItem, p *plan) error {
	render := &rendering{}
	inner, err := s.wrapped(item.Value, render)
	if err != nil {
		return err
	}
	field, name, err := s.groupedField(inner, "Field")
	if err != nil {
		return err
	}
	if render.convert || render.label || render.format && !formattable(field) {
		return s.unknownFunction(item.Value)
	}
	switch {
	case item.Alias != "":
		name = item.Alias
	case name == "" || render.format:
		name = fmt.Sprintf("expr%d", p.group.unnamed)
		p.group.unnamed++
	}
	for i := range p.columns {
		if strings.EqualFold(p.columns[i].name, name) {
			return refuse(MalformedQuery, "duplicate alias: %s", name).at(s.text, item.Pos)
		}
	}
	c := column{name: name, field: field, path: groupedTerm(field).path, render: render}
	if inner.Call {
		c.function = inner.written()
	}
	p.columns = append(p.columns, c)
	return nil
}

// checkAggregates refuses what does not go with aggregate functions.
func (s *scope) checkAggregates(q *Query, p *plan) error {
	if p.group == nil || q.Group != nil {
		return nil
	}
	if q.Limit != nil {
		return refuse(MalformedQuery, "Non-grouped query that uses overall aggregate functions cannot also use LIMIT").at(s.text, q.Limit.Pos)
	}
	if q.Offset != nil {
		return refuse(MalformedQuery, "Non-grouped query that uses overall aggregate functions cannot also use OFFSET").at(s.text, q.Offset.Pos)
	}
	return nil
}
