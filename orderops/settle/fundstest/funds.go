// Package fundstest is an order management that owns the money of one payment, for the tests of what asks it to move that:
// simple enough to check by eye. It acts in the background before it is asked the next time what it has done.
package fundstest

import (
	"context"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// Me is the user that requests are made as.
const Me = "005me"

// Funds is the order management.
type Funds struct {
	// Payment is at the provider; its money moves.
	Payment *worldlineclient.Payment
	// Call notes a call by name, and fails it when the test says so; do is the change it makes.
	Call func(name string, do func()) error
	// Worth is what the change orders come to by their ids, in minor units.
	Worth map[string]int64
	// Gateway is how the provider takes the next requests, in Salesforce's words; empty for success. Silent says that it
	// moves the money nevertheless.
	Gateway string
	Silent  bool
	// Slow has background operations take that many looks.
	Slow int

	settlement somclient.Settlement
	pending    []pending
	answers    map[string]answer // to reversals, by key
	credited   map[string]bool
}

type pending struct {
	operation string
	request   somclient.RefundRequest
}

type answer struct {
	reference string
	err       error
}

// Refunds is what order management has on record as given back, in minor units.
func (f *Funds) Refunds() (sum int64) {
	for _, r := range f.settlement.Refunds {
		if r.Processed() {
			sum += orderops.MinorUnits(r.Amount, f.Payment.Currency)
		}
	}
	return sum
}

// Asked is how many refunds were asked for.
func (f *Funds) Asked() int { return len(f.settlement.Operations) }

// UserID implements settle.Funds.
func (f *Funds) UserID(context.Context) (string, error) { return Me, nil }

// Settlement implements settle.Funds.
func (f *Funds) Settlement(context.Context, string) (somclient.Settlement, error) {
	if f.Slow > 0 {
		f.Slow--
	} else {
		f.act()
	}
	found := f.settlement
	found.Operations, found.Refunds, found.CreditMemos = slices.Clone(found.Operations), slices.Clone(found.Refunds), slices.Clone(found.CreditMemos)
	return found, f.Call("som.settlement", nil)
}

// act carries out what was asked for.
func (f *Funds) act() {
	for _, p := range f.pending {
		for i := range f.settlement.Operations {
			if f.settlement.Operations[i].ID == p.operation {
				f.settlement.Operations[i].Status = "Complete"
			}
		}
		row := somclient.RefundRow{
			ID: fmt.Sprintf("0cb%d", len(f.settlement.Refunds)+1), OrderPaymentSummaryID: p.request.OrderPaymentSummaryID, CreatedByID: Me,
			Amount: p.request.Amount, Status: "Processed", SfResultCode: "Success",
		}
		if f.Gateway == "" || f.Silent {
			row.GatewayRefNumber = f.operate("REFUND_REQUESTED", orderops.MinorUnits(p.request.Amount, f.Payment.Currency), &f.Payment.Refunded)
		}
		if f.Gateway != "" {
			row.Status, row.SfResultCode, row.GatewayResultCode, row.GatewayRefNumber = "Failed", f.Gateway, "GATEWAY", ""
		}
		for i := range f.settlement.CreditMemos {
			if memo := &f.settlement.CreditMemos[i]; memo.ID == p.request.CreditMemoID && row.Processed() {
				memo.Balance = memo.Balance.Sub(row.Amount)
			}
		}
		f.settlement.Refunds = append(f.settlement.Refunds, row)
	}
	f.pending = nil
}

// operate adds to the ledger of the payment and returns the id.
func (f *Funds) operate(status string, amount int64, total *int64) string {
	id := fmt.Sprintf("%s.%d", f.Payment.ID, len(f.Payment.Operations)+1)
	*total += amount
	f.Payment.Operations = append(slices.Clone(f.Payment.Operations), worldlineclient.Operation{ID: id, Status: status, Amount: amount})
	return id
}

// ReverseAuthorization implements settle.Funds.
func (f *Funds) ReverseAuthorization(_ context.Context, r somclient.AuthorizationReversal) (string, error) {
	var given answer
	err := f.Call("som.reverse", func() {
		if f.answers == nil {
			f.answers = map[string]answer{}
		}
		if known, ok := f.answers[r.Key]; ok {
			given = known
			return
		}
		given = f.reverse(orderops.MinorUnits(r.Amount, f.Payment.Currency))
		f.answers[r.Key] = given
	})
	if err != nil {
		return "", err
	}
	return given.reference, given.err
}

func (f *Funds) reverse(amount int64) answer {
	if amount > f.Payment.Open() {
		return answer{err: &remote.Error{System: "som", Status: 201, Class: remote.Conflict, VendorCode: worldlineclient.OperationNotPossible}}
	}
	var given answer
	if f.Gateway == "" || f.Silent {
		given.reference = f.operate("CANCELLED", amount, &f.Payment.Voided)
	}
	if f.Gateway != "" {
		given = answer{err: &remote.Error{System: "som", Status: 201, Class: somclient.GatewayClass(f.Gateway), VendorCode: "GATEWAY"}}
	}
	return given
}

// CreateCreditMemo implements settle.Funds.
func (f *Funds) CreateCreditMemo(_ context.Context, _ string, changeOrders []string) (string, error) {
	return f.document("som.creditMemo", "50g", &f.settlement.CreditMemos, changeOrders)
}

// CreateFeeInvoice implements settle.Funds.
func (f *Funds) CreateFeeInvoice(_ context.Context, _ string, changeOrders []string) (string, error) {
	return f.document("som.feeInvoice", "3tt", &f.settlement.Invoices, changeOrders)
}

func (f *Funds) document(call, prefix string, list *[]somclient.BillingDocument, changeOrders []string) (string, error) {
	id, refused := "", error(nil)
	err := f.Call(call, func() {
		if f.credited == nil {
			f.credited = map[string]bool{}
		}
		var sum int64
		for _, change := range changeOrders {
			if f.credited[change] {
				refused = &remote.Error{System: "som", Class: remote.Rejected, VendorCode: "INVALID_INPUT"}
				return
			}
			f.credited[change] = true
			sum += f.Worth[change]
		}
		id = fmt.Sprintf("%s%d", prefix, len(*list)+1)
		worth := orderops.FromMinorUnits(sum, f.Payment.Currency).Decimal
		*list = append(*list, somclient.BillingDocument{ID: id, CreatedByID: Me, TotalAmountWithTax: worth, Balance: worth})
	})
	if err == nil {
		err = refused
	}
	return id, err
}

// EnsureRefunds implements settle.Funds.
func (f *Funds) EnsureRefunds(_ context.Context, r somclient.RefundRequest) (string, error) {
	id := fmt.Sprintf("08P%d", len(f.settlement.Operations)+1)
	return id, f.Call("som.ensureRefunds", func() {
		f.settlement.Operations = append(f.settlement.Operations, somclient.BackgroundOperation{
			ID: id, CreatedByID: Me, Name: somclient.OperationEnsureRefunds, Status: "New",
		})
		f.pending = append(f.pending, pending{id, r})
	})
}

// Invoiced is an invoice of an amount, in minor units, that was there before.
func (f *Funds) Invoiced(amount int64) {
	f.settlement.Invoices = append(f.settlement.Invoices, somclient.BillingDocument{
		ID: "3tt0", CreatedByID: "005other", TotalAmountWithTax: decimal.New(amount, -2),
	})
}
