package loyalty_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/somsim/somsim/simulator/loyalty"
	"github.com/somsim/somsim/simulator/sandbox"
)

// ledgerSum adds up the entries of Ada's account as a reader of the events would.
func (w *world) ledgerSum() (sum int64) {
	w.t.Helper()
	tx := w.Read()
	defer tx.Abort()
	for _, e := range w.loyalty.Events(tx, loyalty.EventFilter{AccountID: w.ada.ID}) {
		sum += e.Points
	}
	return sum
}

func (w *world) contradictions() []loyalty.Contradiction {
	tx := w.Read()
	defer tx.Abort()
	return w.loyalty.Contradictions(tx)
}

// Whatever is done in whatever order, the balance is what a model of one number says, and what the entries add up to.
func TestTheBalanceIsTheSumOfTheLedger(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		balance := int64(120)
		issued := map[string]int64{}
		done := map[string]int64{} // what a key has moved
		var rewards []string
		for n := range rapid.IntRange(1, 20).Draw(rt, "steps") {
			deed := rapid.SampledFrom([]string{"earn", "adjust", "reward", "redeem", "delete", "again"}).Draw(rt, "deed")
			points, key := rapid.Int64Range(-150, 150).Draw(rt, "points"), fmt.Sprint("key-", n)
			if deed == "again" { // the first request, once more
				deed, key, points = "adjust", "key-first", 7
			}
			reward := "none"
			if len(rewards) > 0 {
				reward = rapid.SampledFrom(rewards).Draw(rt, "reward")
			}
			var moved int64
			err := w.Update(func(tx *sandbox.Tx) error {
				switch deed {
				case "earn":
					e, err := w.loyalty.Accumulate(tx, w.ada.ID, loyalty.Accumulation{Points: points, OrderID: fmt.Sprint("O-", n), IdempotencyKey: key})
					moved = e.Points
					return err
				case "adjust":
					e, err := w.loyalty.Adjust(tx, w.ada.ID, loyalty.Adjustment{Points: points, Reason: "r", IdempotencyKey: key})
					if moved = e.Points; done[key] != 0 {
						moved = 0
					}
					return err
				case "reward":
					r, err := w.loyalty.CreateReward(tx, loyalty.NewReward{AccountID: w.ada.ID, TierID: w.small.ID, IdempotencyKey: key})
					if err == nil {
						rewards, issued[r.ID], moved = append(rewards, r.ID), w.small.Points, -w.small.Points
					}
					return err
				case "redeem":
					_, err := w.loyalty.RedeemReward(tx, reward, loyalty.Redemption{IdempotencyKey: key})
					if err == nil {
						issued[reward] = 0
					}
					return err
				default:
					err := w.loyalty.DeleteReward(tx, reward)
					if err == nil {
						moved, issued[reward] = issued[reward], 0
					}
					return err
				}
			})
			var refused *loyalty.Error
			switch {
			case err == nil:
				balance += moved
				done[key] += moved
			case !errors.As(err, &refused):
				rt.Fatal(err)
			}
			if got := w.state(w.ada).Balance; got != balance || got != w.ledgerSum() || got < 0 {
				rt.Fatalf("after %s of %d (%v): balance %d, the model %d, the ledger %d", deed, points, err, got, balance, w.ledgerSum())
			}
			if wrong := w.contradictions(); len(wrong) > 0 {
				rt.Fatalf("%v", wrong)
			}
		}
	})
}

func TestPointsAreSpentOnceWhenAllAskAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var all sync.WaitGroup
	for i := range 24 {
		all.Add(1)
		go func() {
			defer all.Done()
			err := w.Update(func(tx *sandbox.Tx) error {
				if i%2 == 0 {
					_, err := w.loyalty.CreateReward(tx, loyalty.NewReward{AccountID: w.ada.ID, TierID: w.small.ID, IdempotencyKey: fmt.Sprint("r", i)})
					return err
				}
				_, err := w.loyalty.Adjust(tx, w.ada.ID, loyalty.Adjustment{Points: -30, Reason: "r", IdempotencyKey: fmt.Sprint("a", i)})
				return err
			})
			var refused *loyalty.Error
			if err != nil && !errors.As(err, &refused) {
				t.Error(err)
			}
		}()
	}
	all.Wait()
	if got := w.state(w.ada).Balance; got < 0 || got != w.ledgerSum() || got >= 30 {
		t.Errorf("balance %d, the ledger %d", got, w.ledgerSum())
	}
}
