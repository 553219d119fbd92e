package slots_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/slots"
	"github.com/somsim/somsim/simulator/store"
)

func monday() time.Time { return time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC) }

// world is a sandbox with a depot and two slots on Tuesday: a roomy one and one with a single place.
type world struct {
	*sandbox.World
	slots *slots.Slots
	t     *testing.T
}

func newWorld(t *testing.T) *world {
	t.Helper()
	schema := store.NewSchema()
	tables, domain := sandbox.Declare(schema), slots.Declare(schema)
	worlds := sandbox.New(tables, sandbox.Config{
		Schema: schema, Machine: clock.Fixed(monday()), Runners: domain.Runners(),
		Presets: map[string]sandbox.Preset{"small": func(tx *sandbox.Tx) error { return small(tx, domain) }},
	})
	w, err := worlds.Create("default", sandbox.Options{From: "small", Mode: clock.ModeManual, At: monday()})
	if err != nil {
		t.Fatal(err)
	}
	return &world{World: w, slots: domain, t: t}
}

func small(tx *sandbox.Tx, d *slots.Slots) error {
	if err := d.AddLocation(tx, slots.Location{ID: "depot", Name: "Depot", TimeZone: "UTC"}); err != nil {
		return err
	}
	tuesday := monday().Add(24 * time.Hour)
	for id, capacity := range map[string]int{"roomy": 3, "single": 1} {
		_, err := d.AddSlot(tx, slots.Slot{
			ID: id, Type: slots.Delivery, LocationID: "depot", Start: tuesday, End: tuesday.Add(2 * time.Hour),
			CutoffAt: tuesday.Add(-2 * time.Hour), Capacity: capacity, Price: decimal.New(499, -2), Currency: "EUR",
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *world) do(work func(tx *sandbox.Tx) error) {
	w.t.Helper()
	if err := w.Update(work); err != nil {
		w.t.Fatal(err)
	}
}

// refused runs work that has to be refused with a code, and drops what it did.
func (w *world) refused(want slots.Code, work func(tx *sandbox.Tx) error) {
	w.t.Helper()
	var got *slots.Error
	if err := w.Update(work); !errors.As(err, &got) || got.Code != want || got.Rule == "" {
		w.t.Errorf("want a refusal %s with its rule, got %v", want, err)
	}
}

func (w *world) room(slotID string) slots.Room {
	w.t.Helper()
	tx := w.Read()
	defer tx.Abort()
	s, err := w.slots.Slot(tx, slotID)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.slots.Room(tx, s)
}

func (w *world) advance(d time.Duration) {
	w.t.Helper()
	if _, err := w.Advance(context.Background(), d); err != nil {
		w.t.Fatal(err)
	}
}

func TestReleaseReturnsCapacityExactlyOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var b slots.Booking
	w.do(func(tx *sandbox.Tx) (err error) { b, err = w.slots.Book(tx, "single", "O-1"); return err })
	if got := w.room("single"); got != (slots.Room{Total: 1, Booked: 1}) {
		t.Errorf("after booking: %+v", got)
	}
	for range 2 {
		w.do(func(tx *sandbox.Tx) error { return w.slots.Release(tx, b.ID) })
		if got := w.room("single"); got != (slots.Room{Total: 1}) {
			t.Errorf("after release: %+v", got)
		}
	}
	tx := w.Read()
	defer tx.Abort()
	want := []slots.Booking{{ID: b.ID, SlotID: "single", OrderNo: "O-1", Status: slots.Released, BookedAt: monday(), ReleasedAt: monday()}}
	if diff := cmp.Diff(want, w.slots.Bookings(tx, "O-1")); diff != "" {
		t.Error(diff)
	}
}

func TestBookRefusals(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, slot string
		late       time.Duration
		taken      bool
		want       slots.Code
	}{
		{"a slot that does not exist", "nowhere", 0, false, slots.SlotNotFound},
		{"a slot without room", "single", 0, true, slots.SlotFull},
		{"a slot past its cut-off", "roomy", 22*time.Hour + time.Millisecond, false, slots.SlotClosed},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if tc.taken {
				w.do(func(tx *sandbox.Tx) error { _, err := w.slots.Book(tx, tc.slot, "O-1"); return err })
			}
			w.advance(tc.late)
			w.refused(tc.want, func(tx *sandbox.Tx) error { _, err := w.slots.Book(tx, tc.slot, "O-2"); return err })
			w.refused(tc.want, func(tx *sandbox.Tx) error { _, err := w.slots.Hold(tx, tc.slot, "basket", 0); return err })
		})
	}
}

func TestBookAtTheCutoffInstantStillCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.advance(22 * time.Hour)
	w.do(func(tx *sandbox.Tx) error { _, err := w.slots.Book(tx, "roomy", "O-1"); return err })
	if got := w.room("roomy").Booked; got != 1 {
		t.Errorf("booked %d", got)
	}
}

func TestBookTwiceForOneOrderTakesOnePlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var first, second slots.Booking
	w.do(func(tx *sandbox.Tx) (err error) { first, err = w.slots.Book(tx, "roomy", "O-1"); return err })
	w.do(func(tx *sandbox.Tx) (err error) { second, err = w.slots.Book(tx, "roomy", "O-1"); return err })
	if first != second || w.room("roomy").Booked != 1 {
		t.Errorf("first %+v, second %+v, room %+v", first, second, w.room("roomy"))
	}
}

