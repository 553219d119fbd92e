package oci_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/sandbox"
)

// promise is what the model knows of a reservation.
type promise struct {
	expires time.Time // zero: never
	expired bool
	held    map[oci.Place]int64
	// touched are places where it ever held something.
	touched map[oci.Place]bool
}

// stockModel is Omnichannel Inventory in a few numbers: the mugs of the small world and what is promised of them.
type stockModel struct {
	now      time.Time
	onHand   map[oci.Place]int64
	promises map[string]*promise
}

func newStockModel() *stockModel {
	return &stockModel{now: monday(), onHand: map[oci.Place]int64{east(): 5, west(): 10}, promises: map[string]*promise{}}
}

func (m *stockModel) reserved(p oci.Place) (sum int64) {
	for _, r := range m.promises {
		sum += r.held[p]
	}
	return sum
}

// toOrder is what can still be ordered at a place: EAST has one unit of safety stock and three to come.
func (m *stockModel) toOrder(p oci.Place) int64 {
	extra := map[oci.Place]int64{east(): 2}
	if p.Kind == oci.AtLocation {
		return m.onHand[p] + extra[p] - m.reserved(p)
	}
	return m.toOrder(east()) + m.toOrder(west()) - m.reserved(online())
}

// open is what can be promised: a location has to leave its group what that has promised.
func (m *stockModel) open(p oci.Place) int64 { return min(m.toOrder(p), m.toOrder(online())) }

// figures are those that the world has to show.
func (m *stockModel) figures() map[string]figure {
	text := func(onHand, reserved, safety, coming int64) figure {
		return figure{fmt.Sprint(onHand), fmt.Sprint(reserved), fmt.Sprint(onHand - reserved - safety), fmt.Sprint(onHand - reserved - safety + coming)}
	}
	e, w := m.reserved(east()), m.reserved(west())
	return map[string]figure{
		"EAST": text(m.onHand[east()], e, 1, 3), "WEST": text(m.onHand[west()], w, 0, 0),
		"ONLINE": text(m.onHand[east()]+m.onHand[west()], e+w+m.reserved(online()), 1, 3),
	}
}

// does says whether a deed is possible, and does it.
func (m *stockModel) does(d deed) bool {
	r := m.promises[d.id]
	switch d.what {
	case "reserve":
		if d.partial { // takes what there is
			d.units = min(d.units, m.open(d.at))
		}
		if r != nil || m.open(d.at) < d.units || d.units <= 0 {
			return false
		}
		r = &promise{held: map[oci.Place]int64{d.at: d.units}, touched: map[oci.Place]bool{d.at: true}}
		if d.hours > 0 {
			r.expires = m.now.Add(time.Duration(d.hours) * time.Hour)
		}
		m.promises[d.id] = r
		return true
	case "cancel":
		if r != nil {
			clear(r.held)
		}
		return r != nil
	case "wait":
		m.now = m.now.Add(time.Duration(d.hours)*time.Hour + waitMore)
		for _, r := range m.promises {
			if held := m.total(r); !r.expires.IsZero() && m.now.After(r.expires) && held > 0 {
				clear(r.held)
				r.expired = true
			}
		}
		return true
	}
	if r == nil || r.expired || r.held[d.at] < d.units || d.what == "fulfil" && d.at.Kind == oci.AtGroup {
		return false
	}
	r.held[d.at] -= d.units
	switch d.what {
	case "fulfil":
		if m.now.After(monday()) { // what was counted today is in the count
			m.onHand[d.at] -= d.units
		}
	case "transfer":
		if m.open(d.to) < d.units {
			r.held[d.at] += d.units
			return false
		}
		r.held[d.to] += d.units
	}
	return true
}

func (m *stockModel) total(r *promise) (sum int64) {
	for _, n := range r.held {
		sum += n
	}
	return sum
}

// waitMore lets no wait end at the last instant of a reservation, which has a test of its own.
const waitMore = time.Minute

// deed is one thing that somebody does.
type deed struct {
	what, id     string
	at, to       oci.Place
	units, hours int64
	// partial has a reservation take as much as there is.
	partial bool
}

func drawDeed(r *rapid.T) deed {
	places := []oci.Place{east(), west(), online()}
	return deed{
		what:  rapid.SampledFrom([]string{"reserve", "reserve", "reserve", "transfer", "transfer", "release", "fulfil", "cancel", "wait"}).Draw(r, "what"),
		id:    rapid.SampledFrom([]string{"r1", "r2", "r3", "r4"}).Draw(r, "reservation"),
		at:    rapid.SampledFrom(places).Draw(r, "at"),
		to:    rapid.SampledFrom(places).Draw(r, "to"),
		units: rapid.Int64Range(1, 10).Draw(r, "units"), hours: rapid.Int64Range(0, 4).Draw(r, "hours"),
		partial: rapid.Bool().Draw(r, "partial"),
	}
}

