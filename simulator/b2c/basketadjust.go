package b2c

import (
	"fmt"
	"slices"

	"github.com/somsim/somsim/simulator/b2c/price"
)

// maxAdjustments is how many discounts an agent may enter in one basket.
const maxAdjustments = 50

// NewAdjustment is a discount that an agent enters.
type NewAdjustment struct {
	// PromotionID is an id of the agent's own, made up when empty. It must not be one of the shop's promotions.
	PromotionID          string
	Level                price.Level
	ItemID               string
	ItemText, ReasonCode string
	Discount             AppliedDiscount
}

// AddAdjustment enters a discount on a line (ItemID), on the delivery of a shipment (ItemID of the shipping item, or the
// first) or on the order. Errors have the codes [PropertyNotPermitted] for a shopper, [InvalidPriceAdjustmentLevel],
// [InvalidPromotionID], [SystemPromotionID], [TooManyPromotions], [ProductItemNotFound] and [ShippingItemNotFound].
func (e *BasketEdit) AddAdjustment(n NewAdjustment) error {
	if err := e.checkAgent(); err != nil {
		return err
	}
	if n.PromotionID == "" {
		n.PromotionID = hexID(e.tx, "b2c.ManualPromotion")
	}
	if err := e.checkPromotionID(n.PromotionID); err != nil {
		return err
	}
	if len(e.Manual) >= maxAdjustments {
		return &Error{Code: TooManyPromotions, Rule: "b2c.adjustment.limit", Message: fmt.Sprintf("A basket has at most %d price adjustments.", maxAdjustments)}
	}
	target, err := e.adjusted(n)
	if err != nil {
		return err
	}
	e.Manual = append(e.Manual, ManualAdjustment{
		ID: hexID(e.tx, "b2c.PriceAdjustment"), PromotionID: n.PromotionID, ItemText: n.ItemText, ReasonCode: n.ReasonCode, CreatedBy: e.who.Name,
		Level: n.Level, Target: target, Discount: n.Discount, CreatedAt: e.tx.Now(),
	})
	return nil
}

func (e *BasketEdit) checkAgent() error {
	if e.who.Agent {
		return nil
	}
	return &Error{
		Code: PropertyNotPermitted, Rule: "b2c.adjustment.agents", Message: "Price adjustments are made by agents only.",
		Arguments: map[string]string{"property": "order_price_adjustments", "document": "basket"},
	}
}

// checkPromotionID refuses ids that are none, are used already, or are the shop's own.
func (e *BasketEdit) checkPromotionID(id string) error {
	code, rule := Code(""), ""
	switch _, own := e.domain.Promotion(e.tx, id); {
	case own:
		code, rule = SystemPromotionID, "b2c.adjustment.system-promotion"
	case len(id) > 256, slices.ContainsFunc(e.Manual, func(m ManualAdjustment) bool { return m.PromotionID == id }):
		code, rule = InvalidPromotionID, "b2c.adjustment.promotion-id"
	default:
		return nil
	}
	return &Error{
		Code: code, Rule: rule, Message: fmt.Sprintf("The promotion ID '%s' cannot be used for a price adjustment.", id),
		Arguments: map[string]string{"promotionId": id},
	}
}

// adjusted is the line or shipment that an adjustment is for.
func (e *BasketEdit) adjusted(n NewAdjustment) (string, error) {
	switch n.Level {
	case price.LevelOrder:
		return "", nil
	case price.LevelProduct:
		if e.item(n.ItemID) == nil {
			return "", itemUnknown(n.ItemID)
		}
		return n.ItemID, nil
	case price.LevelShipping:
		for _, item := range e.ShippingItems {
			if n.ItemID == "" || item.ItemID == n.ItemID {
				return item.ShipmentID, nil
			}
		}
		return "", shippingItemUnknown(n.ItemID)
	}
	return "", &Error{
		Code: InvalidPriceAdjustmentLevel, Rule: "b2c.adjustment.level", Message: fmt.Sprintf("The level '%s' is none of product, shipping and order.", n.Level),
		Arguments: map[string]string{"level": string(n.Level)},
	}
}

// AdjustmentChange is what can be changed of an adjustment; nil leaves it.
type AdjustmentChange struct {
	ItemText, ReasonCode *string
	Discount             *AppliedDiscount
}

// ChangeAdjustment changes a discount that an agent entered. Errors have the codes [PropertyNotPermitted] and
// [InvalidPromotionID].
func (e *BasketEdit) ChangeAdjustment(id string, c AdjustmentChange) error {
	i, err := e.manual(id)
	if err != nil {
		return err
	}
	m := &e.Manual[i]
	if c.ItemText != nil {
		m.ItemText = *c.ItemText
	}
	if c.ReasonCode != nil {
		m.ReasonCode = *c.ReasonCode
	}
	if c.Discount != nil {
		m.Discount = *c.Discount
	}
	return nil
}

// RemoveAdjustment takes back a discount that an agent entered. Errors are those of [BasketEdit.ChangeAdjustment].
func (e *BasketEdit) RemoveAdjustment(id string) error {
	i, err := e.manual(id)
	if err == nil {
		e.Manual = slices.Delete(e.Manual, i, i+1)
	}
	return err
}

func (e *BasketEdit) manual(id string) (int, error) {
	if err := e.checkAgent(); err != nil {
		return 0, err
	}
	i := slices.IndexFunc(e.Manual, func(m ManualAdjustment) bool { return m.ID == id })
	if i < 0 {
		return 0, &Error{
			Code: InvalidPromotionID, Rule: "b2c.adjustment.known", Message: fmt.Sprintf("The basket has no price adjustment '%s' that was entered.", id),
			Arguments: map[string]string{"promotionId": id},
		}
	}
	return i, nil
}
