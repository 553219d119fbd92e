package ocapi

import (
	"encoding/json"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

type basketDocument struct {
	Version              string               `json:"_v"`
	Type                 string               `json:"_type"`
	ResourceState        string               `json:"_resource_state"`
	Flashes              []flashDocument      `json:"_flash,omitempty"`
	BasketID             string               `json:"basket_id"`
	AgentBasket          bool                 `json:"agent_basket"`
	TemporaryBasket      bool                 `json:"temporary_basket,omitempty"`
	ChannelType          string               `json:"channel_type"`
	SourceCode           string               `json:"source_code,omitempty"`
	CreationDate         string               `json:"creation_date"`
	LastModified         string               `json:"last_modified"`
	Currency             string               `json:"currency"`
	Taxation             string               `json:"taxation"`
	ReservationExpiry    string               `json:"inventory_reservation_expiry,omitempty"`
	CustomerInfo         customerInfoDocument `json:"customer_info"`
	BillingAddress       *addressDocument     `json:"billing_address,omitempty"`
	Shipments            []shipmentDocument   `json:"shipments"`
	ProductItems         []productDocument    `json:"product_items,omitempty"`
	ShippingItems        []shippingDocument   `json:"shipping_items"`
	GiftCertificateItems []giftItemDocument   `json:"gift_certificate_items,omitempty"`
	CouponItems          []couponDocument     `json:"coupon_items,omitempty"`
	BonusDiscountItems   []bonusDocument      `json:"bonus_discount_line_items,omitempty"`
	PriceAdjustments     []adjustmentDocument `json:"order_price_adjustments,omitempty"`
	PaymentInstruments   []instrumentDocument `json:"payment_instruments,omitempty"`
	Notes                linkDocument         `json:"notes"`
	totalsDocument
	OrderTotal json.Number    `json:"order_total"`
	custom     b2c.Attributes `json:"-"`
}

// MarshalJSON writes the document with its custom attributes.
func (d basketDocument) MarshalJSON() ([]byte, error) {
	type plain basketDocument
	return withCustom(plain(d), d.custom)
}

type flashDocument struct {
	DocumentType string            `json:"_type"`
	Type         string            `json:"type"`
	Message      string            `json:"message"`
	Path         string            `json:"path"`
	Details      map[string]string `json:"details,omitempty"`
}

type linkDocument struct {
	Type string `json:"_type"`
	Link string `json:"link"`
}

// bonusDocument are products of which some can be chosen for nothing.
type bonusDocument struct {
	Type          string         `json:"_type"`
	ID            string         `json:"id"`
	PromotionID   string         `json:"promotion_id"`
	CouponCode    string         `json:"coupon_code,omitempty"`
	MaxBonusItems json.Number    `json:"max_bonus_items"`
	BonusProducts []bonusProduct `json:"bonus_products"`
}

type bonusProduct struct {
	Type      string `json:"_type"`
	ProductID string `json:"product_id"`
}

// basketDocument renders a basket for the caller.
func (a *API) basketDocument(c *binding.Call, b b2c.Basket) basketDocument {
	money := coinsOf(b.Currency)
	doc := basketDocument{
		Version: documentVersion(c.Request.Vars["version"]), Type: "basket", ResourceState: b.ResourceState, BasketID: b.BasketID,
		AgentBasket: b.Agent, TemporaryBasket: b.Temporary, ChannelType: b.ChannelType, SourceCode: b.SourceCode,
		CreationDate: instant(b.CreatedAt), LastModified: instant(b.LastModified), Currency: b.Currency, Taxation: string(b.Taxation),
		CustomerInfo: customerInfoDocument{"customer_info", b.CustomerID, b.CustomerNo, b.CustomerName, b.Email},
		ProductItems: money.products(b.ProductItems), GiftCertificateItems: money.giftItems(b.GiftCertificateItems),
		PriceAdjustments: money.adjustments(b.PriceAdjustments), totalsDocument: money.totals(b.Totals), OrderTotal: money.money(b.Totals.OrderTotal),
		Notes:  linkDocument{"simple_link", c.BaseURL() + "/s/" + b.SiteID + "/dw/shop/" + c.Request.Vars["version"] + "/baskets/" + b.BasketID + "/notes"},
		custom: b.Custom,
	}
	if b.BillingAddress != (b2c.OrderAddress{}) {
		address := newAddressDocument(b.BillingAddress)
		doc.BillingAddress = &address
	}
	if !b.ReservedUntil.IsZero() {
		doc.ReservationExpiry = instant(b.ReservedUntil)
	}
	doc.addParts(b, money)
	return doc
}

func (d *basketDocument) addParts(b b2c.Basket, c coins) {
	for _, s := range b.Shipments {
		shipment := c.shipment(s)
		if s.Method.ID == "" {
			shipment.ShippingMethod = nil
		}
		if s.Address == (b2c.OrderAddress{}) {
			shipment.ShippingAddress = nil
		}
		d.Shipments = append(d.Shipments, shipment)
	}
	for _, item := range b.ShippingItems {
		d.ShippingItems = append(d.ShippingItems, c.shipping(item))
	}
	for _, coupon := range b.Coupons {
		d.CouponItems = append(d.CouponItems, couponDocument{"coupon_item", coupon.ID, coupon.Code, string(coupon.Status), coupon.Status == b2c.CouponApplied})
	}
	for _, p := range b.PaymentInstruments {
		d.PaymentInstruments = append(d.PaymentInstruments, c.instrument(p))
	}
	for _, f := range b.Flashes {
		d.Flashes = append(d.Flashes, flashDocument{"flash", f.Type, f.Message, f.Path, f.Details})
	}
	for _, choice := range b.BonusDiscounts {
		doc := bonusDocument{Type: "bonus_discount_line_item", ID: choice.ID, PromotionID: choice.PromotionID, CouponCode: choice.CouponCode, MaxBonusItems: number(choice.Max)}
		for _, id := range choice.Products {
			doc.BonusProducts = append(doc.BonusProducts, bonusProduct{"product_link", id})
		}
		d.BonusDiscountItems = append(d.BonusDiscountItems, doc)
	}
}
