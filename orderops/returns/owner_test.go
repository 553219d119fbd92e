package returns

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/orderops/settle/fundstest"
)

// ownedBySOM is the world where order management owns the money. It gives no more back than it credits.
func ownedBySOM(w *world, mode orderops.ReturnMode) (*Returns, *fundstest.Funds) {
	funds := &fundstest.Funds{Payment: &w.payment, Call: w.call, Worth: map[string]int64{"801R": 3500, "801F": 300, "801.1": 3500}}
	r := w.returns(mode)
	r.Systems.Funds = funds
	r.Systems.Policy.MoneyOwner = settle.BySite[settle.MoneyOwner]{settle.AllSites: settle.OwnedBySOM}
	return r, funds
}

// ownedReturns are the returns of the table, each with its calls in order: those after the answer are in the background.
func ownedReturns() map[string]struct {
	mode  orderops.ReturnMode
	fee   int64
	back  int64 // what goes back, in minor units
	steps []string
} {
	begin := []string{"som.read#1", "som.preview#1", "som.submit#1", "worldline.read#1", "som.settlement#1", "som.creditMemo#1"}
	follow := []string{
		"som.settlement#2", "som.ensureRefunds#1", "loyalty.read#1", "loyalty.adjust#1", "loyalty.adjust#2", "tracking.refund#1",
		"som.settlement#3", "worldline.read#2",
	}
	return map[string]struct {
		mode  orderops.ReturnMode
		fee   int64
		back  int64
		steps []string
	}{
		"simple":   {orderops.ReturnSimple, 0, 3500, slices.Concat(begin, follow)},
		"with_fee": {orderops.ReturnSimple, 10, 3200, slices.Concat([]string{"som.feeProduct#1"}, begin, []string{"som.feeInvoice#1"}, follow)},
		"rma": {orderops.ReturnRMA, 0, 3500, []string{
			"som.read#1", "som.preview#1", "som.createReturnOrder#1", "som.readReturn#1", "som.read#2", "worldline.read#1", "som.settlement#1", "som.settlement#2",
			"som.creditMemo#1", "som.settlement#3", "som.settlement#4", "som.ensureRefunds#1", "som.settlement#5", "worldline.read#2",
			"loyalty.read#1", "loyalty.adjust#1", "loyalty.adjust#2", "tracking.refund#1",
		}},
	}
}

// TestStepsWhereSOMOwnsTheMoney fails every call of a return in every way, also those in the background, and pins the exact
// calls that follow until nothing is owed any more. Money goes back once, and order-ops moves none at the provider.
func TestStepsWhereSOMOwnsTheMoney(t *testing.T) {
	t.Parallel()
	for name, tc := range ownedReturns() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got strings.Builder
			for _, step := range append([]string{"none"}, tc.steps...) {
				for _, failure := range failures() {
					fmt.Fprintf(&got, "%s fails %s, happened %t\n", step, failure.class, failure.happened)
					got.WriteString(ownedCase(t, tc.mode, tc.fee, tc.back, step, failure))
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
func ownedCase(t *testing.T, mode orderops.ReturnMode, fee, back int64, step string, failure fault) string {
	t.Helper()
	w := newWorld()
	r, funds := ownedBySOM(w, mode)
	r.Policy.Fee = settle.BySite[decimal.Decimal]{settle.AllSites: decimal.NewFromInt(fee)}
	w.faults[step] = failure
	row := rowOf(t, Input{})
	result, err := r.Run(context.Background(), commandtest.NewRun(), row, nil)
	if err != nil {
		t.Fatal(err)
	}
	first := outcome(result)
	if len(w.announced) > 0 && result.State == command.Succeeded {
		w.arrive(3)
		w.deliveryBack = true
		w.worth["801.1"] = decimal.NewFromInt(35)
	}
	for range 2 { // what could not be looked at is looked at again hours later
		settled(t, r, row, &result)
	}
	calls := strings.Join(w.calls, " ")
	if step != "none" && w.counts[strings.Split(step, "#")[0]] == 0 {
		t.Errorf("%s was never called: %s", step, calls)
	}
	switch {
	case len(result.Due) > 0:
		t.Errorf("%s %s: still owed: %v", step, failure.class, result.Due)
	case w.counts["worldline.void"]+w.counts["worldline.refund"]+w.counts["som.recordRefund"] > 0:
		t.Errorf("%s %s: order-ops moved money at the provider, or put some on record", step, failure.class)
	case w.payment.Refunded > back:
		t.Errorf("%s %s: %d of %d were given back", step, failure.class, w.payment.Refunded, back)
	case w.payment.Refunded < back && result.State == command.Succeeded && len(result.WorkItems) == 0 && !failed(result):
		t.Errorf("%s %s: %d of %d were given back, and nobody was asked to look", step, failure.class, w.payment.Refunded, back)
	case funds.Refunds() != w.payment.Refunded:
		t.Errorf("%s %s: order management has %d on record of %d", step, failure.class, funds.Refunds(), w.payment.Refunded)
	case result.State != command.Succeeded && len(result.WorkItems) == 0 && w.returned+w.initiated+w.payment.Refunded != 0:
		t.Errorf("%s %s: ended %s, but %d were returned and %d given back", step, failure.class, result.State, w.returned, w.payment.Refunded)
	}
	return fmt.Sprintf("  %s\n  => %s\n  => %s\n", calls, first, outcome(result))
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
