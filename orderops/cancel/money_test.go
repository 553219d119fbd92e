package cancel

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// TestMoneyFollowsThePayment cancels units worth 10.00 (or the whole order, 35.00) against payments in different states.
func TestMoneyFollowsThePayment(t *testing.T) {
	t.Parallel()
	type moved struct{ Voided, Refunded int64 }
	one := orderops.CancelRequest{Items: items(lineID, "1")}
	cases := []struct {
		name    string
		request orderops.CancelRequest
		payment worldlineclient.Payment
		want    moved
		effects map[string]orderops.EffectState
	}{
		{"authorised: voided", one, worldlineclient.Payment{Authorized: 3500, Cancellable: true}, moved{Voided: 1000}, map[string]orderops.EffectState{"void": "done"}},
		{"captured: refunded", one, worldlineclient.Payment{Authorized: 3500, Captured: 3500}, moved{Refunded: 1000}, map[string]orderops.EffectState{"refund": "done"}},
		{"partly captured: the open share first", one, worldlineclient.Payment{Authorized: 3500, Captured: 3000, Cancellable: true}, moved{Voided: 500, Refunded: 500}, map[string]orderops.EffectState{"void": "done", "refund": "done"}},
		{"an earlier refund counts", one, worldlineclient.Payment{Authorized: 3500, Captured: 3500, Refunded: 300}, moved{Refunded: 700}, map[string]orderops.EffectState{"refund": "done"}},
		{"captured for what stays, the rest open: only voided", one, worldlineclient.Payment{Authorized: 3500, Captured: 2500, Cancellable: true}, moved{Voided: 1000}, map[string]orderops.EffectState{"void": "done"}},
		{"captured for what stays, the rest lapsed: nothing is given away", one, worldlineclient.Payment{Authorized: 3500, Captured: 2500, Voided: 1000}, moved{}, map[string]orderops.EffectState{"void": "not_needed"}},
		{"whole: all that is open, whatever the rounding", orderops.CancelRequest{}, worldlineclient.Payment{Authorized: 3501, Cancellable: true}, moved{Voided: 3501}, map[string]orderops.EffectState{"void": "done"}},
		{"no longer cancellable: the hold goes by itself", orderops.CancelRequest{}, worldlineclient.Payment{Authorized: 3500}, moved{}, map[string]orderops.EffectState{"void": "not_needed"}},
		{"expired: nothing to do", orderops.CancelRequest{}, worldlineclient.Payment{Authorized: 3500, Voided: 3500}, moved{}, map[string]orderops.EffectState{"void": "not_needed"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			tc.payment.ID, tc.payment.Currency = payID, "EUR"
			w.payment = tc.payment
			before := moved{w.payment.Voided, w.payment.Refunded}
			result := runInput(t, w.cancels(), Input{Request: tc.request, CommerceStatus: "open", Currency: "EUR"})
			got := moved{w.payment.Voided - before.Voided, w.payment.Refunded - before.Refunded}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("moved (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.effects, moneyStates(result)); diff != "" {
				t.Errorf("effects (-want +got):\n%s", diff)
			}
		})
	}
}

// A gift certificate that paid 20.00 of 35.00 keeps paying for what is left; what falls to it goes to a person.
func TestMoneyWithoutAProviderIsGivenBackByHand(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		request orderops.CancelRequest
		voided  int64
		byHand  string
	}{
		"a part that the card covers": {orderops.CancelRequest{Items: items(lineID, "1")}, 1000, ""},
		"more than the card has":      {orderops.CancelRequest{Items: items(lineID, "2")}, 1500, "5"},
		"everything":                  {orderops.CancelRequest{}, 1500, "20"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.giftCertificate, w.payment = 20, worldlineclient.Payment{Authorized: 1500, Cancellable: true}
			result := runInput(t, w.cancels(), Input{CommerceStatus: "open", Currency: "EUR", Request: tc.request})
			if w.payment.Voided != tc.voided || w.payment.Refunded != 0 {
				t.Errorf("voided %d and refunded %d, want %d and 0", w.payment.Voided, w.payment.Refunded, tc.voided)
			}
			byHand := ""
			for _, item := range result.WorkItems {
				byHand += item.Amount.String()
			}
			if byHand != tc.byHand {
				t.Errorf("by hand %q, want %q: %s", byHand, tc.byHand, outcome(result))
			}
		})
	}
}

