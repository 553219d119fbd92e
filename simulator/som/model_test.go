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
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		for range sequencesPerCheck {
			n++
			w := walk{rapid: r, till: till, testOrder: org.randomOrder(t, r, n)}
			for range rapid.IntRange(1, 14).Draw(r, "steps") {
				w.step()
			}
			w.settleEverything()
			if err := org.worlds.Delete(w.world.Name()); err != nil {
				r.Fatal(err)
			}
		}
	})
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
}

func (w walk) step() {
	steps := []func(){w.allocates, w.moves, w.takesOut, w.cancels, w.discounts, w.returns, w.expects, w.processes, w.invoices, w.refunds}
	rapid.SampledFrom(steps).Draw(w.rapid, "step")()
	w.checkInvariants()
}

// tries runs a step; a refusal is as good an outcome as any, as long as it is one.
func (w walk) tries(work func(tx *sandbox.Tx) error) { w.try(work) }

func (w walk) number(label string, most int) decimal.Decimal {
	return decimal.NewFromInt(int64(rapid.IntRange(1, most).Draw(w.rapid, label)))
}

// pick is one of the rows of an object in the sandbox, or an empty one.
func (w walk) pick(object string) *sobject.Record {
	tx := w.world.Read()
	defer tx.Abort()
	var rows []*sobject.Record
	w.Rows(tx).Scan(object, func(r *sobject.Record) bool {
		rows = append(rows, r)
		return true
	})
	if len(rows) == 0 {
		return &sobject.Record{}
	}
	return rows[rapid.IntRange(0, len(rows)-1).Draw(w.rapid, object)]
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
				_, err = w.EnsureFunds(tx, "", EnsureFunds{OrderSummaryID: w.id, InvoiceID: id})
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
	refund := EnsureRefunds{OrderSummaryID: w.id}
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
// what the order is worth. Fees that nothing was left to pay with are still owed.
func (w walk) settleEverything() {
	for range 6 {
		w.payBack()
	}
	tx := w.world.Read()
	defer tx.Abort()
	s, err := w.managedSummary(tx, w.id)
	if err != nil {
		w.rapid.Fatal(err)
	}
	paid, due := decimal.Zero, w.storedDues(tx, w.id)
	for _, ops := range w.Rows(tx).children(objOrderPaymentSummary, "OrderSummaryId", w.id) {
		paid = paid.Add(ops.Decimal("CapturedAmount")).Sub(ops.Decimal("RefundedAmount"))
	}
	if !due.credits.IsZero() || !due.credited.IsZero() || !w.excessFunds(tx, s, due).IsZero() {
		w.rapid.Fatalf("still to be refunded: %+v and %s", due, w.excessFunds(tx, s, due))
	}
	if worth := s.grandTotal(); !paid.Add(due.fees).Equal(worth) {
		w.rapid.Fatalf("paid %s, owed for fees %s, the order is worth %s", paid, due.fees, worth)
	}
}
