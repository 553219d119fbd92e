package ocapi

import (
	"encoding/json"

	"github.com/somsim/somsim/simulator/b2c"
)

type shipmentDocument struct {
	Type            string           `json:"_type"`
	ShipmentID      string           `json:"shipment_id"`
	ShipmentNo      string           `json:"shipment_no,omitempty"`
	ShippingMethod  *methodDocument  `json:"shipping_method,omitempty"`
	ShippingAddress *addressDocument `json:"shipping_address,omitempty"`
	ShippingStatus  string           `json:"shipping_status"`
	TrackingNumber  string           `json:"tracking_number,omitempty"`
	Gift            bool             `json:"gift"`
	GiftMessage     string           `json:"gift_message,omitempty"`
	totalsDocument
	ShipmentTotal json.Number    `json:"shipment_total"`
	custom        b2c.Attributes `json:"-"`
}

type methodDocument struct {
	Type        string `json:"_type"`
	ID          string `json:"id"`
	Name        string `json:"name,omitempty"`
	Description string `json:"description,omitempty"`
}

// MarshalJSON writes the document with its custom attributes.
func (d shipmentDocument) MarshalJSON() ([]byte, error) {
	type plain shipmentDocument
	return withCustom(plain(d), d.custom)
}

func (c coins) shipment(s b2c.Shipment) shipmentDocument {
	address := newAddressDocument(s.Address)
	return shipmentDocument{
		Type: "shipment", ShipmentID: s.ShipmentID, ShipmentNo: s.ShipmentNo,
		ShippingMethod:  &methodDocument{"shipping_method", s.Method.ID, s.Method.Name, s.Method.Description},
		ShippingAddress: &address, ShippingStatus: string(s.ShippingStatus), TrackingNumber: s.TrackingNumber,
		Gift: s.Gift, GiftMessage: s.GiftMessage,
		totalsDocument: c.totals(s.Totals), ShipmentTotal: c.money(s.Totals.OrderTotal), custom: s.Custom,
	}
}

type productDocument struct {
	Type                    string               `json:"_type"`
	ItemID                  string               `json:"item_id"`
	ProductID               string               `json:"product_id"`
	ProductName             string               `json:"product_name,omitempty"`
	ItemText                string               `json:"item_text"`
	Quantity                json.Number          `json:"quantity"`
	BasePrice               json.Number          `json:"base_price"`
	Price                   json.Number          `json:"price"`
	PriceAfterItemDiscount  json.Number          `json:"price_after_item_discount"`
	PriceAfterOrderDiscount json.Number          `json:"price_after_order_discount"`
	PriceAdjustments        []adjustmentDocument `json:"price_adjustments,omitempty"`
	Tax                     json.Number          `json:"tax"`
	TaxBasis                json.Number          `json:"tax_basis"`
	TaxRate                 json.Number          `json:"tax_rate"`
	TaxClassID              string               `json:"tax_class_id,omitempty"`
	AdjustedTax             json.Number          `json:"adjusted_tax"`
	ShipmentID              string               `json:"shipment_id"`
	BonusProductLineItem    bool                 `json:"bonus_product_line_item"`
	BonusDiscountID         string               `json:"bonus_discount_line_item_id,omitempty"`
	Gift                    bool                 `json:"gift"`
	GiftMessage             string               `json:"gift_message,omitempty"`
	InventoryID             string               `json:"inventory_id,omitempty"`
	OptionItems             []optionDocument     `json:"option_items,omitempty"`
	BundledItems            []productDocument    `json:"bundled_product_items,omitempty"`
	custom                  b2c.Attributes       `json:"-"`
}

// optionDocument is the price of something that was chosen with a product.
type optionDocument struct {
	Type                    string      `json:"_type"`
	ItemID                  string      `json:"item_id"`
	OptionID                string      `json:"option_id"`
	OptionValueID           string      `json:"option_value_id"`
	ItemText                string      `json:"item_text"`
	Quantity                json.Number `json:"quantity"`
	BasePrice               json.Number `json:"base_price"`
	Price                   json.Number `json:"price"`
	PriceAfterItemDiscount  json.Number `json:"price_after_item_discount"`
	PriceAfterOrderDiscount json.Number `json:"price_after_order_discount"`
	Tax                     json.Number `json:"tax"`
	TaxBasis                json.Number `json:"tax_basis"`
	TaxRate                 json.Number `json:"tax_rate"`
	AdjustedTax             json.Number `json:"adjusted_tax"`
	ShipmentID              string      `json:"shipment_id"`
}

// MarshalJSON writes the document with its custom attributes.
func (d productDocument) MarshalJSON() ([]byte, error) {
	type plain productDocument
	return withCustom(plain(d), d.custom)
}

// products are the documents of lines; those of options and of parts of bundles are inside their products'.
func (c coins) products(items []b2c.ProductItem) []productDocument {
	docs := []productDocument{}
	at := map[string]int{}
	for _, item := range items {
		if item.ParentItemID == "" {
			at[item.ItemID] = len(docs)
			docs = append(docs, c.product(item))
		}
	}
	for _, item := range items {
		parent, ok := at[item.ParentItemID]
		switch {
		case ok && item.Part():
			docs[parent].BundledItems = append(docs[parent].BundledItems, c.product(item))
		case ok:
			docs[parent].OptionItems = append(docs[parent].OptionItems, c.option(item))
		}
	}
	return docs
}

