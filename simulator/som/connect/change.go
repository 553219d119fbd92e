package connect

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/somrest"
)

// double is a number of a Connect answer, with at least one decimal.
type double struct{ decimal.Decimal }

// MarshalJSON renders the number bare.
func (d double) MarshalJSON() ([]byte, error) { return []byte(somrest.Number(d.Decimal, false)), nil }

// outputError is one error in the output of an action.
type outputError struct {
	ErrorCode string `json:"errorCode"`
	Message   string `json:"message"`
}

// baseOutput is in the output of every action.
type baseOutput struct {
	Success bool          `json:"success"`
	Errors  []outputError `json:"errors"`
}

// succeeded is the base of a successful output.
func (a *API) succeeded() baseOutput {
	if a.platform.Choices().NullErrors {
		return baseOutput{Success: true}
	}
	return baseOutput{Success: true, Errors: []outputError{}}
}

type changeInput struct {
	OrderSummaryID string `path:"orderSummaryId"`
	Body           struct {
		ChangeItems []changeItem `json:"changeItems"`
	}
}

type changeItem struct {
	OrderItemSummaryID    string          `json:"orderItemSummaryId"`
	Quantity              decimal.Decimal `json:"quantity"`
	Reason                string          `json:"reason"`
	ReasonForChangeText   string          `json:"reasonForChangeText"`
	ShippingReductionFlag bool            `json:"shippingReductionFlag"`
	ChangeItemFees        []changeItemFee `json:"changeItemFees"`
}

type changeItemFee struct {
	Amount           decimal.Decimal `json:"amount"`
	AmountType       string          `json:"amountType"`
	Description      string          `json:"description"`
	PriceBookEntryID string          `json:"priceBookEntryId"`
	Product2ID       string          `json:"product2Id"`
	Reason           string          `json:"reason"`
}

func (in changeInput) items() []som.ChangeItem {
	items := make([]som.ChangeItem, len(in.Body.ChangeItems))
	for i, item := range in.Body.ChangeItems {
		items[i] = som.ChangeItem{
			OrderItemSummaryID: item.OrderItemSummaryID, Quantity: item.Quantity, Reason: item.Reason,
			ReasonText: item.ReasonForChangeText, ReduceShipping: item.ShippingReductionFlag, Fees: fees(item.ChangeItemFees),
		}
	}
	return items
}

func fees(in []changeItemFee) []som.ChangeFee {
	var out []som.ChangeFee
	for _, f := range in {
		out = append(out, som.ChangeFee{
			ProductID: f.Product2ID, PricebookEntryID: f.PriceBookEntryID, Amount: f.Amount,
			AmountType: som.FeeAmountType(f.AmountType), Description: f.Description, Reason: f.Reason,
		})
	}
	return out
}

type previewOutput struct {
	baseOutput
	OrderSummaryID string         `json:"orderSummaryId"`
	ChangeBalances changeBalances `json:"changeBalances"`
}

func (a *API) previewCancel(c *binding.Call, in changeInput) (previewOutput, error) {
	return a.preview(c, in, a.domain().PreviewCancel)
}

func (a *API) previewReturn(c *binding.Call, in changeInput) (previewOutput, error) {
	return a.preview(c, in, a.domain().PreviewReturn)
}

// preview runs one of the domain's previews.
func (a *API) preview(
	c *binding.Call, in changeInput, run func(*sandbox.Tx, string, []som.ChangeItem) (som.ChangeResult, error),
) (previewOutput, error) {
	result, err := run(c.Tx, in.OrderSummaryID, in.items())
	if err != nil {
		return previewOutput{}, err
	}
	return previewOutput{a.succeeded(), result.OrderSummaryID, balances(result.Balances)}, nil
}

type changeOutput struct {
	baseOutput
	ChangeOrderID    string         `json:"changeOrderId"`
	FeeChangeOrderID *string        `json:"feeChangeOrderId"`
	ChangeBalances   changeBalances `json:"changeBalances"`
}

func (a *API) submitCancel(c *binding.Call, in changeInput) (changeOutput, error) {
	return a.submit(c, in, a.domain().SubmitCancel)
}

