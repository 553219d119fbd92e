package preset

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// takeBack has units come back after they arrived: order management credits them, the card gets the money, and web
// analytics count it. The stock comes back when the warehouse counts next.
func (s *shop) takeBack(p *placed) error {
	var changes []som.ChangeItem
	items := s.lineItems(p)
	for i, n := range p.returned {
		if n > 0 {
			changes = append(changes, som.ChangeItem{OrderItemSummaryID: items[i].ID, Quantity: decimal.NewFromInt(n), Reason: "Unknown"})
		}
	}
	if len(changes) == 0 {
		return nil
	}
	result, err := s.SOM.SubmitReturn(s.tx, som.IntegrationUserID(), p.summaryID, changes)
	if err != nil {
		return err
	}
	if _, err := s.SOM.CreateCreditMemo(s.tx, som.IntegrationUserID(), p.summaryID, []string{result.ChangeOrderID}); err != nil {
		return err
	}
	worth := result.Balances.GrandTotalAmount
	s.tellRefund(p, p.returned, worth)
	return s.refund(p.payments[0], worth)
}

// refund gives captured money back and records it in order management, as moved outside of it.
func (s *shop) refund(of paid, amount decimal.Decimal) error {
	op, err := s.Worldline.Refund(s.tx, of.id, minor(amount))
	if err != nil {
		return err
	}
	for _, payment := range s.SOM.Rows(s.tx).Lookup("Payment", "GatewayRefNumber", of.id) {
		refund, err := s.record("Refund", []sobject.FieldValue{
			{Name: "OrderPaymentSummaryId", Value: payment.Text("OrderPaymentSummaryId")},
			{Name: "Amount", Value: amount},
			{Name: "Type", Value: "Referenced"},
			{Name: "Status", Value: "Processed"},
			{Name: "ProcessingMode", Value: "External"},
			{Name: "GatewayRefNumber", Value: op.ID},
		})
		if err != nil {
			return err
		}
		_, err = s.record("RefundLinePayment", []sobject.FieldValue{
			{Name: "RefundId", Value: refund},
			{Name: "PaymentId", Value: payment.ID},
			{Name: "Amount", Value: amount},
			{Name: "Type", Value: "Applied"},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// record makes a row as the integration does.
func (s *shop) record(object string, fields []sobject.FieldValue) (string, error) {
	o, err := s.SOM.Object(object)
	if err != nil {
		return "", err
	}
	return s.SOM.Create(s.tx, som.IntegrationUserID(), o, fields)
}
