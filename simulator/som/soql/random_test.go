package soql_test

import (
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// asker draws queries about a world.
type asker struct {
	*rapid.T
	n *naive
}

func (a asker) chance(oneIn int) bool { return rapid.IntRange(1, oneIn).Draw(a.T, "chance") == 1 }

func pick[E any](a asker, from []E) E { return rapid.SampledFrom(from).Draw(a.T, "pick") }

func (a asker) query() *ask {
	q := &ask{object: pick(a, []string{"Account", "OrderSummary", "OrderItemSummary"}), limit: -1, allRows: a.chance(5)}
	a.filter(q, true)
	if a.chance(2) {
		a.grouped(q)
		return q
	}
	a.list(q, 2)
	return q
}

func (a asker) filter(q *ask, joins bool) {
	if a.chance(3) {
		return
	}
	q.where = a.cond(q.object, 2)
	for range 2 {
		if joins && a.chance(4) {
			q.where = &cond{op: "AND", kids: []*cond{a.join(q.object), q.where}}
		}
	}
}

// list makes a query of rows with child subqueries.
func (a asker) list(q *ask, depth int) {
	all := attributes(q.object)
	for range rapid.IntRange(1, 4).Draw(a.T, "fields") {
		if f := pick(a, all).path; !slices.Contains(q.fields, f) {
			q.fields = append(q.fields, f)
		}
	}
	a.sort(q)
	if a.chance(3) {
		q.limit = rapid.IntRange(0, 6).Draw(a.T, "limit")
	}
	if a.chance(4) && depth == 2 {
		q.offset = rapid.IntRange(0, 4).Draw(a.T, "offset")
	}
	if depth == 0 {
		return
	}
	for _, child := range map[string][]*ask{
		"Account":      {{object: "OrderSummary", relationship: "OrderSummaries", foreignKey: "AccountId"}, {object: "Account", relationship: "ChildAccounts", foreignKey: "ParentId"}},
		"OrderSummary": {{object: "OrderItemSummary", relationship: "OrderItemSummaries", foreignKey: "OrderSummaryId"}},
	}[q.object] {
		if a.chance(2) {
			child.limit = -1
			a.filter(child, false)
			a.list(child, depth-1)
			q.children = append(q.children, child)
		}
	}
}

func (a asker) sort(q *ask) {
	for range rapid.IntRange(0, 2).Draw(a.T, "keys") {
		q.order = append(q.order, a.key(pick(a, attributes(q.object)).path))
	}
}

func (a asker) key(expr string) sortKey {
	return sortKey{expr: expr, desc: a.chance(2), nullsLast: a.chance(2)}
}

// grouped makes a query with groups or with aggregates alone.
func (a asker) grouped(q *ask) {
	for range rapid.IntRange(0, 3).Draw(a.T, "groups") {
		if expr := a.groupExpr(q.object); !slices.Contains(q.groups, expr) {
			q.groups = append(q.groups, expr)
		}
	}
	for range rapid.IntRange(1, 3).Draw(a.T, "aggregates") {
		if g, ok := a.aggregation(q); ok {
			q.aggregates = append(q.aggregates, g)
		}
	}
	if len(q.groups) == 0 {
		if len(q.aggregates) == 0 {
			q.aggregates = []aggregation{{"COUNT", "Id"}}
		}
		return
	}
	if a.chance(3) {
		q.grouping = pick(a, []string{"ROLLUP", "CUBE"})
	}
	if a.chance(2) {
		a.haveIt(q)
	}
	if q.grouping == "" && a.chance(2) {
		// All keys together make the order of groups certain, so that it can be cut.
		for _, expr := range q.groups {
			q.order = append(q.order, a.key(expr))
		}
		q.limit = rapid.IntRange(0, 5).Draw(a.T, "limit")
	}
}

func (a asker) groupExpr(object string) string {
	at := pick(a, attributes(object))
	switch {
	case at.kind == instant || at.kind == calendarDay && a.chance(2):
		return a.dateExpr(at)
	case !at.groupable:
		return "Id"
	default:
		return at.path
	}
}

func (a asker) dateExpr(at attribute) string {
	functions := []string{"CALENDAR_YEAR", "CALENDAR_MONTH", "CALENDAR_QUARTER", "DAY_IN_MONTH", "DAY_IN_WEEK", "WEEK_IN_MONTH"}
	arg := at.path
	if at.kind == instant {
		functions = append(functions, "DAY_ONLY", "HOUR_IN_DAY")
		if a.chance(2) {
			arg = "convertTimezone(" + arg + ")"
		}
	}
	return pick(a, functions) + "(" + arg + ")"
}

func (a asker) aggregation(q *ask) (aggregation, bool) {
	at := pick(a, attributes(q.object))
	if slices.Contains(q.groups, at.path) || at.kind == truth {
		return aggregation{}, false
	}
	functions := []string{"COUNT", "COUNT_DISTINCT", "MIN", "MAX"}
	if at.kind == number {
		functions = append(functions, "SUM", "AVG")
	}
	return aggregation{pick(a, functions), at.path}, true
}

// haveIt adds HAVING over a key or an aggregate of the query.
func (a asker) haveIt(q *ask) {
	expr := q.groups[0]
	_, k := a.n.eval(nil, q.object, expr)
	if len(q.aggregates) > 0 && q.aggregates[0].function != "AVG" && a.chance(2) {
		g := q.aggregates[0]
		expr = g.function + "(" + g.path + ")"
		_, k = a.n.get(nil, q.object, g.path)
		if strings.HasPrefix(g.function, "COUNT") {
			k = number
		}
	}
	q.having = a.test(expr, k)
}
