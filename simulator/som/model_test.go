package som

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// sequencesPerCheck lets the usual 100 checks of rapid walk through 500 sequences; -rapid.checks=2000 makes it 10,000.
const sequencesPerCheck = 5

// TestRandomSequencesKeepEveryEquation allocates, ships, cancels, discounts, returns, invoices and refunds at random.
// Whatever is refused, quantities and money must agree after every step, and at the end, when everything that is owed
// has been paid, the shopper has paid what the order is worth, to the cent.
func TestRandomSequencesKeepEveryEquation(t *testing.T) {
	org := newTestOrg(t)
	till := &till{}
	org.UseGateway(till)
	n, done := 0, map[string]int{}
	rapid.Check(t, func(r *rapid.T) {
		for range sequencesPerCheck {
			n++
			w := walk{rapid: r, till: till, done: done, testOrder: org.randomOrder(t, r, n)}
			for range rapid.IntRange(1, 14).Draw(r, "steps") {
				w.step()
			}
			w.settleEverything()
			if err := org.worlds.Delete(w.world.Name()); err != nil {
				r.Fatal(err)
			}
		}
	})
	for _, step := range []string{"exchange", "change", "pending"} {
		if n >= 100*sequencesPerCheck && done[step] == 0 {
			t.Errorf("in %d sequences no %s was ever possible", n, step)
		}
	}
}

// randomOrder is an order of up to three products and a delivery charge, with discounts, fully captured.
func (o *testOrg) randomOrder(t *testing.T, r *rapid.T, n int) testOrder {
	t.Helper()
	forked := *o
	forked.t = t
	var err error
	if forked.world, err = o.worlds.Create(fmt.Sprintf("walk-%d", n), sandbox.Options{From: "default"}); err != nil {
		r.Fatal(err)
	}
	cents := func(label string, most int) decimal.Decimal {
		return decimal.New(int64(rapid.IntRange(0, most).Draw(r, label)), -2)
	}
	order := NewOrder{AdjustmentGroups: []NewAdjustmentGroup{{Name: "sale", Type: GroupHeader}}}
	group := NewDeliveryGroup{Name: "Erika Muster"}
	for range rapid.IntRange(1, 3).Draw(r, "products") {
		item := NewItem{ProductID: o.product, Quantity: decimal.NewFromInt(int64(rapid.IntRange(1, 4).Draw(r, "units"))), UnitPrice: cents("price", 9999).Add(dec("1"))}
		item.Taxes = []NewTax{{Name: "VAT", Amount: cents("tax", 999)}}
		if rapid.Bool().Draw(r, "discounted") {
			item.Adjustments = []NewAdjustment{{Name: "sale", Group: "sale", Amount: cents("discount", 99).Neg()}}
		}
		group.Items = append(group.Items, item)
	}
	group.Items = append(group.Items, NewItem{ProductID: o.shipping, Type: TypeDelivery, UnitPrice: cents("shipping", 999), Taxes: []NewTax{{Name: "VAT", Amount: cents("tax on it", 99)}}})
	order.DeliveryGroups = []NewDeliveryGroup{group}
	worth := order.totals(order.DeliveryGroups...).all().withTax()
	half := worth.DivRound(dec("2"), 2)
	forked.write(func(tx *sandbox.Tx) error {
		gateway := o.PaymentGateway(tx, NewPaymentGateway{Name: "Till"})
		for i, part := range []decimal.Decimal{half, worth.Sub(half)} {
			order.Payments = append(order.Payments, NewPayment{
				Method: "Visa", Type: "Credit Card", GatewayRefNumber: fmt.Sprint(i), GatewayID: gateway, Authorized: part, Captured: part,
			})
		}
		return nil
	})
	return forked.order(order)
}

// walk is one random sequence.
type walk struct {
	testOrder
	rapid *rapid.T
	till  *till
	// done counts the steps that were not refused.
	done map[string]int
}

