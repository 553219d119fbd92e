package som

import (
	"fmt"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Ship does what a location does when a parcel leaves it: the fulfillment order becomes Fulfilled, and a Shipment with
// its items tells the tracking number. It returns the shipment's id. The vendor ties no quantity to shipments:
// QuantityFulfilled moves with the fulfillment order's status alone.
func (d *SOM) Ship(tx *sandbox.Tx, user, fulfillmentOrderID, trackingNumber string) (string, error) {
	fo, err := d.loadFulfillmentOrder(tx, fulfillmentOrderID)
	if err == nil {
		err = d.setStatus(tx, fo, "Fulfilled")
	}
	if err != nil {
		return "", fmt.Errorf("ship fulfillment order %s: %w", fulfillmentOrderID, err)
	}
	fo.save(d, tx, user)
	v := values{
		"FulfillmentOrderId": fo.ID, "OrderSummaryId": fo.Get("OrderSummaryId"), "SourceLocationId": fo.Get("FulfilledFromLocationId"),
		"DeliveryMethodId": fo.Get("DeliveryMethodId"), "ShipToName": fo.Get("FulfilledToName"), "Status": "Shipped",
		"TrackingNumber": trackingNumber, "TotalItemsQuantity": fo.Get("ItemCount"), "CurrencyIsoCode": fo.Get("CurrencyIsoCode"),
	}
	for _, part := range []string{"Street", "City", "State", "StateCode", "PostalCode", "Country", "CountryCode"} {
		v["ShipTo"+part] = fo.Get("FulfilledTo" + part)
	}
	shipmentID := d.insert(tx, user, objShipment, v)
	for _, line := range fo.lines {
		if line.Decimal("Quantity").IsPositive() {
			d.insert(tx, user, objShipmentItem, values{
				"ShipmentId": shipmentID, "FulfillmentOrderLineItemId": line.ID, "OrderItemSummaryId": line.Get("OrderItemSummaryId"),
				"Product2Id": line.Get("Product2Id"), "Quantity": line.Get("Quantity"), "TrackingNumber": trackingNumber,
			})
		}
	}
	return shipmentID, nil
}
