package b2c

import (
	"fmt"
	"slices"
)

// AddGiftCertificateItem puts a gift certificate to buy into the basket, of the first shipment when it names none. Its
// id is made up. The error has the code [ShipmentNotFound].
func (e *BasketEdit) AddGiftCertificateItem(g GiftCertificateItem) error {
	if g.ShipmentID == "" {
		g.ShipmentID = e.Shipments[0].ShipmentID
	}
	if e.shipment(g.ShipmentID) == nil {
		return shipmentUnknown(g.ShipmentID)
	}
	g.ID = hexID(e.tx, "b2c.GiftCertificateItem")
	e.GiftCertificateItems = append(e.GiftCertificateItems, g)
	return nil
}

// ChangeGiftCertificateItem replaces what a gift certificate in the basket says; its id and, when empty, its shipment
// stay. Errors have the codes [ProductItemNotFound] and [ShipmentNotFound].
func (e *BasketEdit) ChangeGiftCertificateItem(id string, g GiftCertificateItem) error {
	i, err := e.giftItem(id)
	if err != nil {
		return err
	}
	if g.ShipmentID == "" {
		g.ShipmentID = e.GiftCertificateItems[i].ShipmentID
	}
	if e.shipment(g.ShipmentID) == nil {
		return shipmentUnknown(g.ShipmentID)
	}
	g.ID = id
	e.GiftCertificateItems[i] = g
	return nil
}

// RemoveGiftCertificateItem takes a gift certificate out of the basket. The error has the code [ProductItemNotFound].
func (e *BasketEdit) RemoveGiftCertificateItem(id string) error {
	i, err := e.giftItem(id)
	if err == nil {
		e.GiftCertificateItems = slices.Delete(e.GiftCertificateItems, i, i+1)
	}
	return err
}

func (e *BasketEdit) giftItem(id string) (int, error) {
	i := slices.IndexFunc(e.GiftCertificateItems, func(g GiftCertificateItem) bool { return g.ID == id })
	if i < 0 {
		return 0, &Error{
			Code: ProductItemNotFound, Rule: "b2c.item.known", Message: fmt.Sprintf("The basket has no gift certificate item with ID '%s'.", id),
			Arguments: map[string]string{"itemId": id},
		}
	}
	return i, nil
}
