package som

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/sandbox"
)

// expecting makes a return order for units of the first item and returns its id.
func (o testOrder) expecting(edit func(*NewReturnOrder), quantities ...string) (id, rule string) {
	o.t.Helper()
	n := NewReturnOrder{OrderSummaryID: o.id, Status: "Submitted"}
	for _, q := range quantities {
		n.Lines = append(n.Lines, NewReturnLine{OrderItemSummaryID: o.item(0).ID, Expected: dec(q), Reason: "Damaged"})
	}
	if edit != nil {
		edit(&n)
	}
	rule = o.try(func(tx *sandbox.Tx) (err error) {
		id, _, err = o.CreateReturnOrder(tx, "", n)
		return err
	})
	o.checkInvariants()
	return id, rule
}

// processing names lines of a return order by their place, and processes units of them.
func (o testOrder) process(returnOrder string, items ...ReturnItem) (result ReturnItemsResult, rule string) {
	o.t.Helper()
	rule = o.try(func(tx *sandbox.Tx) (err error) {
		result, err = o.ReturnItems(tx, "", ReturnItems{ReturnOrderID: returnOrder, Items: items})
		return err
	})
	o.checkInvariants()
	return result, rule
}

func (o testOrder) back(line, returned, cancelled string) ReturnItem {
	return ReturnItem{ReturnOrderLineItemID: line, Returned: dec(returned), ToCancel: dec(cancelled)}
}

func TestReturnOrderRefusals(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	cases := []struct {
		name, rule string
		quantity   string
		edit       func(*NewReturnOrder)
	}{
		{"R7 a draft", "som.rma.status", "1", func(n *NewReturnOrder) { n.Status = "Draft" }},
		{"a status that is none", "som.rma.status", "1", func(n *NewReturnOrder) { n.Status = "" }},
		{"a life cycle that is none", "som.rma.life-cycle", "1", func(n *NewReturnOrder) { n.LifeCycle = "Wild" }},
		{"no lines", "som.rma.lines-required", "1", func(n *NewReturnOrder) { n.Lines = nil }},
		{"an item of nobody", "som.rma.item-belongs", "1", func(n *NewReturnOrder) { n.Lines[0].OrderItemSummaryID = n.OrderSummaryID }},
		{"nothing expected", "som.rma.quantity-positive", "0", nil},
		{"less than nothing received", "som.rma.quantity-positive", "1", func(n *NewReturnOrder) { n.Lines[0].Received = dec("-1") }},
		{"R4 more than was fulfilled", "som.rma.quantity-available", "3", nil},
		{"a reason that is none", "som.rma.reason", "1", func(n *NewReturnOrder) { n.Lines[0].Reason = "Boredom" }},
		{"a reason of returns that changes do not have", "som.rma.reason", "1", func(n *NewReturnOrder) { n.Lines[0].Reason = "Store Closed" }},
		{"a fee of an unknown kind", "som.fee.amount-type", "1", func(n *NewReturnOrder) {
			n.Lines[0].Fees = []ChangeFee{{ProductID: org.shipping, Amount: dec("1"), AmountType: "Pounds"}}
		}},
		{"a fee of nothing", "som.fee.amount-positive", "1", func(n *NewReturnOrder) {
			n.Lines[0].Fees = []ChangeFee{{ProductID: org.shipping, AmountType: FeeWithTax}}
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := org.fork(t).delivered("3", "2")
			if _, rule := o.expecting(c.edit, c.quantity); rule != c.rule {
				t.Errorf("refused by %q, not by %q", rule, c.rule)
			}
			if o.count(objReturnOrder) != 0 || o.count(objReturnLine) != 0 {
				t.Error("something was written")
			}
		})
	}
	o := org.fork(t).workedExample(func(n *NewOrder) { n.LifeCycle = Unmanaged })
	if _, rule := o.expecting(nil, "1"); rule != "som.summary.managed" {
		t.Errorf("R8: refused by %q", rule)
	}
}

