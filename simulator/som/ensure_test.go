package som

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// till is a payment provider that does what it is told, unless it declines.
type till struct{ declines bool }

func (g *till) answer(kind string, in GatewayRequest) GatewayAnswer {
	if g.declines {
		return GatewayAnswer{Result: ResultDecline, Code: "51", Message: "declined"}
	}
	return GatewayAnswer{Result: ResultSuccess, Reference: kind + " of " + in.Reference, Code: "00"}
}

func (g *till) Capture(_ *sandbox.Tx, in GatewayRequest) GatewayAnswer {
	return g.answer("capture", in)
}

func (g *till) Reverse(_ *sandbox.Tx, in GatewayRequest) GatewayAnswer {
	return g.answer("reversal", in)
}

func (g *till) Refund(_ *sandbox.Tx, in GatewayRequest) GatewayAnswer { return g.answer("refund", in) }

// purchase answers requests for new money: in its word, and by its reference.
func (g *till) purchase(kind string, in GatewayPurchase) GatewayAnswer {
	answer := g.answer(kind, GatewayRequest{Reference: in.OrderNumber + in.Card.Token + in.Card.Last})
	if answer.Result == ResultSuccess {
		answer.AuthCode, answer.Token = "a-"+in.Card.Last, "t-"+in.Card.Last
	}
	return answer
}

func (g *till) Authorize(_ *sandbox.Tx, in GatewayPurchase) GatewayAnswer {
	return g.purchase("authorization", in)
}

func (g *till) Sale(_ *sandbox.Tx, in GatewayPurchase) GatewayAnswer { return g.purchase("sale", in) }

func (g *till) PostAuth(_ *sandbox.Tx, in GatewayPurchase) GatewayAnswer {
	answer := g.purchase("post", in)
	if answer.Result == ResultSuccess {
		answer.Reference = in.Card.Token
	}
	return answer
}

func (g *till) Tokenize(_ *sandbox.Tx, in GatewayCard) GatewayAnswer {
	return g.purchase("token", GatewayPurchase{Card: in})
}

// paid is the worked example with payments of these amounts (authorised and captured); the provider is a till.
func (o *testOrg) paid(g *till, payments ...NewPayment) testOrder {
	o.t.Helper()
	o.UseGateway(g)
	var gateway string
	o.write(func(tx *sandbox.Tx) error {
		gateway = o.PaymentGateway(tx, NewPaymentGateway{Name: "Till"})
		return nil
	})
	return o.workedExample(func(n *NewOrder) {
		for _, p := range payments {
			p.Method, p.Type, p.GatewayRefNumber, p.GatewayID = "Visa", "Credit Card", "w-"+p.Authorized.String(), gateway
			n.Payments = append(n.Payments, p)
		}
	})
}

func captured(amount string) NewPayment {
	return NewPayment{Authorized: dec(amount), Captured: dec(amount)}
}

func authorized(amount string) NewPayment { return NewPayment{Authorized: dec(amount)} }

// settle runs an ensure action to its end and returns the status of its background operation.
func (o testOrder) settle(start func(tx *sandbox.Tx) (string, error)) (status, rule string) {
	o.t.Helper()
	var id string
	rule = o.try(func(tx *sandbox.Tx) (err error) {
		id, err = start(tx)
		return err
	})
	if rule != "" {
		return "", rule
	}
	if _, err := o.world.Advance(o.t.Context(), time.Minute); err != nil {
		o.t.Fatal(err)
	}
	tx := o.world.Read()
	defer tx.Abort()
	operation, _ := o.find(tx, objBackground, id)
	return operation.Text("Status") + " " + operation.Text("Error"), ""
}

func (o testOrder) refundExcess(amount string) (status, rule string) {
	o.t.Helper()
	return o.settle(func(tx *sandbox.Tx) (string, error) {
		return o.EnsureRefunds(tx, "", EnsureRefunds{OrderSummaryID: o.id, ExcessFunds: dec(amount)})
	})
}

// rows tells a field of every row of an object, in the order of their ids.
func (o testOrder) rows(object string, fields ...string) []string {
	o.t.Helper()
	tx := o.world.Read()
	defer tx.Abort()
	var out []string
	o.Rows(tx).Scan(object, func(r *sobject.Record) bool {
		line := ""
		for i, f := range fields {
			if i > 0 {
				line += " "
			}
			line += o.shown(r, f)
		}
		out = append(out, line)
		return true
	})
	return out
}

