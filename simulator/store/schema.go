// Package store keeps everything a sandbox remembers: typed rows in tables, read and written in transactions,
// forked and snapshotted as opaque versions.
//
// It knows nothing of HTTP, orders or time. Domains declare tables with [Add] and use them through [Table];
// the pipeline opens and ends transactions. What a backend can do beyond that (iterators, watch channels) never
// leaves this package, so that a second backend can take its place.
package store

import (
	"errors"
	"fmt"
	"sync/atomic"
)

// Schema is the set of tables and logs of a simulator. It is filled while systems are built and frozen by [NewDB].
type Schema struct {
	defs     map[string]*tableDef
	logs     map[string]*logDef
	indexes  int // of all tables, their own order included
	frozen   atomic.Bool
	problems []error
}

// tableDef is a table with its row type erased, as a backend sees it. Rows are pointers to values nobody alters.
type tableDef struct {
	name string
	// number is the table's place among the declared ones.
	number   int
	internal bool
	key      func(row any) string
	// tree is the place of the rows, in the order of their keys, among all indexes.
	tree    int
	indexes []indexDef
}

func (d *tableDef) index(name string) (indexDef, bool) {
	for _, ix := range d.indexes {
		if ix.name == name {
			return ix, true
		}
	}
	return indexDef{}, false
}

type indexDef struct {
	name   string
	values func(row any) []string
	// shared indexes have postings.
	shared bool
	tree   int
}

// NewSchema returns a schema without tables.
func NewSchema() *Schema { return &Schema{defs: map[string]*tableDef{}, logs: map[string]*logDef{}} }

// Index is a secondary order over the rows of a table. A row may have no, one or several values in it; values
// compare as bytes.
type Index[T any] struct {
	Name   string
	Values func(row *T) []string
	// Shared suits values that many rows have: a row costs a few dozen bytes where it otherwise costs several hundred. Such an index has
	// no [Table.Range], and its values no zero byte.
	Shared bool
}

// Def describes one table.
type Def[T any] struct {
	// Name is unique in the schema, by custom "system.Entity".
	Name string
	// Key is the primary key of a row; it never changes while the row lives.
	Key func(row *T) string
	// Indexes are the secondary orders that [Table.List] and [Table.Range] can use.
	Indexes []Index[T]
	// Clone returns a copy that shares no slice, map or pointer with its argument. Leave it nil when the row has none.
	Clone func(row T) T
	// Internal marks bookkeeping (tokens, counters, the journal itself) that is left out of [Tx.Changes].
	Internal bool
}

// Table is a typed handle on the rows of one kind. Its zero value is unusable; get one from [Add].
type Table[T any] struct {
	name  string
	clone func(T) T
}

// Version is a number that changes with every commit that altered the table in that database. Whoever keeps what he made
// of the rows asks for it before he reads them.
func (t Table[T]) Version(db *DB) uint64 { return db.versions[db.defs[t.name].number].Load() }

// Err joins the mistakes made with [Add]: a name used twice, a table declared after the first database.
func (s *Schema) Err() error { return errors.Join(s.problems...) }

// Add declares a table. Mistakes are reported by [NewDB], all at once.
func Add[T any](s *Schema, d Def[T]) Table[T] {
	if s.frozen.Load() || s.defs[d.Name] != nil {
		s.problems = append(s.problems, fmt.Errorf("store: table %q is declared twice or too late", d.Name))
	}
	def := &tableDef{name: d.Name, number: len(s.defs), internal: d.Internal, key: func(row any) string { return d.Key(row.(*T)) }, tree: s.place()}
	for _, ix := range d.Indexes {
		values := ix.Values
		def.indexes = append(def.indexes, indexDef{
			name: ix.Name, values: func(row any) []string { return values(row.(*T)) }, shared: ix.Shared, tree: s.place(),
		})
	}
	s.defs[d.Name] = def
	clone := d.Clone
	if clone == nil {
		clone = func(row T) T { return row }
	}
	return Table[T]{name: d.Name, clone: clone}
}

// place is the next free place among all indexes.
func (s *Schema) place() int {
	s.indexes++
	return s.indexes - 1
}

// Name returns the table's name as it appears in [Change].
func (t Table[T]) Name() string { return t.name }

// Get returns a copy of the row with that key, and whether there is one.
func (t Table[T]) Get(tx *Tx, key string) (T, bool) {
	row, ok := t.Peek(tx, key)
	if !ok {
		var none T
		return none, false
	}
	return t.clone(*row), true
}

// Peek is Get without the copy: the caller must not alter what it points to.
func (t Table[T]) Peek(tx *Tx, key string) (*T, bool) {
	row := tx.get(t.name, key)
	if row == nil {
		return nil, false
	}
	return row.(*T), true
}

// List returns copies of the rows that have this value in the index, in key order.
func (t Table[T]) List(tx *Tx, index, value string) []T {
	return t.copies(t.PeekList(tx, index, value))
}

// PeekList is List without the copies: the caller must not alter what they point to.
func (t Table[T]) PeekList(tx *Tx, index, value string) []*T {
	var rows []*T
	tx.list(t.name, index, value, func(row any) bool {
		rows = append(rows, row.(*T))
		return true
	})
	return rows
}

// Range returns copies of at most limit rows (0: all) whose value in the index is from ≤ value < to, in index order.
// An empty index names the primary key; an empty to has no end.
func (t Table[T]) Range(tx *Tx, index, from, to string, limit int) []T {
	var rows []*T
	tx.rangeOf(t.name, index, from, to, func(row any) bool {
		rows = append(rows, row.(*T))
		return limit == 0 || len(rows) < limit
	})
	return t.copies(rows)
}

// Scan visits every row in key order until visit returns false. Rows are shared: the visitor must not alter them.
func (t Table[T]) Scan(tx *Tx, visit func(row *T) bool) {
	t.Visit(tx, "", "", visit)
}

// Visit calls visit with the rows whose key is from ≤ key < to, in key order, until it returns false. An empty to has no
// end. Rows are shared: the visitor must not alter them.
func (t Table[T]) Visit(tx *Tx, from, to string, visit func(row *T) bool) {
	tx.rangeOf(t.name, "", from, to, func(row any) bool { return visit(row.(*T)) })
}

// Put stores a row, replacing the one with the same key.
func (t Table[T]) Put(tx *Tx, row T) {
	stored := t.clone(row)
	tx.put(t.name, &stored)
}

// Delete removes the row with that key and reports whether there was one.
func (t Table[T]) Delete(tx *Tx, key string) bool { return tx.remove(t.name, key) }

func (t Table[T]) copies(rows []*T) []T {
	out := make([]T, len(rows))
	for i, row := range rows {
		out[i] = t.clone(*row)
	}
	return out
}