func TestExpectedUnitsAreReserved(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).delivered("2", "2")
	id, rule := o.expecting(nil, "2")
	if rule != "" {
		t.Fatalf("refused by %s", rule)
	}
	o.expect(0, map[string]string{"Status": "RETURNINITIATED", "QuantityReturnInitiated": "2", "QuantityAvailableToReturn": "0", "Quantity": "2"})
	if _, rule := o.giveBack(o.units(0, "1")); rule != "som.return.quantity-available" {
		t.Errorf("R5: refused by %q", rule)
	}
	if got := o.rows(objReturnOrder, "TotalProductAmount", "TotalProductTaxAmount", "GrandTotalAmount", "StatusCategory"); cmp.Diff([]string{"100 10 110 Activated"}, got) != "" {
		t.Errorf("the return order is %q", got)
	}
	if rule := o.try(func(tx *sandbox.Tx) error { return o.SetReturnOrderStatus(tx, "", id, "Canceled") }); rule != "" {
		t.Fatalf("refused by %s", rule)
	}
	o.expect(0, map[string]string{"Status": "FULFILLED", "QuantityReturnInitiated": "0"})
	if rule := o.try(func(tx *sandbox.Tx) error { return o.SetReturnOrderStatus(tx, "", id, "Submitted") }); rule != "som.rma.status-move" {
		t.Errorf("reopened: %q", rule)
	}
	if _, rule := o.process(id, o.back(o.rows(objReturnLine, "Id")[0], "1", "0")); rule != "som.rma.open" {
		t.Errorf("items of a cancelled return order: %q", rule)
	}
}

func TestUnmanagedReturnOrderIsANote(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).delivered("2", "2")
	id, rule := o.expecting(func(n *NewReturnOrder) { n.LifeCycle = Unmanaged }, "2")
	if rule != "" {
		t.Fatalf("refused by %s", rule)
	}
	o.expect(0, map[string]string{"QuantityReturnInitiated": "0", "Status": "FULFILLED"})
	if _, rule := o.process(id, o.back(o.rows(objReturnLine, "Id")[0], "1", "0")); rule != "som.rma.managed" {
		t.Errorf("R9: refused by %q", rule)
	}
	if _, rule := o.giveBack(o.units(0, "2")); rule != "" {
		t.Errorf("R9: a simple return was refused by %q", rule)
	}
}

func TestSecondLineWithTheSameReason(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).delivered("2", "2")
	o.expecting(nil, "1")
	for reason, want := range map[string]string{"Damaged": "som.rma.same-reason", "Outdated": ""} {
		n := NewReturnOrder{OrderSummaryID: o.id, Status: "Approved", Lines: []NewReturnLine{{OrderItemSummaryID: o.item(0).ID, Expected: dec("0.5"), Reason: reason}}}
		o.write(func(tx *sandbox.Tx) error {
			_, warning, err := o.CreateReturnOrder(tx, "", n)
			if got := ruleIDOf(warning); got != want || !o.rules["som.rma.same-reason"] {
				t.Errorf("R10, R11: %s is warned of by %q", reason, got)
			}
			return err
		})
	}
}

func ruleIDOf(e *Error) string {
	if e == nil {
		return ""
	}
	return e.Rule
}

