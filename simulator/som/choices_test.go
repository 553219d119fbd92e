package som

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/choice"
	"github.com/somsim/somsim/simulator/sandbox"
)

func TestTheTableOfChoicesIsInOrder(t *testing.T) {
	t.Parallel()
	if err := choice.Validate(Choices()); err != nil {
		t.Error(err)
	}
}

// deciding is an org in which other values hold than the defaults: each an id and a value.
func deciding(t *testing.T, decisions ...string) *testOrg {
	t.Helper()
	values := choice.Defaults(Choices())
	for i := 0; i < len(decisions); i += 2 {
		var err error
		if values, err = values.With(decisions[i], decisions[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	o := newTestOrg(t)
	o.Configure(Settings{Choices: values})
	return o
}

// said is what became of some work: the rule that refused it, or what the work found.
func (o *testOrg) said(work func(tx *sandbox.Tx) (string, error)) string {
	found := ""
	rule := o.try(func(tx *sandbox.Tx) (err error) {
		found, err = work(tx)
		return err
	})
	return rule + found
}

// canceling tells what a cancel comes to.
func (o testOrder) canceling(items ...ChangeItem) string {
	return o.said(func(tx *sandbox.Tx) (string, error) {
		result, err := o.SubmitCancel(tx, "", o.id, items)
		return fmt.Sprint(result.Balances.TotalAdjustedDeliveryAmount, result.Balances.GrandTotalAmount), err
	})
}

// handedOver is a fulfillment order for two units.
func (o testOrder) handedOver() (id string) {
	item := o.item(0)
	o.said(func(tx *sandbox.Tx) (string, error) {
		ids, err := o.CreateFulfillmentOrders(tx, "", Allocation{
			OrderSummaryID: o.id, OrderDeliveryGroupSummaryID: item.group(),
			Groups: []AllocatedGroup{{LocationID: o.warehouse, Type: "warehouse", Items: []AllocatedItem{{item.ID, dec("2")}}}},
		})
		if err == nil {
			id = ids[0]
		}
		return "", err
	})
	return id
}

// moving tells what becomes of a fulfillment order that goes through statuses.
func (o testOrder) moving(statuses ...string) string {
	id := o.handedOver()
	rules := ""
	for _, status := range statuses {
		rules += o.said(func(tx *sandbox.Tx) (string, error) { return "", o.SetFulfillmentOrderStatus(tx, "", id, status) })
	}
	return rules + strings.Join(o.rows(objFulfillmentOrder, "Status"), " ") + strings.Join(o.rows(objOrderItemSummary, "QuantityAllocated"), " ")
}

// invoicing tells what becomes of an invoice of a fulfillment order.
func (o testOrder) invoicing() string {
	id := o.handedOver()
	rule := o.said(func(tx *sandbox.Tx) (string, error) { return o.CreateInvoice(tx, "", id) })
	return rule + strings.Join(o.rows(objInvoice, "Status"), " ")
}

// returned is a simple return of one delivered unit; it returns the change order.
func (o testOrder) returned() (change string) {
	o.moving("Assigned", "Fulfilled")
	item := o.item(0)
	o.said(func(tx *sandbox.Tx) (string, error) {
		result, err := o.SubmitReturn(tx, "", o.id, []ChangeItem{{OrderItemSummaryID: item.ID, Quantity: dec("1"), Reason: "Unknown"}})
		change = result.ChangeOrderID
		return "", err
	})
	return change
}

func (o testOrder) crediting(change string) string {
	return o.said(func(tx *sandbox.Tx) (string, error) {
		_, err := o.CreateCreditMemo(tx, "", o.id, []string{change})
		return "", err
	})
}

// discounting tells what percentages take off an item.
func (o testOrder) discounting(kind AdjustmentType, amounts ...string) string {
	item, all := o.item(0), ""
	for _, amount := range amounts {
		all += " " + o.said(func(tx *sandbox.Tx) (string, error) {
			result, err := o.PreviewAdjust(tx, Adjustment{OrderSummaryID: o.id, Items: []AdjustItem{{OrderItemSummaryID: item.ID, Type: kind, Amount: dec(amount), Reason: "Unknown"}}})
			return result.Balances.TotalAmount.String(), err
		})
	}
	return all
}

// twoProducts is an order of two products that cost the same, one of them at half the price.
func (o *testOrg) twoProducts() testOrder {
	return o.workedExample(func(n *NewOrder) {
		items := n.DeliveryGroups[0].Items
		n.AdjustmentGroups = []NewAdjustmentGroup{{Name: "sale", Type: GroupHeader}}
		items[0].Adjustments = []NewAdjustment{{Group: "sale", Name: "half", Amount: dec("-50")}}
		n.DeliveryGroups[0].Items = append(items, NewItem{ProductID: o.cheap, Quantity: dec("1"), UnitPrice: dec("100")})
	})
}

// waiting tells whether a query's next page is there after some time.
func (o *testOrg) waiting(d time.Duration) string {
	id := o.keep("u", "")
	o.later(d)
	return fmt.Sprint(o.open("u", id))
}

// decided are, for each choice, values other than the default, and something that shows which one holds.
func decided() map[string]struct {
	others []string
	seen   func(o *testOrg) string
} {
	type effect = struct {
		others []string
		seen   func(o *testOrg) string
	}
	once := func(work func(o testOrder) string) func(o *testOrg) string {
		return func(o *testOrg) string { return work(o.workedExample(jackets("3"))) }
	}
	return map[string]effect{
		choiceRounding:      {[]string{"half-even", "down", "up"}, once(func(o testOrder) string { return o.discounting(AdjustPercentage, "-0.15", "-0.1433") })},
		choiceDeliveryBasis: {[]string{"paid"}, func(o *testOrg) string { of := o.twoProducts(); return of.canceling(of.withShipping(0, "1")) }},
		choiceTotalAmount:   {[]string{"formula"}, func(o *testOrg) string { return o.twoProducts().value(-1, "TotalAmount") }},
		choiceFirstStatus:   {[]string{"none", "Activated", "Approved"}, once(func(o testOrder) string { return fmt.Sprint(o.rows(objOrderSummary, "Status")) })},
		choiceItemTwice:     {[]string{"refused"}, once(func(o testOrder) string { return o.canceling(o.units(0, "1"), o.units(0, "1")) })},
		choiceFractions:     {[]string{"refused"}, once(func(o testOrder) string { return o.canceling(o.units(0, "0.5")) })},
		choiceMostItems:     {[]string{"1"}, once(func(o testOrder) string { return o.canceling(o.units(0, "1"), o.units(0, "1")) })},
		choiceSign: {[]string{"reversed"}, once(func(o testOrder) string {
			o.canceling(o.withShipping(0, "1"))
			return fmt.Sprint(o.rows(objOrder, "GrandTotalAmount"), o.rows(objOrderItem, "Quantity", "TotalLineAmount"))
		})},
		choiceBeyondWorth: {[]string{"accepted"}, once(func(o testOrder) string { return o.discounting(AdjustProductOnly, "-1000") })},
		choiceMoves:       {[]string{"any"}, once(func(o testOrder) string { return o.moving("Assigned", "Allocated") })},
		choiceEmptied: {[]string{"cancelled"}, once(func(o testOrder) string {
			id := o.handedOver()
			line := o.line(id)
			o.said(func(tx *sandbox.Tx) (string, error) {
				return "", o.CancelFulfillmentOrderItem(tx, "", id, []LineToCancel{{line.ID, dec("2")}})
			})
			return fmt.Sprint(o.rows(objFulfillmentOrder, "Status", "StatusCategory"))
		})},
		choiceRejected:     {[]string{"kept"}, once(func(o testOrder) string { return o.moving("Rejected") })},
		choiceInvoiceable:  {[]string{"closed"}, once(testOrder.invoicing)},
		choiceFirstBilling: {[]string{"Draft"}, once(testOrder.invoicing)},
		choiceCreditTwice: {[]string{"accepted"}, once(func(o testOrder) string {
			change := o.returned()
			return o.crediting(change) + " " + o.crediting(change)
		})},
		choiceSameReason: {[]string{"refused"}, once(func(o testOrder) string {
			o.moving("Assigned", "Fulfilled")
			item, all := o.item(0), ""
			for range 2 {
				all += " " + o.said(func(tx *sandbox.Tx) (string, error) {
					_, _, err := o.CreateReturnOrder(tx, "", NewReturnOrder{OrderSummaryID: o.id, Status: "Approved", Lines: []NewReturnLine{
						{OrderItemSummaryID: item.ID, Expected: dec("1"), Reason: "Damaged"},
					}})
					return "", err
				})
			}
			return all
		})},
		choiceBackground: {[]string{"1m"}, once(func(o testOrder) string {
			o.said(func(tx *sandbox.Tx) (string, error) {
				return o.SOM.CancelAll(tx, "", CancelAll{OrderSummaryID: o.id, Reason: "Unknown"})
			})
			o.later(2 * time.Second)
			return fmt.Sprint(o.rows(objBackground, "Status"))
		})},
		choiceUnsaved: {[]string{"Active"}, func(o *testOrg) string {
			o.UseGateway(&till{})
			s := shop{testOrder: o.workedExample()}
			o.said(func(tx *sandbox.Tx) (string, error) {
				s.gateway = o.PaymentGateway(tx, NewPaymentGateway{Name: "Till"})
				_, err := o.SellPayment(tx, "", s.request(nil))
				return "", err
			})
			return fmt.Sprint(s.rows(objCard, "Status"))
		}},
		choiceSession: {[]string{"1h"}, func(o *testOrg) string {
			return o.said(func(tx *sandbox.Tx) (string, error) {
				s, err := o.Login(tx, "dev@somsim.test", "somsim")
				return o.expiry(tx, s.Token), err
			})
		}},
		choiceRetention: {[]string{"1m"}, func(o *testOrg) string {
			o.workedExample()
			o.later(2 * time.Minute)
			return o.said(func(tx *sandbox.Tx) (string, error) { return fmt.Sprint(len(o.Events(tx, EventQuery{}))), nil })
		}},
		choiceStreamWait: {[]string{"1s"}, func(o *testOrg) string { return o.StreamingTimeout().String() }},
		choiceStreamReturn: {[]string{"1s"}, func(o *testOrg) string {
			return o.said(func(tx *sandbox.Tx) (string, error) {
				o.Heard(tx, StreamingClient{ID: "c"}, 0)
				c, _ := o.streams.Get(tx.Tx, "c")
				return c.ExpiresAt.String(), nil
			})
		}},
		choiceLocatorIdle: {[]string{"1m"}, func(o *testOrg) string { return o.waiting(2 * time.Minute) }},
		choiceLocatorLife: {[]string{"1m"}, func(o *testOrg) string { return o.waiting(2 * time.Minute) }},
	}
}

// expiry is when a session ends.
func (o *testOrg) expiry(tx *sandbox.Tx, token string) string {
	r, _ := o.sessions.Get(tx.Tx, token)
	return r.ExpiresAt.String()
}

func TestEveryChoiceOfTheDomainHasAnEffect(t *testing.T) {
	t.Parallel()
	all := decided()
	for _, c := range Choices().Choices {
		effect, ok := all[c.ID]
		delete(all, c.ID)
		if !ok {
			t.Errorf("nothing shows what %s does", c.ID)
			continue
		}
		if want := len(c.Allowed) - 1; want > len(effect.others) {
			t.Errorf("%s: only %q are tried of %q", c.ID, effect.others, c.Allowed)
		}
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			before := effect.seen(deciding(t))
			for _, other := range effect.others {
				if after := effect.seen(deciding(t, c.ID, other)); after == before {
					t.Errorf("%s changes nothing of %q", other, before)
				}
			}
		})
	}
	for id := range all {
		t.Errorf("there is no choice %s", id)
	}
}

// Whatever sign change orders have, what they settle is the same.
func TestTheSignOfChangeOrdersChangesNoBooks(t *testing.T) {
	t.Parallel()
	books := func(sign string) []string {
		o := deciding(t, choiceSign, sign).workedExample(jackets("3"))
		change := o.returned()
		preview := o.canceling(o.withShipping(0, "1"))
		o.crediting(change)
		memo := o.rows(objCreditMemo, "TotalAmountWithTax", "Balance")
		lines := o.rows(objCreditMemoLine, "Type", "LineAmount")
		return append(append(append(memo, lines...), preview), o.value(-1, "GrandTotalAmount"))
	}
	if diff := cmp.Diff(books("deltas"), books("reversed")); diff != "" {
		t.Errorf("deltas and reversed (-+):\n%s", diff)
	}
}

func TestRounding(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ n, by, halfUp, halfEven, down, up string }{
		{"1", "8", "0.13", "0.12", "0.12", "0.13"},
		{"3", "8", "0.38", "0.38", "0.37", "0.38"},
		{"1", "3", "0.33", "0.33", "0.33", "0.34"},
		{"2", "3", "0.67", "0.67", "0.66", "0.67"},
		{"-1", "8", "-0.13", "-0.12", "-0.12", "-0.13"},
		{"1", "-3", "-0.33", "-0.33", "-0.33", "-0.34"},
		{"10", "4", "2.5", "2.5", "2.5", "2.5"},
		{"0", "3", "0", "0", "0", "0"},
	} {
		for by, want := range map[rounding]string{roundHalfUp: c.halfUp, roundHalfEven: c.halfEven, roundDown: c.down, roundUp: c.up} {
			if got := by.div(dec(c.n), dec(c.by), 2); !got.Equal(dec(want)) {
				t.Errorf("%s / %s by %s is %s, want %s", c.n, c.by, by, got, want)
			}
		}
	}
}
