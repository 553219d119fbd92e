package sandbox

import (
	"time"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/fault"
	"github.com/somsim/somsim/simulator/ident"
	"github.com/somsim/somsim/simulator/store"
)

// Tx is one transaction in one sandbox: its rows, its time, its source of ids. It is all that a domain gets to see of
// the simulator around it.
type Tx struct {
	*store.Tx
	world *World
	meta  Meta
	now   time.Time
	// counted are faults with new counts, by name; they are written when the transaction commits.
	counted map[string]fault.Rule
	// again are numbers that are drawn once more before new ones, redrawn how many of each kind have been.
	again   Drawn
	redrawn map[string]int
}

func (w *World) tx(s *store.Tx, meta Meta) *Tx {
	return &Tx{Tx: s, world: w, meta: meta, now: meta.Clock.Now(w.worlds.machine)}
}

// Sandbox returns the name of the sandbox.
func (tx *Tx) Sandbox() string { return tx.world.name }

// Now returns the sandbox's time at the beginning of the transaction, in UTC with millisecond precision.
func (tx *Tx) Now() time.Time { return tx.now }

// ClockMode tells whether the sandbox's clock runs by itself.
func (tx *Tx) ClockMode() clock.Mode { return tx.meta.Clock.Mode }

// Seed returns the seed of the sandbox.
func (tx *Tx) Seed() int64 { return tx.meta.Seed }

// Next counts the things of a kind, from 1.
func (tx *Tx) Next(kind string) uint64 {
	if n, ok := tx.redraw(kind); ok {
		return n
	}
	counters := tx.world.worlds.tables.counters
	c, _ := counters.Get(tx.Tx, kind)
	c.Name, c.Next = kind, c.Next+1
	counters.Put(tx.Tx, c)
	return c.Next
}

// UUID returns a new UUID out of the sandbox's seed.
func (tx *Tx) UUID(kind string) string { return ident.UUID(tx.meta.Seed, kind, tx.Next(kind)) }

// Token returns a new opaque token out of the sandbox's seed.
func (tx *Tx) Token(kind string) string { return ident.Token(tx.meta.Seed, kind, tx.Next(kind)) }

// Schedule stores work to be done at its time, replacing work of the same kind and subject.
func (tx *Tx) Schedule(d Due) { tx.world.worlds.tables.due.Put(tx.Tx, d) }

// Unschedule drops work; it reports whether there was any.
func (tx *Tx) Unschedule(kind, subject string) bool {
	d := Due{Kind: kind, Subject: subject}
	return tx.world.worlds.tables.due.Delete(tx.Tx, d.key())
}

// Scheduled lists the work a sandbox owes to itself, by time.
func (tx *Tx) Scheduled() []Due { return tx.world.worlds.tables.due.Range(tx.Tx, "at", "", "", 0) }

// Meta returns what the sandbox remembers of itself.
func (tx *Tx) Meta() Meta { return tx.meta }

// SetClock moves the sandbox's clock; later calls of Now in this transaction show it.
func (tx *Tx) SetClock(s clock.State) {
	tx.meta.Clock = s
	tx.world.worlds.tables.meta.Put(tx.Tx, tx.meta)
	tx.now = s.Now(tx.world.worlds.machine)
}
