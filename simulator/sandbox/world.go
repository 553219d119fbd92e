package sandbox

import (
	"context"
	"fmt"
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
	known  atomic.Pointer[knowledge]

	mu sync.Mutex
	// inFlight holds the exchanges that are not yet closed; it is no state of the sandbox but of its callers. An entry is
	// still being filled in by its exchange: only what [journal.Query.MatchesOpen] looks at may be read here.
	inFlight map[int64]*journal.Entry
	// moved, when somebody waits, is closed as soon as an exchange opens or closes or a fault is disarmed.
	moved chan struct{}
}

func newWorld(ws *Worlds, name string, db *store.DB) *World {
	w := &World{name: name, worlds: ws, db: db, inFlight: map[int64]*journal.Entry{}}
	w.seq.Store(ws.tables.journal.Stats(db).Last)
	return w
}

// Name returns the sandbox's name.
func (w *World) Name() string { return w.name }

// Read opens a transaction that sees the sandbox as it is now.
func (w *World) Read() *Tx { return w.tx(w.db.Read(), w.knowledge().meta) }

// Write opens the sandbox's one writing transaction, waiting for the one before.
func (w *World) Write() *Tx {
	tx := w.db.Write()
	meta, _ := w.worlds.tables.meta.Get(tx, single)
	return w.tx(tx, meta)
}

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

// Glance looks at the clock, the due work and the faults.
func (w *World) Glance() Glance {
	k := w.knowledge()
	now := k.meta.Clock.Now(w.worlds.machine)
	return Glance{Now: now, Due: k.due && !k.firstDue.After(now), Armed: k.armed}
}

// knowledge is what every request asks for and hardly any alters: rows of the sandbox, read once until one of their
// tables changes.
type knowledge struct {
	version    uint64
	meta       Meta
	due, armed bool
	firstDue   time.Time
}

func (w *World) knowledge() *knowledge {
	t := w.worlds.tables
	version := t.meta.Version(w.db) + t.due.Version(w.db) + t.faults.Version(w.db)
	if k := w.known.Load(); k != nil && k.version == version {
		return k
	}
	tx := w.db.Read()
	defer tx.Abort()
	k := &knowledge{version: version}
	k.meta, _ = t.meta.Get(tx, single)
	if first := t.due.Range(tx, "at", "", "", 1); len(first) > 0 {
		k.due, k.firstDue = true, first[0].At
	}
	k.armed = t.armed(tx)
	w.known.Store(k)
	return k
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
	if !tx.world.worlds.tables.armed(tx.Tx) {
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
		moved := w.movement()
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
