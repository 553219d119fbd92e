package b2c

import (
	"fmt"
	"slices"

	"github.com/somsim/somsim/simulator/b2c/price"
	"github.com/somsim/somsim/simulator/sandbox"
)

// DefaultShipment is the id of the shipment that every basket has.
const DefaultShipment = "me"

func shipmentUnknown(id string) *Error {
	return &Error{
		Code: ShipmentNotFound, Rule: "b2c.shipment.known", Message: fmt.Sprintf("The basket has no shipment with ID '%s'.", id),
		Arguments: map[string]string{"shipmentId": id},
	}
}

func (b *Basket) addShipment(tx *sandbox.Tx, s Shipment) {
	s.ShippingStatus = NotShipped
	b.Shipments = append(b.Shipments, s)
	b.ShippingItems = append(b.ShippingItems, ShippingItem{ItemID: hexID(tx, "b2c.BasketItem"), ShipmentID: s.ShipmentID, ItemText: "Shipping"})
}

// ShipmentChange is what can be said of a shipment; nil leaves it.
type ShipmentChange struct {
	// ID names the shipment to make; it is made up when empty. ShipmentNo is a number of the caller's own.
	ID, ShipmentNo string
	Address        *OrderAddress
	MethodID       *string
	Gift           *bool
	GiftMessage    *string
	Set            Attributes
	Unset          []string
}

// AddShipment makes a shipment. Errors have the codes [DuplicateShipmentID], [DuplicateShipmentNo], [InvalidShipmentID]
// and those of [BasketEdit.SetShippingMethod].
func (e *BasketEdit) AddShipment(c ShipmentChange) error {
	if c.ID == "" {
		c.ID = hexID(e.tx, "b2c.Shipment")
	}
	if e.shipment(c.ID) != nil {
		return shipmentInvalid(DuplicateShipmentID, "b2c.shipment.id-unique", c.ID)
	}
	if len(c.ID) > 100 {
		return shipmentInvalid(InvalidShipmentID, "b2c.shipment.id", c.ID)
	}
	if c.ShipmentNo != "" && slices.ContainsFunc(e.Shipments, func(s Shipment) bool { return s.ShipmentNo == c.ShipmentNo }) {
		return &Error{
			Code: DuplicateShipmentNo, Rule: "b2c.shipment.no-unique", Message: fmt.Sprintf("The basket has a shipment with the number '%s'.", c.ShipmentNo),
			Arguments: map[string]string{"shipmentNo": c.ShipmentNo},
		}
	}
	e.addShipment(e.tx, Shipment{ShipmentID: c.ID, ShipmentNo: c.ShipmentNo})
	return e.ChangeShipment(c.ID, c)
}

func shipmentInvalid(code Code, rule, id string) *Error {
	return &Error{
		Code: code, Rule: rule, Message: fmt.Sprintf("The shipment ID '%s' cannot be used here.", id), Arguments: map[string]string{"shipmentId": id},
	}
}

// ChangeShipment changes a shipment. Errors have the code [ShipmentNotFound] or are those of
// [BasketEdit.SetShippingMethod].
func (e *BasketEdit) ChangeShipment(id string, c ShipmentChange) error {
	s := e.shipment(id)
	if s == nil {
		return shipmentUnknown(id)
	}
	if c.Address != nil {
		s.Address = *c.Address
	}
	if c.Gift != nil {
		s.Gift = *c.Gift
	}
	if c.GiftMessage != nil {
		s.GiftMessage = *c.GiftMessage
	}
	s.Custom = s.Custom.with(c.Set, c.Unset)
	if c.MethodID != nil {
		return e.SetShippingMethod(id, *c.MethodID)
	}
	return nil
}

// SetShippingMethod chooses how a shipment goes. Errors have the codes [ShipmentNotFound], [MissingShippingMethodID] and
// [InvalidShippingMethodID].
func (e *BasketEdit) SetShippingMethod(shipmentID, methodID string) error {
	s := e.shipment(shipmentID)
	if s == nil {
		return shipmentUnknown(shipmentID)
	}
	if methodID == "" {
		return &Error{Code: MissingShippingMethodID, Rule: "b2c.shipment.method-given", Message: "No shipping method ID was specified."}
	}
	o, ok := e.domain.methods.Peek(e.tx.Tx, methodID)
	if !ok || !o.applies(e.SiteID, e.Currency, s.Address) {
		return &Error{
			Code: InvalidShippingMethodID, Rule: "b2c.shipment.method", Message: fmt.Sprintf("The shipping method '%s' is not applicable to the shipment.", methodID),
			Arguments: map[string]string{"shippingMethodId": methodID},
		}
	}
	s.Method = o.ShippingMethod
	return nil
}

// RemoveShipment removes a shipment with its lines; the default one stays, and so does the last. Errors have the codes [ShipmentNotFound] and
// [InvalidShipmentID].
func (e *BasketEdit) RemoveShipment(id string) error {
	if e.shipment(id) == nil {
		return shipmentUnknown(id)
	}
	if id == DefaultShipment || len(e.Shipments) == 1 {
		return shipmentInvalid(InvalidShipmentID, "b2c.shipment.default", id)
	}
	e.Shipments = slices.DeleteFunc(e.Shipments, func(s Shipment) bool { return s.ShipmentID == id })
	e.ShippingItems = slices.DeleteFunc(e.ShippingItems, func(i ShippingItem) bool { return i.ShipmentID == id })
	e.ProductItems = slices.DeleteFunc(e.ProductItems, func(i ProductItem) bool { return i.ShipmentID == id })
	e.GiftCertificateItems = slices.DeleteFunc(e.GiftCertificateItems, func(i GiftCertificateItem) bool { return i.ShipmentID == id })
	e.Manual = slices.DeleteFunc(e.Manual, func(m ManualAdjustment) bool { return m.Level == price.LevelShipping && m.Target == id })
	return nil
}

// SetShippingItemCustom sets custom attributes of a delivery charge. The error has the code [ShippingItemNotFound].
func (e *BasketEdit) SetShippingItemCustom(id string, set Attributes, unset []string) error {
	for i := range e.ShippingItems {
		if item := &e.ShippingItems[i]; item.ItemID == id {
			item.Custom = item.Custom.with(set, unset)
			return nil
		}
	}
	return shippingItemUnknown(id)
}

func shippingItemUnknown(id string) *Error {
	return &Error{
		Code: ShippingItemNotFound, Rule: "b2c.shipment.item-known", Message: fmt.Sprintf("The basket has no shipping item with ID '%s'.", id),
		Arguments: map[string]string{"itemId": id},
	}
}
