package ocapi

import (
	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

func (a *API) addBasketItems(c *binding.Call, in bodyOf[[]itemInput]) (basketDocument, error) {
	items, err := newItems(in.Body)
	if err != nil {
		return basketDocument{}, err
	}
	return a.edit(c, "", func(e *b2c.BasketEdit) error { return e.AddItems(items) })
}

func (a *API) patchBasketItem(c *binding.Call, in bodyOf[itemInput]) (basketDocument, error) {
	set, unset, err := in.Body.custom.attributesOf("product_item")
	if err != nil {
		return basketDocument{}, err
	}
	return a.edit(c, in.Body.ResourceState, func(e *b2c.BasketEdit) error {
		return e.ChangeItem(c.Request.Vars["item_id"], b2c.ItemChange{
			Quantity: in.Body.Quantity, ShipmentID: in.Body.ShipmentID, Gift: in.Body.Gift, GiftMessage: in.Body.GiftMessage,
			Options: in.Body.options(), Set: set, Unset: unset,
		})
	})
}

func (a *API) deleteBasketItem(c *binding.Call, _ nothing) (basketDocument, error) {
	return a.edit(c, "", func(e *b2c.BasketEdit) error { return e.RemoveItem(c.Request.Vars["item_id"]) })
}

func (a *API) addBasketCoupon(c *binding.Call, in bodyOf[couponInput]) (basketDocument, error) {
	return a.edit(c, in.Body.ResourceState, func(e *b2c.BasketEdit) error { return e.AddCoupon(in.Body.Code) })
}

func (a *API) deleteBasketCoupon(c *binding.Call, _ nothing) (basketDocument, error) {
	return a.edit(c, "", func(e *b2c.BasketEdit) error { return e.RemoveCoupon(c.Request.Vars["coupon_item_id"]) })
}

func (a *API) addBasketGiftCertificateItem(c *binding.Call, in bodyOf[giftItemInput]) (basketDocument, error) {
	item, err := in.Body.item()
	if err != nil {
		return basketDocument{}, err
	}
	return a.edit(c, in.Body.ResourceState, func(e *b2c.BasketEdit) error { return e.AddGiftCertificateItem(item) })
}

func (a *API) patchBasketGiftCertificateItem(c *binding.Call, in bodyOf[giftItemInput]) (basketDocument, error) {
	item, err := in.Body.item()
	if err != nil {
		return basketDocument{}, err
	}
	return a.edit(c, in.Body.ResourceState, func(e *b2c.BasketEdit) error {
		return e.ChangeGiftCertificateItem(c.Request.Vars["item_id"], item)
	})
}

func (a *API) deleteBasketGiftCertificateItem(c *binding.Call, _ nothing) (basketDocument, error) {
	return a.edit(c, "", func(e *b2c.BasketEdit) error { return e.RemoveGiftCertificateItem(c.Request.Vars["item_id"]) })
}

func (a *API) addBasketPaymentInstrument(c *binding.Call, in bodyOf[paymentInput]) (basketDocument, error) {
	payment, err := in.Body.payment()
	if err != nil {
		return basketDocument{}, err
	}
	return a.edit(c, in.Body.ResourceState, func(e *b2c.BasketEdit) error { return e.AddPayment(payment) })
}

func (a *API) patchBasketPaymentInstrument(c *binding.Call, in bodyOf[paymentInput]) (basketDocument, error) {
	set, unset, err := in.Body.custom.attributesOf("order_payment_instrument_request")
	if err != nil {
		return basketDocument{}, err
	}
	change := b2c.PaymentChange{PaymentMethodID: in.Body.PaymentMethodID, Amount: in.Body.Amount, Set: set, Unset: unset}
	if in.Body.PaymentCard != nil {
		card := in.Body.PaymentCard.card()
		change.Card = &card
	}
	return a.edit(c, in.Body.ResourceState, func(e *b2c.BasketEdit) error {
		return e.ChangePayment(c.Request.Vars["payment_instrument_id"], change)
	})
}

func (a *API) deleteBasketPaymentInstrument(c *binding.Call, _ nothing) (basketDocument, error) {
	return a.edit(c, "", func(e *b2c.BasketEdit) error { return e.RemovePayment(c.Request.Vars["payment_instrument_id"]) })
}

func (a *API) addBasketPriceAdjustment(c *binding.Call, in bodyOf[adjustmentInput]) (basketDocument, error) {
	return a.edit(c, in.Body.ResourceState, func(e *b2c.BasketEdit) error { return e.AddAdjustment(in.Body.adjustment()) })
}

func (a *API) patchBasketPriceAdjustment(c *binding.Call, in bodyOf[adjustmentInput]) (basketDocument, error) {
	change := b2c.AdjustmentChange{ItemText: in.Body.ItemText, ReasonCode: in.Body.ReasonCode}
	if in.Body.Discount != nil {
		change.Discount = &b2c.AppliedDiscount{Type: in.Body.Discount.Type, Value: in.Body.Discount.Value}
	}
	return a.edit(c, in.Body.ResourceState, func(e *b2c.BasketEdit) error {
		return e.ChangeAdjustment(c.Request.Vars["price_adjustment_id"], change)
	})
}

func (a *API) deleteBasketPriceAdjustment(c *binding.Call, _ nothing) (basketDocument, error) {
	return a.edit(c, "", func(e *b2c.BasketEdit) error { return e.RemoveAdjustment(c.Request.Vars["price_adjustment_id"]) })
}

func (a *API) addBasketShipment(c *binding.Call, in bodyOf[shipmentInput]) (basketDocument, error) {
	change, err := in.Body.change()
	if err != nil {
		return basketDocument{}, err
	}
	return a.edit(c, in.Body.ResourceState, func(e *b2c.BasketEdit) error { return e.AddShipment(change) })
}

func (a *API) patchBasketShipment(c *binding.Call, in bodyOf[shipmentInput]) (basketDocument, error) {
	change, err := in.Body.change()
	if err != nil {
		return basketDocument{}, err
	}
	return a.edit(c, in.Body.ResourceState, func(e *b2c.BasketEdit) error { return e.ChangeShipment(c.Request.Vars["shipment_id"], change) })
}

func (a *API) deleteBasketShipment(c *binding.Call, _ nothing) (basketDocument, error) {
	return a.edit(c, "", func(e *b2c.BasketEdit) error { return e.RemoveShipment(c.Request.Vars["shipment_id"]) })
}

type addressCall struct {
	Body addressInput
	// AsBilling and AsShipping use the address for the other purpose too.
	AsBilling  bool `query:"use_as_billing"`
	AsShipping bool `query:"use_as_shipping"`
}

func (a *API) setBasketShippingAddress(c *binding.Call, in addressCall) (basketDocument, error) {
	address := in.Body.address()
	return a.edit(c, in.Body.ResourceState, func(e *b2c.BasketEdit) error {
		if in.AsBilling {
			e.SetBillingAddress(address, false)
		}
		return e.ChangeShipment(c.Request.Vars["shipment_id"], b2c.ShipmentChange{Address: &address})
	})
}

func (a *API) setBasketBillingAddress(c *binding.Call, in addressCall) (basketDocument, error) {
	return a.edit(c, in.Body.ResourceState, func(e *b2c.BasketEdit) error {
		e.SetBillingAddress(in.Body.address(), in.AsShipping)
		return nil
	})
}

func (a *API) setBasketShippingMethod(c *binding.Call, in bodyOf[methodInput]) (basketDocument, error) {
	return a.edit(c, in.Body.ResourceState, func(e *b2c.BasketEdit) error {
		return e.SetShippingMethod(c.Request.Vars["shipment_id"], in.Body.ID)
	})
}

func (a *API) setBasketCustomer(c *binding.Call, in bodyOf[basketCustomerInput]) (basketDocument, error) {
	return a.edit(c, in.Body.ResourceState, func(e *b2c.BasketEdit) error { return e.SetCustomer(in.Body.info()) })
}

func (a *API) setBasketAgent(c *binding.Call, _ nothing) (basketDocument, error) {
	return a.edit(c, "", func(e *b2c.BasketEdit) error { return e.MakeAgentBasket() })
}

type storefrontInput struct {
	Exchange bool `query:"exchange"`
}

func (a *API) setBasketStorefront(c *binding.Call, in storefrontInput) (basketDocument, error) {
	return a.edit(c, "", func(e *b2c.BasketEdit) error { return e.MakeStorefrontBasket(in.Exchange) })
}

func (a *API) setBasketPriceBooks(c *binding.Call, in bodyOf[[]string]) (basketDocument, error) {
	return a.edit(c, "", func(e *b2c.BasketEdit) error { return e.SetPriceBooks(in.Body) })
}

type reservationInput struct {
	Minutes       int    `json:"reservation_duration_in_minutes"`
	RemoveMissing bool   `json:"remove_if_not_available"`
	ResourceState string `json:"_resource_state"`
}

func (a *API) reserveBasket(c *binding.Call, in bodyOf[reservationInput]) (basketDocument, error) {
	return a.edit(c, in.Body.ResourceState, func(e *b2c.BasketEdit) error { return e.Reserve(in.Body.Minutes, in.Body.RemoveMissing) })
}
