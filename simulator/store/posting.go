package store

import (
	"slices"

	"github.com/hashicorp/go-memdb"
)

// postingKeys is how many keys a posting holds at most: each change copies one, and each costs about 400 bytes beside them.
const postingKeys = 64

// posting is a part of a shared index: some of the keys of the rows that have the value, in order. The postings of one value follow each
// other; each holds the keys from its own low on, up to the low of the next.
type posting struct {
	value, low string
	keys       []string
	// by is the transaction that made it and alone may alter it, before it commits.
	by *writer
}

// writer stands for a writing transaction.
type writer struct{ _ byte }

// at is the posting's place: values do not hold a zero byte, see [Index.Shared].
func (p *posting) at() string { return p.value + "\x00" + p.low }

func postingSchema(table string) *memdb.TableSchema {
	key := keyIndex{func(row any) string { return row.(*posting).at() }}
	return &memdb.TableSchema{Name: table, Indexes: map[string]*memdb.IndexSchema{"id": {Name: "id", Unique: true, Indexer: key}}}
}

// post brings the shared indexes of a table from one row to the next with the same key; nil stands for no row.
func (m memoryTx) post(def *tableDef, before, after any) error {
	for _, ix := range def.indexes {
		if !ix.shared {
			continue
		}
		was, is := valuesOf(ix, before), valuesOf(ix, after)
		for _, value := range lacking(was, is) {
			if err := m.withdraw(ix.table, value, def.key(before)); err != nil {
				return err
			}
		}
		for _, value := range lacking(is, was) {
			if err := m.enter(ix.table, value, def.key(after)); err != nil {
				return err
			}
		}
	}
	return nil
}

func valuesOf(ix indexDef, row any) []string {
	if row == nil {
		return nil
	}
	return ix.values(row)
}

// lacking are the values that others do not have.
func lacking(values, others []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return slices.Contains(others, v) })
}

// enter adds a key to a value.
func (m memoryTx) enter(table, value, key string) error {
	p, err := m.postingOf(table, value, key)
	if err != nil {
		return err
	}
	if _, found := slices.BinarySearch(p.keys, key); found {
		return nil
	}
	if len(p.keys) == postingKeys {
		p, err = m.split(table, p, key)
	} else {
		p, err = m.own(table, p)
	}
	if err != nil {
		return err
	}
	at, _ := slices.BinarySearch(p.keys, key)
	p.keys = slices.Insert(p.keys, at, key)
	return nil
}

// withdraw takes a key from a value.
func (m memoryTx) withdraw(table, value, key string) error {
	p, err := m.postingOf(table, value, key)
	if err != nil {
		return err
	}
	at, found := slices.BinarySearch(p.keys, key)
	switch {
	case !found:
		return nil
	case len(p.keys) == 1:
		return m.txn.Delete(table, p)
	}
	if p, err = m.own(table, p); err == nil {
		p.keys = slices.Delete(p.keys, at, at+1)
	}
	return err
}

// postingOf finds the posting in which a key is or would be: an empty one, first of its value and not stored, where there is none yet.
func (m memoryTx) postingOf(table, value, key string) (*posting, error) {
	it, err := m.txn.ReverseLowerBound(table, "id", value+"\x00"+key)
	if err != nil {
		return nil, err
	}
	if p, ok := it.Next().(*posting); ok && p.value == value {
		return p, nil
	}
	return &posting{value: value}, nil
}

// own returns the posting as one that this transaction may alter: itself, or a copy in its place.
func (m memoryTx) own(table string, p *posting) (*posting, error) {
	if p.by == m.by {
		return p, nil
	}
	keys := append(make([]string, 0, len(p.keys)+1), p.keys...) // postings are many and live long: no more room than is needed
	return m.insert(table, &posting{p.value, p.low, keys, m.by})
}

// split makes room for a key in a full posting and returns the part it belongs to. Keys that come in order leave full postings behind.
func (m memoryTx) split(table string, p *posting, key string) (*posting, error) {
	if key > p.keys[len(p.keys)-1] {
		return m.insert(table, &posting{p.value, key, nil, m.by})
	}
	half := len(p.keys) / 2
	upper, err := m.insert(table, &posting{p.value, p.keys[half], slices.Clone(p.keys[half:]), m.by})
	if err != nil {
		return nil, err
	}
	lower, err := m.insert(table, &posting{p.value, p.low, slices.Clone(p.keys[:half]), m.by})
	if key < upper.low {
		return lower, err
	}
	return upper, err
}

func (m memoryTx) insert(table string, p *posting) (*posting, error) {
	return p, m.txn.Insert(table, p)
}

// posted visits the rows of a shared index that have the value, in the order of their keys.
func (m memoryTx) posted(table string, ix indexDef, value string, visit func(any) bool) error {
	it, err := m.txn.Get(ix.table, "id_prefix", value)
	if err != nil {
		return err
	}
	for p, ok := it.Next().(*posting); ok; p, ok = it.Next().(*posting) {
		for _, key := range p.keys {
			row, err := m.get(table, key)
			if err != nil || !visit(row) {
				return err
			}
		}
	}
	return nil
}

// sharedTable names the table of a shared index.
func sharedTable(table, index string) string { return table + "#" + index }
