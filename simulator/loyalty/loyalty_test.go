package loyalty_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/loyalty"
	"github.com/somsim/somsim/simulator/sandbox"
)

func TestEarnedPointsBelongToTheirOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	want := loyalty.State{Balance: 120, LifetimePoints: 120, Deadlines: []loyalty.Deadline{{120, july()}}, ChangedAt: monday()}
	if diff := cmp.Diff(want, w.state(w.ada)); diff != "" {
		t.Error(diff)
	}
	tx := w.Read()
	defer tx.Abort()
	found := w.loyalty.Events(tx, loyalty.EventFilter{OrderID: "O-1"})
	if len(found) != 1 || found[0] != w.earned || found[0].AccountID != w.ada.ID || found[0].Points != 120 {
		t.Errorf("found %+v", found)
	}
	if diff := cmp.Diff([]string{w.earned.ID}, w.loyalty.Aliases(tx, "O-1")); diff != "" {
		t.Error(diff)
	}
}

func TestReversingWhatAnOrderEarned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	half := w.adjust(loyalty.Adjustment{Points: -50, Reason: "part cancelled", Reverses: w.earned.ID})
	if half.OrderID != "O-1" {
		t.Errorf("the reversal belongs to order %q", half.OrderID)
	}
	w.refused(loyalty.BadRequest, "loyalty.adjust.reversal", func(tx *sandbox.Tx) error {
		_, err := w.loyalty.Adjust(tx, w.ada.ID, loyalty.Adjustment{Points: -71, Reverses: w.earned.ID, AllowNegative: true})
		return err
	})
	w.adjust(loyalty.Adjustment{Points: -70, Reverses: w.earned.ID})
	w.balance(0)
}

func TestPointsThatWereSpentCanBecomeADebt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.reward(w.tall, "O-2")
	w.refused(loyalty.BadRequest, "loyalty.adjust.negative-balance", func(tx *sandbox.Tx) error {
		_, err := w.loyalty.Adjust(tx, w.ada.ID, loyalty.Adjustment{Points: -120, Reverses: w.earned.ID})
		return err
	})
	w.adjust(loyalty.Adjustment{Points: -120, Reverses: w.earned.ID, AllowNegative: true})
	w.balance(-100)
	w.do(func(tx *sandbox.Tx) error {
		_, err := w.loyalty.Earn(tx, loyalty.Movement{AccountID: w.ada.ID, OrderID: "O-3", Points: 130})
		return err
	})
	// 100 of the new points pay the debt; only 30 are left to expire.
	want := loyalty.State{Balance: 30, LifetimePoints: 250, Deadlines: []loyalty.Deadline{{30, july()}}, ChangedAt: monday()}
	if diff := cmp.Diff(want, w.state(w.ada)); diff != "" {
		t.Error(diff)
	}
}

func TestADeletedRewardGivesItsPointsBackOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.reward(w.tall, "O-2")
	w.balance(20)
	for range 2 {
		w.do(func(tx *sandbox.Tx) error { return w.loyalty.DeleteReward(tx, r.ID) })
		w.balance(120)
	}
	w.refused(loyalty.BadRequest, "loyalty.reward.issued", func(tx *sandbox.Tx) error {
		_, err := w.loyalty.RedeemReward(tx, r.ID, loyalty.Redemption{})
		return err
	})
}

