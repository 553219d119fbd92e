package oci_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/sandbox"
)

func TestTheHolderOfAnOrderIsFoundByItsNumber(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.reserve("O-1", online(), 3)
	w.do(func(tx *sandbox.Tx) error {
		return w.oci.Transfer(tx, oci.Action{ExternalRefID: "O-1", Place: online(), To: east(), SKU: "MUG", Quantity: units(1)})
	})
	tx := w.Read()
	defer tx.Abort()
	found := w.oci.Reservations(tx, "O-1")
	if len(found) != 1 || found[0].ID != r.ID || w.oci.Status(tx, found[0]) != oci.Active {
		t.Fatalf("found %+v", found)
	}
	want := []oci.Holding{
		{ReservationID: r.ID, Place: online(), SKU: "MUG", Quantity: units(2), ReservedAt: monday()},
		{ReservationID: r.ID, Place: east(), SKU: "MUG", Quantity: units(1), ReservedAt: monday()},
	}
	if diff := cmp.Diff(want, w.oci.Holdings(tx, r.ID)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{r.ID}, w.oci.Aliases(tx, "O-1")); diff != "" {
		t.Error(diff)
	}
}

func TestALocationKeepsWhatItsGroupsHavePromised(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.reserve("O-1", online(), 16)
	w.stays(oci.InsufficientAvailability, func(tx *sandbox.Tx) error {
		_, err := w.oci.Reserve(tx, oci.Request{Lines: []oci.Line{{Place: west(), SKU: "MUG", Quantity: units(2)}}})
		return err
	})
	w.reserve("O-2", west(), 1)
}

func TestGroupsThatShareALocationFeelEachOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(func(tx *sandbox.Tx) error {
		return errors.Join(
			w.oci.AddLocation(tx, oci.Location{ID: "NORTH"}),
			w.oci.AddGroup(tx, oci.Group{ID: "EXPRESS", LocationIDs: []string{"WEST", "NORTH"}}),
			w.oci.SetStock(tx, oci.Record{LocationID: "NORTH", SKU: "MUG", OnHand: units(15)}),
		)
	})
	// 15 of the 17 are promised at NORTH, which is nobody else's; 2 fall to WEST and are missing in ONLINE.
	w.reserve("O-1", oci.GroupPlace("EXPRESS"), 17)
	w.want(map[string]figure{"EAST": {"5", "0", "4", "7"}, "WEST": {"10", "0", "10", "10"}, "ONLINE": {"15", "2", "12", "15"}})
}

func TestPartialReservationsTakeWhatThereIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := oci.Request{
		ActionRequestID: "00000000-0000-4000-8000-000000000001", AllowPartial: true,
		Lines: []oci.Line{{Place: east(), SKU: "MUG", Quantity: units(9)}, {Place: east(), SKU: "LAMP", Quantity: units(1)}},
	}
	for range 2 {
		var got oci.Result
		w.do(func(tx *sandbox.Tx) (err error) { got, err = w.oci.Reserve(tx, request); return err })
		if len(got.Lines) != 2 || !got.Lines[0].Reserved.Equal(units(7)) || got.Lines[0].Refused.Code != oci.InsufficientAvailability ||
			!got.Lines[1].Reserved.IsZero() || got.Lines[1].Refused.Code != oci.SKUNotFound || got.Reservation.ID != request.ActionRequestID {
			t.Errorf("got %+v", got)
		}
		if got := w.figures()["EAST"]; got != (figure{"5", "7", "-3", "0"}) {
			t.Errorf("figures %v", got)
		}
	}
	request.ActionRequestID = ""
	w.stays(oci.InsufficientAvailability, func(tx *sandbox.Tx) error { _, err := w.oci.Reserve(tx, request); return err })
}

func TestCancelFreesWhatIsHeldWhereverItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.reserve("O-1", online(), 3)
	w.do(func(tx *sandbox.Tx) error {
		return w.oci.Transfer(tx, oci.Action{ReservationID: r.ID, Place: online(), To: west(), SKU: "MUG", Quantity: units(2)})
	})
	for range 2 {
		w.do(func(tx *sandbox.Tx) error { return w.oci.Cancel(tx, r.ID) })
		w.want(untouched())
	}
	w.stays(oci.QuantityExceedsReserved, func(tx *sandbox.Tx) error {
		return w.oci.Release(tx, oci.Action{ReservationID: r.ID, Place: west(), SKU: "MUG", Quantity: units(2)})
	})
}