func (c coins) product(i b2c.ProductItem) productDocument {
	return productDocument{
		Type: "product_item", ItemID: i.ItemID, ProductID: i.ProductID, ProductName: i.ProductName, ItemText: i.ProductName,
		Quantity: number(i.Quantity), BasePrice: c.money(i.BasePrice), Price: c.money(i.Price),
		PriceAfterItemDiscount: c.money(i.PriceAfterItemDiscount), PriceAfterOrderDiscount: c.money(i.PriceAfterOrderDiscount),
		PriceAdjustments: c.adjustments(i.PriceAdjustments), Tax: c.money(i.Tax), TaxBasis: c.money(i.PriceAfterItemDiscount),
		TaxRate: number(i.TaxRate), TaxClassID: i.TaxClassID, AdjustedTax: c.money(i.AdjustedTax), ShipmentID: i.ShipmentID,
		BonusProductLineItem: i.Bonus != "", BonusDiscountID: i.BonusDiscountID, InventoryID: i.InventoryListID,
		Gift: i.Gift, GiftMessage: i.GiftMessage, custom: i.Custom,
	}
}

func (c coins) option(i b2c.ProductItem) optionDocument {
	return optionDocument{
		Type: "option_item", ItemID: i.ItemID, OptionID: i.OptionID, OptionValueID: i.OptionValueID, ItemText: i.ProductName, Quantity: number(i.Quantity),
		BasePrice: c.money(i.BasePrice), Price: c.money(i.Price), PriceAfterItemDiscount: c.money(i.PriceAfterItemDiscount),
		PriceAfterOrderDiscount: c.money(i.PriceAfterOrderDiscount), Tax: c.money(i.Tax), TaxBasis: c.money(i.PriceAfterItemDiscount),
		TaxRate: number(i.TaxRate), AdjustedTax: c.money(i.AdjustedTax), ShipmentID: i.ShipmentID,
	}
}

type shippingDocument struct {
	Type                   string               `json:"_type"`
	ItemID                 string               `json:"item_id"`
	ItemText               string               `json:"item_text"`
	ShipmentID             string               `json:"shipment_id"`
	BasePrice              json.Number          `json:"base_price"`
	Price                  json.Number          `json:"price"`
	PriceAfterItemDiscount json.Number          `json:"price_after_item_discount"`
	PriceAdjustments       []adjustmentDocument `json:"price_adjustments,omitempty"`
	Tax                    json.Number          `json:"tax"`
	TaxBasis               json.Number          `json:"tax_basis"`
	TaxRate                json.Number          `json:"tax_rate"`
	AdjustedTax            json.Number          `json:"adjusted_tax"`
	custom                 b2c.Attributes       `json:"-"`
}

// MarshalJSON writes the document with its custom attributes.
func (d shippingDocument) MarshalJSON() ([]byte, error) {
	type plain shippingDocument
	return withCustom(plain(d), d.custom)
}

func (c coins) shipping(i b2c.ShippingItem) shippingDocument {
	return shippingDocument{
		Type: "shipping_item", ItemID: i.ItemID, ItemText: i.ItemText, ShipmentID: i.ShipmentID, BasePrice: c.money(i.Price),
		Price: c.money(i.Price), PriceAfterItemDiscount: c.money(i.PriceAfterItemDiscount),
		PriceAdjustments: c.adjustments(i.PriceAdjustments), Tax: c.money(i.Tax), TaxBasis: c.money(i.PriceAfterItemDiscount),
		TaxRate: number(i.TaxRate), AdjustedTax: c.money(i.AdjustedTax), custom: i.Custom,
	}
}

type instrumentDocument struct {
	Type                string        `json:"_type"`
	PaymentInstrumentID string        `json:"payment_instrument_id"`
	PaymentMethodID     string        `json:"payment_method_id"`
	Amount              json.Number   `json:"amount"`
	PaymentCard         *cardDocument `json:"payment_card,omitempty"`
	GiftCertificate     string        `json:"masked_gift_certificate_code,omitempty"`
	// Authorization is the provider's word, once it was asked.
	Authorization *statusDocument `json:"authorization_status,omitempty"`
	custom        b2c.Attributes  `json:"-"`
}

type cardDocument struct {
	Type              string `json:"_type"`
	CardType          string `json:"card_type"`
	Holder            string `json:"holder,omitempty"`
	MaskedNumber      string `json:"masked_number,omitempty"`
	NumberLastDigits  string `json:"number_last_digits,omitempty"`
	CreditCardToken   string `json:"credit_card_token,omitempty"`
	CreditCardExpired bool   `json:"credit_card_expired"`
	ExpirationMonth   int    `json:"expiration_month,omitempty"`
	ExpirationYear    int    `json:"expiration_year,omitempty"`
}

// MarshalJSON writes the document with its custom attributes.
func (d instrumentDocument) MarshalJSON() ([]byte, error) {
	type plain instrumentDocument
	return withCustom(plain(d), d.custom)
}

func (c coins) instrument(p b2c.PaymentInstrument) instrumentDocument {
	doc := instrumentDocument{
		Type: "order_payment_instrument", PaymentInstrumentID: p.ID, PaymentMethodID: p.PaymentMethodID,
		Amount: c.money(p.Amount), GiftCertificate: p.GiftCertificate, Authorization: newStatusDocument(p.Authorization), custom: p.Custom,
	}
	doc.PaymentCard = newCardDocument(p.Card)
	return doc
}

// newCardDocument is a card; nil where there is none.
func newCardDocument(card b2c.PaymentCard) *cardDocument {
	if card.CardType == "" {
		return nil
	}
	return &cardDocument{
		Type: "payment_card", CardType: card.CardType, Holder: card.Holder, MaskedNumber: card.MaskedNumber, NumberLastDigits: card.LastDigits,
		CreditCardToken: card.Token, ExpirationMonth: card.ExpirationMonth, ExpirationYear: card.ExpirationYear,
	}
}
