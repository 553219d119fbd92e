package soql

import (
	"maps"
	"slices"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// Columns tell what a query selects, without its rows.
type Columns struct {
	Object *sobject.Object
	// Grouped says that the rows are aggregated ones, IDSelected that each row shows its id.
	Grouped, IDSelected bool
	Columns             []SelectedColumn
}

// SelectedColumn is a column of an answer.
type SelectedColumn struct {
	// Name is the one in the answer, Display what was selected: they differ for functions.
	Name, Display string
	// Field describes the value, or is the reference of a parent; nil for a child subquery.
	Field *sobject.Field
	// Aggregate marks a function over groups, and a child subquery.
	Aggregate bool
	// Columns are those of a parent or of a child subquery.
	Columns []SelectedColumn
}

// Columns answers the columns of a query. COUNT() alone has none.
func (e *Engine) Columns(text string, opt Options) (*Columns, error) {
	p, err := e.prepare(text, &opt)
	if err != nil {
		return nil, err
	}
	isID := func(c column) bool { return c.field != nil && c.field.Type == sobject.TypeID && c.parent == nil }
	return &Columns{
		Object: p.object, Grouped: p.group != nil, IDSelected: p.group == nil && slices.ContainsFunc(p.columns, isID), Columns: selected(p.columns),
	}, nil
}

func selected(columns []column) []SelectedColumn {
	all := make([]SelectedColumn, len(columns))
	for i, c := range columns {
		all[i] = SelectedColumn{Name: c.name, Display: c.name, Field: c.field, Columns: selected(c.parent)}
		switch {
		case c.child != nil:
			all[i].Aggregate, all[i].Columns = true, selected(c.child.plan.columns)
		case c.typed != nil:
			all[i].Columns = selected(c.typed.columns())
		case c.function != "":
			all[i].Aggregate, all[i].Display = true, c.function
		}
	}
	return all
}

// columns are those of all objects, each name once.
func (t *typedColumns) columns() []column {
	var all []column
	add := func(some []column) {
		for _, c := range some {
			if !slices.ContainsFunc(all, func(other column) bool { return other.name == c.name }) {
				all = append(all, c)
			}
		}
	}
	for _, object := range slices.Sorted(maps.Keys(t.when)) {
		add(t.when[object])
	}
	add(t.other)
	return all
}
