package oci_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

func monday() time.Time { return time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC) }

func units(n int64) decimal.Decimal { return decimal.NewFromInt(n) }

func east() oci.Place   { return oci.LocationPlace("EAST") }
func west() oci.Place   { return oci.LocationPlace("WEST") }
func online() oci.Place { return oci.GroupPlace("ONLINE") }

// world is a sandbox with the group ONLINE of the locations EAST (5 mugs, 1 of them safety stock, 3 expected) and WEST
// (10 mugs).
type world struct {
	*sandbox.World
	oci *oci.OCI
	t   *testing.T
}

func newWorld(t *testing.T) *world {
	t.Helper()
	schema := store.NewSchema()
	tables, domain := sandbox.Declare(schema), oci.Declare(schema)
	worlds := sandbox.New(tables, sandbox.Config{
		Schema: schema, Machine: clock.Fixed(monday()), Runners: domain.Runners(),
		Presets: map[string]sandbox.Preset{"small": func(tx *sandbox.Tx) error { return small(tx, domain) }},
	})
	w, err := worlds.Create("default", sandbox.Options{From: "small", Mode: clock.ModeManual, At: monday()})
	if err != nil {
		t.Fatal(err)
	}
	return &world{World: w, oci: domain, t: t}
}

func small(tx *sandbox.Tx, d *oci.OCI) error {
	return errors.Join(
		d.AddLocation(tx, oci.Location{ID: "EAST", Name: "East"}),
		d.AddLocation(tx, oci.Location{ID: "WEST", Name: "West"}),
		d.AddGroup(tx, oci.Group{ID: "ONLINE", Name: "Online", LocationIDs: []string{"EAST", "WEST"}}),
		d.SetStock(tx, oci.Record{
			LocationID: "EAST", SKU: "MUG", OnHand: units(5), SafetyStock: units(1),
			Futures: []oci.Future{{Quantity: units(3), ExpectedDate: monday().Add(72 * time.Hour)}},
		}),
		d.SetStock(tx, oci.Record{LocationID: "WEST", SKU: "MUG", OnHand: units(10)}),
	)
}

func (w *world) do(work func(tx *sandbox.Tx) error) {
	w.t.Helper()
	if err := w.Update(work); err != nil {
		w.t.Fatal(err)
	}
}

// reserve makes the reservation of an order at a place.
func (w *world) reserve(order string, p oci.Place, n int64, more ...func(*oci.Request)) oci.Reservation {
	w.t.Helper()
	r := oci.Request{ExternalRefID: order, Lines: []oci.Line{{Place: p, SKU: "MUG", Quantity: units(n)}}}
	for _, change := range more {
		change(&r)
	}
	var got oci.Result
	w.do(func(tx *sandbox.Tx) (err error) { got, err = w.oci.Reserve(tx, r); return err })
	return got.Reservation
}

// stays runs work that has to be refused with a code, and checks that it left no row changed even without a rollback.
func (w *world) stays(want oci.Code, work func(tx *sandbox.Tx) error) {
	w.t.Helper()
	before := w.figures()
	tx := w.Write()
	defer tx.Abort()
	var got *oci.Error
	if err := work(tx); !errors.As(err, &got) || got.Code != want || got.Rule == "" {
		w.t.Errorf("want a refusal %s with its rule, got %v", want, err)
	}
	if changes := tx.Changes(); len(changes) != 0 {
		w.t.Errorf("the refusal changed %d rows: %+v", len(changes), changes)
	}
	if err := tx.Commit(); err != nil {
		w.t.Fatal(err)
	}
	if diff := cmp.Diff(before, w.figures()); diff != "" {
		w.t.Error(diff)
	}
}

// figure is on hand, reserved, ATF and ATO.
type figure [4]string

func newFigure(f oci.Figures) figure {
	return figure{f.OnHand.String(), f.Reserved.String(), f.AvailableToFulfill().String(), f.AvailableToOrder().String()}
}

func (w *world) figures() map[string]figure {
	w.t.Helper()
	tx := w.Read()
	defer tx.Abort()
	g, err := w.oci.Group(tx, "ONLINE")
	if err != nil {
		w.t.Fatal(err)
	}
	return map[string]figure{
		"EAST":   newFigure(w.oci.LocationFigures(tx, "EAST", "MUG")),
		"WEST":   newFigure(w.oci.LocationFigures(tx, "WEST", "MUG")),
		"ONLINE": newFigure(w.oci.GroupFigures(tx, g, "MUG")),
	}
}

func (w *world) want(figures map[string]figure) {
	w.t.Helper()
	if diff := cmp.Diff(figures, w.figures()); diff != "" {
		w.t.Error(diff)
	}
}

func (w *world) advance(d time.Duration) {
	w.t.Helper()
	if _, err := w.Advance(context.Background(), d); err != nil {
		w.t.Fatal(err)
	}
}

func untouched() map[string]figure {
	return map[string]figure{"EAST": {"5", "0", "4", "7"}, "WEST": {"10", "0", "10", "10"}, "ONLINE": {"15", "0", "14", "17"}}
}

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

func TestPresetsCannotMakeImpossibleStock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cases := map[string]func(tx *sandbox.Tx) error{
		"a location without id":  func(tx *sandbox.Tx) error { return w.oci.AddLocation(tx, oci.Location{}) },
		"a group of nothing":     func(tx *sandbox.Tx) error { return w.oci.AddGroup(tx, oci.Group{ID: "G"}) },
		"a group of the unknown": func(tx *sandbox.Tx) error { return w.oci.AddGroup(tx, oci.Group{ID: "G", LocationIDs: []string{"X"}}) },
		"stock at no location":   func(tx *sandbox.Tx) error { return w.oci.SetStock(tx, oci.Record{LocationID: "X", SKU: "MUG"}) },
		"negative stock": func(tx *sandbox.Tx) error {
			return w.oci.SetStock(tx, oci.Record{LocationID: "EAST", SKU: "MUG", OnHand: units(-1)})
		},
		"negative safety stock": func(tx *sandbox.Tx) error {
			return w.oci.SetStock(tx, oci.Record{LocationID: "EAST", SKU: "MUG", SafetyStock: units(-1)})
		},
		"a future of nothing": func(tx *sandbox.Tx) error {
			return w.oci.SetStock(tx, oci.Record{LocationID: "EAST", SKU: "MUG", Futures: []oci.Future{{}}})
		},
		"a reservation of nobody": func(tx *sandbox.Tx) error { _, err := w.oci.Reserve(tx, oci.Request{}); return err },
		"a reservation of no units": func(tx *sandbox.Tx) error {
			_, err := w.oci.Reserve(tx, oci.Request{Lines: []oci.Line{{Place: west(), SKU: "MUG"}}})
			return err
		},
		"a reservation that lasts too long": func(tx *sandbox.Tx) error {
			_, err := w.oci.Reserve(tx, oci.Request{Expiration: oci.MaxExpiration + 1, Lines: []oci.Line{{Place: west(), SKU: "MUG", Quantity: units(1)}}})
			return err
		},
		"a release of no units": func(tx *sandbox.Tx) error { return w.oci.Release(tx, oci.Action{Place: west(), SKU: "MUG"}) },
	}
	for name, work := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := w.Update(work); err == nil {
				t.Error("it was stored")
			}
		})
	}
}
