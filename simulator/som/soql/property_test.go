package soql_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/somsim/somsim/simulator/som/soql"
)

// TestAnswersAreThoseOfANaiveReading asks random queries of random rows and compares with answers that were found by reading row after row.
func TestAnswersAreThoseOfANaiveReading(t *testing.T) {
	t.Parallel()
	catalog := loadCatalog(t)
	engine := soql.NewEngine(catalog)
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		// Around the end of a year and of daylight saving time.
		now := rapid.SampledFrom([]time.Time{
			time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC), time.Date(2026, 11, 1, 6, 15, 0, 0, time.UTC), time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC),
		}).Draw(rt, "now")
		w := newWorld(t, catalog)
		n := randomWorld(rt, w, now)
		n.zone = zone
		for range 5 {
			compare(rt, engine, w, n, asker{rt, n}.query())
		}
	})
}

func compare(t *rapid.T, engine *soql.Engine, w *world, n *naive, q *ask) {
	text := q.String()
	result, err := engine.Run(w.rows, text, soql.Options{Version: 60, Now: n.now, Zone: n.zone})
	if err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	got, want := readAll(q, result), n.answer(q)
	if len(q.groups) > 0 && len(q.order) == 0 {
		slices.Sort(got)
		slices.Sort(want)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s\n%s", text, diff)
	}
	if result.TotalSize != len(want) || !result.Done {
		t.Errorf("%s\n%d rows in all, done %v, want %d", text, result.TotalSize, result.Done, len(want))
	}
}

// readAll writes an answer of the engine in the lines of the naive reading.
func readAll(q *ask, r *soql.Result) []string {
	lines := make([]string, 0, len(r.Rows))
	for _, row := range r.Rows {
		var parts []string
		if len(q.groups)+len(q.aggregates) > 0 {
			lines = append(lines, line(row))
			continue
		}
		for _, path := range q.fields {
			parts = append(parts, path+"="+show(readPath(row, path)))
		}
		for _, child := range q.children {
			below := "null"
			if children, ok := readPath(row, child.relationship).(*soql.Result); ok {
				below = show(&soql.Result{TotalSize: children.TotalSize})
				below = strings.TrimSuffix(below, "[]") + "[" + strings.Join(readAll(child, children), " ") + "]"
			}
			parts = append(parts, child.relationship+"="+below)
		}
		lines = append(lines, strings.Join(parts, " "))
	}
	return lines
}

func readPath(row *soql.Row, path string) any {
	name, rest, dotted := strings.Cut(path, ".")
	for _, c := range row.Columns {
		if c.Name != name {
			continue
		}
		if !dotted {
			return c.Value
		}
		if parent, ok := c.Value.(*soql.Row); ok {
			return readPath(parent, rest)
		}
	}
	return nil
}
