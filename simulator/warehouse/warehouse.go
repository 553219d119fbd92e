package warehouse

import (
	"fmt"
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/preset"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// round is the kind of due work by which the warehouse does what is due; there is one piece of it in a sandbox.
const round = "warehouse.round"

// Warehouse is the moving warehouse of every sandbox; what a sandbox's is like and has to do are rows.
type Warehouse struct {
	preset.Domains
	settings store.Table[settingsRow]
	tasks    store.Table[task]
	orders   store.Table[known]
}

// settingsRow is the one row of a sandbox's settings.
type settingsRow struct {
	Settings
	// LookAt is when the warehouse looks for new orders next.
	LookAt time.Time
}

const theRow = "the one row"

// Declare adds the tables of the warehouse to the schema.
func Declare(s *store.Schema, d preset.Domains) *Warehouse {
	return &Warehouse{
		Domains: d,
		settings: store.Add(s, store.Def[settingsRow]{
			Name: "warehouse.Settings", Internal: true, Key: func(*settingsRow) string { return theRow },
			Clone: func(r settingsRow) settingsRow { r.Settings = r.clone(); return r },
		}),
		tasks: store.Add(s, store.Def[task]{
			Name: "warehouse.Task", Internal: true, Clone: task.clone, Key: func(t *task) string { return t.Subject },
			Indexes: []store.Index[task]{{Name: "at", Values: (*task).due}},
		}),
		orders: store.Add(s, store.Def[known]{Name: "warehouse.Order", Internal: true, Key: func(k *known) string { return k.SummaryID }}),
	}
}

// Runners returns the due work of the warehouse.
func (w *Warehouse) Runners() map[string]sandbox.Runner {
	return map[string]sandbox.Runner{round: w.run}
}

// Settings tells how the warehouse of the sandbox works; before it was ever switched on, the defaults with On false.
func (w *Warehouse) Settings(tx *sandbox.Tx) Settings {
	row, ok := w.settings.Get(tx.Tx, theRow)
	if !ok {
		s := Defaults()
		s.On = false
		return s
	}
	return row.Settings
}

// Switch makes the warehouse of the sandbox work otherwise, from now on. Switched on, it takes up every order where it
// finds it; switched off, it stands still and forgets what it was about to do, but not what it has left to people. The
// error tells every mistake in the settings.
func (w *Warehouse) Switch(tx *sandbox.Tx, s Settings) error {
	if err := s.Check(); err != nil {
		return err
	}
	was := w.Settings(tx)
	w.settings.Put(tx.Tx, settingsRow{Settings: s, LookAt: tx.Now()})
	if !s.On || !was.On {
		w.forget(tx)
	}
	if !s.On {
		tx.Unschedule(round, round)
		return nil
	}
	tx.Schedule(sandbox.Due{Kind: round, Subject: round, At: tx.Now()})
	return nil
}

// forget drops what was to be done, so that orders are taken up anew.
func (w *Warehouse) forget(tx *sandbox.Tx) {
	for _, t := range w.tasks.Range(tx.Tx, "", "", "", 0) {
		if t.Stage != left {
			w.tasks.Delete(tx.Tx, t.Subject)
		}
	}
	for _, k := range w.orders.Range(tx.Tx, "", "", "", 0) {
		if k.State == working {
			w.orders.Delete(tx.Tx, k.SummaryID)
		}
	}
}

// perRound is how many tasks a round does at most; the next follows a second later, so that what they bring about, such as
// payments in the background, does not all fall due at one instant.
const perRound = 200

// run is a round: it looks for new orders when it is time to, does what is due, and says when the next round is.
func (w *Warehouse) run(tx *sandbox.Tx, _ sandbox.Due) error {
	row, ok := w.settings.Get(tx.Tx, theRow)
	if !ok || !row.On {
		return nil
	}
	if !row.LookAt.After(tx.Now()) {
		if err := w.look(tx, row.Settings); err != nil {
			return fmt.Errorf("look for orders: %w", err)
		}
		row.LookAt = tx.Now().Add(row.lookEvery())
		w.settings.Put(tx.Tx, row)
	}
	until := sortable(tx.Now().Add(time.Nanosecond))
	for _, t := range w.tasks.Range(tx.Tx, "at", "", until, perRound) {
		if err := w.do(tx, row.Settings, t); err != nil {
			return err
		}
	}
	next := row.LookAt
	if first := w.tasks.Range(tx.Tx, "at", "", "", 1); len(first) > 0 && first[0].At.Before(next) {
		next = first[0].At
	}
	if !next.After(tx.Now()) {
		next = tx.Now().Add(time.Second)
	}
	tx.Schedule(sandbox.Due{Kind: round, Subject: round, At: next})
	return nil
}

// lookEvery is how often the warehouse looks for new orders, and at orders on hold: in time to allocate them when they
// are due, and not more often than every second nor less than every hour.
func (s Settings) lookEvery() time.Duration { return min(max(s.Allocate, time.Second), time.Hour) }

// Stage is what the warehouse does next with an order, a fulfillment order or a shipment.
type Stage string

// The stages of goods; what is left waits for a person.
const (
	allocate Stage = "allocate"
	assign   Stage = "assign"
	pick     Stage = "pick"
	pack     Stage = "pack"
	ship     Stage = "ship"
	collect  Stage = "collect"
	transit  Stage = "transit"
	deliver  Stage = "deliver"
	left     Stage = "left"
)

// task is something to be done at a time.
type task struct {
	// Subject is the id of an OrderSummary, a FulfillmentOrder or a Shipment.
	Subject, SummaryID string
	Stage              Stage
	// Seen is the status of the subject that the task expects.
	Seen string
	At   time.Time
	// Owed are the units to allocate again, and where they were not found; nil means all that are free.
	Owed  []owed
	Avoid string
	// Why tells why the subject is left.
	Why string
}

// owed are units of an order item summary.
type owed struct {
	ItemID string
	Units  int64
}

func (t task) clone() task {
	t.Owed = slices.Clone(t.Owed)
	return t
}

// due is the key of a task by time; what is left is never due.
func (t *task) due() []string {
	if t.Stage == left {
		return nil
	}
	return []string{sortable(t.At)}
}

// sortable renders an instant so that texts sort as times do.
func sortable(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000000Z") }

// state is what the warehouse makes of an order.
type state string

const (
	working     state = "working"
	backordered state = "backordered"
)

// known is an order that the warehouse has seen.
type known struct {
	SummaryID string
	State     state
}

// plan stores what is to be done next, so long after a time, when people work.
func (w *Warehouse) plan(tx *sandbox.Tx, s Settings, t task, after time.Time, takes time.Duration) error {
	at := after.Add(stretched(takes, fraction(tx, string(t.Stage), t.Subject)))
	if at.Before(tx.Now()) {
		at = tx.Now()
	}
	at = together(at, takes)
	if t.Stage != allocate && t.Stage != transit && t.Stage != deliver {
		var err error
		if at, err = s.open(at); err != nil {
			return err
		}
	}
	t.At = at
	w.tasks.Put(tx.Tx, t)
	return nil
}

// leave hands a subject to people.
func (w *Warehouse) leave(tx *sandbox.Tx, t task, format string, args ...any) {
	t.Stage, t.Why, t.At = left, fmt.Sprintf(format, args...), tx.Now()
	w.tasks.Put(tx.Tx, t)
}
