package soql_test

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"
)

// What follows answers queries as a reader of the documentation would by hand: no index, no plan, one row after another. It shares nothing with the
// engine, neither its tree nor its values: numbers are hundredths, and named dates are counted on calendar pages.

// sheet is a row: its fields by name, with no entry for null.
type sheet struct {
	object, id string
	values     map[string]any
	deleted    bool
}

// hundredths is a number.
type hundredths int64

func (h hundredths) String() string { return trimmed(big.NewRat(int64(h), 100).FloatString(2)) }

func trimmed(n string) string {
	if strings.Contains(n, ".") {
		n = strings.TrimRight(strings.TrimRight(n, "0"), ".")
	}
	if n == "-0" {
		return "0"
	}
	return n
}

// kind is how the values of a field compare.
type kind int

const (
	foldedText kind = iota
	exactText
	listed
	number
	truth
	instant
	calendarDay
	identity
)

// naive is the data and what the answer depends on besides.
type naive struct {
	sheets []*sheet // in the order of ids
	byID   map[string]*sheet
	kinds  map[string]kind // of Object.Field
	refs   map[string]string
	now    time.Time
	zone   *time.Location
	// listedOrder are the values of picklists in their order.
	listedOrder []string
	all         bool
}

func (n *naive) seen(s *sheet) bool { return n.all || !s.deleted }

// get reads a path, and tells the kind of its end.
func (n *naive) get(s *sheet, object, path string) (any, kind) {
	step, rest, dotted := strings.Cut(path, ".")
	if !dotted {
		if s == nil {
			return nil, n.kinds[object+"."+path]
		}
		return n.own(s, path), n.kinds[object+"."+path]
	}
	target := n.refs[object+"."+step]
	if s == nil {
		return n.get(nil, target, rest)
	}
	reference, _ := s.values[step+"Id"].(string)
	parent := n.byID[reference]
	if parent != nil && !n.seen(parent) {
		parent = nil
	}
	if parent != nil {
		target = parent.object // an owner may be a user or a group
	}
	return n.get(parent, target, rest)
}

func (n *naive) own(s *sheet, field string) any {
	amount := func(name string) hundredths {
		h, _ := s.values[name].(hundredths)
		return h
	}
	switch {
	case field == "Id":
		return s.id
	case field == "Type":
		return s.object
	case field == "IsDeleted":
		return s.deleted
	case field == "GrandTotalAmount":
		return amount("TotalAmount") + amount("TotalTaxAmount")
	case field == "QuantityOrdered": // is required
		return amount(field)
	case n.kinds[s.object+"."+field] == truth && s.values[field] == nil:
		return false
	}
	return s.values[field]
}

// eval reads a path or a date function of one: CALENDAR_YEAR(x), DAY_ONLY(convertTimezone(x)) …
func (n *naive) eval(s *sheet, object, expr string) (any, kind) {
	function, arg, called := strings.Cut(strings.TrimSuffix(expr, ")"), "(")
	if !called {
		return n.get(s, object, expr)
	}
	zone := time.UTC
	if inner, ok := strings.CutPrefix(arg, "convertTimezone("); ok {
		arg, zone = strings.TrimSuffix(inner, ")"), n.zone
	}
	v, _ := n.get(s, object, arg)
	result := number
	if function == "DAY_ONLY" {
		result = calendarDay
	}
	if v == nil {
		return nil, result
	}
	y, m, d, hour := pageOf(v, zone)
	parts := map[string]int{
		"CALENDAR_YEAR": y, "CALENDAR_MONTH": m, "CALENDAR_QUARTER": (m + 2) / 3, "DAY_IN_MONTH": d, "HOUR_IN_DAY": hour,
		"DAY_IN_WEEK": (dayNumber(y, m, d)+4)%7 + 1, "WEEK_IN_MONTH": (d + 6) / 7,
	}
	if function == "DAY_ONLY" {
		return fmt.Sprintf("%04d-%02d-%02d", y, m, d), result
	}
	return hundredths(parts[function] * 100), result
}

// pageOf is the calendar page a value lies on.
func pageOf(v any, zone *time.Location) (y, m, d, hour int) {
	if t, ok := v.(time.Time); ok {
		t = t.In(zone)
		return t.Year(), int(t.Month()), t.Day(), t.Hour()
	}
	_, _ = fmt.Sscanf(v.(string), "%d-%d-%d", &y, &m, &d)
	return y, m, d, 0
}

func dayNumber(y, m, d int) int {
	return int(time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Unix() / 86_400)
}

// named is a named date: the units from the present one that it covers, both ends included.
type named struct {
	unit     string
	from, to int
}

