package soql

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// route is one way to the rows of a query by index.
type route struct {
	// fields are the indexed fields, as paths from the object of the query.
	fields []string
	// rank is lower for indexes that find fewer rows: ids, then unique values, then others, and last what many rows have in common.
	rank int
	find func() []*sobject.Record
}

// fewRows is a number of rows that is not worth looking for a better index.
const fewRows = 32

// candidates lists rows of the plan's object that hold every match of its WHERE, in the order of ids, or says that no index helps. Of several
// indexes that do, the one with the fewest rows is taken. The whole WHERE is still to be checked.
func (x *execution) candidates(p *plan) (rows []*sobject.Record, ok bool) {
	for _, r := range x.routes(p.object, p.where) {
		found := r.find()
		if !ok || len(found) < len(rows) {
			rows, ok = found, true
		}
		if len(rows) <= fewRows {
			break
		}
	}
	if !ok {
		return nil, false
	}
	return inIDOrder(rows), true
}

// routes are the indexes that help with a WHERE, the likely best first.
func (x *execution) routes(o *sobject.Object, where predicate) []route {
	var all []route
	for _, part := range conjuncts(where) {
		if r, ok := x.route(o, part); ok {
			all = append(all, r)
		}
	}
	slices.SortStableFunc(all, func(a, b route) int { return cmp.Compare(a.rank, b.rank) })
	return all
}

// conjuncts are the parts of WHERE of which all must hold.
func conjuncts(p predicate) []predicate {
	all, ok := p.(allOf)
	if !ok {
		return []predicate{p}
	}
	var parts []predicate
	for _, part := range all {
		parts = append(parts, conjuncts(part)...)
	}
	return parts
}

// route finds the index for one part of WHERE.
func (x *execution) route(o *sobject.Object, p predicate) (route, bool) {
	switch p := p.(type) {
	case *compareWith:
		if p.op == "=" {
			return x.equal(o, p.term, func() []any { return []any{p.operand} }, p.operand)
		}
	case *oneOf:
		if !p.negated && !p.null {
			return x.equal(o, p.term, p.values, p.values()...)
		}
	case *joinedTo:
		if !p.negated {
			return x.equal(o, p.term, func() []any { return setValues(x.joined(p)) })
		}
	case anyOf:
		return x.union(o, p)
	}
	return route{}, false
}

// union serves alternatives when each of them has an index.
func (x *execution) union(o *sobject.Object, parts anyOf) (route, bool) {
	var all []route
	u := route{}
	for _, part := range parts {
		routes := x.routes(o, part)
		if len(routes) == 0 {
			return route{}, false
		}
		best := routes[0]
		all = append(all, best)
		u.rank = max(u.rank, best.rank)
		for _, field := range best.fields {
			if !slices.Contains(u.fields, field) {
				u.fields = append(u.fields, field)
			}
		}
	}
	u.find = func() []*sobject.Record {
		var rows []*sobject.Record
		for _, r := range all {
			rows = append(rows, r.find()...)
		}
		return rows
	}
	return u, true
}

func (o *oneOf) values() []any {
	values := setValues(o.texts)
	for _, op := range o.operands {
		values = append(values, op)
	}
	return values
}

func setValues(set map[string]bool) []any {
	values := make([]any, 0, len(set))
	for text := range set {
		values = append(values, text)
	}
	return values
}

// equal finds the rows whose field has one of the values: by id, by index, or over indexed parents. The literals, where they are known before
// the run, must be such as an index holds.
func (x *execution) equal(o *sobject.Object, t *term, values func() []any, literals ...any) (route, bool) {
	unfit := func(v any) bool { _, ok := indexText(v); return !ok }
	if !access(t) || slices.ContainsFunc(literals, unfit) {
		return route{}, false
	}
	last := o
	for _, step := range t.path.steps {
		parent, ok := x.catalog.Object(step.ReferenceTo[0])
		if !ok {
			return route{}, false
		}
		last = parent
	}
	find := func() []*sobject.Record {
		var rows []*sobject.Record
		for _, v := range values() {
			text, _ := indexText(v)
			rows = append(rows, x.rowsWith(last, t.path.leaf, text)...)
		}
		return x.children(o, t.path.steps, rows)
	}
	return route{fields: []string{t.path.text}, rank: rankOf(t.path), find: find}, true
}

// commonRank is behind the ranks of all paths, which have up to five steps.
const commonRank = 10

// rankOf tells how few rows an index is likely to find.
func rankOf(path *fieldPath) int {
	switch f := path.leaf; {
	case common(f) || slices.ContainsFunc(path.steps, common):
		return commonRank
	case len(path.steps) > 0:
		return 2 + len(path.steps)
	case f.Type == sobject.TypeID:
		return 0
	case f.Unique || f.ExternalID:
		return 1
	default:
		return 2
	}
}

// common references, to an owner, a product and the like, make no child relationship: many rows point to the same one.
func common(f *sobject.Field) bool { return f.Type == sobject.TypeReference && f.Children == "" }

// access says whether rows can be found by the field: it is the id or indexed, and so are the references on the way to it.
func access(t *term) bool {
	field := t.path
	if !t.isField() || field.grouped || field.poly || field.leaf.Formula != nil || field.leaf.Type != sobject.TypeID && !field.leaf.Indexed {
		return false
	}
	return !slices.ContainsFunc(field.steps, func(step *sobject.Field) bool { return !step.Indexed })
}

// children goes back from the rows at the end of a path to the rows it began at.
func (x *execution) children(o *sobject.Object, steps []*sobject.Field, rows []*sobject.Record) []*sobject.Record {
	for i := len(steps) - 1; i >= 0; i-- {
		owner := o
		if i > 0 {
			owner, _ = x.catalog.Object(steps[i-1].ReferenceTo[0])
		}
		var below []*sobject.Record
		for _, r := range rows {
			below = append(below, x.src.Lookup(owner.Name, steps[i].Name, r.ID)...)
		}
		rows = below
	}
	return rows
}

func (x *execution) rowsWith(o *sobject.Object, f *sobject.Field, text string) []*sobject.Record {
	if f.Type != sobject.TypeID {
		return x.src.Lookup(o.Name, f.Name, text)
	}
	if r, ok := x.src.Get(text); ok && r.Object == o.Name {
		return []*sobject.Record{r}
	}
	return nil
}

// indexText is how a value is written in an index key; instants and booleans have none.
func indexText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case decimal.Decimal:
		return v.String(), true
	default:
		return "", false
	}
}

// inIDOrder sorts rows that may come from several keys and drops repetitions.
func inIDOrder(rows []*sobject.Record) []*sobject.Record {
	byID := func(a, b *sobject.Record) int { return strings.Compare(a.ID, b.ID) }
	if !slices.IsSortedFunc(rows, byID) {
		rows = slices.SortedFunc(slices.Values(rows), byID)
	}
	return slices.CompactFunc(slices.Clone(rows), func(a, b *sobject.Record) bool { return a.ID == b.ID })
}
