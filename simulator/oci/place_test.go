package oci_test

import (
	"testing"

	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/sandbox"
)

func TestPresetsCannotMakeImpossibleStock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cases := map[string]func(tx *sandbox.Tx) error{
		"a location without id":  func(tx *sandbox.Tx) error { return w.oci.AddLocation(tx, oci.Location{}) },
		"a group of nothing":     func(tx *sandbox.Tx) error { return w.oci.AddGroup(tx, oci.Group{ID: "G"}) },
		"a group of the unknown": func(tx *sandbox.Tx) error { return w.oci.AddGroup(tx, oci.Group{ID: "G", LocationIDs: []string{"X"}}) },
		"stock at no location":   func(tx *sandbox.Tx) error { return w.oci.SetStock(tx, oci.Record{LocationID: "X", SKU: "MUG"}) },
		"negative stock": func(tx *sandbox.Tx) error {
			return w.oci.SetStock(tx, oci.Record{LocationID: "EAST", SKU: "MUG", OnHand: units(-1)})
		},
		"negative safety stock": func(tx *sandbox.Tx) error {
			return w.oci.SetStock(tx, oci.Record{LocationID: "EAST", SKU: "MUG", SafetyStock: units(-1)})
		},
		"a future of nothing": func(tx *sandbox.Tx) error {
			return w.oci.SetStock(tx, oci.Record{LocationID: "EAST", SKU: "MUG", Futures: []oci.Future{{}}})
		},
		"a reservation of nobody": func(tx *sandbox.Tx) error { _, err := w.oci.Reserve(tx, oci.Request{}); return err },
		"a reservation of no units": func(tx *sandbox.Tx) error {
			_, err := w.oci.Reserve(tx, oci.Request{Lines: []oci.Line{{Place: west(), SKU: "MUG"}}})
			return err
		},
		"a reservation that lasts too long": func(tx *sandbox.Tx) error {
			_, err := w.oci.Reserve(tx, oci.Request{Expiration: oci.MaxExpiration + 1, Lines: []oci.Line{{Place: west(), SKU: "MUG", Quantity: units(1)}}})
			return err
		},
		"a release of no units": func(tx *sandbox.Tx) error { return w.oci.Release(tx, oci.Action{Place: west(), SKU: "MUG"}) },
	}
	for name, work := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := w.Update(work); err == nil {
				t.Error("it was stored")
			}
		})
	}
}
