package soql

import (
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// column is a value, a parent with columns of its own, or a child subquery.
type column struct {
	name string
	// field is the leaf, or the reference of a parent.
	field  *sobject.Field
	parent []column
	// named marks a parent that may be of several objects, and the leaf below it.
	named bool
	// typed are the columns of a parent by its object (TYPEOF); nil for others.
	typed *typedColumns
	child *childColumn
	// path leads to the value where it does not lie in the row itself: behind an alias, or in an aggregated row.
	path *fieldPath
	// render changes the value on its way into the answer; nil leaves it.
	render *rendering
	// function is a function over groups as it was written; empty for all else.
	function string
}

type childColumn struct {
	relationship sobject.ChildRelationship
	plan         *plan
}

func (s *scope) selectList(q *Query, p *plan) error {
	for _, item := range q.Select {
		if err := s.selectItem(q, item, p); err != nil {
			return err
		}
	}
	return nil
}

func (s *scope) selectItem(q *Query, item *selectItem, p *plan) error {
	switch {
	case item.Subquery != nil:
		return s.subquery(item, p)
	case item.TypeOf != nil:
		return s.typeOf(item, p)
	case item.Value.isCount():
		return s.countRows(q, item, p)
	case item.Value.is("FIELDS"):
		return s.allFields(item, p)
	case p.group != nil:
		return s.groupedItem(item, p)
	case item.Value.Call:
		return s.function(item, p)
	case item.Alias != "":
		return refuse(MalformedQuery, "only aggregate expressions use field aliasing").at(s.text, item.Pos)
	default:
		return s.selectPath(item.Pos, item.Value.Name, &p.columns)
	}
}

// is says whether the expression is a call of the function.
func (e *expression) is(function string) bool { return e.Call && strings.EqualFold(e.Name, function) }

func (e *expression) isCount() bool { return e.is("COUNT") && len(e.Args) == 0 }

func (s *scope) countRows(q *Query, item *selectItem, p *plan) error {
	var why string
	switch {
	case !s.root:
		why = "only root queries support aggregate expressions"
	case len(q.Select) > 1:
		why = "COUNT() must be the only element in the SELECT list"
	case len(q.OrderBy) > 0:
		why = "COUNT() cannot be used with ORDER BY"
	case q.Group != nil:
		why = "COUNT() cannot be used with GROUP BY"
	default:
		p.count = true
		return nil
	}
	return refuse(MalformedQuery, "%s", why).at(s.text, item.Pos)
}

func (s *scope) subquery(item *selectItem, p *plan) error {
	sub := item.Subquery
	name := sub.From.Object
	if before, after, dotted := strings.Cut(name, "."); dotted && s.isSelf(before) {
		name = after
	}
	relationship, ok := s.object.Child(name)
	if !ok {
		return s.unknownRelationship(sub.From.Pos, sub.From.Object, "FROM part of query call")
	}
	if p.group != nil {
		return refuse(MalformedQuery, "a child subquery cannot stand beside aggregate expressions").at(s.text, item.Pos)
	}
	if s.subqueries++; s.subqueries > maxSubqueries {
		return refuse(MalformedQuery, "Maximum number of child relationships allowed in a query is %d", maxSubqueries).at(s.text, sub.From.Pos)
	}
	for i := range p.columns {
		if p.columns[i].name == relationship.Name {
			return s.duplicate(item.Pos, relationship.Name)
		}
	}
	object, ok := s.catalog.Object(relationship.Object)
	if !ok {
		return s.unknownObject(sub.From)
	}
	if sub.AllRows {
		return unexpectedToken(s.text, sub.Pos, "ALL")
	}
	child, err := s.query(sub, &scope{compiler: s.compiler, object: object})
	if err != nil {
		return err
	}
	p.levels = max(p.levels, child.levels+1)
	p.fields, p.typeOf = p.fields || child.fields, p.typeOf || child.typeOf
	p.columns = append(p.columns, column{name: relationship.Name, child: &childColumn{relationship: relationship, plan: child}})
	return nil
}

// allFields expands FIELDS(ALL), FIELDS(STANDARD) and FIELDS(CUSTOM).
func (s *scope) allFields(item *selectItem, p *plan) error {
	e := item.Value
	if len(e.Args) != 1 || e.Args[0].Call {
		return unexpectedToken(s.text, e.Pos, e.Name)
	}
	group := strings.ToUpper(e.Args[0].Name)
	switch {
	case group != "ALL" && group != "STANDARD" && group != "CUSTOM":
		return unexpectedToken(s.text, e.Args[0].Pos, e.Args[0].Name)
	case p.group != nil:
		return refuse(MalformedQuery, "The SOQL FIELDS function is not supported with aggregate expressions or GROUP BY").at(s.text, item.Pos)
	case group != "STANDARD" && (p.limit < 0 || p.limit > maxFieldsRows):
		return refuse(MalformedQuery, "The SOQL FIELDS function must have a LIMIT of at most %d", maxFieldsRows).at(s.text, item.Pos)
	}
	p.fields = true
	for _, f := range s.object.Fields {
		custom := strings.HasSuffix(f.Name, "__c")
		if group == "ALL" || custom == (group == "CUSTOM") {
			if err := s.addLeaf(item.Pos, &p.columns, column{name: f.Name, field: f}); err != nil {
				return err
			}
		}
	}
	return nil
}

// selectPath puts a field below the columns of its parents, which it shares with other fields of the same parent.
func (s *scope) selectPath(pos lexer.Position, written string, columns *[]column) error {
	path, err := s.resolve(pos, written)
	if err != nil {
		return err
	}
	return s.addLeaf(pos, s.below(path, columns), column{name: path.leaf.Name, field: path.leaf, named: path.named})
}

// below is the list of columns that a leaf of the path belongs to.
func (s *scope) below(path *fieldPath, columns *[]column) *[]column {
	for _, step := range path.steps {
		columns = parentColumn(columns, step)
	}
	return columns
}

func parentColumn(columns *[]column, step *sobject.Field) *[]column {
	for i := range *columns {
		if c := &(*columns)[i]; c.child == nil && c.name == step.RelationshipName {
			return &c.parent
		}
	}
	*columns = append(*columns, column{name: step.RelationshipName, field: step, named: len(step.ReferenceTo) > 1})
	return &(*columns)[len(*columns)-1].parent
}

func (s *scope) addLeaf(pos lexer.Position, columns *[]column, leaf column) error {
	for i := range *columns {
		if other := &(*columns)[i]; other.name == leaf.name && other.parent == nil {
			return s.duplicate(pos, leaf.name)
		}
	}
	*columns = append(*columns, leaf)
	return nil
}

func (c *compiler) duplicate(pos lexer.Position, name string) error {
	return refuse(MalformedQuery, "duplicate field selected: %s", name).at(c.text, pos)
}

// function selects FORMAT(), convertCurrency() or toLabel() of a field, under its alias or below the columns of its parents.
func (s *scope) function(item *selectItem, p *plan) error {
	render := &rendering{}
	inner, err := s.wrapped(item.Value, render)
	if err != nil {
		return err
	}
	if inner.Call { // a date function
		return s.mustBeGrouped("Field", inner)
	}
	path, err := s.resolve(inner.Pos, inner.Name)
	if err != nil {
		return err
	}
	if err := s.checkRendering(inner, path.leaf, render); err != nil {
		return err
	}
	c := column{name: path.leaf.Name, field: path.leaf, named: path.named, render: render}
	if item.Alias == "" {
		return s.addLeaf(item.Pos, s.below(path, &p.columns), c)
	}
	c.name, c.path = item.Alias, path
	return s.addLeaf(item.Pos, &p.columns, c)
}

// typeOf selects a parent that may be of several objects.
func (s *scope) typeOf(item *selectItem, p *plan) error {
	if p.group != nil {
		return refuse(MalformedQuery, "TYPEOF is not allowed with aggregate expressions or GROUP BY").at(s.text, item.Pos)
	}
	p.typeOf = true
	c, err := s.typedColumn(item.TypeOf)
	if err != nil {
		return err
	}
	for i := range p.columns {
		if p.columns[i].name == c.name {
			return s.duplicate(item.Pos, c.name)
		}
	}
	p.columns = append(p.columns, *c)
	return nil
}
