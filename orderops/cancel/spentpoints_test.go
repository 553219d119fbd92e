package cancel

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/loyaltyclient"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// TestSpentPointsAreDeductedFromTheRefund cancels an order of 35.00 that earned 35 points and was paid with 10, on an
// account of 20: once the 10 are back, five are missing.
func TestSpentPointsAreDeductedFromTheRefund(t *testing.T) {
	t.Parallel()
	captured := worldlineclient.Payment{ID: payID, Currency: "EUR", Authorized: 3500, Captured: 3500}
	paid := func(w *world) { w.payment = captured }
	with := func(change func(w *world)) func(w *world) {
		return func(w *world) { paid(w); change(w) }
	}
	cases := []struct {
		name     string
		request  orderops.CancelRequest
		value    string
		world    func(w *world)
		refunded int64
		balance  int64
		policy   string // told with the points that were taken
		price    string // told with those that were paid for; empty for none
	}{
		{"five points of ten cents", orderops.CancelRequest{}, "0.10", paid, 3450, 0, "deduct_from_refund", "0.5"},
		{"nobody pays for a part of a cent", orderops.CancelRequest{}, "0.333", paid, 3334, 0, "deduct_from_refund", "1.66"},
		{"the refund is used up: three are paid for, two are owed", orderops.CancelRequest{}, "10", paid, 500, -2, "deduct_from_refund", "30"},
		{"a point costs more than the refund: all are owed", orderops.CancelRequest{}, "36", paid, 3500, -5, "negative_balance", ""},
		{"a point costs next to nothing: all are owed", orderops.CancelRequest{}, "0.0001", paid, 3500, -5, "negative_balance", ""},
		{"nothing is refunded: all are owed", orderops.CancelRequest{}, "0.10", nil, 0, -5, "negative_balance", ""},
		{"nothing was spent", orderops.CancelRequest{}, "0.10", with(func(w *world) { w.balance = 60 }), 3500, 35, "deduct_from_refund", ""},
		{"the account was overdrawn before", orderops.CancelRequest{}, "0.10", with(func(w *world) { w.balance = -30 }), 3150, -20, "deduct_from_refund", "3.5"},
		{"a part: two of ten back, ten of 35 taken, eight of them missing", orderops.CancelRequest{Items: items(lineID, "1")}, "0.10", with(func(w *world) { w.balance = 0 }), 920, 0, "deduct_from_refund", "0.8"},
		{"the ledger cannot be read: the refund waits for it", orderops.CancelRequest{}, "0.10", with(func(w *world) {
			w.faults["loyalty.read#1"] = fault{class: remote.Unavailable}
			w.faults["loyalty.balance#1"] = fault{class: remote.Unavailable}
		}), 3450, 0, "deduct_from_refund", "0.5"},
		{"the payment cannot be read: the points wait for it", orderops.CancelRequest{}, "0.10", with(func(w *world) {
			w.faults["worldline.read#1"] = fault{class: remote.Unavailable}
		}), 3450, 0, "deduct_from_refund", "0.5"},
		{"everything is owed, and done twice", orderops.CancelRequest{}, "0.10", with(func(w *world) {
			w.faults["worldline.refund#1"] = fault{class: remote.Ambiguous, happened: true}
			for _, n := range []string{"#2", "#4", "#6"} {
				w.faults["loyalty.adjust"+n] = fault{class: remote.Ambiguous, happened: true}
			}
		}), 3450, 0, "deduct_from_refund", "0.5"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			if tc.world != nil {
				tc.world(w)
			}
			c, row := w.cancels(), rowOf(t, tc.request)
			c.Systems.Policy.SpentPoints = settle.BySite[settle.SpentPoints]{settle.AllSites: settle.Forgive, row.Site: settle.DeductFromRefund}
			c.Systems.Policy.PointValue = settle.BySite[decimal.Decimal]{settle.AllSites: decimal.RequireFromString(tc.value)}
			result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
			if err != nil {
				t.Fatal(err)
			}
			commandtest.Settle(t, c, row, &result, nil)
			if w.payment.Refunded != tc.refunded || w.balance != tc.balance {
				t.Errorf("%d refunded, balance %d, want %d and %d: %s", w.payment.Refunded, w.balance, tc.refunded, tc.balance, outcome(result))
			}
			want := map[string]string{"reverse_points": tc.policy}
			if tc.price != "" {
				want["pay_points"] = tc.price
			}
			if diff := cmp.Diff(want, toldOfSpentPoints(result.Answer.Cancellation.Effects)); diff != "" {
				t.Error(diff)
			}
			if kept := decimal.New(w.charged(), -2); !kept.Equal(decimal.RequireFromString("0"+tc.price)) || w.feesMade > 1 {
				t.Errorf("%d fees of %s are booked, want %s: %s", w.feesMade, kept, tc.price, outcome(result))
			}
			if left := w.leftOf(w.events[0]); tc.request.Items == nil && left != 0 {
				t.Errorf("%d points of the order are not taken back", left)
			}
		})
	}
}

