// Package trackingclient is the consumer side of web analytics, by the GA4 Measurement Protocol: telling that a purchase
// was made or refunded. The protocol answers every event alike, so a success says only that it arrived.
package trackingclient

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/remote"
)

// System is the name of this remote system in errors, effects and metrics.
const System = "tracking"

// Credentials are the web stream and its API secret.
type Credentials struct{ MeasurementID, APISecret string }

// Client sends events of one web stream.
type Client struct {
	caller      remote.Caller
	credentials Credentials
}

// New makes a client over a caller and credentials.
func New(caller remote.Caller, credentials Credentials) *Client {
	caller.System = System
	return &Client{caller: caller, credentials: credentials}
}

// Refund tells that a purchase was given up, wholly or in part.
type Refund struct {
	EventID       string // hexadecimal; tells a repetition from another refund
	TransactionID string // the order number
	Value         decimal.Decimal
	Currency      string
	Items         []Item
}

// Item is a number of units of a product.
type Item struct {
	ID       string
	Quantity decimal.Decimal
}

type item struct {
	ItemID   string      `json:"item_id"`
	Quantity json.Number `json:"quantity"`
}

type params struct {
	TransactionID string      `json:"transaction_id"`
	Value         json.Number `json:"value"`
	Currency      string      `json:"currency"`
	EventID       string      `json:"event_id"`
	Items         []item      `json:"items"`
}

type event struct {
	Name   string `json:"name"`
	Params params `json:"params"`
}

type payload struct {
	ClientID string  `json:"client_id"`
	Events   []event `json:"events"`
}

// Refund sends the event. Whoever counts the events tells repetitions by the event's id, so it may be sent again.
func (c *Client) Refund(ctx context.Context, r Refund) error {
	return c.send(ctx, "refund", r)
}

// Purchase tells that an order was placed. It is told of an order that took another one's place.
type Purchase Refund

// Purchase sends the event. Like Refund, it may be sent again.
func (c *Client) Purchase(ctx context.Context, p Purchase) error {
	return c.send(ctx, "purchase", Refund(p))
}

func (c *Client) send(ctx context.Context, name string, r Refund) error {
	p := params{
		TransactionID: r.TransactionID, Value: json.Number(r.Value.String()), Currency: r.Currency, EventID: r.EventID, Items: []item{},
	}
	for _, i := range r.Items {
		p.Items = append(p.Items, item{i.ID, json.Number(i.Quantity.String())})
	}
	body, err := json.Marshal(payload{ClientID: clientID(r.EventID), Events: []event{{name, p}}})
	if err != nil {
		return fmt.Errorf("encode %s event: %w", name, err)
	}
	_, err = c.caller.Do(ctx, remote.Call{
		Operation: "collectEvents", Method: http.MethodPost, Path: "/mp/collect", ContentType: "application/json", Body: body, Repeatable: true,
		Query: url.Values{"measurement_id": {c.credentials.MeasurementID}, "api_secret": {remote.ScopeOf(ctx).Credential(c.credentials.APISecret)}},
	})
	return err
}

// clientID makes up what the protocol wants to know of the browser: two numbers. The service knows no browser, and a
// refund is matched by its transaction.
func clientID(eventID string) string {
	raw, err := hex.DecodeString(eventID)
	if err != nil || len(raw) < 8 {
		raw = append([]byte(eventID), make([]byte, 8)...)
	}
	return fmt.Sprintf("%d.%d", binary.BigEndian.Uint32(raw), binary.BigEndian.Uint32(raw[4:]))
}