func TestExcessIsRefundedAndCumulative(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).paid(&till{}, captured("116.59"))
	first, _ := o.cancel(o.units(0, "1"))
	second, _ := o.cancel(o.units(0, "1"))
	if a, b := first.Balances.TotalExcessFundsAmount, second.Balances.TotalExcessFundsAmount; a.String() != "55" || b.String() != "110" {
		t.Fatalf("C25: excess is %s, then %s", a, b)
	}
	for _, amount := range []string{"55", "61.59"} {
		if status, rule := o.refundExcess(amount); rule != "" || status != "Complete " {
			t.Errorf("C26: refund of %s: %s %s", amount, status, rule)
		}
	}
	if status, _ := o.refundExcess("0.01"); status != "Error INVALID_API_INPUT: 0.01 is to be refunded, 0 is available to refund." {
		t.Errorf("R26: %s", status)
	}
	if diff := cmp.Diff([]string{"55 Processed 0 refund of w-116.59", "61.59 Processed 0 refund of w-116.59"}, o.rows(objRefund, "Amount", "Status", "Balance", "GatewayRefNumber")); diff != "" {
		t.Errorf("refunds (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"116.59 116.59 0"}, o.rows(objOrderPaymentSummary, "CapturedAmount", "RefundedAmount", "AvailableToRefundAmount")); diff != "" {
		t.Errorf("payment summary (-want +got):\n%s", diff)
	}
}

func TestRefundOfACreditMemo(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).paid(&till{}, captured("66.59"), captured("50"))
	fo, _ := o.allocate("2")
	o.setStatus(fo, "Fulfilled")
	r, _ := o.giveBack(o.units(0, "1"))
	memo, _ := o.credit(r.ChangeOrderID)
	ops := o.rows(objOrderPaymentSummary, "Id")
	status, rule := o.settle(func(tx *sandbox.Tx) (string, error) {
		return o.EnsureRefunds(tx, "", EnsureRefunds{
			OrderSummaryID: o.id, CreditMemoID: memo, AllowPartial: true, Sequences: []Sequence{{ops[1][:15], dec("30")}},
		})
	})
	if rule != "" || status != "Complete " || o.document(objCreditMemo, memo, "Balance")["Balance"] != "25" {
		t.Fatalf("R30: %s %s, left on the memo: %s", status, rule, o.document(objCreditMemo, memo, "Balance"))
	}
	status, _ = o.settle(func(tx *sandbox.Tx) (string, error) {
		return o.EnsureRefunds(tx, "", EnsureRefunds{OrderSummaryID: o.id, CreditMemoID: memo})
	})
	if status != "Complete " || o.document(objCreditMemo, memo, "Balance")["Balance"] != "0" {
		t.Errorf("the rest: %s", status)
	}
	if diff := cmp.Diff([]string{"30", "25"}, o.rows(objRefund, "Amount")); diff != "" {
		t.Errorf("refunds (-want +got):\n%s", diff)
	}
	again, _ := o.giveBack(o.units(0, "1"))
	if b := again.Balances; !b.TotalExcessFundsAmount.IsZero() || b.TotalRefundableAmount.String() != "55" {
		t.Errorf("after the refund: %+v", b)
	}
}

func TestRefundLessTheFee(t *testing.T) {
	t.Parallel()
	for name, takeBack := range map[string]func(o testOrder, units ChangeItem) (memo string, excess decimal.Decimal, fee string){
		"before fulfilment": func(o testOrder, units ChangeItem) (string, decimal.Decimal, string) {
			r, _ := o.cancel(units)
			return "", r.Balances.TotalExcessFundsAmount, r.FeeChangeOrderID
		},
		"after fulfilment": func(o testOrder, units ChangeItem) (string, decimal.Decimal, string) {
			fo, _ := o.allocate("2")
			o.setStatus(fo, "Fulfilled")
			r, _ := o.giveBack(units)
			memo, _ := o.credit(r.ChangeOrderID)
			return memo, decimal.Zero, r.FeeChangeOrderID
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newTestOrg(t).paid(&till{}, captured("116.59"))
			units := o.units(0, "1")
			units.Fees = []ChangeFee{o.fee("5.5", FeeWithTax)}
			memo, excess, fee := takeBack(o, units)
			invoice, _ := o.changeInvoice(fee)
			status, rule := o.settle(func(tx *sandbox.Tx) (string, error) {
				return o.EnsureRefunds(tx, "", EnsureRefunds{OrderSummaryID: o.id, CreditMemoID: memo, ExcessFunds: excess, InvoicesToPay: []string{invoice}})
			})
			if rule != "" || status != "Complete " {
				t.Fatalf("C27: %s %s", status, rule)
			}
			if got := o.document(objInvoice, invoice, "Balance")["Balance"]; got != "0" {
				t.Errorf("C27: the fee's invoice has a balance of %s", got)
			}
			if diff := cmp.Diff([]string{"49.5"}, o.rows(objRefund, "Amount")); diff != "" {
				t.Errorf("C27: refunds (-want +got):\n%s", diff)
			}
			r, _ := o.adjust("", o.discount("-1", AdjustProductOnly))
			if b := r.Balances; !b.TotalRequiredFundsAmount.IsZero() || b.TotalRefundableAmount.String() != "1" {
				t.Errorf("C27: afterwards %+v", b)
			}
		})
	}
}

