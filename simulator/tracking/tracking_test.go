package tracking_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
	"github.com/somsim/somsim/simulator/tracking"
)

func monday() time.Time { return time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC) }

type world struct {
	*sandbox.World
	tracking *tracking.Tracking
	t        *testing.T
}

func newWorld(t *testing.T) *world {
	t.Helper()
	schema := store.NewSchema()
	tables, domain := sandbox.Declare(schema), tracking.Declare(schema)
	worlds := sandbox.New(tables, sandbox.Config{
		Schema: schema, Machine: clock.Fixed(monday()), Runners: domain.Runners(),
		Presets: map[string]sandbox.Preset{"empty": func(*sandbox.Tx) error { return nil }},
	})
	w, err := worlds.Create("default", sandbox.Options{From: "empty", Mode: clock.ModeManual, At: monday()})
	if err != nil {
		t.Fatal(err)
	}
	return &world{World: w, tracking: domain, t: t}
}

// collect sends a request and returns the events it left.
func (w *world) collect(h tracking.Hit) []tracking.Event {
	w.t.Helper()
	err := w.Update(func(tx *sandbox.Tx) error {
		w.tracking.Collect(tx, h)
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	tx := w.Read()
	defer tx.Abort()
	return w.tracking.Events(tx, "")
}

func text(name, value string) tracking.Param { return tracking.Param{Name: name, Value: value} }

func number(name, value string) tracking.Param {
	return tracking.Param{Name: name, Value: value, Number: true}
}

func refund(more ...tracking.Param) tracking.Candidate {
	return tracking.Candidate{
		Name:   tracking.Refund,
		Params: append(tracking.Params{text("transaction_id", "O-1"), text("currency", "EUR"), number("value", "12.50")}, more...),
		Items:  []tracking.Params{{text("item_id", "MUG"), number("quantity", "2"), number("price", "6.25")}},
	}
}

func purchase() tracking.Candidate {
	c := refund()
	c.Name = tracking.Purchase
	return c
}

func hit(events ...tracking.Candidate) tracking.Hit {
	return tracking.Hit{MeasurementID: "G-1", Secret: tracking.Secret, ClientID: "client", UserID: "user", Bytes: 100, Events: events}
}

func TestAGoodEventIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := hit(refund(text("event_id", "cancel-1")))
	h.Timestamp = fmt.Sprint(monday().Add(-time.Hour).UnixMicro())
	value := decimal.RequireFromString("12.50")
	want := []tracking.Event{{
		Number: 1, MeasurementID: "G-1", ClientID: "client", UserID: "user", Name: "refund", TransactionID: "O-1", EventID: "cancel-1",
		Currency: "EUR", Value: &value, Status: tracking.Accepted, At: monday().Add(-time.Hour), ReceivedAt: monday(),
		Items: []tracking.Item{{ID: "MUG", Quantity: decimal.NewFromInt(2), Price: decimal.RequireFromString("6.25")}},
	}}
	if diff := cmp.Diff(want, w.collect(h)); diff != "" {
		t.Error(diff)
	}
	tx := w.Read()
	defer tx.Abort()
	if n := len(w.tracking.Events(tx, "O-1")); n != 1 {
		t.Errorf("%d events of the order", n)
	}
}

func TestEventsCountOnce(t *testing.T) {
	t.Parallel()
	const yes, again = tracking.Accepted, tracking.Duplicate
	cases := []struct {
		name   string
		events []tracking.Candidate
		want   []tracking.Status
	}{
		{"a purchase once a transaction", []tracking.Candidate{purchase(), purchase()}, []tracking.Status{yes, again}},
		{"a refund once an event id", []tracking.Candidate{refund(text("event_id", "1")), refund(text("event_id", "1"))}, []tracking.Status{yes, again}},
		{"refunds with ids of their own", []tracking.Candidate{refund(text("event_id", "1")), refund(text("event_id", "2"))}, []tracking.Status{yes, yes}},
		{"refunds without an id, which nobody can tell apart", []tracking.Candidate{refund(), refund()}, []tracking.Status{yes, yes}},
		{"a purchase and its refund", []tracking.Candidate{purchase(), refund(text("event_id", "1"))}, []tracking.Status{yes, yes}},
		{"other events", []tracking.Candidate{{Name: "login"}, {Name: "login"}}, []tracking.Status{yes, yes}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var got []tracking.Status
			for _, c := range tc.events {
				w.collect(hit(c))
			}
			for _, e := range w.collect(hit())[:len(tc.events)] {
				got = append(got, e.Status)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWrongEventsAreKeptAsRejected(t *testing.T) {
	t.Parallel()
	request := func(change func(*tracking.Hit)) tracking.Hit {
		h := hit(refund())
		change(&h)
		return h
	}
	event := func(change func(*tracking.Candidate)) tracking.Hit {
		c := purchase()
		change(&c)
		return hit(c)
	}
	many := make([]tracking.Candidate, 26)
	for i := range many {
		many[i].Name = "login"
	}
	params := make(tracking.Params, 26)
	for i := range params {
		params[i] = text(fmt.Sprintf("p%d", i), "x")
	}
	at := func(text string) tracking.Hit { return request(func(h *tracking.Hit) { h.Timestamp = text }) }
	cases := []struct {
		name string
		hit  tracking.Hit
		code tracking.Code
		path string
		rule string
	}{
		{"a wrong secret", request(func(h *tracking.Hit) { h.Secret = "other" }), tracking.ValueInvalid, "api_secret", "tracking.secret.known"},
		{"no stream", request(func(h *tracking.Hit) { h.MeasurementID = "" }), tracking.ValueRequired, "measurement_id", "tracking.stream.named"},
		{"no payload", request(func(h *tracking.Hit) { h.Malformed, h.Events = "it is no JSON", nil }), tracking.ValueInvalid, "", "tracking.payload.json"},
		{"too large a payload", request(func(h *tracking.Hit) { h.Bytes = tracking.MaxBytes }), tracking.ValueOutOfBounds, "", "tracking.payload.size"},
		{"no client", request(func(h *tracking.Hit) { h.ClientID = "" }), tracking.ValueRequired, "client_id", "tracking.client.required"},
		{"no events", hit(), tracking.ValueRequired, "events", "tracking.payload.json"},
		{"too many events", hit(many...), tracking.ExceededMaxEntities, "events", "tracking.events.count"},
		{"an old event", at(fmt.Sprint(monday().Add(-73 * time.Hour).UnixMicro())), tracking.ValueOutOfBounds, "timestamp_micros", "tracking.timestamp.range"},
		{"an event to come", at(fmt.Sprint(monday().Add(time.Hour).UnixMicro())), tracking.ValueOutOfBounds, "timestamp_micros", "tracking.timestamp.range"},
		{"a time that is none", at("yesterday"), tracking.ValueOutOfBounds, "timestamp_micros", "tracking.timestamp.range"},
		{"a name that begins with an underscore", event(func(c *tracking.Candidate) { c.Name = "_bad" }), tracking.NameInvalid, "events", "tracking.event.name"},
		{"no name", event(func(c *tracking.Candidate) { c.Name = "" }), tracking.NameInvalid, "events", "tracking.event.name"},
		{"a name that is too long", event(func(c *tracking.Candidate) { c.Name = strings.Repeat("a", 41) }), tracking.NameInvalid, "events", "tracking.event.name"},
		{"a reserved name", event(func(c *tracking.Candidate) { c.Name = "session_start" }), tracking.NameReserved, "events", "tracking.event.reserved"},
		{"a reserved prefix", event(func(c *tracking.Candidate) { c.Name = "ga_order" }), tracking.NameReserved, "events", "tracking.event.reserved"},
		{"a parameter of bad name", event(func(c *tracking.Candidate) { c.Params = append(c.Params, text("bad name", "x")) }), tracking.NameInvalid, "events.params", "tracking.event.name"},
		{"too many parameters", event(func(c *tracking.Candidate) { c.Name, c.Params = "login", params }), tracking.ExceededMaxEntities, "events.params", "tracking.params.count"},
		{"too long a value", event(func(c *tracking.Candidate) { c.Params = append(c.Params, text("coupon", strings.Repeat("é", 101))) }), tracking.ValueOutOfBounds, "events.params.coupon", "tracking.params.count"},
		{"too many items", event(func(c *tracking.Candidate) { c.Items = slices.Repeat(c.Items, 201) }), tracking.ExceededMaxEntities, "events.params.items", "tracking.params.count"},
		{"no transaction", event(func(c *tracking.Candidate) { c.Params = c.Params[1:] }), tracking.ValueRequired, "events.params.transaction_id", "tracking.transaction.required"},
		{"a value without currency", event(func(c *tracking.Candidate) { c.Params = slices.Delete(c.Params, 1, 2) }), tracking.ValueRequired, "events.params.currency", "tracking.value.currency"},
		{"a currency that is none", event(func(c *tracking.Candidate) { c.Params[1].Value = "euro" }), tracking.ValueInvalid, "events.params.currency", "tracking.value.currency"},
		{"a value in quotes", event(func(c *tracking.Candidate) { c.Params[2].Number = false }), tracking.ValueInvalid, "events.params.value", "tracking.value.currency"},
		{"a value with a billion zeros", event(func(c *tracking.Candidate) { c.Params[2].Value = "1e999999999" }), tracking.ValueInvalid, "events.params.value", "tracking.value.currency"},
		{"a purchase of nothing", event(func(c *tracking.Candidate) { c.Items = nil }), tracking.ValueRequired, "events.params.items", "tracking.items.named"},
		{"an item without a name", event(func(c *tracking.Candidate) { c.Items = []tracking.Params{{number("quantity", "1")}} }), tracking.ValueRequired, "events.params.items[0]", "tracking.items.named"},
		{"an item of many", event(func(c *tracking.Candidate) {
			c.Items = []tracking.Params{{text("item_name", "Mug"), text("quantity", "many")}}
		}), tracking.ValueInvalid, "events.params.items[0].quantity", "tracking.items.named"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var problems []*tracking.Problem
			err := w.Update(func(tx *sandbox.Tx) error {
				problems = w.tracking.Collect(tx, tc.hit)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(problems) != 1 || problems[0].Code != tc.code || problems[0].FieldPath != tc.path || problems[0].RuleID() != tc.rule || problems[0].Description == "" {
				t.Errorf("problems %v", problems)
			}
			tx := w.Read()
			defer tx.Abort()
			kept := w.tracking.Events(tx, "")
			for _, e := range kept {
				if e.Status != tracking.Rejected || !slices.Equal(e.Rules, []string{tc.rule}) {
					t.Errorf("kept %+v", e)
				}
			}
			if len(kept) != max(1, len(tc.hit.Events)) {
				t.Errorf("kept %d events", len(kept))
			}
		})
	}
}

func TestOneWrongEventDoesNotSpoilTheOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	kept := w.collect(hit(tracking.Candidate{Name: "_bad"}, refund()))
	if len(kept) != 2 || kept[0].Status != tracking.Rejected || kept[1].Status != tracking.Accepted {
		t.Errorf("kept %+v", kept)
	}
}

func TestARejectedPurchaseDoesNotCountAsTheFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wrong := purchase()
	wrong.Items = nil
	w.collect(hit(wrong))
	if kept := w.collect(hit(purchase())); kept[1].Status != tracking.Accepted {
		t.Errorf("kept %+v", kept[1])
	}
}
