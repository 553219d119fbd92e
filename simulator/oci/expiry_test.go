package oci_test

import (
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/sandbox"
)

func TestAReservationExpires(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.reserve("O-1", online(), 2, func(r *oci.Request) { r.Expiration = time.Hour })
	w.do(func(tx *sandbox.Tx) error {
		return w.oci.Transfer(tx, oci.Action{ReservationID: r.ID, Place: online(), To: east(), SKU: "MUG", Quantity: units(1)})
	})
	w.advance(time.Hour) // its last instant
	if got := w.figures()["ONLINE"]; got != (figure{"15", "2", "12", "15"}) {
		t.Errorf("at its last instant: %v", got)
	}
	w.advance(time.Millisecond)
	w.want(untouched())
	for _, a := range []oci.Action{{ReservationID: r.ID}, {ExternalRefID: "O-1"}} {
		a.Place, a.SKU, a.Quantity = online(), "MUG", units(1)
		w.stays(oci.ReservationExpired, func(tx *sandbox.Tx) error { return w.oci.Release(tx, a) })
	}
}

func TestWhatWasFulfilledDoesNotExpire(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.reserve("O-1", west(), 2, func(r *oci.Request) { r.Expiration = time.Hour })
	w.do(func(tx *sandbox.Tx) error {
		return w.oci.Fulfil(tx, oci.Action{ReservationID: r.ID, Place: west(), SKU: "MUG", Quantity: units(2), At: monday().Add(time.Second)})
	})
	w.advance(2 * time.Hour)
	tx := w.Read()
	defer tx.Abort()
	got, err := w.oci.Reservation(tx, r.ID)
	if err != nil || w.oci.Status(tx, got) != oci.Closed {
		t.Errorf("%+v, %v", got, err)
	}
}
