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
	// Fields are the event's own, in the order of the reference.
	Fields []sobject.FieldValue
}

// The events that are published.
const (
	EventOrderStatusChanged    = "OrderStatusChangedEvent"
	EventOrderSummaryCreated   = "OrderSummaryCreatedEvent"
	EventOrderSumStatusChanged = "OrderSumStatusChangedEvent"
	EventFOStatusChanged       = "FOStatusChangedEvent"
	EventProcessException      = "ProcessExceptionEvent"
	EventFulfillOrdItemQtyChg  = "FulfillOrdItemQtyChgEvent"
)

// retention is how long events can be replayed (recalled).
const retention = 72 * time.Hour

func (e Event) clone() Event {
	e.Fields = slices.Clone(e.Fields)
	return e
}

func (e *Event) key() string { return fmt.Sprintf("%020d", e.ReplayID) }

// publish stores an event for those who listen.
func (d *SOM) publish(tx *sandbox.Tx, user, name string, fields ...sobject.FieldValue) {
	d.events.Put(tx.Tx, Event{
		Name: name, ReplayID: tx.Next("som.event"), UUID: tx.UUID("som.event-uuid"), At: tx.Now(),
		CreatedByID: userOrDefault(user), Fields: fields,
	})
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
		d.publish(tx, user, EventOrderStatusChanged, status(field("OrderId", r.ID))...)
	case r.Object == objOrderSummary:
		d.publish(tx, user, EventOrderSumStatusChanged, status(field("OrderId", r.Get("OriginalOrderId")), field("OrderSummaryId", r.ID))...)
	case r.Object == objFulfillmentOrder:
		d.publish(tx, user, EventFOStatusChanged, status(
			field("FulfillmentOrderId", r.ID), field("OrderSummaryId", r.Get("OrderSummaryId")),
			field("OldStatusCategory", was.Get("StatusCategory")), field("NewStatusCategory", r.Get("StatusCategory")))...)
	}
}

// Events lists the events after a replay id that are still retained, at most limit of them; 0 means all.
func (d *SOM) Events(tx *sandbox.Tx, after uint64, limit int) []Event {
	first := Event{ReplayID: after + 1}
	var out []Event
	for _, e := range d.events.Range(tx.Tx, "", first.key(), "~", limit) {
		if tx.Now().Sub(e.At) < retention {
			out = append(out, e)
		}
	}
	return out
}

func field(name string, value sobject.Value) sobject.FieldValue {
	return sobject.FieldValue{Name: name, Value: value}
}
