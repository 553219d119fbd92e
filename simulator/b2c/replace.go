package b2c

import (
	"fmt"

	"github.com/somsim/somsim/simulator/sandbox"
)

// CurrentOrderAttribute is the custom attribute under which a replaced order shows the newest order of its chain. The
// Shop document has no property for it: a shop's own hook adds it (SOURCES.md, order states).
const CurrentOrderAttribute = "currentOrderNo"

// Replacement says why an order is replaced; both may be empty.
type Replacement struct{ Code, Description string }

// Replace records that a newer order of the same customer has taken the place of one that has not been exported. Orders
// that the older one had replaced itself then name the newer one too. Errors have the codes [OrderNotFound],
// [NotModifiable] and [StatusTransitionNotPossible].
func (b *B2C) Replace(tx *sandbox.Tx, orderNo, by string) error {
	return b.ReplaceFor(tx, orderNo, by, Replacement{})
}

// ReplaceFor is [B2C.Replace] with a reason.
func (b *B2C) ReplaceFor(tx *sandbox.Tx, orderNo, by string, why Replacement) error {
	newer, ok := b.orders.Get(tx.Tx, by)
	if !ok {
		return OrderUnknown(by)
	}
	err := b.update(tx, orderNo, func(o *Order) error {
		if err := replaceable(o, &newer); err != nil {
			return err
		}
		if err := b.transit(tx, o, Replaced, ByScript); err != nil {
			return err
		}
		o.CurrentOrderNo, o.ReplacementOrderNo, o.ReplaceCode, o.ReplaceDescription = by, by, why.Code, why.Description
		newer.ReplacedOrderNo, newer.OriginalOrderNo = o.OrderNo, o.OrderNo
		if o.OriginalOrderNo != "" {
			newer.OriginalOrderNo = o.OriginalOrderNo
		}
		return b.renameCurrent(tx, o.CustomerID, orderNo, by)
	})
	if err != nil {
		return err
	}
	_, err = b.save(tx, newer)
	return err
}

// renameCurrent lets the orders that named one as the newest of their chain name another.
func (b *B2C) renameCurrent(tx *sandbox.Tx, customerID, from, to string) error {
	for _, earlier := range b.orders.PeekList(tx.Tx, "customer", customerID) {
		if earlier.CurrentOrderNo != from {
			continue
		}
		if err := b.update(tx, earlier.OrderNo, func(e *Order) error { e.CurrentOrderNo = to; return nil }); err != nil {
			return err
		}
	}
	return nil
}

// replaceable refuses an order that another cannot take the place of.
func replaceable(o, by *Order) error {
	reason := ""
	switch {
	case o.CustomerID != by.CustomerID:
		reason = "CUSTOMER"
	case o.SiteID != by.SiteID:
		reason = "SITE"
	case o.OrderNo == by.OrderNo:
		reason = "ITSELF"
	case by.ReplacedOrderNo != "":
		reason = "REPLACES_ANOTHER"
	case o.ExportStatus == Exported:
		reason = "EXPORTED"
	default:
		return nil
	}
	return &Error{
		Code: NotModifiable, Rule: "b2c.order.replaceable",
		Message:   fmt.Sprintf("Order '%s' cannot be replaced by order '%s': %s.", o.OrderNo, by.OrderNo, reason),
		Arguments: map[string]string{"orderNo": o.OrderNo, "reason": reason},
	}
}
