package som

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/sandbox"
)

func (o testOrder) cancelAll(edit func(*CancelAll)) (status, rule string) {
	o.t.Helper()
	in := CancelAll{OrderSummaryID: o.id, Reason: "Unknown"}
	if edit != nil {
		edit(&in)
	}
	status, rule = o.settle(func(tx *sandbox.Tx) (string, error) { return o.SOM.CancelAll(tx, "", in) })
	o.checkInvariants()
	return status, rule
}

func TestCancelAllTakesWhatIsFree(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample(func(n *NewOrder) {
		n.DeliveryGroups[0].Items = append(n.DeliveryGroups[0].Items, n.DeliveryGroups[0].Items[0])
	})
	o.allocate("1")
	status, rule := o.cancelAll(func(c *CancelAll) { c.Fees = []ChangeFee{o.fee("5.5", FeeWithTax)} })
	if rule != "" || status != "Complete " {
		t.Fatalf("%s %s", status, rule)
	}
	want := []string{"Cancel Unknown true -1", "Cancel Unknown true -2", "DeliveryChargeAdjustment Unknown true 0", "CancelFee Unknown true 1"}
	if diff := cmp.Diff(want, o.changes()); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	told := o.announced(0)
	last := told[len(told)-1]
	if !strings.HasPrefix(last, "OSAsyncChgCompletedEvent ActionType=CANCEL_ALL OrderSummaryId="+o.id+" PreFulfillmentChangeOrderId=801") || !strings.Contains(last, " FeeChangeOrderId=801") {
		t.Errorf("C32: the end is told by %q", last)
	}
}

func TestCancelAllLeavesWhatIsExcluded(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample(func(n *NewOrder) {
		n.DeliveryGroups[0].Items = append(n.DeliveryGroups[0].Items, n.DeliveryGroups[0].Items[0])
	})
	o.cancelAll(func(c *CancelAll) { c.Excluded = []string{o.item(0).ID[:15]} })
	o.expect(0, map[string]string{"Quantity": "2"})
	o.expect(2, map[string]string{"Quantity": "0"})
}

func TestCancelAllEndsInErrorWhenNothingIsFree(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	o.allocate("2")
	status, rule := o.cancelAll(nil)
	if rule != "" || !strings.HasPrefix(status, "Error ") {
		t.Errorf("%s %s", status, rule)
	}
	if diff := cmp.Diff([]string{"ProcessExceptionEvent OM Cancel All Order Item Summaries Failed"}, o.complaints()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestCancelAllRefusals(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	for rule, edit := range map[string]func(*CancelAll){
		"som.cancel-all.reason-required":    func(c *CancelAll) { c.Reason = "" },
		"som.cancel-all.reason-active":      func(c *CancelAll) { c.Reason = "Boredom" },
		"som.cancel-all.reason-text-length": func(c *CancelAll) { c.ReasonText = strings.Repeat("x", 256) },
		"som.cancel-all.item-belongs":       func(c *CancelAll) { c.Excluded = []string{o.product} },
		"som.fee.amount-positive":           func(c *CancelAll) { c.Fees = []ChangeFee{{ProductID: o.shipping}} },
		"som.connect.id-object":             func(c *CancelAll) { c.OrderSummaryID = o.product },
	} {
		if _, got := o.cancelAll(edit); got != rule {
			t.Errorf("refused by %q, not by %q", got, rule)
		}
	}
}
