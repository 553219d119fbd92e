package simulator

import (
	"log/slog"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/invariant"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/preset"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/store"
	"github.com/somsim/somsim/simulator/warehouse"
)

// mill is a sandbox of the preset omnichannel whose warehouse moves.
type mill struct {
	parts
	t      testing.TB
	worlds *sandbox.Worlds
	world  *sandbox.World
}

func newMill(t testing.TB, change ...func(*warehouse.Settings)) *mill {
	t.Helper()
	schema := store.NewSchema()
	tables := sandbox.Declare(schema)
	all, err := build(schema, Org{})
	if err != nil {
		t.Fatal(err)
	}
	m := &mill{parts: all, t: t}
	m.worlds = sandbox.New(tables, sandbox.Config{
		Schema: schema, Machine: clock.Fixed(time.Date(2026, 6, 1, 13, 0, 0, 0, time.UTC)), Log: slog.New(slog.DiscardHandler),
		Redactor: journal.NewRedactor(), Presets: preset.All(all.domains), Runners: all.runners,
	})
	if m.world, err = m.worlds.Create("mill", sandbox.Options{From: "omnichannel", Seed: 1, Mode: clock.ModeManual}); err != nil {
		t.Fatal(err)
	}
	s := warehouse.Defaults()
	for _, c := range change {
		c(&s)
	}
	m.do(func(tx *sandbox.Tx) error { return m.goods.Switch(tx, s) })
	return m
}

func (m *mill) do(work func(tx *sandbox.Tx) error) {
	m.t.Helper()
	if err := m.world.Update(work); err != nil {
		m.t.Fatal(err)
	}
}

// advance moves the clock and checks that nothing contradicts an invariant then.
func (m *mill) advance(d time.Duration) {
	m.t.Helper()
	if _, err := m.world.Advance(m.t.Context(), d); err != nil {
		m.t.Fatal(err)
	}
	tx := m.world.Read()
	defer tx.Abort()
	for _, v := range invariant.Check(m.domains, tx) {
		m.t.Errorf("at %s: %s of %s: %s", tx.Now().Format(time.DateTime), v.Invariant, v.Entity, v.Detail)
	}
}

func (m *mill) report() warehouse.Report {
	tx := m.world.Read()
	defer tx.Abort()
	return m.goods.Report(tx)
}

func (m *mill) rows(object string) []*sobject.Record {
	tx := m.world.Read()
	defer tx.Abort()
	var all []*sobject.Record
	m.domains.SOM.Rows(tx).Scan(object, func(r *sobject.Record) bool {
		clone := r.Clone()
		all = append(all, &clone)
		return true
	})
	return all
}

func TestGoodsMoveDayByDay(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	for range 14 {
		m.advance(24 * time.Hour)
		r := m.report()
		counts := map[string]int{}
		for _, o := range []string{"FulfillmentOrder", "Shipment"} {
			for _, row := range m.rows(o) {
				counts[o+" "+row.Text("Status")]++
			}
		}
		t.Logf("%v backordered %v left %v %v", r.Waiting, r.Backordered, r.Left, counts)
	}
}
