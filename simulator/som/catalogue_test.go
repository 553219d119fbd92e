package som

import (
	"testing"

	"github.com/somsim/somsim/simulator/sandbox"
)

func TestCancelC23ABrokenThresholdIsNotRepriced(t *testing.T) {
	t.Parallel()
	// 10 off from 100 on, over two lines of 60 and 50.
	o := newTestOrg(t)
	order := o.order(NewOrder{
		AdjustmentGroups: []NewAdjustmentGroup{{Name: "10 off from 100", Type: GroupHeader}},
		DeliveryGroups: []NewDeliveryGroup{{Name: "Erika Muster", Items: []NewItem{
			{ProductID: o.product, UnitPrice: dec("60"), Adjustments: []NewAdjustment{{Name: "10 off", Group: "10 off from 100", Amount: dec("-6")}}},
			{ProductID: o.cheap, UnitPrice: dec("50"), Adjustments: []NewAdjustment{{Name: "10 off", Group: "10 off from 100", Amount: dec("-4")}}},
		}}},
	})
	if _, rule := order.cancel(order.units(0, "1")); rule != "" {
		t.Fatalf("refused by %s", rule)
	}
	order.expect(-1, map[string]string{"GrandTotalAmount": "46", "TotalProductAdjDistAmount": "-4"})
}

func TestCancelC28AFeeAboveTheRefundStaysOwed(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).paid(&till{}, captured("116.59"))
	units := o.units(0, "1")
	units.Fees = []ChangeFee{o.fee("70", FeeWithTax)}
	r, _ := o.cancel(units)
	invoice, _ := o.changeInvoice(r.FeeChangeOrderID)
	status, _ := o.settle(func(tx *sandbox.Tx) (string, error) {
		return o.EnsureRefunds(tx, "", EnsureRefunds{OrderSummaryID: o.id, ExcessFunds: r.Balances.TotalExcessFundsAmount, InvoicesToPay: []string{invoice}})
	})
	if status != "Complete " || len(o.rows(objRefund, "Amount")) != 0 {
		t.Errorf("%s, refunds %q", status, o.rows(objRefund, "Amount"))
	}
	if got := o.document(objInvoice, invoice, "Balance")["Balance"]; got != "15" {
		t.Errorf("still owed are %s", got)
	}
}

func TestCancelC32OneCallTakesMoreThanAHundredItems(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample(func(n *NewOrder) {
		one := n.DeliveryGroups[0].Items[0]
		for range 120 {
			n.DeliveryGroups[0].Items = append(n.DeliveryGroups[0].Items, one)
		}
	})
	var items []ChangeItem
	o.read(func(_ *sandbox.Tx, s *orderSummary) {
		for _, i := range s.items {
			if i.kind() == TypeProduct {
				items = append(items, ChangeItem{OrderItemSummaryID: i.ID, Quantity: dec("2"), Reason: "Unknown"})
			}
		}
	})
	if _, rule := o.cancel(items...); rule != "" || len(items) != 121 {
		t.Errorf("%d items: refused by %q", len(items), rule)
	}
}

func TestCancelC37UnitsThatShipMeanwhileAreLostToTheCancel(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	fo, _ := o.allocate("2")
	rule := o.try(func(tx *sandbox.Tx) error {
		if err := o.SetFulfillmentOrderStatus(tx, "", fo, "Fulfilled"); err != nil {
			return err
		}
		_, err := o.SubmitCancel(tx, "", o.id, []ChangeItem{o.units(0, "1")})
		return err
	})
	if rule != "som.cancel.quantity-available" {
		t.Errorf("refused by %q", rule)
	}
	o.expect(0, map[string]string{"QuantityFulfilled": "0", "QuantityAllocated": "2", "QuantityCanceled": "0"})
}

func TestCancelC38UnitsThatAStoreRejectsCanBeAllocatedAgain(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	fo, _ := o.allocate("2")
	o.setStatus(fo, "Rejected")
	o.expect(0, map[string]string{"QuantityAllocated": "0", "QuantityAvailableToCancel": "2", "Status": "ORDERED"})
	if _, rule := o.allocate("2"); rule != "" {
		t.Errorf("refused by %q", rule)
	}
}

