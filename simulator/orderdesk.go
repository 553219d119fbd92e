package simulator

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// orderDesk is what shoppers see of their orders in Order Management and do with them there, through B2C Commerce.
type orderDesk struct{ som *som.SOM }

// Reasons are those of a change of an item in Order Management, its default first.
func (orderDesk) Reasons() []string {
	return []string{"Unknown", "Changed Mind", "Wrong Item", "Found Cheaper", "Too Late", "Damaged", "Defective", "Duplicate Order"}
}

// Show tells where an order's units are. Lines find their items by product and quantity, in the order in which they were
// handed over.
func (d orderDesk) Show(tx *sandbox.Tx, o b2c.Order) (b2c.OMSOrder, bool) {
	rows := d.som.Rows(tx)
	summary, ok := rows.Get(o.OrderSummaryID)
	if o.OrderSummaryID == "" || !ok {
		return b2c.OMSOrder{}, false
	}
	out := b2c.OMSOrder{Status: summary.Text("Status")}
	lines := d.lines(tx, o)
	for _, item := range o.ProductItems {
		if row := lines[item.ItemID]; row != nil {
			out.Items = append(out.Items, shown(item.ItemID, row))
		}
	}
	for _, fulfillment := range rows.Lookup("FulfillmentOrder", "OrderSummaryId", o.OrderSummaryID) {
		for _, shipment := range rows.Lookup("Shipment", "FulfillmentOrderId", fulfillment.ID) {
			out.Shipments = append(out.Shipments, d.shipment(rows, shipment, fulfillment, lines))
		}
	}
	return out, true
}

// lines are the items of an order in Order Management by the ids of commerce's lines.
func (d orderDesk) lines(tx *sandbox.Tx, o b2c.Order) map[string]*sobject.Record {
	rows := slices.Clone(d.som.Rows(tx).Lookup("OrderItemSummary", "OrderSummaryId", o.OrderSummaryID))
	slices.SortFunc(rows, func(x, y *sobject.Record) int { return cmp.Compare(x.ID, y.ID) })
	found := map[string]*sobject.Record{}
	for _, item := range o.ProductItems {
		i := slices.IndexFunc(rows, func(r *sobject.Record) bool {
			return r.Text("ProductCode") == item.ProductID && r.Decimal("QuantityOrdered").Equal(item.Quantity)
		})
		if i >= 0 {
			found[item.ItemID] = rows[i]
			rows = slices.Delete(rows, i, i+1)
		}
	}
	return found
}

func shown(itemID string, r *sobject.Record) b2c.OMSItem {
	return b2c.OMSItem{
		ItemID: itemID, Status: itemStatus(r.Text("Status")), Ordered: r.Decimal("QuantityOrdered"), Canceled: r.Decimal("QuantityCanceled"),
		Returned: r.Decimal("QuantityReturned"), ReturnInitiated: r.Decimal("QuantityReturnInitiated"), Fulfilled: r.Decimal("QuantityFulfilled"),
		AvailableToCancel: cancellable(r), AvailableToReturn: r.Decimal("QuantityFulfilled").Sub(r.Decimal("QuantityReturnInitiated")),
	}
}

// cancellable is QuantityAvailableToCancel, a formula that is not stored.
func cancellable(r *sobject.Record) decimal.Decimal {
	return r.Decimal("QuantityOrdered").Sub(r.Decimal("QuantityCanceled")).Sub(r.Decimal("QuantityAllocated"))
}

// itemStatus writes a status of Order Management as shoppers' documents do: PARTIALLYFULFILLED as partially_fulfilled.
func itemStatus(status string) string {
	status = strings.ToLower(status)
	for _, joined := range [][2]string{{"partially", "partially_"}, {"returninitiated", "return_initiated"}} {
		if strings.HasPrefix(status, joined[0]) {
			return strings.Replace(status, joined[0], joined[1], 1)
		}
	}
	return status
}

func (d orderDesk) shipment(rows som.Rows, s, fulfillment *sobject.Record, lines map[string]*sobject.Record) b2c.OMSShipment {
	out := b2c.OMSShipment{
		ID: s.ID, Status: strings.ToLower(s.Text("Status")), Provider: s.Text("Provider"), TrackingNumber: s.Text("TrackingNumber"),
		TrackingURL: s.Text("TrackingUrl"), Expected: s.Time("ExpectedDeliveryDate"), Delivered: s.Time("ActualDeliveryDate"),
	}
	for _, line := range rows.Lookup("FulfillmentOrderLineItem", "FulfillmentOrderId", fulfillment.ID) {
		for itemID, item := range lines {
			if item.ID == line.Text("OrderItemSummaryId") {
				out.Items = append(out.Items, b2c.OMSShipmentItem{ID: line.ID, ItemID: itemID, Quantity: line.Decimal("Quantity")})
			}
		}
	}
	return out
}

// Cancel cancels every unit of an order that can be.
func (d orderDesk) Cancel(tx *sandbox.Tx, o b2c.Order, reason string) error {
	var items []som.ChangeItem
	lines := d.lines(tx, o)
	for _, item := range o.ProductItems {
		if row := lines[item.ItemID]; row != nil {
			items = append(items, som.ChangeItem{OrderItemSummaryID: row.ID, Quantity: cancellable(row), Reason: reason, ReduceShipping: true})
		}
	}
	if _, err := d.som.SubmitCancel(tx, som.IntegrationUserID(), o.OrderSummaryID, items); err != nil {
		return &b2c.Error{Code: b2c.OrderCancelFailed, Rule: "b2c.oms.cancel-whole", Message: err.Error(), Arguments: map[string]string{"orderNo": o.OrderNo}}
	}
	return nil
}

// Return opens a return order of the units.
func (d orderDesk) Return(tx *sandbox.Tx, o b2c.Order, units []b2c.OMSReturn) error {
	n := som.NewReturnOrder{OrderSummaryID: o.OrderSummaryID, Status: "Submitted"}
	lines := d.lines(tx, o)
	for _, u := range units {
		n.Lines = append(n.Lines, som.NewReturnLine{OrderItemSummaryID: lines[u.ItemID].ID, Expected: u.Quantity, Reason: u.Reason})
	}
	if _, _, err := d.som.CreateReturnOrder(tx, som.IntegrationUserID(), n); err != nil {
		return &b2c.Error{Code: b2c.OrderReturnFailed, Rule: "b2c.oms.return", Message: err.Error(), Arguments: map[string]string{"orderNo": o.OrderNo}}
	}
	return nil
}