func TestReturnItems(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	cases := []struct {
		name, returned, cancelled string
		rule                      string
		item                      map[string]string
		lines                     []string
	}{
		{"R12 a part, the rest on a line of its own", "1", "0", "", map[string]string{
			"QuantityReturned": "1", "QuantityReturnInitiated": "3", "Quantity": "2", "Status": "RETURNINITIATED",
		}, []string{"1 1", "2 0"}},
		{"R13 the rest cancelled", "1", "2", "", map[string]string{
			"QuantityReturned": "1", "QuantityReturnInitiated": "1", "Quantity": "2", "Status": "FULFILLED",
		}, []string{"3 1"}},
		{"everything", "3", "0", "", map[string]string{"QuantityReturned": "3", "Quantity": "0", "Status": "RETURNED", "TotalAmtWithTax": "0"}, []string{"3 3"}},
		{"R14 more than expected", "2", "2", "som.rma.quantity-expected", nil, nil},
		{"R15 nothing returned", "0", "1", "som.rma.returned-positive", nil, nil},
		{"less than nothing cancelled", "1", "-1", "som.rma.returned-positive", nil, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := org.fork(t).delivered("3", "3")
			id, _ := o.expecting(nil, "3")
			line := o.rows(objReturnLine, "Id")[0]
			result, rule := o.process(id, o.back(line, c.returned, c.cancelled))
			if rule != c.rule {
				t.Fatalf("refused by %q, not by %q", rule, c.rule)
			}
			if rule != "" {
				o.expect(0, map[string]string{"QuantityReturned": "0", "QuantityReturnInitiated": "3"})
				return
			}
			o.expect(0, c.item)
			if diff := cmp.Diff(c.lines, o.rows(objReturnLine, "QuantityExpected", "QuantityReturned")); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
			if len(result.Splits) != len(c.lines)-1 || result.FeeChangeOrderID != "" {
				t.Errorf("result %+v", result)
			}
			if _, rule := o.process(id, o.back(line, "1", "0")); rule != "som.rma.line-processed" {
				t.Errorf("R17: refused by %q", rule)
			}
			if memo, rule := o.credit(result.ChangeOrderID); rule != "" || o.document(objCreditMemo, memo, "Balance")["Balance"] != dec(o.worth(result.ChangeOrderID)).Neg().String() {
				t.Errorf("a credit memo of the return: %s %s", memo, rule)
			}
		})
	}
}

func TestReturnedUnitsReduceShippingWhenTheirLineSaysSo(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).delivered("2", "2")
	id, _ := o.expecting(func(n *NewReturnOrder) { n.Lines[0].ReduceShipping = true }, "2")
	result, rule := o.process(id, o.back(o.rows(objReturnLine, "Id")[0], "1", "0"))
	if rule != "" || o.worth(result.ChangeOrderID) != "-58.3" {
		t.Fatalf("R19: %s, worth %s", rule, o.worth(result.ChangeOrderID))
	}
	rest := o.rows(objReturnLine, "Id")[1]
	if result, _ := o.process(id, o.back(rest, "1", "0")); o.worth(result.ChangeOrderID) != "-58.29" {
		t.Errorf("R19: the rest is worth %s", o.worth(result.ChangeOrderID))
	}
}

func TestDeliveryChargeComesBackAsAWhole(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).delivered("2", "2")
	id, rule := o.expecting(func(n *NewReturnOrder) {
		n.Lines = append(n.Lines, NewReturnLine{OrderItemSummaryID: o.item(1).ID, Expected: dec("1"), Reason: "Damaged"})
	}, "1")
	if rule != "" {
		t.Fatalf("refused by %s", rule)
	}
	lines := o.rows(objReturnLine, "Id")
	var result ReturnItemsResult
	take := func(charges ...string) string {
		return o.try(func(tx *sandbox.Tx) (err error) {
			result, err = o.ReturnItems(tx, "", ReturnItems{ReturnOrderID: id, DeliveryCharges: charges})
			return err
		})
	}
	if rule := take(lines[0]); rule != "som.rma.line-belongs" {
		t.Errorf("a product as a delivery charge: %q", rule)
	}
	if rule := take(lines[1]); rule != "" || o.worth(result.ChangeOrderID) != "-6.59" {
		t.Errorf("R18: %s, worth %s", rule, o.worth(result.ChangeOrderID))
	}
	o.expect(1, map[string]string{"TotalAmtWithTax": "0"})
	o.checkInvariants()
	if rule := take(lines[1]); rule != "som.rma.line-processed" {
		t.Errorf("R17: refused by %q", rule)
	}
	if rule := take(); rule != "som.rma.items-required" {
		t.Errorf("nothing at all: %q", rule)
	}
}

