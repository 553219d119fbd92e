package oci_test

import (
	"errors"
	"testing"

	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/sandbox"
)

func TestRefusalsChangeNothing(t *testing.T) {
	t.Parallel()
	const id = "00000000-0000-4000-8000-000000000001"
	line := func(p oci.Place, sku string, n int64) oci.Request {
		return oci.Request{ActionRequestID: id, ExternalRefID: "O-2", Lines: []oci.Line{{Place: p, SKU: sku, Quantity: units(n)}}}
	}
	act := func(p oci.Place, n int64) oci.Action {
		return oci.Action{ActionRequestID: id, ExternalRefID: "O-1", Place: p, To: west(), SKU: "MUG", Quantity: units(n)}
	}
	with := func(a oci.Action, change func(*oci.Action)) oci.Action {
		change(&a)
		return a
	}
	nowhere := oci.LocationPlace("NOWHERE")
	reserve := func(r oci.Request) func(*oci.OCI, *sandbox.Tx) error {
		return func(d *oci.OCI, tx *sandbox.Tx) error { _, err := d.Reserve(tx, r); return err }
	}
	release := func(a oci.Action) func(*oci.OCI, *sandbox.Tx) error {
		return func(d *oci.OCI, tx *sandbox.Tx) error { return d.Release(tx, a) }
	}
	fulfil := func(a oci.Action) func(*oci.OCI, *sandbox.Tx) error {
		return func(d *oci.OCI, tx *sandbox.Tx) error { return d.Fulfil(tx, a) }
	}
	transfer := func(a oci.Action) func(*oci.OCI, *sandbox.Tx) error {
		return func(d *oci.OCI, tx *sandbox.Tx) error { return d.Transfer(tx, a) }
	}
	two := line(west(), "MUG", 1)
	two.Lines = append(two.Lines, oci.Line{Place: east(), SKU: "MUG", Quantity: units(8)})
	cases := []struct {
		name string
		want oci.Code
		work func(*oci.OCI, *sandbox.Tx) error
	}{
		{"reserving more than a location has", oci.InsufficientAvailability, reserve(line(west(), "MUG", 11))},
		{"reserving more than a group has left", oci.InsufficientAvailability, reserve(line(online(), "MUG", 15))},
		{"one of two lines falls short", oci.InsufficientAvailability, reserve(two)},
		{"reserving at a place that does not exist", oci.LocationNotFound, reserve(line(nowhere, "MUG", 1))},
		{"reserving at a group that does not exist", oci.LocationNotFound, reserve(line(oci.GroupPlace("NONE"), "MUG", 1))},
		{"reserving what a place never had", oci.SKUNotFound, reserve(line(east(), "LAMP", 1))},
		{"reserving what a group never had", oci.SKUNotFound, reserve(line(online(), "LAMP", 1))},
		{"releasing more than is reserved", oci.QuantityExceedsReserved, release(act(online(), 4))},
		{"releasing where it is not", oci.ReservationNotFound, release(act(east(), 1))},
		{"releasing for an order without reservation", oci.ReservationNotFound, release(with(act(online(), 1), func(a *oci.Action) { a.ExternalRefID = "O-9" }))},
		{"releasing an unknown reservation", oci.ReservationNotFound, release(with(act(online(), 1), func(a *oci.Action) { a.ReservationID = id }))},
		{"releasing at a place that does not exist", oci.LocationNotFound, release(act(nowhere, 1))},
		{"releasing what a place never had", oci.SKUNotFound, release(with(act(online(), 1), func(a *oci.Action) { a.SKU = "LAMP" }))},
		{"shipping from a group", oci.LocationNotFound, fulfil(act(online(), 1))},
		{"shipping from where nothing is reserved", oci.ReservationNotFound, fulfil(act(west(), 1))},
		{"moving to a place that does not exist", oci.LocationNotFound, transfer(with(act(online(), 1), func(a *oci.Action) { a.To = nowhere }))},
		{"moving more than is reserved", oci.QuantityExceedsReserved, transfer(act(online(), 4))},
		{"moving to where there is not enough", oci.InsufficientAvailability, transfer(with(act(online(), 3), func(a *oci.Action) { a.To = oci.LocationPlace("FULL") }))},
		{"cancelling an unknown reservation", oci.ReservationNotFound, func(d *oci.OCI, tx *sandbox.Tx) error { return d.Cancel(tx, id) }},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.do(func(tx *sandbox.Tx) error {
				return errors.Join(
					w.oci.AddLocation(tx, oci.Location{ID: "FULL"}),
					w.oci.SetStock(tx, oci.Record{LocationID: "FULL", SKU: "MUG", OnHand: units(2)}),
				)
			})
			w.reserve("O-1", online(), 3)
			w.stays(tc.want, func(tx *sandbox.Tx) error { return tc.work(w.oci, tx) })
		})
	}
}
