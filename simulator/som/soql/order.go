package soql

import (
	"cmp"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// orderKey is one term of ORDER BY.
type orderKey struct {
	term      *term
	desc      bool
	nullsLast bool
}

func (s *scope) orderBy(q *Query, p *plan) error {
	for _, o := range q.OrderBy {
		t, err := s.operandTerm(o.Value, "Ordered field")
		if err != nil {
			return err
		}
		switch {
		case !t.field.Sortable():
			return refuse(InvalidField, "field '%s' can not be sorted in a query call", t.field.Name).at(s.text, o.Value.Pos)
		case s.group == nil && !t.isField():
			return s.mustBeGrouped("Ordered field", o.Value)
		}
		p.order = append(p.order, orderKey{term: t, desc: o.Desc, nullsLast: strings.EqualFold(o.Nulls, "LAST")})
	}
	return nil
}

// sorted orders rows that come in the order of their ids, which remains the order of equal ones. Nulls are first in either direction unless said
// otherwise (SOQL reference, ORDER BY).
func (x *execution) sorted(rows []*sobject.Record, keys []orderKey) []*sobject.Record {
	if len(keys) == 0 {
		return rows
	}
	type keyed struct {
		row    *sobject.Record
		values []sobject.Value
	}
	all := make([]keyed, len(rows))
	for i, r := range rows {
		all[i] = keyed{row: r, values: make([]sobject.Value, len(keys))}
		for k := range keys {
			all[i].values[k] = keys[k].term.value(x, r)
		}
	}
	slices.SortStableFunc(all, func(a, b keyed) int {
		for k := range keys {
			if c := keys[k].compare(a.values[k], b.values[k]); c != 0 {
				return c
			}
		}
		return 0
	})
	out := make([]*sobject.Record, len(all))
	for i := range all {
		out[i] = all[i].row
	}
	return out
}

func (k *orderKey) compare(a, b sobject.Value) int {
	if a == nil || b == nil {
		nulls := -1
		if k.nullsLast {
			nulls = 1
		}
		return nulls * (isNull(a) - isNull(b))
	}
	order := compareSorted(k.term.field, a, b)
	if k.desc {
		return -order
	}
	return order
}

// compareSorted orders two values as ORDER BY, MIN() and MAX() do: picklists by the order of their values.
func compareSorted(f *sobject.Field, a, b sobject.Value) int {
	if f.Type == sobject.TypePicklist && len(f.Picklist) > 0 {
		return cmp.Or(cmp.Compare(rank(f, a), rank(f, b)), compareValues(f, a, b))
	}
	return compareValues(f, a, b)
}

func isNull(v sobject.Value) int {
	if v == nil {
		return 1
	}
	return 0
}

// rank is the place of a value in its picklist, by which Salesforce sorts; unlisted values come last.
func rank(f *sobject.Field, v sobject.Value) int {
	for i := range f.Picklist {
		if f.Picklist[i].Value == v {
			return i
		}
	}
	return len(f.Picklist)
}
