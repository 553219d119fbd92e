package cancel

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/orderops/settle/fundstest"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// ownedBySOM is the world where order management owns the money.
func ownedBySOM(w *world) (*Cancels, *fundstest.Funds) {
	funds := &fundstest.Funds{Payment: &w.payment, Call: w.call, Worth: map[string]int64{"801C": 3500}}
	c := w.cancels()
	c.Systems.Funds = funds
	c.Systems.Policy.MoneyOwner = settle.BySite[settle.MoneyOwner]{settle.AllSites: settle.OwnedBySOM}
	return c, funds
}

// ownedPayment is a payment of the table, with what was invoiced of the order and the calls about it.
type ownedPayment struct {
	payment  worldlineclient.Payment
	invoiced int64
	steps    []string
}

// ownedPayments are the payments of the table: one that is open, one that was taken, and one that was invoiced besides. The last
// two calls about those that were taken are in the background.
func ownedPayments() map[string]ownedPayment {
	taken := worldlineclient.Payment{ID: payID, Currency: "EUR", Authorized: 3500, Captured: 3500}
	return map[string]ownedPayment{
		"authorised": {
			payment: worldlineclient.Payment{ID: payID, Currency: "EUR", Authorized: 3500, Cancellable: true},
			steps:   []string{"worldline.read#1", "som.reverse#1", "worldline.read#2"},
		},
		"captured": {
			payment: taken,
			steps:   []string{"worldline.read#1", "som.settlement#1", "som.settlement#2", "som.ensureRefunds#1", "som.settlement#3", "worldline.read#2"},
		},
		"invoiced": {
			payment: taken, invoiced: 3500,
			steps: []string{
				"worldline.read#1", "som.settlement#1", "som.creditMemo#1", "som.settlement#2", "som.ensureRefunds#1", "som.settlement#3", "worldline.read#2",
			},
		},
	}
}

// TestStepsWhereSOMOwnsTheMoney fails every call about money in every way, also those in the background, and pins the exact
// calls that follow until nothing is owed any more. Money moves once, and order-ops moves none at the provider.
func TestStepsWhereSOMOwnsTheMoney(t *testing.T) {
	t.Parallel()
	for name, tc := range ownedPayments() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got strings.Builder
			for _, step := range append([]string{"none"}, tc.steps...) {
				for _, failure := range failures() {
					fmt.Fprintf(&got, "%s fails %s, happened %t\n", step, failure.class, failure.happened)
					got.WriteString(ownedCase(t, tc, step, failure))
					if step == "none" {
						break
					}
				}
			}
			compare(t, "testdata/som_"+name+".golden", got.String())
		})
	}
}

// ownedCase runs one case to its end and words what happened.
func ownedCase(t *testing.T, tc ownedPayment, step string, failure fault) string {
	t.Helper()
	w := newWorld()
	w.payment = tc.payment
	c, funds := ownedBySOM(w)
	if tc.invoiced > 0 {
		funds.Invoiced(tc.invoiced)
	}
	w.faults[step] = failure
	row := rowOf(t, orderops.CancelRequest{})
	result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
	if err != nil {
		t.Fatal(err)
	}
	first := outcome(result)
	commandtest.Settle(t, c, row, &result, nil)
	var calls []string
	for _, call := range w.calls {
		if strings.HasPrefix(call, "worldline") || strings.HasPrefix(call, "som.re") && call != "som.read" || strings.HasPrefix(call, "som.se") || strings.HasPrefix(call, "som.ensure") || strings.HasPrefix(call, "som.credit") {
			calls = append(calls, call)
		}
	}
	moved := w.payment.Voided + w.payment.Refunded
	switch {
	case w.counts["worldline.void"]+w.counts["worldline.refund"] > 0:
		t.Errorf("%s %s: order-ops moved money at the provider", step, failure.class)
	case moved > 3500:
		t.Errorf("%s %s: %d of 3500 were given back", step, failure.class, moved)
	case moved < 3500 && !strings.Contains(outcome(result), "work item") && result.State == command.Succeeded && !failed(result):
		t.Errorf("%s %s: %d of 3500 were given back, and nobody was asked to look", step, failure.class, moved)
	case funds.Refunds() != w.payment.Refunded:
		t.Errorf("%s %s: order management has %d on record of %d", step, failure.class, funds.Refunds(), w.payment.Refunded)
	}
	return fmt.Sprintf("  %s\n  => %s\n  => %s\n", strings.Join(calls, " "), first, outcome(result))
}

