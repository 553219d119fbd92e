package store

import "slices"

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
func (p *posting) at() []byte { return lastingKey(p.value, p.low) }

// post brings a shared index from the values that the row of a key had to those that it has.
func (m memoryTx) post(ix indexDef, key string, was, is []string) {
	for _, value := range lacking(was, is) {
		m.withdraw(ix.tree, value, key)
	}
	for _, value := range lacking(is, was) {
		m.enter(ix.tree, value, key)
	}
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
func (m memoryTx) enter(tree int, value, key string) {
	p := m.postingOf(tree, value, key)
	if _, found := slices.BinarySearch(p.keys, key); found {
		return
	}
	if len(p.keys) == postingKeys {
		p = m.split(tree, p, key)
	} else {
		p = m.own(tree, p)
	}
	at, _ := slices.BinarySearch(p.keys, key)
	p.keys = slices.Insert(p.keys, at, key)
}

// withdraw takes a key from a value.
func (m memoryTx) withdraw(tree int, value, key string) {
	p := m.postingOf(tree, value, key)
	at, found := slices.BinarySearch(p.keys, key)
	switch {
	case !found:
	case len(p.keys) == 1:
		m.writable(tree).Delete(p.at())
	default:
		p = m.own(tree, p)
		p.keys = slices.Delete(p.keys, at, at+1)
	}
}

// postingOf finds the posting in which a key is or would be: an empty one, first of its value and not stored, where there is none yet.
func (m memoryTx) postingOf(tree int, value, key string) *posting {
	it := m.root(tree).ReverseIterator()
	it.SeekReverseLowerBound(terminated(terminated(make([]byte, 0, keyRoom), value), key))
	if _, found, _ := it.Previous(); found != nil {
		if p, ok := found.(*posting); ok && p.value == value {
			return p
		}
	}
	return &posting{value: value}
}

// own returns the posting as one that this transaction may alter: itself, or a copy in its place.
func (m memoryTx) own(tree int, p *posting) *posting {
	if p.by == m.by {
		return p
	}
	keys := append(make([]string, 0, len(p.keys)+1), p.keys...) // postings are many and live long: no more room than is needed
	return m.insert(tree, &posting{p.value, p.low, keys, m.by})
}

// split makes room for a key in a full posting and returns the part it belongs to. Keys that come in order leave full postings behind.
func (m memoryTx) split(tree int, p *posting, key string) *posting {
	if key > p.keys[len(p.keys)-1] {
		return m.insert(tree, &posting{p.value, key, nil, m.by})
	}
	half := len(p.keys) / 2
	upper := m.insert(tree, &posting{p.value, p.keys[half], slices.Clone(p.keys[half:]), m.by})
	lower := m.insert(tree, &posting{p.value, p.low, slices.Clone(p.keys[:half]), m.by})
	if key < upper.low {
		return lower
	}
	return upper
}

func (m memoryTx) insert(tree int, p *posting) *posting {
	m.writable(tree).Insert(p.at(), p)
	return p
}

// posted visits the rows of a shared index that have the value, in the order of their keys. The visitor must not write.
func (m memoryTx) posted(def *tableDef, ix indexDef, value string, visit func(any) bool) {
	m.root(ix.tree).WalkPrefix(terminated(make([]byte, 0, keyRoom), value), func(_ []byte, found any) bool {
		p, ok := found.(*posting)
		if !ok {
			return false
		}
		for _, key := range p.keys {
			if !visit(m.get(def, key)) {
				return true
			}
		}
		return false
	})
}
