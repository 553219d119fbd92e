// Package tracking is a collector of analytics events in the manner of Google Analytics 4: it takes every request and
// keeps its events, those it would not count as rejected, with the reason. It knows nothing of HTTP and JSON; package ga4
// is its face.
package tracking

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// Secret is the API secret of every stream.
const Secret = "somsim"

// The names of the events that have rules of their own.
const (
	Purchase = "purchase"
	Refund   = "refund"
)

// Status is what became of an event.
type Status string

// Accepted events count; rejected and duplicate ones were received and count for nothing.
const (
	Accepted  Status = "accepted"
	Rejected  Status = "rejected"
	Duplicate Status = "duplicate"
)

// Event is an event as it was received.
type Event struct {
	Number                          uint64
	MeasurementID, ClientID, UserID string
	Name                            string
	// TransactionID is the order number.
	TransactionID string
	// EventID is the sender's own name for the event.
	EventID  string
	Currency string
	// Value is nil when the event has none.
	Value  *decimal.Decimal
	Items  []Item
	Status Status
	// Rules are the ids of those that keep it from counting.
	Rules []string
	// At is when it was, as the sender says; ReceivedAt when it arrived.
	At, ReceivedAt time.Time
}

// Item is a product in an event.
type Item struct {
	ID, Name        string
	Quantity, Price decimal.Decimal
}

func (e Event) clone() Event {
	e.Items, e.Rules = slices.Clone(e.Items), slices.Clone(e.Rules)
	if e.Value != nil {
		value := *e.Value
		e.Value = &value
	}
	return e
}

// Tracking owns the table of the collector. One instance serves every sandbox: all state is rows.
type Tracking struct {
	events store.Table[Event]
}

// Declare adds the table of the collector to the schema.
func Declare(s *store.Schema) *Tracking {
	return &Tracking{events: store.Add(s, store.Def[Event]{
		Name: "tracking.Event", Clone: Event.clone, Key: func(r *Event) string { return fmt.Sprintf("%012d", r.Number) },
		Indexes: []store.Index[Event]{{Name: "transaction", Values: (*Event).transactions}},
	})}
}

func (e *Event) transactions() []string {
	if e.TransactionID == "" {
		return nil
	}
	return []string{e.TransactionID}
}

// Runners returns no due work: events are counted when they arrive.
func (t *Tracking) Runners() map[string]sandbox.Runner { return nil }

// Aliases returns nothing: events name an order by its number.
func (t *Tracking) Aliases(*sandbox.Tx, string) []string { return nil }

// Events returns the events about a transaction, all when it is empty, in the order they arrived.
func (t *Tracking) Events(tx *sandbox.Tx, transactionID string) []Event {
	if transactionID == "" {
		return t.events.Range(tx.Tx, "", "", "", 0)
	}
	return t.events.List(tx.Tx, "transaction", transactionID)
}

// Collect keeps the events of a request and returns what kept events from counting, in order.
func (t *Tracking) Collect(tx *sandbox.Tx, h Hit) []*Problem {
	problems := append(h.credentials(), h.Check(tx.Now())...)
	candidates := h.Events
	if len(candidates) == 0 {
		candidates = []Candidate{{}} // so that an empty request is seen too
	}
	for i, c := range candidates {
		e := c.event(h, tx.Now())
		for _, p := range problems {
			if p.Event == i || p.Event == every {
				e.Status = Rejected
				e.Rules = append(e.Rules, p.Rule)
			}
		}
		if again := t.once(tx, i, e); again != nil {
			e.Status, e.Rules = Duplicate, []string{again.Rule}
			problems = append(problems, again)
		}
		e.Number = tx.Next("tracking.Event")
		t.events.Put(tx.Tx, e)
	}
	return problems
}

// once is what keeps a good event, the one of that index, from counting again; nil when nothing does.
func (t *Tracking) once(tx *sandbox.Tx, index int, e Event) *Problem {
	if e.Status == Accepted && t.seen(tx, e) {
		return problem(ValueInvalid, index, "tracking.event.once", "events", "Event at index: [%d] was counted before.", index)
	}
	return nil
}

// seen reports whether the event was counted before: a purchase once a transaction, a refund once an event id.
func (t *Tracking) seen(tx *sandbox.Tx, e Event) bool {
	if e.Name != Purchase && (e.Name != Refund || e.EventID == "") {
		return false
	}
	return slices.ContainsFunc(t.events.PeekList(tx.Tx, "transaction", e.TransactionID), func(old *Event) bool {
		return old.Status == Accepted && old.Name == e.Name && (e.Name == Purchase || old.EventID == e.EventID)
	})
}
