package ocapi

import (
	"maps"
	"slices"
)

// extension is where hooks can take part in an operation.
type extension struct {
	// point is the name that the hooks of a resource share, verb what stands in their names for the operation.
	point, verb string
	// subject is what hooks are about.
	subject hookSubject
	// version ends the name of the hook for the answer, where there was an earlier one of another shape.
	version string
}

// hookSubject is the kind of thing that a hook is about, and may write custom attributes of.
type hookSubject int

const (
	nobody hookSubject = iota
	ofOrder
	ofBasket
	// ofSubmission is a basket that becomes an order: before about the one, after about the other.
	ofSubmission
)

func (e extension) before() string { return e.point + ".before" + e.verb }
func (e extension) after() string  { return e.point + ".after" + e.verb }
func (e extension) modify() string { return e.point + ".modify" + e.verb + "Response" + e.version }

// names are the extension points of an operation. What only reads has none after the fact, what deletes a resource no answer.
func (e extension) names() []string {
	switch {
	case e.verb == get:
		return []string{e.before(), e.modify()}
	case e.point == basketPoint && e.verb == remove:
		return []string{e.before(), e.after()}
	}
	return []string{e.before(), e.after(), e.modify()}
}

// The verbs in the names of extension points.
const (
	get     = "GET"
	post    = "POST"
	put     = "PUT"
	patch   = "PATCH"
	remove  = "DELETE"
	shop    = "dw.ocapi.shop."
	version = "_v2"
)

const (
	orderPoint  = shop + "order"
	basketPoint = shop + "basket"
	omsPoint    = "sfcc.checkout.shopper-orders.v1.orders.orderNo.actions."
)

// extensions are the operations in which hooks can take part, those of SCAPI alone at the end.
func extensions() map[string]extension {
	all := map[string]extension{
		"getOrder":                     {orderPoint, get, ofOrder, ""},
		"patchOrder":                   {orderPoint, patch, ofOrder, ""},
		"submitBasket":                 {orderPoint, post, ofSubmission, ""},
		"submitBasketAs":               {orderPoint, put, ofSubmission, ""},
		"addOrderPaymentInstrument":    {orderPoint + ".payment_instrument", post, ofOrder, ""},
		"patchOrderPaymentInstrument":  {orderPoint + ".payment_instrument", patch, ofOrder, ""},
		"deleteOrderPaymentInstrument": {orderPoint + ".payment_instrument", remove, ofOrder, ""},
		"getCustomerOrders":            {shop + "customer.orders", get, nobody, version},
		"createBasket":                 {basketPoint, post, ofBasket, ""},
		"getBasket":                    {basketPoint, get, ofBasket, ""},
		"patchBasket":                  {basketPoint, patch, ofBasket, ""},
		"deleteBasket":                 {basketPoint, remove, ofBasket, ""},
		"createBasketFromReference":    {shop + "baskets.reference", post, ofBasket, ""},
		"cancelOmsOrder":               {omsPoint + "oms-cancel-order", post, ofOrder, ""},
		"returnOmsOrder":               {omsPoint + "oms-return-order", post, ofOrder, ""},
	}
	maps.Copy(all, basketExtensions())
	return all
}

// basketExtensions are those below a basket.
func basketExtensions() map[string]extension {
	below := func(resource, verb string) extension {
		return extension{basketPoint + "." + resource, verb, ofBasket, ""}
	}
	return map[string]extension{
		"setBasketAgent":                  below("agent", put),
		"setBasketStorefront":             below("storefront", put),
		"setBasketCustomer":               below("customer", put),
		"setBasketBillingAddress":         below("billing_address", put),
		"addBasketItems":                  below("items", post),
		"patchBasketItem":                 below("item", patch),
		"deleteBasketItem":                below("item", remove),
		"addBasketCoupon":                 below("coupon", post),
		"deleteBasketCoupon":              below("coupon", remove),
		"addBasketGiftCertificateItem":    below("gift_certificate_item", post),
		"patchBasketGiftCertificateItem":  below("gift_certificate_item", patch),
		"deleteBasketGiftCertificateItem": below("gift_certificate_item", remove),
		"addBasketPaymentInstrument":      below("payment_instrument", post),
		"patchBasketPaymentInstrument":    below("payment_instrument", patch),
		"deleteBasketPaymentInstrument":   below("payment_instrument", remove),
		"getBasketPaymentMethods":         below("payment_methods", get),
		"addBasketPriceAdjustment":        below("price_adjustment", post),
		"patchBasketPriceAdjustment":      below("price_adjustment", patch),
		"deleteBasketPriceAdjustment":     below("price_adjustment", remove),
		"addBasketShipment":               below("shipment", post),
		"patchBasketShipment":             below("shipment", patch),
		"deleteBasketShipment":            below("shipment", remove),
		"setBasketShippingAddress":        below("shipment.shipping_address", put),
		"setBasketShippingMethod":         below("shipment.shipping_method", put),
		"getBasketShippingMethods":        below("shipment.shipping_methods", get),
	}
}

// ExtensionPoints lists the names of all extension points that are served.
func ExtensionPoints() []string {
	var all []string
	for _, e := range extensions() {
		all = append(all, e.names()...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
