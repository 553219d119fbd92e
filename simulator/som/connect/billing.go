package connect

import (
	"errors"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

type creditMemoInput struct {
	OrderSummaryID string `path:"orderSummaryId"`
	Body           struct {
		ChangeOrderIDs []string `json:"changeOrderIds"`
	}
}

type creditMemoOutput struct {
	baseOutput
	CreditMemoID string `json:"creditMemoId"`
}

func (a *API) createCreditMemo(c *binding.Call, in creditMemoInput) (creditMemoOutput, error) {
	id, err := a.domain().CreateCreditMemo(c.Tx, c.Principal.ID, in.OrderSummaryID, in.Body.ChangeOrderIDs)
	if err != nil {
		return creditMemoOutput{}, err
	}
	return creditMemoOutput{a.succeeded(), id}, nil
}

type fulfillmentOrderInvoiceInput struct {
	FulfillmentOrderID string `path:"fulfillmentOrderId"`
}

type invoiceOutput struct {
	baseOutput
	InvoiceID *string `json:"invoiceId"`
}

func (a *API) createInvoice(c *binding.Call, in fulfillmentOrderInvoiceInput) (invoiceOutput, error) {
	id, err := a.domain().CreateInvoice(c.Tx, c.Principal.ID, in.FulfillmentOrderID)
	if err != nil {
		return invoiceOutput{}, err
	}
	return invoiceOutput{a.succeeded(), optional(id)}, nil
}

type invoicesInput struct {
	Body struct {
		FulfillmentOrderIDs []string `json:"fulfillmentOrderIds"`
	}
}

type invoicesOutput struct {
	baseOutput
	InvoiceIDs []string `json:"invoiceIds"`
}

func (a *API) createInvoices(c *binding.Call, in invoicesInput) (invoicesOutput, error) {
	ids, err := a.domain().CreateInvoices(c.Tx, c.Principal.ID, in.Body.FulfillmentOrderIDs)
	if err != nil {
		return invoicesOutput{}, err
	}
	return invoicesOutput{a.succeeded(), ids}, nil
}

type changeInvoicesInput struct {
	Body struct {
		InvoicesFromChangeOrders []struct {
			OrderSummaryID string   `json:"orderSummaryId"`
			ChangeOrderIDs []string `json:"changeOrderIds"`
		} `json:"invoicesFromChangeOrders"`
	}
}

type changeInvoicesOutput struct {
	baseOutput
	Invoices []invoiceOutput `json:"invoices"`
}

// createChangeInvoices makes one invoice for each entry. An entry that is refused says so and leaves the others alone.
func (a *API) createChangeInvoices(c *binding.Call, in changeInvoicesInput) (changeInvoicesOutput, error) {
	out := changeInvoicesOutput{baseOutput: a.succeeded(), Invoices: []invoiceOutput{}}
	for _, entry := range in.Body.InvoicesFromChangeOrders {
		mark := c.Tx.Mark()
		id, err := a.domain().CreateChangeInvoice(c.Tx, c.Principal.ID, entry.OrderSummaryID, entry.ChangeOrderIDs)
		if err != nil {
			c.Tx.RollbackTo(mark)
			refused, err := a.refused(c, err)
			if err != nil {
				return changeInvoicesOutput{}, err
			}
			out.baseOutput = refused
			out.Invoices = append(out.Invoices, invoiceOutput{refused, nil})
			continue
		}
		out.Invoices = append(out.Invoices, invoiceOutput{a.succeeded(), optional(id)})
	}
	return out, nil
}

// refused is the base of the output of an entry that was refused. Errors that are no refusals come back.
func (a *API) refused(c *binding.Call, err error) (baseOutput, error) {
	var refusal *som.Error
	if !errors.As(err, &refusal) {
		return baseOutput{}, err
	}
	c.Note(refusal)
	f := a.platform.Explain(c, refusal)
	return baseOutput{Errors: []outputError{{f.Code, f.Message}}}, nil
}
