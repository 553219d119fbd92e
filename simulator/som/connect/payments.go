package connect

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
)

type moveMoneyBody struct {
	clientFields
	Amount          decimal.Decimal `json:"amount"`
	Comments        string          `json:"comments"`
	CurrencyISOCode string          `json:"currencyIsoCode"`
	EffectiveDate   string          `json:"effectiveDate"`
	IsFinalCapture  bool            `json:"isFinalCapture"`
}

// request is the domain's input.
func (b moveMoneyBody) request(id, headerKey string) (som.MoveMoney, error) {
	key, err := b.key(headerKey)
	if err != nil {
		return som.MoveMoney{}, err
	}
	at, err := effectiveDate(b.EffectiveDate)
	return som.MoveMoney{
		ID: id, Amount: b.Amount, Currency: b.CurrencyISOCode, EffectiveDate: at, Comments: b.Comments, Audit: b.audit(),
		IdempotencyKey: key, Final: b.IsFinalCapture,
	}, err
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
	return a.outcome(moved), nil
}

// movedOutput tells one movement of money. Which of the rows is there depends on the operation.
type movedOutput struct {
	Payment               *transaction         `json:"payment,omitempty"`
	PaymentAuthorization  *transaction         `json:"paymentAuthorization,omitempty"`
	PaymentAuthAdjustment *transaction         `json:"paymentAuthAdjustment,omitempty"`
	Refund                *transaction         `json:"refund,omitempty"`
	PaymentMethod         *paymentMethodOutput `json:"paymentMethod,omitempty"`
	GatewayResponse       gatewayResponse      `json:"gatewayResponse"`
	PaymentGatewayLogs    []gatewayLog         `json:"paymentGatewayLogs"`
	PaymentGroup          *paymentGroupOutput  `json:"paymentGroup"`
	MultiCapture          *bool                `json:"isMultiCaptureSupported,omitempty"`
	Error                 *outputError         `json:"error"`
	// asError answers by the error alone.
	asError bool
}

// AnswerStatus is that of an error where the org answers a gateway's refusal so.
func (out movedOutput) AnswerStatus() int {
	if out.asError {
		return http.StatusBadRequest
	}
	return 0
}

// AnswerBody is the outcome, or the error alone.
func (out movedOutput) AnswerBody() ([]byte, error) {
	if out.asError {
		return json.Marshal([]outputError{*out.Error})
	}
	type whole movedOutput
	return json.Marshal(whole(out))
}

type paymentMethodOutput struct {
	ID        string  `json:"id"`
	AccountID *string `json:"accountId"`
	Status    string  `json:"status"`
}

type paymentGroupOutput struct {
	ID              string  `json:"id"`
	SourceObjectID  *string `json:"sourceObjectId"`
	CurrencyISOCode *string `json:"currencyIsoCode"`
}

type transaction struct {
	ID              string  `json:"id"`
	Amount          double  `json:"amount"`
	CurrencyISOCode *string `json:"currencyIsoCode"`
	Status          string  `json:"status"`
	EffectiveDate   *string `json:"effectiveDate"`
	AccountID       *string `json:"accountId,omitempty"`
	Comments        *string `json:"comments,omitempty"`
	ExpirationDate  *string `json:"expirationDate,omitempty"`
	PaymentNumber   *string `json:"paymentNumber,omitempty"`
	RefundNumber    *string `json:"refundNumber,omitempty"`
	AdjustmentNo    *string `json:"paymentAuthAdjustmentNumber,omitempty"`
	AuthorizationNo *string `json:"paymentAuthorizationNumber,omitempty"`
}

type gatewayResponse struct {
	GatewayResultCode            *string `json:"gatewayResultCode"`
	GatewayResultCodeDescription *string `json:"gatewayResultCodeDescription"`
	GatewayMessage               *string `json:"gatewayMessage"`
	GatewayDate                  *string `json:"gatewayDate"`
	GatewayAvsCode               *string `json:"gatewayAvsCode"`
	GatewayReferenceNumber       *string `json:"gatewayReferenceNumber"`
	GatewayReferenceDetails      *string `json:"gatewayReferenceDetails"`
	GatewayAuthorizationCode     *string `json:"gatewayAuthorizationCode,omitempty"`
	GatewayToken                 *string `json:"gatewayToken,omitempty"`
	SalesforceResultCode         string  `json:"salesforceResultCode"`
}