func TestARedeemedRewardIsGivenBackByAdjustment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var r loyalty.Reward
	w.do(func(tx *sandbox.Tx) (err error) {
		r, err = w.loyalty.Burn(tx, loyalty.Movement{AccountID: w.ada.ID, OrderID: "O-2", Points: 100})
		return err
	})
	if r.Status != loyalty.Redeemed || r.RedeemedAt != monday() {
		t.Errorf("%+v", r)
	}
	w.refused(loyalty.BadRequest, "loyalty.reward.issued", func(tx *sandbox.Tx) error { return w.loyalty.DeleteReward(tx, r.ID) })
	w.refused(loyalty.BadRequest, "loyalty.reward.issued", func(tx *sandbox.Tx) error {
		_, err := w.loyalty.RedeemReward(tx, r.ID, loyalty.Redemption{IdempotencyKey: "again"})
		return err
	})
	w.refused(loyalty.BadRequest, "loyalty.adjust.reversal", func(tx *sandbox.Tx) error {
		_, err := w.loyalty.Adjust(tx, w.ada.ID, loyalty.Adjustment{Points: 101, Reverses: r.EntryID})
		return err
	})
	w.adjust(loyalty.Adjustment{Points: 40, Reverses: r.EntryID})
	w.adjust(loyalty.Adjustment{Points: 60, Reverses: r.EntryID})
	w.balance(120)
	tx := w.Read()
	defer tx.Abort()
	var types []loyalty.EventType
	for _, e := range w.loyalty.Events(tx, loyalty.EventFilter{OrderID: "O-2"}) {
		types = append(types, e.Type)
	}
	if diff := cmp.Diff([]loyalty.EventType{loyalty.AdjustPoints, loyalty.AdjustPoints, loyalty.RedeemReward, loyalty.CreateReward}, types); diff != "" {
		t.Error(diff)
	}
}

func TestDeletingGivesBackOnlyWhatIsLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.reward(w.tall, "O-2")
	w.adjust(loyalty.Adjustment{Points: 30, Reverses: r.EntryID})
	w.do(func(tx *sandbox.Tx) error { return w.loyalty.DeleteReward(tx, r.ID) })
	w.balance(120)
}

func TestPointsExpire(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.reward(w.small, "O-2")
	w.advance(july().Sub(monday()) - time.Millisecond)
	w.balance(70)
	w.advance(time.Millisecond)
	w.balance(0)
	tx := w.Read()
	defer tx.Abort()
	found := w.loyalty.Events(tx, loyalty.EventFilter{Types: []loyalty.EventType{loyalty.ExpirePoints}})
	if len(found) != 1 || found[0].Points != -70 || found[0].Reverses != w.earned.ID || !found[0].CreatedAt.Equal(july()) {
		t.Errorf("found %+v", found)
	}
	if state := w.loyalty.State(tx, w.ada); state.Deadlines != nil {
		t.Errorf("deadlines %v", state.Deadlines)
	}
	// What expired cannot be taken back a second time, what was spent can.
	if _, err := w.loyalty.Adjust(tx, w.ada.ID, loyalty.Adjustment{Points: -51, Reverses: w.earned.ID, AllowNegative: true}); err == nil {
		t.Error("more than was spent was taken back")
	}
}

func TestWhatExpiresFirstIsSpentFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.advance(30 * 24 * time.Hour) // the first of July
	w.do(func(tx *sandbox.Tx) error {
		_, err := w.loyalty.Earn(tx, loyalty.Movement{AccountID: w.ada.ID, OrderID: "O-2", Points: 10})
		return err
	})
	w.reward(w.tall, "O-3")
	want := []loyalty.Deadline{{20, july()}, {10, july().AddDate(0, 1, 0)}}
	if diff := cmp.Diff(want, w.state(w.ada).Deadlines); diff != "" {
		t.Error(diff)
	}
}

func TestPointsGivenBackLastThirtyDaysAtLeast(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		after time.Duration
		want  time.Time
	}{
		{"as long as before when that is longer", 0, july()},
		{"thirty days when they would be over", 70 * 24 * time.Hour, monday().Add(100 * 24 * time.Hour)},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			r := w.reward(w.tall, "O-2")
			w.advance(tc.after)
			if e := w.adjust(loyalty.Adjustment{Points: 100, Reverses: r.EntryID}); !e.ExpiresAt.Equal(tc.want) {
				t.Errorf("they expire at %s", e.ExpiresAt)
			}
		})
	}
}

func TestAProgramWithoutExpiryKeepsPoints(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(func(tx *sandbox.Tx) error {
		_, err := w.loyalty.Earn(tx, loyalty.Movement{AccountID: w.bob.ID, OrderID: "O-9", Points: 5})
		return err
	})
	w.advance(1000 * 24 * time.Hour)
	if got := w.state(w.bob); got.Balance != 5 || got.Deadlines != nil {
		t.Errorf("%+v", got)
	}
}

func TestARepeatedRequestHasItsEffectOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	work := func(tx *sandbox.Tx) error {
		_, gain := w.loyalty.Accumulate(tx, w.ada.ID, loyalty.Accumulation{Points: 5, OrderID: "O-2", IdempotencyKey: "gain"})
		_, loss := w.loyalty.Adjust(tx, w.ada.ID, loyalty.Adjustment{Points: -20, Reverses: w.earned.ID, IdempotencyKey: "loss"})
		r, create := w.loyalty.CreateReward(tx, loyalty.NewReward{AccountID: w.ada.ID, TierID: w.tall.ID, OrderID: "O-2", IdempotencyKey: "create"})
		if r.Status != loyalty.Issued || !r.RedeemedAt.IsZero() {
			t.Errorf("created as %+v", r)
		}
		_, redeem := w.loyalty.RedeemReward(tx, r.ID, loyalty.Redemption{IdempotencyKey: "redeem"})
		return errors.Join(gain, loss, create, redeem)
	}
	for range 2 {
		w.do(work)
		w.balance(5)
	}
	for name, other := range map[string]func(tx *sandbox.Tx) error{
		"points": func(tx *sandbox.Tx) error {
			_, err := w.loyalty.Accumulate(tx, w.ada.ID, loyalty.Accumulation{Points: 6, OrderID: "O-2", IdempotencyKey: "gain"})
			return err
		},
		"account": func(tx *sandbox.Tx) error {
			_, err := w.loyalty.Accumulate(tx, w.bob.ID, loyalty.Accumulation{Points: 5, OrderID: "O-2", IdempotencyKey: "gain"})
			return err
		},
		"operation": func(tx *sandbox.Tx) error {
			_, err := w.loyalty.Adjust(tx, w.ada.ID, loyalty.Adjustment{Points: 5, IdempotencyKey: "gain"})
			return err
		},
		"tier": func(tx *sandbox.Tx) error {
			_, err := w.loyalty.CreateReward(tx, loyalty.NewReward{AccountID: w.ada.ID, TierID: w.small.ID, OrderID: "O-2", IdempotencyKey: "create"})
			return err
		},
	} {
		t.Run("another "+name+" with the same key is refused", func(*testing.T) {
			w.refused(loyalty.IdempotencyKeyReused, "loyalty.request.idempotent", other)
		})
	}
}

