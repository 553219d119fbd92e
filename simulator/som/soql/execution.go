package soql

import (
	"time"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// execution is one run of one statement.
type execution struct {
	catalog *sobject.Catalog
	src     Source
	opt     Options
	joins   map[*joinedTo]map[string]bool
	spans   map[dateSpan]stretch
	hints   map[*sobject.Field]*sobject.Hint
	// bins are the hints for IsDeleted, by object.
	bins map[string]*sobject.Hint
}

// zone is the caller's time zone, or UTC.
func (x *execution) zone(local bool) *time.Location {
	if local && x.opt.Zone != nil {
		return x.opt.Zone
	}
	return time.UTC
}

// query answers a root query.
func (x *execution) query(p *plan) (*Result, error) {
	rows := x.matching(p)
	if p.group != nil {
		rows = x.groups(p.group, rows)
	}
	rows = x.cut(p, x.sorted(rows, p.order, p.most()))
	if p.group != nil && x.opt.Batch > 0 && len(rows) > x.opt.Batch {
		return nil, refuse(ExceededIDLimit, "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch")
	}
	result := x.page(p, rowsOf(rows))
	result.Viewed = p.viewed
	return result, nil
}

// matching finds the rows that WHERE wants, in the order of ids.
func (x *execution) matching(p *plan) []*sobject.Record {
	candidates, indexed := x.candidates(p)
	if !indexed {
		return x.scan(p)
	}
	return x.filter(p, candidates)
}

// scan reads every row of the object, and no further than needed where neither order nor count asks for all.
func (x *execution) scan(p *plan) []*sobject.Record {
	enough := -1
	if len(p.order) == 0 && p.group == nil {
		enough = p.most()
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

// matches says whether the query wants a row. What it asks for comes first: it leaves few rows for the rest.
func (x *execution) matches(p *plan, r *sobject.Record) bool {
	if r.Object != p.object.Name || p.where != nil && !p.where.match(x, r) {
		return false
	}
	return x.visible(r) && (!p.mine || r.Text("OwnerId") == x.opt.User)
}

// visible says whether the run may see a row: deleted ones show in queryAll only.
func (x *execution) visible(r *sobject.Record) bool {
	if x.opt.IncludeDeleted {
		return true
	}
	hint, ok := x.bins[r.Object]
	if !ok {
		hint = new(sobject.Hint)
		if x.bins == nil {
			x.bins = map[string]*sobject.Hint{}
		}
		x.bins[r.Object] = hint
	}
	return !r.BoolNear("IsDeleted", hint)
}

// parent is the row a reference points to.
func (x *execution) parent(r *sobject.Record, reference *sobject.Field) (*sobject.Record, bool) {
	id := r.Text(reference.Name)
	if id == "" {
		return nil, false
	}
	parent, ok := x.src.Get(id)
	if !ok || !x.visible(parent) {
		return nil, false
	}
	return parent, true
}

// most is how many rows, in their final order, matter; -1 for all.
func (p *plan) most() int {
	if p.limit < 0 {
		return -1
	}
	return p.limit + p.offset
}

// cut applies OFFSET and LIMIT.
func (x *execution) cut(p *plan, rows []*sobject.Record) []*sobject.Record {
	rows = rows[min(p.offset, len(rows)):]
	if p.limit >= 0 {
		rows = rows[:min(p.limit, len(rows))]
	}
	return rows
}

// paged are rows in their final order of which a page takes what it holds.
type paged struct {
	n  int
	id func(i int) string
	// row is nil for a row that is gone.
	row func(i int) *sobject.Record
}

func rowsOf(rows []*sobject.Record) paged {
	return paged{
		n: len(rows), id: func(i int) string { return rows[i].ID }, row: func(i int) *sobject.Record { return rows[i] },
	}
}

// page shapes as many rows as a page holds, one at least, and leaves the ids of the rest. The rows of child subqueries count too.
func (x *execution) page(p *plan, rows paged) *Result {
	result := &Result{TotalSize: rows.n, Done: true, Place: p.place}
	if p.count {
		return result
	}
	result.Rows = make([]*Row, 0, x.pageSize(rows.n))
	size := 0
	for i := range rows.n {
		if x.opt.Batch > 0 && size >= x.opt.Batch {
			return result.leave(rows, i)
		}
		r := rows.row(i)
		if r == nil {
			continue
		}
		row := x.row(r, p.columns)
		size += row.size()
		if x.opt.Batch > 0 && size > x.opt.Batch && len(result.Rows) > 0 {
			return result.leave(rows, i)
		}
		result.Rows = append(result.Rows, row)
	}
	return result
}

// pageSize is the most rows a page of so many can have.
func (x *execution) pageSize(rows int) int {
	if x.opt.Batch > 0 {
		return min(rows, x.opt.Batch)
	}
	return rows
}

func (r *Result) leave(rows paged, from int) *Result {
	r.Done = false
	r.Rest = make([]string, 0, rows.n-from)
	for i := from; i < rows.n; i++ {
		r.Rest = append(r.Rest, rows.id(i))
	}
	return r
}

// size counts a row with the rows of its child subqueries.
func (r *Row) size() int {
	size := 1
	for i := range r.Columns {
		if children, ok := r.Columns[i].Value.(*Result); ok {
			for _, child := range children.Rows {
				size += child.size()
			}
		}
	}
	return size
}

func (x *execution) row(r *sobject.Record, columns []column) *Row {
	row := &Row{Object: r.Object, ID: r.ID, Columns: make([]Column, len(columns))}
	for i := range columns {
		if columns[i].child != nil {
			row.Columns[i] = Column{Name: columns[i].name, Value: x.childRows(r, columns[i].child)}
			continue
		}
		row.Columns[i] = x.column(r, &columns[i])
	}
	return row
}

func (x *execution) column(r *sobject.Record, c *column) Column {
	switch {
	case c.typed != nil:
		return x.typedParent(r, c)
	case c.parent != nil:
		parent, ok := x.parent(r, c.field)
		if !ok {
			return Column{Name: c.name}
		}
		row := x.row(parent, c.parent)
		row.Named = c.named
		return Column{Name: c.name, Value: row}
	case c.render != nil:
		return x.rendered(r, c)
	default:
		return Column{Name: c.name, Field: c.field, Value: x.value(r, c.field, c.named)}
	}
}

// typedParent answers TYPEOF.
func (x *execution) typedParent(r *sobject.Record, c *column) Column {
	parent, ok := x.parent(r, c.field)
	if !ok {
		return Column{Name: c.name}
	}
	if columns, listed := c.typed.when[parent.Object]; listed {
		return Column{Name: c.name, Value: x.row(parent, columns)}
	}
	if c.typed.other == nil {
		return Column{Name: c.name}
	}
	row := x.row(parent, c.typed.other)
	row.Named = true
	return Column{Name: c.name, Value: row}
}

// rendered answers a column with functions around it, or one that lies behind a path.
func (x *execution) rendered(r *sobject.Record, c *column) Column {
	path := c.path
	if path == nil {
		path = &fieldPath{leaf: c.field, named: c.named}
	}
	t := plainTerm(path)
	v := path.value(x, r)
	if v != nil {
		v = c.render.of(x, path.leaf, v, x.currencyAt(t, r))
	}
	return Column{Name: c.name, Field: c.render.field(path.leaf), Value: v}
}

// childRows answers a child subquery over the index of the foreign key; nil where there are no children, as Salesforce answers.
func (x *execution) childRows(parent *sobject.Record, c *childColumn) any {
	rows := x.src.Lookup(c.relationship.Object, c.relationship.Field, parent.ID)
	if len(rows) == 0 {
		return nil
	}
	rows = x.filter(c.plan, rows)
	rows = x.cut(c.plan, x.sorted(rows, c.plan.order, c.plan.most()))
	if len(rows) == 0 {
		return nil
	}
	return x.page(c.plan, rowsOf(rows))
}

// hint is where rows of this run mostly have the field.
func (x *execution) hint(f *sobject.Field) *sobject.Hint {
	h, ok := x.hints[f]
	if !ok {
		h = new(sobject.Hint)
		if x.hints == nil {
			x.hints = map[*sobject.Field]*sobject.Hint{}
		}
		x.hints[f] = h
	}
	return h
}

// value reads a field of a row; where the row may be of several objects, the field of that name of its own object.
func (x *execution) value(r *sobject.Record, f *sobject.Field, named bool) sobject.Value {
	if !named {
		return x.catalog.ValueNear(r, f, x.hint(f))
	}
	o, ok := x.catalog.Object(r.Object)
	if !ok {
		return nil
	}
	if f.Name == nameType {
		return o.Name
	}
	own, ok := o.Field(f.Name)
	if !ok && f.Name == "Name" && o.NameField != "" {
		own, ok = o.Field(o.NameField)
	}
	if !ok {
		return nil
	}
	return x.catalog.Value(r, own)
}
