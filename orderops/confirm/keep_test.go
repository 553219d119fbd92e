package confirm

import (
	"slices"
	"testing"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/modify"
	"github.com/somsim/somsim/orderops/ociclient"
	"github.com/somsim/somsim/orderops/remote"
)

// The basket that is open again after a declined payment keeps what the order gave up for it, and nothing else is kept.
func TestTheLastUnitsAreKeptForTheBasketThatIsOpenAgain(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		took bool
		at   string // the call that fails, if any
		kept time.Duration
	}{
		{"units went over", true, "", 30*time.Minute + modify.ReservedBeyond},
		{"nothing went over", false, "", 0},
		{"the basket cannot be looked for", true, "b2c.baskets", 0},
		{"the basket cannot keep them", true, "b2c.reserveBasket", 0},
		{"the order cannot be failed yet", true, "b2c.fail", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.declined = true
			if tc.took {
				w.answer.Effects = []orderops.Effect{{System: ociclient.System, Action: "take_over", State: orderops.EffectDone, Reference: "SHIRT"}}
			}
			w.faults[tc.at] = fault{class: remote.Unavailable, status: 503}
			_, result := w.confirm(t, byBasket())
			if refusal := result.Answer.Refusal; result.State != command.Refused || refusal == nil || refusal.Code != orderops.PaymentDeclined {
				t.Errorf("ended %s %v", result.State, refusal)
			}
			if w.kept != tc.kept || !tc.took && slices.Contains(w.calls, "b2c.baskets") {
				t.Errorf("kept for %s after %v", w.kept, w.calls)
			}
		})
	}
}
