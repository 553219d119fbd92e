package sandbox

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/somsim/somsim/simulator/fault"
	"github.com/somsim/somsim/simulator/ident"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/store"
)

// World is one sandbox. It is safe for concurrent use: readers never wait, writers take turns.
type World struct {
	name   string
	worlds *Worlds
	db     *store.DB
	seq    atomic.Int64

	mu sync.Mutex
	// inFlight holds exchanges as they were opened and are not yet closed; it is no state of the sandbox but of its callers.
	inFlight map[int64]journal.Entry
	// moved is closed and replaced whenever an exchange opens or closes.
	moved chan struct{}
}

func newWorld(ws *Worlds, name string, db *store.DB) *World {
	w := &World{name: name, worlds: ws, db: db, inFlight: map[int64]journal.Entry{}, moved: make(chan struct{})}
	tx := db.Read()
	defer tx.Abort()
	stats, _ := ws.tables.stats.Get(tx, single)
	w.seq.Store(stats.Last)
	return w
}

// Name returns the sandbox's name.
func (w *World) Name() string { return w.name }

// Read opens a transaction that sees the sandbox as it is now.
func (w *World) Read() *Tx { return w.tx(w.db.Read()) }

// Write opens the sandbox's one writing transaction, waiting for the one before.
func (w *World) Write() *Tx { return w.tx(w.db.Write()) }

