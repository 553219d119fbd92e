package preset

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// reserveStock promises the order's units, at no location yet.
func (s *shop) reserveStock(p *placed) error {
	request := oci.Request{ExternalRefID: p.number}
	for i, l := range p.lines {
		if p.worked(i) {
			continue
		}
		request.Lines = append(request.Lines, oci.Line{Place: oci.GroupPlace(everywhere), SKU: l.sku, Quantity: decimal.NewFromInt(l.quantity)})
	}
	result, err := s.OCI.Reserve(s.tx, request)
	p.reservationID = result.Reservation.ID
	return err
}

// reference names the place of a line in order management and inventory.
func (p *placed) reference(line int) string {
	if p.shipment(line) == collected {
		return soho
	}
	return warehouse
}

// lineItems are the order item summaries of the story's lines, in their order.
func (s *shop) lineItems(p *placed) []*row {
	bySKU := map[string]*row{}
	for _, r := range s.SOM.Rows(s.tx).Lookup("OrderItemSummary", "OrderSummaryId", p.summaryID) {
		bySKU[r.Text("ProductCode")] = r
	}
	items := make([]*row, len(p.lines))
	for i, l := range p.lines {
		items[i] = bySKU[l.sku]
	}
	return items
}

func (s *shop) allocate(p *placed) error {
	_, err := s.fulfil(p, p.allocated)
	return err
}

// fulfil allocates units to the places that serve the order, in inventory too, and returns the fulfillment orders.
func (s *shop) fulfil(p *placed, units []int64) ([]string, error) {
	items := s.lineItems(p)
	var fulfillmentOrders []string
	for _, shipmentID := range p.shipments() {
		a := som.Allocation{OrderSummaryID: p.summaryID}
		group := som.AllocatedGroup{Type: "Warehouse"}
		if shipmentID == collected {
			group.Type = "In Store Pickup"
		}
		for i, n := range units {
			if n == 0 || p.shipment(i) != shipmentID {
				continue
			}
			a.OrderDeliveryGroupSummaryID, group.LocationID = items[i].Text("OrderDeliveryGroupSummaryId"), s.locations[p.reference(i)]
			group.Items = append(group.Items, som.AllocatedItem{OrderItemSummaryID: items[i].ID, Quantity: decimal.NewFromInt(n)})
			if p.worked(i) {
				continue
			}
			if err := s.OCI.Transfer(s.tx, s.stockAction(p, i, n, oci.GroupPlace(everywhere), oci.LocationPlace(p.reference(i)))); err != nil {
				return nil, err
			}
		}
		if len(group.Items) == 0 {
			continue
		}
		a.Groups = []som.AllocatedGroup{group}
		ids, err := s.SOM.CreateFulfillmentOrders(s.tx, som.IntegrationUserID(), a)
		if err != nil {
			return nil, err
		}
		fulfillmentOrders = append(fulfillmentOrders, ids...)
	}
	return fulfillmentOrders, nil
}

func (s *shop) stockAction(p *placed, line int, units int64, at, to oci.Place) oci.Action {
	return oci.Action{
		ReservationID: p.reservationID, ExternalRefID: p.number, Place: at, To: to, SKU: p.lines[line].sku, Quantity: decimal.NewFromInt(units),
	}
}

func (s *shop) ship(p *placed) error {
	fulfillmentOrders, err := s.fulfil(p, p.shipped)
	if err != nil || len(fulfillmentOrders) == 0 {
		return err
	}
	tracking := "1Z999AA1" + p.number
	for _, id := range fulfillmentOrders {
		if _, err := s.SOM.Ship(s.tx, som.IntegrationUserID(), id, tracking); err != nil {
			return err
		}
	}
	for i, n := range p.shipped {
		if n == 0 || p.worked(i) {
			continue
		}
		if err := s.OCI.Fulfil(s.tx, s.stockAction(p, i, n, oci.LocationPlace(p.reference(i)), oci.Place{})); err != nil {
			return err
		}
	}
	return s.B2C.RecordProgress(s.tx, p.number, s.progress(p, tracking))
}

// progress is what commerce knows of a shipment: all of it, or that a part is on its way.
func (s *shop) progress(p *placed, tracking string) b2c.Progress {
	for i, l := range p.lines {
		if p.shipped[i] < l.quantity-p.takenBack(i) {
			return b2c.Progress{Shipping: b2c.PartShipped, Payment: b2c.PartPaid}
		}
	}
	return b2c.Progress{Shipping: b2c.Shipped, Payment: b2c.Paid, ShipmentID: p.shipments()[0], TrackingNumber: tracking}
}

// takenBack is how many units of a line were cancelled.
func (p *placed) takenBack(line int) int64 {
	if line < len(p.cancelledUnits) {
		return p.cancelledUnits[line]
	}
	return 0
}

// arrive has what was shipped delivered, or picked up.
func (s *shop) arrive(p *placed) error {
	if !p.arrived {
		return nil
	}
	for _, shipment := range s.SOM.Rows(s.tx).Lookup("Shipment", "OrderSummaryId", p.summaryID) {
		err := s.SOM.Update(s.tx, som.IntegrationUserID(), "Shipment", shipment.ID, []sobject.FieldValue{
			{Name: "Status", Value: "Delivered"}, {Name: "ActualDeliveryDate", Value: s.tx.Now()},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
