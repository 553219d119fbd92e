package som

import (
	"fmt"
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// Event is a platform event that Order Management has published. Source: object reference, standard platform events.
type Event struct {
	// Name is the event's object, such as FOStatusChangedEvent; its channel is /event/ and the name.
	Name string
	// ReplayID grows by one from event to event of an org, whatever their names.
	ReplayID uint64
	UUID     string
	At       time.Time
	// CreatedByID is the user whose change was the cause.
	CreatedByID string
	// Fields are the event's own; those that are missing are null.
	Fields []sobject.FieldValue
}

// Field returns the value of one of the event's own fields; nil is null.
func (e Event) Field(name string) sobject.Value {
	for _, f := range e.Fields {
		if f.Name == name {
			return f.Value
		}
	}
	return nil
}

func (e Event) clone() Event {
	e.Fields = slices.Clone(e.Fields)
	return e
}

func (e *Event) key() string { return fmt.Sprintf("%020d", e.ReplayID) }

// publish stores an event for those who listen.
func (d *SOM) publish(tx *sandbox.Tx, user, name string, fields ...sobject.FieldValue) {
	d.forgetEvents(tx)
	e := Event{
		Name: name, ReplayID: tx.Next("som.event"), UUID: tx.UUID("som.event-uuid"), At: tx.Now(),
		CreatedByID: userOrDefault(user), Fields: fields,
	}
	d.events.Put(tx.Tx, e)
	if d.relay != nil {
		d.relay(tx, e)
	}
}

// RelayEvents has every event handed on when it is published, in the transaction that publishes it.
func (d *SOM) RelayEvents(relay func(tx *sandbox.Tx, e Event)) { d.relay = relay }

// forgetEvents drops a few events that can no longer be replayed, so that they do not gather.
func (d *SOM) forgetEvents(tx *sandbox.Tx) {
	const aFew = 4
	for _, e := range d.events.Range(tx.Tx, "", "", "", aFew) {
		if !d.retained(tx, &e) {
			d.events.Delete(tx.Tx, e.key())
		}
	}
}

// retained reports whether an event can still be replayed.
func (d *SOM) retained(tx *sandbox.Tx, e *Event) bool {
	return tx.Now().Sub(e.At) < d.decided.retention
}

// announce publishes what the change of a row means to others: a new status, or fewer units of a fulfillment order line.
// An update that keeps the value says nothing.
func (d *SOM) announce(tx *sandbox.Tx, user string, r *sobject.Record) {
	switch r.Object {
	case objOrder, objOrderSummary, objFulfillmentOrder, objFulfillmentLine:
	default:
		return
	}
	was, ok := d.find(tx, r.Object, r.ID)
	if !ok {
		return
	}
	changed := func(name string) bool { return !same(was.Get(name), r.Get(name)) }
	status := func(more ...sobject.FieldValue) []sobject.FieldValue {
		return append(more, field("OldStatus", was.Get("Status")), field("NewStatus", r.Get("Status")))
	}
	switch {
	case r.Object == objFulfillmentLine && changed("Quantity"):
		d.publish(tx, user, EventFulfillOrdItemQtyChg,
			field("FulfillmentOrderLineItemId", r.ID), field("OldQuantity", was.Get("Quantity")), field("NewQuantity", r.Get("Quantity")),
			field("OrderItemSummaryId", r.Get("OrderItemSummaryId")))
	case r.Object == objFulfillmentLine || !changed("Status"):
	case r.Object == objOrder:
		d.publish(tx, user, EventOrderStatusChanged, status(append(related(r),
			field("OldStatusCode", was.Get("StatusCode")), field("NewStatusCode", r.Get("StatusCode")))...)...)
	case r.Object == objOrderSummary:
		d.publish(tx, user, EventOrderSumStatusChanged, status(field("OrderId", r.Get("OriginalOrderId")), field("OrderSummaryId", r.ID))...)
	case r.Object == objFulfillmentOrder:
		d.publish(tx, user, EventFOStatusChanged, status(
			field("FulfillmentOrderId", r.ID), field("OrderSummaryId", r.Get("OrderSummaryId")),
			field("OldStatusCategory", was.Get("StatusCategory")), field("NewStatusCategory", r.Get("StatusCategory")))...)
	}
}

// related tells which order an event is about: an order by itself, or one that reduces another.
func related(r *sobject.Record) []sobject.FieldValue {
	if r.Get("RelatedOrderId") == nil {
		return []sobject.FieldValue{field("OrderId", r.ID)}
	}
	return []sobject.FieldValue{field("RelatedOrderId", r.ID), field("RelatedOrderType", r.Get("RelatedOrderType"))}
}

// EventQuery selects events.
type EventQuery struct {
	// After is the replay id that the events follow; 0 is before the first.
	After uint64
	// Names are kinds of events; none means all.
	Names []string
	// Limit is how many there may be; 0 means all.
	Limit int
}

// Events lists events that are still retained, in the order of their replay ids.
func (d *SOM) Events(tx *sandbox.Tx, q EventQuery) []Event {
	var out []Event
	first := Event{ReplayID: q.After + 1}
	d.events.Visit(tx.Tx, first.key(), "", func(e *Event) bool {
		if d.retained(tx, e) && (len(q.Names) == 0 || slices.Contains(q.Names, e.Name)) {
			out = append(out, e.clone())
		}
		return q.Limit == 0 || len(out) < q.Limit
	})
	return out
}

// LastReplayID is the replay id of the youngest event that is retained; 0 when there is none.
func (d *SOM) LastReplayID(tx *sandbox.Tx) uint64 {
	last := uint64(0)
	d.events.Scan(tx.Tx, func(e *Event) bool {
		last = e.ReplayID
		return true
	})
	return last
}

func field(name string, value sobject.Value) sobject.FieldValue {
	return sobject.FieldValue{Name: name, Value: value}
}
