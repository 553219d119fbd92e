package b2cclient

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"github.com/shopspring/decimal"
)

// NewBasket is a basket to make. It holds addresses and is never stored.
type NewBasket struct {
	CustomerID     string
	Currency       string
	BillingAddress *Address
	Shipments      []NewShipment
	Items          []NewItem
	Coupons        []string
	// Custom are custom attributes, with their prefix.
	Custom Custom
	// Temporary makes one that lives for minutes, beside those that a customer may have otherwise.
	Temporary bool
}

// Custom are custom attributes by their names, which begin with c_, as they travel.
type Custom map[string]json.RawMessage

// Text adds an attribute that is a text.
func (c Custom) Text(name, value string) {
	c[name], _ = json.Marshal(value) // a text always has a JSON form
}

// Address is an address as orders and baskets write it.
type Address struct {
	Salutation  string `json:"salutation,omitempty"`
	Title       string `json:"title,omitempty"`
	FirstName   string `json:"first_name,omitempty"`
	SecondName  string `json:"second_name,omitempty"`
	LastName    string `json:"last_name,omitempty"`
	Suffix      string `json:"suffix,omitempty"`
	CompanyName string `json:"company_name,omitempty"`
	JobTitle    string `json:"job_title,omitempty"`
	Address1    string `json:"address1,omitempty"`
	Address2    string `json:"address2,omitempty"`
	Suite       string `json:"suite,omitempty"`
	PostBox     string `json:"post_box,omitempty"`
	PostalCode  string `json:"postal_code,omitempty"`
	City        string `json:"city,omitempty"`
	StateCode   string `json:"state_code,omitempty"`
	CountryCode string `json:"country_code,omitempty"`
	Phone       string `json:"phone,omitempty"`
}

// NewShipment is a delivery of a new basket.
type NewShipment struct {
	ID          string
	MethodID    string
	Address     *Address
	Gift        bool
	GiftMessage string
	Custom      Custom
}

// NewItem is a line of a new basket.
type NewItem struct {
	// OrderItemID is the line of the order that it was copied from; it does not travel.
	OrderItemID string
	ProductID   string
	Quantity    decimal.Decimal
	ShipmentID  string
	InventoryID string
	Options     []Option
	Gift        bool
	GiftMessage string
	Custom      Custom
}

// Option is something that was chosen with a product.
type Option struct {
	OptionID      string `json:"option_id"`
	OptionValueID string `json:"option_value_id"`
}

// copied is the part of an order document that a basket can be made of.
type copied struct {
	Currency     string `json:"currency"`
	CustomerInfo struct {
		CustomerID string `json:"customer_id"`
	} `json:"customer_info"`
	BillingAddress *Address         `json:"billing_address"`
	Shipments      []copiedShipment `json:"shipments"`
	ProductItems   []copiedItem     `json:"product_items"`
	CouponItems    []CouponItem     `json:"coupon_items"`
}

type copiedShipment struct {
	ShipmentID     string `json:"shipment_id"`
	ShippingMethod struct {
		ID string `json:"id"`
	} `json:"shipping_method"`
	ShippingAddress *Address `json:"shipping_address"`
	Gift            bool     `json:"gift"`
	GiftMessage     string   `json:"gift_message"`
	custom          Custom
}

// UnmarshalJSON reads a shipment with its custom attributes.
func (s *copiedShipment) UnmarshalJSON(raw []byte) error {
	type plain copiedShipment
	return withCustom(raw, (*plain)(s), &s.custom)
}

type copiedItem struct {
	ItemID      string          `json:"item_id"`
	ProductID   string          `json:"product_id"`
	Quantity    decimal.Decimal `json:"quantity"`
	ShipmentID  string          `json:"shipment_id"`
	InventoryID string          `json:"inventory_id"`
	OptionItems []Option        `json:"option_items"`
	Gift        bool            `json:"gift"`
	GiftMessage string          `json:"gift_message"`
	Bonus       bool            `json:"bonus_product_line_item"`
	custom      Custom
}

// UnmarshalJSON reads a line with its custom attributes.
func (i *copiedItem) UnmarshalJSON(raw []byte) error {
	type plain copiedItem
	return withCustom(raw, (*plain)(i), &i.custom)
}

// withCustom reads a document and, apart, its custom attributes.
func withCustom(raw []byte, into any, custom *Custom) error {
	if err := json.Unmarshal(raw, into); err != nil {
		return err
	}
	all := Custom{}
	if err := json.Unmarshal(raw, &all); err != nil {
		return err
	}
	maps.DeleteFunc(all, func(name string, _ json.RawMessage) bool { return !strings.HasPrefix(name, "c_") })
	*custom = all
	return nil
}

