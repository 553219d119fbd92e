package slots_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/slots"
)

// heavy adds a slot with room for three orders that weigh ten kilograms together.
func (w *world) heavy() {
	w.t.Helper()
	w.do(func(tx *sandbox.Tx) error {
		start := monday().Add(30 * time.Hour)
		_, err := w.slots.AddSlot(tx, slots.Slot{
			ID: "heavy", Type: slots.Delivery, LocationID: "depot", Start: start, End: start.Add(time.Hour), Capacity: 3, WeightCapacity: 10_000,
		})
		return err
	})
}

// book holds and confirms a place for an order.
func (w *world) book(slotID, orderNo string, weight int64) (b slots.Booking) {
	w.t.Helper()
	w.do(func(tx *sandbox.Tx) error {
		h, err := w.slots.HoldFor(tx, slotID, orderNo, weight, 0)
		if err != nil {
			return err
		}
		b, err = w.slots.Confirm(tx, h.ID, orderNo)
		return err
	})
	return b
}

// places is a model of the service that knows of nothing but who is where.
type places struct {
	holds, bookings map[string]string // id to slot
}

func (p places) taken(slotID string) (held, booked int) {
	for _, at := range p.holds {
		if at == slotID {
			held++
		}
	}
	for _, at := range p.bookings {
		if at == slotID {
			booked++
		}
	}
	return held, booked
}

// Whatever is done in whatever order, held, booked and free places add up to the capacity, as the model counts them.
func TestWhateverIsDoneCapacityIsConserved(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		w.heavy()
		model := places{map[string]string{}, map[string]string{}}
		names := []string{"roomy", "single", "heavy"}
		for n := range rapid.IntRange(1, 25).Draw(rt, "steps") {
			deed := rapid.SampledFrom([]string{"hold", "confirm", "release hold", "release", "move", "succeed", "wait"}).Draw(rt, "deed")
			slotID := rapid.SampledFrom(names).Draw(rt, "slot")
			holdID, bookingID := pick(rt, "hold", model.holds), pick(rt, "booking", model.bookings)
			err := w.Update(func(tx *sandbox.Tx) error {
				switch deed {
				case "hold":
					h, err := w.slots.HoldFor(tx, slotID, fmt.Sprint("holder-", n), rapid.Int64Range(0, 6000).Draw(rt, "grams"), 0)
					if err == nil {
						model.holds[h.ID] = slotID
					}
					return err
				case "confirm":
					b, err := w.slots.Confirm(tx, holdID, fmt.Sprint("O-", n))
					if err == nil {
						model.bookings[b.ID] = model.holds[holdID]
						delete(model.holds, holdID)
					}
					return err
				case "release hold":
					delete(model.holds, holdID)
					return w.slots.ReleaseHold(tx, holdID)
				case "release":
					delete(model.bookings, bookingID)
					return w.slots.Release(tx, bookingID)
				case "move":
					_, err := w.slots.Move(tx, bookingID, slotID)
					if err == nil {
						model.bookings[bookingID] = slotID
					}
					return err
				case "succeed":
					h, err := w.slots.Succeed(tx, bookingID, "successor", 0)
					if err == nil && n%2 == 0 {
						_, err = w.slots.Confirm(tx, h.ID, fmt.Sprint("O-", n))
					}
					return err
				}
				return nil
			})
			var refused *slots.Error
			if err != nil && !errors.As(err, &refused) {
				rt.Fatal(err)
			}
			if deed == "wait" {
				w.advance(11 * time.Minute)
				clear(model.holds)
			}
			for _, id := range names {
				room := w.room(id)
				held, booked := model.taken(id)
				if room.Held != held || room.Booked != booked || room.Held+room.Booked+room.Available() != room.Total {
					rt.Fatalf("after %s: %s has %+v, the model %d held, %d booked", deed, id, room, held, booked)
				}
				if weight := room.Weight; weight.Total > 0 && weight.Held+weight.Booked > weight.Total {
					rt.Fatalf("after %s: %s weighs %+v", deed, id, weight)
				}
			}
		}
	})
}

