package soql

import "github.com/somsim/somsim/simulator/som/sobject"

// execution is one run of one statement.
type execution struct {
	catalog *sobject.Catalog
	src     Source
	opt     Options
	joins   map[*joinedTo]map[string]bool
}

// query answers a root query.
func (x *execution) query(p *plan) *Result {
	rows, indexed := x.candidates(p)
	if indexed {
		rows = x.filter(p, rows)
	} else {
		rows = x.scan(p)
	}
	return x.result(p, rows)
}

// scan reads every row of the object, and no further than needed where neither order nor count asks for all.
func (x *execution) scan(p *plan) []*sobject.Record {
	enough := -1
	if p.limit >= 0 && len(p.order) == 0 {
		enough = p.limit + p.offset
	}
	var rows []*sobject.Record
	if enough == 0 {
		return rows
	}
	x.src.Scan(p.object.Name, func(r *sobject.Record) bool {
		if x.matches(p, r) {
			rows = append(rows, r)
		}
		return len(rows) != enough
	})
	return rows
}

func (x *execution) filter(p *plan, candidates []*sobject.Record) []*sobject.Record {
	rows := make([]*sobject.Record, 0, len(candidates))
	for _, r := range candidates {
		if x.matches(p, r) {
			rows = append(rows, r)
		}
	}
	return rows
}

func (x *execution) matches(p *plan, r *sobject.Record) bool {
	if r.Object != p.object.Name || r.Bool("IsDeleted") && !x.opt.IncludeDeleted {
		return false
	}
	return p.where == nil || p.where.match(x, r)
}

// result orders, cuts and shapes rows.
func (x *execution) result(p *plan, rows []*sobject.Record) *Result {
	rows = x.sorted(rows, p.order)
	rows = rows[min(p.offset, len(rows)):]
	if p.limit >= 0 {
		rows = rows[:min(p.limit, len(rows))]
	}
	result := &Result{TotalSize: len(rows), Done: true}
	if p.count {
		return result
	}
	result.Rows = make([]*Row, len(rows))
	for i, r := range rows {
		result.Rows[i] = x.row(r, p.columns)
	}
	return result
}

func (x *execution) row(r *sobject.Record, columns []column) *Row {
	row := &Row{Object: r.Object, ID: r.ID, Columns: make([]Column, len(columns))}
	for i := range columns {
		row.Columns[i] = x.column(r, &columns[i])
	}
	return row
}

func (x *execution) column(r *sobject.Record, c *column) Column {
	switch {
	case c.child != nil:
		return Column{Name: c.name, Value: x.childRows(r, c.child)}
	case c.parent != nil:
		parent, ok := x.src.Get(r.Text(c.field.Name))
		if !ok {
			return Column{Name: c.name}
		}
		return Column{Name: c.name, Value: x.row(parent, c.parent)}
	default:
		return Column{Name: c.name, Field: c.field, Value: x.value(r, c.field, c.poly)}
	}
}

// childRows answers a child subquery over the index of the foreign key; nil where there are no children, as Salesforce answers.
func (x *execution) childRows(parent *sobject.Record, c *childColumn) any {
	key := sobject.IndexKey(c.relationship.Object, c.relationship.Field, parent.ID)
	result := x.result(c.plan, x.filter(c.plan, x.src.Lookup(key)))
	if result.TotalSize == 0 {
		return nil
	}
	return result
}

// value reads a field of a row; where the row may be of several objects, the field of that name of its own object.
func (x *execution) value(r *sobject.Record, f *sobject.Field, poly bool) sobject.Value {
	if poly {
		o, ok := x.catalog.Object(r.Object)
		if !ok {
			return nil
		}
		if f, ok = o.Field(f.Name); !ok {
			return nil
		}
	}
	return x.catalog.Value(r, f)
}

// joined is the set of ids a semi-join yields, read once a run; nulls are left out.
func (x *execution) joined(j *joinedTo) map[string]bool {
	if ids, ok := x.joins[j]; ok {
		return ids
	}
	rows, indexed := x.candidates(j.inner)
	if indexed {
		rows = x.filter(j.inner, rows)
	} else {
		rows = x.scan(j.inner)
	}
	ids := make(map[string]bool, len(rows))
	for _, r := range rows {
		if id, ok := x.value(r, j.column, false).(string); ok {
			ids[id] = true
		}
	}
	if x.joins == nil {
		x.joins = map[*joinedTo]map[string]bool{}
	}
	x.joins[j] = ids
	return ids
}
