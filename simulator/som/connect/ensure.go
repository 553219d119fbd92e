package connect

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/somrest"
)

type sequence struct {
	OrderPaymentSummaryID string          `json:"orderPaymentSummaryId"`
	Amount                decimal.Decimal `json:"amount"`
}

func sequences(in []sequence) []som.Sequence {
	out := make([]som.Sequence, len(in))
	for i, s := range in {
		out[i] = som.Sequence(s)
	}
	return out
}

type ensureFundsInput struct {
	InvoiceID      string     `json:"invoiceId"`
	IsAllowPartial bool       `json:"isAllowPartial"`
	Sequences      []sequence `json:"sequences"`
	// ConsiderReserved takes balances that are reserved for an exchange order.
	ConsiderReserved bool `json:"isConsiderReservedBalanceAmount"`
}

// newSelectionSince is the API version whose documentation has ensure funds begin with the largest payment.
const newSelectionSince = 52

func (in ensureFundsInput) funds(c *binding.Call, orderSummaryID string) som.EnsureFunds {
	return som.EnsureFunds{
		OrderSummaryID: orderSummaryID, InvoiceID: in.InvoiceID, AllowPartial: in.IsAllowPartial, Sequences: sequences(in.Sequences),
		OldSelection: somrest.Version(c.Request) < newSelectionSince, ConsiderReserved: in.ConsiderReserved,
	}
}

type backgroundOutput struct {
	baseOutput
	BackgroundOperationID *string `json:"backgroundOperationId"`
}

func (a *API) ensureFunds(c *binding.Call, in struct {
	OrderSummaryID string `path:"orderSummaryId"`
	Body           ensureFundsInput
},
) (backgroundOutput, error) {
	id, err := a.domain().EnsureFunds(c.Tx, c.Principal.ID, in.Body.funds(c, in.OrderSummaryID))
	if err != nil {
		return backgroundOutput{}, err
	}
	return backgroundOutput{a.succeeded(), optional(id)}, nil
}

type cancelAllInput struct {
	OrderSummaryID string `path:"orderSummaryId"`
	Body           struct {
		Reason         string          `json:"reason"`
		ReasonText     string          `json:"reasonText"`
		ExcludedItems  []string        `json:"excludedItems"`
		ChangeItemFees []changeItemFee `json:"changeItemFees"`
	}
}

func (a *API) cancelAll(c *binding.Call, in cancelAllInput) (backgroundOutput, error) {
	id, err := a.domain().CancelAll(c.Tx, c.Principal.ID, som.CancelAll{
		OrderSummaryID: in.OrderSummaryID, Reason: in.Body.Reason, ReasonText: in.Body.ReasonText, Excluded: in.Body.ExcludedItems,
		Fees: fees(in.Body.ChangeItemFees),
	})
	if err != nil {
		return backgroundOutput{}, err
	}
	return backgroundOutput{a.succeeded(), optional(id)}, nil
}

type multipleFundsInput struct {
	Body struct {
		AsyncInputs []struct {
			OrderSummaryID string `json:"orderSummaryId"`
			ensureFundsInput
		} `json:"asyncInputs"`
	}
}

type multipleFundsOutput struct {
	baseOutput
	AsyncOutputs []backgroundOutput `json:"asyncOutputs"`
}

// multipleEnsureFunds enqueues one operation for each input. An input that is refused says so and leaves the others
// alone.
func (a *API) multipleEnsureFunds(c *binding.Call, in multipleFundsInput) (multipleFundsOutput, error) {
	out := multipleFundsOutput{baseOutput: a.succeeded(), AsyncOutputs: []backgroundOutput{}}
	for _, entry := range in.Body.AsyncInputs {
		mark := c.Tx.Mark()
		id, err := a.domain().EnsureFunds(c.Tx, c.Principal.ID, entry.funds(c, entry.OrderSummaryID))
		base := a.succeeded()
		if err != nil {
			c.Tx.RollbackTo(mark)
			if base, err = a.refused(c, err); err != nil {
				return multipleFundsOutput{}, err
			}
			out.baseOutput = base
		}
		out.AsyncOutputs = append(out.AsyncOutputs, backgroundOutput{base, optional(id)})
	}
	return out, nil
}

type ensureRefundsInput struct {
	OrderSummaryID string `path:"orderSummaryId"`
	Body           struct {
		CreditMemoID      string          `json:"creditMemoId"`
		ExcessFundsAmount decimal.Decimal `json:"excessFundsAmount"`
		InvoicesToPay     []struct {
			InvoiceID string `json:"invoiceId"`
		} `json:"invoicesToPay"`
		IsAllowPartial   bool       `json:"isAllowPartial"`
		Sequences        []sequence `json:"sequences"`
		ConsiderReserved bool       `json:"isReservedBalanceAmountConsidered"`
	}
}

func (in ensureRefundsInput) refunds() som.EnsureRefunds {
	b := in.Body
	refunds := som.EnsureRefunds{
		OrderSummaryID: in.OrderSummaryID, CreditMemoID: b.CreditMemoID, ExcessFunds: b.ExcessFundsAmount,
		AllowPartial: b.IsAllowPartial, Sequences: sequences(b.Sequences), ConsiderReserved: b.ConsiderReserved,
	}
	for _, i := range b.InvoicesToPay {
		refunds.InvoicesToPay = append(refunds.InvoicesToPay, i.InvoiceID)
	}
	return refunds
}

func (a *API) ensureRefunds(c *binding.Call, in ensureRefundsInput) (backgroundOutput, error) {
	id, err := a.domain().EnsureRefunds(c.Tx, c.Principal.ID, in.refunds())
	if err != nil {
		return backgroundOutput{}, err
	}
	return backgroundOutput{a.succeeded(), optional(id)}, nil
}
