package b2c

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c/price"
	"github.com/somsim/somsim/simulator/sandbox"
)

// ModifiesAttribute is the custom attribute by which a follow-up basket, and the order that comes of it, name the order
// that they are to take the place of.
const ModifiesAttribute = "modifiesOrderNo"

// KeptPriceReason is the reason of the adjustments that keep the price of an order in its follow-up.
const KeptPriceReason = "KEPT_ORIGINAL_PRICE"

// Why a line of an order is not in its follow-up basket.
const (
	LineRemoved  = "removed"
	LineOffline  = "offline"
	LineMaster   = "master"
	LineNoPrice  = "without_price"
	LineOption   = "option_gone"
	LineNoStock  = "out_of_stock"
	LineCutStock = "partly_out_of_stock"
)

// FollowUpOptions say how an order becomes a basket.
type FollowUpOptions struct {
	// Temporary makes a basket that lives for minutes and leaves the customer's own one alone.
	Temporary bool
	// KeepPrices keeps the prices of the order, where today's are higher, by adjustments that say so.
	KeepPrices bool
	// TakeOverStock counts the stock that the order holds as available to its follow-up.
	TakeOverStock bool
}

// FollowUp is the basket that was made of an order, and how it differs from it.
type FollowUp struct {
	Basket      Basket
	Unavailable []UnavailableLine
	Deltas      []PriceDelta
	// Before and After are the totals of the order and of the basket.
	Before, After decimal.Decimal
}

// UnavailableLine is what of an order's line is not in the basket.
type UnavailableLine struct {
	ItemID, ProductID, Reason string
	Quantity                  decimal.Decimal
}

// PriceDelta is a line whose price is another than in the order. Prices are of the line after all discounts.
type PriceDelta struct {
	// OrderItemID is the line in the order, ItemID the one in the basket.
	OrderItemID, ItemID, ProductID string
	Before, After                  decimal.Decimal
}

// FollowUpBasket makes a basket out of an order whose customer wants it changed: lines, quantities, addresses, methods,
// coupons and custom attributes, at today's prices; payments are not taken along. It may be made of exported orders too,
// unlike [B2C.EditOrder]. The order itself is left alone. Errors have the codes [OrderNotFound], [NotModifiable] for
// orders with gift certificates and those that are replaced, cancelled or failed, [NothingTransferable] and
// [CustomerBasketsQuotaExceeded].
func (b *B2C) FollowUpBasket(tx *sandbox.Tx, r Reader, orderNo string, o FollowUpOptions) (FollowUp, error) {
	order, err := b.Order(tx, r, orderNo)
	if err != nil {
		return FollowUp{}, err
	}
	if err := modifiable(order); err != nil {
		return FollowUp{}, err
	}
	who := Editor{Reader: Reader{SiteID: order.SiteID, CustomerID: order.CustomerID}}
	opened, err := b.OpenBasket(tx, who, NewBasket{Currency: order.Currency, Temporary: o.Temporary})
	if err != nil {
		return FollowUp{}, err
	}
	followUp := FollowUp{Before: order.Totals.OrderTotal}
	items := map[string]string{}
	followUp.Basket, err = b.EditBasket(tx, who, BasketRef{ID: opened.BasketID}, func(e *BasketEdit) error {
		followUp.Unavailable, items = e.fill(order, o)
		if len(e.ProductItems) == 0 {
			return &Error{
				Code: NothingTransferable, Rule: "b2c.follow-up.transferable", Message: fmt.Sprintf("Nothing of order '%s' can be bought again.", orderNo),
				Arguments: map[string]string{"orderNo": orderNo},
			}
		}
		e.Custom = e.Custom.with(Attributes{ModifiesAttribute: Text(orderNo)}, []string{CurrentOrderAttribute, SummaryAttribute})
		return nil
	})
	if err != nil {
		return FollowUp{}, err
	}
	followUp.After, followUp.Deltas = followUp.Basket.Totals.OrderTotal, deltas(order, followUp.Basket, items)
	return followUp, nil
}

func modifiable(o Order) error {
	reason := ""
	switch {
	case len(o.GiftCertificateItems) > 0:
		reason = "GIFT_CERTIFICATE"
	case o.Status == Replaced, o.Status == Cancelled, o.Status == Failed, o.Status == Created:
		reason = string(o.Status)
	default:
		return nil
	}
	return &Error{
		Code: NotModifiable, Rule: "b2c.follow-up.modifiable", Message: fmt.Sprintf("The order '%s' cannot be changed: %s.", o.OrderNo, reason),
		Arguments: map[string]string{"orderNo": o.OrderNo, "reason": reason},
	}
}