func pick(rt *rapid.T, label string, from map[string]string) string {
	ids := []string{"none"}
	for n := range 60 {
		for _, id := range []string{fmt.Sprintf("hold-%06d", n), fmt.Sprintf("booking-%06d", n)} {
			if _, ok := from[id]; ok {
				ids = append(ids, id)
			}
		}
	}
	return rapid.SampledFrom(ids).Draw(rt, label)
}

func TestTwoWhoWantTheLastPlaceOneGetsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const shoppers = 16
	got := make([]error, shoppers)
	var all sync.WaitGroup
	for i := range shoppers {
		all.Add(1)
		go func() {
			defer all.Done()
			got[i] = w.Update(func(tx *sandbox.Tx) error {
				_, err := w.slots.Hold(tx, "single", fmt.Sprint("shopper-", i), 0)
				return err
			})
		}()
	}
	all.Wait()
	won := 0
	for _, err := range got {
		var refused *slots.Error
		switch {
		case err == nil:
			won++
		case !errors.As(err, &refused) || refused.Code != slots.SlotFull:
			t.Error(err)
		}
	}
	if room := w.room("single"); won != 1 || room.Held != 1 || room.Available() != 0 {
		t.Errorf("%d won, %+v", won, room)
	}
}

func TestWeightIsCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.heavy()
	w.book("heavy", "O-1", 6000)
	w.refused(slots.SlotFull, func(tx *sandbox.Tx) error {
		_, err := w.slots.HoldFor(tx, "heavy", "basket", 4001, 0)
		return err
	})
	hold := func(weight int64) func(tx *sandbox.Tx) error {
		return func(tx *sandbox.Tx) error {
			_, err := w.slots.HoldFor(tx, "heavy", "basket", weight, 0)
			return err
		}
	}
	w.do(hold(1000))
	w.do(hold(4000))
	w.refused(slots.SlotFull, hold(4001))
	if room := w.room("heavy"); room.Weight != (slots.Weight{Total: 10_000, Held: 4000, Booked: 6000}) || room.Available() != 1 {
		t.Errorf("%+v", room)
	}
}

func TestMoveIsAllOrNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.book("roomy", "O-1", 0)
	w.book("single", "O-2", 0)
	w.refused(slots.SlotFull, func(tx *sandbox.Tx) error {
		_, err := w.slots.Move(tx, b.ID, "single")
		return err
	})
	if w.room("roomy").Booked != 1 || w.room("single").Booked != 1 {
		t.Errorf("%+v %+v", w.room("roomy"), w.room("single"))
	}
	w.heavy()
	for range 2 {
		w.do(func(tx *sandbox.Tx) error {
			_, err := w.slots.Move(tx, b.ID, "heavy")
			return err
		})
	}
	if w.room("roomy").Booked != 0 || w.room("heavy").Booked != 1 {
		t.Errorf("%+v %+v", w.room("roomy"), w.room("heavy"))
	}
	w.do(func(tx *sandbox.Tx) error { return w.slots.Release(tx, b.ID) })
	w.refused(slots.BookingReleased, func(tx *sandbox.Tx) error {
		_, err := w.slots.Move(tx, b.ID, "roomy")
		return err
	})
}

func TestSuccessorTakesNoRoomAndTakesTheBookingOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.book("single", "O-1", 0)
	var first slots.Hold
	succeed := func(holder string) func(tx *sandbox.Tx) error {
		return func(tx *sandbox.Tx) (err error) {
			h, err := w.slots.Succeed(tx, b.ID, holder, 0)
			if first.ID == "" {
				first = h
			} else if err == nil && h.ID != first.ID {
				t.Errorf("hold %s became %s", first.ID, h.ID)
			}
			return err
		}
	}
	w.do(succeed("basket"))
	w.do(succeed("basket"))
	w.refused(slots.HasSuccessor, succeed("other"))
	if room := w.room("single"); room != (slots.Room{Total: 1, Booked: 1}) {
		t.Errorf("%+v", room)
	}
	for range 2 {
		w.do(func(tx *sandbox.Tx) error {
			got, err := w.slots.Confirm(tx, first.ID, "O-2")
			if got.ID != b.ID || got.OrderNo != "O-2" || got.PreviousOrderNo != "O-1" {
				t.Errorf("%+v", got)
			}
			return err
		})
	}
	w.refused(slots.HoldAlreadyUsed, func(tx *sandbox.Tx) error {
		_, err := w.slots.Confirm(tx, first.ID, "O-3")
		return err
	})
	if room := w.room("single"); room != (slots.Room{Total: 1, Booked: 1}) {
		t.Errorf("%+v", room)
	}
}