func TestARefundThatTheProviderDeclines(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).paid(&till{declines: true}, captured("116.59"))
	o.cancel(o.units(0, "1"))
	if status, _ := o.refundExcess("55"); status != "Complete " {
		t.Errorf("R31: the operation is %s", status)
	}
	if diff := cmp.Diff([]string{"Failed 55"}, o.rows(objRefund, "Status", "Amount")); diff != "" {
		t.Errorf("R31: refunds (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"ReferencedRefund Failed Decline declined"}, o.rows(objGatewayLog, "InteractionType", "InteractionStatus", "SfResultCode", "GatewayMessage")); diff != "" {
		t.Errorf("R31: log (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"ProcessExceptionEvent OM Refund Failed"}, o.complaints()); diff != "" {
		t.Errorf("R31: events (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"0"}, o.rows(objOrderPaymentSummary, "RefundedAmount")); diff != "" {
		t.Errorf("R31: refunded (-want +got):\n%s", diff)
	}
}

// complaints lists the process exceptions that were published.
func (o testOrder) complaints() []string {
	tx := o.world.Read()
	defer tx.Abort()
	var out []string
	for _, e := range o.Events(tx, EventQuery{}) {
		for _, f := range e.Fields {
			if text, ok := f.Value.(string); ok && f.Name == "ExceptionType" {
				out = append(out, e.Name+" "+text)
			}
		}
	}
	return out
}

func TestRefundRefusals(t *testing.T) {
	t.Parallel()
	org := newTestOrg(t)
	o := org.paid(&till{}, captured("116.59"))
	for name, c := range map[string]struct {
		rule string
		in   EnsureRefunds
	}{
		"R25 nothing to refund":           {"som.refunds.input-required", EnsureRefunds{}},
		"a negative amount":               {"som.refunds.excess-positive", EnsureRefunds{ExcessFunds: dec("-1")}},
		"a credit memo of nobody":         {"som.refunds.credit-memo-belongs", EnsureRefunds{CreditMemoID: o.id}},
		"an invoice of nobody":            {"som.refunds.invoice-belongs", EnsureRefunds{ExcessFunds: dec("1"), InvoicesToPay: []string{o.id}}},
		"a payment summary of nobody":     {"som.funds.sequence-belongs", EnsureRefunds{ExcessFunds: dec("1"), Sequences: []Sequence{{o.id, dec("1")}}}},
		"a sequence of less than nothing": {"som.funds.sequence-amount", EnsureRefunds{ExcessFunds: dec("1"), Sequences: []Sequence{{o.rows(objOrderPaymentSummary, "Id")[0], dec("-1")}}}},
	} {
		c.in.OrderSummaryID = o.id
		if _, rule := o.settle(func(tx *sandbox.Tx) (string, error) { return o.EnsureRefunds(tx, "", c.in) }); rule != c.rule {
			t.Errorf("%s: refused by %q, not by %q", name, rule, c.rule)
		}
	}
	if n := o.count(objBackground); n != 0 {
		t.Errorf("%d background operations", n)
	}
}

func TestEnsureFunds(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name     string
		payments []NewPayment
		ensure   func(ops []string) EnsureFunds
		status   string
		captures []string
		balance  string
	}{
		{
			name: "captures what is authorised", payments: []NewPayment{authorized("116.59")},
			status: "Complete ", captures: []string{"110 Capture 0"}, balance: "0",
		},
		{
			name: "uses captured money first", payments: []NewPayment{authorized("60"), captured("60")},
			status: "Complete ", captures: []string{"60 Capture 0", "50 Capture 0"}, balance: "0",
		},
		{
			name: "largest first", payments: []NewPayment{authorized("50"), authorized("70")},
			status: "Complete ", captures: []string{"70 Capture 0", "40 Capture 0"}, balance: "0",
		},
		{
			name: "the smallest that is enough, before 52.0", payments: []NewPayment{authorized("200"), authorized("120")},
			ensure: func([]string) EnsureFunds { return EnsureFunds{OldSelection: true} },
			status: "Complete ", captures: []string{"110 Capture 0"}, balance: "0",
		},
		{
			name: "in sequence, the rest by the rule", payments: []NewPayment{authorized("50"), authorized("100")},
			ensure: func(ops []string) EnsureFunds { return EnsureFunds{Sequences: []Sequence{{ops[0], dec("20")}}} },
			status: "Complete ", captures: []string{"20 Capture 0", "90 Capture 0"}, balance: "0",
		},
		{
			name: "in sequence, the rest left open", payments: []NewPayment{authorized("50"), authorized("100")},
			ensure: func(ops []string) EnsureFunds {
				return EnsureFunds{AllowPartial: true, Sequences: []Sequence{{ops[0], dec("20")}}}
			},
			status: "Complete ", captures: []string{"20 Capture 0"}, balance: "90",
		},
		{
			name: "too little", payments: []NewPayment{authorized("100")}, balance: "110",
			status: "Error INVALID_API_INPUT: The invoice has a balance of 110, payments offer 100.",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := newTestOrg(t).paid(&till{}, c.payments...)
			invoice := o.invoiceAll()
			var in EnsureFunds
			if c.ensure != nil {
				in = c.ensure(o.rows(objOrderPaymentSummary, "Id"))
			}
			in.OrderSummaryID, in.InvoiceID = o.id, invoice
			status, rule := o.settle(func(tx *sandbox.Tx) (string, error) { return o.EnsureFunds(tx, "", in) })
			if rule != "" || status != c.status {
				t.Errorf("%s %s", status, rule)
			}
			if diff := cmp.Diff(c.captures, o.rows(objPayment, "Amount", "Type", "Balance")); diff != "" {
				t.Errorf("payments (-want +got):\n%s", diff)
			}
			if got := o.document(objInvoice, invoice, "Balance")["Balance"]; got != c.balance {
				t.Errorf("the invoice has a balance of %s", got)
			}
		})
	}
}

