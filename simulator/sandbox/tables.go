package sandbox

import (
	"time"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/fault"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/store"
)

// Meta is what a sandbox remembers of itself.
type Meta struct {
	// Preset is the starting world it was built from, at first hand or through forks.
	Preset string
	// Seed decides ids, tokens and chance.
	Seed  int64
	Clock clock.State
	// Started is the sandbox's time when its preset was built.
	Started time.Time
}

// Due is work that a sandbox owes to itself at a time: a hold that lapses, a refund that settles.
type Due struct {
	// Kind selects the [Runner]; Kind and Subject together are unique, so work can be found again and replaced.
	Kind, Subject string
	At            time.Time
	// Detail is the runner's own.
	Detail string
}

type counter struct {
	Name string
	Next uint64
}

type tables struct {
	meta     store.Table[Meta]
	counters store.Table[counter]
	due      store.Table[Due]
	faults   store.Table[fault.Rule]
	journal  store.Log[journal.Entry]
}

const single = "the one row"

func newTables(s *store.Schema) tables {
	return tables{
		meta:     store.Add(s, store.Def[Meta]{Name: "sandbox.Meta", Internal: true, Key: func(*Meta) string { return single }}),
		counters: store.Add(s, store.Def[counter]{Name: "sandbox.Counter", Internal: true, Key: func(c *counter) string { return c.Name }}),
		due: store.Add(s, store.Def[Due]{
			Name: "sandbox.Due", Internal: true, Key: (*Due).key,
			Indexes: []store.Index[Due]{{Name: "at", Values: func(d *Due) []string { return []string{sortable(d.At)} }}},
		}),
		faults: store.Add(s, store.Def[fault.Rule]{
			Name: "sandbox.Fault", Internal: true, Clone: fault.Rule.Clone,
			Key: func(r *fault.Rule) string { return r.Name },
		}),
		journal: store.AddLog(s, store.LogDef[journal.Entry]{
			Name: "sandbox.Journal", Size: (*journal.Entry).Size, Number: func(e *journal.Entry) int64 { return e.Seq },
		}),
	}
}

func (d *Due) key() string { return d.Kind + "/" + d.Subject }

// sortable renders an instant so that texts sort as times do.
func sortable(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000000Z") }

// armed reports whether there is any fault.
func (t tables) armed(tx *store.Tx) bool {
	armed := false
	t.faults.Scan(tx, func(*fault.Rule) bool {
		armed = true
		return false
	})
	return armed
}
