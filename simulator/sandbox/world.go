package sandbox

import (
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/store"
)

// World is one sandbox. It is safe for concurrent use: readers never wait, writers take turns.
type World struct {
	name   string
	worlds *Worlds
	db     *store.DB
	number int64 // of the sandbox among those that were made
	seq    atomic.Int64
	known  atomic.Pointer[knowledge]

	mu sync.Mutex
	// inFlight holds the exchanges that are not yet closed; it is no state of the sandbox but of its callers. An entry is
	// still being filled in by its exchange: only what [journal.Query.MatchesOpen] looks at may be read here.
	inFlight map[int64]*journal.Entry
	// moved, when somebody waits, is closed as soon as an exchange opens or closes or a fault is disarmed.
	moved chan struct{}

	past past
	// later is what due work changed; mu guards it.
	later []Later

	// commits tells who waits that a transaction was committed.
	commits commits
	// ended is closed when the sandbox is deleted.
	ended chan struct{}
}

func newWorld(ws *Worlds, name string, db *store.DB) *World {
	w := &World{name: name, worlds: ws, db: db, inFlight: map[int64]*journal.Entry{}, ended: make(chan struct{})}
	w.seq.Store(ws.tables.journal.Stats(db).Last)
	return w
}

// Name returns the sandbox's name.
func (w *World) Name() string { return w.name }

// Incarnation tells the sandbox from earlier ones of the same name, of this process or another.
func (w *World) Incarnation() string {
	return strconv.FormatInt(w.worlds.begun.UnixNano(), 36) + "-" + strconv.FormatInt(w.number, 10)
}

// Read opens a transaction that sees the sandbox as it is now.
func (w *World) Read() *Tx { return w.tx(w.db.Read(), w.knowledge().meta) }

// Write opens the sandbox's one writing transaction, waiting for the one before.
func (w *World) Write() *Tx {
	tx := w.db.Write() // nobody else alters anything from here on
	return w.tx(tx, w.knowledge().meta)
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