// does does it to the stock itself; it reports whether that was refused. Anything but a refusal of the domain fails.
func (w *world) does(fatal func(format string, args ...any), d deed, n int) bool {
	if d.what == "wait" {
		w.advance(time.Duration(d.hours)*time.Hour + waitMore)
		return true
	}
	a := oci.Action{ActionRequestID: fmt.Sprint("a-", n), ReservationID: d.id, Place: d.at, To: d.to, SKU: "MUG", Quantity: units(d.units)}
	err := w.Update(func(tx *sandbox.Tx) error {
		switch d.what {
		case "transfer":
			return w.oci.Transfer(tx, a)
		case "release":
			return w.oci.Release(tx, a)
		case "fulfil":
			return w.oci.Fulfil(tx, a)
		case "cancel":
			return w.oci.Cancel(tx, d.id)
		}
		_, err := w.oci.Reserve(tx, oci.Request{
			ActionRequestID: d.id, ExternalRefID: fmt.Sprint("n-", n), Expiration: time.Duration(d.hours) * time.Hour, AllowPartial: d.partial,
			Lines: []oci.Line{{Place: d.at, SKU: "MUG", Quantity: units(d.units)}},
		})
		return err
	})
	var refused *oci.Error
	if err != nil && !errors.As(err, &refused) {
		fatal("%+v: %v", d, err)
	}
	return err == nil
}

// A model that keeps a few numbers agrees with the stock after every step: what it takes for possible is done, all else is
// refused and changes nothing, nothing is promised twice, and what expires is there again.
func TestStockIsConservedWhateverIsDone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		w, m := newWorld(t), newStockModel()
		for n := range rapid.IntRange(5, 40).Draw(r, "steps") {
			d := drawDeed(r)
			want := m.does(d)
			if got := w.does(r.Fatalf, d, n); got != want {
				r.Fatalf("step %d, %+v: done %t, want %t", n, d, got, want)
			}
			if diff := cmp.Diff(m.figures(), w.figures()); diff != "" {
				r.Fatalf("step %d, %+v (-model +stock):\n%s", n, d, diff)
			}
			for _, p := range []oci.Place{east(), west(), online()} {
				if m.toOrder(p) < 0 {
					r.Fatalf("step %d, %+v: more is promised at %s than there is", n, d, p)
				}
			}
		}
	})
}

func TestStockIsConservedWhenAllAskAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var all sync.WaitGroup
	var mu sync.Mutex
	var promised []string
	for i := range 40 { // of 17 mugs that can be ordered
		all.Go(func() {
			id := fmt.Sprintf("r-%02d", i)
			err := w.Update(func(tx *sandbox.Tx) error {
				_, err := w.oci.Reserve(tx, oci.Request{ActionRequestID: id, Expiration: time.Hour, Lines: []oci.Line{{Place: online(), SKU: "MUG", Quantity: units(1)}}})
				return err
			})
			var refused *oci.Error
			if err == nil {
				mu.Lock()
				promised = append(promised, id)
				mu.Unlock()
			} else if !errors.As(err, &refused) || refused.Code != oci.InsufficientAvailability {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(promised) != 17 {
		t.Fatalf("%d were promised of 17", len(promised))
	}
	slices.Sort(promised)
	w.advance(time.Minute)
	var shipped, moved, released int
	for i, id := range promised {
		all.Go(func() { // each thing twice, under one name: it happens once
			for range 2 {
				move := oci.Action{ActionRequestID: "move-" + id, ReservationID: id, Place: online(), To: west(), SKU: "MUG", Quantity: units(1)}
				next := oci.Action{ActionRequestID: "next-" + id, ReservationID: id, Place: west(), SKU: "MUG", Quantity: units(1)}
				err := w.Update(func(tx *sandbox.Tx) error {
					if err := w.oci.Transfer(tx, move); err != nil {
						return err
					}
					switch i % 3 {
					case 0:
						return w.oci.Fulfil(tx, next)
					case 1:
						return w.oci.Release(tx, next)
					}
					return nil
				})
				var refused *oci.Error
				if err != nil && !errors.As(err, &refused) {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	tx := w.Read()
	for i, id := range promised {
		r, err := w.oci.Reservation(tx, id)
		if err != nil {
			t.Fatal(err)
		}
		switch holds := w.oci.Holdings(tx, r.ID); {
		case len(holds) == 1 && holds[0].Place == west():
			moved++
		case len(holds) == 0 && i%3 == 0:
			shipped++
		case len(holds) == 0:
			released++
		}
	}
	west := w.oci.LocationFigures(tx, "WEST", "MUG")
	tx.Abort()
	if !west.OnHand.Equal(units(int64(10-shipped))) || !west.Reserved.Equal(units(int64(moved))) || shipped == 0 || released == 0 {
		t.Errorf("%d shipped, %d moved, %d released; WEST has %s with %s reserved", shipped, moved, released, west.OnHand, west.Reserved)
	}
	w.advance(2 * time.Hour)
	tx = w.Read()
	defer tx.Abort()
	if left := w.oci.Active(tx); len(left) != 0 {
		t.Errorf("%d have not expired", len(left))
	}
	if g, err := w.oci.Group(tx, "ONLINE"); err != nil || !w.oci.GroupFigures(tx, g, "MUG").Reserved.IsZero() {
		t.Errorf("something is still reserved: %v", err)
	}
}
