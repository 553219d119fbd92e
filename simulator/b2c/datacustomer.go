package b2c

import (
	"fmt"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Sites returns all sites, by id.
func (b *B2C) Sites(tx *sandbox.Tx) []Site { return b.sites.Range(tx.Tx, "", "", "", 0) }

// CustomerNoUnknown is the refusal of a customer number that nobody has.
func CustomerNoUnknown(no string) *Error {
	return &Error{
		Code: CustomerNotFound, Rule: "b2c.customer.number-known", Message: fmt.Sprintf("No customer with number '%s' could be found.", no),
		Arguments: map[string]string{"customerId": no},
	}
}

// CustomerByNo returns the registered customer of that number. The error has the code [CustomerNotFound].
func (b *B2C) CustomerByNo(tx *sandbox.Tx, no string) (Customer, error) {
	var found Customer
	b.customers.Scan(tx.Tx, func(c *Customer) bool {
		if c.CustomerNo == no && !c.Guest {
			found = c.clone()
		}
		return found.CustomerID == ""
	})
	if found.CustomerID == "" {
		return Customer{}, CustomerNoUnknown(no)
	}
	return found, nil
}

// RegisteredCustomers returns all customers with a number, by it.
func (b *B2C) RegisteredCustomers(tx *sandbox.Tx) []Customer {
	var found []Customer
	b.customers.Scan(tx.Tx, func(c *Customer) bool {
		if !c.Guest {
			found = append(found, c.clone())
		}
		return true
	})
	slices.SortFunc(found, func(x, y Customer) int { return strings.Compare(x.CustomerNo, y.CustomerNo) })
	return found
}

// DeleteCustomer forgets a customer; its orders stay. The error has the code [CustomerNotFound].
func (b *B2C) DeleteCustomer(tx *sandbox.Tx, no string) error {
	c, err := b.CustomerByNo(tx, no)
	if err != nil {
		return err
	}
	b.customers.Delete(tx.Tx, c.CustomerID)
	return nil
}

// DeleteInventoryList forgets a list with its records; it reports whether there was one.
func (b *B2C) DeleteInventoryList(tx *sandbox.Tx, id string) bool {
	for _, r := range b.InventoryRecords(tx, id) {
		b.DeleteInventoryRecord(tx, id, r.ProductID)
	}
	return b.lists.Delete(tx.Tx, id)
}

// DeleteInventoryRecord forgets what is in stock of a product; it reports whether there was a record.
func (b *B2C) DeleteInventoryRecord(tx *sandbox.Tx, listID, productID string) bool {
	return b.inventory.Delete(tx.Tx, inventoryKey(listID, productID))
}

// PutInventory changes a record without counting anew: what was sold and what is held stays.
func (b *B2C) PutInventory(tx *sandbox.Tx, r InventoryRecord) error {
	old, ok := b.inventory.Get(tx.Tx, inventoryKey(r.ListID, r.ProductID))
	if !ok || !old.Allocation.Equal(r.Allocation) {
		return b.SetInventory(tx, r)
	}
	r.AllocatedAt, r.Turnover, r.OnOrder, r.Reserved = old.AllocatedAt, old.Turnover, old.OnOrder, old.Reserved
	b.inventory.Put(tx.Tx, r)
	return nil
}