func (w walk) step() {
	w.id = w.pick(objOrderSummary).ID
	steps := []func(){
		w.allocates, w.moves, w.takesOut, w.cancels, w.discounts, w.returns, w.expects, w.processes, w.invoices, w.refunds,
		w.exchanges, w.changesRows, w.takesIn,
	}
	rapid.SampledFrom(steps).Draw(w.rapid, "step")()
	w.everyOrder(func(w walk) { w.checkInvariants() })
}

// tries runs a step; a refusal is as good an outcome as any, as long as it is one.
func (w walk) tries(work func(tx *sandbox.Tx) error) (rule string) { return w.try(work) }

func (w walk) number(label string, most int) decimal.Decimal {
	return decimal.NewFromInt(int64(rapid.IntRange(1, most).Draw(w.rapid, label)))
}

// pick is one of the rows of an object in the sandbox, or an empty one.
func (w walk) pick(object string) *sobject.Record {
	rows := w.allOf(object)
	if len(rows) == 0 {
		return &sobject.Record{}
	}
	return rows[rapid.IntRange(0, len(rows)-1).Draw(w.rapid, object)]
}

// allOf lists the rows of an object in the sandbox.
func (w walk) allOf(object string) (rows []*sobject.Record) {
	tx := w.world.Read()
	defer tx.Abort()
	w.Rows(tx).Scan(object, func(r *sobject.Record) bool {
		rows = append(rows, r)
		return true
	})
	return rows
}

func (w walk) allocates() {
	item := w.pick(objOrderItemSummary)
	w.tries(func(tx *sandbox.Tx) error {
		_, err := w.CreateFulfillmentOrders(tx, "", Allocation{
			OrderSummaryID: w.id, OrderDeliveryGroupSummaryID: item.Text("OrderDeliveryGroupSummaryId"),
			Groups: []AllocatedGroup{{w.warehouse, "warehouse", []AllocatedItem{{item.ID, w.number("units", 4)}}}},
		})
		return err
	})
}

func (w walk) moves() {
	status := rapid.SampledFrom([]string{"Pickpack", "Fulfilled", "Fulfilled", "Cancelled", "Rejected"}).Draw(w.rapid, "status")
	if fo := w.pick(objFulfillmentOrder); fo.ID != "" {
		w.tries(func(tx *sandbox.Tx) error { return w.SetFulfillmentOrderStatus(tx, "", fo.ID, status) })
	}
}

func (w walk) takesOut() {
	if line := w.pick(objFulfillmentLine); line.ID != "" {
		w.tries(func(tx *sandbox.Tx) error {
			return w.CancelFulfillmentOrderItem(tx, "", line.Text("FulfillmentOrderId"), []LineToCancel{{line.ID, w.number("units", 3)}})
		})
	}
}

// changed is a random change of units, perhaps with a fee.
func (w walk) changed() []ChangeItem {
	item := ChangeItem{
		OrderItemSummaryID: w.pick(objOrderItemSummary).ID, Quantity: w.number("units", 3), Reason: "Unknown",
		ReduceShipping: rapid.Bool().Draw(w.rapid, "with shipping"),
	}
	if rapid.IntRange(0, 3).Draw(w.rapid, "fee") == 0 {
		item.Fees = []ChangeFee{w.fee("1.23", rapid.SampledFrom([]FeeAmountType{FeeWithTax, FeeWithoutTax, FeePercentage, FeePercentageGross}).Draw(w.rapid, "kind"))}
	}
	return []ChangeItem{item}
}

func (w walk) cancels() {
	w.tries(func(tx *sandbox.Tx) error {
		_, err := w.SubmitCancel(tx, "", w.id, w.changed())
		return err
	})
}

func (w walk) returns() {
	w.tries(func(tx *sandbox.Tx) error {
		_, err := w.SubmitReturn(tx, "", w.id, w.changed())
		return err
	})
}

