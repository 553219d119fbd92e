package som

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

func (o testOrder) credit(changeOrders ...string) (id, rule string) {
	o.t.Helper()
	rule = o.try(func(tx *sandbox.Tx) (err error) {
		id, err = o.CreateCreditMemo(tx, "", o.id, changeOrders)
		return err
	})
	return id, rule
}

func (o testOrder) changeInvoice(changeOrders ...string) (id, rule string) {
	o.t.Helper()
	rule = o.try(func(tx *sandbox.Tx) (err error) {
		id, err = o.CreateChangeInvoice(tx, "", o.id, changeOrders)
		return err
	})
	return id, rule
}

// document reads fields of an invoice or a credit memo, and checks that its lines add up to it.
func (o testOrder) document(object, id string, fields ...string) map[string]string {
	o.t.Helper()
	tx := o.world.Read()
	defer tx.Abort()
	r, ok := o.find(tx, object, id)
	if !ok {
		o.t.Fatalf("no %s %s", object, id)
	}
	shown := map[string]string{}
	for _, f := range fields {
		shown[f] = o.shown(r, f)
	}
	sum := decimal.Zero
	for _, line := range o.Rows(tx).children(object+"Line", object+"Id", id) {
		sum = sum.Add(line.Decimal("LineAmount"))
	}
	if total := o.shown(r, "TotalAmountWithTax"); sum.String() != total {
		o.t.Errorf("the lines of %s add up to %s, not to %s", id, sum, total)
	}
	return shown
}

func TestInvoiceOfAFulfillmentOrder(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample(jackets("3"))
	o.adjust("", o.discount("-9.99", AdjustProductOnly))
	fo, _ := o.allocate("2")
	o.setStatus(fo, "Fulfilled")
	var invoice string
	o.write(func(tx *sandbox.Tx) (err error) {
		invoice, err = o.CreateInvoice(tx, "", fo)
		return err
	})
	got := o.document(objInvoice, invoice, "Status", "TotalChargeAmount", "TotalAdjustmentAmount", "TotalTaxAmount", "TotalAmountWithTax", "Balance", "ReferenceEntityId")
	want := map[string]string{
		"Status": "Posted", "TotalChargeAmount": "100", "TotalAdjustmentAmount": "-6.66", "TotalTaxAmount": "6.67",
		"TotalAmountWithTax": "100.01", "Balance": "100.01", "ReferenceEntityId": o.id,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("invoice (-want +got):\n%s", diff)
	}
	again := func(id string) string {
		return o.try(func(tx *sandbox.Tx) error {
			_, err := o.CreateInvoices(tx, "", []string{id})
			return err
		})
	}
	if rule := again(fo); rule != "som.invoice.once" {
		t.Errorf("a second invoice: %q", rule)
	}
	rest, _ := o.allocate("1")
	o.setStatus(rest, "Cancelled")
	if rule := again(rest); rule != "som.invoice.status" {
		t.Errorf("an invoice for what is cancelled: %q", rule)
	}
	if rule := o.try(func(tx *sandbox.Tx) error {
		_, err := o.CreateInvoices(tx, "", nil)
		return err
	}); rule != "som.invoice.fulfillment-orders-required" {
		t.Errorf("an invoice for nothing: %q", rule)
	}
}

func TestInvoiceNeedsUnits(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	fo, _ := o.allocate("2")
	o.write(func(tx *sandbox.Tx) error {
		return o.CancelFulfillmentOrderItem(tx, "", fo, []LineToCancel{{o.line(fo).ID, dec("2")}})
	})
	if rule := o.try(func(tx *sandbox.Tx) error {
		_, err := o.CreateInvoice(tx, "", fo)
		return err
	}); rule != "som.invoice.units-left" {
		t.Errorf("refused by %q", rule)
	}
}

