package ocapi

import (
	"encoding/json"
	"fmt"
	"maps"

	"github.com/somsim/somsim/simulator/b2c"
)

type orderDocument struct {
	Version            string               `json:"_v"`
	Type               string               `json:"_type"`
	ResourceState      string               `json:"_resource_state"`
	OrderNo            string               `json:"order_no"`
	OrderToken         string               `json:"order_token"`
	SiteID             string               `json:"site_id"`
	Status             string               `json:"status"`
	PaymentStatus      string               `json:"payment_status"`
	ShippingStatus     string               `json:"shipping_status"`
	ExportStatus       string               `json:"export_status"`
	ConfirmationStatus string               `json:"confirmation_status"`
	ChannelType        string               `json:"channel_type"`
	CreatedBy          string               `json:"created_by"`
	CreationDate       string               `json:"creation_date"`
	LastModified       string               `json:"last_modified"`
	Currency           string               `json:"currency"`
	Taxation           string               `json:"taxation"`
	Guest              bool                 `json:"guest"`
	CustomerName       string               `json:"customer_name,omitempty"`
	CustomerInfo       customerInfoDocument `json:"customer_info"`
	BillingAddress     addressDocument      `json:"billing_address"`
	Shipments          []shipmentDocument   `json:"shipments"`
	ProductItems       []productDocument    `json:"product_items"`
	ShippingItems      []shippingDocument   `json:"shipping_items"`
	PaymentInstruments []instrumentDocument `json:"payment_instruments"`
	PriceAdjustments   []adjustmentDocument `json:"order_price_adjustments,omitempty"`
	CouponItems        []couponDocument     `json:"coupon_items,omitempty"`
	// GiftCertificateItems are those that are bought.
	GiftCertificateItems []giftItemDocument `json:"gift_certificate_items,omitempty"`
	totalsDocument
	OrderTotal json.Number    `json:"order_total"`
	custom     b2c.Attributes `json:"-"`
}

// MarshalJSON writes the document with its custom attributes.
func (d orderDocument) MarshalJSON() ([]byte, error) {
	type plain orderDocument
	return withCustom(plain(d), d.custom)
}

// renderedOrder is an order document as it is sent.
type renderedOrder struct{ json.RawMessage }

// AnswerBody is the document; json.Marshal would go over it once more.
func (r renderedOrder) AnswerBody() ([]byte, error) { return r.RawMessage, nil }

// render returns the document of an order. It is made once for each state of the order: the fingerprint changes with
// every write.
func (a *API) render(version string, o b2c.Order) (renderedOrder, error) {
	key := version + " " + o.OrderNo + " " + o.ResourceState
	if text, ok := a.rendered.Get(key); ok {
		return renderedOrder{text}, nil
	}
	text, err := newOrderDocument(version, o).MarshalJSON()
	if err != nil {
		return renderedOrder{}, fmt.Errorf("render order %s: %w", o.OrderNo, err)
	}
	a.rendered.Add(key, text)
	return renderedOrder{text}, nil
}

type customerInfoDocument struct {
	Type         string `json:"_type"`
	CustomerID   string `json:"customer_id"`
	CustomerNo   string `json:"customer_no,omitempty"`
	CustomerName string `json:"customer_name,omitempty"`
	Email        string `json:"email,omitempty"`
}

// totalsDocument are the sums that orders and shipments share.
type totalsDocument struct {
	ProductSubTotal             json.Number `json:"product_sub_total"`
	ProductTotal                json.Number `json:"product_total"`
	ShippingTotal               json.Number `json:"shipping_total"`
	ShippingTotalTax            json.Number `json:"shipping_total_tax"`
	AdjustedShippingTotalTax    json.Number `json:"adjusted_shipping_total_tax"`
	MerchandizeTotalTax         json.Number `json:"merchandize_total_tax"`
	AdjustedMerchandizeTotalTax json.Number `json:"adjusted_merchandize_total_tax"`
	TaxTotal                    json.Number `json:"tax_total"`
}

