package b2c

import (
	"fmt"
	"slices"

	"github.com/somsim/somsim/simulator/sandbox"
)

// SetShippingAddress sends a shipment of an order to another address. Errors have the codes [OrderNotFound] and
// [ShipmentNotFound].
func (b *B2C) SetShippingAddress(tx *sandbox.Tx, r Reader, orderNo, shipmentID string, to OrderAddress) error {
	if _, err := b.Order(tx, r, orderNo); err != nil {
		return err
	}
	return b.update(tx, orderNo, func(o *Order) error {
		i := slices.IndexFunc(o.Shipments, func(s Shipment) bool { return s.ShipmentID == shipmentID })
		if i < 0 {
			return &Error{
				Code: ShipmentNotFound, Rule: "b2c.order.shipment-known", Message: fmt.Sprintf("The order has no shipment '%s'.", shipmentID),
				Arguments: map[string]string{"shipmentId": shipmentID},
			}
		}
		o.Shipments[i].Address = to
		return nil
	})
}

// InstrumentUpdate changes what the Data API can change of a payment instrument; an empty transaction id stays.
type InstrumentUpdate struct {
	TransactionID string
	Custom        Attributes
	Unset         []string
}

// UpdateInstrument changes a payment instrument of an order. Errors have the codes [OrderNotFound] and
// [PaymentInstrumentNotFound].
func (b *B2C) UpdateInstrument(tx *sandbox.Tx, r Reader, orderNo, id string, u InstrumentUpdate) error {
	if _, err := b.Order(tx, r, orderNo); err != nil {
		return err
	}
	return b.update(tx, orderNo, func(o *Order) error {
		i, err := o.payment(id)
		if err != nil {
			return err
		}
		p := &o.PaymentInstruments[i]
		setIf(&p.TransactionID, u.TransactionID)
		p.Custom = p.Custom.altered(u.Custom, u.Unset)
		return nil
	})
}
