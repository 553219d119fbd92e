package soql_test

import (
	"fmt"
	"strings"
)

// ask is a query as the property test thinks of it.
type ask struct {
	object string
	// relationship and foreignKey are those of a child subquery.
	relationship, foreignKey string
	fields                   []string
	children                 []*ask
	where                    *cond
	groups                   []string
	grouping                 string // ROLLUP or CUBE
	aggregates               []aggregation
	having                   *cond
	order                    []sortKey
	limit, offset            int // a limit of -1 is none
	allRows                  bool
}

type aggregation struct{ function, path string }

type sortKey struct {
	expr            string
	desc, nullsLast bool
}

// cond is AND, OR, NOT, a comparison, LIKE, IN or a semi-join.
type cond struct {
	op       string
	kids     []*cond
	expr     string
	literals []lit
	sub      *ask
}

// lit is a literal as it is written and what it means.
type lit struct {
	text  string
	value any
}

func (q *ask) String() string {
	from := q.object
	if q.relationship != "" {
		from = q.relationship
	}
	text := "SELECT " + strings.Join(q.selected(), ", ") + " FROM " + from
	if q.where != nil {
		text += " WHERE " + q.where.String()
	}
	if len(q.groups) > 0 {
		keys := strings.Join(q.groups, ", ")
		if q.grouping != "" {
			keys = q.grouping + "(" + keys + ")"
		}
		text += " GROUP BY " + keys
	}
	if q.having != nil {
		text += " HAVING " + q.having.String()
	}
	for i, key := range q.order {
		text += map[bool]string{true: " ORDER BY ", false: ", "}[i == 0] + key.String()
	}
	if q.limit >= 0 {
		text += fmt.Sprint(" LIMIT ", q.limit)
	}
	if q.offset > 0 {
		text += fmt.Sprint(" OFFSET ", q.offset)
	}
	if q.allRows {
		text += " ALL ROWS"
	}
	return text
}

func (q *ask) selected() []string {
	items := append([]string{}, q.fields...)
	for _, child := range q.children {
		items = append(items, "("+child.String()+")")
	}
	for i, expr := range q.groups {
		items = append(items, fmt.Sprintf("%s k%d", expr, i))
	}
	for i, a := range q.aggregates {
		items = append(items, fmt.Sprintf("%s(%s) a%d", a.function, a.path, i))
	}
	return items
}

func (k sortKey) String() string {
	text := k.expr
	if k.desc {
		text += " DESC"
	}
	if k.nullsLast {
		text += " NULLS LAST"
	}
	return text
}

func (c *cond) String() string {
	switch c.op {
	case "AND", "OR":
		parts := make([]string, len(c.kids))
		for i, kid := range c.kids {
			parts[i] = kid.String()
		}
		return "(" + strings.Join(parts, " "+c.op+" ") + ")"
	case "NOT":
		return "(NOT " + c.kids[0].String() + ")"
	case "IN SELECT", "NOT IN SELECT":
		return c.expr + " " + strings.TrimSuffix(c.op, " SELECT") + " (" + c.sub.String() + ")"
	}
	parts := make([]string, len(c.literals))
	for i, l := range c.literals {
		parts[i] = l.text
	}
	if c.op == "IN" || c.op == "NOT IN" {
		return c.expr + " " + c.op + " (" + strings.Join(parts, ", ") + ")"
	}
	return c.expr + " " + c.op + " " + parts[0]
}
