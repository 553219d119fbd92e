package cancel

import (
	"context"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// workflowSteps are the step names of a whole cancel, in order, as a workflow remembers them.
func workflowSteps(t *testing.T) []string {
	t.Helper()
	run := commandtest.NewRun()
	if _, err := newWorld().cancels().Run(context.Background(), run, rowOf(t, orderops.CancelRequest{}), nil); err != nil {
		t.Fatal(err)
	}
	return run.Order
}

// TestKilledRightAfterEachCall loses the process after each call has happened and before its answer was remembered. The
// next execution must finish the cancel with every effect once.
func TestKilledRightAfterEachCall(t *testing.T) {
	t.Parallel()
	for _, step := range workflowSteps(t) {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			c, row, run := w.cancels(), rowOf(t, orderops.CancelRequest{}), commandtest.NewRun()
			run.DieAfter = step
			if !dies(t, c, run, row) {
				t.Fatal("the workflow never came to that step")
			}
			result, err := c.Run(context.Background(), run, row, nil)
			if err != nil {
				t.Fatal(err)
			}
			if result.State != command.Succeeded || len(result.Due) > 0 {
				t.Errorf("ended %s with %d pieces of due work, want succeeded with none", result.State, len(result.Due))
			}
			holds(t, w, c, row, result)
		})
	}
}

// dies runs a cancel and says whether it was lost on the way.
func dies(t *testing.T, c *Cancels, run *commandtest.Run, row command.Row) (lost bool) {
	t.Helper()
	return commandtest.Dies(func() {
		if _, err := c.Run(context.Background(), run, row, nil); err != nil {
			t.Fatal(err)
		}
	})
}

// What is decided about spent points is decided once, however often the process is lost while money and points move.
func TestKilledWhileSpentPointsAreSettled(t *testing.T) {
	t.Parallel()
	worldOf := func(policy settle.SpentPoints) (*world, *Cancels) {
		w := newWorld()
		w.payment = worldlineclient.Payment{ID: payID, Currency: "EUR", Authorized: 3500, Captured: 3500}
		c := w.cancels()
		c.Systems.Policy.SpentPoints = settle.BySite[settle.SpentPoints]{settle.AllSites: policy}
		c.Systems.Policy.PointValue = settle.BySite[decimal.Decimal]{settle.AllSites: decimal.New(1, -1)}
		return w, c
	}
	for policy, refunded := range map[settle.SpentPoints]int64{settle.Forgive: 3500, settle.DeductFromRefund: 3450} {
		whole := commandtest.NewRun()
		_, c := worldOf(policy)
		if _, err := c.Run(context.Background(), whole, rowOf(t, orderops.CancelRequest{}), nil); err != nil {
			t.Fatal(err)
		}
		for _, step := range whole.Order {
			t.Run(string(policy)+" "+step, func(t *testing.T) {
				t.Parallel()
				w, c := worldOf(policy)
				row, run := rowOf(t, orderops.CancelRequest{}), commandtest.NewRun()
				run.DieAfter = step
				if !dies(t, c, run, row) {
					t.Fatal("the workflow never came to that step")
				}
				result, err := c.Run(context.Background(), run, row, nil)
				if err != nil {
					t.Fatal(err)
				}
				commandtest.Settle(t, c, row, &result, nil)
				if w.payment.Refunded != refunded || w.balance != 0 || w.leftOf(w.events[0]) != 0 {
					t.Errorf("%d refunded, balance %d: %s", w.payment.Refunded, w.balance, outcome(result))
				}
			})
		}
	}
}

// What is kept for a lost promotion, and what is given back of it, is so once, however often the process is lost.
func TestKilledWhileWhatStaysIsRepriced(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		units, refund string
		voided, fees  int64 // minor units, with what an earlier cancel made of them
	}{
		"a fee is kept": {"1", "6.00", 600, 400}, "too much was kept": {"then 1", "12.00", 1800, 200}, "nothing stays": {"then all", "29.00", 3500, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			prepare := func(t *testing.T) (*world, *Cancels, command.Row) {
				t.Helper()
				w := promoted(3)
				c := w.cancels()
				units, then := strings.CutPrefix(tc.units, "then ")
				if then {
					bitByBit(t, c, 0, "1: 6.00 4.00 0.00")
				}
				told, in := repriced(t, c, units)
				if told.Refund.StringFixed(2) != tc.refund {
					t.Errorf("told of %s, want %s", told.Refund, tc.refund)
				}
				row := rowOf(t, orderops.CancelRequest{})
				row.ID, row.Key, row.Input = "op1", "k1", encoded(t, in)
				return w, c, row
			}
			whole := commandtest.NewRun()
			_, c, row := prepare(t)
			if _, err := c.Run(context.Background(), whole, row, nil); err != nil {
				t.Fatal(err)
			}
			for _, step := range whole.Order {
				w, c, row := prepare(t)
				run := commandtest.NewRun()
				run.DieAfter = step
				if !dies(t, c, run, row) {
					t.Fatalf("the workflow never came to %s", step)
				}
				result, err := c.Run(context.Background(), run, row, nil)
				if err != nil {
					t.Fatal(err)
				}
				commandtest.Settle(t, c, row, &result, nil)
				if fees := orderops.MinorUnits(w.promotion.total(), "EUR"); w.payment.Voided != tc.voided || fees != tc.fees {
					t.Errorf("%s: %d voided, fees of %d: %s", step, w.payment.Voided, fees, outcome(result))
				}
				heldIs(t, w, 0)
			}
		})
	}
}