// failed says that an effect was given up in the background, of which the engine makes a work item.
func failed(r command.Result) bool {
	for _, e := range *r.Answer.Effects() {
		if e.State == orderops.EffectFailed {
			return true
		}
	}
	return false
}

// TestGatewayOfSOM has the provider refuse what order management asks of it.
func TestGatewayOfSOM(t *testing.T) {
	t.Parallel()
	open := worldlineclient.Payment{ID: payID, Currency: "EUR", Authorized: 3500, Cancellable: true}
	taken := worldlineclient.Payment{ID: payID, Currency: "EUR", Authorized: 3500, Captured: 3500}
	for name, tc := range map[string]struct {
		payment worldlineclient.Payment
		gateway string
		silent  bool
		// moved is what goes back while the gateway is as it is, and after it works again.
		first, then int64
	}{
		"a reversal that never works":         {open, "PermanentFail", false, 0, 3500},
		"a reversal that does not work now":   {open, "SystemError", false, 0, 3500},
		"a reversal of which nobody heard":    {open, "Indeterminate", true, 3500, 3500},
		"a reversal that got lost":            {open, "Indeterminate", false, 0, 3500},
		"a refund that never works":           {taken, "PermanentFail", false, 0, 3500},
		"a refund that does not work now":     {taken, "SystemError", false, 0, 3500},
		"a refund of which nobody heard":      {taken, "Indeterminate", true, 3500, 3500},
		"a refund that got lost":              {taken, "Indeterminate", false, 0, 3500},
		"a refund that the state forbids now": {taken, "Decline", false, 0, 3500},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.payment = tc.payment
			c, funds := ownedBySOM(w)
			funds.Gateway, funds.Silent = tc.gateway, tc.silent
			row := rowOf(t, orderops.CancelRequest{})
			result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
			if err != nil {
				t.Fatal(err)
			}
			for range 4 {
				result.Due = attempts(c, row, result.Due)
			}
			if got := w.payment.Voided + w.payment.Refunded; got != tc.first {
				t.Errorf("%d went back at first, want %d", got, tc.first)
			}
			funds.Gateway, funds.Silent = "", false
			for _, item := range result.WorkItems {
				if item.Retry != nil {
					result.Due = append(result.Due, *item.Retry)
				}
			}
			for range 8 {
				result.Due = attempts(c, row, result.Due)
			}
			if got := w.payment.Voided + w.payment.Refunded; got != tc.then || len(result.Due) > 0 {
				t.Errorf("%d went back, want %d; still owed: %v", got, tc.then, result.Due)
			}
		})
	}
}

// attempts makes one attempt at each piece of work, and returns what is owed then. What failed is tried again, as a person
// would have it.
func attempts(c *Cancels, row command.Row, due []command.Due) (left []command.Due) {
	for _, d := range due {
		r := c.Perform(context.Background(), row, d)
		if r.Payload != nil {
			d.Payload = r.Payload
		}
		if len(r.Instead) == 0 && (r.State == orderops.EffectPending || r.State == orderops.EffectFailed) {
			left = append(left, d)
		}
		for _, owed := range append(r.Instead, r.Then...) {
			left = append(left, command.Due{Kind: owed.Kind, Payload: owed.Payload})
		}
	}
	return left
}