func (w walk) discounts() {
	item := AdjustItem{
		OrderItemSummaryID: w.pick(objOrderItemSummary).ID, Reason: "Unknown", Amount: w.number("discount in cents", 900).Shift(-2).Neg(),
		Type: rapid.SampledFrom([]AdjustmentType{AdjustWithTax, AdjustWithoutTax, AdjustPercentage, AdjustTaxOnly, AdjustProductOnly}).Draw(w.rapid, "kind"),
	}
	policy := rapid.SampledFrom([]InFulfillmentPolicy{"", InFulfillmentSeparate, InFulfillmentAsBefore}).Draw(w.rapid, "policy")
	w.tries(func(tx *sandbox.Tx) error {
		_, err := w.SubmitAdjust(tx, "", Adjustment{OrderSummaryID: w.id, Items: []AdjustItem{item}, InFulfillment: policy})
		return err
	})
}

func (w walk) expects() {
	line := NewReturnLine{
		OrderItemSummaryID: w.pick(objOrderItemSummary).ID, Expected: w.number("units", 3), Reason: "Damaged",
		ReduceShipping: rapid.Bool().Draw(w.rapid, "with shipping"),
	}
	w.tries(func(tx *sandbox.Tx) error {
		_, _, err := w.CreateReturnOrder(tx, "", NewReturnOrder{OrderSummaryID: w.id, Status: "Submitted", Lines: []NewReturnLine{line}})
		return err
	})
}

func (w walk) processes() {
	if line := w.pick(objReturnLine); line.ID != "" {
		item := ReturnItem{ReturnOrderLineItemID: line.ID, Returned: w.number("returned", 2), ToCancel: w.number("cancelled", 2).Sub(dec("1"))}
		w.tries(func(tx *sandbox.Tx) error {
			in := ReturnItems{ReturnOrderID: line.Text("ReturnOrderId"), Items: []ReturnItem{item}}
			if line.Text("Type") == string(TypeDelivery) {
				in.Items, in.DeliveryCharges = nil, []string{line.ID}
			}
			_, err := w.ReturnItems(tx, "", in)
			return err
		})
	}
}

func (w walk) invoices() {
	if fo := w.pick(objFulfillmentOrder); fo.ID != "" {
		w.tries(func(tx *sandbox.Tx) error {
			id, err := w.CreateInvoice(tx, "", fo.ID)
			if err == nil {
				_, err = w.EnsureFunds(tx, "", EnsureFunds{OrderSummaryID: w.id, InvoiceID: id, ConsiderReserved: true})
			}
			return err
		})
	}
}

// refunds gives back what is due now, at a provider that may decline.
func (w walk) refunds() {
	w.till.declines = rapid.IntRange(0, 3).Draw(w.rapid, "declined") == 0
	w.payBack()
	w.till.declines = false
}

// payBack credits every change after fulfilment, invoices every fee, and refunds what is due.
func (w walk) payBack() {
	var refund EnsureRefunds
	w.write(func(tx *sandbox.Tx) error {
		refund = w.due(tx)
		if refund.CreditMemoID == "" && !refund.ExcessFunds.IsPositive() {
			return nil
		}
		_, err := w.EnsureRefunds(tx, "", refund)
		return err
	})
	if _, err := w.world.Advance(w.t.Context(), time.Minute); err != nil {
		w.rapid.Fatal(err)
	}
}

