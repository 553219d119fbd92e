package b2c

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// maxLines is how many lines a basket may have, maxQuantity how many units a line.
const (
	maxLines    = 400
	maxQuantity = 999
)

// NewBasketItem is a product to put into a basket.
type NewBasketItem struct {
	ProductID string
	// Quantity is 1 when zero.
	Quantity decimal.Decimal
	// ShipmentID is the first shipment when empty, InventoryListID the site's list.
	ShipmentID, InventoryListID string
	// Options are values by option id; those that are not named have their default.
	Options []ChosenOption
	// BonusDiscountID is the choice that the product is taken from for nothing.
	BonusDiscountID string
	Gift            bool
	GiftMessage     string
	Custom          Attributes
}

// ChosenOption is the value of an option.
type ChosenOption struct{ OptionID, ValueID string }

// AddItems puts products into the basket. A product that is there already, in the same shipment and without options, gets
// more units; everything else is a new line. Errors have the codes [ProductNotFound], [InvalidProductID],
// [InvalidProductType], [InvalidProductItemQuantity], [ProductItemNotAvailable], [InvalidProductOptionItem],
// [InvalidProductOptionValueItem], [InvalidBonusProduct], [BonusDiscountLineItemNotFound], [ShipmentNotFound] and
// [BasketQuotaExceeded].
func (e *BasketEdit) AddItems(items []NewBasketItem) error {
	for _, n := range items {
		if err := e.addItem(n); err != nil {
			return err
		}
	}
	return nil
}

func (e *BasketEdit) addItem(n NewBasketItem) error {
	if n.Quantity.IsZero() {
		n.Quantity = decimal.NewFromInt(1)
	}
	if n.ShipmentID == "" {
		n.ShipmentID = e.Shipments[0].ShipmentID
	}
	if e.shipment(n.ShipmentID) == nil {
		return shipmentUnknown(n.ShipmentID)
	}
	product, err := e.sold(n.ProductID)
	if err != nil {
		return err
	}
	item := ProductItem{
		ProductID: n.ProductID, ShipmentID: n.ShipmentID, Quantity: n.Quantity, Gift: n.Gift, GiftMessage: n.GiftMessage,
		InventoryListID: n.InventoryListID, BonusDiscountID: n.BonusDiscountID, Custom: n.Custom.clone(),
	}
	if n.BonusDiscountID != "" {
		if item.Bonus, err = e.chooseBonus(n); err != nil {
			return err
		}
	}
	if same := e.sameLine(item, product); same != nil {
		return e.changeQuantity(same, product, same.Quantity.Add(n.Quantity))
	}
	if err := e.checkQuantity(product, item, n.Quantity); err != nil {
		return err
	}
	return e.appendItem(item, product, n.Options)
}

// sold returns a product that can be put into a basket.
func (e *BasketEdit) sold(id string) (Product, error) {
	if id == "" {
		return Product{}, productInvalid(InvalidProductID, "b2c.item.product", id)
	}
	p, err := e.domain.Product(e.tx, id)
	switch {
	case err != nil:
		return p, err
	case p.Type == ProductIsMaster:
		return p, productInvalid(InvalidProductType, "b2c.item.product-type", id)
	case p.Offline:
		return p, productInvalid(InvalidProductID, "b2c.item.product", id)
	}
	return p, nil
}

func productInvalid(code Code, rule, id string) *Error {
	return &Error{
		Code: code, Rule: rule, Message: fmt.Sprintf("The product '%s' cannot be put into a basket.", id), Arguments: map[string]string{"productId": id},
	}
}

// sameLine is the line to which more of a product is added: of the same shipment and list, without options or gift.
func (e *BasketEdit) sameLine(item ProductItem, p Product) *ProductItem {
	if len(p.Options) > 0 || item.Gift || len(item.Custom) > 0 {
		return nil
	}
	for i := range e.ProductItems {
		have := &e.ProductItems[i]
		if have.ProductID == item.ProductID && have.ShipmentID == item.ShipmentID && have.InventoryListID == item.InventoryListID &&
			have.Bonus == item.Bonus && have.BonusDiscountID == item.BonusDiscountID && have.ParentItemID == "" && !have.Gift {
			return have
		}
	}
	return nil
}

func (e *BasketEdit) appendItem(item ProductItem, p Product, chosen []ChosenOption) error {
	if len(e.ProductItems)+1+len(p.Options)+len(p.Bundled) > maxLines {
		return &Error{Code: BasketQuotaExceeded, Rule: "b2c.basket.lines", Message: fmt.Sprintf("A basket has at most %d lines.", maxLines)}
	}
	item.ItemID = hexID(e.tx, "b2c.BasketItem")
	options, err := e.options(item, p, chosen)
	if err != nil {
		return err
	}
	e.ProductItems = append(append(append(e.ProductItems, item), options...), e.parts(item, p)...)
	return nil
}

