package settle

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// PaidBy is what an order was paid by: payments at the provider, in SOM's order, and what was paid without a provider,
// such as by gift certificate, and not given back.
func PaidBy(summary somclient.OrderSummary) (payments []Payment, elsewhere decimal.Decimal) {
	for _, p := range summary.Payments.Records {
		payments = appendPayments(payments, p)
		elsewhere = elsewhere.Add(withoutReference(p.Payments.Records)).Sub(withoutReference(p.Refunds.Records))
	}
	return payments, elsewhere
}

// appendPayments adds the payments behind an order payment summary: those that were authorised, and those that were
// taken without an authorisation. A capture refers to the payment or to its own operation on it; either is one payment.
func appendPayments(list []Payment, summary somclient.OrderPaymentSummary) []Payment {
	add := func(reference, authorizationID string) {
		id := worldlineclient.PaymentID(reference)
		known := slices.ContainsFunc(list, func(p Payment) bool { return p.ID == id })
		if reference != "" && !known {
			list = append(list, Payment{ID: id, SummaryID: summary.ID, AuthorizationID: authorizationID})
		}
	}
	for _, t := range summary.Authorizations.Records {
		add(t.GatewayRefNumber, t.ID)
	}
	for _, t := range summary.Payments.Records {
		add(t.GatewayRefNumber, "")
	}
	return list
}

// withoutReference adds up processed money that no provider has a number for.
func withoutReference(transactions []somclient.Transaction) decimal.Decimal {
	sum := decimal.Zero
	for _, t := range transactions {
		if t.GatewayRefNumber == "" && t.Status == statusProcessed {
			sum = sum.Add(t.Amount)
		}
	}
	return sum
}

// statusProcessed is the status of payments and refunds that have happened.
const statusProcessed = "Processed"
