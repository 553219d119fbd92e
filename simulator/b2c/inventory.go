package b2c

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// InventoryList is a list of what is in stock. With DefaultInStock products without a record are available. An Omnichannel
// list has no records here: its stock is that of the location group, or location, of its id.
type InventoryList struct {
	ID, Description string
	DefaultInStock  bool
	Omnichannel     bool
}

// InventoryRecord is the stock of a product in a list. Quantities are units.
type InventoryRecord struct {
	ListID, ProductID string
	// Allocation is what was counted at AllocatedAt.
	Allocation  decimal.Decimal
	AllocatedAt time.Time
	// Turnover is what was sold since, OnOrder what orders hold that were not exported yet, Reserved what baskets hold.
	Turnover, OnOrder, Reserved decimal.Decimal
	// Perpetual records never run out. Backorder is how much more may be sold than there is.
	Perpetual bool
	Backorder decimal.Decimal
	// InStockAt is when more is expected; zero when it is not known.
	InStockAt time.Time
}

// ATS is what is available to sell.
func (r InventoryRecord) ATS() decimal.Decimal {
	return decimal.Max(decimal.Zero, r.Allocation.Add(r.Backorder).Sub(r.Turnover).Sub(r.OnOrder).Sub(r.Reserved))
}

// StockLevel is what can be ordered without a backorder.
func (r InventoryRecord) StockLevel() decimal.Decimal {
	return decimal.Max(decimal.Zero, r.Allocation.Sub(r.Turnover).Sub(r.OnOrder).Sub(r.Reserved))
}

func inventoryKey(list, product string) string { return list + "/" + product }

// AddInventoryList stores an inventory list.
func (b *B2C) AddInventoryList(tx *sandbox.Tx, l InventoryList) error {
	if l.ID == "" {
		return fmt.Errorf("add inventory list %q: it needs an id", l.Description)
	}
	b.lists.Put(tx.Tx, l)
	return nil
}

// InventoryList returns the list of that id.
func (b *B2C) InventoryList(tx *sandbox.Tx, id string) (InventoryList, bool) {
	return b.lists.Get(tx.Tx, id)
}

// InventoryLists returns all inventory lists, by id.
func (b *B2C) InventoryLists(tx *sandbox.Tx) []InventoryList {
	return b.lists.Range(tx.Tx, "", "", "", 0)
}

// SetInventory counts the stock of a product: what was sold before is forgotten, what orders and baskets hold is not.
func (b *B2C) SetInventory(tx *sandbox.Tx, r InventoryRecord) error {
	if _, ok := b.lists.Peek(tx.Tx, r.ListID); !ok || r.Allocation.IsNegative() {
		return fmt.Errorf("set inventory of %s to %s in list %q: the list has to exist, the count not to be negative", r.ProductID, r.Allocation, r.ListID)
	}
	if old, ok := b.inventory.Peek(tx.Tx, inventoryKey(r.ListID, r.ProductID)); ok {
		r.OnOrder, r.Reserved = old.OnOrder, old.Reserved
	}
	r.Turnover, r.AllocatedAt = decimal.Zero, tx.Now()
	b.inventory.Put(tx.Tx, r)
	return nil
}

// InventoryRecord returns the stock of a product in a list.
func (b *B2C) InventoryRecord(tx *sandbox.Tx, listID, productID string) (InventoryRecord, bool) {
	return b.inventory.Get(tx.Tx, inventoryKey(listID, productID))
}

// InventoryRecords returns all records of a list, by product.
func (b *B2C) InventoryRecords(tx *sandbox.Tx, listID string) []InventoryRecord {
	return b.inventory.List(tx.Tx, "list", listID)
}

// StockLine is a quantity of a product in an inventory list.
type StockLine struct {
	ListID, ProductID string
	Quantity          decimal.Decimal
}

// Available tells how much of a product can be sold from a list; unlimited when nothing bounds it.
func (b *B2C) Available(tx *sandbox.Tx, listID, productID string) (ats decimal.Decimal, unlimited bool) {
	list, ok := b.lists.Peek(tx.Tx, listID)
	if listID == "" || !ok {
		return decimal.Zero, listID == ""
	}
	if list.Omnichannel && b.omnichannel != nil {
		return decimal.Max(decimal.Zero, b.omnichannel.Available(tx, listID, productID)), false
	}
	r, ok := b.inventory.Peek(tx.Tx, inventoryKey(listID, productID))
	if !ok {
		return decimal.Zero, list.DefaultInStock
	}
	return r.ATS(), r.Perpetual
}

// stockLines are the quantities that items take from lists, added up by product, in the order of the items. A product of a
// site without a list takes nothing.
func stockLines(items []ProductItem, siteList string) []StockLine {
	var lines []StockLine
	for _, item := range items {
		if item.OptionID != "" {
			continue
		}
		line := StockLine{item.InventoryListID, item.ProductID, item.Quantity}
		if line.ListID == "" {
			line.ListID = siteList
		}
		if line.ListID == "" {
			continue
		}
		lines = addStock(lines, line)
	}
	return lines
}

func addStock(lines []StockLine, line StockLine) []StockLine {
	for i := range lines {
		if lines[i].ListID == line.ListID && lines[i].ProductID == line.ProductID {
			lines[i].Quantity = lines[i].Quantity.Add(line.Quantity)
			return lines
		}
	}
	return append(lines, line)
}

// move changes records by what lines say; products without a record are left alone.
func (b *B2C) move(tx *sandbox.Tx, lines []StockLine, change func(r *InventoryRecord, quantity decimal.Decimal)) {
	for _, line := range lines {
		if r, ok := b.inventory.Get(tx.Tx, inventoryKey(line.ListID, line.ProductID)); ok {
			change(&r, line.Quantity)
			b.inventory.Put(tx.Tx, r)
		}
	}
}

// checkStock refuses lines that ask for more than there is. The error has the code [ProductItemNotAvailable].
func (b *B2C) checkStock(tx *sandbox.Tx, lines []StockLine) error {
	for _, line := range lines {
		if ats, unlimited := b.Available(tx, line.ListID, line.ProductID); !unlimited && line.Quantity.GreaterThan(ats) {
			return &Error{
				Code: ProductItemNotAvailable, Rule: "b2c.item.in-stock",
				Message:   fmt.Sprintf("The product '%s' is not available in the quantity %s; %s are.", line.ProductID, line.Quantity, ats),
				Arguments: map[string]string{"productId": line.ProductID},
			}
		}
	}
	return nil
}
