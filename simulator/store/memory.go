package store

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/go-memdb"
)

// DB is the rows of one sandbox, held in memory as an immutable tree: forks share all of it and cost the same however
// many rows there are.
type DB struct {
	mem  *memdb.MemDB
	defs map[string]*tableDef
	logs map[*logDef]*dbLog
	// tallies count what is counted outside transactions.
	tallies *tallies
	// versions count the commits that altered a table, by the table's number.
	versions []atomic.Uint64
	// writing is held by the one writing transaction, until the versions tell what it has done.
	writing sync.Mutex
}

// NewDB returns an empty database with the schema's tables and freezes the schema.
func NewDB(s *Schema) (*DB, error) {
	s.frozen.Store(true)
	if err := s.Err(); err != nil {
		return nil, err
	}
	tables := map[string]*memdb.TableSchema{}
	for name, def := range s.defs {
		tables[name] = tableSchema(def)
		for _, ix := range def.indexes {
			if ix.shared {
				tables[ix.table] = postingSchema(ix.table)
			}
		}
	}
	mem, err := memdb.NewMemDB(&memdb.DBSchema{Tables: tables})
	if err != nil {
		return nil, fmt.Errorf("store schema: %w", err)
	}
	// A snapshot is writable like its origin but tracks no watch channels, which nobody here uses.
	db := newDB(mem.Snapshot(), s.defs)
	for _, def := range s.logs {
		db.logs[def] = def.open(nil)
	}
	return db, nil
}

func newDB(mem *memdb.MemDB, defs map[string]*tableDef) *DB {
	return &DB{mem: mem, defs: defs, logs: map[*logDef]*dbLog{}, tallies: newTallies(), versions: make([]atomic.Uint64, len(defs))}
}

// Fork returns an independent database that begins with the rows, tallies and log entries of this one. Its cost does not depend
// on the number of rows; of the logs it copies a directory with an element for every 64 entries.
func (db *DB) Fork() *DB {
	fork := newDB(db.mem.Snapshot(), db.defs)
	for def, log := range db.logs {
		fork.logs[def] = def.open(log)
	}
	fork.tallies = db.tallies.fork()
	return fork
}

// Close gives up the database's logs, so that what only they hold no longer counts. Transactions are not disturbed.
func (db *DB) Close() {
	for _, log := range db.logs {
		log.close()
	}
}

// Read opens a transaction over the rows as they are now; later commits of others do not show in it.
func (db *DB) Read() *Tx { return db.begin(false) }

// Write opens the one writing transaction; it waits until the one before has ended.
func (db *DB) Write() *Tx { return db.begin(true) }

func (db *DB) begin(write bool) *Tx {
	if write {
		db.writing.Lock()
	}
	return &Tx{db: db, backend: memoryTx{db.mem.Txn(write), &writer{}}, write: write}
}

func tableSchema(def *tableDef) *memdb.TableSchema {
	ixs := map[string]*memdb.IndexSchema{
		"id": {Name: "id", Unique: true, Indexer: keyIndex{def.key}},
	}
	for _, ix := range def.indexes {
		if ix.shared {
			continue
		}
		ixs[ix.name] = &memdb.IndexSchema{Name: ix.name, AllowMissing: true, Indexer: valueIndex{ix.values}}
	}
	return &memdb.TableSchema{Name: def.name, Indexes: ixs}
}

// keyIndex and valueIndex end each value with a zero byte, as memdb wants it, so that no value is a prefix of another.
type keyIndex struct{ key func(any) string }

func (k keyIndex) FromObject(row any) (bool, []byte, error) { return true, terminated(k.key(row)), nil }
func (k keyIndex) FromArgs(args ...any) ([]byte, error)     { return argument(args) }

// PrefixFromArgs is for postings, whose keys begin with their value and a zero byte: finding them by that costs less than a
// search for the first key from there on.
func (k keyIndex) PrefixFromArgs(args ...any) ([]byte, error) { return argument(args) }

type valueIndex struct{ values func(any) []string }

func (v valueIndex) FromObject(row any) (bool, [][]byte, error) {
	values := v.values(row)
	out := make([][]byte, len(values))
	for i, value := range values {
		out[i] = terminated(value)
	}
	return len(out) > 0, out, nil
}

func (v valueIndex) FromArgs(args ...any) ([]byte, error) { return argument(args) }

func terminated(s string) []byte {
	b := make([]byte, len(s)+1)
	copy(b, s)
	return b
}

func argument(args []any) ([]byte, error) {
	if len(args) == 1 {
		if s, ok := args[0].(string); ok {
			return terminated(s), nil
		}
	}
	return nil, fmt.Errorf("store: an index takes one string, got %v", args)
}

type memoryTx struct {
	txn *memdb.Txn
	by  *writer
}

func (m memoryTx) get(table, key string) (any, error) { return m.txn.First(table, "id", key) }

func (m memoryTx) list(def *tableDef, index, value string, visit func(any) bool) error {
	if ix, ok := def.index(index); ok && ix.shared {
		return m.posted(def.name, ix, value, visit)
	}
	it, err := m.txn.Get(def.name, index, value)
	if err != nil {
		return err
	}
	return each(it, visit)
}

func (m memoryTx) rangeOf(def *tableDef, index, from, to string, visit func(any) bool) error {
	valueOf, name := indexValue(def, index)
	it, err := m.txn.LowerBound(def.name, name, from)
	if err != nil {
		return err
	}
	return each(it, func(row any) bool {
		if to != "" && valueOf(row) >= to {
			return false
		}
		return visit(row)
	})
}

// indexValue returns how a row's place in an index is told, and memdb's name for the index. A range over an index with
// several values a row would be ambiguous; the first value counts.
func indexValue(def *tableDef, index string) (func(any) string, string) {
	if ix, ok := def.index(index); ok {
		return func(row any) string { return ix.values(row)[0] }, index
	}
	return def.key, "id"
}

func each(it memdb.ResultIterator, visit func(any) bool) error {
	for row := it.Next(); row != nil; row = it.Next() {
		if !visit(row) {
			return nil
		}
	}
	return nil
}

func (m memoryTx) put(def *tableDef, before, row any) error {
	if err := m.txn.Insert(def.name, row); err != nil {
		return err
	}
	return m.post(def, before, row)
}

func (m memoryTx) remove(def *tableDef, row any) error {
	if err := m.txn.Delete(def.name, row); err != nil {
		return err
	}
	return m.post(def, row, nil)
}

func (m memoryTx) commit() error { m.txn.Commit(); return nil }
func (m memoryTx) abort()        { m.txn.Abort() }