// Update runs work in a writing transaction and commits it unless the work returns an error.
func (w *World) Update(work func(tx *Tx) error) error {
	tx := w.Write()
	defer tx.Abort()
	if err := work(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// Glance is what a request needs to know of a sandbox before anything else.
type Glance struct {
	Now time.Time
	// Due is set when work has become due, Armed when there are faults.
	Due, Armed bool
}

// Glance looks at the clock, the due work and the faults in one reading transaction.
func (w *World) Glance() Glance {
	tx := w.Read()
	defer tx.Abort()
	first := w.worlds.tables.due.Range(tx.Tx, "at", "", "", 1)
	return Glance{Now: tx.Now(), Due: len(first) > 0 && !first[0].At.After(tx.Now()), Armed: tx.armed()}
}

// Strike counts a call against every fault of the sandbox and returns the rules that strike it, by name.
func (w *World) Strike(c fault.Call) ([]fault.Rule, error) {
	var struck []fault.Rule
	err := w.Update(func(tx *Tx) error {
		struck = tx.Strike(c)
		return nil
	})
	return struck, err
}

// Strike is [World.Strike] inside a transaction, for the sub-requests of a composite: their counts stand or fall with it.
func (tx *Tx) Strike(c fault.Call) []fault.Rule {
	if !tx.armed() {
		return nil
	}
	c.Now = tx.Now()
	c.Chance = func(rule string, matched int) float64 {
		return ident.Fraction(tx.meta.Seed, "fault "+rule, uint64(matched))
	}
	c.Concerns = func(order string) bool { return c.Mentions(tx.world.aliases(tx, order)) }
	var struck []fault.Rule
	faults := tx.world.worlds.tables.faults
	for _, rule := range faults.Range(tx.Tx, "", "", "", 0) {
		counted, strikes := rule.Try(c)
		if counted.Matched != rule.Matched {
			faults.Put(tx.Tx, counted)
		}
		if strikes {
			struck = append(struck, counted)
		}
	}
	return struck
}

func (tx *Tx) armed() bool {
	armed := false
	tx.world.worlds.tables.faults.Scan(tx.Tx, func(*fault.Rule) bool {
		armed = true
		return false
	})
	return armed
}

// aliases returns the texts by which a call shows that it is about an order.
func (w *World) aliases(tx *Tx, orderNo string) []string {
	all := []string{orderNo}
	for _, of := range w.worlds.Aliases {
		all = append(all, of(tx, orderNo)...)
	}
	return all
}

// Arm adds a fault, replacing one of the same name.
func (w *World) Arm(r fault.Rule) error {
	return w.Update(func(tx *Tx) error {
		w.worlds.tables.faults.Put(tx.Tx, r)
		return nil
	})
}

// Faults lists the armed rules with their counts, by name.
func (w *World) Faults() []fault.Rule {
	tx := w.db.Read()
	defer tx.Abort()
	return w.worlds.tables.faults.Range(tx, "", "", "", 0)
}

// AwaitDisarmed blocks until there is no fault of that name, or the context ends.
func (w *World) AwaitDisarmed(ctx context.Context, name string) error {
	for {
		w.mu.Lock()
		moved := w.moved
		w.mu.Unlock()
		tx := w.db.Read()
		_, armed := w.worlds.tables.faults.Peek(tx, name)
		tx.Abort()
		if !armed {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Disarm removes the fault of that name, or all of them when the name is empty.
func (w *World) Disarm(name string) error {
	defer w.wake()
	return w.Update(func(tx *Tx) error {
		if name != "" {
			if !w.worlds.tables.faults.Delete(tx.Tx, name) {
				return fmt.Errorf("no fault %q in sandbox %s", name, w.name)
			}
			return nil
		}
		for _, r := range w.worlds.tables.faults.Range(tx.Tx, "", "", "", 0) {
			w.worlds.tables.faults.Delete(tx.Tx, r.Name)
		}
		return nil
	})
}

// Open begins the record of an exchange and gives it its sequence number.
func (w *World) Open(e *journal.Entry) {
	w.mu.Lock()
	defer w.mu.Unlock()
	e.Seq = w.seq.Add(1)
	w.inFlight[e.Seq] = *e
	w.broadcast()
}

// Struck records, for those who wait, that a fault is now acting on an exchange that is under way.
func (w *World) Struck(e *journal.Entry, rule string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	e.Fault = append(e.Fault, rule)
	if open, ok := w.inFlight[e.Seq]; ok {
		open.Fault = slices.Clone(e.Fault)
		w.inFlight[e.Seq] = open
	}
	w.broadcast()
}

// Close ends the record of an exchange: it becomes a row, and the oldest rows go when the journal has outgrown its bound.
// What settle does, which may be nil and may alter the entry, is committed with it.
func (w *World) Close(e *journal.Entry, settle func(tx *Tx)) error {
	err := w.appendEntry(e, settle)
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.inFlight, e.Seq)
	w.broadcast()
	return err
}

func (w *World) appendEntry(e *journal.Entry, settle func(tx *Tx)) error {
	tx := w.db.Write()
	defer tx.Abort()
	if settle != nil {
		settle(w.tx(tx))
	}
	t := w.worlds.tables
	stats, _ := t.stats.Get(tx, single)
	t.journal.Put(tx, *e)
	stats.Bytes += e.Size()
	stats.Last = max(stats.Last, e.Seq)
	for stats.Bytes > w.worlds.JournalBytes {
		oldest := t.journal.Range(tx, "", "", "", 1)
		if len(oldest) == 0 || oldest[0].Seq == e.Seq {
			break
		}
		stats.Bytes -= oldest[0].Size()
		stats.Evicted++
		t.journal.Delete(tx, journal.Key(oldest[0].Seq))
	}
	t.stats.Put(tx, stats)
	return tx.Commit()
}

func (w *World) wake() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broadcast()
}

// broadcast tells everybody who waits; the caller holds the lock.
func (w *World) broadcast() {
	close(w.moved)
	w.moved = make(chan struct{})
}

// Journal returns the closed exchanges that the query selects, oldest first, and the journal's bookkeeping.
func (w *World) Journal(q journal.Query) ([]journal.Entry, journal.Stats) {
	tx := w.db.Read()
	defer tx.Abort()
	var found []journal.Entry
	for _, e := range w.worlds.tables.journal.Range(tx, "", journal.Key(q.AfterSeq+1), "", 0) {
		if q.Matches(&e) {
			found = append(found, e)
		}
		if q.Limit > 0 && len(found) == q.Limit {
			break
		}
	}
	stats, _ := w.worlds.tables.stats.Get(tx, single)
	return found, stats.Stats
}

// Await blocks until at least count exchanges match the query, or the context ends. With opened, exchanges still under
// way count as well. It returns how many there were.
func (w *World) Await(ctx context.Context, q journal.Query, count int, opened bool) (int, error) {
	for {
		moved, n := w.count(q, opened)
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

// count returns a channel that closes at the next movement, taken before counting so that none is missed.
func (w *World) count(q journal.Query, opened bool) (<-chan struct{}, int) {
	w.mu.Lock()
	moved, n := w.moved, 0
	if opened {
		for _, e := range w.inFlight {
			if q.Matches(&e) {
				n++
			}
		}
	}
	w.mu.Unlock()
	closed, _ := w.Journal(q)
	return moved, n + len(closed)
}
