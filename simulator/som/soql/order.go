package soql

import (
	"cmp"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// orderKey is one term of ORDER BY.
type orderKey struct {
	field     *fieldPath
	desc      bool
	nullsLast bool
}

func (s *scope) orderBy(terms []*orderTerm) ([]orderKey, error) {
	keys := make([]orderKey, 0, len(terms))
	for _, t := range terms {
		field, err := s.resolve(t.Field.Pos, t.Field.Name)
		if err != nil {
			return nil, err
		}
		if !filterable(field.leaf) {
			return nil, refuse(InvalidField, "field '%s' can not be sorted in a query call", field.leaf.Name).at(s.text, t.Field.Pos)
		}
		keys = append(keys, orderKey{field: field, desc: t.Desc, nullsLast: strings.EqualFold(t.Nulls, "LAST")})
	}
	return keys, nil
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
			all[i].values[k] = keys[k].field.value(x, r)
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
	order := 0
	if f := k.field.leaf; f.Type == sobject.TypePicklist {
		order = cmp.Or(cmp.Compare(rank(f, a), rank(f, b)), compareValues(f, a, b))
	} else {
		order = compareValues(f, a, b)
	}
	if k.desc {
		return -order
	}
	return order
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
