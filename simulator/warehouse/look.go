package warehouse

import (
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
)

// look takes up every order that the warehouse does not know yet, where it finds it, and fulfillment orders that people
// have made of the others.
func (w *Warehouse) look(tx *sandbox.Tx, s Settings) error {
	var fresh []*row
	w.SOM.Rows(tx).Scan("OrderSummary", func(r *row) bool {
		if _, seen := w.orders.Peek(tx.Tx, r.ID); !seen && !r.Bool("IsDeleted") && r.Text("OrderLifeCycleType") != "UNMANAGED" {
			fresh = append(fresh, r)
		}
		return true
	})
	for _, summary := range fresh {
		if err := w.takeUp(tx, s, summary); err != nil {
			return err
		}
	}
	var open []*row
	w.SOM.Rows(tx).Scan("FulfillmentOrder", func(r *row) bool {
		if _, seen := w.orders.Peek(tx.Tx, r.Text("OrderSummaryId")); seen && !r.Bool("IsDeleted") {
			open = append(open, r)
		}
		return true
	})
	for _, fo := range open {
		if err := w.takeUpFulfillmentOrder(tx, s, fo); err != nil {
			return err
		}
	}
	return nil
}

// takeUp plans what is to be done with an order: with its fulfillment orders, its shipments, and what is free of it.
func (w *Warehouse) takeUp(tx *sandbox.Tx, s Settings, summary *row) error {
	order := known{SummaryID: summary.ID, State: working}
	for _, fo := range w.children(tx, "FulfillmentOrder", "OrderSummaryId", summary.ID) {
		if err := w.takeUpFulfillmentOrder(tx, s, fo); err != nil {
			return err
		}
	}
	for _, shipment := range w.children(tx, "Shipment", "OrderSummaryId", summary.ID) {
		if err := w.takeUpShipment(tx, s, shipment); err != nil {
			return err
		}
	}
	if w.free(tx, summary.ID) {
		if happens(tx, s.Backordered, "backordered", summary.Text("OrderNumber")) {
			order.State = backordered
		} else if err := w.plan(tx, s, task{Subject: summary.ID, SummaryID: summary.ID, Stage: allocate}, orderedAt(tx, summary), s.Allocate); err != nil {
			return err
		}
	}
	w.orders.Put(tx.Tx, order)
	return nil
}

// free reports whether any unit of the order can still be allocated.
func (w *Warehouse) free(tx *sandbox.Tx, summaryID string) bool {
	for _, item := range w.children(tx, "OrderItemSummary", "OrderSummaryId", summaryID) {
		if isProduct(item) && w.units(item, "QuantityAvailableToFulfill") > 0 {
			return true
		}
	}
	return false
}

func orderedAt(tx *sandbox.Tx, summary *row) time.Time {
	if at, ok := summary.Get("OrderedDate").(time.Time); ok {
		return at
	}
	return tx.Now()
}

// takeUpFulfillmentOrder goes on where a fulfillment order stands, unless people have been given it.
func (w *Warehouse) takeUpFulfillmentOrder(tx *sandbox.Tx, s Settings, fo *row) error {
	category := som.StatusCategory(fo.Text("StatusCategory"))
	if category != som.CategoryActivated && category != som.CategoryFulfilling || len(w.goods(tx, fo.ID)) == 0 {
		return nil
	}
	if _, mine := w.tasks.Peek(tx.Tx, fo.ID); mine {
		return nil
	}
	return w.follow(tx, s, task{Subject: fo.ID, SummaryID: fo.Text("OrderSummaryId")}, fo)
}

// follow plans what comes after the status that a fulfillment order has.
func (w *Warehouse) follow(tx *sandbox.Tx, s Settings, t task, fo *row) error {
	takes := s.Assign
	t.Seen = fo.Text("Status")
	switch t.Seen {
	case "Assigned", "Printed", "Waiting Pickpack":
		t.Stage, takes = pick, s.Pick
	case "Pickpack", "Pick Complete":
		t.Stage, takes = pack, s.Pack
	case "Pack Complete":
		t.Stage, takes = ship, s.Ship
	case "Ready for Pickup", "Customer Arrived":
		t.Stage, takes = collect, s.Collect
	default:
		t.Stage = assign
	}
	return w.plan(tx, s, t, tx.Now(), takes)
}

func (w *Warehouse) takeUpShipment(tx *sandbox.Tx, s Settings, shipment *row) error {
	t := task{Subject: shipment.ID, SummaryID: shipment.Text("OrderSummaryId"), Seen: shipment.Text("Status")}
	if _, mine := w.tasks.Peek(tx.Tx, shipment.ID); mine || shipment.Text("ReturnOrderId") != "" {
		return nil
	}
	switch t.Seen {
	case "Shipped":
		t.Stage = transit
	case "In Transit":
		t.Stage = deliver
	default:
		return nil
	}
	return w.plan(tx, s, t, tx.Now(), s.Deliver/2)
}