func TestHoldBecomesOneBooking(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var h slots.Hold
	var b, again slots.Booking
	w.do(func(tx *sandbox.Tx) (err error) { h, err = w.slots.Hold(tx, "single", "basket", 0); return err })
	if got := w.room("single"); got != (slots.Room{Total: 1, Held: 1}) {
		t.Errorf("held: %+v", got)
	}
	w.advance(slots.HoldLife) // its last instant
	w.do(func(tx *sandbox.Tx) (err error) { b, err = w.slots.Confirm(tx, h.ID, "O-1"); return err })
	w.do(func(tx *sandbox.Tx) (err error) { again, err = w.slots.Confirm(tx, h.ID, "O-1"); return err })
	if b != again || w.room("single") != (slots.Room{Total: 1, Booked: 1}) {
		t.Errorf("booking %+v, again %+v, room %+v", b, again, w.room("single"))
	}
	w.refused(slots.HoldAlreadyUsed, func(tx *sandbox.Tx) error { _, err := w.slots.Confirm(tx, h.ID, "O-2"); return err })
	w.advance(time.Hour)
	if got := w.room("single"); got != (slots.Room{Total: 1, Booked: 1}) {
		t.Errorf("a confirmed hold lapsed: %+v", got)
	}
}

func TestHoldLapses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var h slots.Hold
	w.do(func(tx *sandbox.Tx) (err error) {
		h, err = w.slots.Hold(tx, "single", "basket", time.Minute)
		return err
	})
	w.advance(time.Minute + time.Millisecond)
	if got := w.room("single"); got != (slots.Room{Total: 1}) {
		t.Errorf("room %+v", got)
	}
	w.refused(slots.HoldExpired, func(tx *sandbox.Tx) error { _, err := w.slots.Confirm(tx, h.ID, "O-1"); return err })
	w.refused(slots.HoldNotFound, func(tx *sandbox.Tx) error { return w.slots.ReleaseHold(tx, "hold-0") })
}

func TestHoldOfTheSameHolderIsRenewed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var first, second slots.Hold
	w.do(func(tx *sandbox.Tx) (err error) {
		first, err = w.slots.Hold(tx, "single", "basket", time.Minute)
		return err
	})
	w.advance(30 * time.Second)
	w.do(func(tx *sandbox.Tx) (err error) {
		second, err = w.slots.Hold(tx, "single", "basket", time.Minute)
		return err
	})
	w.advance(time.Minute)
	if first.ID != second.ID || w.room("single").Held != 1 {
		t.Errorf("first %+v, second %+v, room %+v", first, second, w.room("single"))
	}
	for range 2 {
		w.do(func(tx *sandbox.Tx) error { return w.slots.ReleaseHold(tx, first.ID) })
	}
	if got := w.room("single"); got != (slots.Room{Total: 1}) {
		t.Errorf("room %+v", got)
	}
}

func TestFindSelectsByStartTypeAndPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tuesday := monday().Add(24 * time.Hour)
	w.do(func(tx *sandbox.Tx) error {
		_, err := w.slots.AddSlot(tx, slots.Slot{
			ID: "pickup", Type: slots.Pickup, LocationID: "depot", Start: tuesday.Add(time.Hour), End: tuesday.Add(2 * time.Hour), Capacity: 1,
		})
		return err
	})
	cases := []struct {
		name   string
		filter slots.Filter
		want   []string
	}{
		{"everything by start", slots.Filter{}, []string{"roomy", "single", "pickup"}},
		{"by type", slots.Filter{Type: slots.Pickup}, []string{"pickup"}},
		{"by place", slots.Filter{LocationID: "elsewhere"}, nil},
		{"from is included", slots.Filter{From: tuesday.Add(time.Hour)}, []string{"pickup"}},
		{"to is excluded", slots.Filter{To: tuesday.Add(time.Hour)}, []string{"roomy", "single"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tx := w.Read()
			defer tx.Abort()
			var got []string
			for _, s := range w.slots.Find(tx, tc.filter) {
				got = append(got, s.ID)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAliasesAreTheBookingsOfAnOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var b slots.Booking
	w.do(func(tx *sandbox.Tx) (err error) { b, err = w.slots.Book(tx, "roomy", "O-1"); return err })
	tx := w.Read()
	defer tx.Abort()
	if diff := cmp.Diff([]string{b.ID}, w.slots.Aliases(tx, "O-1")); diff != "" {
		t.Error(diff)
	}
}

func TestPresetsCannotMakeImpossibleSlots(t *testing.T) {
	t.Parallel()
	good := slots.Slot{Type: slots.Pickup, LocationID: "depot", Start: monday(), End: monday().Add(time.Hour), Capacity: 1}
	cases := map[string]func(*slots.Slot){
		"no place":          func(s *slots.Slot) { s.LocationID = "elsewhere" },
		"no type":           func(s *slots.Slot) { s.Type = "" },
		"ends at its start": func(s *slots.Slot) { s.End = s.Start },
		"closes too late":   func(s *slots.Slot) { s.CutoffAt = s.Start.Add(time.Second) },
		"negative capacity": func(s *slots.Slot) { s.Capacity = -1 },
	}
	for name, spoil := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			bad := good
			spoil(&bad)
			if err := w.Update(func(tx *sandbox.Tx) error { _, err := w.slots.AddSlot(tx, bad); return err }); err == nil {
				t.Error("it was stored")
			}
		})
	}
}
