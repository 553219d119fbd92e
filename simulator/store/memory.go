package store

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	iradix "github.com/hashicorp/go-immutable-radix"
)

// DB is the rows of one sandbox, held in memory as immutable trees: forks share all of them and cost the same however
// many rows there are.
type DB struct {
	// trees are the indexes of all tables as they were last committed, each at its place in the schema. The list is never
	// altered: a commit puts another one in its place.
	trees atomic.Pointer[[]*iradix.Tree]
	defs  map[string]*tableDef
	logs  map[*logDef]*dbLog
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
	trees := make([]*iradix.Tree, s.indexes)
	for i := range trees {
		trees[i] = iradix.New()
	}
	db := newDB(trees, s.defs)
	for _, def := range s.logs {
		db.logs[def] = def.open(nil)
	}
	return db, nil
}

func newDB(trees []*iradix.Tree, defs map[string]*tableDef) *DB {
	db := &DB{defs: defs, logs: map[*logDef]*dbLog{}, tallies: newTallies(), versions: make([]atomic.Uint64, len(defs))}
	db.trees.Store(&trees)
	return db
}

// Fork returns an independent database that begins with the rows, tallies and log entries of this one. Its cost does not depend
// on the number of rows; of the logs it copies a directory with an element for every 64 entries.
func (db *DB) Fork() *DB {
	fork := newDB(*db.trees.Load(), db.defs)
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
	m := memoryTx{db: db, trees: *db.trees.Load()}
	if write {
		m.by, m.altered = &writer{}, make([]*iradix.Txn, len(m.trees))
	}
	return &Tx{db: db, backend: m, write: write}
}

// Each key in a tree ends with a zero byte, so that none is a prefix of another. Rows are in the tree of their table by
// their key, and in that of an index by each of their values followed by their key.

func terminated(to []byte, s string) []byte { return append(append(to, s...), 0) }

// lastingKey is a key of those parts for a tree to keep, in no more memory than it needs: there are millions.
func lastingKey(parts ...string) []byte {
	size := len(parts)
	for _, part := range parts {
		size += len(part)
	}
	key := make([]byte, 0, size)
	for _, part := range parts {
		key = terminated(key, part)
	}
	return key
}

// keyRoom is how long keys mostly are at most: those need no memory of their own.
const keyRoom = 96

type memoryTx struct {
	db    *DB
	trees []*iradix.Tree
	// altered are the trees that this transaction has written to; none in one that reads.
	altered []*iradix.Txn
	by      *writer
}

// root is a tree as this transaction sees it, until it writes.
func (m memoryTx) root(tree int) *iradix.Node {
	if m.altered != nil && m.altered[tree] != nil {
		return m.altered[tree].Root()
	}
	return m.trees[tree].Root()
}

// lasting is root for one who writes while going through it.
func (m memoryTx) lasting(tree int) *iradix.Node {
	if m.altered != nil && m.altered[tree] != nil {
		return m.altered[tree].Clone().Root()
	}
	return m.trees[tree].Root()
}

// find is what stands in a tree at a key; nil for nothing.
func (m memoryTx) find(tree int, key []byte) any {
	if m.altered != nil && m.altered[tree] != nil {
		found, _ := m.altered[tree].Get(key)
		return found
	}
	found, _ := m.trees[tree].Get(key)
	return found
}

// writable is a tree to write to.
func (m memoryTx) writable(tree int) *iradix.Txn {
	if m.altered[tree] == nil {
		m.altered[tree] = m.trees[tree].Txn()
	}
	return m.altered[tree]
}

func (m memoryTx) get(def *tableDef, key string) any {
	return m.find(def.tree, terminated(make([]byte, 0, keyRoom), key))
}

// list visits the rows of a value. The visitor must not write.
func (m memoryTx) list(def *tableDef, index, value string, visit func(any) bool) error {
	ix, ok := def.index(index)
	switch {
	case !ok:
		return fmt.Errorf("store: table %s has no index %q", def.name, index)
	case ix.shared:
		m.posted(def, ix, value, visit)
		return nil
	}
	m.root(ix.tree).WalkPrefix(terminated(make([]byte, 0, keyRoom), value), func(_ []byte, row any) bool { return !visit(row) })
	return nil
}

// rangeOf visits the rows of a range. The visitor may write, which it does not see.
func (m memoryTx) rangeOf(def *tableDef, index, from, to string, visit func(any) bool) error {
	tree, valueOf := def.tree, def.key
	if index != "" {
		ix, ok := def.index(index)
		if !ok || ix.shared {
			return fmt.Errorf("store: table %s has no index %q that has an order", def.name, index)
		}
		// A range over an index with several values a row would be ambiguous; the first value counts.
		tree, valueOf = ix.tree, func(row any) string { return ix.values(row)[0] }
	}
	it := m.lasting(tree).Iterator()
	it.SeekLowerBound(terminated(make([]byte, 0, keyRoom), from))
	for _, row, ok := it.Next(); ok; _, row, ok = it.Next() {
		if to != "" && valueOf(row) >= to || !visit(row) {
			break
		}
	}
	return nil
}

func (m memoryTx) put(def *tableDef, before, row any) {
	key := def.key(row)
	m.writable(def.tree).Insert(lastingKey(key), row)
	for _, ix := range def.indexes {
		was, is := valuesOf(ix, before), valuesOf(ix, row)
		if ix.shared {
			m.post(ix, key, was, is)
			continue
		}
		for _, value := range lacking(was, is) {
			m.writable(ix.tree).Delete(lastingKey(value, key))
		}
		for _, value := range is {
			m.writable(ix.tree).Insert(lastingKey(value, key), row)
		}
	}
}

func (m memoryTx) remove(def *tableDef, row any) {
	key := def.key(row)
	m.writable(def.tree).Delete(lastingKey(key))
	for _, ix := range def.indexes {
		if ix.shared {
			m.post(ix, key, valuesOf(ix, row), nil)
			continue
		}
		for _, value := range valuesOf(ix, row) {
			m.writable(ix.tree).Delete(lastingKey(value, key))
		}
	}
}

func (m memoryTx) commit() {
	if m.altered == nil { // it has read only, and others may have written since
		return
	}
	trees := slices.Clone(m.trees)
	for i, altered := range m.altered {
		if altered != nil {
			trees[i] = altered.CommitOnly()
		}
	}
	m.db.trees.Store(&trees)
}
