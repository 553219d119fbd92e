package b2c

import (
	"fmt"

	"github.com/somsim/somsim/simulator/sandbox"
)

// The types of flashes, spelt as the vendor does.
const (
	FlashItemsRequired           = "ProductItemsRequired"
	FlashPaymentRequired         = "PaymentMethodRequired"
	FlashPaymentNotApplicable    = "PaymentMethodNotApplicable"
	FlashBillingAddressRequired  = "BillingAddressRequired"
	FlashShippingAddressRequired = "ShippingAddressRequired"
	FlashShippingMethodRequired  = "ShippingMethodRequired"
	FlashShippingNotApplicable   = "ShippingMethodNotApplicable"
	FlashInvalidProduct          = "InvalidProductItem"
	FlashInvalidOption           = "InvalidOptionItem"
	FlashWithoutPrice            = "ProductItemWithoutPrice"
	FlashNotAvailable            = "ProductItemNotAvailable"
)

// flashes are what keeps a basket from being submitted, in the order in which the vendor lists them.
func (b *B2C) flashes(tx *sandbox.Tx, basket *Basket, site Site) []Flash {
	var out []Flash
	if len(basket.ProductItems)+len(basket.GiftCertificateItems) == 0 {
		out = append(out, Flash{Type: FlashItemsRequired, Message: "Product items are required.", Path: "$.product_items"})
	}
	out = append(out, b.itemFlashes(tx, basket, site)...)
	out = append(out, b.paymentFlashes(tx, basket)...)
	if basket.BillingAddress == (OrderAddress{}) {
		out = append(out, Flash{
			Type: FlashBillingAddressRequired, Message: "No billing address was specified. Please provide a valid billing address.", Path: "$.billing_address",
		})
	}
	return append(out, b.shipmentFlashes(tx, basket)...)
}

func (b *B2C) itemFlashes(tx *sandbox.Tx, basket *Basket, site Site) []Flash {
	var out []Flash
	query := PriceQuery{SiteID: basket.SiteID, Currency: basket.Currency, Books: basket.PriceBooks}
	short := b.short(tx, basket, site)
	for i, item := range basket.ProductItems {
		flash := func(kind, message string) {
			out = append(out, Flash{
				Type: kind, Message: message, Path: fmt.Sprintf("$.product_items[%d]", i),
				Details: map[string]string{"itemId": item.ItemID, "productId": item.ProductID},
			})
		}
		product, ok := b.products.Peek(tx.Tx, item.ProductID)
		switch {
		case !ok || product.Offline || product.Type == ProductIsMaster:
			if item.ParentItemID == "" {
				flash(FlashInvalidProduct, fmt.Sprintf("The product '%s' is no longer sold.", item.ProductID))
			}
			continue
		case item.Part():
			if short[item.ProductID] {
				flash(FlashNotAvailable, fmt.Sprintf("There is too little of the product '%s'.", item.ProductID))
			}
			continue
		case item.ParentItemID != "":
			if _, _, err := product.option(item.OptionID, item.OptionValueID); err != nil {
				flash(FlashInvalidOption, fmt.Sprintf("The product '%s' no longer has the option '%s'.", item.ProductID, item.OptionID))
			}
			continue
		}
		if _, priced := b.Price(tx, query, item.ProductID, item.Quantity); !priced && item.Bonus == "" {
			flash(FlashWithoutPrice, fmt.Sprintf("The product '%s' has no price in %s.", item.ProductID, basket.Currency))
		}
		if short[item.ProductID] {
			flash(FlashNotAvailable, fmt.Sprintf("There is too little of the product '%s'.", item.ProductID))
		}
	}
	return out
}

// short are the products of which all lines together ask for more than the basket can have.
func (b *B2C) short(tx *sandbox.Tx, basket *Basket, site Site) map[string]bool {
	out := map[string]bool{}
	for _, want := range stockLines(basket.ProductItems, site.InventoryListID) {
		if b.missing(tx, basket, want) != nil {
			out[want.ProductID] = true
		}
	}
	return out
}

func (b *B2C) paymentFlashes(tx *sandbox.Tx, basket *Basket) []Flash {
	if len(basket.PaymentInstruments) == 0 {
		return []Flash{{
			Type: FlashPaymentRequired, Message: "No payment method ID was specified. Please provide a valid payment method ID.",
			Path: "$.payment_instruments[0].payment_method_id",
		}}
	}
	var out []Flash
	for i, p := range basket.PaymentInstruments {
		if m, ok := b.payments.Peek(tx.Tx, p.PaymentMethodID); !ok || !m.applies(basket.payable()) {
			out = append(out, Flash{
				Type: FlashPaymentNotApplicable, Message: fmt.Sprintf("The payment method '%s' is not applicable to the basket.", p.PaymentMethodID),
				Path: fmt.Sprintf("$.payment_instruments[%d].payment_method_id", i), Details: map[string]string{"paymentMethodId": p.PaymentMethodID},
			})
		}
	}
	return out
}

func (b *B2C) shipmentFlashes(tx *sandbox.Tx, basket *Basket) []Flash {
	var out []Flash
	for i, s := range basket.Shipments {
		flash := func(kind, message, property string) {
			out = append(out, Flash{
				Type: kind, Message: message, Path: fmt.Sprintf("$.shipments[%d].%s", i, property), Details: map[string]string{"shipmentId": s.ShipmentID},
			})
		}
		if s.Address == (OrderAddress{}) {
			flash(FlashShippingAddressRequired, "No shipping address was specified. Please provide a valid shipping address.", "shipping_address")
		}
		if s.Method.ID == "" {
			flash(FlashShippingMethodRequired, "No shipping method ID was specified. Please provide a valid shipping method ID.", "shipping_method")
			continue
		}
		if o, ok := b.methods.Peek(tx.Tx, s.Method.ID); !ok || !o.applies(basket.SiteID, basket.Currency, s.Address) {
			flash(FlashShippingNotApplicable, fmt.Sprintf("The shipping method '%s' is not applicable to the shipment.", s.Method.ID), "shipping_method")
		}
	}
	return out
}
