package connect

import (
	"bytes"
	"encoding/json"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/somrest"
)

type previewExchangeInput struct {
	Body struct {
		OrderSummaryID string `json:"orderSummaryId"`
		ReferenceID    string `json:"referenceId"`
		ExchangeCartID string `json:"exchangeCartId"`
		// ReservationType is about stock.
		ReservationType string `json:"reservationType"`
	}
}

type submitExchangeInput struct {
	Body struct {
		OrderSummaryID  string                                             `json:"orderSummaryId"`
		ReferenceID     string                                             `json:"referenceId"`
		ExchangeCartID  string                                             `json:"exchangeCartId"`
		ReservationType string                                             `json:"reservationType"`
		OrderNumber     string                                             `json:"orderNumber"`
		PaymentInfoList listOr[paymentInfo, paymentInfoItems]              `json:"paymentInfoList"`
		Sequences       listOr[reservedSequence, reservedSequenceSequence] `json:"sequences"`
	}
}

// listOr is a list, or an object that holds it: the vendor's tables say one, its sample the other.
type listOr[T any, W interface{ list() []T }] struct{ items []T }

// UnmarshalJSON reads either form.
func (l *listOr[T, W]) UnmarshalJSON(raw []byte) error {
	if bytes.HasPrefix(raw, []byte("[")) {
		return json.Unmarshal(raw, &l.items)
	}
	var wrapped W
	if err := json.Unmarshal(raw, &wrapped); err != nil {
		return err
	}
	l.items = wrapped.list()
	return nil
}

type paymentInfo struct {
	PaymentAuthorizationID  string   `json:"paymentAuthorizationId"`
	PaymentIDs              []string `json:"paymentIds"`
	Name                    string   `json:"name"`
	PaymentMethodID         string   `json:"paymentMethodId"`
	LastPaymentGatewayLogID string   `json:"lastPaymentGatewayLogId"`
}

type paymentInfoItems struct {
	PaymentInfoItems []paymentInfo `json:"paymentInfoItems"`
}

func (p paymentInfoItems) list() []paymentInfo { return p.PaymentInfoItems }

// reservedSequence has its amount under the name of the sample or under that of the table.
type reservedSequence struct {
	OrderPaymentSummaryID string          `json:"orderPaymentSummaryId"`
	Amount                decimal.Decimal `json:"amount"`
	ReservedBalanceAmount decimal.Decimal `json:"reservedBalanceAmount"`
}

type reservedSequenceSequence struct {
	Sequences []reservedSequence `json:"sequences"`
}

func (s reservedSequenceSequence) list() []reservedSequence { return s.Sequences }

func (in submitExchangeInput) exchange() som.Exchange {
	b := in.Body
	e := som.Exchange{
		OrderSummaryID: b.OrderSummaryID, ReturnOrderID: b.ReferenceID, CartID: b.ExchangeCartID,
		ReservationType: b.ReservationType, OrderNumber: b.OrderNumber,
	}
	for _, p := range b.PaymentInfoList.items {
		e.Payments = append(e.Payments, som.ExchangePayment{
			PaymentAuthorizationID: p.PaymentAuthorizationID, PaymentIDs: p.PaymentIDs, Name: p.Name, PaymentMethodID: p.PaymentMethodID,
			LastPaymentGatewayLog: p.LastPaymentGatewayLogID,
		})
	}
	for _, s := range b.Sequences.items {
		e.Sequences = append(e.Sequences, som.Sequence{OrderPaymentSummaryID: s.OrderPaymentSummaryID, Amount: s.Amount.Add(s.ReservedBalanceAmount)})
	}
	return e
}

type exchangeOutput struct {
	baseOutput
	OrderSummaryID string         `json:"orderSummaryId"`
	ChangeBalances changeBalances `json:"changeBalances"`
	*balanceStates
}

// balanceStates are told from API 61.0 on.
type balanceStates struct {
	Cart     balanceState `json:"balanceStateExchangeWebCart"`
	Original balanceState `json:"balanceStateOriginalOrderSummary"`
	Return   balanceState `json:"balanceStateReturnOrder"`
}

type balanceState struct {
	GrandTotalAmount             double `json:"grandTotalAmount"`
	TotalAdjustmentAmount        double `json:"totalAdjustmentAmount"`
	TotalAdjustmentAmountWithTax double `json:"totalAdjustmentAmountWithTax"`
	TotalAmount                  double `json:"totalAmount"`
	TotalAmountWithTax           double `json:"totalAmountWithTax"`
	TotalDeliveryAmount          double `json:"totalDeliveryAmount"`
	TotalDeliveryAmountWithTax   double `json:"totalDeliveryAmountWithTax"`
	TotalFeeAmount               double `json:"totalFeeAmount"`
	TotalFeeAmountWithTax        double `json:"totalFeeAmountWithTax"`
	TotalTaxAmount               double `json:"totalTaxAmount"`
}

func stateOf(b som.BalanceState) balanceState {
	return balanceState{
		double{b.GrandTotal},
		double{b.Adjustment},
		double{b.AdjustmentWithTax},
		double{b.Total},
		double{b.GrandTotal},
		double{b.Delivery},
		double{b.DeliveryWithTax},
		double{b.Fee},
		double{b.FeeWithTax},
		double{b.Tax},
	}
}

// balanceStatesSince is the first API version that tells balance states.
const balanceStatesSince = 61

func (a *API) exchanged(c *binding.Call, r som.ExchangeResult) exchangeOutput {
	out := exchangeOutput{baseOutput: a.succeeded(), OrderSummaryID: r.OrderSummaryID, ChangeBalances: balances(r.Balances)}
	if somrest.Version(c.Request) >= balanceStatesSince {
		out.balanceStates = &balanceStates{stateOf(r.Cart), stateOf(r.Original), stateOf(r.Return)}
	}
	return out
}

func (a *API) previewExchange(c *binding.Call, in previewExchangeInput) (exchangeOutput, error) {
	b := in.Body
	r, err := a.domain().PreviewExchange(c.Tx, som.Exchange{
		OrderSummaryID: b.OrderSummaryID, ReturnOrderID: b.ReferenceID, CartID: b.ExchangeCartID, ReservationType: b.ReservationType,
	})
	if err != nil {
		return exchangeOutput{}, err
	}
	return a.exchanged(c, r), nil
}

type submitExchangeOutput struct {
	exchangeOutput
	ExchangeOrderSummaryID string `json:"exchangeOrderSummaryId"`
}

func (a *API) submitExchange(c *binding.Call, in submitExchangeInput) (submitExchangeOutput, error) {
	r, err := a.domain().SubmitExchange(c.Tx, c.Principal.ID, in.exchange())
	if err != nil {
		return submitExchangeOutput{}, err
	}
	return submitExchangeOutput{a.exchanged(c, r), r.ExchangeOrderSummaryID}, nil
}
