package som

import (
	"fmt"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// NewPaymentSummary is the input of [SOM.CreateOrderPaymentSummary]: an authorization, or payments of one method.
type NewPaymentSummary struct {
	OrderSummaryID, PaymentAuthorizationID string
	PaymentIDs                             []string
	// Name becomes the Method that people read; empty takes over that of the payment method.
	Name string
}

// CreateOrderPaymentSummary ties an authorization or payments to an order summary.
// Source: Connect REST API Developer Guide, "Create an Order Payment Summary".
func (d *SOM) CreateOrderPaymentSummary(tx *sandbox.Tx, user string, n NewPaymentSummary) (string, error) {
	id, err := d.createPaymentSummary(tx, user, n)
	if err != nil {
		return "", fmt.Errorf("create order payment summary of order summary %s: %w", n.OrderSummaryID, err)
	}
	return id, nil
}

func (d *SOM) createPaymentSummary(tx *sandbox.Tx, user string, n NewPaymentSummary) (string, error) {
	summary, ok := d.find(tx, objOrderSummary, n.OrderSummaryID)
	if !ok {
		return "", refuse("som.payment-summary.summary-exists", CodeInvalidInput, "There is no order summary %q.", n.OrderSummaryID).on("orderSummaryId")
	}
	transactions, err := d.transactions(tx, n)
	if err != nil {
		return "", err
	}
	method, kind := d.methodOf(tx, transactions[0])
	id := d.insert(tx, user, objOrderPaymentSummary, values{
		"OrderSummaryId": summary.ID, "Method": firstText(n.Name, method), "FullName": firstText(n.Name, method), "Type": kind,
		"PaymentMethodId": transactions[0].Get("PaymentMethodId"), "CurrencyIsoCode": summary.Get("CurrencyIsoCode"),
	})
	for _, t := range transactions {
		r := tracked(t)
		r.put("OrderPaymentSummaryId", id)
		d.save(tx, user, r)
	}
	d.sumUpPayments(tx, user, id)
	return id, nil
}

// transactions finds the rows that are to be tied: they must be free and of one payment method.
func (d *SOM) transactions(tx *sandbox.Tx, n NewPaymentSummary) ([]*sobject.Record, error) {
	object, ids := objPayment, n.PaymentIDs
	if n.PaymentAuthorizationID != "" {
		object, ids = objAuthorization, []string{n.PaymentAuthorizationID}
	}
	if len(ids) == 0 || n.PaymentAuthorizationID != "" && len(n.PaymentIDs) > 0 {
		return nil, refuse("som.payment-summary.one-source", CodeInvalidInput, "Give paymentAuthorizationId or paymentIds.")
	}
	var rows []*sobject.Record
	for _, id := range ids {
		r, ok := d.find(tx, object, id)
		switch {
		case !ok:
			return nil, refuse("som.payment-summary.transaction-exists", CodeInvalidInput, "There is no %s %q.", object, id)
		case r.Text("OrderPaymentSummaryId") != "":
			return nil, refuse("som.payment-summary.once", CodeInvalidInput, "%s belongs to the order payment summary %s already.", r.ID, r.Text("OrderPaymentSummaryId"))
		case len(rows) > 0 && r.Text("PaymentMethodId") != rows[0].Text("PaymentMethodId"):
			return nil, refuse("som.payment-summary.one-method", CodeInvalidInput, "The payments are not of one payment method.").on("paymentIds")
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// methodOf names the payment method behind a transaction.
func (d *SOM) methodOf(tx *sandbox.Tx, t *sobject.Record) (method, kind string) {
	id := t.Text("PaymentMethodId")
	o, ok := d.catalog.ByPrefix(id)
	if !ok {
		return "Payment", "Payment"
	}
	r, _ := d.find(tx, o.Name, id)
	return firstText(r.Text("NickName"), r.Text("CardType"), o.Label), o.Label
}
