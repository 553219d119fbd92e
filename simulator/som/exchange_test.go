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

// authorization is money set aside at the till that belongs to no order yet.
func (o testOrder) authorization(amount string) (id string) {
	o.t.Helper()
	o.write(func(tx *sandbox.Tx) error {
		gateway := o.PaymentGateway(tx, NewPaymentGateway{Name: "Till"})
		id = o.insert(tx, "", objAuthorization, values{
			"AccountId": o.account, "Amount": dec(amount), "CurrencyIsoCode": "EUR", "ProcessingMode": "Salesforce", "PaymentGatewayId": gateway,
			"Status": statusProcessed, "GatewayRefNumber": "w-new", "TotalPaymentCaptureAmount": decimal.Zero,
		})
		return nil
	})
	return id
}

func TestACancelledExchangeGivesTheReservedBalanceBack(t *testing.T) {
	t.Parallel()
	o, returnOrder := sold(t, true)
	exchanged, _, _ := o.exchange(Exchange{ReturnOrderID: returnOrder, CartID: o.cartOf("66", "14")})
	o.payBackReturn(returnOrder, true)
	r, rule := exchanged.cancel(exchanged.units(0, "1"))
	if rule != "" || r.Balances.TotalExcessFundsAmount.String() != "80" {
		t.Fatalf("refused by %q, balances %+v", rule, r.Balances)
	}
	if status, rule := exchanged.refundExcess("80"); status != "Complete " || rule != "" {
		t.Errorf("%s %s", status, rule)
	}
	if got := o.purse(); got != "116.59 110 80" {
		t.Errorf("at the end: %s", got)
	}
	o.nothingDue()
	exchanged.nothingDue()
}

func TestAnExchangeOrderSharesPaymentsWithItsOwnExchange(t *testing.T) {
	t.Parallel()
	o, returnOrder := sold(t, true)
	first, _, _ := o.exchange(Exchange{ReturnOrderID: returnOrder, CartID: o.cartOf("66", "14")})
	first.pay(first.ship(), true)
	var again string
	rule := o.try(func(tx *sandbox.Tx) (err error) {
		again, _, err = o.CreateReturnOrder(tx, "", NewReturnOrder{
			OrderSummaryID: first.id, Status: "Submitted", Lines: []NewReturnLine{{OrderItemSummaryID: first.item(0).ID, Expected: dec("1"), Reason: "Damaged"}},
		})
		return err
	})
	if rule != "" {
		t.Fatal(rule)
	}
	second, result, rule := first.exchange(Exchange{ReturnOrderID: again, CartID: o.cartOf("50", "0")})
	if rule != "" || result.Balances.TotalRefundableAmount.String() != "30" {
		t.Fatalf("refused by %q, balances %+v", rule, result.Balances)
	}
	if status := second.pay(second.ship(), true); status != "Complete " {
		t.Errorf("payment of the second: %s", status)
	}
	roots := o.rows(objRelationship, "RootOrderSummaryId")
	if diff := cmp.Diff([]string{o.id, o.id}, roots); diff != "" {
		t.Errorf("roots (-want +got):\n%s", diff)
	}
	if _, status := o.payBackReturn(returnOrder, true); status != "Complete " {
		t.Errorf("refund of the original: %s", status)
	}
	r, rule := first.process(again, first.back(makeID("0Sn", 2), "1", "0"))
	if rule != "" {
		t.Fatal(rule)
	}
	memo, _ := first.credit(r.ChangeOrderID)
	if status, rule := first.settle(func(tx *sandbox.Tx) (string, error) {
		return o.EnsureRefunds(tx, "", EnsureRefunds{OrderSummaryID: first.id, CreditMemoID: memo, ConsiderReserved: true})
	}); status != "Complete " || rule != "" {
		t.Errorf("refund of the first: %s %s", status, rule)
	}
	if got := o.purse(); got != "116.59 60 130" {
		t.Errorf("at the end: %s", got)
	}
	for _, order := range []testOrder{o, first, second} {
		order.nothingDue()
	}
	if open := append(o.openBalances(objInvoice), o.openBalances(objCreditMemo)...); len(open) > 0 {
		t.Errorf("still open are %q", open)
	}
}

func TestSequencesSayWhatIsReserved(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).paid(&till{}, captured("60"), captured("56.59"))
	fo, _ := o.allocate("2")
	o.setStatus(fo, "Fulfilled")
	returnOrder, _ := o.expecting(nil, "2")
	ops := func(n uint64) string { return makeID("0bM", n) }
	cart := o.cartOf("66", "14")
	for name, tc := range map[string]struct {
		rule  string
		steps []Sequence
	}{
		"more than is there":    {"som.exchange.sequence-balance", []Sequence{{ops(1), dec("60.01")}}},
		"less than nothing":     {"som.exchange.sequence-amount", []Sequence{{ops(1), dec("-1")}}},
		"of nobody":             {"som.exchange.sequence-belongs", []Sequence{{ops(9), dec("1")}}},
		"an id of another kind": {"som.exchange.sequence-belongs", []Sequence{{o.id, dec("1")}}},
	} {
		if _, _, rule := o.exchange(Exchange{ReturnOrderID: returnOrder, CartID: cart, Sequences: tc.steps}); rule != tc.rule {
			t.Errorf("%s: refused by %q", name, rule)
		}
	}
	_, result, rule := o.exchange(Exchange{ReturnOrderID: returnOrder, CartID: cart, Sequences: []Sequence{{ops(1), dec("10")}, {ops(2), decimal.Zero}}})
	if rule != "" || result.Balances.TotalRequiredFundsAmount.String() != "13.41" {
		t.Errorf("refused by %q, balances %+v", rule, result.Balances)
	}
	if diff := cmp.Diff([]string{"10", "56.59"}, o.rows(objOrderPaymentSummary, "ReservedBalanceTotalAmount")); diff != "" {
		t.Errorf("reserved (-want +got):\n%s", diff)
	}
}