func TestSuccessorThatLapsesLeavesTheBooking(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.book("single", "O-1", 0)
	var h slots.Hold
	w.do(func(tx *sandbox.Tx) (err error) {
		h, err = w.slots.Succeed(tx, b.ID, "basket", time.Minute)
		return err
	})
	w.advance(2 * time.Minute)
	w.refused(slots.HoldExpired, func(tx *sandbox.Tx) error {
		_, err := w.slots.Confirm(tx, h.ID, "O-2")
		return err
	})
	tx := w.Read()
	defer tx.Abort()
	if now, err := w.slots.Booking(tx, b.ID); err != nil || now != b {
		t.Errorf("%+v %v", now, err)
	}
}

func TestSuccessorOfAReleasedBookingIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.book("single", "O-1", 0)
	var h slots.Hold
	w.do(func(tx *sandbox.Tx) (err error) {
		h, err = w.slots.Succeed(tx, b.ID, "basket", 0)
		return errors.Join(err, w.slots.Release(tx, b.ID))
	})
	w.refused(slots.BookingReleased, func(tx *sandbox.Tx) error {
		_, err := w.slots.Confirm(tx, h.ID, "O-2")
		return err
	})
}

func TestWindowsFollowTheClockOnTheWall(t *testing.T) {
	t.Parallel()
	hour := time.Hour
	cases := []struct {
		name               string
		month              time.Month
		day                int
		from, until        time.Duration
		start, end, cutoff string
	}{
		{"an ordinary day", 6, 2, 9 * hour, 11 * hour, "06-02T07:00", "06-02T09:00", "06-01T16:00"},
		{"the day after clocks go forward", 3, 30, 9 * hour, 11 * hour, "03-30T07:00", "03-30T09:00", "03-29T16:00"},
		{"on the day itself, its cut-off before", 3, 29, 9 * hour, 11 * hour, "03-29T07:00", "03-29T09:00", "03-28T17:00"},
		{"from an hour that there is not", 3, 29, 2*hour + 30*time.Minute, 4 * hour, "03-29T01:00", "03-29T02:00", "03-28T17:00"},
		{"through the hour that there is twice", 10, 25, 2 * hour, 3 * hour, "10-25T00:00", "10-25T02:00", "10-24T16:00"},
		{"until half past two, the second time", 10, 25, 1 * hour, 2*hour + 30*time.Minute, "10-24T23:00", "10-25T01:30", "10-24T16:00"},
	}
	for _, tc := range cases {
		w := newWorld(t)
		w.do(func(tx *sandbox.Tx) error {
			if err := w.slots.AddLocation(tx, slots.Location{ID: "berlin", TimeZone: "Europe/Berlin"}); err != nil {
				return err
			}
			s, err := w.slots.AddWindow(tx, slots.Window{
				Slot: slots.Slot{LocationID: "berlin", Type: slots.Delivery, Capacity: 1}, Year: 2026, Month: tc.month, Day: tc.day,
				From: tc.from, Until: tc.until, Cutoff: -6 * hour,
			})
			got := s.Start.Format("01-02T15:04") + " " + s.End.Format("01-02T15:04") + " " + s.CutoffAt.Format("01-02T15:04")
			if want := tc.start + " " + tc.end + " " + tc.cutoff; got != want {
				t.Errorf("%s: %s, want %s", tc.name, got, want)
			}
			return err
		})
	}
}

func TestSlotsByPostalCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(func(tx *sandbox.Tx) error {
		return w.slots.AddLocation(tx, slots.Location{ID: "depot", TimeZone: "UTC", PostalCodes: []string{"10", "SW1"}})
	})
	tx := w.Read()
	defer tx.Abort()
	for code, want := range map[string]int{"10115": 2, "SW1A 1AA": 2, "20095": 0, "": 2} {
		if got := w.slots.Find(tx, slots.Filter{PostalCode: code}); len(got) != want {
			t.Errorf("%q: %d slots, want %d", code, len(got), want)
		}
	}
}
