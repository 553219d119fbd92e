package ocapi

import (
	"encoding/json"

	"github.com/somsim/somsim/simulator/b2c"
)

type adjustmentDocument struct {
	Type              string            `json:"_type"`
	PriceAdjustmentID string            `json:"price_adjustment_id"`
	PromotionID       string            `json:"promotion_id,omitempty"`
	ItemText          string            `json:"item_text"`
	CouponCode        string            `json:"coupon_code,omitempty"`
	Price             json.Number       `json:"price"`
	AppliedDiscount   *discountDocument `json:"applied_discount,omitempty"`
	Custom            bool              `json:"custom"`
	Manual            bool              `json:"manual"`
	ReasonCode        string            `json:"reason_code,omitempty"`
	CreatedBy         string            `json:"created_by,omitempty"`
	CreationDate      string            `json:"creation_date,omitempty"`
}

// discountDocument is a discount in the vendor's words: a percentage, or an amount of money or of products.
type discountDocument struct {
	Type       string      `json:"type"`
	Amount     json.Number `json:"amount,omitempty"`
	Percentage json.Number `json:"percentage,omitempty"`
}

func (c coins) adjustments(adjustments []b2c.PriceAdjustment) []adjustmentDocument {
	var docs []adjustmentDocument
	for _, a := range adjustments {
		doc := adjustmentDocument{
			Type: "price_adjustment", PriceAdjustmentID: a.ID, PromotionID: a.PromotionID, ItemText: a.ItemText,
			CouponCode: a.CouponCode, Price: c.money(a.Amount), AppliedDiscount: newDiscountDocument(a.Applied),
			Custom: a.Manual, Manual: a.Manual, ReasonCode: a.ReasonCode, CreatedBy: a.CreatedBy,
		}
		if !a.CreatedAt.IsZero() {
			doc.CreationDate = instant(a.CreatedAt)
		}
		docs = append(docs, doc)
	}
	return docs
}

func newDiscountDocument(d b2c.AppliedDiscount) *discountDocument {
	switch d.Type {
	case "":
		return nil
	case "percentage":
		return &discountDocument{Type: d.Type, Percentage: number(d.Value)}
	default:
		return &discountDocument{Type: d.Type, Amount: number(d.Value)}
	}
}

type giftItemDocument struct {
	Type           string         `json:"_type"`
	ID             string         `json:"gift_certificate_item_id"`
	Amount         json.Number    `json:"amount"`
	Message        string         `json:"message,omitempty"`
	RecipientEmail string         `json:"recipient_email,omitempty"`
	RecipientName  string         `json:"recipient_name,omitempty"`
	SenderName     string         `json:"sender_name,omitempty"`
	ShipmentID     string         `json:"shipment_id"`
	custom         b2c.Attributes `json:"-"`
}

// MarshalJSON writes the document with its custom attributes.
func (d giftItemDocument) MarshalJSON() ([]byte, error) {
	type plain giftItemDocument
	return withCustom(plain(d), d.custom)
}

func (c coins) giftItems(items []b2c.GiftCertificateItem) []giftItemDocument {
	var docs []giftItemDocument
	for _, g := range items {
		docs = append(docs, giftItemDocument{
			"gift_certificate_item", g.ID, c.money(g.Amount), g.Message, g.RecipientEmail, g.RecipientName, g.SenderName, g.ShipmentID, g.Custom,
		})
	}
	return docs
}
