package b2c

// The refusals of baskets, products and everything they are made of.
const (
	// BasketNotFound: there is no such basket, or it is not the caller's to see, or it has expired.
	BasketNotFound Code = "BasketNotFound"
	// InvalidBasketID: the id of a basket is missing or is none.
	InvalidBasketID Code = "InvalidBasketId"
	// CustomerBasketsQuotaExceeded: the customer has as many open baskets as allowed.
	CustomerBasketsQuotaExceeded Code = "CustomerBasketsQuotaExceeded"
	// CustomerTemporaryBasketsQuotaExceeded: the customer has as many temporary baskets as allowed.
	CustomerTemporaryBasketsQuotaExceeded Code = "CustomerTemporaryBasketsQuotaExceeded"
	// BasketQuotaExceeded: the basket has as many lines as allowed.
	BasketQuotaExceeded Code = "BasketQuotaExceeded"
	// QuotaExceeded: something other than lines is as many as allowed.
	QuotaExceeded Code = "QuotaExceeded"
	// InvalidCustomer: the customer of a basket cannot be the one that was given.
	InvalidCustomer Code = "InvalidCustomer"
	// UnsupportedCurrency: the site does not sell in the currency.
	UnsupportedCurrency Code = "UnsupportedCurrency"
	// SourceCodeNotFound: there is no such source code.
	SourceCodeNotFound Code = "SourceCodeNotFound"
	// SourceCodeInactive: the source code is not in use.
	SourceCodeInactive Code = "SourceCodeInactive"
	// ProductNotFound: there is no such product.
	ProductNotFound Code = "ProductNotFound"
	// InvalidProductID: the id of a product is missing or is none that is sold.
	InvalidProductID Code = "InvalidProductId"
	// InvalidProductType: the product cannot be bought itself, such as a master.
	InvalidProductType Code = "InvalidProductType"
	// InvalidProductItemQuantity: the product is not sold in the quantity.
	InvalidProductItemQuantity Code = "InvalidProductItemQuantity"
	// ProductItemNotAvailable: there is too little stock.
	ProductItemNotAvailable Code = "ProductItemNotAvailable"
	// InvalidProductItem: a line is of a product that is no longer sold.
	InvalidProductItem Code = "InvalidProductItem"
	// InvalidProductOptionItem: the product does not have the option.
	InvalidProductOptionItem Code = "InvalidProductOptionItem"
	// InvalidProductOptionValueItem: the option does not have the value.
	InvalidProductOptionValueItem Code = "InvalidProductOptionValueItem"
	// InvalidBonusProduct: the product is none of those that can be chosen for nothing.
	InvalidBonusProduct Code = "InvalidBonusProduct"
	// BonusDiscountLineItemNotFound: the basket has no such choice of bonus products.
	BonusDiscountLineItemNotFound Code = "BonusDiscountLineItemNotFound"
	// ProductItemNotFound: the basket has no such line.
	ProductItemNotFound Code = "ProductItemNotFound"
	// MissingCouponCode: no coupon code was given.
	MissingCouponCode Code = "MissingCouponCode"
	// InvalidCouponCode: a coupon code cannot be used.
	InvalidCouponCode Code = "InvalidCouponCode"
	// CouponItemNotFound: the basket has no such coupon.
	CouponItemNotFound Code = "CouponItemNotFound"
	// DuplicateShipmentID: the basket has a shipment of that id.
	DuplicateShipmentID Code = "DuplicateShipmentId"
	// DuplicateShipmentNo: the basket has a shipment of that number.
	DuplicateShipmentNo Code = "DuplicateShipmentNo"
	// InvalidShipmentID: a shipment cannot have that id, or not lose it.
	InvalidShipmentID Code = "InvalidShipmentId"
	// ShipmentNotFound: the basket has no such shipment.
	ShipmentNotFound Code = "ShipmentNotFound"
	// ShippingItemNotFound: the basket has no such delivery charge.
	ShippingItemNotFound Code = "ShippingItemNotFound"
	// InvalidShippingMethodID: the shipment cannot go by that method.
	InvalidShippingMethodID Code = "InvalidShippingMethodId"
	// MissingShippingMethodID: no shipping method was given.
	MissingShippingMethodID Code = "MissingShippingMethodId"
	// InvalidPaymentMethodID: the basket cannot be paid by that method.
	InvalidPaymentMethodID Code = "InvalidPaymentMethodId"
	// InvalidPaymentMethod: a payment cannot be made by its method any more.
	InvalidPaymentMethod Code = "InvalidPaymentMethod"
	// PaymentInstrumentNotFound: the basket has no such payment instrument.
	PaymentInstrumentNotFound Code = "PaymentInstrumentNotFound"
	// InvalidPriceAdjustmentLevel: an adjustment is for a product, for shipping or for the order.
	InvalidPriceAdjustmentLevel Code = "InvalidPriceAdjustmentLevel"
	// InvalidPromotionID: the id that an adjustment was given is no id.
	InvalidPromotionID Code = "InvalidPromotionId"
	// SystemPromotionID: the id that an adjustment was given is that of one of the shop's promotions.
	SystemPromotionID Code = "SystemPromotionId"
	// TooManyPromotions: the basket has as many adjustments as allowed.
	TooManyPromotions Code = "TooManyPromotions"
	// GiftCertificateCreation: a gift certificate that was bought cannot be issued.
	GiftCertificateCreation Code = "GiftCertificateCreation"
	// Validation: a basket lacks something that an order needs.
	Validation Code = "Validation"
	// OrderAlreadyExists: the number is that of an order.
	OrderAlreadyExists Code = "OrderAlreadyExists"
	// NoteNotFound: there is no such note.
	NoteNotFound Code = "NoteNotFound"
	// NotModifiable: an order cannot be turned into a basket. No face passes it on; Arguments["reason"] says why.
	NotModifiable Code = "NotModifiable"
	// NothingTransferable: nothing of an order can be bought again. No face passes it on.
	NothingTransferable Code = "NothingTransferable"
)
