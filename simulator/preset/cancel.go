package preset

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/slots"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/worldline"
)

// cancelUnits takes some units back: in order management, of the money, and of the stock.
func (s *shop) cancelUnits(p *placed) error {
	worth, err := s.submit(p, p.cancelledUnits, false)
	if err != nil || worth.IsZero() {
		return err
	}
	for i := range p.lines {
		if n := p.takenBack(i); n > 0 {
			if err := s.OCI.Release(s.tx, s.stockAction(p, i, n, oci.GroupPlace(everywhere), oci.Place{})); err != nil {
				return err
			}
		}
	}
	s.tellRefund(p, p.cancelledUnits, worth)
	return s.void(p, p.payments[0], worth)
}

// submit cancels units of the lines in order management and returns what they were worth.
func (s *shop) submit(p *placed, units []int64, reduceShipping bool) (decimal.Decimal, error) {
	var changes []som.ChangeItem
	items := s.lineItems(p)
	for i, n := range units {
		if n > 0 {
			changes = append(changes, som.ChangeItem{
				OrderItemSummaryID: items[i].ID, Quantity: decimal.NewFromInt(n), Reason: "Unknown", ReduceShipping: reduceShipping,
			})
		}
	}
	if len(changes) == 0 {
		return decimal.Zero, nil
	}
	result, err := s.SOM.SubmitCancel(s.tx, som.IntegrationUserID(), p.summaryID, changes)
	return result.Balances.GrandTotalAmount, err
}

// void gives authorised money back and records it in order management, as moved outside of it.
func (s *shop) void(p *placed, of paid, amount decimal.Decimal) error {
	payment, err := s.Worldline.Payment(s.tx, worldline.DefaultMerchant, of.id)
	if err != nil {
		return err
	}
	op, err := s.Worldline.CancelPayment(s.tx, payment, worldline.Instruction{Amount: minor(amount)})
	if err != nil {
		return err
	}
	adjustment, err := s.SOM.Object("PaymentAuthAdjustment")
	if err != nil {
		return err
	}
	for _, authorization := range s.SOM.Rows(s.tx).Lookup("PaymentAuthorization", "GatewayRefNumber", of.id) {
		_, err := s.SOM.Create(s.tx, som.IntegrationUserID(), adjustment, []sobject.FieldValue{
			{Name: "PaymentAuthorizationId", Value: authorization.ID},
			{Name: "Amount", Value: amount},
			{Name: "Type", Value: "Reversal"},
			{Name: "Status", Value: "Processed"},
			{Name: "ProcessingMode", Value: "External"},
			{Name: "GatewayRefNumber", Value: op.ID},
		})
		if err != nil {
			return fmt.Errorf("record the void of order %s: %w", p.number, err)
		}
	}
	return nil
}

// fail ends an order that was submitted and could not be paid.
func (s *shop) fail(p *placed) error {
	if p.unplaced != b2c.Failed {
		return nil
	}
	return s.B2C.SetStatus(s.tx, p.number, b2c.Failed)
}

// replace gives the money back and lets another order take the place of this one.
func (s *shop) replace(p *placed) error {
	for _, of := range p.payments {
		payment, err := s.Worldline.Payment(s.tx, worldline.DefaultMerchant, of.id)
		if err != nil {
			return err
		}
		if _, err := s.Worldline.CancelPayment(s.tx, payment, worldline.Instruction{Final: true}); err != nil {
			return err
		}
	}
	return s.B2C.Replace(s.tx, p.number, p.replacedBy)
}

// cancel takes the whole order back in every system.
func (s *shop) cancel(p *placed) error {
	if !p.cancelled {
		return nil
	}
	all := make([]int64, len(p.lines))
	for i, l := range p.lines {
		all[i] = l.quantity
	}
	worth, err := s.submit(p, all, true)
	if err != nil {
		return err
	}
	s.tellRefund(p, all, worth)
	for _, payment := range p.payments {
		if err := s.void(p, payment, payment.authorized); err != nil {
			return err
		}
	}
	if err := s.OCI.Cancel(s.tx, p.reservationID); err != nil {
		return err
	}
	for _, booking := range s.Slots.Bookings(s.tx, p.number) {
		if booking.Status != slots.Booked {
			continue
		}
		if err := s.Slots.Release(s.tx, booking.ID); err != nil {
			return err
		}
	}
	return s.B2C.SetStatus(s.tx, p.number, b2c.Cancelled)
}
