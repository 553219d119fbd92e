package som

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// write makes the exchange order with its summary, ties both summaries, reserves balances and takes the payments over.
func (e *exchange) write(user string) error {
	e.order.User = user
	reservations := e.reservations()
	orderID, _, err := e.d.insertOrder(e.tx, e.order)
	if err != nil {
		return err
	}
	e.id, err = e.d.CreateOrderSummary(e.tx, NewOrderSummary{
		OrderID: orderID, Name: e.order.OrderNumber, BusinessModel: e.summary.Text("BusinessModel"), SourceProcess: sourceExchange, User: user,
	})
	if err != nil {
		return err
	}
	stored, _ := e.d.find(e.tx, objOrderSummary, e.id)
	summary := tracked(stored)
	summary.put("SourceOrderSummaryId", e.summary.ID)
	e.d.save(e.tx, user, summary)
	e.d.insert(e.tx, user, objRelationship, values{
		"MainOrderSummaryId": e.summary.ID, "AssociatedOrderSummaryId": e.id, "RootOrderSummaryId": e.root(), "MainAttachedToId": e.returned.ID,
		"AssociatedRelationshipType": sourceExchange, "AssociatedOrderSummaryStatus": summary.Get("Status"), "CurrencyIsoCode": e.summary.Get("CurrencyIsoCode"),
	})
	for _, t := range reservations {
		e.d.reserve(e.tx, user, e.id, t)
	}
	cart := tracked(e.cart)
	cart.put("Status", cartClosed)
	e.d.save(e.tx, user, cart)
	return e.takePayments(user)
}

const sourceExchange = "Exchange"

// root is the order summary that was there before any exchange.
func (e *exchange) root() string {
	for _, relation := range e.d.Rows(e.tx).children(objRelationship, "AssociatedOrderSummaryId", e.summary.ID) {
		return relation.Text("RootOrderSummaryId")
	}
	return e.summary.ID
}

// takePayments ties the payments of the request to the exchange order, each with an order payment summary of its own.
func (e *exchange) takePayments(user string) error {
	for _, p := range e.in.Payments {
		n := NewPaymentSummary{OrderSummaryID: e.id, PaymentAuthorizationID: p.PaymentAuthorizationID, Name: p.Name}
		rest := p.PaymentIDs
		if n.PaymentAuthorizationID == "" {
			n.PaymentIDs, rest = p.PaymentIDs, nil
		}
		id, err := e.d.createPaymentSummary(e.tx, user, n)
		if err != nil {
			return err
		}
		if err := e.addPayments(user, id, rest); err != nil {
			return err
		}
		ops, _ := e.d.find(e.tx, objOrderPaymentSummary, id)
		if of := ops.Text("PaymentMethodId"); p.PaymentMethodID != "" && !sameID(of, p.PaymentMethodID) {
			return exchangeAction().refuse("payment-method", "The payment method of the payments is %q, not %s.", of, p.PaymentMethodID).on("paymentMethodId")
		}
		if err := e.noteLog(user, ops, p.LastPaymentGatewayLog); err != nil {
			return err
		}
		captured := decimal.Max(ops.Decimal("CapturedAmount"), ops.Decimal("AuthorizationAmount").Sub(ops.Decimal("AuthorizationReversalAmount")))
		e.paid = e.paid.Add(captured)
	}
	return nil
}

// noteLog keeps which call of the payment provider was the last.
func (e *exchange) noteLog(user string, ops *sobject.Record, id string) error {
	if id == "" {
		return nil
	}
	log, err := e.row(objGatewayLog, id)
	if err == nil {
		r := tracked(ops)
		r.put("LastPaymentGatewayLogId", log.ID)
		e.d.save(e.tx, user, r)
	}
	return err
}

// addPayments ties payments to an order payment summary that an authorization made.
func (e *exchange) addPayments(user, opsID string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := e.d.transactions(e.tx, NewPaymentSummary{PaymentIDs: ids})
	if err != nil {
		return err
	}
	for _, stored := range rows {
		r := tracked(stored)
		r.put("OrderPaymentSummaryId", opsID)
		e.d.save(e.tx, user, r)
	}
	e.d.sumUpPayments(e.tx, user, opsID)
	return nil
}

// sameID compares ids in either form.
func sameID(a, b string) bool {
	x, errX := sobject.NormalizeID(a)
	y, errY := sobject.NormalizeID(b)
	return errX == nil && errY == nil && x == y
}
