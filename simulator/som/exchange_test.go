package som

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// cartOf is a cart with one product of that price and tax; edit may change the fields of the cart.
func (o *testOrg) cartOf(price, tax string, edit ...sobject.FieldValue) (id string) {
	o.t.Helper()
	create := func(tx *sandbox.Tx, object string, fields ...sobject.FieldValue) string {
		of, _ := o.catalog.Object(object)
		id, err := o.Create(tx, "", of, fields)
		if err != nil {
			o.t.Fatal(err)
		}
		return id
	}
	o.write(func(tx *sandbox.Tx) error {
		store := create(tx, "WebStore", field("Name", "Shop"), field("Type", "B2C"))
		id = create(tx, objCart, append([]sobject.FieldValue{field("Name", "Exchange"), field("WebStoreId", store), field("AccountId", o.account)}, edit...)...)
		group := create(tx, objCartGroup, field("Name", "Shipment1"), field("CartId", id), field("DeliverToCity", "Halle"))
		item := create(tx, objCartItem, field("Name", "Socks"), field("CartId", id), field("CartDeliveryGroupId", group), field("Product2Id", o.cheap),
			field("Quantity", dec("1")), field("SalesPrice", dec(price)))
		create(tx, objCartTax, field("Name", "VAT"), field("CartItemId", item), field("Amount", dec(tax)), field("TaxCalculationDate", "2026-03-01"), field("TaxType", "Actual"))
		return nil
	})
	return id
}

// sold is the worked example, paid, both jackets delivered and, unless told otherwise, invoiced; and a return order for both.
func sold(t *testing.T, invoiced bool) (o testOrder, returnOrder string) {
	t.Helper()
	o = newTestOrg(t).paid(&till{}, captured("116.59"))
	if invoiced {
		invoice := o.invoiceAll()
		o.pay(invoice, false)
	} else {
		fo, _ := o.allocate("2")
		o.setStatus(fo, "Fulfilled")
	}
	returnOrder, rule := o.expecting(nil, "2")
	if rule != "" {
		t.Fatal(rule)
	}
	return o, returnOrder
}

// pay ensures funds of an invoice and returns how that ended.
func (o testOrder) pay(invoice string, considered bool) (status string) {
	o.t.Helper()
	status, rule := o.settle(func(tx *sandbox.Tx) (string, error) {
		return o.EnsureFunds(tx, "", EnsureFunds{OrderSummaryID: o.id, InvoiceID: invoice, ConsiderReserved: considered})
	})
	if rule != "" {
		o.t.Fatalf("refused by %s", rule)
	}
	return status
}

// payBackReturn processes the return order, credits it and refunds the memo; it returns the memo and how that ended.
func (o testOrder) payBackReturn(returnOrder string, considered bool) (memo, status string) {
	o.t.Helper()
	r, rule := o.process(returnOrder, o.back(makeID("0Sn", 1), "2", "0"))
	if rule != "" {
		o.t.Fatalf("refused by %s", rule)
	}
	memo, _ = o.credit(r.ChangeOrderID)
	status, _ = o.settle(func(tx *sandbox.Tx) (string, error) {
		return o.EnsureRefunds(tx, "", EnsureRefunds{OrderSummaryID: o.id, CreditMemoID: memo, ConsiderReserved: considered})
	})
	return memo, status
}

func (o testOrder) exchange(in Exchange) (exchanged testOrder, result ExchangeResult, rule string) {
	o.t.Helper()
	in.OrderSummaryID = o.id
	rule = o.try(func(tx *sandbox.Tx) (err error) {
		result, err = o.SubmitExchange(tx, "", in)
		return err
	})
	o.checkInvariants()
	exchanged = testOrder{o.testOrg, result.ExchangeOrderSummaryID}
	if rule == "" {
		exchanged.checkInvariants()
	}
	return exchanged, result, rule
}

// ship delivers the only product of an order and invoices it.
func (o testOrder) ship() (invoice string) {
	o.t.Helper()
	fo, rule := o.allocate("1")
	if rule == "" {
		rule = o.setStatus(fo, "Fulfilled")
	}
	if rule != "" {
		o.t.Fatal(rule)
	}
	o.write(func(tx *sandbox.Tx) (err error) {
		invoice, err = o.CreateInvoice(tx, "", fo)
		return err
	})
	return invoice
}

