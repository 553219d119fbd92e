package warehouse

import (
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
)

// pick takes the goods of a fulfillment order off the shelf. By chance one unit is not there: it leaves the fulfillment
// order and is allocated again after a while, somewhere else if possible.
func (w *Warehouse) pick(tx *sandbox.Tx, s Settings, t task, fo *row) error {
	goods := w.goods(tx, fo.ID)
	if !happens(tx, s.ShortPicked, "short", fo.ID) {
		return w.move(tx, s, t, "Pickpack")
	}
	line := goods[int(fraction(tx, "line", fo.ID)*float64(len(goods)))]
	if err := w.missing(tx, s, t, fo, line); err != nil {
		return err
	}
	if len(w.goods(tx, fo.ID)) > 0 {
		return w.move(tx, s, t, "Pickpack")
	}
	return w.SOM.SetFulfillmentOrderStatus(tx, som.IntegrationUserID(), fo.ID, "Cancelled")
}

// missing takes one unit of a line out of its fulfillment order, and plans to allocate it again.
func (w *Warehouse) missing(tx *sandbox.Tx, s Settings, t task, fo, line *row) error {
	err := w.SOM.CancelFulfillmentOrderItem(tx, som.IntegrationUserID(), fo.ID, []som.LineToCancel{
		{FulfillmentOrderLineItemID: line.ID, Quantity: whole(1)},
	})
	if err != nil {
		return err
	}
	location := w.reference(tx, fo.Text("FulfilledFromLocationId"))
	if err := w.giveBack(tx, t.SummaryID, location, w.skuOf(tx, line)); err != nil {
		return err
	}
	again := task{
		Subject: t.SummaryID, SummaryID: t.SummaryID, Stage: allocate, Avoid: location,
		Owed: []owed{{ItemID: line.Text("OrderItemSummaryId"), Units: 1}},
	}
	if planned, ok := w.tasks.Get(tx.Tx, t.SummaryID); ok && planned.Stage == allocate {
		if planned.Owed == nil {
			return nil // all that is free is to be allocated anyway
		}
		again.Owed = append(planned.Owed, again.Owed...)
	}
	return w.plan(tx, s, again, tx.Now(), s.Backorder)
}

// giveBack moves the reservation of a unit from a location to a group of it, where the order had it before or any that
// promises the SKU; without one it stays.
func (w *Warehouse) giveBack(tx *sandbox.Tx, summaryID, location, sku string) error {
	summary, ok := w.get(tx, summaryID)
	if !ok {
		return nil
	}
	groups := w.OCI.GroupsOf(tx, location, sku)
	for _, h := range w.holdings(tx, summary.Text("OrderNumber"), sku) {
		if h.Place != oci.LocationPlace(location) || len(groups) == 0 {
			continue
		}
		return w.OCI.Transfer(tx, oci.Action{
			ReservationID: h.ReservationID, Place: h.Place, To: oci.GroupPlace(groups[0]), SKU: sku, Quantity: whole(1), IgnoreAvailability: true,
		})
	}
	return nil
}
