package soql

import (
	"slices"
	"strconv"
	"strings"

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
	// mine keeps the rows the caller owns (USING SCOPE mine).
	mine bool
	// group turns the rows into aggregated ones; nil for a query of rows.
	group *grouping
	order []orderKey
	// limit is -1 for none.
	limit, offset int
	// allRows includes deleted rows (ALL ROWS).
	allRows bool
	// viewed says that the caller shows or refers to the rows (FOR VIEW, FOR REFERENCE).
	viewed bool
	// levels counts this query and the deepest subqueries below it.
	levels int
	// place are the columns of the subqueries that lead to this query, none for the root query.
	place []int
	// fields says that FIELDS() is used, typeOf that TYPEOF is: both came with an API version.
	fields, typeOf bool
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
	return c.query(q, &scope{compiler: c, object: object, root: true})
}

// locate tells a plan and its subqueries where they are.
func (p *plan) locate(place []int) {
	p.place = place
	for i, c := range p.columns {
		if c.child != nil {
			c.child.plan.locate(append(slices.Clone(place), i))
		}
	}
}

func (c *compiler) unknownObject(f *from) error {
	return refuse(InvalidType, "sObject type '%s' is not supported. If you are attempting to use a custom object, be sure to append the '__c' "+
		"after the entity name. Please reference your WSDL or the describe call for the appropriate names.", f.Object).at(c.text, f.Pos)
}

// query plans a root query or a child subquery over the object of the scope.
func (c *compiler) query(q *Query, s *scope) (*plan, error) {
	p := &plan{object: s.object, limit: -1, levels: 1, allRows: q.AllRows}
	steps := []func(*Query, *plan) error{s.names, c.bounds, s.usingScope, s.clauses, s.grouping, s.selectList, s.filter, s.orderBy, s.checkAggregates}
	for _, step := range steps {
		if err := step(q, p); err != nil {
			return nil, err
		}
	}
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
	// parents are the paths of parents with a short name, by that name in lower case.
	parents map[string]string
	root    bool
	// inner marks the query of a semi-join.
	inner bool
	// group is the grouping of the query, so that ORDER BY and HAVING read aggregated rows.
	group *grouping
}

// names takes the short names of FROM in.
func (s *scope) names(q *Query, _ *plan) error {
	s.alias = q.From.Alias
	for _, p := range q.From.Parents {
		parts := strings.Split(p.Path.Name, ".")
		route, known := s.parents[strings.ToLower(parts[0])]
		switch {
		case known:
			route += "." + strings.Join(parts[1:], ".")
		case len(parts) > 1 && s.isSelf(parts[0]):
			route = strings.Join(parts[1:], ".")
		default:
			return s.unknownRelationship(p.Path.Pos, p.Path.Name, "FROM part of query call")
		}
		if s.parents == nil {
			s.parents = map[string]string{}
		}
		s.parents[strings.ToLower(p.Alias)] = route
	}
	return nil
}

// usingScope reads USING SCOPE. The scopes that need territories, teams or delegates find no such thing in this org.
func (s *scope) usingScope(q *Query, p *plan) error {
	if q.Scope == nil {
		return nil
	}
	switch strings.ToLower(q.Scope.Name) {
	case "everything":
		return nil
	case "mine":
		if _, owned := s.object.Field("OwnerId"); owned {
			p.mine = true
			return nil
		}
	}
	return refuse(MalformedQuery, "the scope %s is not supported on entity %s", q.Scope.Name, s.object.Name).at(s.text, q.Scope.Pos)
}

// clauses checks what is taken and changes no answer: WITH, FOR and UPDATE.
func (s *scope) clauses(q *Query, p *plan) error {
	if q.With != nil {
		switch strings.ToUpper(q.With.Name) {
		case "SECURITY_ENFORCED", "USER_MODE", "SYSTEM_MODE":
		default:
			return unexpectedToken(s.text, q.With.Pos, q.With.Name)
		}
	}
	for _, f := range q.For {
		if !s.root {
			return unexpectedToken(s.text, f.Pos, "FOR")
		}
		if strings.EqualFold(f.For, "UPDATE") && len(q.OrderBy) > 0 {
			return refuse(MalformedQuery, "ORDER BY not allowed with FOR UPDATE").at(s.text, f.Pos)
		}
		p.viewed = p.viewed || strings.EqualFold(f.For, "VIEW") || strings.EqualFold(f.For, "REFERENCE")
	}
	return nil
}

func (s *scope) filter(q *Query, p *plan) error {
	if q.Where == nil {
		return nil
	}
	where, err := s.plain().condition(q.Where, joinAllowed)
	p.where = where
	return err
}

// plain is the scope without its grouping: WHERE looks at rows before they are grouped.
func (s *scope) plain() *scope {
	rows := *s
	rows.group = nil
	return &rows
}
