package window

import (
	"time"

	"github.com/somsim/somsim/orderops/returnby"
	"github.com/somsim/somsim/orderops/somclient"
)

// Order is an order as order management told of it.
type Order struct {
	Site    string
	Summary somclient.OrderSummary
	// Methods names the delivery method of each delivery group by the group's id; nil when nobody told.
	Methods map[string]string
}

// lines are the facts about the product lines of an order, by OrderItemSummary id.
func (w *Windows) lines(o Order) map[string]returnby.Line {
	parcels, pickups := parcelsOf(o.Summary)
	lines := map[string]returnby.Line{}
	for _, i := range o.Summary.Items.Records {
		if i.TypeCode != somclient.TypeCodeProduct {
			continue
		}
		line := returnby.Line{
			Site: o.Site, ProductID: i.ProductCode, Fulfilment: returnby.Delivery, OrderedAt: o.Summary.OrderedDate.Time,
			Parcels: parcels[i.ID], Available: i.QuantityAvailableToReturn,
		}
		if method := o.Methods[i.OrderDeliveryGroupSummaryID]; pickups[i.ID] || method != "" && w.Pickup(method) {
			line.Fulfilment = returnby.Pickup
		}
		if i.Product2 != nil && i.Product2.Family != "" {
			line.Categories = []string{i.Product2.Family}
		}
		lines[i.ID] = line
	}
	return lines
}

// parcelsOf are the parcels that brought units of each line, and the lines of which units are collected at a store.
func parcelsOf(s somclient.OrderSummary) (parcels map[string][]returnby.Parcel, pickups map[string]bool) {
	parcels, pickups = map[string][]returnby.Parcel{}, map[string]bool{}
	for _, f := range s.FulfillmentOrders.Records {
		for _, l := range f.Lines.Records {
			pickups[l.OrderItemSummaryID] = pickups[l.OrderItemSummaryID] || f.Type == somclient.TypePickup
		}
		sent := false
		for _, shipment := range f.Shipments.Records {
			if shipment.Status == somclient.StatusVoided {
				continue
			}
			sent = true
			parcel := returnby.Parcel{ShippedAt: shipment.CreatedDate.Time, ArrivedAt: shipment.ActualDeliveryDate.Time}
			for id := range inside(shipment, f) {
				parcels[id] = append(parcels[id], parcel)
			}
		}
		if sent || f.StatusCategory != somclient.CategoryClosed {
			continue
		}
		for id := range inside(somclient.Shipment{}, f) { // closed without a parcel: handed over, or sent by somebody who does not say how
			parcels[id] = append(parcels[id], handedOver(f.ClosedDate.Time, f.Type))
		}
	}
	return parcels, pickups
}

func handedOver(at time.Time, kind string) returnby.Parcel {
	if kind == somclient.TypePickup {
		return returnby.Parcel{ShippedAt: at, ArrivedAt: at}
	}
	return returnby.Parcel{ShippedAt: at}
}

// inside are the lines with units in a parcel; all of the fulfillment order when the parcel does not say.
func inside(s somclient.Shipment, f somclient.FulfillmentOrder) map[string]bool {
	ids := map[string]bool{}
	for _, i := range s.Items.Records {
		ids[i.OrderItemSummaryID] = true
	}
	if len(ids) > 0 {
		return ids
	}
	for _, l := range f.Lines.Records {
		if l.Quantity.IsPositive() {
			ids[l.OrderItemSummaryID] = true
		}
	}
	return ids
}
