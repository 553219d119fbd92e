package b2c

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// SearchIndex is how searches for orders see them: what was written within the lag has not reached the index.
type SearchIndex struct{ Lag time.Duration }

// SearchIndex returns how far the index is behind in a sandbox; by default it never is.
func (b *B2C) SearchIndex(tx *sandbox.Tx) SearchIndex {
	index, _ := b.index.Get(tx.Tx, theRow)
	return index
}

// SetSearchIndex changes it.
func (b *B2C) SetSearchIndex(tx *sandbox.Tx, i SearchIndex) error {
	if i.Lag < 0 {
		return fmt.Errorf("an index cannot be %s ahead", -i.Lag)
	}
	b.index.Put(tx.Tx, i)
	return nil
}

// SearchOrders returns the orders that a reader sees and a search wants, by number. The search may not alter what it is
// shown.
func (b *B2C) SearchOrders(tx *sandbox.Tx, r Reader, wanted func(*Order) bool) []Order {
	seen := tx.Now().Add(-b.SearchIndex(tx).Lag)
	var found []Order
	b.orders.Scan(tx.Tx, func(o *Order) bool {
		if r.sees(o) && !o.CreationDate.After(seen) && wanted(o) {
			found = append(found, o.clone())
		}
		return true
	})
	slices.SortFunc(found, func(x, y Order) int { return cmp.Compare(x.OrderNo, y.OrderNo) })
	return found
}
