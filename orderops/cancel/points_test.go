package cancel

import (
	"context"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/loyaltyclient"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/settle"
)

// TestPoints cancels an order that earned 35 points and was paid with 10, on an account of 20.
func TestPoints(t *testing.T) {
	t.Parallel()
	one := orderops.CancelRequest{Items: items(lineID, "1")} // 10.00 of 35.00
	cases := []struct {
		name    string
		request orderops.CancelRequest
		policy  settle.SpentPoints
		world   func(w *world)
		balance int64
		code    string
	}{
		{"whole: all back and all taken, below nothing if need be", orderops.CancelRequest{}, settle.NegativeBalance, nil, -5, "negative_balance"},
		{"whole, forgiving: taken as far as it goes", orderops.CancelRequest{}, settle.Forgive, nil, 0, "forgive"},
		{"whole, forgiving, all spent", orderops.CancelRequest{}, settle.Forgive, func(w *world) { w.balance = -10 }, 0, "forgive"},
		{"whole, forgiving, spent since the balance was read", orderops.CancelRequest{}, settle.Forgive, func(w *world) {
			w.faults["loyalty.adjust#2"] = fault{happened: true, alsoDo: func(w *world) { w.balance = 3 }}
		}, 0, "forgive"},
		{"whole, forgiving, nothing spent", orderops.CancelRequest{}, settle.Forgive, func(w *world) { w.balance = 50 }, 25, "forgive"},
		{"whole, forgiving, owed, and done twice", orderops.CancelRequest{}, settle.Forgive, func(w *world) {
			w.faults["loyalty.adjust#2"] = fault{class: remote.Unavailable}
			w.faults["loyalty.adjust#3"] = fault{class: remote.Ambiguous, happened: true}
			w.faults["loyalty.balance#1"] = fault{class: remote.Unavailable}
			w.faults["loyalty.adjust#5"] = fault{class: remote.Ambiguous, happened: true}
		}, 0, "forgive"},
		{"a part: two of ten back, ten of 35 taken", one, settle.NegativeBalance, nil, 20 + 2 - 10, "negative_balance"},
		{"owed, and done twice", orderops.CancelRequest{}, settle.NegativeBalance, func(w *world) {
			w.faults["loyalty.read#1"] = fault{class: remote.Unavailable}
			w.faults["loyalty.adjust#1"] = fault{class: remote.Ambiguous, happened: true}
			w.faults["loyalty.adjust#2"] = fault{class: remote.Ambiguous, happened: true}
		}, -5, "negative_balance"},
		{"a reward that was made and not used is deleted", orderops.CancelRequest{}, settle.NegativeBalance, func(w *world) {
			w.events = []loyaltyclient.Event{{ID: "ev0", Type: loyaltyclient.RewardMade, AccountID: "acc1", RewardID: "rw1", Points: -10}}
		}, 20, ""},
		{"a reward that was given up before", orderops.CancelRequest{}, settle.NegativeBalance, func(w *world) {
			w.events = []loyaltyclient.Event{
				{ID: "ev1", Type: loyaltyclient.RewardGone, AccountID: "acc1", RewardID: "rw1", Points: 10},
				{ID: "ev0", Type: loyaltyclient.RewardMade, AccountID: "acc1", RewardID: "rw1", Points: -10},
			}
		}, 20, ""},
		{"taken back by a later cancel while it was owed", orderops.CancelRequest{}, settle.NegativeBalance, func(w *world) {
			w.events = w.events[:1]
			w.faults["loyalty.adjust#1"] = fault{class: remote.Unavailable}
			w.faults["loyalty.adjust#2"] = fault{class: remote.Rejected, alsoDo: func(w *world) {
				w.balance -= 35
				w.events = append(w.events, loyaltyclient.Event{ID: "x", Type: loyaltyclient.Adjusted, Points: -35, Reverses: "ev2"})
			}}
		}, -15, ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			if tc.world != nil {
				tc.world(w)
			}
			c, row := w.cancels(), rowOf(t, tc.request)
			c.Systems.Policy.SpentPoints = settle.BySite[settle.SpentPoints]{settle.AllSites: tc.policy}
			result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
			if err != nil {
				t.Fatal(err)
			}
			commandtest.Settle(t, c, row, &result, nil)
			if w.balance != tc.balance {
				t.Errorf("the balance is %d, want %d: %s", w.balance, tc.balance, outcome(result))
			}
			for _, e := range *result.Answer.Effects() {
				switch {
				case e.System != loyaltyclient.System:
				case e.State == orderops.EffectFailed, e.State == orderops.EffectPending:
					t.Errorf("%s is %s", e.Action, e.State)
				case e.Action == "reverse_points" && tc.code != "" && e.Code != tc.code:
					t.Errorf("the answer shows the policy %q, want %q", e.Code, tc.code)
				}
			}
		})
	}
}

