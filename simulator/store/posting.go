package store

import (
	"slices"

	"github.com/hashicorp/go-memdb"
)

// postingKeys is how many keys a posting holds at most: each change copies one, and each costs about 400 bytes beside them.
const postingKeys = 64

// posting is a part of a shared index: some of the keys of the rows that have the value, in order. The postings of one value follow each
// other; each holds the keys from its own low on, up to the low of the next. Postings are never altered, only replaced.
type posting struct {
	value, low string
	keys       []string
}

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
			if err := m.repost(ix.table, value, def.key(before), (*posting).without); err != nil {
				return err
			}
		}
		for _, value := range lacking(is, was) {
			if err := m.repost(ix.table, value, def.key(after), (*posting).with); err != nil {
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

// repost replaces the posting in which a key is or would be by what change makes of it.
func (m memoryTx) repost(table, value, key string, change func(p *posting, key string) []*posting) error {
	old, err := m.postingOf(table, value, key)
	if err != nil {
		return err
	}
	next := change(old, key)
	if len(next) == 0 && len(old.keys) > 0 {
		return m.txn.Delete(table, old)
	}
	for _, p := range next {
		if err := m.txn.Insert(table, p); err != nil {
			return err
		}
	}
	return nil
}

// postingOf finds the posting in which a key is or would be: an empty one, first of its value, where there is none yet.
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

// with adds a key. A full posting gives its upper half away; at its end a new one begins, so that keys that come in order fill them.
func (p *posting) with(key string) []*posting {
	at, found := slices.BinarySearch(p.keys, key)
	if found {
		return []*posting{p}
	}
	if len(p.keys) == postingKeys && at == postingKeys {
		return []*posting{{p.value, key, []string{key}}}
	}
	keys := make([]string, 0, len(p.keys)+1) // postings are many and live long: no room to spare
	keys = append(append(append(keys, p.keys[:at]...), key), p.keys[at:]...)
	if len(keys) <= postingKeys {
		return []*posting{{p.value, p.low, keys}}
	}
	half := len(keys) / 2
	return []*posting{{p.value, p.low, slices.Clone(keys[:half])}, {p.value, keys[half], slices.Clone(keys[half:])}}
}

// without takes a key away; nothing is left of a posting without keys.
func (p *posting) without(key string) []*posting {
	keys := slices.DeleteFunc(slices.Clone(p.keys), func(k string) bool { return k == key })
	if len(keys) == 0 {
		return nil
	}
	return []*posting{{p.value, p.low, keys}}
}

// posted visits the rows of a shared index that have the value, in the order of their keys.
func (m memoryTx) posted(table string, ix indexDef, value string, visit func(any) bool) error {
	it, err := m.txn.LowerBound(ix.table, "id", value+"\x00")
	if err != nil {
		return err
	}
	for p, ok := it.Next().(*posting); ok && p.value == value; p, ok = it.Next().(*posting) {
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
