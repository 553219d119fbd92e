package oci_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/sandbox"
)

// change updates what O-1's reservation of three mugs of the group holds, and returns what its lines hold then.
func (w *world) change(u oci.Update) ([]string, oci.Code) {
	w.t.Helper()
	var result oci.Result
	var err error
	tx := w.Write()
	result, err = w.oci.UpdateReservation(tx, u)
	if commitErr := tx.Commit(); commitErr != nil {
		w.t.Fatal(commitErr)
	}
	var held []string
	for _, l := range result.Lines {
		held = append(held, l.Reserved.String())
	}
	if err == nil {
		return held, ""
	}
	refused, ok := err.(*oci.Error) //nolint:errorlint // a refusal is not wrapped
	if !ok {
		w.t.Fatal(err)
	}
	return held, refused.Code
}

func TestAnUpdateSetsWhatAReservationHolds(t *testing.T) {
	t.Parallel()
	mugs := func(p oci.Place, n int64) oci.Line { return oci.Line{Place: p, SKU: "MUG", Quantity: units(n)} }
	lamp := oci.Line{Place: west(), SKU: "LAMP", Quantity: units(1)}
	cases := []struct {
		name   string
		update oci.Update
		held   []string
		code   oci.Code
		online figure
	}{
		{"more at the place", oci.Update{Lines: []oci.Line{mugs(online(), 5)}}, []string{"5"}, "", figure{"15", "5", "9", "12"}},
		{"less at the place", oci.Update{Lines: []oci.Line{mugs(online(), 1)}}, []string{"1"}, "", figure{"15", "1", "13", "16"}},
		{"nothing at the place", oci.Update{Lines: []oci.Line{mugs(online(), 0)}}, []string{"0"}, "", untouched()["ONLINE"]},
		{"as much as before", oci.Update{Lines: []oci.Line{mugs(online(), 3)}}, []string{"3"}, "", figure{"15", "3", "11", "14"}},
		{"another place too", oci.Update{Lines: []oci.Line{mugs(west(), 2)}}, []string{"2"}, "", figure{"15", "5", "9", "12"}},
		{"more than there is", oci.Update{Lines: []oci.Line{mugs(online(), 18)}}, []string{"3"}, oci.InsufficientAvailability, figure{"15", "3", "11", "14"}},
		{"as much as there is", oci.Update{AllowPartial: true, Lines: []oci.Line{mugs(online(), 18)}}, []string{"17"}, "", figure{"15", "17", "-3", "0"}},
		{"one line of two", oci.Update{Lines: []oci.Line{lamp, mugs(online(), 4)}}, []string{"0", "4"}, "", figure{"15", "4", "10", "13"}},
		{"all lines or none", oci.Update{AllOrNothing: true, Lines: []oci.Line{mugs(online(), 4), lamp}}, []string{"3", "0"}, oci.SKUNotFound, figure{"15", "3", "11", "14"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			tc.update.ReservationID = w.reserve("O-1", online(), 3).ID
			tc.update.ActionRequestID = "00000000-0000-4000-8000-000000000001"
			for range 2 { // again changes nothing and answers alike
				held, code := w.change(tc.update)
				if diff := cmp.Diff(tc.held, held); diff != "" || code != tc.code {
					t.Errorf("code %q: %s", code, diff)
				}
				if got := w.figures()["ONLINE"]; got != tc.online {
					t.Errorf("the group shows %v, want %v", got, tc.online)
				}
			}
		})
	}
}

func TestAnUpdateNeedsAReservationThatLives(t *testing.T) {
	t.Parallel()
	line := []oci.Line{{Place: online(), SKU: "MUG", Quantity: units(1)}}
	cases := []struct {
		name   string
		before func(w *world) oci.Update
		want   oci.Code
	}{
		{"an unknown id", func(*world) oci.Update { return oci.Update{ReservationID: "00000000-0000-4000-8000-00000000000f"} }, oci.ReservationNotFound},
		{"an order without one", func(*world) oci.Update { return oci.Update{ExternalRefID: "O-9"} }, oci.ReservationNotFound},
		{"no name at all", func(*world) oci.Update { return oci.Update{} }, oci.ReservationNotFound},
		{"one that was cancelled", func(w *world) oci.Update {
			r := w.reserve("O-1", online(), 1)
			w.do(func(tx *sandbox.Tx) error { return w.oci.Cancel(tx, r.ID) })
			return oci.Update{ReservationID: r.ID}
		}, oci.ReservationNotFound},
		{"one that expired", func(w *world) oci.Update {
			r := w.reserve("O-1", online(), 1, func(r *oci.Request) { r.Expiration = time.Minute })
			w.advance(time.Hour)
			return oci.Update{ReservationID: r.ID}
		}, oci.ReservationExpired},
		{"an id that was used for something else", func(w *world) oci.Update {
			r := w.reserve("O-1", online(), 1)
			return oci.Update{ActionRequestID: r.ID, ReservationID: r.ID}
		}, oci.DuplicateActionRequest},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			u := tc.before(w)
			u.Lines = line
			w.stays(tc.want, func(tx *sandbox.Tx) error { _, err := w.oci.UpdateReservation(tx, u); return err })
		})
	}
}

func TestTheOrdersOldestLivingReservationIsUpdated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.reserve("O-1", online(), 1)
	w.do(func(tx *sandbox.Tx) error { return w.oci.Cancel(tx, first.ID) })
	second := w.reserve("O-1", online(), 2)
	held, code := w.change(oci.Update{ExternalRefID: "O-1", Lines: []oci.Line{{Place: online(), SKU: "MUG", Quantity: units(6)}}})
	if code != "" || held[0] != "6" {
		t.Fatalf("%v %s", held, code)
	}
	tx := w.Read()
	defer tx.Abort()
	if got := w.oci.Holdings(tx, second.ID); len(got) != 1 || !got[0].Quantity.Equal(units(6)) {
		t.Errorf("it holds %+v", got)
	}
}
