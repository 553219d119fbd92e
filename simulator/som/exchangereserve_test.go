package som

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

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