// Three cancels of one unit each give back exactly what was burned and take exactly what was earned, the last the rest.
func TestPointsOfPartialCancelsAddUp(t *testing.T) {
	t.Parallel()
	w := newWorld()
	for i := range 3 {
		c, row := w.cancels(), rowOf(t, orderops.CancelRequest{Items: items(lineID, "1")})
		row.Key = string(rune('a' + i))
		if _, err := c.Run(context.Background(), commandtest.NewRun(), row, nil); err != nil {
			t.Fatal(err)
		}
	}
	moved := map[string]int64{}
	for _, e := range w.events {
		moved[e.Reverses] += e.Points
	}
	if w.canceled != 3 || moved["ev0"] != 10 || moved["ev2"] != -35 || w.balance != -5 {
		t.Errorf("%d cancelled, moved %v, balance %d", w.canceled, moved, w.balance)
	}
}

// A cancel that comes while the points of an earlier one are owed takes its own share, and no part of the other's.
func TestPointsOfPartialCancelsAddUpWhileSomeAreOwed(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.faults["loyalty.read#1"] = fault{class: remote.Unavailable}
	w.faults["loyalty.adjust#1"] = fault{class: remote.Unavailable} // of the second cancel
	type begun struct {
		c      *Cancels
		row    command.Row
		result command.Result
	}
	var all []begun
	for _, key := range []string{"a", "b"} {
		c, row := w.cancels(), rowOf(t, orderops.CancelRequest{Items: items(lineID, "1")})
		row.Key = key
		result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, begun{c, row, result})
	}
	moved := func() map[string]int64 {
		sums := map[string]int64{}
		for _, e := range w.events {
			sums[e.Reverses] += e.Points
		}
		return sums
	}
	if got := moved()["ev2"]; got != -10 {
		t.Errorf("the second cancel took %d points, its own share is 10", -got)
	}
	for i := range all {
		commandtest.Settle(t, all[i].c, all[i].row, &all[i].result, nil)
	}
	if got := moved(); got["ev2"] != -20 || got["ev0"] != 5 { // 20.00 of 35.00
		t.Errorf("moved %v, want 20 of 35 taken and 5 of 10 given back", got)
	}
}

// The refund event says what was cancelled, once, and only of a cancel that happened.
func TestRefundEvent(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.faults["tracking.refund#1"] = fault{class: remote.Unavailable}
	c, row := w.cancels(), rowOf(t, orderops.CancelRequest{Items: items(lineID, "2")})
	result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
	if err != nil {
		t.Fatal(err)
	}
	commandtest.Settle(t, c, row, &result, nil)
	if len(w.tracked) != 1 {
		t.Fatalf("events %v, want one id", w.tracked)
	}
	for id, sent := range w.tracked {
		e := sent[0]
		if len(id) != 32 || e.TransactionID != orderNo || !e.Value.Equal(decimal.NewFromInt(20)) || e.Currency != "EUR" ||
			len(e.Items) != 1 || e.Items[0].ID != "SKU1" || !e.Items[0].Quantity.Equal(decimal.NewFromInt(2)) {
			t.Errorf("sent %+v", e)
		}
	}
	for name, fail := range map[string]fault{"refused": {class: remote.Rejected}, "unknown": {class: remote.Ambiguous, happened: true}} {
		w := newWorld()
		w.faults["som.submit#1"] = fail
		if name == "unknown" {
			w.faults["som.read#3"] = fault{class: remote.Unavailable}
		}
		if runInput(t, w.cancels(), Input{CommerceStatus: "open", Currency: "EUR"}); len(w.tracked) != 0 {
			t.Errorf("an event of a cancel that is %s: %v", name, w.tracked)
		}
	}
}
