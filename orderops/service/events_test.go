package service_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

const eventBody = `{"channel":"/event/OrderSummaryCreatedEvent","data":{"schema":"s","payload":{"CreatedDate":"2026-06-01T13:00:00.000Z","CreatedById":"005","OrderSummaryId":"1Os5i0000000001CAA"},"event":{"EventUuid":"2ec0e371-1395-457f-9275-be1b527a72f7","replayId":7}}}`

// eventRequest is an event as a relay sends it, signed at the time of the world.
func (g *rig) eventRequest(secret, body string, header ...string) request {
	g.t.Helper()
	now, err := time.Parse(time.RFC3339, clockTime)
	if err != nil {
		g.t.Fatal(err)
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(fmt.Sprintf("%d.%s", now.Unix(), body)))
	h := http.Header{"Order-Ops-Signature": {fmt.Sprintf("t=%d,v1=%s", now.Unix(), hex.EncodeToString(mac.Sum(nil)))}}
	for i := 0; i+1 < len(header); i += 2 {
		h[header[i]] = []string{header[i+1]}
	}
	return request{path: "/order-ops/v1/events/som", body: body, token: "-", header: h}
}

func (g *rig) metrics() string {
	g.t.Helper()
	resp, err := (&http.Client{}).Get(g.server.URL + "/metrics")
	if err != nil {
		g.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	return string(text)
}

func TestEventsOfOrderManagement(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	for i, want := range []string{`"duplicate":false`, `"duplicate":true`} {
		got := g.do(g.eventRequest("somsim", eventBody))
		if got.status != http.StatusAccepted || !strings.Contains(got.raw, want) || !strings.Contains(got.raw, "2ec0e371-1395-457f-9275-be1b527a72f7") {
			t.Errorf("attempt %d: %d %s", i, got.status, got.raw)
		}
	}
	blue := g.do(g.eventRequest("somsim", eventBody, "Baggage", "sandbox=blue"))
	if blue.status != http.StatusAccepted || !strings.Contains(blue.raw, `"duplicate":false`) {
		t.Errorf("another sandbox: %d %s", blue.status, blue.raw)
	}
	if got := g.do(g.eventRequest("another", eventBody)); got.status != http.StatusUnauthorized || got.body.Code != "INVALID_SIGNATURE" ||
		got.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("a bad signature: %d %s", got.status, got.raw)
	}
	if got := g.do(g.eventRequest("somsim", `{"channel":1}`)); got.status != http.StatusBadRequest || got.body.Code != "INVALID_REQUEST" {
		t.Errorf("a malformed body: %d %s", got.status, got.raw)
	}
	if got := g.do(g.eventRequest("somsim", strings.Repeat(" ", 2<<20))); got.status != http.StatusBadRequest || got.body.Code != "INVALID_REQUEST" {
		t.Errorf("a body without end: %d %s", got.status, got.raw)
	}
	metrics := g.metrics()
	for _, want := range []string{
		`orderops_inbound_events_total{event="OrderSummaryCreatedEvent",outcome="accepted"} 2`,
		`orderops_inbound_events_total{event="OrderSummaryCreatedEvent",outcome="duplicate"} 1`,
		`orderops_inbound_events_total{event="",outcome="invalid_signature"} 1`, `orderops_inbound_events_total{event="",outcome="malformed"} 1`,
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("the metrics lack %s:\n%s", want, metrics)
		}
	}
}

func TestAnEventIsRememberedAcrossStarts(t *testing.T) {
	t.Parallel()
	w, db := newWorld(t), newDatabase(t)
	first := startOn(t, db, w, simulation(w))
	if got := first.do(first.eventRequest("somsim", eventBody)); got.status != http.StatusAccepted {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	first.stop()
	second := startOn(t, db, w, simulation(w))
	if got := second.do(second.eventRequest("somsim", eventBody)); !strings.Contains(got.raw, `"duplicate":true`) {
		t.Errorf("after a restart: %d %s", got.status, got.raw)
	}
}

func TestEventsWithoutASecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cfg := production(w)
	cfg.EventsSecret = ""
	g := start(t, w, cfg)
	got := g.do(g.eventRequest("", eventBody))
	if got.status != http.StatusServiceUnavailable || got.body.Code != "EVENTS_NOT_CONFIGURED" || got.header.Get("Retry-After") != "300" || !got.body.Retriable {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

func TestEventsInProductionFollowTheMachinesClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, production(w))
	// The world's clock stands still; the machine's does not.
	if got := g.do(g.eventRequest("s5", eventBody)); got.status != http.StatusUnauthorized || !strings.Contains(got.raw, "from now") {
		t.Errorf("%d %s", got.status, got.raw)
	}
}
