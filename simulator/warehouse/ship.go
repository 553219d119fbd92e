package warehouse

import (
	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// ship hands the goods of a fulfillment order to the carrier.
func (w *Warehouse) ship(tx *sandbox.Tx, s Settings, t task, fo *row) error {
	if w.isPickup(tx, fo.Text("DeliveryMethodId")) {
		return w.handOver(tx, fo)
	}
	number := trackingNumber(tx, fo.ID)
	shipmentID, err := w.leaves(tx, fo, number)
	if err != nil {
		return err
	}
	err = w.SOM.Update(tx, som.IntegrationUserID(), "Shipment", shipmentID, []sobject.FieldValue{
		{Name: "Provider", Value: w.carrier(tx, fo)},
		{Name: "TrackingUrl", Value: "https://tracking.somsim.test/" + number},
		{Name: "ExpectedDeliveryDate", Value: tx.Now().Add(s.Deliver)},
	})
	if err != nil {
		return err
	}
	return w.plan(tx, s, task{Subject: shipmentID, SummaryID: t.SummaryID, Stage: transit, Seen: "Shipped"}, tx.Now(), s.Deliver/2)
}

// carrier is who takes the parcels of a delivery method.
func (w *Warehouse) carrier(tx *sandbox.Tx, fo *row) string {
	if method, ok := w.get(tx, fo.Text("DeliveryMethodId")); ok && method.Text("Carrier") != "" {
		return method.Text("Carrier")
	}
	return "UPS"
}

// handOver gives the goods of a fulfillment order to the shopper who has come for them.
func (w *Warehouse) handOver(tx *sandbox.Tx, fo *row) error {
	shipmentID, err := w.leaves(tx, fo, "")
	if err != nil {
		return err
	}
	return w.arrived(tx, shipmentID, "Delivered")
}

// leaves is what happens when goods leave a location, whoever takes them: units are fulfilled, stock goes down, money is
// asked for and commerce hears of it.
func (w *Warehouse) leaves(tx *sandbox.Tx, fo *row, trackingNumber string) (string, error) {
	goods := w.goods(tx, fo.ID)
	shipmentID, err := w.SOM.Ship(tx, som.IntegrationUserID(), fo.ID, trackingNumber)
	if err != nil {
		return "", err
	}
	summary, _ := w.get(tx, fo.Text("OrderSummaryId"))
	if err := w.takeStock(tx, summary.Text("OrderNumber"), w.reference(tx, fo.Text("FulfilledFromLocationId")), goods); err != nil {
		return "", err
	}
	if err := w.bill(tx, summary, fo); err != nil {
		return "", err
	}
	return shipmentID, w.tellCommerce(tx, summary, fo, trackingNumber)
}

// takeStock fulfils what the order has reserved of the goods at their location.
func (w *Warehouse) takeStock(tx *sandbox.Tx, orderNo, location string, goods []*row) error {
	for _, line := range goods {
		units := w.units(line, "Quantity")
		sku := w.skuOf(tx, line)
		if sku == "" {
			continue
		}
		for _, h := range w.holdings(tx, orderNo, sku) {
			n := min(units, h.Quantity.IntPart())
			if h.Place != oci.LocationPlace(location) || n <= 0 {
				continue
			}
			units -= n
			if err := w.OCI.Fulfil(tx, oci.Action{ReservationID: h.ReservationID, Place: h.Place, SKU: sku, Quantity: whole(n)}); err != nil {
				return err
			}
		}
		if units > 0 && len(w.OCI.Reservations(tx, orderNo)) > 0 {
			return notReserved(orderNo, units, sku, location)
		}
	}
	return nil
}

// notReserved is the refusal of goods that the order has no stock for: people have taken it.
func notReserved(orderNo string, units int64, sku, location string) error {
	return &oci.Error{
		Code: oci.QuantityExceedsReserved, Rule: "oci.action.quantity",
		Message: "order " + orderNo + " lacks " + whole(units).String() + " of " + sku + " at " + location,
	}
}

// bill invoices what has left of an order and is not invoiced yet, charges of the delivery group included, and has the
// invoices paid.
func (w *Warehouse) bill(tx *sandbox.Tx, summary, fo *row) error {
	if err := w.chargeDelivery(tx, summary, fo); err != nil {
		return err
	}
	var invoices []string
	for _, closed := range w.children(tx, "FulfillmentOrder", "OrderSummaryId", summary.ID) {
		if som.StatusCategory(closed.Text("StatusCategory")) != som.CategoryClosed || closed.Text("InvoiceId") != "" {
			continue
		}
		invoice, err := w.SOM.CreateInvoice(tx, som.IntegrationUserID(), closed.ID)
		if err != nil {
			return err
		}
		invoices = append(invoices, invoice)
	}
	return w.takeMoney(tx, summary.ID, invoices)
}

// chargeDelivery fulfils the delivery charge and fees of a delivery group with the first goods of it that leave, in a
// fulfillment order of their own: until then a cancel may lower them.
func (w *Warehouse) chargeDelivery(tx *sandbox.Tx, summary, fo *row) error {
	charges := map[string][]som.AllocatedItem{}
	groups := w.groupsOf(tx, fo)
	for _, item := range w.children(tx, "OrderItemSummary", "OrderSummaryId", summary.ID) {
		group := item.Text("OrderDeliveryGroupSummaryId")
		units := w.units(item, "QuantityAvailableToFulfill")
		if isProduct(item) || units <= 0 || !groups[group] || !w.number(item, "TotalAmtWithTax").IsPositive() {
			continue
		}
		charges[group] = append(charges[group], som.AllocatedItem{OrderItemSummaryID: item.ID, Quantity: whole(units)})
	}
	for group := range groups {
		if len(charges[group]) == 0 {
			continue
		}
		ids, err := w.SOM.CreateFulfillmentOrders(tx, som.IntegrationUserID(), som.Allocation{
			OrderSummaryID: summary.ID, OrderDeliveryGroupSummaryID: group,
			Groups: []som.AllocatedGroup{{LocationID: fo.Text("FulfilledFromLocationId"), Type: fo.Text("Type"), Items: charges[group]}},
		})
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := w.SOM.SetFulfillmentOrderStatus(tx, som.IntegrationUserID(), id, "Fulfilled"); err != nil {
				return err
			}
		}
	}
	return nil
}

