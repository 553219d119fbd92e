package ocapi

import (
	"encoding/json"

	"github.com/somsim/somsim/simulator/b2c"
)

type shipmentDocument struct {
	Type            string          `json:"_type"`
	ShipmentID      string          `json:"shipment_id"`
	ShipmentNo      string          `json:"shipment_no"`
	ShippingMethod  methodDocument  `json:"shipping_method"`
	ShippingAddress addressDocument `json:"shipping_address"`
	ShippingStatus  string          `json:"shipping_status"`
	TrackingNumber  string          `json:"tracking_number,omitempty"`
	Gift            bool            `json:"gift"`
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

func newShipmentDocument(s b2c.Shipment) shipmentDocument {
	return shipmentDocument{
		Type: "shipment", ShipmentID: s.ShipmentID, ShipmentNo: s.ShipmentNo,
		ShippingMethod:  methodDocument{"shipping_method", s.Method.ID, s.Method.Name, s.Method.Description},
		ShippingAddress: newAddressDocument(s.Address), ShippingStatus: string(s.ShippingStatus), TrackingNumber: s.TrackingNumber,
		totalsDocument: newTotalsDocument(s.Totals), ShipmentTotal: money(s.Totals.OrderTotal), custom: s.Custom,
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
	Gift                    bool                 `json:"gift"`
	custom                  b2c.Attributes       `json:"-"`
}

// MarshalJSON writes the document with its custom attributes.
func (d productDocument) MarshalJSON() ([]byte, error) {
	type plain productDocument
	return withCustom(plain(d), d.custom)
}

func newProductDocument(i b2c.ProductItem) productDocument {
	return productDocument{
		Type: "product_item", ItemID: i.ItemID, ProductID: i.ProductID, ProductName: i.ProductName, ItemText: i.ProductName,
		Quantity: number(i.Quantity), BasePrice: money(i.BasePrice), Price: money(i.Price),
		PriceAfterItemDiscount: money(i.PriceAfterItemDiscount), PriceAfterOrderDiscount: money(i.PriceAfterOrderDiscount),
		PriceAdjustments: newAdjustmentDocuments(i.PriceAdjustments), Tax: money(i.Tax), TaxBasis: money(i.PriceAfterItemDiscount),
		TaxRate: number(i.TaxRate), TaxClassID: i.TaxClassID, AdjustedTax: money(i.AdjustedTax), ShipmentID: i.ShipmentID,
		Gift: i.Gift, custom: i.Custom,
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

func newShippingDocument(i b2c.ShippingItem) shippingDocument {
	return shippingDocument{
		Type: "shipping_item", ItemID: i.ItemID, ItemText: i.ItemText, ShipmentID: i.ShipmentID, BasePrice: money(i.Price),
		Price: money(i.Price), PriceAfterItemDiscount: money(i.PriceAfterItemDiscount),
		PriceAdjustments: newAdjustmentDocuments(i.PriceAdjustments), Tax: money(i.Tax), TaxBasis: money(i.PriceAfterItemDiscount),
		TaxRate: number(i.TaxRate), AdjustedTax: money(i.AdjustedTax), custom: i.Custom,
	}
}

type instrumentDocument struct {
	Type                string         `json:"_type"`
	PaymentInstrumentID string         `json:"payment_instrument_id"`
	PaymentMethodID     string         `json:"payment_method_id"`
	Amount              json.Number    `json:"amount"`
	PaymentCard         *cardDocument  `json:"payment_card,omitempty"`
	GiftCertificate     string         `json:"masked_gift_certificate_code,omitempty"`
	custom              b2c.Attributes `json:"-"`
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

func newInstrumentDocument(p b2c.PaymentInstrument) instrumentDocument {
	doc := instrumentDocument{
		Type: "order_payment_instrument", PaymentInstrumentID: p.ID, PaymentMethodID: p.PaymentMethodID,
		Amount: money(p.Amount), GiftCertificate: p.GiftCertificate, custom: p.Custom,
	}
	if c := p.Card; c.CardType != "" {
		doc.PaymentCard = &cardDocument{
			Type: "payment_card", CardType: c.CardType, Holder: c.Holder, MaskedNumber: c.MaskedNumber, NumberLastDigits: c.LastDigits,
			CreditCardToken: c.Token, ExpirationMonth: c.ExpirationMonth, ExpirationYear: c.ExpirationYear,
		}
	}
	return doc
}
