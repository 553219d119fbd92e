package sandbox

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/store"
)

// Open begins the record of an exchange and gives it its sequence number. The entry stays its caller's to fill in until
// it is closed, but for what [journal.Query.MatchesOpen] looks at.
func (w *World) Open(e *journal.Entry) {
	w.mu.Lock()
	defer w.mu.Unlock()
	e.Seq = w.seq.Add(1)
	w.inFlight[e.Seq] = e
	w.broadcast()
}

// Struck records, for those who wait, that a fault is now acting on an exchange that is under way.
func (w *World) Struck(e *journal.Entry, rule string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	e.Fault = append(e.Fault, rule)
	w.broadcast()
}

// Close ends the record of an exchange: the entry becomes part of the journal and nobody may alter it from then on. The
// oldest entries go when the journal has outgrown its bound.
func (w *World) Close(e *journal.Entry) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.inFlight, e.Seq)
	w.worlds.tables.journal.Append(w.db, e.Within(w.worlds.JournalBytes))
	w.past.keep(e, w.db)
	w.broadcast()
}

func (w *World) wake() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broadcast()
}

// broadcast tells everybody who waits; the caller holds the lock.
func (w *World) broadcast() {
	if w.moved != nil {
		close(w.moved)
		w.moved = nil
	}
}

// movement returns a channel that closes at the next movement. Who waits takes it before looking, so that none is missed.
func (w *World) movement() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.nextMovement()
}

func (w *World) nextMovement() <-chan struct{} {
	if w.moved == nil {
		w.moved = make(chan struct{})
	}
	return w.moved
}

// Journal returns the closed exchanges that the query selects, in the order in which they were opened, and the journal's
// bookkeeping.
func (w *World) Journal(q journal.Query) ([]journal.Entry, store.LogStats) {
	var found []*journal.Entry
	w.worlds.tables.journal.Scan(w.db, 0, func(e *journal.Entry) bool {
		if q.Matches(e) {
			found = append(found, e)
		}
		return true
	})
	// Entries lie in the order in which their exchanges were closed.
	slices.SortStableFunc(found, func(a, b *journal.Entry) int { return cmp.Compare(a.Seq, b.Seq) })
	if q.Limit > 0 && len(found) > q.Limit {
		found = found[:q.Limit]
	}
	copies := make([]journal.Entry, len(found))
	for i, e := range found {
		copies[i] = e.Clone()
	}
	return copies, w.worlds.tables.journal.Stats(w.db)
}

// Await blocks until at least count exchanges match the query, or the context ends. With opened, exchanges still under
// way count as well. It returns how many there were.
func (w *World) Await(ctx context.Context, q journal.Query, count int, opened bool) (int, error) {
	c := counting{world: w, query: q}
	c.closed() // what is long past need not hold up anybody
	for {
		moved, n := c.look(opened)
		if n >= count {
			return n, nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return n, fmt.Errorf("waited for %d exchanges, saw %d: %w", count, n, ctx.Err())
		}
	}
}

// counting counts the closed exchanges that match a query, each once however often it looks.
type counting struct {
	world *World
	query journal.Query
	next  store.Position
	seen  int
}

func (c *counting) closed() int {
	c.next = c.world.worlds.tables.journal.Scan(c.world.db, c.next, func(e *journal.Entry) bool {
		if c.query.Matches(e) {
			c.seen++
		}
		return true
	})
	return c.seen
}

// look counts under the lock, so that no exchange is missed or counted twice while it closes.
func (c *counting) look(opened bool) (<-chan struct{}, int) {
	w := c.world
	w.mu.Lock()
	defer w.mu.Unlock()
	n := c.closed()
	if opened {
		for _, e := range w.inFlight {
			if c.query.MatchesOpen(e) {
				n++
			}
		}
	}
	return w.nextMovement(), n
}