type gatewayLog struct {
	ID                string  `json:"id"`
	CreatedDate       *string `json:"createdDate"`
	GatewayResultCode *string `json:"gatewayResultCode"`
	InteractionStatus string  `json:"interactionStatus"`
}

// outcome dresses a movement. A provider's refusal is told in error and in salesforceResultCode; the call succeeded,
// unless the org was chosen to answer it with an error.
func (a *API) outcome(m som.MoneyMoved) movedOutput {
	row, log := m.Row, m.Log
	out := movedOutput{
		GatewayResponse: gatewayResponse{
			GatewayResultCode: optional(row.Text("GatewayResultCode")), GatewayResultCodeDescription: optional(row.Text("GatewayResultCodeDescription")),
			GatewayMessage: optional(log.Text("GatewayMessage")), GatewayDate: instant(row, "GatewayDate"),
			GatewayReferenceNumber: optional(row.Text("GatewayRefNumber")), GatewayAuthorizationCode: optional(row.Text("GatewayAuthCode")),
			SalesforceResultCode: row.Text("SfResultCode"),
		},
		PaymentGatewayLogs: []gatewayLog{{
			log.ID, instant(log, "CreatedDate"), optional(log.Text("GatewayResultCode")), strings.ToUpper(log.Text("InteractionStatus")),
		}},
		PaymentGroup: groupOutput(m.Group),
	}
	if row.Object == "PaymentAuthorization" || row.Text("Type") == "Sale" {
		out.PaymentMethod = methodOutput(m.Method)
	}
	if result := som.SfResultCode(log.Text("SfResultCode")); result != som.ResultSuccess {
		out.Error = &outputError{"GATEWAY_ERROR", firstText(log.Text("GatewayMessage"), string(result))}
		out.asError = a.platform.Choices().GatewayErrors
	}
	out.put(row)
	return out
}

// put names the row of the movement after its object.
func (out *movedOutput) put(row *sobject.Record) {
	t := &transaction{
		ID: row.ID, Amount: double{row.Decimal("Amount")}, CurrencyISOCode: optional(row.Text("CurrencyIsoCode")),
		Status: strings.ToUpper(row.Text("Status")), EffectiveDate: instant(row, "EffectiveDate"),
		AccountID: optional(row.Text("AccountId")), Comments: optional(row.Text("Comments")),
	}
	switch row.Object {
	case "Refund":
		t.RefundNumber, out.Refund = optional(row.Text("RefundNumber")), t
	case "PaymentAuthAdjustment":
		t.AdjustmentNo, out.PaymentAuthAdjustment = optional(row.Text("PaymentAuthAdjustmentNumber")), t
	case "PaymentAuthorization":
		several := true // captures may follow one another until one says that it is the last
		t.AuthorizationNo, t.ExpirationDate = optional(row.Text("PaymentAuthorizationNumber")), instant(row, "ExpirationDate")
		out.PaymentAuthorization, out.MultiCapture = t, &several
	case "CardPaymentMethod":
		out.PaymentMethod, out.GatewayResponse.GatewayToken = methodOutput(row), optional(row.Text("GatewayToken"))
	default:
		t.PaymentNumber, out.Payment = optional(row.Text("PaymentNumber")), t
	}
}

func methodOutput(row *sobject.Record) *paymentMethodOutput {
	if row == nil {
		return nil
	}
	return &paymentMethodOutput{row.ID, optional(row.Text("AccountId")), strings.ToUpper(row.Text("Status"))}
}

func groupOutput(row *sobject.Record) *paymentGroupOutput {
	if row == nil {
		return nil
	}
	return &paymentGroupOutput{row.ID, optional(row.Text("SourceObjectId")), optional(row.Text("CurrencyIsoCode"))}
}

func firstText(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// instant is a time as Connect resources write it, or null.
func instant(r *sobject.Record, field string) *string {
	at, ok := r.Get(field).(time.Time)
	if !ok {
		return nil
	}
	return optional(at.UTC().Format("2006-01-02T15:04:05.000Z"))
}
