package store

import "errors"

// ErrReadOnly is the error of a transaction that was opened for reading and then written to. The caller may run the
// same work again in a writing transaction: nothing was changed.
var ErrReadOnly = errors.New("store: write in a read-only transaction")

// Change is one row as it was and as it became. Before is nil for a new row, After for a deleted one; both point to
// the table's row type and must not be altered.
type Change struct {
	Table  string
	Key    string
	Before any
	After  any
}

// Tx is one transaction. It is used by one goroutine. Errors of the backend are sticky: reads after one find nothing,
// writes do nothing, and [Tx.Commit] refuses; so callers need not check every access.
type Tx struct {
	db      *DB
	backend backendTx
	write   bool
	ended   bool
	err     error
	changes []change
}

type change struct {
	Change
	internal bool
}

// backendTx is what a storage engine implements. Rows are pointers; a nil row means there is none.
type backendTx interface {
	get(def *tableDef, key string) any
	list(def *tableDef, index, value string, visit func(row any) bool) error
	rangeOf(def *tableDef, index, from, to string, visit func(row any) bool) error
	// put stores a row; before is the one with the same key that it replaces, or nil.
	put(def *tableDef, before, row any)
	remove(def *tableDef, row any)
	commit()
}

// Err returns the first error of the transaction: nil, [ErrReadOnly] or one of the backend.
func (tx *Tx) Err() error { return tx.err }

// Writable reports whether the transaction was opened for writing.
func (tx *Tx) Writable() bool { return tx.write }

// Commit makes the changes visible to transactions that begin afterwards, or returns the sticky error and drops them.
func (tx *Tx) Commit() error {
	defer tx.Abort()
	if tx.err != nil || tx.ended {
		return tx.err
	}
	tx.backend.commit()
	for _, c := range tx.changes {
		tx.db.versions[tx.db.defs[c.Table].number].Add(1)
	}
	return nil
}

// Abort drops the changes. After Commit it does nothing.
func (tx *Tx) Abort() {
	if tx.ended {
		return
	}
	tx.ended = true
	if tx.write {
		tx.db.writing.Unlock()
	}
}

// Changes lists what the transaction has done so far, in order, without internal tables.
func (tx *Tx) Changes() []Change {
	var out []Change
	for _, c := range tx.changes {
		if !c.internal {
			out = append(out, c.Change)
		}
	}
	return out
}

// Mark is a point inside a transaction to go back to.
type Mark int

// Mark returns the present point.
func (tx *Tx) Mark() Mark { return Mark(len(tx.changes)) }

// RollbackTo undoes every change since the mark, newest first, and keeps the transaction open.
func (tx *Tx) RollbackTo(m Mark) {
	for i := len(tx.changes) - 1; i >= int(m); i-- {
		c := tx.changes[i]
		def := tx.db.defs[c.Table]
		switch {
		case c.Before != nil:
			tx.backend.put(def, c.After, c.Before)
		default:
			tx.backend.remove(def, c.After)
		}
	}
	tx.changes = tx.changes[:m]
}

func (tx *Tx) fail(err error) {
	if err != nil && tx.err == nil {
		tx.err = err
	}
}

func (tx *Tx) get(table, key string) any {
	if tx.err != nil {
		return nil
	}
	return tx.backend.get(tx.db.defs[table], key)
}

func (tx *Tx) list(table, index, value string, visit func(any) bool) {
	if tx.err == nil {
		tx.fail(tx.backend.list(tx.db.defs[table], index, value, visit))
	}
}

func (tx *Tx) rangeOf(table, index, from, to string, visit func(any) bool) {
	if tx.err == nil {
		tx.fail(tx.backend.rangeOf(tx.db.defs[table], index, from, to, visit))
	}
}

func (tx *Tx) put(table string, row any) {
	if !tx.mayWrite() {
		return
	}
	def := tx.db.defs[table]
	key := def.key(row)
	before := tx.backend.get(def, key)
	tx.backend.put(def, before, row)
	tx.changes = append(tx.changes, change{Change{table, key, before, row}, def.internal})
}

func (tx *Tx) remove(table, key string) bool {
	if !tx.mayWrite() {
		return false
	}
	def := tx.db.defs[table]
	row := tx.backend.get(def, key)
	if row == nil {
		return false
	}
	tx.backend.remove(def, row)
	tx.changes = append(tx.changes, change{Change{table, key, row, nil}, def.internal})
	return true
}

func (tx *Tx) mayWrite() bool {
	if !tx.write {
		tx.fail(ErrReadOnly)
	}
	return tx.err == nil
}
