package oci_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/sandbox"
)

func TestAGroupReservationIsRoutedAndShipped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.want(untouched())
	r := w.reserve("O-1", online(), 2)
	w.want(map[string]figure{"EAST": {"5", "0", "4", "7"}, "WEST": {"10", "0", "10", "10"}, "ONLINE": {"15", "2", "12", "15"}})
	mugs := oci.Action{ReservationID: r.ID, Place: online(), To: west(), SKU: "MUG", Quantity: units(2)}
	w.do(func(tx *sandbox.Tx) error { return w.oci.Transfer(tx, mugs) })
	w.want(map[string]figure{"EAST": {"5", "0", "4", "7"}, "WEST": {"10", "2", "8", "8"}, "ONLINE": {"15", "2", "12", "15"}})
	w.advance(time.Minute)
	w.do(func(tx *sandbox.Tx) error {
		return w.oci.Fulfil(tx, oci.Action{ReservationID: r.ID, Place: west(), SKU: "MUG", Quantity: units(2)})
	})
	w.want(map[string]figure{"EAST": {"5", "0", "4", "7"}, "WEST": {"8", "0", "8", "8"}, "ONLINE": {"13", "0", "12", "15"}})
	tx := w.Read()
	defer tx.Abort()
	if got := w.oci.Status(tx, r); got != oci.Closed {
		t.Errorf("status %s", got)
	}
}

func TestARepeatedActionHasItsEffectOnce(t *testing.T) {
	t.Parallel()
	const reserveID, moveID, releaseID, fulfilID = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002",
		"00000000-0000-4000-8000-000000000003", "00000000-0000-4000-8000-000000000004"
	w := newWorld(t)
	request := oci.Request{ActionRequestID: reserveID, ExternalRefID: "O-1", Lines: []oci.Line{{Place: online(), SKU: "MUG", Quantity: units(4)}}}
	move := oci.Action{ActionRequestID: moveID, Place: online(), To: west(), SKU: "MUG", Quantity: units(3)}
	release := oci.Action{ActionRequestID: releaseID, Place: west(), SKU: "MUG", Quantity: units(1)}
	fulfil := oci.Action{ActionRequestID: fulfilID, Place: west(), SKU: "MUG", Quantity: units(1), At: monday().Add(time.Hour)}
	for range 2 {
		w.do(func(tx *sandbox.Tx) error {
			_, err := w.oci.Reserve(tx, request)
			return errors.Join(err, w.oci.Transfer(tx, move), w.oci.Release(tx, release), w.oci.Fulfil(tx, fulfil))
		})
		w.want(map[string]figure{"EAST": {"5", "0", "4", "7"}, "WEST": {"9", "1", "8", "8"}, "ONLINE": {"14", "2", "11", "14"}})
	}
	request.Lines[0].Quantity, move.Quantity, release.Quantity = units(1), units(1), units(2)
	fulfil.ActionRequestID = releaseID
	for name, work := range map[string]func(tx *sandbox.Tx) error{
		"reserve":   func(tx *sandbox.Tx) error { _, err := w.oci.Reserve(tx, request); return err },
		"transfer":  func(tx *sandbox.Tx) error { return w.oci.Transfer(tx, move) },
		"release":   func(tx *sandbox.Tx) error { return w.oci.Release(tx, release) },
		"operation": func(tx *sandbox.Tx) error { return w.oci.Fulfil(tx, fulfil) },
	} {
		t.Run("another "+name+" with the same id is refused", func(*testing.T) { w.stays(oci.DuplicateActionRequest, work) })
	}
}

func TestARefusedRecordCanBeSentAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	release := oci.Action{ActionRequestID: "00000000-0000-4000-8000-000000000001", ExternalRefID: "O-1", Place: online(), SKU: "MUG", Quantity: units(1)}
	w.stays(oci.ReservationNotFound, func(tx *sandbox.Tx) error { return w.oci.Release(tx, release) })
	w.reserve("O-1", online(), 1)
	w.do(func(tx *sandbox.Tx) error { return w.oci.Release(tx, release) })
	w.want(untouched())
}

func TestACountedFulfilmentIsNotTakenOffAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.reserve("O-1", west(), 1)
	w.do(func(tx *sandbox.Tx) error {
		return w.oci.Fulfil(tx, oci.Action{Place: west(), SKU: "MUG", Quantity: units(1), At: monday()})
	})
	if got := w.figures()["WEST"]; got != (figure{"10", "0", "10", "10"}) {
		t.Errorf("figures %v", got)
	}
}

func TestTransferAllMakesAllOrNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.reserve("O-1", online(), 5)
	move := func(n int64) oci.Action {
		return oci.Action{Place: online(), To: west(), SKU: "MUG", Quantity: units(n)}
	}
	tx := w.Write()
	errs := w.oci.TransferAll(tx, []oci.Action{move(2), move(4)})
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	var codes []oci.Code
	for _, err := range errs {
		var refused *oci.Error
		if errors.As(err, &refused) {
			codes = append(codes, refused.Code)
		}
	}
	if diff := cmp.Diff([]oci.Code{oci.TransferCancelled, oci.QuantityExceedsReserved}, codes); diff != "" {
		t.Error(diff)
	}
	if got := w.figures()["WEST"]; got != (figure{"10", "0", "10", "10"}) {
		t.Errorf("figures %v", got)
	}
	w.do(func(tx *sandbox.Tx) error {
		return errors.Join(w.oci.TransferAll(tx, []oci.Action{move(2), move(3)})...)
	})
	if got := w.figures()["WEST"]; got != (figure{"10", "5", "5", "5"}) {
		t.Errorf("figures %v", got)
	}
}

func TestATransferMayIgnoreAvailability(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.reserve("O-1", online(), 9)
	w.do(func(tx *sandbox.Tx) error {
		return w.oci.Transfer(tx, oci.Action{Place: online(), To: east(), SKU: "MUG", Quantity: units(9), IgnoreAvailability: true})
	})
	if got := w.figures()["EAST"]; got != (figure{"5", "9", "-5", "-2"}) {
		t.Errorf("figures %v", got)
	}
}

func TestWithoutANameTheOldestGivesUpFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	young := w.reserve("O-2", west(), 2)
	old := w.reserve("O-1", west(), 2, func(r *oci.Request) { r.At = monday().Add(-time.Hour) })
	w.do(func(tx *sandbox.Tx) error {
		return w.oci.Release(tx, oci.Action{Place: west(), SKU: "MUG", Quantity: units(3)})
	})
	tx := w.Read()
	defer tx.Abort()
	if held := w.oci.Holdings(tx, young.ID); len(held) != 1 || !held[0].Quantity.Equal(units(1)) || len(w.oci.Holdings(tx, old.ID)) != 0 {
		t.Errorf("young %+v", held)
	}
}