func TestExchangeRefusals(t *testing.T) {
	t.Parallel()
	o, returnOrder := sold(t, true)
	other := o.workedExample()
	stranger := ""
	o.write(func(tx *sandbox.Tx) (err error) {
		stranger, err = o.Account(tx, NewAccount{Name: "Otto Fremd", Number: "c-2"})
		return err
	})
	unmanaged, _ := o.expecting(func(n *NewReturnOrder) { n.LifeCycle = Unmanaged }, "1")
	good := func() Exchange {
		return Exchange{OrderSummaryID: o.id, ReturnOrderID: returnOrder, CartID: o.cartOf("10", "1")}
	}
	edited := func(edit func(*Exchange)) Exchange {
		in := good()
		edit(&in)
		return in
	}
	emptied := func() string {
		cart := o.cartOf("10", "1")
		o.write(func(tx *sandbox.Tx) error {
			for _, item := range o.Rows(tx).children(objCartItem, "CartId", cart) {
				of, _ := o.catalog.Object(objCartItem)
				if err := o.Delete(tx, "", of, item.ID); err != nil {
					return err
				}
			}
			return nil
		})
		return cart
	}
	halved := func() string {
		cart := o.cartOf("10", "1")
		o.write(func(tx *sandbox.Tx) error {
			item := o.Rows(tx).children(objCartItem, "CartId", cart)[0]
			return o.Update(tx, "", objCartItem, item.ID, []sobject.FieldValue{field("Quantity", dec("0.5"))})
		})
		return cart
	}
	for _, tc := range []struct {
		name, rule string
		in         Exchange
	}{
		{"an order summary id that is none", "som.connect.id-form", edited(func(e *Exchange) { e.OrderSummaryID = "nonsense" })},
		{"an order summary of another kind", "som.connect.id-object", edited(func(e *Exchange) { e.OrderSummaryID = returnOrder })},
		{"a return order of another kind", "som.connect.id-object", edited(func(e *Exchange) { e.ReturnOrderID = o.id })},
		{"a return order that is not there", "som.connect.record-exists", edited(func(e *Exchange) { e.ReturnOrderID = makeID("2oN", 99) })},
		{"a return order of another order", "som.exchange.return-order-belongs", edited(func(e *Exchange) { e.OrderSummaryID = other.id })},
		{"an unmanaged return order", "som.exchange.return-order-status", edited(func(e *Exchange) { e.ReturnOrderID = unmanaged })},
		{"a cart of another kind", "som.connect.id-object", edited(func(e *Exchange) { e.CartID = o.id })},
		{"a cart that is not there", "som.connect.record-exists", edited(func(e *Exchange) { e.CartID = makeID("0a6", 99) })},
		{"a closed cart", "som.exchange.cart-status", edited(func(e *Exchange) { e.CartID = o.cartOf("10", "1", field("Status", "Closed")) })},
		{"a stranger's cart", "som.exchange.cart-account", edited(func(e *Exchange) { e.CartID = o.cartOf("10", "1", field("AccountId", stranger)) })},
		{"a cart in yen", "som.exchange.cart-currency", edited(func(e *Exchange) { e.CartID = o.cartOf("10", "1", field("CurrencyIsoCode", "JPY")) })},
		{"an empty cart", "som.exchange.cart-items", edited(func(e *Exchange) { e.CartID = emptied() })},
		{"half a unit", "som.exchange.cart-quantity", edited(func(e *Exchange) { e.CartID = halved() })},
		{"another reservation", "som.exchange.reservation-type", edited(func(e *Exchange) { e.ReservationType = "Some" })},
		{"a payment that is not there", "som.payment-summary.transaction-exists", edited(func(e *Exchange) { e.Payments = []ExchangePayment{{PaymentIDs: []string{makeID("0aQ", 99)}}} })},
		{"a payment without anything", "som.payment-summary.one-source", edited(func(e *Exchange) { e.Payments = []ExchangePayment{{Name: "Visa"}} })},
		{"a payment of another method", "som.exchange.payment-method", edited(func(e *Exchange) {
			e.Payments = []ExchangePayment{{PaymentAuthorizationID: o.authorization("1"), PaymentMethodID: makeID("03O", 1)}}
		})},
	} {
		t.Run(tc.name, func(t *testing.T) {
			before := o.count(objOrder)
			rule := o.try(func(tx *sandbox.Tx) error { _, err := o.SubmitExchange(tx, "", tc.in); return err })
			if rule != tc.rule {
				t.Errorf("refused by %q, not by %q", rule, tc.rule)
			}
			if after := o.count(objOrder); after != before || o.count(objRelationship) != 0 || o.purse() != "116.59 0 " {
				t.Errorf("it wrote something: %d orders, %s", after-before, o.purse())
			}
		})
	}
}
