package modify

import (
	"context"
	"fmt"
	"testing"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
)

// TestAModificationGoesOnAfterTheProcessDied loses the process after every step of both policies, before the step's answer
// was remembered, and runs the workflow again: it ends as if nothing had happened, or gives everything back.
func TestAModificationGoesOnAfterTheProcessDied(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		policy    orderops.ModifyPolicy
		lastScarf bool
	}{{orderops.KeepUntilConfirm, false}, {orderops.CancelFirst, false}, {orderops.KeepUntilConfirm, true}, {orderops.CancelFirst, true}} {
		policy, clean := tc.policy, commandtest.NewRun()
		world := func() *world {
			w := newWorld()
			w.has(ownOne)
			if tc.lastScarf {
				w.lastScarf()
			}
			return w
		}
		w := world()
		request := orderops.ModifyRequest{OnExistingBasket: orderops.ReplaceBasket}
		if _, err := w.modifies(policy).Run(context.Background(), clean, rowOf(t, w, request), nil); err != nil {
			t.Fatal(err)
		}
		for _, step := range clean.Order {
			t.Run(fmt.Sprintf("%s/%t/%s", policy, tc.lastScarf, step), func(t *testing.T) {
				t.Parallel()
				w := world()
				m, row, run := w.modifies(policy), rowOf(t, w, request), commandtest.NewRun()
				run.DieAfter = step
				if !commandtest.Dies(func() { _, _ = m.Run(context.Background(), run, row, nil) }) {
					t.Fatal("the process did not die")
				}
				result, err := m.Run(context.Background(), run, row, nil)
				if err != nil {
					t.Fatal(err)
				}
				if result.State != command.Editing {
					t.Errorf("ended %s %v, want editing", result.State, result.Answer.Refusal)
				}
				holds(t, w, m, row, result)
			})
		}
	}
}
