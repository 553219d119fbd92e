package control

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/tracking"
)

// Tracking is the analytics collector of a sandbox.
type Tracking interface {
	// Events returns the events about a transaction, all when it is empty, in the order they arrived.
	Events(tx *sandbox.Tx, transactionID string) []tracking.Event
}

type trackingInput struct {
	Name          string `path:"name"`
	TransactionID string `query:"transaction_id"`
	Event         string `query:"event"`
	Status        string `query:"status"`
}

type trackingOutput struct {
	Events []trackedWire `json:"events"`
}

// trackedWire is an event as the collector has received it.
type trackedWire struct {
	Event         string            `json:"event"`
	Status        tracking.Status   `json:"status"`
	Rules         []string          `json:"rules"`
	TransactionID string            `json:"transaction_id,omitempty"`
	EventID       string            `json:"event_id,omitempty"`
	ClientID      string            `json:"client_id,omitempty"`
	UserID        string            `json:"user_id,omitempty"`
	MeasurementID string            `json:"measurement_id,omitempty"`
	Currency      string            `json:"currency,omitempty"`
	Value         *decimal.Decimal  `json:"value,omitempty"`
	Items         []trackedItemWire `json:"items"`
	At            time.Time         `json:"at"`
	ReceivedAt    time.Time         `json:"received_at"`
}

type trackedItemWire struct {
	ID       string          `json:"item_id,omitempty"`
	Name     string          `json:"item_name,omitempty"`
	Quantity decimal.Decimal `json:"quantity"`
	Price    decimal.Decimal `json:"price"`
}

// listTrackedEvents offers what the collector has received for assertion.
func (a *API) listTrackedEvents(_ *binding.Call, in trackingInput) (trackingOutput, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return trackingOutput{}, err
	}
	tx := w.Read()
	defer tx.Abort()
	out := trackingOutput{Events: []trackedWire{}}
	for _, e := range a.Tracking.Events(tx, in.TransactionID) {
		if (in.Event == "" || e.Name == in.Event) && (in.Status == "" || string(e.Status) == in.Status) {
			out.Events = append(out.Events, toTrackedWire(e))
		}
	}
	return out, nil
}

func toTrackedWire(e tracking.Event) trackedWire {
	out := trackedWire{
		Event: e.Name, Status: e.Status, Rules: append([]string{}, e.Rules...), TransactionID: e.TransactionID, EventID: e.EventID, ClientID: e.ClientID,
		UserID: e.UserID, MeasurementID: e.MeasurementID, Currency: e.Currency, Value: e.Value, Items: []trackedItemWire{}, At: e.At, ReceivedAt: e.ReceivedAt,
	}
	for _, item := range e.Items {
		out.Items = append(out.Items, trackedItemWire(item))
	}
	return out
}
