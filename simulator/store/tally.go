package store

import (
	"maps"
	"sync"
)

// tallies count things beside the tables of a database and outside its transactions, as logs do, so that what is
// counted with every request makes no reader wait for a writer.
type tallies struct {
	mu sync.Mutex
	// counts are by kind and slot; what a slot is, such as an hour, is the caller's.
	counts map[string]map[int64]int
}

func newTallies() *tallies { return &tallies{counts: map[string]map[int64]int{}} }

// fork is an independent copy.
func (t *tallies) fork() *tallies {
	t.mu.Lock()
	defer t.mu.Unlock()
	fork := newTallies()
	for kind, slots := range t.counts {
		fork.counts[kind] = maps.Clone(slots)
	}
	return fork
}

// Tally counts one thing of a kind in a slot, unless the slots from the first on hold as many as there may be already.
// It returns how many they hold then, and whether it counted. Slots before the first are forgotten.
func (db *DB) Tally(kind string, first, slot int64, most int) (int, bool) {
	t := db.tallies
	t.mu.Lock()
	defer t.mu.Unlock()
	slots := t.counts[kind]
	if slots == nil {
		slots = map[int64]int{}
		t.counts[kind] = slots
	}
	sum := 0
	for s, n := range slots {
		if s < first {
			delete(slots, s)
			continue
		}
		sum += n
	}
	if sum >= most {
		return sum, false
	}
	slots[slot]++
	return sum + 1, true
}

// Tallied returns how many things of a kind the slots from the first on hold.
func (db *DB) Tallied(kind string, first int64) int {
	t := db.tallies
	t.mu.Lock()
	defer t.mu.Unlock()
	sum := 0
	for slot, n := range t.counts[kind] {
		if slot >= first {
			sum += n
		}
	}
	return sum
}
