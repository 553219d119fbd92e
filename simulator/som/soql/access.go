package soql

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// candidates lists rows of the plan's object that hold every match of its WHERE, in the order of ids, or says that no index helps. Of several
// indexes that do, the one with the fewest rows is taken. The whole WHERE is still to be checked.
func (x *execution) candidates(p *plan) (rows []*sobject.Record, ok bool) {
	for _, part := range conjuncts(p.where) {
		found, usable := x.indexed(p.object, part)
		if usable && (!ok || len(found) < len(rows)) {
			rows, ok = found, true
		}
	}
	if !ok {
		return nil, false
	}
	return inIDOrder(rows), true
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

// indexed finds the rows that satisfy one part by index, if it can.
func (x *execution) indexed(o *sobject.Object, p predicate) ([]*sobject.Record, bool) {
	switch p := p.(type) {
	case *compareWith:
		if p.op == "=" {
			return x.equal(o, p.term, []any{p.operand})
		}
	case *oneOf:
		if !p.negated && !p.null {
			return x.equal(o, p.term, p.values())
		}
	case *joinedTo:
		if !p.negated && access(p.term) {
			return x.equal(o, p.term, setValues(x.joined(p)))
		}
	}
	return nil, false
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

// equal finds the rows whose field has one of the values: by id, by index, or over indexed parents.
func (x *execution) equal(o *sobject.Object, t *term, values []any) ([]*sobject.Record, bool) {
	if !access(t) {
		return nil, false
	}
	field := t.path
	last := o
	for _, step := range field.steps {
		parent, ok := x.catalog.Object(step.ReferenceTo[0])
		if !ok {
			return nil, false
		}
		last = parent
	}
	var rows []*sobject.Record
	for _, v := range values {
		text, ok := indexText(v)
		if !ok {
			return nil, false
		}
		rows = append(rows, x.rowsWith(last, field.leaf, text)...)
	}
	return x.children(o, field.steps, rows), true
}

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
			below = append(below, x.src.Lookup(sobject.IndexKey(owner.Name, steps[i].Name, r.ID))...)
		}
		rows = below
	}
	return rows
}

func (x *execution) rowsWith(o *sobject.Object, f *sobject.Field, text string) []*sobject.Record {
	if f.Type != sobject.TypeID {
		return x.src.Lookup(sobject.IndexKey(o.Name, f.Name, text))
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