// EditOrder makes a basket that edits an order, for agents: its order replaces the old one when it is submitted. Errors
// have the codes [OrderNotFound] and [NotModifiable], the latter for exported orders too.
func (b *B2C) EditOrder(tx *sandbox.Tx, who Editor, orderNo string) (Basket, error) {
	order, err := b.Order(tx, Reader{SiteID: who.SiteID}, orderNo)
	if err != nil {
		return Basket{}, err
	}
	if err := modifiable(order); err != nil {
		return Basket{}, err
	}
	if order.ExportStatus == Exported {
		return Basket{}, &Error{
			Code: NotModifiable, Rule: "b2c.follow-up.exported", Message: fmt.Sprintf("The order '%s' has been exported.", orderNo),
			Arguments: map[string]string{"orderNo": orderNo, "reason": string(Exported)},
		}
	}
	who.Agent = true
	opened, err := b.OpenBasket(tx, who, NewBasket{CustomerID: order.CustomerID, Currency: order.Currency})
	if err != nil {
		return Basket{}, err
	}
	return b.EditBasket(tx, who, BasketRef{ID: opened.BasketID}, func(e *BasketEdit) error {
		e.EditsOrderNo = orderNo
		e.fill(order, FollowUpOptions{TakeOverStock: true})
		return nil
	})
}

// fill puts an order into the basket. It returns what is left out, and the lines' ids in the basket by those in the order.
func (e *BasketEdit) fill(o Order, options FollowUpOptions) ([]UnavailableLine, map[string]string) {
	e.Email, e.CustomerName, e.BillingAddress, e.SourceCode = o.Email, o.CustomerName, o.BillingAddress, o.SourceCode
	e.Custom = o.Custom.clone()
	e.Shipments, e.ShippingItems = nil, nil
	for _, s := range o.Shipments {
		s.ShipmentNo, s.TrackingNumber, s.Totals, s.Custom = "", "", Totals{}, s.Custom.clone()
		e.addShipment(e.tx, s)
	}
	var missing []UnavailableLine
	items := map[string]string{}
	for _, item := range o.ProductItems {
		if item.ParentItemID != "" || item.Bonus != "" {
			continue
		}
		id, left := e.copyItem(item, o, options)
		if left.Reason != "" {
			missing = append(missing, left)
		}
		items[item.ItemID] = id
	}
	for _, c := range o.Coupons {
		// A coupon that is no longer there shows in the deltas.
		_ = e.AddCoupon(c.Code)
	}
	return missing, items
}

// copyItem puts a line of an order into the basket, as far as it can be bought today. It returns the line's id and what is
// left out of it.
func (e *BasketEdit) copyItem(item ProductItem, o Order, options FollowUpOptions) (string, UnavailableLine) {
	left := UnavailableLine{ItemID: item.ItemID, ProductID: item.ProductID, Quantity: item.Quantity}
	product, err := e.domain.Product(e.tx, item.ProductID)
	_, priced := e.domain.Price(e.tx, PriceQuery{SiteID: e.SiteID, Currency: e.Currency}, item.ProductID, item.Quantity)
	quantity := e.affordable(item, o, options)
	switch {
	case err != nil:
		left.Reason = LineRemoved
	case product.Offline:
		left.Reason = LineOffline
	case product.Type == ProductIsMaster:
		left.Reason = LineMaster
	case !priced:
		left.Reason = LineNoPrice
	case !quantity.IsPositive():
		left.Reason = LineNoStock
	}
	if left.Reason != "" {
		return "", left
	}
	copied := ProductItem{
		ProductID: item.ProductID, ShipmentID: item.ShipmentID, Quantity: quantity, Gift: item.Gift, GiftMessage: item.GiftMessage,
		InventoryListID: item.InventoryListID, Custom: item.Custom.clone(),
	}
	if err := e.appendItem(copied, product, chosenIn(o, item.ItemID)); err != nil {
		left.Reason = LineOption
		return "", left
	}
	id := e.parentOfLast()
	if options.KeepPrices {
		e.keepPrice(id, item)
	}
	if left.Quantity = item.Quantity.Sub(quantity); left.Quantity.IsPositive() {
		left.Reason = LineCutStock
	}
	return id, left
}

// parentOfLast is the id of the line that was put in last, its options aside.
func (e *BasketEdit) parentOfLast() string {
	for _, item := range slices.Backward(e.ProductItems) {
		if item.ParentItemID == "" {
			return item.ItemID
		}
	}
	return ""
}

func chosenIn(o Order, itemID string) []ChosenOption {
	var chosen []ChosenOption
	for _, item := range o.ProductItems {
		if item.ParentItemID == itemID && item.OptionID != "" {
			chosen = append(chosen, ChosenOption{item.OptionID, item.OptionValueID})
		}
	}
	return chosen
}