// purse tells captured, refunded and reserved of the only order payment summary.
func (o testOrder) purse() string {
	return o.rows(objOrderPaymentSummary, "CapturedAmount", "RefundedAmount", "ReservedBalanceTotalAmount")[0]
}

func (o testOrder) openBalances(object string) (open []string) {
	o.t.Helper()
	for _, balance := range o.rows(object, "Balance") {
		if balance != "0" {
			open = append(open, balance)
		}
	}
	return open
}

func TestReturnR35TheLeftoverOfAnExchangeIsRefundedAndTheReservedBalancePaysForTheNewOrder(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ invoiced, refundFirst bool }{
		"refunded first":                    {true, true},
		"shipped first":                     {true, false},
		"never invoiced":                    {false, true},
		"never invoiced, and shipped first": {false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, returnOrder := sold(t, tc.invoiced)
			exchanged, result, rule := o.exchange(Exchange{ReturnOrderID: returnOrder, CartID: o.cartOf("66", "14")})
			if b := result.Balances; rule != "" || b.GrandTotalAmount.String() != "30" || b.TotalRefundableAmount.String() != "30" || !b.TotalRequiredFundsAmount.IsZero() {
				t.Fatalf("refused by %q, balances %+v", rule, b)
			}
			if got := o.purse(); got != "116.59 0 80" {
				t.Errorf("after the exchange: %s", got)
			}
			refund := func() {
				if _, status := o.payBackReturn(returnOrder, true); status != "Complete " {
					t.Errorf("refund: %s", status)
				}
			}
			ship := func() {
				if status := exchanged.pay(exchanged.ship(), true); status != "Complete " {
					t.Errorf("payment: %s", status)
				}
			}
			if tc.refundFirst {
				refund()
				ship()
			} else {
				ship()
				refund()
			}
			if got := o.purse(); got != "116.59 30 80" {
				t.Errorf("at the end: %s", got)
			}
			if open := append(o.openBalances(objInvoice), o.openBalances(objCreditMemo)...); len(open) > 0 {
				t.Errorf("still open are %q", open)
			}
			o.nothingDue()
			exchanged.nothingDue()
		})
	}
}

// nothingDue fails when money is left that nobody has a claim on, or claims without money.
func (o testOrder) nothingDue() {
	o.t.Helper()
	o.read(func(tx *sandbox.Tx, s *orderSummary) {
		held, due := decimal.Zero, o.storedDues(tx, o.id)
		for _, stake := range o.stakes(tx, o.id) {
			held = held.Add(stake.amount)
		}
		if worth := s.grandTotal(); !held.Equal(worth) || !due.owed().IsZero() || !o.excessFunds(tx, s, due).IsZero() {
			o.t.Errorf("the order is worth %s and %s was paid for it; dues %+v", worth, held, due)
		}
	})
}

