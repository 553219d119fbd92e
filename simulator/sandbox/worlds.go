// Package sandbox holds isolated worlds: each a name, a store with everything it remembers, and a clock. Worlds are
// built from presets or forked from one another at a cost that does not depend on their size.
package sandbox

import (
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/store"
)

// Default is the sandbox of a caller who names none.
const Default = "default"

// Errors of the set of worlds; test with errors.Is.
var (
	ErrUnknown = errors.New("unknown sandbox")
	ErrExists  = errors.New("sandbox exists already")
	ErrName    = errors.New("bad sandbox name")
	ErrPreset  = errors.New("unknown preset or sandbox")
)

// Preset builds a starting world through domain constructors, in an empty sandbox whose clock is set.
type Preset func(tx *Tx) error

// Runner does due work of one kind, in a transaction of its own at the time it was due.
type Runner func(tx *Tx, d Due) error

// Config is what the set of worlds is made of.
type Config struct {
	Schema  *store.Schema
	Machine clock.Clock
	Log     *slog.Logger
	// JournalBytes bounds the journal of each sandbox, and [journalShare] times as much all of them together; the oldest
	// entries go first. 0 means 32 MiB.
	JournalBytes int64
	Redactor     *journal.Redactor
	Presets      map[string]Preset
	Runners      map[string]Runner
	// Aliases return the ids that belong to an order in a system, for faults that strike calls about that order.
	Aliases []func(tx *Tx, orderNo string) []string
	// Born, when it is set, adds to a sandbox what its preset has nothing to do with, after it was filled.
	Born func(tx *Tx)
}

const (
	defaultJournalBytes = 32 << 20
	// journalShare is how many journals as large as they may be there is room for, however many sandboxes there are.
	journalShare = 8
)

// Worlds is the set of sandboxes of a simulator. It is safe for concurrent use.
type Worlds struct {
	Config
	machine clock.Clock
	tables  tables
	mu      sync.RWMutex
	byName  map[string]*World
	tickers map[string]Ticker
	// begun is when the set was made, and made how many sandboxes were: by both any two sandboxes differ.
	begun time.Time
	made  int64
	// outbound makes deliveries; nil when nobody does.
	outbound Ticker
	stopped  chan struct{}
	stop     sync.Once
}

// Tables are the store tables of the sandboxes themselves; declare them before the first database is made.
type Tables struct{ t tables }

// Declare adds the tables every sandbox has to the schema.
func Declare(s *store.Schema) Tables { return Tables{newTables(s)} }

// New returns a set without sandboxes.
func New(t Tables, c Config) *Worlds {
	if c.JournalBytes == 0 {
		c.JournalBytes = defaultJournalBytes
	}
	t.t.journal.Limit(c.JournalBytes, journalShare*c.JournalBytes)
	return &Worlds{Config: c, machine: c.Machine, begun: c.Machine.Now(), tables: t.t, byName: map[string]*World{}, tickers: map[string]Ticker{}, stopped: make(chan struct{})}
}

// Options say how a sandbox is made.
type Options struct {
	// From names a preset or a living sandbox; empty means the preset "omnichannel".
	From string
	// Seed is used when From is a preset; a fork keeps its origin's.
	Seed int64
	// Mode and At set the clock. An empty mode is real for a preset and the origin's for a fork; a zero time is now.
	Mode clock.Mode
	At   time.Time
	// Keep is how many states the sandbox keeps of those that its latest exchanges left, for [World.Backward].
	Keep int
}

