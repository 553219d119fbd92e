package soql_test

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// bundle is the rows of one group.
type bundle struct {
	keys []any
	// summed tells by which keys the bundle is not grouped.
	summed []bool
	rows   []*sheet
}

// groupLines answers a query with groups; without ORDER BY in no order that matters.
func (n *naive) groupLines(q *ask, rows []*sheet) []string {
	var bundles []*bundle
	for _, summed := range n.levels(q) {
		bundles = append(bundles, n.bundles(q, rows, summed)...)
	}
	if q.having != nil {
		bundles = slices.DeleteFunc(bundles, func(b *bundle) bool {
			return !n.decide(q.having, func(expr string) (any, kind) { return n.ofBundle(q, b, expr) })
		})
	}
	slices.SortStableFunc(bundles, func(a, b *bundle) int {
		return n.byKeys(q, func(expr string) (any, any, kind) {
			left, k := n.ofBundle(q, a, expr)
			right, _ := n.ofBundle(q, b, expr)
			return left, right, k
		})
	})
	lines := []string{}
	for _, b := range part(bundles, q) {
		var parts []string
		for i := range q.groups {
			parts = append(parts, fmt.Sprintf("k%d=%s", i, writtenValue(b.keys[i])))
		}
		for i, a := range q.aggregates {
			v, _ := n.aggregated(q, b, a)
			parts = append(parts, fmt.Sprintf("a%d=%s", i, writtenValue(v)))
		}
		lines = append(lines, strings.Join(parts, " "))
	}
	return lines
}

// levels are the choices of keys that are summed over.
func (n *naive) levels(q *ask) [][]bool {
	count := len(q.groups)
	var levels [][]bool
	for choice := range 1 << count {
		summed := make([]bool, count)
		tail, total := true, false
		for i := range summed {
			summed[i] = choice&(1<<i) != 0
			total = total || summed[i]
			tail = tail && (i == 0 || summed[i] || !summed[i-1])
		}
		if !total || q.grouping == "CUBE" || q.grouping == "ROLLUP" && tail {
			levels = append(levels, summed)
		}
	}
	return levels
}

func (n *naive) bundles(q *ask, rows []*sheet, summed []bool) []*bundle {
	var found []*bundle
	if !slices.Contains(summed, false) {
		found = append(found, &bundle{keys: make([]any, len(summed)), summed: summed})
	}
	for _, s := range rows {
		keys := make([]any, len(q.groups))
		for i, expr := range q.groups {
			if !summed[i] {
				keys[i], _ = n.eval(s, q.object, expr)
			}
		}
		at := slices.IndexFunc(found, func(b *bundle) bool {
			for i, expr := range q.groups {
				if _, k := n.eval(s, q.object, expr); !n.equal(k, keys[i], b.keys[i]) {
					return false
				}
			}
			return true
		})
		if at < 0 {
			at = len(found)
			found = append(found, &bundle{keys: keys, summed: summed})
		}
		found[at].rows = append(found[at].rows, s)
	}
	return found
}

// ofBundle reads a key or an aggregate of a group.
func (n *naive) ofBundle(q *ask, b *bundle, expr string) (any, kind) {
	if i := slices.Index(q.groups, expr); i >= 0 {
		_, k := n.eval(nil, q.object, expr)
		return b.keys[i], k
	}
	function, path, _ := strings.Cut(strings.TrimSuffix(expr, ")"), "(")
	return n.aggregated(q, b, aggregation{function, path})
}

func (n *naive) aggregated(q *ask, b *bundle, a aggregation) (any, kind) {
	var values []any
	_, k := n.get(nil, q.object, a.path)
	for _, s := range b.rows {
		if v, _ := n.get(s, q.object, a.path); v != nil {
			values = append(values, v)
		}
	}
	switch {
	case a.function == "COUNT":
		return hundredths(100 * len(values)), number
	case a.function == "COUNT_DISTINCT":
		return hundredths(100 * len(n.different(k, values))), number
	case len(values) == 0:
		return nil, k
	case a.function == "MIN" || a.function == "MAX":
		best := values[0]
		for _, v := range values {
			if c := n.sortOrder(k, v, best); a.function == "MIN" && c < 0 || a.function == "MAX" && c > 0 {
				best = v
			}
		}
		return best, k
	}
	sum := hundredths(0)
	for _, v := range values {
		sum += v.(hundredths)
	}
	if a.function == "SUM" {
		return sum, number
	}
	return average14(big.NewRat(int64(sum), int64(100*len(values)))), number
}

// average is a number that need not come out even in hundredths; it is shown, never compared.
type average string

func average14(r *big.Rat) average { return average(trimmed(r.FloatString(14))) }

func (n *naive) different(k kind, values []any) []any {
	var kept []any
	for _, v := range values {
		if !slices.ContainsFunc(kept, func(other any) bool { return n.order(k, v, other) == 0 }) {
			kept = append(kept, v)
		}
	}
	return kept
}