// parts are the lines of what is in a bundle.
func (e *BasketEdit) parts(bundle ProductItem, p Product) []ProductItem {
	var lines []ProductItem
	for _, part := range p.Bundled {
		lines = append(lines, ProductItem{
			ItemID: hexID(e.tx, "b2c.BasketItem"), ProductID: part.ProductID, ShipmentID: bundle.ShipmentID, ParentItemID: bundle.ItemID,
			Quantity: bundle.Quantity.Mul(part.Quantity), Each: part.Quantity, InventoryListID: bundle.InventoryListID,
		})
	}
	return lines
}

// options are the lines of a product's options: what was chosen, and the defaults of the others.
func (e *BasketEdit) options(parent ProductItem, p Product, chosen []ChosenOption) ([]ProductItem, error) {
	values := map[string]string{}
	for _, c := range chosen {
		if _, _, err := p.option(c.OptionID, c.ValueID); err != nil {
			return nil, err
		}
		values[c.OptionID] = c.ValueID
	}
	var lines []ProductItem
	for _, o := range p.Options {
		value := values[o.ID]
		if value == "" && len(o.Values) > 0 {
			value = o.Values[0].ID
		}
		lines = append(lines, ProductItem{
			ItemID: hexID(e.tx, "b2c.BasketItem"), ProductID: parent.ProductID, ShipmentID: parent.ShipmentID, Quantity: parent.Quantity,
			ParentItemID: parent.ItemID, OptionID: o.ID, OptionValueID: value,
		})
	}
	return lines, nil
}

// chooseBonus checks that a product can be taken for nothing and returns the promotion that gives it.
func (e *BasketEdit) chooseBonus(n NewBasketItem) (promotion string, err error) {
	for _, choice := range e.BonusDiscounts {
		if choice.ID != n.BonusDiscountID {
			continue
		}
		taken := n.Quantity
		for _, item := range e.ProductItems {
			if item.BonusDiscountID == choice.ID {
				taken = taken.Add(item.Quantity)
			}
		}
		if !slices.Contains(choice.Products, n.ProductID) || taken.GreaterThan(choice.Max) {
			return "", productInvalid(InvalidBonusProduct, "b2c.item.bonus", n.ProductID)
		}
		return choice.PromotionID, nil
	}
	return "", &Error{
		Code: BonusDiscountLineItemNotFound, Rule: "b2c.item.bonus-choice", Message: fmt.Sprintf("The basket has no bonus discount line item '%s'.", n.BonusDiscountID),
		Arguments: map[string]string{"itemId": n.BonusDiscountID},
	}
}

// ItemChange is what can be changed of a line; nil leaves it.
type ItemChange struct {
	// Quantity of zero removes the line.
	Quantity    *decimal.Decimal
	ShipmentID  *string
	Gift        *bool
	GiftMessage *string
	// Options replace values of the product's options.
	Options []ChosenOption
	Set     Attributes
	Unset   []string
}

// ChangeItem changes a line. Errors are those of [BasketEdit.AddItems], or have the code [ProductItemNotFound].
func (e *BasketEdit) ChangeItem(id string, c ItemChange) error {
	item := e.item(id)
	if item == nil || item.ParentItemID != "" {
		return itemUnknown(id)
	}
	if c.Quantity != nil && c.Quantity.IsZero() {
		return e.RemoveItem(id)
	}
	if c.ShipmentID != nil {
		if e.shipment(*c.ShipmentID) == nil {
			return shipmentUnknown(*c.ShipmentID)
		}
		e.eachPart(id, func(part *ProductItem) { part.ShipmentID = *c.ShipmentID })
	}
	if c.Gift != nil {
		item.Gift = *c.Gift
	}
	if c.GiftMessage != nil {
		item.GiftMessage = *c.GiftMessage
	}
	item.Custom = item.Custom.with(c.Set, c.Unset)
	product, err := e.domain.Product(e.tx, item.ProductID)
	if err != nil {
		return err
	}
	if err := e.chooseOptions(id, product, c.Options); err != nil || c.Quantity == nil {
		return err
	}
	return e.changeQuantity(item, product, *c.Quantity)
}