// Units that were invoiced before they were cancelled go back by a credit memo, others as excess money.
func TestInvoicedMoneyGoesBackByCreditMemo(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		invoiced int64
		memos    int
	}{"nothing was invoiced": {0, 0}, "everything was invoiced": {3500, 1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.payment = worldlineclient.Payment{ID: payID, Currency: "EUR", Authorized: 3500, Captured: 3500}
			c, funds := ownedBySOM(w)
			funds.Invoiced(tc.invoiced)
			row := rowOf(t, orderops.CancelRequest{})
			result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
			if err != nil {
				t.Fatal(err)
			}
			commandtest.Settle(t, c, row, &result, nil)
			if w.counts["som.creditMemo"] != tc.memos || w.payment.Refunded != 3500 {
				t.Errorf("%d credit memos, %d refunded", w.counts["som.creditMemo"], w.payment.Refunded)
			}
		})
	}
}

// A refund of the order that is under way is waited for: two at a time could not be told apart.
func TestOneRefundOfAnOrderAtATime(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.payment = worldlineclient.Payment{ID: payID, Currency: "EUR", Authorized: 3500, Captured: 3500}
	c, funds := ownedBySOM(w)
	funds.Slow = 6
	one := orderops.CancelRequest{Items: items(lineID, "1")}
	first := runInput(t, c, Input{Request: one, CommerceStatus: "open", Currency: "EUR"})
	second := runInput(t, c, Input{Request: one, CommerceStatus: "open", Currency: "EUR"})
	if funds.Asked() != 1 {
		t.Fatalf("%d refunds were asked for while the first was under way", funds.Asked())
	}
	row := rowOf(t, one)
	commandtest.Settle(t, c, row, &first, nil)
	commandtest.Settle(t, c, row, &second, nil)
	if w.payment.Refunded != 2000 || funds.Asked() != 2 || failed(first) || failed(second) {
		t.Errorf("%d were given back by %d refunds, want 2000 by 2", w.payment.Refunded, funds.Asked())
	}
}

// The owner that a change began with stays its owner when another one is configured while it is being settled.
func TestAChangeKeepsTheOwnerItBeganWith(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.payment.Cancellable = true
	c, _ := ownedBySOM(w)
	run := commandtest.NewRun()
	row := rowOf(t, orderops.CancelRequest{})
	run.DieAfter = "som.reverseAuthorization/" + payID + "/" + settle.Key(row, "worldline.void", payID, "1", "")[:8]
	if !commandtest.Dies(func() { _, _ = c.Run(context.Background(), run, row, nil) }) {
		t.Fatal("the process did not die")
	}
	c.Systems.Policy.MoneyOwner = nil
	if _, err := c.Run(context.Background(), run, row, nil); err != nil {
		t.Fatal(err)
	}
	if w.counts["worldline.void"] != 0 || w.payment.Voided != 3500 {
		t.Errorf("%d voids at the provider, %d voided", w.counts["worldline.void"], w.payment.Voided)
	}
}

// What is kept of units that were invoiced is invoiced too, and paid out of the credit memo, also when the answer to the cancel was
// lost and its change orders had to be found.
func TestWhatIsKeptOfInvoicedMoneyIsInvoiced(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]fault{"answered": {}, "the answer is lost": {class: remote.Ambiguous, happened: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := promoted(3)
			w.payment = worldlineclient.Payment{ID: payID, Currency: "EUR", Authorized: 3500, Captured: 3500}
			c, funds := ownedBySOM(w)
			funds.Worth = map[string]int64{"801C": 1000, "801F": 400}
			funds.Invoiced(3500)
			_, in := repriced(t, c, "1")
			w.faults["som.submit#1"] = failure
			row := rowOf(t, orderops.CancelRequest{})
			row.Input = encoded(t, in)
			result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
			if err != nil {
				t.Fatal(err)
			}
			commandtest.Settle(t, c, row, &result, nil)
			if w.counts["som.creditMemo"] != 1 || w.counts["som.feeInvoice"] != 1 || w.payment.Refunded != 600 || funds.Refunds() != 600 {
				t.Errorf("%d credit memos, %d invoices of fees, %d refunded: %s", w.counts["som.creditMemo"], w.counts["som.feeInvoice"], w.payment.Refunded, outcome(result))
			}
		})
	}
}