func TestCancelC39AmountsHaveTheDigitsOfTheirCurrency(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	for currency, want := range map[string]string{"JPY": "333", "EUR": "333.33", "KWD": "333.333"} {
		t.Run(currency, func(t *testing.T) {
			t.Parallel()
			o := org.fork(t).workedExample(jackets("3"), func(n *NewOrder) {
				n.Currency = currency
				n.DeliveryGroups[0].Items[0].UnitPrice, n.DeliveryGroups[0].Items[0].Taxes = dec("0"), []NewTax{{Name: "VAT", Amount: dec("1000")}}
			})
			r, rule := o.cancel(o.units(0, "1"))
			if rule != "" || r.Balances.TotalTaxAmount.String() != want {
				t.Errorf("%s: tax of a third is %s %s", currency, r.Balances.TotalTaxAmount, rule)
			}
			if got := o.changeCurrency(r.ChangeOrderID); got != currency {
				t.Errorf("the change order is in %s", got)
			}
		})
	}
}

func (o testOrder) changeCurrency(id string) string {
	tx := o.world.Read()
	defer tx.Abort()
	r, _ := o.find(tx, objOrder, id)
	return r.Text("CurrencyIsoCode")
}

func TestReturnR24AChangeBeforeFulfilmentCanBeCreditedOnceItIsInvoiced(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).paid(&till{}, captured("116.59"))
	r, _ := o.cancel(o.units(0, "1"))
	memo, rule := o.credit(r.ChangeOrderID)
	if rule != "" {
		t.Fatalf("refused by %s", rule)
	}
	next, _ := o.adjust("", o.discount("-1", AdjustProductOnly))
	if b := next.Balances; b.TotalExcessFundsAmount.String() != "1" {
		t.Errorf("what the memo holds is excess no longer: %+v", b)
	}
	if got := o.document(objCreditMemo, memo, "Balance")["Balance"]; got != "55" {
		t.Errorf("the memo holds %s", got)
	}
}

func TestReturnR34UnitsThatCameBackCannotBeReshipped(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).delivered("3", "3")
	o.expect(0, map[string]string{"QuantityAvailableToReship": "3"})
	o.giveBack(o.units(0, "1"))
	o.expect(0, map[string]string{"QuantityAvailableToReship": "2"})
}

func TestReturnR36UnitsOfSeveralFulfillmentOrdersComeBackTogether(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample(jackets("3"))
	for _, q := range []string{"1", "2"} {
		fo, _ := o.allocate(q)
		o.setStatus(fo, "Fulfilled")
	}
	if _, rule := o.giveBack(o.units(0, "3")); rule != "" {
		t.Errorf("refused by %q", rule)
	}
	o.expect(0, map[string]string{"Status": "RETURNED", "QuantityReturned": "3"})
}

func TestReturnR38ARetryReturnsAgainWhileUnitsRemain(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).delivered("2", "2")
	for n, want := range []string{"", "", "som.return.quantity-available"} {
		if _, rule := o.giveBack(o.units(0, "1")); rule != want {
			t.Errorf("call %d: refused by %q, not by %q", n+1, rule, want)
		}
	}
}

func TestReturnR6EveryFulfilledUnitIsExpected(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).delivered("3", "2")
	o.expecting(nil, "2")
	o.expect(0, map[string]string{"Status": "RETURNINITIATED", "QuantityAvailableToCancel": "1"})
}

func TestReturnR37AReturnGoesByQuantitiesWhateverBecameOfTheInvoice(t *testing.T) {
	t.Parallel()
	// The vendor does not say what a voided invoice means to returns; the choice here: nothing.
	o := newTestOrg(t).paid(&till{}, captured("116.59"))
	invoice := o.invoiceAll()
	o.pay(invoice, false)
	o.write(func(tx *sandbox.Tx) error {
		r := tracked(o.parent(tx, objInvoice, invoice))
		r.put("Status", "Voided")
		o.save(tx, "", r)
		return nil
	})
	r, rule := o.giveBack(o.units(0, "2"))
	if rule != "" || r.Balances.TotalRefundableAmount.String() != "110" {
		t.Fatalf("refused by %q, balances %+v", rule, r.Balances)
	}
	o.expect(0, map[string]string{"Status": "RETURNED", "QuantityReturned": "2"})
	memo, rule := o.credit(r.ChangeOrderID)
	if rule != "" {
		t.Fatalf("no credit memo: %s", rule)
	}
	status, _ := o.settle(func(tx *sandbox.Tx) (string, error) {
		return o.EnsureRefunds(tx, "", EnsureRefunds{OrderSummaryID: o.id, CreditMemoID: memo})
	})
	if status != "Complete " || o.purse() != "116.59 110 " {
		t.Errorf("%s: %s", status, o.purse())
	}
}
