package ocapi

import (
	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

// NewBaskets returns the face of baskets and products over a domain.
func NewBaskets(d *b2c.B2C) (*binding.Face, error) {
	a, err := Open(d)
	if err != nil {
		return nil, err
	}
	return a.Baskets()
}

// Baskets returns the face of baskets and products, the other half of the Shop API.
func (a *API) Baskets() (*binding.Face, error) {
	return a.FaceOf("b2c/baskets", "b2c/shop-baskets.yaml", a.hooked(a.basketRoutes()))
}

func (a *API) basketRoutes() map[string]binding.Handler {
	return map[string]binding.Handler{
		"createBasket":                    binding.JSON(a.createBasket),
		"createBasketFromReference":       binding.JSON(a.createBasketFromReference),
		"getBasket":                       binding.JSON(a.getBasket),
		"patchBasket":                     binding.JSON(a.patchBasket),
		"deleteBasket":                    binding.JSON(a.deleteBasket),
		"setBasketAgent":                  binding.JSON(a.setBasketAgent),
		"setBasketStorefront":             binding.JSON(a.setBasketStorefront),
		"setBasketCustomer":               binding.JSON(a.setBasketCustomer),
		"setBasketBillingAddress":         binding.JSON(a.setBasketBillingAddress),
		"setBasketPriceBooks":             binding.JSON(a.setBasketPriceBooks),
		"addBasketItems":                  binding.JSON(a.addBasketItems),
		"patchBasketItem":                 binding.JSON(a.patchBasketItem),
		"deleteBasketItem":                binding.JSON(a.deleteBasketItem),
		"addBasketCoupon":                 binding.JSON(a.addBasketCoupon),
		"deleteBasketCoupon":              binding.JSON(a.deleteBasketCoupon),
		"addBasketGiftCertificateItem":    binding.JSON(a.addBasketGiftCertificateItem),
		"patchBasketGiftCertificateItem":  binding.JSON(a.patchBasketGiftCertificateItem),
		"deleteBasketGiftCertificateItem": binding.JSON(a.deleteBasketGiftCertificateItem),
		"addBasketPaymentInstrument":      binding.JSON(a.addBasketPaymentInstrument),
		"patchBasketPaymentInstrument":    binding.JSON(a.patchBasketPaymentInstrument),
		"deleteBasketPaymentInstrument":   binding.JSON(a.deleteBasketPaymentInstrument),
		"getBasketPaymentMethods":         binding.JSON(a.getBasketPaymentMethods),
		"addBasketPriceAdjustment":        binding.JSON(a.addBasketPriceAdjustment),
		"patchBasketPriceAdjustment":      binding.JSON(a.patchBasketPriceAdjustment),
		"deleteBasketPriceAdjustment":     binding.JSON(a.deleteBasketPriceAdjustment),
		"addBasketShipment":               binding.JSON(a.addBasketShipment),
		"patchBasketShipment":             binding.JSON(a.patchBasketShipment),
		"deleteBasketShipment":            binding.JSON(a.deleteBasketShipment),
		"setBasketShippingAddress":        binding.JSON(a.setBasketShippingAddress),
		"setBasketShippingMethod":         binding.JSON(a.setBasketShippingMethod),
		"getBasketShippingMethods":        binding.JSON(a.getBasketShippingMethods),
		"getBasketApproachingDiscounts":   binding.JSON(a.getBasketApproachingDiscounts),
		"reserveBasket":                   binding.JSON(a.reserveBasket),
		"getBasketNotes":                  binding.JSON(a.getBasketNotes),
		"addBasketNote":                   binding.JSON(a.addBasketNote),
		"deleteBasketNote":                binding.JSON(a.deleteBasketNote),
		"getCustomerBaskets":              binding.JSON(a.getCustomerBaskets),
		"getProducts":                     binding.JSON(a.getProducts),
		"getProductPart":                  binding.JSON(a.getProductPart),
	}
}