// TestKeptMoneyIsBooked keeps 0.50 for five points.
func TestKeptMoneyIsBooked(t *testing.T) {
	t.Parallel()
	failing := func(name string, f fault) func(w *world) { return func(w *world) { w.faults[name] = f } }
	cases := []struct {
		name    string
		world   func(w *world)
		charged int64
		state   orderops.EffectState
		code    string
		item    string // the entity of the work item; empty for none
	}{
		{"at once", func(*world) {}, 50, orderops.EffectDone, "", ""},
		{"the answer is lost", failing("som.charge#1", fault{class: remote.Ambiguous, happened: true}), 50, orderops.EffectDone, "", ""},
		{"the request is lost", failing("som.charge#1", fault{class: remote.Ambiguous}), 50, orderops.EffectDone, "", ""},
		{"the answer is lost, and nobody can look", func(w *world) {
			w.faults["som.charge#1"] = fault{class: remote.Ambiguous, happened: true}
			for _, look := range []string{"#2", "#3", "#4"} {
				w.faults["som.fee"+look] = fault{class: remote.Unavailable}
			}
		}, 50, orderops.EffectDone, "", ""},
		{"somebody holds the order", failing("som.charge#1", fault{class: remote.Conflict, code: somclient.LockedRow}), 50, orderops.EffectDone, "", ""},
		{"the org is down for a while", failing("som.fee#1", fault{class: remote.Unavailable}), 50, orderops.EffectDone, "", ""},
		{"the points are paid for later", failing("loyalty.adjust#3", fault{class: remote.Unavailable}), 50, orderops.EffectDone, "", ""},
		{"no product to book it on", func(w *world) { w.feeProduct = "" }, 0, orderops.EffectFailed, "no_fee_product", "som:charge:"},
		{"an org that is too old", failing("som.charge", fault{class: remote.NotFound, code: "NOT_FOUND"}), 0, orderops.EffectFailed, "NOT_FOUND", "som:charge:"},
		{"refused", failing("som.charge", fault{class: remote.Rejected, code: "INVALID_API_INPUT"}), 0, orderops.EffectFailed, "INVALID_API_INPUT", "som:charge:"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.payment = worldlineclient.Payment{ID: payID, Currency: "EUR", Authorized: 3500, Captured: 3500}
			tc.world(w)
			c, row := w.cancels(), rowOf(t, orderops.CancelRequest{})
			c.Systems.Policy.SpentPoints = settle.BySite[settle.SpentPoints]{settle.AllSites: settle.DeductFromRefund}
			c.Systems.Policy.PointValue = settle.BySite[decimal.Decimal]{settle.AllSites: decimal.New(1, -1)}
			result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
			if err != nil {
				t.Fatal(err)
			}
			commandtest.Settle(t, c, row, &result, nil)
			at := slices.IndexFunc(result.Answer.Cancellation.Effects, func(e orderops.Effect) bool { return e.Action == "charge" })
			if at < 0 {
				t.Fatalf("nothing is told of the fee: %s", outcome(result))
			}
			told := result.Answer.Cancellation.Effects[at]
			if told.State != tc.state || told.Code != tc.code || told.Amount.Decimal.String() != "0.5" || w.charged() != tc.charged || w.payment.Refunded != 3450 {
				t.Errorf("told %+v, %d booked, %d refunded", told, w.charged(), w.payment.Refunded)
			}
			for reference := range w.fees {
				if len(reference) > 80 {
					t.Errorf("the org cuts the reference %q", reference)
				}
			}
			entities := ""
			for _, item := range result.WorkItems {
				entities += item.Entity
			}
			if entities != tc.item {
				t.Errorf("work items %q, want %q", entities, tc.item)
			}
		})
	}
}

// toldOfSpentPoints is the policy that is told with points that were taken, and the price of those that were paid for.
func toldOfSpentPoints(effects []orderops.Effect) map[string]string {
	told := map[string]string{}
	for _, e := range effects {
		switch {
		case e.State != orderops.EffectDone || e.System != loyaltyclient.System:
		case e.Action == "reverse_points":
			told[e.Action] = e.Code
		case e.Action == "pay_points":
			told[e.Action] = e.Amount.Decimal.String()
		}
	}
	return told
}

// A ledger that will never answer holds no money up: somebody has to look after the points.
func TestPointsThatCannotBeSettledHoldNoMoneyUp(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.payment = worldlineclient.Payment{ID: payID, Currency: "EUR", Authorized: 3500, Captured: 3500}
	w.faults["loyalty.read"] = fault{class: remote.Rejected, code: "BAD_REQUEST"}
	c, row := w.cancels(), rowOf(t, orderops.CancelRequest{})
	c.Systems.Policy.SpentPoints = settle.BySite[settle.SpentPoints]{settle.AllSites: settle.DeductFromRefund}
	c.Systems.Policy.PointValue = settle.BySite[decimal.Decimal]{settle.AllSites: decimal.New(1, -1)}
	result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
	if err != nil {
		t.Fatal(err)
	}
	commandtest.Settle(t, c, row, &result, nil)
	if w.payment.Refunded != 3500 || len(result.WorkItems) != 1 || result.WorkItems[0].Entity != "loyalty:reverse_points:" {
		t.Errorf("%d refunded, work items %+v", w.payment.Refunded, result.WorkItems)
	}
}

func TestSitesDiffer(t *testing.T) {
	t.Parallel()
	b := settle.BySite[settle.SpentPoints]{settle.AllSites: settle.NegativeBalance, "Outlet": settle.Forgive}
	if b.Of("Outlet") != settle.Forgive || b.Of("RefArch") != settle.NegativeBalance {
		t.Errorf("the outlet has %s, the others %s", b.Of("Outlet"), b.Of("RefArch"))
	}
}
