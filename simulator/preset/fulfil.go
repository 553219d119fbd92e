package preset

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/slots"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/worldline"
)

// items are the order item summaries of products, in the order of the story's lines.
func (s *shop) items(p *placed) []*row {
	var items []*row
	for _, r := range s.SOM.Rows(s.tx).Lookup(sobject.IndexKey("OrderItemSummary", "OrderSummaryId", p.summaryID)) {
		if r.Text("Type") == string(som.TypeProduct) {
			items = append(items, r)
		}
	}
	return items
}

func (s *shop) allocate(p *placed) error {
	_, err := s.fulfil(p, p.allocated)
	return err
}

// fulfil allocates units to the place that serves the order and returns the fulfillment order, empty when there are none.
func (s *shop) fulfil(p *placed, units []int64) (string, error) {
	group := som.AllocatedGroup{LocationID: s.locations[warehouse], Type: "Warehouse"}
	if p.slot == slots.Pickup {
		group.LocationID, group.Type = s.locations[soho], "In Store Pickup"
	}
	items, deliveryGroup := s.items(p), ""
	for i, n := range units {
		if n > 0 {
			deliveryGroup = items[i].Text("OrderDeliveryGroupSummaryId")
			group.Items = append(group.Items, som.AllocatedItem{OrderItemSummaryID: items[i].ID, Quantity: decimal.NewFromInt(n)})
		}
	}
	if len(group.Items) == 0 {
		return "", nil
	}
	ids, err := s.SOM.CreateFulfillmentOrders(s.tx, som.IntegrationUserID(), som.Allocation{
		OrderSummaryID: p.summaryID, OrderDeliveryGroupSummaryID: deliveryGroup, Groups: []som.AllocatedGroup{group},
	})
	if err != nil {
		return "", err
	}
	return ids[0], nil
}

func (s *shop) ship(p *placed) error {
	fulfillmentOrder, err := s.fulfil(p, p.shipped)
	if err != nil || fulfillmentOrder == "" {
		return err
	}
	tracking := "1Z999AA1" + p.number
	if _, err := s.SOM.Ship(s.tx, som.IntegrationUserID(), fulfillmentOrder, tracking); err != nil {
		return err
	}
	return s.B2C.RecordProgress(s.tx, p.number, s.progress(p, tracking))
}

// progress is what commerce knows of a shipment: all of it, or that a part is on its way.
func (s *shop) progress(p *placed, tracking string) b2c.Progress {
	for i, l := range p.lines {
		if p.shipped[i] < l.quantity {
			return b2c.Progress{Shipping: b2c.PartShipped, Payment: b2c.PartPaid}
		}
	}
	return b2c.Progress{Shipping: b2c.Shipped, Payment: b2c.Paid, ShipmentID: "me", TrackingNumber: tracking}
}

// cancel takes the whole order back in every system.
func (s *shop) cancel(p *placed) error {
	if !p.cancelled {
		return nil
	}
	var changes []som.ChangeItem
	for _, item := range s.items(p) {
		changes = append(changes, som.ChangeItem{
			OrderItemSummaryID: item.ID, Quantity: item.Decimal("QuantityOrdered"), Reason: "Unknown", ReduceShipping: true,
		})
	}
	if _, err := s.SOM.SubmitCancel(s.tx, som.IntegrationUserID(), p.summaryID, changes); err != nil {
		return err
	}
	payment, err := s.Worldline.Payment(s.tx, worldline.DefaultMerchant, p.paymentID)
	if err != nil {
		return err
	}
	if _, err := s.Worldline.CancelPayment(s.tx, payment, worldline.Instruction{}); err != nil {
		return err
	}
	for _, booking := range s.Slots.Bookings(s.tx, p.number) {
		if err := s.Slots.Release(s.tx, booking.ID); err != nil {
			return err
		}
	}
	if err := s.B2C.SetStatus(s.tx, p.number, b2c.Cancelled); err != nil {
		return fmt.Errorf("commerce: %w", err)
	}
	return nil
}
