package soql

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// The aggregate functions.
const (
	fnCount         = "COUNT"
	fnCountDistinct = "COUNT_DISTINCT"
	fnSum           = "SUM"
	fnAvg           = "AVG"
	fnMin           = "MIN"
	fnMax           = "MAX"
)

func isAggregate(function string) bool {
	switch strings.ToUpper(function) {
	case fnCount, fnCountDistinct, fnSum, fnAvg, fnMin, fnMax:
		return true
	default:
		return false
	}
}

// aggregate is a function over the rows of a group.
type aggregate struct {
	function string
	of       *term
	// field is the outcome in a grouped row.
	field *sobject.Field
}

// aggregate reads a function of one field; the same function of the same field is computed once.
func (s *scope) aggregate(e *expression) (*aggregate, error) {
	path, err := s.plain().argument(e)
	if err != nil {
		return nil, err
	}
	function := strings.ToUpper(e.Name)
	if !aggregatable(function, path.leaf) {
		return nil, refuse(MalformedQuery, "field %s does not support aggregate operator %s", path.leaf.Name, function).at(s.text, e.Args[0].Pos)
	}
	of := plainTerm(path)
	if _, isKey := s.group.key(of); isKey {
		return nil, refuse(MalformedQuery, "Grouped field should not be aggregated: %s", e.Args[0].Name).at(s.text, e.Args[0].Pos)
	}
	field := resultField(function, path.leaf)
	field.Name = function + "(" + of.key() + ")"
	for _, a := range s.group.aggregates {
		if a.field.Name == field.Name {
			return a, nil
		}
	}
	a := &aggregate{function: function, of: of, field: field}
	s.group.aggregates = append(s.group.aggregates, a)
	return a, nil
}

// aggregatable is the documented table of types and functions.
func aggregatable(function string, f *sobject.Field) bool {
	if function == fnSum || function == fnAvg {
		return f.Type.Numeric()
	}
	return f.Aggregatable()
}

// resultField describes the outcome of a function: counts are whole numbers, averages are not, all else is as the field.
func resultField(function string, of *sobject.Field) *sobject.Field {
	switch function {
	case fnCount, fnCountDistinct:
		return &sobject.Field{Type: sobject.TypeInt}
	case fnAvg:
		if of.Type == sobject.TypeInt {
			return &sobject.Field{Type: sobject.TypeDouble}
		}
	}
	return &sobject.Field{Type: of.Type, Picklist: of.Picklist, CaseSensitive: of.CaseSensitive, Length: of.Length}
}

// group is the rows that agree in the keys of one set.
type group struct {
	set     []bool
	keys    []sobject.Value
	tallies []tally
}

// tally gathers what an aggregate needs of the rows of a group.
type tally struct {
	count    int
	sum      decimal.Decimal
	best     sobject.Value
	distinct map[string]bool
}

// averageDigits is the number of decimals of an average that does not come out even.
const averageDigits = 14

// groups turns rows into one row a group, in the order of the keys, subtotals behind what they sum up.
func (x *execution) groups(g *grouping, rows []*sobject.Record) []*sobject.Record {
	found := make([]map[string]*group, len(g.sets))
	for i := range g.sets {
		found[i] = map[string]*group{}
		if !slices.Contains(g.sets[i], true) { // the group of all rows is there even without rows
			found[i][""] = newGroup(g, g.sets[i], nil)
		}
	}
	values := make([]sobject.Value, len(g.keys))
	for _, r := range rows {
		for i := range g.keys {
			values[i] = g.keys[i].term.value(x, r)
		}
		for i, set := range g.sets {
			key := groupText(g, set, values)
			in, ok := found[i][key]
			if !ok {
				in = newGroup(g, set, values)
				found[i][key] = in
			}
			for n, a := range g.aggregates {
				in.tallies[n].add(x, a, r)
			}
		}
	}
	return x.groupRows(g, found)
}