// invoiceAll ships the jackets and invoices them: 110.00 with tax.
func (o testOrder) invoiceAll() (invoice string) {
	o.t.Helper()
	fo, _ := o.allocate("2")
	o.setStatus(fo, "Fulfilled")
	o.write(func(tx *sandbox.Tx) (err error) {
		invoice, err = o.CreateInvoice(tx, "", fo)
		return err
	})
	return invoice
}

func TestACaptureThatTheProviderDeclines(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).paid(&till{declines: true}, authorized("116.59"))
	invoice := o.invoiceAll()
	status, _ := o.settle(func(tx *sandbox.Tx) (string, error) {
		return o.EnsureFunds(tx, "", EnsureFunds{OrderSummaryID: o.id, InvoiceID: invoice})
	})
	if status != "Complete " || o.document(objInvoice, invoice, "Balance")["Balance"] != "110" {
		t.Errorf("the operation is %s", status)
	}
	if diff := cmp.Diff([]string{"ProcessExceptionEvent OM Capture Failed"}, o.complaints()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if _, rule := o.settle(func(tx *sandbox.Tx) (string, error) {
		return o.EnsureFunds(tx, "", EnsureFunds{OrderSummaryID: o.id, InvoiceID: o.id})
	}); rule != "som.funds.invoice-belongs" {
		t.Errorf("an invoice of nobody: %q", rule)
	}
}

func TestMoneyMovedByOthersIsNotRefundedByTheOrg(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).delivered("2", "2")
	o.adjust("", o.discount("-11", AdjustWithTax))
	if status, _ := o.refundExcess("11"); status != "Complete " {
		t.Errorf("the operation is %s", status)
	}
	if diff := cmp.Diff([]string{"Failed No payment gateway is connected to the payment."}, o.rows(objRefund, "Status", "GatewayResultCodeDescription")); diff != "" {
		t.Errorf("refunds (-want +got):\n%s", diff)
	}
}