// Again is a basket with what the order holds: lines, quantities, addresses, delivery methods, coupons and custom
// attributes, but for payments, for lines that promotions add by themselves, and for the attributes that link orders.
func (d Document) Again() (NewBasket, error) {
	var from copied
	var custom Custom
	if err := withCustom(d.Raw, &from, &custom); err != nil {
		return NewBasket{}, fmt.Errorf("read order %s to copy it: %w", d.Order.OrderNo, err)
	}
	maps.DeleteFunc(custom, func(name string, _ json.RawMessage) bool { return isLink(name) })
	basket := NewBasket{CustomerID: from.CustomerInfo.CustomerID, Currency: from.Currency, BillingAddress: from.BillingAddress, Custom: custom}
	for _, s := range from.Shipments {
		basket.Shipments = append(basket.Shipments, NewShipment{s.ShipmentID, s.ShippingMethod.ID, s.ShippingAddress, s.Gift, s.GiftMessage, s.custom})
	}
	for _, i := range from.ProductItems {
		if i.Bonus {
			continue
		}
		basket.Items = append(basket.Items, NewItem{
			OrderItemID: i.ItemID, ProductID: i.ProductID, Quantity: i.Quantity, ShipmentID: i.ShipmentID, InventoryID: i.InventoryID,
			Options: i.OptionItems, Gift: i.Gift, GiftMessage: i.GiftMessage, Custom: i.custom,
		})
	}
	for _, coupon := range from.CouponItems {
		basket.Coupons = append(basket.Coupons, coupon.Code)
	}
	return basket, nil
}

// isLink says that an attribute is of one order and not of its follow-up.
func isLink(name string) bool {
	switch name {
	case CurrentOrderAttribute, ReplacedOrderAttribute, ModifiesAttribute, ModificationAttribute, "c_somOrderSummaryId":
		return true
	default:
		return false
	}
}

// MarshalJSON writes the document that OCAPI takes.
func (b NewBasket) MarshalJSON() ([]byte, error) {
	type customer struct {
		CustomerID string `json:"customer_id"`
	}
	type coupon struct {
		Code string `json:"code"`
	}
	body := struct {
		Currency       string        `json:"currency,omitempty"`
		CustomerInfo   customer      `json:"customer_info"`
		BillingAddress *Address      `json:"billing_address,omitempty"`
		Shipments      []NewShipment `json:"shipments,omitempty"`
		Items          []NewItem     `json:"product_items"`
		Coupons        []coupon      `json:"coupon_items,omitempty"`
	}{b.Currency, customer{b.CustomerID}, b.BillingAddress, b.Shipments, b.Items, nil}
	for _, code := range b.Coupons {
		body.Coupons = append(body.Coupons, coupon{code})
	}
	return merged(body, b.Custom)
}

// MarshalJSON writes the document that OCAPI takes.
func (s NewShipment) MarshalJSON() ([]byte, error) {
	type method struct {
		ID string `json:"id"`
	}
	body := struct {
		ShipmentID      string   `json:"shipment_id"`
		ShippingMethod  *method  `json:"shipping_method,omitempty"`
		ShippingAddress *Address `json:"shipping_address,omitempty"`
		Gift            bool     `json:"gift,omitempty"`
		GiftMessage     string   `json:"gift_message,omitempty"`
	}{s.ID, nil, s.Address, s.Gift, s.GiftMessage}
	if s.MethodID != "" {
		body.ShippingMethod = &method{s.MethodID}
	}
	return merged(body, s.Custom)
}

// MarshalJSON writes the document that OCAPI takes.
func (i NewItem) MarshalJSON() ([]byte, error) {
	return merged(struct {
		ProductID   string      `json:"product_id"`
		Quantity    json.Number `json:"quantity"`
		ShipmentID  string      `json:"shipment_id,omitempty"`
		InventoryID string      `json:"inventory_id,omitempty"`
		Options     []Option    `json:"option_items,omitempty"`
		Gift        bool        `json:"gift,omitempty"`
		GiftMessage string      `json:"gift_message,omitempty"`
	}{i.ProductID, json.Number(i.Quantity.String()), i.ShipmentID, i.InventoryID, i.Options, i.Gift, i.GiftMessage}, i.Custom)
}

// merged writes a document together with custom attributes.
func merged(document any, custom Custom) ([]byte, error) {
	raw, err := json.Marshal(document)
	if err != nil || len(custom) == 0 {
		return raw, err
	}
	all := Custom{}
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, err
	}
	maps.Copy(all, custom)
	return json.Marshal(all)
}
