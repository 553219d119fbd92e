package soql

import (
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

// sorted orders rows that come in the order of their ids, which remains the order of equal ones, and drops those behind the first most; -1 keeps all.
// Nulls are first in either direction unless said otherwise (SOQL reference, ORDER BY).
func (x *execution) sorted(rows []*sobject.Record, keys []orderKey, most int) []*sobject.Record {
	if len(keys) == 0 {
		return rows
	}
	s := sorter{keys: keys, most: most, next: make([]sobject.Value, len(keys))}
	for _, r := range rows {
		for k := range keys {
			s.next[k] = sortable(keys[k].term.field, keys[k].term.value(x, r))
		}
		s.add(r)
	}
	s.settle()
	out := make([]*sobject.Record, len(s.rows))
	for i := range s.rows {
		out[i] = s.rows[i].row
	}
	return out
}

// sorter keeps the first rows of an order. Now and then it sorts what it has and drops the rest; from then on a row behind the last one is not
// taken any more.
type sorter struct {
	keys []orderKey
	most int
	rows []keyed
	next []sobject.Value
	full bool
}

type keyed struct {
	row    *sobject.Record
	values []sobject.Value
}

// spare is how many rows a sorter takes beyond twice those it must keep.
const spare = 64

func (s *sorter) add(r *sobject.Record) {
	if s.most == 0 || s.full && s.compare(s.next, s.rows[s.most-1].values) >= 0 {
		return
	}
	s.rows = append(s.rows, keyed{row: r, values: slices.Clone(s.next)})
	if s.most > 0 && len(s.rows) >= 2*s.most+spare {
		s.settle()
		s.full = true
	}
}

func (s *sorter) settle() {
	slices.SortStableFunc(s.rows, func(a, b keyed) int { return s.compare(a.values, b.values) })
	if s.most >= 0 {
		s.rows = s.rows[:min(s.most, len(s.rows))]
	}
}

func (s *sorter) compare(a, b []sobject.Value) int {
	for k := range s.keys {
		if c := s.keys[k].compare(a[k], b[k]); c != 0 {
			return c
		}
	}
	return 0
}

// compare orders two sortable values.
func (k *orderKey) compare(a, b sobject.Value) int {
	if a == nil || b == nil {
		nulls := -1
		if k.nullsLast {
			nulls = 1
		}
		return nulls * (isNull(a) - isNull(b))
	}
	order := compareExact(a, b)
	if k.desc {
		return -order
	}
	return order
}

// sortable turns a value into one that sorts by itself: texts lose their case where it does not count, listed values get their rank in front.
func sortable(f *sobject.Field, v sobject.Value) sobject.Value {
	text, ok := v.(string)
	if !ok {
		return v
	}
	if folds(f) {
		text = strings.ToLower(text)
	}
	if f.Type == sobject.TypePicklist && len(f.Picklist) > 0 {
		return string(rune(rank(f, v)+1)) + text
	}
	return text
}

// compareSorted orders two values as ORDER BY does, for MIN() and MAX().
func compareSorted(f *sobject.Field, a, b sobject.Value) int {
	return compareExact(sortable(f, a), sortable(f, b))
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
