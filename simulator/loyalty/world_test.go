package loyalty_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/loyalty"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

func monday() time.Time { return time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC) }

// july is when points of June expire in a program of one month.
func july() time.Time { return time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC) }

// world is a sandbox with a program whose points last a month and buy rewards of 50 and 100, and Ada's account with 120
// points that order O-1 earned in it, beside another program's account.
type world struct {
	*sandbox.World
	loyalty     *loyalty.Loyalty
	ada, bob    loyalty.Account
	earned      loyalty.Entry
	small, tall loyalty.Tier
	t           *testing.T
}

func newWorld(t *testing.T) *world {
	t.Helper()
	schema := store.NewSchema()
	tables, domain := sandbox.Declare(schema), loyalty.Declare(schema)
	w := &world{loyalty: domain, t: t}
	worlds := sandbox.New(tables, sandbox.Config{
		Schema: schema, Machine: clock.Fixed(monday()), Runners: domain.Runners(),
		Presets: map[string]sandbox.Preset{"small": w.fill},
	})
	var err error
	if w.World, err = worlds.Create("default", sandbox.Options{From: "small", Mode: clock.ModeManual, At: monday()}); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) fill(tx *sandbox.Tx) error {
	p, err := w.loyalty.AddProgram(tx, loyalty.Program{
		One: "point", Other: "points", ExpirationMonths: 1, Tiers: []loyalty.Tier{{Name: "5 off", Points: 50}, {Name: "10 off", Points: 100}, {Name: "20 off", Points: 200}},
	})
	if err != nil {
		return err
	}
	forever, err := w.loyalty.AddProgram(tx, loyalty.Program{One: "star", Other: "stars"})
	if err != nil {
		return err
	}
	w.small, w.tall = p.Tiers[0], p.Tiers[1]
	if w.ada, err = w.loyalty.AddAccount(tx, loyalty.Account{ProgramID: p.ID, CustomerID: "00000001", PhoneNumber: "+14155550001"}); err != nil {
		return err
	}
	if w.bob, err = w.loyalty.AddAccount(tx, loyalty.Account{ProgramID: forever.ID, CustomerID: "00000002"}); err != nil {
		return err
	}
	w.earned, err = w.loyalty.Earn(tx, loyalty.Movement{AccountID: w.ada.ID, OrderID: "O-1", Points: 120})
	return err
}

func (w *world) do(work func(tx *sandbox.Tx) error) {
	w.t.Helper()
	if err := w.Update(work); err != nil {
		w.t.Fatal(err)
	}
}

// refused runs work that has to be refused with a code, and checks that it changed no row even without a rollback.
func (w *world) refused(want loyalty.Code, rule string, work func(tx *sandbox.Tx) error) {
	w.t.Helper()
	tx := w.Write()
	defer tx.Abort()
	var got *loyalty.Error
	if err := work(tx); !errors.As(err, &got) || got.Code != want || got.Rule != rule {
		w.t.Errorf("want a refusal %s by %s, got %v", want, rule, err)
	}
	if changes := tx.Changes(); len(changes) != 0 {
		w.t.Errorf("the refusal changed %d rows", len(changes))
	}
}

func (w *world) state(a loyalty.Account) loyalty.State {
	tx := w.Read()
	defer tx.Abort()
	return w.loyalty.State(tx, a)
}

func (w *world) balance(want int64) {
	w.t.Helper()
	if got := w.state(w.ada).Balance; got != want {
		w.t.Errorf("balance %d, want %d", got, want)
	}
}

func (w *world) adjust(a loyalty.Adjustment) loyalty.Entry {
	w.t.Helper()
	var e loyalty.Entry
	w.do(func(tx *sandbox.Tx) (err error) { e, err = w.loyalty.Adjust(tx, w.ada.ID, a); return err })
	return e
}

func (w *world) reward(tier loyalty.Tier, order string) loyalty.Reward {
	w.t.Helper()
	var r loyalty.Reward
	w.do(func(tx *sandbox.Tx) (err error) {
		r, err = w.loyalty.CreateReward(tx, loyalty.NewReward{AccountID: w.ada.ID, TierID: tier.ID, OrderID: order})
		return err
	})
	return r
}

func (w *world) advance(d time.Duration) {
	w.t.Helper()
	if _, err := w.Advance(context.Background(), d); err != nil {
		w.t.Fatal(err)
	}
}