func TestCreditMemoOfTwoChangeOrders(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).delivered("3", "3")
	first, _ := o.giveBack(o.withShipping(0, "1"))
	second, _ := o.giveBack(o.units(0, "1"))
	memo, rule := o.credit(first.ChangeOrderID, second.ChangeOrderID)
	if rule != "" {
		t.Fatalf("R22: refused by %s", rule)
	}
	worth := dec(o.worth(first.ChangeOrderID)).Add(dec(o.worth(second.ChangeOrderID))).Neg().String()
	got := o.document(objCreditMemo, memo, "TotalAmountWithTax", "Balance", "Status", "TotalChargeAmount")
	if diff := cmp.Diff(map[string]string{"TotalAmountWithTax": worth, "Balance": worth, "Status": "Posted", "TotalChargeAmount": "100"}, got); diff != "" {
		t.Errorf("R22: credit memo (-want +got):\n%s", diff)
	}
	if _, rule := o.credit(second.ChangeOrderID); rule != "som.credit.once" {
		t.Errorf("R23: refused by %q", rule)
	}
	third, _ := o.giveBack(o.units(0, "1"))
	if b := third.Balances; !b.TotalExcessFundsAmount.IsZero() || !b.TotalRefundableAmount.Equal(b.GrandTotalAmount) {
		t.Errorf("what is credited is no longer outstanding: %+v", b)
	}
}

func TestCreditMemoRefusals(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	o := org.delivered("2", "2")
	units := o.units(0, "1")
	units.Fees = []ChangeFee{o.fee("5", FeeWithoutTax)}
	r, _ := o.giveBack(units)
	original := o.value(-1, "OriginalOrderId")
	for name, c := range map[string]struct {
		rule   string
		orders []string
	}{
		"no change order":    {"som.credit.change-orders-required", nil},
		"the original order": {"som.credit.change-order-belongs", []string{original}},
		"no order at all":    {"som.credit.change-order-belongs", []string{o.id}},
		"the fee":            {"som.credit.amount", []string{r.FeeChangeOrderID}},
		"the same one twice": {"som.credit.once", []string{r.ChangeOrderID, r.ChangeOrderID}},
	} {
		if _, rule := o.credit(c.orders...); rule != c.rule {
			t.Errorf("%s: refused by %q, not by %q", name, rule, c.rule)
		}
	}
	if _, rule := o.changeInvoice(r.ChangeOrderID); rule != "som.change-invoice.amount" {
		t.Errorf("an invoice of what goes back: %q", rule)
	}
	if o.count(objCreditMemo) != 0 || o.count(objInvoice) != 0 {
		t.Error("a refused document was written")
	}
}

func TestFeesAreOwedUntilTheirInvoiceIsPaid(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).delivered("2", "2")
	units := o.units(0, "1")
	units.Fees = []ChangeFee{o.fee("5", FeeWithoutTax)}
	r, _ := o.giveBack(units)
	invoice, rule := o.changeInvoice(r.FeeChangeOrderID)
	if rule != "" {
		t.Fatalf("refused by %s", rule)
	}
	if got := o.document(objInvoice, invoice, "Balance")["Balance"]; got != "5.5" {
		t.Errorf("the invoice has a balance of %s", got)
	}
	owed := func() string {
		r, _ := o.adjust("", o.discount("-1", AdjustProductOnly))
		return r.Balances.TotalRequiredFundsAmount.String()
	}
	if got := owed(); got != "5.5" {
		t.Errorf("owed is %s", got)
	}
	o.write(func(tx *sandbox.Tx) error {
		row := tracked(o.parent(tx, objInvoice, sobject.Value(invoice)))
		row.put("NetPaymentsApplied", dec("5.5"))
		o.save(tx, "", row)
		return nil
	})
	if got := owed(); got != "0" {
		t.Errorf("owed is %s after the payment", got)
	}
}

func TestACreditMemoHasAtMost500Lines(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	for lines, want := range map[int]string{250: "", 251: "som.credit.lines"} {
		t.Run(fmt.Sprint(2*lines), func(t *testing.T) {
			t.Parallel()
			o := org.fork(t).workedExample(func(n *NewOrder) {
				n.DeliveryGroups[0].Items = nil
				for range lines {
					n.DeliveryGroups[0].Items = append(n.DeliveryGroups[0].Items, NewItem{ProductID: org.product, Quantity: dec("1"), UnitPrice: dec("50")})
				}
			})
			var items []AdjustItem
			o.read(func(_ *sandbox.Tx, s *orderSummary) {
				for _, i := range s.items {
					items = append(items, AdjustItem{OrderItemSummaryID: i.ID, Amount: dec("-1"), Type: AdjustProductOnly, Reason: "Unknown"})
				}
			})
			r, _ := o.adjust("", items...)
			if _, rule := o.credit(r.PreFulfillment); rule != want {
				t.Errorf("R32: refused by %q, not by %q", rule, want)
			}
		})
	}
}