// side says whether a value lies before, in or after a named date.
func (n *naive) side(v any, of named) int {
	y, m, d, _ := pageOf(v, n.zone)
	ny, nm, nd, _ := pageOf(n.now, n.zone)
	index := func(y, m, d int) int {
		switch of.unit {
		case "WEEK":
			return (dayNumber(y, m, d) + 4) / 7
		case "MONTH":
			return 12*y + m
		case "QUARTER":
			return 4*y + (m-1)/3
		case "YEAR":
			return y
		default:
			return dayNumber(y, m, d)
		}
	}
	switch away := index(y, m, d) - index(ny, nm, nd); {
	case away < of.from:
		return -1
	case away <= of.to:
		return 0
	default:
		return 1
	}
}

// order compares two values that are not null.
func (n *naive) order(k kind, a, b any) int {
	switch a := a.(type) {
	case hundredths:
		return int(max(-1, min(1, a-b.(hundredths))))
	case bool:
		if a == b {
			return 0
		}
		if a {
			return 1
		}
		return -1
	case time.Time:
		return a.Compare(b.(time.Time))
	}
	left, right := a.(string), b.(string)
	if k == foldedText || k == listed {
		left, right = strings.ToLower(left), strings.ToLower(right)
	}
	return strings.Compare(left, right)
}

// sortOrder is order, with the values of picklists in their own order and unlisted ones last.
func (n *naive) sortOrder(k kind, a, b any) int {
	if k == listed {
		place := func(v any) int {
			if i := slices.Index(n.listedOrder, v.(string)); i >= 0 {
				return i
			}
			return len(n.listedOrder)
		}
		if c := place(a) - place(b); c != 0 {
			return c
		}
	}
	return n.order(k, a, b)
}

// ids is what a semi-join selects.
func (n *naive) ids(q *ask) []string {
	var ids []string
	for _, s := range n.rows(q) {
		if id, ok := n.own(s, q.fields[0]).(string); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

// rows are the rows a query filters, in the order of ids.
func (n *naive) rows(q *ask) []*sheet {
	var found []*sheet
	for _, s := range n.sheets {
		if s.object == q.object && n.seen(s) && (q.where == nil || n.holds(q.where, s, q.object)) {
			found = append(found, s)
		}
	}
	return found
}

// answer is the answer in lines, one a row.
func (n *naive) answer(q *ask) []string {
	n.all = q.allRows
	rows := n.rows(q)
	if len(q.groups)+len(q.aggregates) > 0 {
		return n.groupLines(q, rows)
	}
	return n.lines(q, rows)
}

func (n *naive) lines(q *ask, rows []*sheet) []string {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b *sheet) int {
		return n.byKeys(q, func(expr string) (any, any, kind) {
			left, k := n.eval(a, q.object, expr)
			right, _ := n.eval(b, q.object, expr)
			return left, right, k
		})
	})
	lines := []string{}
	for _, s := range part(rows, q) {
		lines = append(lines, n.line(q, s))
	}
	return lines
}

// byKeys compares by ORDER BY.
func (n *naive) byKeys(q *ask, values func(expr string) (a, b any, k kind)) int {
	for _, key := range q.order {
		a, b, k := values(key.expr)
		switch {
		case a == nil && b == nil:
			continue
		case a == nil || b == nil:
			if (a == nil) != key.nullsLast {
				return -1
			}
			return 1
		}
		c := n.sortOrder(k, a, b)
		if key.desc {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

// part cuts by OFFSET and LIMIT.
func part[T any](rows []T, q *ask) []T {
	rows = rows[min(q.offset, len(rows)):]
	if q.limit >= 0 && q.limit < len(rows) {
		return rows[:q.limit]
	}
	return rows
}

func (n *naive) line(q *ask, s *sheet) string {
	var parts []string
	for _, f := range q.fields {
		parts = append(parts, f+"="+n.written(s, q.object, f))
	}
	for _, child := range q.children {
		var below []*sheet
		for _, c := range n.rows(child) {
			if c.values[child.foreignKey] == s.id {
				below = append(below, c)
			}
		}
		lines := n.lines(child, below)
		text := "null"
		if len(lines) > 0 {
			text = fmt.Sprintf("%d%v", len(lines), lines)
		}
		parts = append(parts, child.relationship+"="+text)
	}
	return strings.Join(parts, " ")
}

func (n *naive) written(s *sheet, object, path string) string {
	v, _ := n.get(s, object, path)
	return writtenValue(v)
}

func writtenValue(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case time.Time:
		return v.UTC().Format(time.RFC3339)
	default:
		return fmt.Sprint(v)
	}
}
