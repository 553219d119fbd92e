package settle

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// Paid is what an order was paid by, as order management knows it.
type Paid struct {
	// Payments are those at the provider, in SOM's order.
	Payments []Payment
	// Elsewhere is what was paid without a provider, such as by gift certificate, and not given back. Held is what the
	// payments at the provider hold: authorised or taken, and neither let go nor given back.
	Elsewhere, Held decimal.Decimal
}

// PaidBy reads what an order was paid by.
func PaidBy(summary somclient.OrderSummary) Paid {
	var paid Paid
	for _, p := range summary.Payments.Records {
		paid.Payments = appendPayments(paid.Payments, p)
		captured, elsewhere := processed(p.Payments.Records)
		refunded, refundedElsewhere := processed(p.Refunds.Records)
		paid.Elsewhere = paid.Elsewhere.Add(elsewhere).Sub(refundedElsewhere)
		paid.Held = paid.Held.Add(decimal.Max(captured, p.AuthorizationAmount.Sub(p.ReversedAmount))).Sub(refunded)
	}
	return paid
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

// processed adds up processed money: that of the provider, and that which no provider has a number for.
func processed(transactions []somclient.Transaction) (byProvider, elsewhere decimal.Decimal) {
	for _, t := range transactions {
		switch {
		case t.Status != statusProcessed:
		case t.GatewayRefNumber == "":
			elsewhere = elsewhere.Add(t.Amount)
		default:
			byProvider = byProvider.Add(t.Amount)
		}
	}
	return byProvider, elsewhere
}

// statusProcessed is the status of payments and refunds that have happened.
const statusProcessed = "Processed"
