package b2c

import (
	"fmt"
	"maps"
	"slices"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Change is what a PATCH does to an order.
type Change struct {
	// ResourceState is the state the caller has seen; empty means that it does not matter.
	ResourceState string
	// Status is the wanted status; empty leaves it.
	Status Status
	// Custom are the attributes to set; those in Unset are removed.
	Custom Attributes
	Unset  []string
}

func (c Change) empty() bool { return c.Status == "" && len(c.Custom) == 0 && len(c.Unset) == 0 }

// ChangeOrder applies a PATCH. A shopper may set custom attributes of an own order, but not its status; a system both.
// Errors have the codes [OrderNotFound], [ResourceStateConflict], [PropertyNotPermitted] and
// [StatusTransitionNotPossible].
func (b *B2C) ChangeOrder(tx *sandbox.Tx, r Reader, orderNo string, c Change) (Order, error) {
	o, err := b.Order(tx, r, orderNo)
	if err != nil {
		return Order{}, err
	}
	if err := checkState(o, c.ResourceState); err != nil {
		return Order{}, err
	}
	if err := checkPermitted(o, r, c); err != nil {
		return Order{}, err
	}
	if c.empty() {
		return o, nil
	}
	if err := b.checkDefined(tx, o.SiteID, c.Custom); err != nil {
		return Order{}, err
	}
	if c.Status != "" {
		if err := b.transit(tx, &o, c.Status, ByShop); err != nil {
			return Order{}, err
		}
	}
	o.Custom = o.Custom.altered(c.Custom, c.Unset)
	return b.save(tx, o)
}

// With returns the attributes with some set and some removed.
func (a Attributes) With(set Attributes, unset []string) Attributes { return a.altered(set, unset) }

// altered returns the attributes with some set and some removed.
func (a Attributes) altered(set Attributes, unset []string) Attributes {
	out := a.clone()
	if out == nil {
		out = Attributes{}
	}
	maps.Copy(out, set)
	for _, id := range unset {
		delete(out, id)
	}
	return out
}

// SummaryAttribute is the custom attribute under which an exported order shows its id in order management.
const SummaryAttribute = "somOrderSummaryId"

// checkPermitted refuses what a shopper may not write.
func checkPermitted(o Order, r Reader, c Change) error {
	property := ""
	if r.CustomerID != "" {
		for _, reserved := range []string{SummaryAttribute, CurrentOrderAttribute} {
			if _, set := c.Custom[reserved]; set || slices.Contains(c.Unset, reserved) {
				property = "c_" + reserved
			}
		}
		if c.Status != "" && c.Status != o.Status {
			property = "status"
		}
	}
	if property == "" {
		return nil
	}
	return &Error{
		Code: PropertyNotPermitted, Rule: "b2c.order.system-properties",
		Message:   fmt.Sprintf("The property '%s' of document 'order' may not be written by a customer.", property),
		Arguments: map[string]string{"property": property, "document": "order"},
	}
}

func checkState(o Order, state string) error { return seen(state, o.ResourceState) }

// seen refuses a caller who has seen another state of a resource than its present one. Not to say is no refusal.
func seen(client, server string) error {
	if client == "" || client == server {
		return nil
	}
	return &Error{
		Code: ResourceStateConflict, Rule: "b2c.order.resource-state",
		Message:   "The resource was changed since it was read: the given resource state is not the present one.",
		Arguments: map[string]string{"client": client, "server": server},
	}
}

// save stores a changed order with its new revision and date.
func (b *B2C) save(tx *sandbox.Tx, o Order) (Order, error) {
	o.Revision++
	o.LastModified = tx.Now()
	return b.put(tx, o)
}

// put stores an order as it is, with its fingerprint.
func (b *B2C) put(tx *sandbox.Tx, o Order) (Order, error) {
	o, err := o.fingerprinted()
	if err == nil {
		b.orders.Put(tx.Tx, o)
	}
	return o, err
}

// Progress is how far the fulfilment of an order has come, as mirrored from order management; empty fields stay.
type Progress struct {
	Shipping ShippingStatus
	Payment  PaymentStatus
	// ShipmentID and TrackingNumber mark one shipment as shipped.
	ShipmentID, TrackingNumber string
}

// RecordProgress mirrors shipping and payment to an order.
func (b *B2C) RecordProgress(tx *sandbox.Tx, orderNo string, p Progress) error {
	return b.update(tx, orderNo, func(o *Order) error {
		if p.Shipping != "" {
			o.ShippingStatus = p.Shipping
		}
		if p.Payment != "" {
			o.PaymentStatus = p.Payment
		}
		if p.ShipmentID == "" {
			return nil
		}
		for i := range o.Shipments {
			if o.Shipments[i].ShipmentID == p.ShipmentID {
				o.Shipments[i].ShippingStatus, o.Shipments[i].TrackingNumber = Shipped, p.TrackingNumber
				return nil
			}
		}
		return fmt.Errorf("order %s has no shipment %q", orderNo, p.ShipmentID)
	})
}

func (b *B2C) update(tx *sandbox.Tx, orderNo string, change func(*Order) error) error {
	o, ok := b.orders.Get(tx.Tx, orderNo)
	if !ok {
		return OrderUnknown(orderNo)
	}
	if err := change(&o); err != nil {
		return err
	}
	_, err := b.save(tx, o)
	return err
}