func (c coins) totals(t b2c.Totals) totalsDocument {
	return totalsDocument{
		ProductSubTotal: c.money(t.ProductSubTotal), ProductTotal: c.money(t.ProductTotal), ShippingTotal: c.money(t.ShippingTotal),
		ShippingTotalTax: c.money(t.PlainShippingTax), AdjustedShippingTotalTax: c.money(t.ShippingTax),
		MerchandizeTotalTax: c.money(t.PlainMerchandizeTax), AdjustedMerchandizeTotalTax: c.money(t.MerchandizeTax), TaxTotal: c.money(t.TaxTotal),
	}
}

func newOrderDocument(version string, o b2c.Order) orderDocument {
	c := coinsOf(o.Currency)
	doc := orderDocument{
		Version: documentVersion(version), Type: "order", ResourceState: o.ResourceState, OrderNo: o.OrderNo, OrderToken: o.OrderToken,
		SiteID: o.SiteID, Status: string(o.Status), PaymentStatus: string(o.PaymentStatus), ShippingStatus: string(o.ShippingStatus),
		ExportStatus: string(o.ExportStatus), ConfirmationStatus: string(o.ConfirmationStatus), ChannelType: o.ChannelType,
		CreatedBy: o.CreatedBy, CreationDate: instant(o.CreationDate), LastModified: instant(o.LastModified), Currency: o.Currency,
		Taxation: string(o.Taxation), Guest: o.Guest, CustomerName: o.CustomerName,
		CustomerInfo:       customerInfoDocument{"customer_info", o.CustomerID, o.CustomerNo, o.CustomerName, o.Email},
		BillingAddress:     newAddressDocument(o.BillingAddress),
		PaymentInstruments: make([]instrumentDocument, 0, len(o.PaymentInstruments)),
		PriceAdjustments:   c.adjustments(o.PriceAdjustments),
		totalsDocument:     c.totals(o.Totals), OrderTotal: c.money(o.Totals.OrderTotal), custom: exported(o),
	}
	for _, s := range o.Shipments {
		doc.Shipments = append(doc.Shipments, c.shipment(s))
	}
	doc.ProductItems = c.products(o.ProductItems)
	for _, item := range o.ShippingItems {
		doc.ShippingItems = append(doc.ShippingItems, c.shipping(item))
	}
	for _, p := range o.PaymentInstruments {
		doc.PaymentInstruments = append(doc.PaymentInstruments, c.instrument(p))
	}
	for _, coupon := range o.Coupons {
		doc.CouponItems = append(doc.CouponItems, couponDocument{"coupon_item", coupon.ID, coupon.Code, "applied", true})
	}
	doc.GiftCertificateItems = c.giftItems(o.GiftCertificateItems)
	return doc
}

// exported returns the custom attributes of an order, with its id in order management once it is there, and with the
// order that took its place.
func exported(o b2c.Order) b2c.Attributes {
	custom := b2c.Attributes{}
	maps.Copy(custom, o.Custom)
	for attribute, value := range map[string]string{b2c.SummaryAttribute: o.OrderSummaryID, b2c.CurrentOrderAttribute: o.CurrentOrderNo} {
		if value != "" {
			custom[attribute] = b2c.Text(value)
		}
	}
	return custom
}

type addressDocument struct {
	Type        string `json:"_type"`
	ID          string `json:"id,omitempty"`
	Salutation  string `json:"salutation,omitempty"`
	Title       string `json:"title,omitempty"`
	FirstName   string `json:"first_name,omitempty"`
	SecondName  string `json:"second_name,omitempty"`
	LastName    string `json:"last_name,omitempty"`
	Suffix      string `json:"suffix,omitempty"`
	FullName    string `json:"full_name,omitempty"`
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

func newAddressDocument(a b2c.OrderAddress) addressDocument {
	return addressDocument{
		"order_address", a.ID, a.Salutation, a.Title, a.FirstName, a.SecondName, a.LastName, a.Suffix, a.FullName(), a.CompanyName, a.JobTitle,
		a.Address1, a.Address2, a.Suite, a.PostBox, a.PostalCode, a.City, a.StateCode, a.CountryCode, a.Phone,
	}
}

// couponDocument is a coupon. Those of an order have applied; a basket has others too.
type couponDocument struct {
	Type         string `json:"_type"`
	CouponItemID string `json:"coupon_item_id"`
	Code         string `json:"code"`
	StatusCode   string `json:"status_code"`
	Valid        bool   `json:"valid"`
}
