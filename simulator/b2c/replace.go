package b2c

import (
	"fmt"

	"github.com/somsim/somsim/simulator/sandbox"
)

// CurrentOrderAttribute is the custom attribute under which a replaced order shows the newest order of its chain. The
// Shop document has no property for it: a shop's own hook adds it (SOURCES.md, order states).
const CurrentOrderAttribute = "currentOrderNo"

// Replace records that a newer order of the same customer has taken the place of one that has not been exported. Orders
// that the older one had replaced itself then name the newer one too.
func (b *B2C) Replace(tx *sandbox.Tx, orderNo, by string) error {
	newer, ok := b.orders.Get(tx.Tx, by)
	if !ok {
		return OrderUnknown(by)
	}
	return b.update(tx, orderNo, func(o *Order) error {
		switch {
		case o.CustomerID != newer.CustomerID, o.SiteID != newer.SiteID, o.OrderNo == by:
			return fmt.Errorf("order %s cannot take the place of order %s", by, orderNo)
		case o.ExportStatus == Exported, o.Status != New && o.Status != Open:
			return fmt.Errorf("order %s is %s and %s, and so cannot be replaced", orderNo, o.Status, o.ExportStatus)
		}
		for _, earlier := range b.orders.PeekList(tx.Tx, "customer", o.CustomerID) {
			if earlier.CurrentOrderNo != orderNo {
				continue
			}
			if err := b.update(tx, earlier.OrderNo, func(e *Order) error { e.CurrentOrderNo = by; return nil }); err != nil {
				return err
			}
		}
		o.Status, o.CurrentOrderNo = Replaced, by
		return nil
	})
}