func (a *API) submitReturn(c *binding.Call, in changeInput) (changeOutput, error) {
	return a.submit(c, in, a.domain().SubmitReturn)
}

// submit runs one of the domain's changes as the caller.
func (a *API) submit(
	c *binding.Call, in changeInput, run func(*sandbox.Tx, string, string, []som.ChangeItem) (som.ChangeResult, error),
) (changeOutput, error) {
	r, err := run(c.Tx, c.Principal.ID, in.OrderSummaryID, in.items())
	if err != nil {
		return changeOutput{}, err
	}
	return changeOutput{a.succeeded(), r.ChangeOrderID, optional(r.FeeChangeOrderID), balances(r.Balances)}, nil
}

// optional is an id that is null when there is none.
func optional(id string) *string {
	if id == "" {
		return nil
	}
	return &id
}

// changeBalances are the totals of a change on the wire.
type changeBalances struct {
	GrandTotalAmount                    double `json:"grandTotalAmount"`
	TotalAmount                         double `json:"totalAmount"`
	TotalTaxAmount                      double `json:"totalTaxAmount"`
	TotalAdjustedProductAmount          double `json:"totalAdjustedProductAmount"`
	TotalAdjustedProductTaxAmount       double `json:"totalAdjustedProductTaxAmount"`
	TotalAdjProductAmtWithTax           double `json:"totalAdjProductAmtWithTax"`
	TotalAdjustedDeliveryAmount         double `json:"totalAdjustedDeliveryAmount"`
	TotalAdjustedDeliveryTaxAmount      double `json:"totalAdjustedDeliveryTaxAmount"`
	TotalAdjDeliveryAmtWithTax          double `json:"totalAdjDeliveryAmtWithTax"`
	TotalAdjustmentDistributedAmount    double `json:"totalAdjustmentDistributedAmount"`
	TotalAdjustmentDistributedTaxAmount double `json:"totalAdjustmentDistributedTaxAmount"`
	TotalAdjDistAmountWithTax           double `json:"totalAdjDistAmountWithTax"`
	TotalExcessFundsAmount              double `json:"totalExcessFundsAmount"`
	TotalRefundableAmount               double `json:"totalRefundableAmount"`
	TotalFeeAmount                      double `json:"totalFeeAmount"`
	TotalFeeTaxAmount                   double `json:"totalFeeTaxAmount"`
	TotalRequiredFundsAmount            double `json:"totalRequiredFundsAmount"`
}

func balances(b som.ChangeBalances) changeBalances {
	return changeBalances{
		GrandTotalAmount: double{b.GrandTotalAmount}, TotalAmount: double{b.TotalAmount}, TotalTaxAmount: double{b.TotalTaxAmount},
		TotalAdjustedProductAmount:          double{b.TotalAdjustedProductAmount},
		TotalAdjustedProductTaxAmount:       double{b.TotalAdjustedProductTaxAmount},
		TotalAdjProductAmtWithTax:           double{b.TotalAdjProductAmtWithTax},
		TotalAdjustedDeliveryAmount:         double{b.TotalAdjustedDeliveryAmount},
		TotalAdjustedDeliveryTaxAmount:      double{b.TotalAdjustedDeliveryTaxAmount},
		TotalAdjDeliveryAmtWithTax:          double{b.TotalAdjDeliveryAmtWithTax},
		TotalAdjustmentDistributedAmount:    double{b.TotalAdjustmentDistributedAmount},
		TotalAdjustmentDistributedTaxAmount: double{b.TotalAdjustmentDistributedTaxAmount},
		TotalAdjDistAmountWithTax:           double{b.TotalAdjDistAmountWithTax},
		TotalExcessFundsAmount:              double{b.TotalExcessFundsAmount}, TotalRefundableAmount: double{b.TotalRefundableAmount},
		TotalFeeAmount: double{b.TotalFeeAmount}, TotalFeeTaxAmount: double{b.TotalFeeTaxAmount},
		TotalRequiredFundsAmount: double{b.TotalRequiredFundsAmount},
	}
}
