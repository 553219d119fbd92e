package cancel

import (
	"context"
	"strings"
	"testing"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/remote"
)

// sent has units leave that the warehouse holds.
func sent(units int64) func(w *world) {
	return func(w *world) {
		w.fulfilled += units
		w.fulfillments[0].StatusCategory = "FULFILLED"
		w.reserved[warehouse] -= units
	}
}

// quicklySent has a free unit allocated and sent at once.
func quicklySent(w *world) {
	w.allocated, w.fulfilled = w.allocated+1, w.fulfilled+1
	w.reserved[group]--
}

// A parcel may leave while the rest is being cancelled. Whoever wants whatever can be cancelled gets the rest, once.
func TestAParcelLeavesDuringACancel(t *testing.T) {
	t.Parallel()
	refused := fault{class: remote.Rejected, code: "QUANTITY"}
	leaves := func(f fault, also func(w *world)) fault { f.alsoDo = also; return f }
	rest, whole := orderops.CancelRequest{AllowPartial: true}, orderops.CancelRequest{}
	expecting := rest
	amount := quantity("35.00")
	expecting.ExpectedRefund = &amount
	for name, tc := range map[string]struct {
		request  orderops.CancelRequest
		faults   map[string]fault
		ends     orderops.Code
		canceled int64
		calls    string
	}{
		"before anything was taken back": {
			request: rest, faults: map[string]fault{"som.cancelItem#1": leaves(refused, sent(2))}, canceled: 1,
			calls: "som.read slots.read som.preview som.cancelItem som.read som.preview som.read som.submit",
		},
		"before anything was taken back, and nobody wants the rest": {
			request: whole, faults: map[string]fault{"som.cancelItem#1": leaves(refused, sent(2))}, ends: orderops.NotCancellable,
			calls: "som.read slots.read som.preview som.cancelItem",
		},
		"once units were taken back": {
			request: rest, faults: map[string]fault{"som.read#2": {alsoDo: quicklySent}}, canceled: 2,
			calls: "som.read slots.read som.preview som.cancelItem som.read som.read som.preview som.submit",
		},
		"right before the submit": {
			request: rest, faults: map[string]fault{"som.submit#1": leaves(refused, quicklySent)}, canceled: 2,
			calls: "som.read slots.read som.preview som.cancelItem som.read som.preview som.submit som.read som.read som.preview som.submit",
		},
		"another one each time": {
			request: rest, faults: map[string]fault{"som.submit#1": leaves(refused, quicklySent), "som.submit#2": leaves(refused, quicklySent)}, ends: orderops.NotCancellable,
			calls: "som.read slots.read som.preview som.cancelItem som.read som.preview som.submit som.read som.read som.preview som.submit som.read som.read som.createFulfillmentOrder",
		},
		"with the last of it": {
			request: rest, ends: orderops.NotCancellable, faults: map[string]fault{"som.cancelItem#1": leaves(refused, func(w *world) { sent(2)(w); quicklySent(w) })},
			calls: "som.read slots.read som.preview som.cancelItem som.read",
		},
		"and the caller expects the refund of everything": {
			request: expecting, ends: orderops.AmountChanged, faults: map[string]fault{"som.cancelItem#1": leaves(refused, sent(2))},
			calls: "som.read slots.read som.preview som.cancelItem som.read som.preview",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.faults = tc.faults
			c := w.cancels()
			row := rowOf(t, tc.request)
			result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
			if err != nil {
				t.Fatal(err)
			}
			commandtest.Settle(t, c, row, &result, nil)
			var code orderops.Code
			if result.Answer.Refusal != nil {
				code = result.Answer.Refusal.Code
			}
			calls := strings.Join(w.calls, " ")
			if code != tc.ends || w.canceled != tc.canceled || !strings.HasPrefix(calls+" ", tc.calls+" ") {
				t.Errorf("ended %q (%v) with %d cancelled:\n%s\nwant\n%s", code, result.Answer.Refusal, w.canceled, calls, tc.calls)
			}
			if tc.ends != "" {
				if w.payment.Voided != 0 || w.allocated < 2 {
					t.Errorf("refused, and %d were voided; %d sent and %d allocated", w.payment.Voided, w.fulfilled, w.allocated)
				}
				return
			}
			if answer := result.Answer.Cancellation; result.State != command.Succeeded || answer.Whole || w.payment.Voided != 1000*tc.canceled || len(result.Due) > 0 {
				t.Errorf("%+v with %d voided, %v owed", answer, w.payment.Voided, result.Due)
			}
			if left := w.reserved[warehouse] + w.reserved[group]; left != 0 {
				t.Errorf("%d units are still reserved: %v", left, w.reserved)
			}
		})
	}
}
