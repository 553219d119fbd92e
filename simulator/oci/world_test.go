package oci_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

func monday() time.Time { return time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC) }

func units(n int64) decimal.Decimal { return decimal.NewFromInt(n) }

func east() oci.Place   { return oci.LocationPlace("EAST") }
func west() oci.Place   { return oci.LocationPlace("WEST") }
func online() oci.Place { return oci.GroupPlace("ONLINE") }

// world is a sandbox with the group ONLINE of the locations EAST (5 mugs, 1 of them safety stock, 3 expected) and WEST
// (10 mugs).
type world struct {
	*sandbox.World
	oci *oci.OCI
	t   *testing.T
}

func newWorld(t *testing.T) *world {
	t.Helper()
	schema := store.NewSchema()
	tables, domain := sandbox.Declare(schema), oci.Declare(schema)
	worlds := sandbox.New(tables, sandbox.Config{
		Schema: schema, Machine: clock.Fixed(monday()), Runners: domain.Runners(),
		Presets: map[string]sandbox.Preset{"small": func(tx *sandbox.Tx) error { return small(tx, domain) }},
	})
	w, err := worlds.Create("default", sandbox.Options{From: "small", Mode: clock.ModeManual, At: monday()})
	if err != nil {
		t.Fatal(err)
	}
	return &world{World: w, oci: domain, t: t}
}

func small(tx *sandbox.Tx, d *oci.OCI) error {
	return errors.Join(
		d.AddLocation(tx, oci.Location{ID: "EAST", Name: "East"}),
		d.AddLocation(tx, oci.Location{ID: "WEST", Name: "West"}),
		d.AddGroup(tx, oci.Group{ID: "ONLINE", Name: "Online", LocationIDs: []string{"EAST", "WEST"}}),
		d.SetStock(tx, oci.Record{
			LocationID: "EAST", SKU: "MUG", OnHand: units(5), SafetyStock: units(1),
			Futures: []oci.Future{{Quantity: units(3), ExpectedDate: monday().Add(72 * time.Hour)}},
		}),
		d.SetStock(tx, oci.Record{LocationID: "WEST", SKU: "MUG", OnHand: units(10)}),
	)
}

func (w *world) do(work func(tx *sandbox.Tx) error) {
	w.t.Helper()
	if err := w.Update(work); err != nil {
		w.t.Fatal(err)
	}
}

// reserve makes the reservation of an order at a place.
func (w *world) reserve(order string, p oci.Place, n int64, more ...func(*oci.Request)) oci.Reservation {
	w.t.Helper()
	r := oci.Request{ExternalRefID: order, Lines: []oci.Line{{Place: p, SKU: "MUG", Quantity: units(n)}}}
	for _, change := range more {
		change(&r)
	}
	var got oci.Result
	w.do(func(tx *sandbox.Tx) (err error) { got, err = w.oci.Reserve(tx, r); return err })
	return got.Reservation
}

// stays runs work that has to be refused with a code, and checks that it left no row changed even without a rollback.
func (w *world) stays(want oci.Code, work func(tx *sandbox.Tx) error) {
	w.t.Helper()
	before := w.figures()
	tx := w.Write()
	defer tx.Abort()
	var got *oci.Error
	if err := work(tx); !errors.As(err, &got) || got.Code != want || got.Rule == "" {
		w.t.Errorf("want a refusal %s with its rule, got %v", want, err)
	}
	if changes := tx.Changes(); len(changes) != 0 {
		w.t.Errorf("the refusal changed %d rows: %+v", len(changes), changes)
	}
	if err := tx.Commit(); err != nil {
		w.t.Fatal(err)
	}
	if diff := cmp.Diff(before, w.figures()); diff != "" {
		w.t.Error(diff)
	}
}

// figure is on hand, reserved, ATF and ATO.
type figure [4]string

func newFigure(f oci.Figures) figure {
	return figure{f.OnHand.String(), f.Reserved.String(), f.AvailableToFulfill().String(), f.AvailableToOrder().String()}
}

func (w *world) figures() map[string]figure {
	w.t.Helper()
	tx := w.Read()
	defer tx.Abort()
	g, err := w.oci.Group(tx, "ONLINE")
	if err != nil {
		w.t.Fatal(err)
	}
	return map[string]figure{
		"EAST":   newFigure(w.oci.LocationFigures(tx, "EAST", "MUG")),
		"WEST":   newFigure(w.oci.LocationFigures(tx, "WEST", "MUG")),
		"ONLINE": newFigure(w.oci.GroupFigures(tx, g, "MUG")),
	}
}

func (w *world) want(figures map[string]figure) {
	w.t.Helper()
	if diff := cmp.Diff(figures, w.figures()); diff != "" {
		w.t.Error(diff)
	}
}

func (w *world) advance(d time.Duration) {
	w.t.Helper()
	if _, err := w.Advance(context.Background(), d); err != nil {
		w.t.Fatal(err)
	}
}

func untouched() map[string]figure {
	return map[string]figure{"EAST": {"5", "0", "4", "7"}, "WEST": {"10", "0", "10", "10"}, "ONLINE": {"15", "0", "14", "17"}}
}
