package oci_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/sandbox"
)

// What a place shows as reserved is the sum of what reservations hold there, whatever was done to them.
func TestReservedIsTheSumOfTheHoldings(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(t)
		places := []oci.Place{east(), west(), online()}
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			a := oci.Action{
				ExternalRefID: rapid.SampledFrom([]string{"", "o1", "o2", "o3"}).Draw(r, "order"), SKU: "MUG",
				Place: rapid.SampledFrom(places).Draw(r, "at"), To: rapid.SampledFrom(places).Draw(r, "to"),
				Quantity: units(rapid.Int64Range(1, 4).Draw(r, "units")),
			}
			w.try(rapid.IntRange(0, 6).Draw(r, "what"), a)
			w.sumsMatch()
		}
	})
}

// try does one thing to the stock; what is refused changes nothing.
func (w *world) try(what int, a oci.Action) {
	w.t.Helper()
	_ = w.Update(func(tx *sandbox.Tx) error {
		switch what {
		case 0:
			return w.oci.Transfer(tx, a)
		case 1:
			return w.oci.Release(tx, a)
		case 2:
			return w.oci.Fulfil(tx, a)
		case 3:
			for _, found := range w.oci.Reservations(tx, a.ExternalRefID) {
				return w.oci.Cancel(tx, found.ID)
			}
		case 6:
			_, err := w.oci.UpdateReservation(tx, oci.Update{
				ExternalRefID: a.ExternalRefID, AllowPartial: a.To == a.Place, Lines: []oci.Line{{Place: a.Place, SKU: a.SKU, Quantity: a.Quantity}},
			})
			return err
		}
		_, err := w.oci.Reserve(tx, oci.Request{
			ExternalRefID: a.ExternalRefID, AllowPartial: what == 4, Expiration: time.Duration(what) * time.Hour,
			Lines: []oci.Line{{Place: a.Place, SKU: a.SKU, Quantity: a.Quantity}},
		})
		return err
	})
	if what == 5 {
		w.advance(time.Hour)
	}
}

func (w *world) sumsMatch() {
	w.t.Helper()
	tx := w.Read()
	defer tx.Abort()
	held, all := map[oci.Place]decimal.Decimal{}, decimal.Zero
	for _, r := range w.oci.Active(tx) {
		for _, h := range w.oci.Holdings(tx, r.ID) {
			held[h.Place], all = held[h.Place].Add(h.Quantity), all.Add(h.Quantity)
		}
	}
	for _, p := range []oci.Place{east(), west()} {
		if got := w.oci.LocationFigures(tx, p.ID, "MUG").Reserved; !got.Equal(held[p]) {
			w.t.Fatalf("%s shows %s reserved, its holdings are %s", p, got, held[p])
		}
	}
	g, err := w.oci.Group(tx, "ONLINE")
	if err != nil {
		w.t.Fatal(err)
	}
	if got := w.oci.GroupFigures(tx, g, "MUG").Reserved; !got.Equal(all) {
		w.t.Fatalf("the group shows %s reserved, the holdings are %s", got, all)
	}
}
