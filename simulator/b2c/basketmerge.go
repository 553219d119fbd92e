package b2c

import "github.com/somsim/somsim/simulator/sandbox"

// MergeBaskets is what a log-in does with the basket of the guest who logs in: it becomes the customer's, or, where the
// customer has one, its lines, coupons and gift certificates go into that one and it is gone. False says that the guest
// had none. Errors have the codes [CustomerNotFound] and [UnknownSite].
func (b *B2C) MergeBaskets(tx *sandbox.Tx, siteID, guestID, customerID string) (Basket, bool, error) {
	customer, err := b.Customer(tx, customerID)
	if err != nil {
		return Basket{}, false, err
	}
	guest, ok := b.StorefrontBasket(tx, siteID, guestID)
	if !ok || guestID == customerID {
		return Basket{}, false, nil
	}
	own, has := b.StorefrontBasket(tx, siteID, customerID)
	if !has {
		return b.TransferBasket(tx, guest, customer)
	}
	agent := Editor{Reader: Reader{SiteID: siteID}, Agent: true}
	own, err = b.EditBasket(tx, agent, BasketRef{ID: own.BasketID}, func(e *BasketEdit) error {
		e.merge(guest)
		return nil
	})
	if err == nil {
		err = b.closeBasket(tx, guest)
	}
	return own, err == nil, err
}

// StorefrontBasket returns the basket that a customer works on in the storefront: neither an agent's nor temporary.
func (b *B2C) StorefrontBasket(tx *sandbox.Tx, siteID, customerID string) (Basket, bool) {
	for _, open := range b.openBaskets(tx, Reader{SiteID: siteID}, customerID) {
		if !open.Agent && !open.Temporary {
			return open, true
		}
	}
	return Basket{}, false
}

// TransferBasket gives a basket to another customer, who is known to have none. Errors have the code [UnknownSite].
func (b *B2C) TransferBasket(tx *sandbox.Tx, basket Basket, to Customer) (Basket, bool, error) {
	agent := Editor{Reader: Reader{SiteID: basket.SiteID}, Agent: true}
	moved, err := b.EditBasket(tx, agent, BasketRef{ID: basket.BasketID}, func(e *BasketEdit) error {
		e.belongs(to)
		return nil
	})
	return moved, err == nil, err
}

// merge adds what is in another basket. Lines of the same product become one; what is too much for the stock shows as a
// flash and is not refused. Shipments that only the other one has come along.
func (e *BasketEdit) merge(other Basket) {
	for _, s := range other.Shipments {
		if e.shipment(s.ShipmentID) == nil {
			e.addShipment(e.tx, s)
		} else if mine := e.shipment(s.ShipmentID); mine.Address == (OrderAddress{}) {
			mine.Address = s.Address
		}
	}
	for _, item := range other.ProductItems {
		if item.Bonus == "" && item.ParentItemID == "" {
			e.mergeItem(item, other)
		}
	}
	for _, g := range other.GiftCertificateItems {
		if other.Currency == e.Currency {
			e.GiftCertificateItems = append(e.GiftCertificateItems, g)
		}
	}
	for _, c := range other.Coupons {
		// A code that is in both stays once.
		_ = e.AddCoupon(c.Code)
	}
	e.Custom = e.Custom.with(other.Custom, nil)
}

func (e *BasketEdit) mergeItem(item ProductItem, other Basket) {
	product, err := e.domain.Product(e.tx, item.ProductID)
	if same := e.sameLine(item, product); err == nil && same != nil {
		e.setQuantity(same.ItemID, same.Quantity.Add(item.Quantity))
		return
	}
	e.ProductItems = append(e.ProductItems, item)
	for _, option := range other.ProductItems {
		if option.ParentItemID == item.ItemID {
			e.ProductItems = append(e.ProductItems, option)
		}
	}
}
