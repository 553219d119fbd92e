package b2c

import (
	"cmp"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// OMSEvent is what an order management outside tells of an order: something was fulfilled, or adjusted afterwards.
type OMSEvent struct {
	// Key is the order's number and the event's id, which tells a repetition.
	Key, OrderNo, ID string
	// OMSOrderID is what order management calls the order.
	OMSOrderID string
	// Adjustment says that it is no fulfillment. Type is an open word such as shipped or refund; Status is an adjustment's.
	Adjustment   bool
	Type, Status string
	OccurredAt   time.Time
	Lines        []OMSEventLine
	// TrackingNumber, TrackingURL and Carrier are a fulfillment's.
	TrackingNumber, TrackingURL, Carrier string
	Description                          string
	// Totals are an adjustment's, in the minor unit of the order's currency.
	Totals     []OMSEventTotal
	AcceptedAt time.Time
}

// OMSEventLine are units of a line; negative ones are taken off.
type OMSEventLine struct {
	ItemID   string
	Quantity int64
}

// OMSEventTotal is an amount by its kind.
type OMSEventTotal struct {
	Type, Text string
	Amount     int64
}

func (e OMSEvent) clone() OMSEvent {
	e.Lines, e.Totals = slices.Clone(e.Lines), slices.Clone(e.Totals)
	return e
}

// The types of fulfillment that say that units have left.
func leaving() []string { return []string{"shipped", "in_transit", "delivered"} }

// orderEvent is the kind of the due work that forwards an event; its subject is the event's key.
const orderEvent = "b2c.oms-event"

// AcceptOMSEvent queues an event. One that was accepted before is accepted again and has no second effect. The error has
// the code [OrderNotFound].
func (b *B2C) AcceptOMSEvent(tx *sandbox.Tx, r Reader, e OMSEvent) error {
	if _, err := b.Order(tx, r, e.OrderNo); err != nil {
		return err
	}
	e.Key, e.AcceptedAt = e.OrderNo+"/"+e.ID, tx.Now()
	if _, known := b.events.Get(tx.Tx, e.Key); known {
		return nil
	}
	b.events.Put(tx.Tx, e)
	tx.Schedule(sandbox.Due{Kind: orderEvent, Subject: e.Key, At: tx.Now()})
	return nil
}

// OMSEvents returns the events of an order in the order in which they happened.
func (b *B2C) OMSEvents(tx *sandbox.Tx, orderNo string) []OMSEvent {
	found := b.events.List(tx.Tx, "order", orderNo)
	slices.SortStableFunc(found, func(x, y OMSEvent) int {
		return cmp.Or(x.OccurredAt.Compare(y.OccurredAt), cmp.Compare(x.Key, y.Key))
	})
	return found
}

// runEvent puts what an event says onto its order: the other system's words for it, and what has been shipped.
func (b *B2C) runEvent(tx *sandbox.Tx, d sandbox.Due) error {
	e, ok := b.events.Get(tx.Tx, d.Subject)
	if !ok {
		return nil
	}
	return b.update(tx, e.OrderNo, func(o *Order) error {
		setIf(&o.ExternalOrderNo, e.OMSOrderID)
		setIf(&o.ExternalOrderStatus, e.Type)
		setIf(&o.ExternalOrderText, e.Description)
		if !e.Adjustment && slices.Contains(leaving(), e.Type) {
			o.left(e, b.OMSEvents(tx, e.OrderNo))
		}
		return nil
	})
}

// gone are the units of each line that have left, by all events. A parcel is told of when it leaves, on its way and when it
// arrives.
func gone(all []OMSEvent) map[string]decimal.Decimal {
	out := map[string]decimal.Decimal{}
	for _, e := range all {
		if e.Adjustment || !slices.Contains(leaving(), e.Type) {
			continue
		}
		for _, line := range e.Lines {
			units := decimal.NewFromInt(line.Quantity)
			if e.Type == leaving()[0] {
				out[line.ItemID] = out[line.ItemID].Add(units)
			} else {
				out[line.ItemID] = decimal.Max(out[line.ItemID], units)
			}
		}
	}
	return out
}

// left marks as shipped what has left, by an event and those before it.
func (o *Order) left(e OMSEvent, all []OMSEvent) {
	units := gone(all)
	everything, some := true, false
	for i := range o.Shipments {
		s := &o.Shipments[i]
		whole := true
		for _, item := range o.ProductItems {
			if item.ShipmentID != s.ShipmentID || item.ParentItemID != "" {
				continue
			}
			whole = whole && !units[item.ItemID].LessThan(item.Quantity)
			some = some || units[item.ItemID].IsPositive()
			if slices.ContainsFunc(e.Lines, func(l OMSEventLine) bool { return l.ItemID == item.ItemID }) {
				setIf(&s.TrackingNumber, e.TrackingNumber)
			}
		}
		if whole {
			s.ShippingStatus = Shipped
		}
		everything = everything && whole
	}
	switch {
	case everything:
		o.ShippingStatus = Shipped
	case some:
		o.ShippingStatus = PartShipped
	}
}