func TestRefusalsChangeNothing(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		want loyalty.Code
		rule string
		work func(*world, *sandbox.Tx) error
	}{
		{"an unknown program", loyalty.NotFound, "loyalty.program.known", func(w *world, tx *sandbox.Tx) error { _, err := w.loyalty.Program(tx, "none"); return err }},
		{"an unknown account", loyalty.NotFound, "loyalty.account.known", func(w *world, tx *sandbox.Tx) error {
			_, err := w.loyalty.Accumulate(tx, "none", loyalty.Accumulation{Points: 1})
			return err
		}},
		{"adjusting an unknown account", loyalty.NotFound, "loyalty.account.known", func(w *world, tx *sandbox.Tx) error {
			_, err := w.loyalty.Adjust(tx, "none", loyalty.Adjustment{Points: 1})
			return err
		}},
		{"a reward of an unknown account", loyalty.NotFound, "loyalty.account.known", func(w *world, tx *sandbox.Tx) error {
			_, err := w.loyalty.CreateReward(tx, loyalty.NewReward{AccountID: "none", TierID: w.small.ID})
			return err
		}},
		{"earning nothing", loyalty.BadRequest, "loyalty.accumulate.points", func(w *world, tx *sandbox.Tx) error {
			_, err := w.loyalty.Accumulate(tx, w.ada.ID, loyalty.Accumulation{OrderID: "O-2"})
			return err
		}},
		{"earning less than nothing", loyalty.BadRequest, "loyalty.accumulate.points", func(w *world, tx *sandbox.Tx) error {
			_, err := w.loyalty.Accumulate(tx, w.ada.ID, loyalty.Accumulation{Points: -1})
			return err
		}},
		{"adjusting by nothing", loyalty.BadRequest, "loyalty.adjust.points", func(w *world, tx *sandbox.Tx) error {
			_, err := w.loyalty.Adjust(tx, w.ada.ID, loyalty.Adjustment{})
			return err
		}},
		{"reversing an unknown event", loyalty.NotFound, "loyalty.event.known", func(w *world, tx *sandbox.Tx) error {
			_, err := w.loyalty.Adjust(tx, w.ada.ID, loyalty.Adjustment{Points: -1, Reverses: "none"})
			return err
		}},
		{"reversing somebody else's event", loyalty.NotFound, "loyalty.event.known", func(w *world, tx *sandbox.Tx) error {
			_, err := w.loyalty.Adjust(tx, w.bob.ID, loyalty.Adjustment{Points: -1, Reverses: w.earned.ID, AllowNegative: true})
			return err
		}},
		{"reversing in the same direction", loyalty.BadRequest, "loyalty.adjust.reversal", func(w *world, tx *sandbox.Tx) error {
			_, err := w.loyalty.Adjust(tx, w.ada.ID, loyalty.Adjustment{Points: 1, Reverses: w.earned.ID})
			return err
		}},
		{"an unknown tier", loyalty.NotFound, "loyalty.reward.tier", func(w *world, tx *sandbox.Tx) error {
			_, err := w.loyalty.CreateReward(tx, loyalty.NewReward{AccountID: w.ada.ID, TierID: "none"})
			return err
		}},
		{"a reward that costs too much", loyalty.BadRequest, "loyalty.reward.balance", func(w *world, tx *sandbox.Tx) error {
			_, err := w.loyalty.Burn(tx, loyalty.Movement{AccountID: w.ada.ID, Points: 200})
			return err
		}},
		{"redeeming an unknown reward", loyalty.NotFound, "loyalty.reward.known", func(w *world, tx *sandbox.Tx) error {
			_, err := w.loyalty.RedeemReward(tx, "none", loyalty.Redemption{})
			return err
		}},
		{"deleting an unknown reward", loyalty.NotFound, "loyalty.reward.known", func(w *world, tx *sandbox.Tx) error { return w.loyalty.DeleteReward(tx, "none") }},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.refused(tc.want, tc.rule, func(tx *sandbox.Tx) error { return tc.work(w, tx) })
			w.balance(120)
		})
	}
}

func TestFindAccounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cases := []struct {
		name               string
		customers, numbers []string
		want               []string
	}{
		{"by customer", []string{"00000002"}, nil, []string{w.bob.ID}},
		{"by phone number", nil, []string{"+14155550001", "+14155550009"}, []string{w.ada.ID}},
		{"by a customer who has none", []string{"00000009"}, nil, nil},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tx := w.Read()
			defer tx.Abort()
			var got []string
			for _, a := range w.loyalty.FindAccounts(tx, tc.customers, tc.numbers) {
				got = append(got, a.ID)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	tx := w.Read()
	defer tx.Abort()
	if all := w.loyalty.FindAccounts(tx, nil, nil); len(all) != 2 {
		t.Errorf("all accounts are %+v", all)
	}
}

func TestPresetsCannotMakeImpossibleAccounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cases := map[string]func(tx *sandbox.Tx) error{
		"a free reward": func(tx *sandbox.Tx) error {
			_, err := w.loyalty.AddProgram(tx, loyalty.Program{Tiers: []loyalty.Tier{{}}})
			return err
		},
		"points that last less than nothing": func(tx *sandbox.Tx) error {
			_, err := w.loyalty.AddProgram(tx, loyalty.Program{ExpirationMonths: -1})
			return err
		},
		"an account of no program": func(tx *sandbox.Tx) error {
			_, err := w.loyalty.AddAccount(tx, loyalty.Account{CustomerID: "00000003"})
			return err
		},
		"a second account of a customer": func(tx *sandbox.Tx) error {
			_, err := w.loyalty.AddAccount(tx, loyalty.Account{CustomerID: "00000001", ProgramID: w.ada.ProgramID})
			return err
		},
		"an account of nobody": func(tx *sandbox.Tx) error {
			_, err := w.loyalty.AddAccount(tx, loyalty.Account{ProgramID: w.ada.ProgramID})
			return err
		},
		"burning what no reward costs": func(tx *sandbox.Tx) error {
			_, err := w.loyalty.Burn(tx, loyalty.Movement{AccountID: w.ada.ID, Points: 7})
			return err
		},
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