func (e *BasketEdit) chooseOptions(id string, p Product, chosen []ChosenOption) error {
	for _, c := range chosen {
		if _, _, err := p.option(c.OptionID, c.ValueID); err != nil {
			return err
		}
		e.eachPart(id, func(part *ProductItem) {
			if part.OptionID == c.OptionID {
				part.OptionValueID = c.ValueID
			}
		})
	}
	return nil
}

// eachPart visits a line with its options and, of a bundle, its parts.
func (e *BasketEdit) eachPart(id string, visit func(*ProductItem)) {
	for i := range e.ProductItems {
		if e.ProductItems[i].ItemID == id || e.ProductItems[i].ParentItemID == id {
			visit(&e.ProductItems[i])
		}
	}
}

func (e *BasketEdit) changeQuantity(item *ProductItem, p Product, quantity decimal.Decimal) error {
	if err := e.checkQuantity(p, *item, quantity); err != nil {
		return err
	}
	e.setQuantity(item.ItemID, quantity)
	return nil
}

// setQuantity changes a line without looking at rules; zero removes it.
func (e *BasketEdit) setQuantity(id string, quantity decimal.Decimal) {
	if quantity.IsZero() {
		e.ProductItems = slices.DeleteFunc(e.ProductItems, func(item ProductItem) bool { return item.ItemID == id || item.ParentItemID == id })
		return
	}
	e.eachPart(id, func(part *ProductItem) {
		part.Quantity = quantity
		if part.Part() {
			part.Quantity = quantity.Mul(part.Each)
		}
	})
}

// checkQuantity refuses quantities in which a product is not sold, and more than there is, other lines considered.
func (e *BasketEdit) checkQuantity(p Product, line ProductItem, quantity decimal.Decimal) error {
	wrong := !quantity.IsPositive() || quantity.GreaterThan(decimal.NewFromInt(maxQuantity)) || quantity.LessThan(p.MinQuantity)
	if wrong || p.Step.IsPositive() && !quantity.Mod(p.Step).IsZero() {
		return &Error{
			Code: InvalidProductItemQuantity, Rule: "b2c.item.quantity",
			Message: fmt.Sprintf("The product '%s' is sold from %s in steps of %s, at most %d; not in the quantity %s.",
				p.ID, p.MinQuantity, p.Step, maxQuantity, quantity),
			Arguments: map[string]string{"quantity": quantity.String()},
		}
	}
	items := []ProductItem{{ProductID: p.ID, Quantity: quantity, InventoryListID: line.InventoryListID}}
	for _, part := range p.Bundled {
		items = append(items, ProductItem{ProductID: part.ProductID, Quantity: quantity.Mul(part.Quantity), InventoryListID: line.InventoryListID})
	}
	own := slices.Clone(items)
	for _, other := range e.ProductItems {
		mine := other.ItemID == line.ItemID || line.ItemID != "" && other.ParentItemID == line.ItemID
		if !mine && slices.ContainsFunc(own, func(i ProductItem) bool { return i.ProductID == other.ProductID }) {
			items = append(items, other)
		}
	}
	for _, want := range stockLines(items, e.site.InventoryListID) {
		if err := e.domain.missing(e.tx, e.Basket, want); err != nil {
			return err
		}
	}
	return nil
}

// missing refuses more of a product than a basket can have: what is available, what the basket has reserved, and what the
// order holds that it edits.
func (b *B2C) missing(tx *sandbox.Tx, basket *Basket, want StockLine) error {
	own := slices.Clone(basket.Reserved)
	if basket.EditsOrderNo != "" {
		if c, ok := b.Claim(tx, basket.EditsOrderNo); ok && c.Held {
			own = append(own, c.Stock...)
		}
	}
	for _, line := range own {
		if line.ListID == want.ListID && line.ProductID == want.ProductID {
			want.Quantity = want.Quantity.Sub(line.Quantity)
		}
	}
	if !want.Quantity.IsPositive() {
		return nil
	}
	return b.checkStock(tx, []StockLine{want})
}

// RemoveItem takes a line out of the basket, with its options. The error has the code [ProductItemNotFound].
func (e *BasketEdit) RemoveItem(id string) error {
	item := e.item(id)
	if item == nil || item.ParentItemID != "" {
		return itemUnknown(id)
	}
	e.setQuantity(id, decimal.Zero)
	e.Manual = slices.DeleteFunc(e.Manual, func(m ManualAdjustment) bool { return m.Target == id })
	return nil
}

func itemUnknown(id string) *Error {
	return &Error{
		Code: ProductItemNotFound, Rule: "b2c.item.known", Message: fmt.Sprintf("The basket has no product item with ID '%s'.", id),
		Arguments: map[string]string{"itemId": id},
	}
}