// affordable is how much of a line the stock allows.
func (e *BasketEdit) affordable(item ProductItem, o Order, options FollowUpOptions) decimal.Decimal {
	lines := stockLines([]ProductItem{item}, e.site.InventoryListID)
	if len(lines) == 0 {
		return item.Quantity
	}
	ats, unlimited := e.domain.Available(e.tx, lines[0].ListID, item.ProductID)
	if unlimited {
		return item.Quantity
	}
	if c, ok := e.domain.Claim(e.tx, o.OrderNo); ok && c.Held && options.TakeOverStock {
		for _, held := range c.Stock {
			if held.ListID == lines[0].ListID && held.ProductID == item.ProductID {
				ats = ats.Add(held.Quantity)
			}
		}
	}
	for _, have := range e.ProductItems {
		if have.ProductID == item.ProductID && have.ParentItemID == "" {
			ats = ats.Sub(have.Quantity)
		}
	}
	return decimal.Min(item.Quantity, decimal.Max(decimal.Zero, ats))
}

// keepPrice adjusts a line to the price that a unit had in the order, where that was lower.
func (e *BasketEdit) keepPrice(id string, before ProductItem) {
	today, ok := e.domain.Price(e.tx, PriceQuery{SiteID: e.SiteID, Currency: e.Currency}, before.ProductID, before.Quantity)
	if !ok || !today.GreaterThan(before.BasePrice) {
		return
	}
	e.Manual = append(e.Manual, ManualAdjustment{
		ID: hexID(e.tx, "b2c.PriceAdjustment"), PromotionID: KeptPriceReason + "-" + id, ItemText: "Price of the original order", ReasonCode: KeptPriceReason,
		CreatedBy: e.who.Name, Level: price.LevelProduct, Target: id, CreatedAt: e.tx.Now(),
		Discount: AppliedDiscount{Type: string(price.FixedPrice), Value: before.BasePrice},
	})
}

// deltas are the lines whose price is another than before.
func deltas(o Order, basket Basket, items map[string]string) []PriceDelta {
	var out []PriceDelta
	for _, before := range o.ProductItems {
		after := basket.item(items[before.ItemID])
		if after == nil || after.PriceAfterOrderDiscount.Equal(before.PriceAfterOrderDiscount) {
			continue
		}
		out = append(out, PriceDelta{before.ItemID, after.ItemID, before.ProductID, before.PriceAfterOrderDiscount, after.PriceAfterOrderDiscount})
	}
	return out
}

// ReopenBasket makes a basket of an order that has failed, with masked payments. It makes none, and says so, when the
// customer has a basket. The error has the code [OrderNotFound].
func (b *B2C) ReopenBasket(tx *sandbox.Tx, orderNo string) (Basket, bool, error) {
	order, err := b.Order(tx, Reader{}, orderNo)
	if err != nil {
		return Basket{}, false, err
	}
	if _, has := b.StorefrontBasket(tx, order.SiteID, order.CustomerID); has {
		return Basket{}, false, nil
	}
	who := Editor{Reader: Reader{SiteID: order.SiteID, CustomerID: order.CustomerID}}
	opened, err := b.OpenBasket(tx, who, NewBasket{Currency: order.Currency})
	if err != nil {
		return Basket{}, false, err
	}
	basket, err := b.EditBasket(tx, who, BasketRef{ID: opened.BasketID}, func(e *BasketEdit) error {
		e.fill(order, FollowUpOptions{})
		e.GiftCertificateItems = order.GiftCertificateItems
		for _, p := range order.PaymentInstruments {
			p.TransactionID, p.Card.Token, p.Authorization = "", "", Authorization{}
			e.PaymentInstruments = append(e.PaymentInstruments, p)
		}
		return nil
	})
	return basket, err == nil, err
}

// FollowUps tells the placed orders that came of a basket made to follow another order up, by the number of that one. What
// was submitted and not placed yet, or failed, or is cancelled, is not among them.
func (b *B2C) FollowUps(tx *sandbox.Tx) map[string][]string {
	found := map[string][]string{}
	b.orders.Scan(tx.Tx, func(o *Order) bool {
		old := o.Custom[ModifiesAttribute].Text
		if old != "" && (o.Status == New || o.Status == Open || o.Status == Completed) {
			found[old] = append(found[old], o.OrderNo)
		}
		return true
	})
	return found
}

// Modifying are the open baskets that are to become orders in the place of others, by the numbers of those.
func (b *B2C) Modifying(tx *sandbox.Tx) map[string][]string {
	found := map[string][]string{}
	b.baskets.Scan(tx.Tx, func(basket *Basket) bool {
		if old := basket.Custom[ModifiesAttribute].Text; old != "" && !basket.expired(tx.Now()) {
			found[old] = append(found[old], basket.BasketID)
		}
		return true
	})
	return found
}
