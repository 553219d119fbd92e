package som

import (
	"time"

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

	// Authorize sets money aside, Sale takes it at once. PostAuth takes over what the shopper has authorised at the provider
	// by himself; the card's token is the provider's name for it.
	Authorize(tx *sandbox.Tx, in GatewayPurchase) GatewayAnswer
	Sale(tx *sandbox.Tx, in GatewayPurchase) GatewayAnswer
	PostAuth(tx *sandbox.Tx, in GatewayPurchase) GatewayAnswer
	// Tokenize gives a card a name by which it can be used again.
	Tokenize(tx *sandbox.Tx, in GatewayCard) GatewayAnswer
}

// GatewayPurchase asks for new money.
type GatewayPurchase struct {
	// Amount is in major units of Currency.
	Amount   decimal.Decimal
	Currency string
	// OrderNumber is empty when the request does not tell what it is for.
	OrderNumber string
	Card        GatewayCard
}

// MinorUnits is the amount in the smallest unit of its currency.
func (p GatewayPurchase) MinorUnits() int64 {
	return p.Amount.Shift(currencyDigits(p.Currency)).IntPart()
}

// GatewayCard is what a provider is told of a card.
type GatewayCard struct {
	// Type is the network, First and Last are the first six and the last four digits of the number.
	Type, First, Last string
	// Valid tells that the check digit of the number is right.
	Valid                   bool
	ExpiryMonth, ExpiryYear int
	// Token is the provider's own name for the card, or for the payment that a shopper made with it.
	Token string
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
	// AuthCode and ExpiresAt are those of an authorization, Token is that of a card.
	AuthCode, Token string
	ExpiresAt       time.Time
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
	// ResultReview is for a payment that somebody has to look at first.
	ResultReview SfResultCode = "RequiresReview"
	// ResultIndeterminate is for a payment of which nobody knows what became of it.
	ResultIndeterminate SfResultCode = "Indeterminate"
	ResultValidation    SfResultCode = "ValidationError"
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
	answer := noGateway()
	if d.gateway != nil && reference != "" && i.of.Text("ProcessingMode") == "Salesforce" {
		answer = i.call(d.gateway, tx, GatewayRequest{Reference: reference, Amount: i.amount, Currency: i.of.Text("CurrencyIsoCode")})
	}
	answer.logID = d.logInteraction(tx, user, i.kind, i.of, answer)
	return answer
}

func noGateway() GatewayAnswer {
	return GatewayAnswer{Result: ResultPermanentFail, Code: "NO_GATEWAY", Message: "No payment gateway is connected to the payment."}
}

// logInteraction keeps what the provider said about a row.
func (d *SOM) logInteraction(tx *sandbox.Tx, user, kind string, of *sobject.Record, answer GatewayAnswer) string {
	return d.insert(tx, user, objGatewayLog, values{
		"InteractionType": kind, "InteractionStatus": answer.interaction(), "ReferencedEntityId": of.ID, "GatewayDate": tx.Now(),
		"OrderPaymentSummaryId": of.Get("OrderPaymentSummaryId"), "PaymentGatewayId": of.Get("PaymentGatewayId"),
		"GatewayRefNumber": answer.Reference, "GatewayResultCode": answer.Code, "GatewayMessage": answer.Message,
		"GatewayAuthCode": answer.AuthCode, "SfResultCode": string(answer.Result), "CurrencyIsoCode": of.Get("CurrencyIsoCode"),
	})
}

// interaction is how a call of the provider ended: a call that nobody knows the end of has timed out.
func (a GatewayAnswer) interaction() string {
	switch a.Result {
	case ResultSuccess:
		return "Success"
	case ResultIndeterminate:
		return "Timeout"
	default:
		return "Failed"
	}
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
		if v[field] == nil {
			v[field] = of.Get(field)
		}
	}
	v["ProcessingMode"], v["Date"], v["EffectiveDate"] = "Salesforce", tx.Now(), tx.Now()
	return v
}

// capture takes authorised money and returns the id of the Payment.
func (d *SOM) capture(tx *sandbox.Tx, user string, authorization *sobject.Record, amount decimal.Decimal) (id string, answer GatewayAnswer) {
	answer = d.interact(tx, user, interaction{"Capture", Gateway.Capture, authorization, amount})
	id = d.insert(tx, user, objPayment, answer.noted(tx, authorization, values{
		"Amount": amount, "Type": "Capture", "PaymentAuthorizationId": authorization.ID, "ImpactAmount": amount,
		"PaymentMethodId": authorization.Get("PaymentMethodId"), "PaymentGroupId": authorization.Get("PaymentGroupId"),
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
