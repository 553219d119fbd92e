package soql

import (
	"strconv"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// The documented limits of one statement (SOQL limits page; OFFSET as recalled).
const (
	maxSubqueries    = 20
	maxRelationships = 55
	maxParentLevels  = 5
	maxOffset        = 2_000
	maxSemiJoins     = 2
	maxText          = 4_000
	maxFieldsRows    = 200
)

// plan is a query whose names are looked up and whose literals are checked.
type plan struct {
	object  *sobject.Object
	columns []column
	count   bool
	where   predicate
	order   []orderKey
	// limit is -1 for none.
	limit, offset int
	// levels counts this query and the deepest subqueries below it.
	levels int
}

// column is a field, a parent with columns of its own, or a child subquery.
type column struct {
	name string
	// field is the leaf, or the reference of a parent.
	field  *sobject.Field
	parent []column
	// poly marks a parent that may be of several objects, and the leaf below it.
	poly  bool
	child *childColumn
}

type childColumn struct {
	relationship sobject.ChildRelationship
	plan         *plan
}

// compiler turns one statement with all its subqueries into plans. Limits are counted over the whole statement.
type compiler struct {
	catalog       *sobject.Catalog
	text          string
	subqueries    int
	semiJoins     int
	relationships map[string]bool
}

func compile(catalog *sobject.Catalog, text string, q *Query) (*plan, error) {
	c := &compiler{catalog: catalog, text: text, relationships: map[string]bool{}}
	object, ok := catalog.Object(q.From.Object)
	if !ok {
		return nil, c.unknownObject(q.From)
	}
	return c.query(q, object)
}

func (c *compiler) unknownObject(f *from) error {
	return refuse(InvalidType, "sObject type '%s' is not supported. If you are attempting to use a custom object, be sure to append the '__c' "+
		"after the entity name. Please reference your WSDL or the describe call for the appropriate names.", f.Object).at(c.text, f.Pos)
}

// query plans a root query or a subquery over the object.
func (c *compiler) query(q *Query, object *sobject.Object) (*plan, error) {
	s := &scope{compiler: c, object: object, alias: q.From.Alias}
	p := &plan{object: object, limit: -1, levels: 1}
	if err := c.bounds(q, p); err != nil {
		return nil, err
	}
	if err := s.selectList(q, p); err != nil {
		return nil, err
	}
	if q.Where != nil {
		where, err := s.condition(q.Where, joinAllowed)
		if err != nil {
			return nil, err
		}
		p.where = where
	}
	order, err := s.orderBy(q.OrderBy)
	if err != nil {
		return nil, err
	}
	p.order = order
	return p, nil
}

func (c *compiler) bounds(q *Query, p *plan) error {
	var err error
	if q.Limit != nil {
		if p.limit, err = c.bound(q.Limit); err != nil {
			return err
		}
	}
	if q.Offset != nil {
		if p.offset, err = c.bound(q.Offset); err != nil {
			return err
		}
	}
	if p.offset > maxOffset {
		return refuse(NumberOutsideValidRange, "Maximum SOQL offset allowed is %d", maxOffset).at(c.text, q.Offset.Pos)
	}
	return nil
}

func (c *compiler) bound(b *bound) (int, error) {
	n, err := strconv.ParseInt(b.Value, 10, 32)
	if err != nil || n < 0 {
		return 0, unexpectedToken(c.text, b.Pos, b.Value)
	}
	return int(n), nil
}

// scope is where the names of one query are looked up.
type scope struct {
	*compiler
	object *sobject.Object
	alias  string
	// inner marks the query of a semi-join.
	inner bool
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
	case item.Count && len(q.Select) > 1:
		return refuse(MalformedQuery, "COUNT() must be the only element in the SELECT list").at(s.text, item.Pos)
	case item.Count && len(q.OrderBy) > 0:
		return refuse(MalformedQuery, "COUNT() cannot be used with ORDER BY").at(s.text, item.Pos)
	case item.Count:
		p.count = true
		return nil
	case item.Subquery != nil:
		return s.subquery(item, p)
	case item.Fields != "":
		return s.allFields(item, p)
	default:
		return s.selectPath(item, p)
	}
}

func (s *scope) subquery(item *selectItem, p *plan) error {
	s.subqueries++
	sub := item.Subquery
	relationship, ok := s.object.Child(sub.From.Object)
	if !ok {
		return s.unknownRelationship(sub.From.Pos, sub.From.Object, "FROM part of query call")
	}
	if s.subqueries > maxSubqueries {
		return refuse(MalformedQuery, "Maximum number of child relationships allowed in a query is %d", maxSubqueries).at(s.text, sub.From.Pos)
	}
	for _, other := range p.columns {
		if other.name == relationship.Name {
			return s.duplicate(item.Pos, relationship.Name)
		}
	}
	object, ok := s.catalog.Object(relationship.Object)
	if !ok {
		return s.unknownObject(sub.From)
	}
	child, err := s.query(sub, object)
	if err != nil {
		return err
	}
	if child.count {
		return refuse(MalformedQuery, "only root queries support aggregate expressions").at(s.text, sub.Select[0].Pos)
	}
	p.levels = max(p.levels, child.levels+1)
	p.columns = append(p.columns, column{name: relationship.Name, child: &childColumn{relationship: relationship, plan: child}})
	return nil
}

// allFields expands FIELDS(ALL), FIELDS(STANDARD) and FIELDS(CUSTOM).
func (s *scope) allFields(item *selectItem, p *plan) error {
	group := strings.ToUpper(item.Fields)
	if group != "STANDARD" && (p.limit < 0 || p.limit > maxFieldsRows) {
		return refuse(MalformedQuery, "The SOQL FIELDS function must have a LIMIT of at most %d", maxFieldsRows).at(s.text, item.Pos)
	}
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
func (s *scope) selectPath(item *selectItem, p *plan) error {
	resolved, err := s.resolve(item.Pos, item.Path)
	if err != nil {
		return err
	}
	columns, poly := &p.columns, false
	for _, step := range resolved.steps {
		poly = poly || len(step.ReferenceTo) > 1
		columns = parentColumn(columns, step, poly)
	}
	return s.addLeaf(item.Pos, columns, column{name: resolved.leaf.Name, field: resolved.leaf, poly: poly})
}

func parentColumn(columns *[]column, step *sobject.Field, poly bool) *[]column {
	for i := range *columns {
		if c := &(*columns)[i]; c.child == nil && c.name == step.RelationshipName {
			return &c.parent
		}
	}
	*columns = append(*columns, column{name: step.RelationshipName, field: step, poly: poly})
	return &(*columns)[len(*columns)-1].parent
}

func (s *scope) addLeaf(pos lexer.Position, columns *[]column, leaf column) error {
	for _, other := range *columns {
		if other.name == leaf.name && other.parent == nil {
			return s.duplicate(pos, leaf.name)
		}
	}
	*columns = append(*columns, leaf)
	return nil
}

func (c *compiler) duplicate(pos lexer.Position, name string) error {
	return refuse(MalformedQuery, "duplicate field selected: %s", name).at(c.text, pos)
}

func (c *compiler) unknownRelationship(pos lexer.Position, name, where string) error {
	return refuse(InvalidField, "Didn't understand relationship '%s' in %s. If you are attempting to use a custom relationship, be sure to append "+
		"the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.",
		name, where).at(c.text, pos)
}
