package b2c

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Omnichannel is the inventory that a list stands for whose stock commerce does not keep itself. A list has the id of a
// location group or of a location.
type Omnichannel interface {
	// Available is what can be ordered of a product.
	Available(tx *sandbox.Tx, listID, productID string) decimal.Decimal
	// Reserve promises stock, all or nothing, and returns the reservation's id. A life of zero does not end.
	Reserve(tx *sandbox.Tx, r StockReservation) (id string, err error)
	// Cancel gives back what a reservation still holds.
	Cancel(tx *sandbox.Tx, id string) error
}

// StockReservation is stock to promise to an order, or to a basket for a while.
type StockReservation struct {
	// Reference is the order's number, or the basket's id.
	Reference string
	Lines     []StockLine
	Life      time.Duration
}

// UseInventory says where the stock of omnichannel lists is kept.
func (b *B2C) UseInventory(o Omnichannel) { b.omnichannel = o }

// shared returns the lines of lists that omnichannel inventory keeps.
func (b *B2C) shared(tx *sandbox.Tx, lines []StockLine) []StockLine {
	var out []StockLine
	for _, line := range lines {
		if list, ok := b.lists.Peek(tx.Tx, line.ListID); ok && list.Omnichannel {
			out = append(out, line)
		}
	}
	return out
}

// reserveShared promises the lines that omnichannel inventory keeps; without any it promises nothing. The error has the
// code [ProductItemNotAvailable].
func (b *B2C) reserveShared(tx *sandbox.Tx, r StockReservation) (string, error) {
	r.Lines = b.shared(tx, r.Lines)
	if len(r.Lines) == 0 || b.omnichannel == nil {
		return "", nil
	}
	id, err := b.omnichannel.Reserve(tx, r)
	if err != nil {
		return "", &Error{
			Code: ProductItemNotAvailable, Rule: "b2c.item.in-stock", Message: fmt.Sprintf("Inventory cannot promise the products: %s.", err),
			Arguments: map[string]string{"productId": r.Lines[0].ProductID},
		}
	}
	return id, nil
}

// cancelShared gives a promise back; an empty id is none.
func (b *B2C) cancelShared(tx *sandbox.Tx, id string) error {
	if id == "" || b.omnichannel == nil {
		return nil
	}
	if err := b.omnichannel.Cancel(tx, id); err != nil {
		return fmt.Errorf("cancel reservation %s: %w", id, err)
	}
	return nil
}
