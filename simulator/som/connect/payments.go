package connect

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
)

type moveMoneyBody struct {
	Amount         decimal.Decimal `json:"amount"`
	Comments       string          `json:"comments"`
	IdempotencyKey string          `json:"idempotencyKey"`
	IsFinalCapture bool            `json:"isFinalCapture"`
}

// request is the domain's input. The idempotency key comes in the header or in the body, not in both.
func (b moveMoneyBody) request(id, headerKey string) (som.MoveMoney, error) {
	if headerKey != "" && b.IdempotencyKey != "" {
		return som.MoveMoney{}, &som.Error{
			Code: som.CodeInvalidInput, Rule: "som.payments.one-key", Message: "Give the idempotency key in the header or in the body, not in both.",
		}
	}
	return som.MoveMoney{ID: id, Amount: b.Amount, Comments: b.Comments, IdempotencyKey: headerKey + b.IdempotencyKey, Final: b.IsFinalCapture}, nil
}

type authorizationInput struct {
	ID   string `path:"authorizationId"`
	Key  string `header:"sfdc-Payments-Idempotency-Key"`
	Body moveMoneyBody
}

type paymentInput struct {
	ID   string `path:"paymentId"`
	Key  string `header:"sfdc-Payments-Idempotency-Key"`
	Body moveMoneyBody
}

func (a *API) capture(c *binding.Call, in authorizationInput) (movedOutput, error) {
	return a.moveMoney(c, in.Body, in.ID, in.Key, a.domain().CapturePayment)
}

func (a *API) reverseAuthorization(c *binding.Call, in authorizationInput) (movedOutput, error) {
	return a.moveMoney(c, in.Body, in.ID, in.Key, a.domain().ReverseAuthorization)
}

func (a *API) refund(c *binding.Call, in paymentInput) (movedOutput, error) {
	return a.moveMoney(c, in.Body, in.ID, in.Key, a.domain().RefundPayment)
}

func (a *API) moveMoney(
	c *binding.Call, body moveMoneyBody, id, key string, move func(*sandbox.Tx, string, som.MoveMoney) (som.MoneyMoved, error),
) (movedOutput, error) {
	in, err := body.request(id, key)
	if err != nil {
		return movedOutput{}, err
	}
	moved, err := move(c.Tx, c.Principal.ID, in)
	if err != nil {
		return movedOutput{}, err
	}
	return outcome(moved), nil
}

// movedOutput tells one movement of money. Which of the three rows is there depends on the operation.
type movedOutput struct {
	Payment               *transaction    `json:"payment,omitempty"`
	PaymentAuthAdjustment *transaction    `json:"paymentAuthAdjustment,omitempty"`
	Refund                *transaction    `json:"refund,omitempty"`
	GatewayResponse       gatewayResponse `json:"gatewayResponse"`
	PaymentGatewayLogs    []gatewayLog    `json:"paymentGatewayLogs"`
	PaymentGroup          *string         `json:"paymentGroup"`
	Error                 *outputError    `json:"error"`
}

type transaction struct {
	ID              string  `json:"id"`
	Amount          double  `json:"amount"`
	CurrencyISOCode *string `json:"currencyIsoCode"`
	Status          string  `json:"status"`
	EffectiveDate   *string `json:"effectiveDate"`
	PaymentNumber   *string `json:"paymentNumber,omitempty"`
	RefundNumber    *string `json:"refundNumber,omitempty"`
	AdjustmentNo    *string `json:"paymentAuthAdjustmentNumber,omitempty"`
}

type gatewayResponse struct {
	GatewayResultCode            *string `json:"gatewayResultCode"`
	GatewayResultCodeDescription *string `json:"gatewayResultCodeDescription"`
	GatewayMessage               *string `json:"gatewayMessage"`
	GatewayDate                  *string `json:"gatewayDate"`
	GatewayAvsCode               *string `json:"gatewayAvsCode"`
	GatewayReferenceNumber       *string `json:"gatewayReferenceNumber"`
	GatewayReferenceDetails      *string `json:"gatewayReferenceDetails"`
	SalesforceResultCode         string  `json:"salesforceResultCode"`
}

type gatewayLog struct {
	ID                string  `json:"id"`
	CreatedDate       *string `json:"createdDate"`
	GatewayResultCode *string `json:"gatewayResultCode"`
	InteractionStatus string  `json:"interactionStatus"`
}

// outcome dresses a movement. A provider's refusal is told in error and in salesforceResultCode; the call succeeded.
func outcome(m som.MoneyMoved) movedOutput {
	row, log := m.Row, m.Log
	t := &transaction{
		ID: row.ID, Amount: double{row.Decimal("Amount")}, CurrencyISOCode: optional(row.Text("CurrencyIsoCode")),
		Status: strings.ToUpper(row.Text("Status")), EffectiveDate: instant(row, "EffectiveDate"),
	}
	out := movedOutput{
		GatewayResponse: gatewayResponse{
			GatewayResultCode: optional(row.Text("GatewayResultCode")), GatewayResultCodeDescription: optional(row.Text("GatewayResultCodeDescription")),
			GatewayMessage: optional(log.Text("GatewayMessage")), GatewayDate: instant(row, "GatewayDate"),
			GatewayReferenceNumber: optional(row.Text("GatewayRefNumber")), SalesforceResultCode: row.Text("SfResultCode"),
		},
		PaymentGatewayLogs: []gatewayLog{{
			log.ID, instant(log, "CreatedDate"), optional(log.Text("GatewayResultCode")), strings.ToUpper(log.Text("InteractionStatus")),
		}},
	}
	if row.Text("Status") == "Failed" {
		out.Error = &outputError{"GATEWAY_ERROR", log.Text("GatewayMessage")}
	}
	switch row.Object {
	case "Refund":
		t.RefundNumber, out.Refund = optional(row.Text("RefundNumber")), t
	case "PaymentAuthAdjustment":
		t.AdjustmentNo, out.PaymentAuthAdjustment = optional(row.Text("PaymentAuthAdjustmentNumber")), t
	default:
		t.PaymentNumber, out.Payment = optional(row.Text("PaymentNumber")), t
	}
	return out
}

// instant is a time as Connect resources write it, or null.
func instant(r *sobject.Record, field string) *string {
	at, ok := r.Get(field).(time.Time)
	if !ok {
		return nil
	}
	return optional(at.UTC().Format("2006-01-02T15:04:05.000Z"))
}
