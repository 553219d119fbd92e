package oci_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/sandbox"
)

func counted(n int64) *decimal.Decimal {
	d := units(n)
	return &d
}

// huge is a one with that many zeroes, or that many decimals.
func huge(exponent int32) *decimal.Decimal {
	d := decimal.New(1, exponent)
	return &d
}

func TestACountChangesOnlyWhatItTells(t *testing.T) {
	t.Parallel()
	later := []oci.Future{{Quantity: units(2), ExpectedDate: monday().Add(time.Hour)}}
	cases := []struct {
		name  string
		count oci.Count
		east  figure
	}{
		{"what is on hand", oci.Count{OnHand: counted(8)}, figure{"8", "0", "7", "10"}},
		{"the safety stock", oci.Count{SafetyStock: counted(3)}, figure{"5", "0", "2", "5"}},
		{"what is expected", oci.Count{Futures: later}, figure{"5", "0", "4", "6"}},
		{"that nothing is expected", oci.Count{Futures: []oci.Future{}}, figure{"5", "0", "4", "4"}},
		{"nothing", oci.Count{}, figure{"5", "0", "4", "7"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			tc.count.LocationID, tc.count.SKU = "EAST", "MUG"
			w.do(func(tx *sandbox.Tx) error { return w.oci.UpdateRecord(tx, tc.count) })
			if got := w.figures()["EAST"]; got != tc.east {
				t.Errorf("the location shows %v, want %v", got, tc.east)
			}
		})
	}
}

func TestACountMakesARecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(func(tx *sandbox.Tx) error {
		return w.oci.UpdateRecord(tx, oci.Count{LocationID: "WEST", SKU: "LAMP", OnHand: counted(2)})
	})
	tx := w.Read()
	defer tx.Abort()
	if got := w.oci.LocationFigures(tx, "WEST", "LAMP"); !got.Exists || !got.OnHand.Equal(units(2)) || !got.EffectiveDate.Equal(monday()) {
		t.Errorf("got %+v", got)
	}
}

func TestACountThatCannotBeChangesNothing(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		want  oci.Code
		count oci.Count
	}{
		{"at no location", oci.LocationNotFound, oci.Count{LocationID: "X", SKU: "MUG"}},
		{"of nothing", oci.InvalidRecord, oci.Count{LocationID: "EAST"}},
		{"more than anybody can count", oci.InvalidRecord, oci.Count{LocationID: "EAST", SKU: "MUG", OnHand: huge(999_999_999)}},
		{"less than anybody can see", oci.InvalidRecord, oci.Count{LocationID: "EAST", SKU: "MUG", SafetyStock: huge(-999_999_999)}},
		{"a hundred million expected", oci.InvalidRecord, oci.Count{LocationID: "EAST", SKU: "MUG", Futures: []oci.Future{{Quantity: *huge(8), ExpectedDate: monday().Add(1)}}}},
		{"less than nothing on hand", oci.InvalidRecord, oci.Count{LocationID: "EAST", SKU: "MUG", OnHand: counted(-1)}},
		{"a safety stock below nothing", oci.InvalidRecord, oci.Count{LocationID: "EAST", SKU: "MUG", SafetyStock: counted(-1)}},
		{"none expected", oci.InvalidRecord, oci.Count{LocationID: "EAST", SKU: "MUG", Futures: []oci.Future{{ExpectedDate: monday().Add(1)}}}},
		{"expected by now", oci.InvalidRecord, oci.Count{LocationID: "EAST", SKU: "MUG", Futures: []oci.Future{{Quantity: units(1), ExpectedDate: monday()}}}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.stays(tc.want, func(tx *sandbox.Tx) error { return w.oci.UpdateRecord(tx, tc.count) })
		})
	}
}

func TestACountIsTakenOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := oci.Count{ActionRequestID: "count-1", LocationID: "WEST", SKU: "MUG", OnHand: counted(7)}
	take := func(tx *sandbox.Tx) error { return w.oci.UpdateRecord(tx, c) }
	w.do(take)
	w.reserve("O-1", west(), 3)
	w.do(func(tx *sandbox.Tx) error {
		return w.oci.Fulfil(tx, oci.Action{Place: west(), SKU: "MUG", Quantity: units(3), At: monday().Add(time.Second)})
	})
	w.do(take)
	if got := w.figures()["WEST"]; got != (figure{"4", "0", "4", "4"}) {
		t.Errorf("the location shows %v", got)
	}
	c.OnHand = counted(8)
	w.stays(oci.DuplicateActionRequest, take)
}

func TestAnExcludedGroupDoesNotPromiseWhatTheLocationHas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(func(tx *sandbox.Tx) error {
		return w.oci.UpdateRecord(tx, oci.Count{LocationID: "WEST", SKU: "MUG", ExcludedGroups: []string{"ONLINE"}})
	})
	want := map[string]figure{"EAST": {"5", "0", "4", "7"}, "WEST": {"10", "0", "10", "10"}, "ONLINE": {"5", "0", "4", "7"}}
	if diff := cmp.Diff(want, w.figures()); diff != "" {
		t.Error(diff)
	}
	w.reserve("O-1", online(), 7)
	w.stays(oci.InsufficientAvailability, func(tx *sandbox.Tx) error {
		_, err := w.oci.Reserve(tx, oci.Request{Lines: []oci.Line{{Place: online(), SKU: "MUG", Quantity: units(1)}}})
		return err
	})
	w.reserve("O-2", west(), 10) // what the group has promised is not to be kept here
	w.do(func(tx *sandbox.Tx) error {
		return w.oci.UpdateRecord(tx, oci.Count{LocationID: "EAST", SKU: "MUG", ExcludedGroups: []string{"ONLINE"}})
	})
	w.stays(oci.SKUNotFound, func(tx *sandbox.Tx) error {
		_, err := w.oci.Reserve(tx, oci.Request{Lines: []oci.Line{{Place: online(), SKU: "MUG", Quantity: units(1)}}})
		return err
	})
}
