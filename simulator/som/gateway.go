package som

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// Gateway is a payment provider as Salesforce's payment adapters see it. It works in the transaction it is given, so
// that money and its record move together.
type Gateway interface {
	Capture(tx *sandbox.Tx, in GatewayRequest) GatewayAnswer
	Reverse(tx *sandbox.Tx, in GatewayRequest) GatewayAnswer
	Refund(tx *sandbox.Tx, in GatewayRequest) GatewayAnswer
}

// GatewayRequest asks for money of an authorization or a payment to be moved.
type GatewayRequest struct {
	// Reference is the GatewayRefNumber of the authorization or the payment.
	Reference string
	// Amount is in major units of Currency.
	Amount   decimal.Decimal
	Currency string
}

// GatewayAnswer is what the provider says.
type GatewayAnswer struct {
	Result SfResultCode
	// Reference is the provider's number of the operation; Code and Message are its own words.
	Reference, Code, Message string
	// logID is the PaymentGatewayLog of the call.
	logID string
}

// SfResultCode is Salesforce's reading of a provider's answer.
type SfResultCode string

// The result codes that are simulated.
const (
	ResultSuccess       SfResultCode = "Success"
	ResultDecline       SfResultCode = "Decline"
	ResultPermanentFail SfResultCode = "PermanentFail"
	ResultSystemError   SfResultCode = "SystemError"
)

// UseGateway connects the provider that moves the money of payments whose ProcessingMode is Salesforce.
func (d *SOM) UseGateway(g Gateway) { d.gateway = g }

// NewPaymentGateway is the input of [SOM.PaymentGateway].
type NewPaymentGateway struct {
	Name, ExternalReference string
}

// PaymentGateway adds a connected payment provider and returns its id.
func (d *SOM) PaymentGateway(tx *sandbox.Tx, n NewPaymentGateway) string {
	return d.insert(tx, "", objPaymentGateway, values{"PaymentGatewayName": n.Name, "ExternalReference": n.ExternalReference, "Status": "Active"})
}

// interaction is one call of the provider.
type interaction struct {
	kind string
	call func(Gateway, *sandbox.Tx, GatewayRequest) GatewayAnswer
	// of is the row whose money moves: a Payment or a PaymentAuthorization.
	of     *sobject.Record
	amount decimal.Decimal
}

// interact calls the provider and logs the call. A row without a provider's reference, or one whose money was moved
// outside of Salesforce, has no provider to call.
func (d *SOM) interact(tx *sandbox.Tx, user string, i interaction) GatewayAnswer {
	reference := i.of.Text("GatewayRefNumber")
	answer := GatewayAnswer{Result: ResultPermanentFail, Code: "NO_GATEWAY", Message: "No payment gateway is connected to the payment."}
	if d.gateway != nil && reference != "" && i.of.Text("ProcessingMode") == "Salesforce" {
		answer = i.call(d.gateway, tx, GatewayRequest{Reference: reference, Amount: i.amount, Currency: i.of.Text("CurrencyIsoCode")})
	}
	status := "Success"
	if answer.Result != ResultSuccess {
		status = "Failed"
	}
	answer.logID = d.insert(tx, user, objGatewayLog, values{
		"InteractionType": i.kind, "InteractionStatus": status, "ReferencedEntityId": i.of.ID, "GatewayDate": tx.Now(),
		"OrderPaymentSummaryId": i.of.Get("OrderPaymentSummaryId"), "PaymentGatewayId": i.of.Get("PaymentGatewayId"),
		"GatewayRefNumber": answer.Reference, "GatewayResultCode": answer.Code, "GatewayMessage": answer.Message,
		"SfResultCode": string(answer.Result), "CurrencyIsoCode": i.of.Get("CurrencyIsoCode"),
	})
	return answer
}

// noted adds what the provider said to the row of a transaction.
func (a GatewayAnswer) noted(tx *sandbox.Tx, of *sobject.Record, v values) values {
	v["Status"] = statusProcessed
	if a.Result != ResultSuccess {
		v["Status"] = "Failed"
	}
	v["SfResultCode"], v["GatewayRefNumber"], v["GatewayResultCode"] = string(a.Result), a.Reference, a.Code
	v["GatewayResultCodeDescription"], v["GatewayDate"] = a.Message, tx.Now()
	for _, field := range []string{"AccountId", "OrderPaymentSummaryId", "PaymentGatewayId", "CurrencyIsoCode", "Email"} {
		v[field] = of.Get(field)
	}
	v["ProcessingMode"], v["Date"], v["EffectiveDate"] = "Salesforce", tx.Now(), tx.Now()
	return v
}

// capture takes authorised money and returns the id of the Payment.
func (d *SOM) capture(tx *sandbox.Tx, user string, authorization *sobject.Record, amount decimal.Decimal) (id string, answer GatewayAnswer) {
	answer = d.interact(tx, user, interaction{"Capture", Gateway.Capture, authorization, amount})
	id = d.insert(tx, user, objPayment, answer.noted(tx, authorization, values{
		"Amount": amount, "Type": "Capture", "PaymentAuthorizationId": authorization.ID, "ImpactAmount": amount,
	}))
	d.sumUpAuthorization(tx, user, authorization.ID)
	d.sumUpPayments(tx, user, authorization.Text("OrderPaymentSummaryId"))
	return id, answer
}

// reverse lets authorised money go and returns the id of the PaymentAuthAdjustment.
func (d *SOM) reverse(tx *sandbox.Tx, user string, authorization *sobject.Record, amount decimal.Decimal) (id string, answer GatewayAnswer) {
	answer = d.interact(tx, user, interaction{"AuthorizationReversal", Gateway.Reverse, authorization, amount})
	v := answer.noted(tx, authorization, values{"Amount": amount, "Type": adjustmentReversal, "PaymentAuthorizationId": authorization.ID})
	delete(v, "OrderPaymentSummaryId") // the object has neither
	delete(v, "PaymentGatewayId")
	id = d.insert(tx, user, objAuthAdjustment, v)
	d.sumUpAuthorization(tx, user, authorization.ID)
	d.sumUpPayments(tx, user, authorization.Text("OrderPaymentSummaryId"))
	return id, answer
}

// refund gives money of a payment back, applies the refund to it and returns its id.
func (d *SOM) refund(tx *sandbox.Tx, user string, payment *sobject.Record, amount decimal.Decimal) (id string, answer GatewayAnswer) {
	answer = d.interact(tx, user, interaction{"ReferencedRefund", Gateway.Refund, payment, amount})
	id = d.insert(tx, user, objRefund, answer.noted(tx, payment, values{"Amount": amount, "Type": "Referenced", "ImpactAmount": amount}))
	if answer.reason() == "" {
		// It cannot be refused: nobody asks for more than is left of the payment.
		_, _ = d.createRefundLine(tx, user, values{"RefundId": id, "PaymentId": payment.ID, "Amount": amount, "Type": "Applied"})
	}
	d.sumUpPayments(tx, user, payment.Text("OrderPaymentSummaryId"))
	return id, answer
}

// reason is what the provider has against it; empty when it went well.
func (a GatewayAnswer) reason() string {
	if a.Result == ResultSuccess {
		return ""
	}
	return firstText(a.Message, a.Code, string(a.Result))
}

// MinorUnits is the amount in the smallest unit of its currency.
func (r GatewayRequest) MinorUnits() int64 {
	return r.Amount.Shift(currencyDigits(r.Currency)).IntPart()
}
