package cancel

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// provider has several payments, and races that happen right before a void.
type provider struct {
	payments map[string]*worldlineclient.Payment
	races    map[string]func() // before the first void of the payment
	lost     map[string]bool   // the answer to the first void of the payment gets lost after it happened
	calls    []string
}

func (p *provider) Payment(_ context.Context, id string) (worldlineclient.Payment, error) {
	return *p.payments[id], nil
}

func (p *provider) Void(_ context.Context, id string, m worldlineclient.Movement) error {
	if race := p.races[id]; race != nil {
		delete(p.races, id)
		race()
	}
	pay := p.payments[id]
	if _, made := pay.Operation(m.Key); made {
		return nil
	}
	if m.Amount > pay.Open() {
		return &remote.Error{System: "worldline", Class: remote.Conflict, VendorCode: worldlineclient.OperationNotPossible}
	}
	p.operate(pay, "CANCELLED", m)
	pay.Voided += m.Amount
	if p.lost[id] {
		delete(p.lost, id)
		return &remote.Error{System: "worldline", Class: remote.Ambiguous}
	}
	return nil
}

func (p *provider) Refund(_ context.Context, id string, m worldlineclient.Movement) (worldlineclient.Operation, error) {
	pay := p.payments[id]
	if op, made := pay.Operation(m.Key); made {
		return op, nil
	}
	if m.Amount > pay.Refundable() {
		return worldlineclient.Operation{}, &remote.Error{System: "worldline", Class: remote.Conflict, VendorCode: worldlineclient.OperationNotPossible}
	}
	pay.Refunded += m.Amount
	return p.operate(pay, "REFUND_REQUESTED", m), nil
}

func (p *provider) operate(pay *worldlineclient.Payment, status string, m worldlineclient.Movement) worldlineclient.Operation {
	op := worldlineclient.Operation{ID: fmt.Sprintf("%s.%d", pay.ID, len(pay.Operations)+1), Status: status, Amount: m.Amount, Reference: m.Key}
	pay.Operations = append(append([]worldlineclient.Operation(nil), pay.Operations...), op)
	p.calls = append(p.calls, fmt.Sprintf("%s %s %d", status, pay.ID, m.Amount))
	return op
}

func newProvider(first, second worldlineclient.Payment) *provider {
	first.ID, first.Currency, second.ID, second.Currency = payID, "EUR", "pay2", "EUR"
	return &provider{
		payments: map[string]*worldlineclient.Payment{payID: &first, "pay2": &second}, races: map[string]func(){}, lost: map[string]bool{},
	}
}

// TestSeveralPayments cancels 10.00 of an order worth 35.00 that two payments pay for, while a capture runs in parallel.
func TestSeveralPayments(t *testing.T) {
	t.Parallel()
	open := func(amount int64) worldlineclient.Payment {
		return worldlineclient.Payment{Authorized: amount, Cancellable: true}
	}
	captureAll := func(p *provider, id string) func() {
		return func() { p.payments[id].Captured, p.payments[id].Cancellable = p.payments[id].Authorized, false }
	}
	one, all := orderops.CancelRequest{Items: items(lineID, "1")}, orderops.CancelRequest{}
	cases := []struct {
		name          string
		request       orderops.CancelRequest
		first, second worldlineclient.Payment
		prepare       func(p *provider)
		want          []string
	}{
		{"the first pays as far as it goes", one, open(600), open(2900), nil, []string{"CANCELLED pay1 600", "CANCELLED pay2 400"}},
		{"a capture of the first: the second is still open", one, open(1500), open(2000), func(p *provider) {
			p.races[payID] = captureAll(p, payID)
		}, []string{"CANCELLED pay2 1000"}},
		{"a capture of the first, whole order: it is refunded, the second voided", all, open(1500), open(2000), func(p *provider) {
			p.races[payID] = captureAll(p, payID)
		}, []string{"CANCELLED pay2 2000", "REFUND_REQUESTED pay1 1500"}},
		{"both are captured one after the other", all, open(1500), open(2000), func(p *provider) {
			p.races[payID], p.races["pay2"] = captureAll(p, payID), captureAll(p, "pay2")
		}, []string{"REFUND_REQUESTED pay1 1500", "REFUND_REQUESTED pay2 2000"}},
		{"a void that may have happened is not made up for elsewhere", one, open(600), open(2900), func(p *provider) {
			p.lost[payID] = true
			p.races["pay2"] = func() { p.payments["pay2"].Captured = 400 } // still covers what is asked of it
		}, []string{"CANCELLED pay1 600", "CANCELLED pay2 400"}},
		{"SOM knows one payment by two of its operations", one, open(3500), open(0), nil, []string{"CANCELLED pay1 1000"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.morePayments = []string{"pay2"}
			p := newProvider(tc.first, tc.second)
			if tc.second.Authorized == 0 {
				p.payments["pay2"] = p.payments[payID]
			}
			if tc.prepare != nil {
				tc.prepare(p)
			}
			c, row := w.cancels(), rowOf(t, tc.request)
			c.Systems.Payments = p
			result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
			if err != nil {
				t.Fatal(err)
			}
			commandtest.Settle(t, c, row, &result, nil)
			if diff := cmp.Diff(tc.want, p.calls); diff != "" {
				t.Errorf("moved (-want +got):\n%s", diff)
			}
			rows := int64(0)
			for _, amount := range w.recorded {
				rows += amount
			}
			if w.rowsMade != len(p.calls) || result.State != command.Succeeded {
				t.Errorf("%d rows worth %d for %v, ended %s", w.rowsMade, rows, p.calls, outcome(result))
			}
		})
	}
}

// What the provider gave back by itself is on record too, once.
func TestLapsedAuthorizationIsRecorded(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.payment = worldlineclient.Payment{
		ID: payID, Currency: "EUR", Authorized: 3500, Voided: 3500,
		Operations: []worldlineclient.Operation{{ID: "pay1.1", Status: "CANCELLED", Amount: 3500}},
	}
	result := runInput(t, w.cancels(), Input{CommerceStatus: "open", Currency: "EUR"})
	if w.recorded["pay1.1"] != 3500 || w.rowsMade != 1 {
		t.Errorf("recorded %v, ended %s", w.recorded, outcome(result))
	}
}