func newGroup(g *grouping, set []bool, values []sobject.Value) *group {
	keys := make([]sobject.Value, len(g.keys))
	for i, grouped := range set {
		if grouped {
			keys[i] = values[i]
		}
	}
	return &group{set: set, keys: keys, tallies: make([]tally, len(g.aggregates))}
}

// groupText is equal for rows of one group: texts count without regard to case where comparisons do.
func groupText(g *grouping, set []bool, values []sobject.Value) string {
	var b strings.Builder
	for i, grouped := range set {
		if grouped {
			b.WriteString(distinctText(g.keys[i].field, values[i]))
			b.WriteByte(0)
		}
	}
	return b.String()
}

// distinctText is equal for equal values of a field.
func distinctText(f *sobject.Field, v sobject.Value) string {
	switch v := v.(type) {
	case string:
		if folds(f) {
			return "=" + strings.ToLower(v)
		}
		return "=" + v
	case decimal.Decimal:
		return v.String()
	case bool:
		if v {
			return "t"
		}
		return "f"
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	default:
		return ""
	}
}

func (t *tally) add(x *execution, a *aggregate, r *sobject.Record) {
	v := a.of.value(x, r)
	if v == nil {
		return
	}
	if amount, ok := v.(decimal.Decimal); ok && a.of.field.Type == sobject.TypeCurrency {
		owner, _ := a.of.path.owner(x, r)
		v = x.convert(amount, currencyOf(owner), CorporateCurrency)
	}
	t.count++
	switch a.function {
	case fnSum, fnAvg:
		t.sum = t.sum.Add(v.(decimal.Decimal))
	case fnMin, fnMax:
		if order := compareSorted(a.of.field, v, t.best); t.best == nil || a.function == fnMin && order < 0 || a.function == fnMax && order > 0 {
			t.best = v
		}
	case fnCountDistinct:
		if t.distinct == nil {
			t.distinct = map[string]bool{}
		}
		t.distinct[distinctText(a.of.field, v)] = true
	}
}

// outcome is what the function yields; nothing of no values, except that none can be counted.
func (t *tally) outcome(function string) sobject.Value {
	switch {
	case function == fnCount:
		return decimal.NewFromInt(int64(t.count))
	case function == fnCountDistinct:
		return decimal.NewFromInt(int64(len(t.distinct)))
	case t.count == 0:
		return nil
	case function == fnSum:
		return t.sum
	case function == fnAvg:
		return t.sum.DivRound(decimal.NewFromInt(int64(t.count)), averageDigits)
	default:
		return t.best
	}
}

// groupRows writes the groups as rows and drops those HAVING does not want.
func (x *execution) groupRows(g *grouping, found []map[string]*group) []*sobject.Record {
	var all []*group
	for _, set := range found {
		for _, in := range set {
			all = append(all, in)
		}
	}
	slices.SortFunc(all, g.compare)
	rows := make([]*sobject.Record, 0, len(all))
	for _, in := range all {
		r := sobject.New(aggregateResult, "")
		for i, key := range g.keys {
			r.Set(key.field.Name, in.keys[i])
			r.Set(key.level.Name, decimal.NewFromInt(int64(levelOf(in.set[i]))))
		}
		for i, a := range g.aggregates {
			r.Set(a.field.Name, in.tallies[i].outcome(a.function))
		}
		if g.having == nil || g.having.match(x, &r) {
			rows = append(rows, &r)
		}
	}
	return rows
}

// aggregateResult is what Salesforce calls the object of grouped rows.
const aggregateResult = "AggregateResult"

// levelOf is 1 for a key that is summed over.
func levelOf(grouped bool) int {
	if grouped {
		return 0
	}
	return 1
}

// compare orders groups by their keys, nulls first and subtotals last; groups that differ in spelling alone cannot meet.
func (g *grouping) compare(a, b *group) int {
	for i, key := range g.keys {
		if c := cmp.Compare(levelOf(a.set[i]), levelOf(b.set[i])); c != 0 {
			return c
		}
		if c := (&orderKey{}).compare(sortable(key.field, a.keys[i]), sortable(key.field, b.keys[i])); c != 0 {
			return c
		}
	}
	return 0
}