func TestAnExchangeOrderIsTiedToTheOrderItCameFrom(t *testing.T) {
	t.Parallel()
	o, returnOrder := sold(t, true)
	cart := o.cartOf("66", "14")
	exchanged, _, rule := o.exchange(Exchange{ReturnOrderID: returnOrder, CartID: cart, OrderNumber: "00001001-E"})
	if rule != "" {
		t.Fatal(rule)
	}
	exchanged.expect(-1, map[string]string{
		"OrderNumber": "00001001-E", "SourceProcess": "Exchange", "SourceOrderSummaryId": o.id, "GrandTotalAmount": "80", "AccountId": o.account, "Status": "Created",
	})
	exchanged.expect(0, map[string]string{"Status": "ORDERED", "QuantityOrdered": "1", "TotalLineAmount": "66", "TotalTaxAmount": "14"})
	for object, want := range map[string]string{
		objRelationship:     o.id + " " + exchanged.id + " " + o.id + " " + returnOrder + " Exchange",
		objPaymentReference: exchanged.id + " Shared 80 80",
		objCart:             "Closed 80",
	} {
		fields := map[string][]string{
			objRelationship:     {"MainOrderSummaryId", "AssociatedOrderSummaryId", "RootOrderSummaryId", "MainAttachedToId", "AssociatedRelationshipType"},
			objPaymentReference: {"OrderSummaryId", "Type", "ReservedBalanceAmount", "ReservedBalanceTotalAmount"},
			objCart:             {"Status", "GrandTotalAmount"},
		}[object]
		if diff := cmp.Diff([]string{want}, o.rows(object, fields...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", object, diff)
		}
	}
	groups := o.rows(objDeliveryGroup, "OrderSummaryId", "DeliverToCity")
	if diff := cmp.Diff(exchanged.id+" Halle", groups[len(groups)-1]); diff != "" {
		t.Errorf("delivery group (-want +got):\n%s", diff)
	}
	if _, _, rule := o.exchange(Exchange{ReturnOrderID: returnOrder, CartID: cart}); rule != "som.exchange.cart-status" {
		t.Errorf("the cart again: refused by %q", rule)
	}
	// What is left of the return order pays for another one.
	if second, result, rule := o.exchange(Exchange{ReturnOrderID: returnOrder, CartID: o.cartOf("100", "0")}); rule != "" || result.Balances.TotalRequiredFundsAmount.String() != "70" {
		t.Errorf("refused by %q, balances %+v of %s", rule, result.Balances, second.id)
	}
}

func TestAReservedBalanceThatNobodyConsidersIsRefundedAndMissing(t *testing.T) {
	t.Parallel()
	o, returnOrder := sold(t, true)
	exchanged, _, _ := o.exchange(Exchange{ReturnOrderID: returnOrder, CartID: o.cartOf("66", "14")})
	if _, status := o.payBackReturn(returnOrder, false); status != "Complete " {
		t.Fatal(status)
	}
	if got := o.purse(); got != "116.59 110 80" {
		t.Errorf("refunded: %s", got)
	}
	invoice := exchanged.ship()
	if status := exchanged.pay(invoice, false); status == "Complete " {
		t.Error("the exchange order has no payments of its own, and its invoice was paid")
	}
	if got := o.document(objInvoice, invoice, "Balance")["Balance"]; got != "80" {
		t.Errorf("the invoice has a balance of %s", got)
	}
}

func TestAnExchangeThatCostsMoreIsPaidByNewMoneyToo(t *testing.T) {
	t.Parallel()
	o, returnOrder := sold(t, true)
	cart := o.cartOf("126", "24")
	var preview ExchangeResult
	o.try(func(tx *sandbox.Tx) (err error) {
		preview, err = o.PreviewExchange(tx, Exchange{OrderSummaryID: o.id, ReturnOrderID: returnOrder, CartID: cart})
		return err
	})
	if b := preview.Balances; b.GrandTotalAmount.String() != "-40" || b.TotalRequiredFundsAmount.String() != "40" || !b.TotalRefundableAmount.IsZero() {
		t.Errorf("preview %+v", b)
	}
	if preview.Cart.GrandTotal.String() != "150" || preview.Original.GrandTotal.String() != "116.59" || preview.Return.GrandTotal.String() != "110" || preview.Original.Delivery.String() != "5.99" {
		t.Errorf("balance states %+v", preview)
	}
	if got := o.purse(); got != "116.59 0 " {
		t.Errorf("a preview reserved something: %s", got)
	}
	authorization := o.authorization("40")
	exchanged, result, rule := o.exchange(Exchange{
		ReturnOrderID: returnOrder, CartID: cart, Payments: []ExchangePayment{{PaymentAuthorizationID: authorization, Name: "Visa - 4567"}},
	})
	if rule != "" || !result.Balances.TotalRequiredFundsAmount.IsZero() {
		t.Fatalf("refused by %q, balances %+v", rule, result.Balances)
	}
	if status := exchanged.pay(exchanged.ship(), true); status != "Complete " {
		t.Errorf("payment: %s", status)
	}
	if diff := cmp.Diff([]string{"116.59 0 110", "40 0 "}, o.rows(objOrderPaymentSummary, "CapturedAmount", "RefundedAmount", "ReservedBalanceTotalAmount")); diff != "" {
		t.Errorf("payments (-want +got):\n%s", diff)
	}
	exchanged.nothingDue()
	if _, status := o.payBackReturn(returnOrder, true); status != "Complete " {
		t.Errorf("refund: %s", status)
	}
	o.nothingDue()
}