func moneyStates(r command.Result) map[string]orderops.EffectState {
	states := map[string]orderops.EffectState{}
	for _, e := range *r.Answer.Effects() {
		if e.System == worldlineclient.System {
			states[e.Action] = e.State
		}
	}
	return states
}

// A capture that runs between the read and the void turns the void into a refund.
func TestCaptureInParallelIsRefunded(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.faults["worldline.void#1"] = fault{alsoDo: func(w *world) { w.payment.Captured, w.payment.Cancellable = 3500, false }, class: remote.Conflict, code: worldlineclient.OperationNotPossible}
	result := runInput(t, w.cancels(), Input{CommerceStatus: "open", Currency: "EUR"})
	if w.payment.Refunded != 3500 || w.payment.Voided != 0 {
		t.Errorf("voided %d and refunded %d, want 0 and 3500: %s", w.payment.Voided, w.payment.Refunded, outcome(result))
	}
}

// A provider that never lets the rest go is left to a person. Once the rest has lapsed, another attempt finds that out.
func TestRestThatCannotBeVoidedLapses(t *testing.T) {
	t.Parallel()
	w := newWorld()
	refused := fault{class: remote.Conflict, code: worldlineclient.OperationNotPossible}
	w.faults["worldline.void"] = refused
	c := w.cancels()
	row := rowOf(t, orderops.CancelRequest{})
	result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := moneyStates(result)["void"]; got != orderops.EffectFailed || len(result.WorkItems) != 1 {
		t.Fatalf("the void is %s with %d work items: %s", got, len(result.WorkItems), outcome(result))
	}
	if n := w.counts["worldline.void"]; n != 5 {
		t.Errorf("%d attempts, want 5", n)
	}
	again := result.WorkItems[0].Retry
	if again == nil {
		t.Fatal("nobody can have it tried again")
	}
	for name, tc := range map[string]struct {
		cancellable bool
		want        orderops.EffectState
	}{"still open": {true, orderops.EffectFailed}, "lapsed": {false, orderops.EffectNotNeeded}} {
		w.payment.Cancellable = tc.cancellable
		tried := c.Perform(context.Background(), row, *again)
		if len(tried.Instead) == 1 {
			tried = c.Perform(context.Background(), row, command.Due{Kind: "worldline.void", Payload: tried.Instead[0].Payload})
		}
		if tried.State != tc.want {
			t.Errorf("%s: another attempt ends %s, want %s", name, tried.State, tc.want)
		}
	}
}

// Money that is owed after an unreadable payment is decided once, however often the work is repeated.
func TestOwedMoneyIsDecidedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.payment = worldlineclient.Payment{ID: payID, Currency: "EUR", Authorized: 3500, Captured: 3000, Cancellable: true}
	w.faults["worldline.read#1"] = fault{class: remote.Unavailable}
	w.faults["worldline.void#1"] = fault{class: remote.Ambiguous, happened: true}
	w.faults["worldline.refund#1"] = fault{class: remote.Ambiguous, happened: true}
	c := w.cancels()
	row := rowOf(t, orderops.CancelRequest{Items: items(lineID, "1")})
	result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
	if err != nil {
		t.Fatal(err)
	}
	commandtest.Settle(t, c, row, &result, nil)
	if w.payment.Voided != 500 || w.payment.Refunded != 500 {
		t.Errorf("voided %d and refunded %d, want 500 and 500", w.payment.Voided, w.payment.Refunded)
	}
	want := map[string]orderops.EffectState{"void": "done", "refund": "done"}
	if diff := cmp.Diff(want, moneyStates(result)); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
}