func (w walk) due(tx *sandbox.Tx) EnsureRefunds {
	refund := EnsureRefunds{OrderSummaryID: w.id, ConsiderReserved: true}
	var credits, fees []string
	for _, change := range w.Rows(tx).children(objItemChange, "OrderSummaryId", w.id) {
		order, _ := w.find(tx, objOrder, w.parent(tx, objOrderItem, change.Get("ChangeOrderItemId")).Text("OrderId"))
		if _, settled := w.settlements.Get(tx.Tx, order.ID); settled || w.SOM.number(order, "GrandTotalAmount").IsZero() {
			continue
		}
		if isFee(change) && !slices.Contains(fees, order.ID) {
			fees = append(fees, order.ID)
		} else if !isFee(change) && !change.Bool("IsPreFulfillment") && !slices.Contains(credits, order.ID) {
			credits = append(credits, order.ID)
		}
	}
	if len(fees) > 0 {
		if _, err := w.CreateChangeInvoice(tx, "", w.id, fees); err != nil {
			w.rapid.Fatal(err)
		}
	}
	if len(credits) > 0 {
		if _, err := w.CreateCreditMemo(tx, "", w.id, credits); err != nil {
			w.rapid.Fatal(err)
		}
	}
	for _, memo := range w.Rows(tx).children(objCreditMemo, "ReferenceEntityId", w.id) {
		if w.SOM.number(memo, "Balance").IsPositive() {
			refund.CreditMemoID = memo.ID
		}
	}
	for _, invoice := range w.Rows(tx).children(objInvoice, "ReferenceEntityId", w.id) {
		if w.SOM.number(invoice, "Balance").IsPositive() && w.ofFees(tx, invoice) {
			refund.InvoicesToPay = append(refund.InvoicesToPay, invoice.ID)
		}
	}
	s, _ := w.managedSummary(tx, w.id)
	refund.ExcessFunds = w.excessFunds(tx, s, w.storedDues(tx, w.id))
	return refund
}

func (w walk) ofFees(tx *sandbox.Tx, invoice *sobject.Record) bool {
	for _, line := range w.Rows(tx).children(objInvoiceLine, "InvoiceId", invoice.ID) {
		if line.Text("ReferenceEntityItemType") != string(TypeFee) {
			return false
		}
	}
	return true
}

// settleEverything pays what is owed until nothing changes any more, and then compares what the shopper has paid with
// what the orders are worth. Fees that nothing was left to pay with are still owed.
func (w walk) settleEverything() {
	for range 6 {
		w.everyOrder(func(w walk) { w.payBack() })
	}
	tx := w.world.Read()
	defer tx.Abort()
	paid, held := decimal.Zero, decimal.Zero
	for _, ops := range w.allOf(objOrderPaymentSummary) {
		paid = paid.Add(ops.Decimal("CapturedAmount")).Sub(ops.Decimal("RefundedAmount"))
	}
	w.everyOrder(func(w walk) { held = held.Add(w.settled(tx)) })
	if !paid.Equal(held) {
		w.rapid.Fatalf("in all %s was paid, and the orders have %s", paid, held)
	}
}

// settled holds one order against the money that it has, and returns that. What an exchange took in advance of goods that
// have not come back is owed by the shopper, unless other money of the order was there to stand for it.
func (w walk) settled(tx *sandbox.Tx) decimal.Decimal {
	s, err := w.managedSummary(tx, w.id)
	if err != nil {
		w.rapid.Fatal(err)
	}
	held, due := decimal.Zero, w.storedDues(tx, w.id)
	for _, stake := range w.stakes(tx, w.id) {
		held = held.Add(stake.amount)
	}
	if !due.owed().IsZero() || !w.excessFunds(tx, s, due).IsZero() {
		w.rapid.Fatalf("still to be refunded: %+v and %s", due, w.excessFunds(tx, s, due))
	}
	missing, advance := s.grandTotal().Sub(due.fees).Sub(held), due.covered.Sub(due.credits).Sub(due.credited)
	if missing.IsNegative() || missing.GreaterThan(advance) {
		w.rapid.Fatalf("paid %s, owed for fees %s and at most %s for an exchange, the order is worth %s", held, due.fees, advance, s.grandTotal())
	}
	return held
}

// everyOrder visits the order summaries of the sandbox.
func (w walk) everyOrder(visit func(walk)) {
	for _, r := range w.allOf(objOrderSummary) {
		w.id = r.ID
		visit(w)
	}
}