func TestReturnFeesAreProrated(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	for name, c := range map[string]struct {
		fee         ChangeFee
		first, rest string
	}{
		"R20 a percentage":   {ChangeFee{ProductID: org.shipping, Amount: dec("10"), AmountType: FeePercentage}, "5.5", "11"},
		"R21 a fixed amount": {ChangeFee{ProductID: org.shipping, Amount: dec("10"), AmountType: FeeWithoutTax}, "3.55", "7.12"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := org.fork(t).workedExample(func(n *NewOrder) {
				n.DeliveryGroups[0].Items[0].Quantity, n.DeliveryGroups[0].Items[0].Taxes = dec("3"), tax("15")
				if c.fee.AmountType == FeeWithoutTax {
					n.DeliveryGroups[0].Items[0].Taxes = tax("10")
				}
			})
			fo, _ := o.allocate("3")
			o.setStatus(fo, "Fulfilled")
			id, rule := o.expecting(func(n *NewReturnOrder) { n.Lines[0].Fees = []ChangeFee{c.fee} }, "3")
			if rule != "" {
				t.Fatalf("refused by %s", rule)
			}
			charge := func(units, fee, quantity string) string {
				var result ReturnItemsResult
				o.write(func(tx *sandbox.Tx) (err error) {
					result, err = o.ReturnItems(tx, "", ReturnItems{
						ReturnOrderID: id, Items: []ReturnItem{o.back(units, quantity, "0")}, Fees: []ReturnItem{o.back(fee, quantity, "0")},
					})
					return err
				})
				o.checkInvariants()
				return o.worth(result.FeeChangeOrderID)
			}
			lines := o.rows(objReturnLine, "Id")
			if got := charge(lines[0], lines[1], "1"); got != c.first {
				t.Errorf("one unit is charged %s", got)
			}
			lines = o.rows(objReturnLine, "Id")
			if got := charge(lines[2], lines[3], "2"); got != c.rest {
				t.Errorf("the rest is charged %s", got)
			}
		})
	}
}

func TestNotesOfAReturnChangeNothing(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).delivered("2", "2")
	id, _ := o.expecting(nil, "1")
	one := decimal.NewFromInt(1)
	item := o.back(o.rows(objReturnLine, "Id")[0], "1", "0")
	item.Received, item.Rejected, item.ReasonForRejection = &one, &one, "Damaged Item"
	result, _ := o.process(id, item)
	if got := o.worth(result.ChangeOrderID); got != "-55" {
		t.Errorf("R16: worth %s", got)
	}
	if diff := cmp.Diff([]string{"1 1 1 Damaged Item 55"}, o.rows(objReturnLine, "QuantityReturned", "QuantityReceived", "QuantityRejected", "ReasonForRejection", "TotalAmount")); diff != "" {
		t.Errorf("R16 (-want +got):\n%s", diff)
	}
}

func TestReturnResourcesHaveAnHourlyLimit(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	o := org.delivered("2", "2")
	cancelled := func() string {
		id, rule := o.expecting(nil, "1")
		if rule == "" {
			o.write(func(tx *sandbox.Tx) error { return o.SetReturnOrderStatus(tx, "", id, "Canceled") })
		}
		return rule
	}
	o.Configure(Settings{HourlyReturns: 2})
	for call, want := range []string{"", "", "som.rma.hourly-limit"} {
		if rule := cancelled(); rule != want {
			t.Errorf("R33: call %d: refused by %q", call+1, rule)
		}
	}
	o.Configure(Settings{})
	if rule := cancelled(); rule != "" {
		t.Errorf("R33: under a manual clock: %q", rule)
	}
	o.write(func(tx *sandbox.Tx) error {
		tx.SetClock(clock.State{Mode: clock.ModeReal})
		return nil
	})
	o.write(func(tx *sandbox.Tx) error {
		o.returnUsage.Put(tx.Tx, returnUsage{Hour: tx.Now().UTC().Truncate(time.Hour), Calls: returnRequests - 1})
		return nil
	})
	if first, second := cancelled(), cancelled(); first != "" || second != "som.rma.hourly-limit" {
		t.Errorf("R33: call 2,000 %q, call 2,001 %q", first, second)
	}
}
