package scapi_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/somsim/somsim/simulator/b2c"
)

// event sends an event about O-1, whose only line is two mugs.
func (s *shop) event(body string, header []string) *httptest.ResponseRecorder {
	s.T.Helper()
	return s.send(http.MethodPost, adminOrders+"/O-1/oms-status-events"+site, body, header...)
}

func (s *shop) line() string {
	s.T.Helper()
	o, err := s.domain.Order(s.World.Read(), b2c.Reader{}, "O-1")
	if err != nil {
		s.T.Fatal(err)
	}
	return o.ProductItems[0].ItemID
}

func TestAnOrderManagementOutsideTellsWhatItHasShipped(t *testing.T) {
	t.Parallel()
	s := open(t)
	system, line := s.system(b2c.DefaultClientID), s.line()
	fulfilled := func(id, kind string, units int) string {
		return fmt.Sprintf(`{"omsOrderId":"MAN-1","fulfillmentEvent":{"id":%q,"occurredAt":"2026-06-01T0%d:00:00Z","type":%q,"carrier":"UPS","description":"By air",
			"trackingNumber":"1Z","trackingUrl":"https://ups.test/1Z","lineItems":[{"id":%q,"quantity":%d}]}}`, id, len(id), kind, line, units)
	}
	for _, step := range []struct{ name, body, shipping, external string }{
		{"processing", fmt.Sprintf(`{"fulfillmentEvent":{"id":"p","occurredAt":"2026-06-01T00:00:00Z","type":"processing","lineItems":[{"id":%q,"quantity":2}]}}`, line), "not_shipped", "processing"},
		{"one of two", fulfilled("a", "shipped", 1), "part_shipped", "shipped"},
		{"the same again", fulfilled("a", "shipped", 1), "part_shipped", "shipped"},
		{"on its way", fulfilled("aa", "in_transit", 1), "part_shipped", "in_transit"},
		{"the other one", fulfilled("aaa", "shipped", 1), "shipped", "shipped"},
		{"arrived", fulfilled("aaaa", "delivered", 2), "shipped", "delivered"},
		{
			"a refund", fmt.Sprintf(`{"adjustment":{"id":"r","occurredAt":"2026-06-01T09:00:00Z","type":"refund","status":"completed","lineItems":[{"id":%q,"quantity":-1}],
			"totals":[{"type":"total","amount":-1000,"displayText":"Refund"}]}}`, line), "shipped", "refund",
		},
	} {
		if w := s.event(step.body, system); w.Code != http.StatusAccepted || w.Body.Len() > 0 {
			t.Fatalf("%s: %d %s", step.name, w.Code, w.Body)
		}
		s.pass(0)
		got := s.document(s.send(http.MethodGet, adminOrders+"/O-1"+site, "", system...))
		if got["shippingStatus"] != step.shipping || got["externalOrderStatus"] != step.external {
			t.Errorf("%s: %v and %v", step.name, got["shippingStatus"], got["externalOrderStatus"])
		}
	}
	got := s.document(s.send(http.MethodGet, adminOrders+"/O-1"+site, "", system...))
	shipment := got["shipments"].([]any)[0].(map[string]any)
	if got["externalOrderNo"] != "MAN-1" || got["externalOrderText"] != "By air" || shipment["trackingNumber"] != "1Z" || shipment["shippingStatus"] != "shipped" {
		t.Errorf("%v %v", got, shipment)
	}
	events := s.domain.OMSEvents(s.World.Read(), "O-1")
	if n := len(events); n != 6 || !events[n-1].Adjustment || events[n-1].Totals[0].Amount != -1000 || events[n-1].Lines[0].Quantity != -1 {
		t.Errorf("%+v", events)
	}
}

func TestEventsThatAreNone(t *testing.T) {
	t.Parallel()
	s := open(t)
	system := s.system(b2c.DefaultClientID)
	const shipped = `"fulfillmentEvent":{"id":"a","occurredAt":"2026-06-01T00:00:00Z","type":"shipped","lineItems":[{"id":"x","quantity":1}]`
	const refund = `"adjustment":{"id":"r","occurredAt":"2026-06-01T00:00:00Z","type":"refund","status":"completed"}`
	for name, tc := range map[string]struct{ body, kind, rule string }{
		"neither":            {`{"omsOrderId":"x"}`, "bad-request", "b2c.scapi.oms-event"},
		"both":               {`{` + shipped + `,"trackingNumber":"1","trackingUrl":"u"},` + refund + `}`, "bad-request", "b2c.scapi.oms-event"},
		"without tracking":   {`{` + shipped + `}}`, "bad-request", "b2c.scapi.oms-event"},
		"without an address": {`{` + shipped + `,"trackingNumber":"1"}}`, "bad-request", "b2c.scapi.oms-event"},
		"without lines":      {`{"fulfillmentEvent":{"id":"a","occurredAt":"2026-06-01T00:00:00Z","type":"processing","lineItems":[]}}`, "constraint-violation", ""},
		"no such status":     {`{"adjustment":{"id":"r","occurredAt":"2026-06-01T00:00:00Z","type":"refund","status":"done"}}`, "constraint-violation", ""},
	} {
		t.Run(name, func(t *testing.T) { //nolint:paralleltest // one sandbox, whose last journal entry is looked at
			s.T = t
			s.refused(s.event(tc.body, system), 400, tc.kind, tc.rule)
		})
	}
	s.T = t
	w := s.send(http.MethodPost, adminOrders+"/none/oms-status-events"+site, `{`+refund+`}`, system...)
	s.refused(w, 404, "order-not-found", "b2c.order.own")
}