// groupsOf are the delivery groups of the goods in a fulfillment order: one.
func (w *Warehouse) groupsOf(tx *sandbox.Tx, fo *row) map[string]bool {
	groups := map[string]bool{}
	for _, line := range w.children(tx, "FulfillmentOrderLineItem", "FulfillmentOrderId", fo.ID) {
		if item, ok := w.get(tx, line.Text("OrderItemSummaryId")); ok {
			groups[item.Text("OrderDeliveryGroupSummaryId")] = true
		}
	}
	return groups
}

// tellCommerce has commerce show how much of the order has left. Commerce may not know the order.
func (w *Warehouse) tellCommerce(tx *sandbox.Tx, summary, fo *row, trackingNumber string) error {
	order, err := w.B2C.Order(tx, b2c.Reader{}, summary.Text("OrderNumber"))
	if err != nil {
		return nil //nolint:nilerr // the order came to order management some other way
	}
	progress := b2c.Progress{Shipping: b2c.PartShipped, Payment: b2c.PartPaid}
	if w.allLeft(tx, summary.ID, nil) {
		progress = b2c.Progress{Shipping: b2c.Shipped, Payment: b2c.Paid}
	}
	if w.allLeft(tx, summary.ID, w.groupsOf(tx, fo)) {
		progress.ShipmentID, progress.TrackingNumber = w.commerceShipment(tx, order, fo), trackingNumber
	}
	return w.B2C.RecordProgress(tx, order.OrderNo, progress)
}

// allLeft reports whether every unit that was not cancelled has left, of some delivery groups or of all.
func (w *Warehouse) allLeft(tx *sandbox.Tx, summaryID string, groups map[string]bool) bool {
	for _, item := range w.children(tx, "OrderItemSummary", "OrderSummaryId", summaryID) {
		if groups != nil && !groups[item.Text("OrderDeliveryGroupSummaryId")] || !isProduct(item) {
			continue
		}
		if w.units(item, "QuantityFulfilled") < w.units(item, "QuantityNetOrdered") {
			return false
		}
	}
	return true
}

// commerceShipment is the shipment of commerce that a fulfillment order belongs to: the one with its delivery method, or
// the only one.
func (w *Warehouse) commerceShipment(tx *sandbox.Tx, order b2c.Order, fo *row) string {
	method, _ := w.get(tx, fo.Text("DeliveryMethodId"))
	for _, shipment := range order.Shipments {
		if len(order.Shipments) == 1 || method != nil && shipment.Method.ID == method.Text("ReferenceNumber") {
			return shipment.ShipmentID
		}
	}
	return ""
}

// carry takes a shipment on its way, or to its end.
func (w *Warehouse) carry(tx *sandbox.Tx, s Settings, t task, status string) error {
	if err := w.arrived(tx, t.Subject, status); err != nil || status == "Delivered" {
		return err
	}
	t.Stage, t.Seen = deliver, status
	return w.plan(tx, s, t, tx.Now(), s.Deliver/2)
}

func (w *Warehouse) arrived(tx *sandbox.Tx, shipmentID, status string) error {
	changes := []sobject.FieldValue{{Name: "Status", Value: status}}
	if status == "Delivered" {
		changes = append(changes, sobject.FieldValue{Name: "ActualDeliveryDate", Value: tx.Now()})
	}
	return w.SOM.Update(tx, som.IntegrationUserID(), "Shipment", shipmentID, changes)
}