var validName = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$`)

// Create makes a sandbox. Errors are [ErrName], [ErrExists], [ErrPreset] or a preset's own.
func (ws *Worlds) Create(name string, o Options) (*World, error) {
	if !validName.MatchString(name) {
		return nil, fmt.Errorf("%w: %q (lower-case letters, digits and inner hyphens, at most 63)", ErrName, name)
	}
	if _, taken := ws.Get(name); taken {
		return nil, fmt.Errorf("%w: %q", ErrExists, name)
	}
	w, err := ws.make(name, o)
	if err != nil {
		return nil, err
	}
	w.past.begin(o.Keep, w.db)
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.byName[name] != nil {
		w.db.Close()
		return nil, fmt.Errorf("%w: %q", ErrExists, name)
	}
	ws.made++
	w.number = ws.made
	ws.byName[name] = w
	return w, nil
}

func (ws *Worlds) make(name string, o Options) (*World, error) {
	if o.From == "" {
		o.From = "omnichannel"
	}
	if origin, ok := ws.Get(o.From); ok {
		return ws.fork(origin, name, o)
	}
	build, ok := ws.Presets[o.From]
	if !ok {
		return nil, fmt.Errorf("%w: %q; presets are %s", ErrPreset, o.From, strings.Join(ws.PresetNames(), ", "))
	}
	return ws.build(name, build, o)
}

func (ws *Worlds) build(name string, preset Preset, o Options) (*World, error) {
	db, err := store.NewDB(ws.Schema)
	if err != nil {
		return nil, err
	}
	w := newWorld(ws, name, db)
	tx := w.Write()
	defer tx.Abort()
	tx.meta = Meta{Preset: o.From, Seed: o.Seed}
	tx.SetClock(initialClock(o, ws.machine))
	tx.meta.Started = tx.Now()
	tx.SetClock(tx.meta.Clock)
	err = preset(tx)
	if err == nil && ws.Born != nil {
		ws.Born(tx)
	}
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("preset %s: %w", o.From, err)
	}
	return w, nil
}

func initialClock(o Options, machine clock.Clock) clock.State {
	s := clock.State{Mode: o.Mode}
	if s.Mode == "" {
		s.Mode = clock.ModeReal
	}
	if o.At.IsZero() {
		o.At = machine.Now()
	}
	return s.MovedTo(o.At, machine)
}

func (ws *Worlds) fork(origin *World, name string, o Options) (*World, error) {
	w := newWorld(ws, name, origin.db.Fork())
	if o.Mode == "" && o.At.IsZero() {
		return w, nil
	}
	tx := w.Write()
	defer tx.Abort()
	state, now := tx.meta.Clock, tx.Now()
	if o.Mode != "" {
		state.Mode = o.Mode
	}
	if !o.At.IsZero() {
		now = o.At
	}
	tx.SetClock(state.MovedTo(now, ws.machine))
	return w, tx.Commit()
}

// Get returns the sandbox of that name.
func (ws *Worlds) Get(name string) (*World, bool) {
	ws.mu.RLock()
	defer ws.mu.RUnlock()
	w, ok := ws.byName[name]
	return w, ok
}

// Delete forgets a sandbox; requests under way in it end undisturbed.
func (ws *Worlds) Delete(name string) error {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	w := ws.byName[name]
	if w == nil {
		return fmt.Errorf("%w: %q", ErrUnknown, name)
	}
	delete(ws.byName, name)
	close(w.ended)
	w.mu.Lock()
	w.past.forget()
	w.mu.Unlock()
	w.db.Close()
	return nil
}

// Journals is the bookkeeping of all sandboxes' journals together. Entries that forks share count once in Bytes.
type Journals struct {
	Bytes, Limit int64
	// Evicted counts the entries that sandboxes had to give up since the start.
	Evicted int64
}

// Journals tells what the journals of all sandboxes take.
func (ws *Worlds) Journals() Journals {
	bytes, evicted := ws.tables.journal.All()
	return Journals{Bytes: bytes, Limit: journalShare * ws.JournalBytes, Evicted: evicted}
}

// All returns the sandboxes by name.
func (ws *Worlds) All() []*World {
	ws.mu.RLock()
	defer ws.mu.RUnlock()
	all := make([]*World, 0, len(ws.byName))
	for _, w := range ws.byName {
		all = append(all, w)
	}
	slices.SortFunc(all, func(a, b *World) int { return strings.Compare(a.name, b.name) })
	return all
}

// PresetNames lists the presets.
func (ws *Worlds) PresetNames() []string {
	names := make([]string, 0, len(ws.Presets))
	for name := range ws.Presets {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
