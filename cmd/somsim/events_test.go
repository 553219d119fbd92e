package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator"
	"github.com/somsim/somsim/simulator/clock"
)

// ask sends a request with header lines "Name: value" and returns the body of its answer, which has to be a success.
func ask(t *testing.T, method, url, body string, headers ...string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= http.StatusMultipleChoices {
		t.Fatalf("%s %s: %d %s, %v", method, url, resp.StatusCode, text, err)
	}
	return string(text)
}

// The order-ops that `up` starts gets the events of every sandbox: by itself where time passes, with the clock where it
// is advanced.
func TestUpDeliversEventsToOrderOps(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	up, wait, err := startUp(ctx, simulator.Config{Preset: "omnichannel", Clock: clock.ModeReal})
	if err != nil {
		t.Fatal(err)
	}
	const json = "Content-Type: application/json"
	sandboxes := up.Control + "/control/v1/sandboxes"
	ask(t, http.MethodPost, sandboxes, `{"name":"still","clock":"manual"}`, json)
	for _, client := range []string{"somsim", "somsim~still"} {
		hold(t, up.API, client)
	}
	ask(t, http.MethodPost, sandboxes+"/default/journal/await", `{"match":{"system":"som","operation":"deliverEvent"}}`, json)
	const accepted = `orderops_inbound_events_total{event="OrderSumStatusChangedEvent",outcome="accepted"} `
	if metrics := ask(t, http.MethodGet, up.OrderOps+"/metrics", ""); !strings.Contains(metrics, accepted+"1\n") {
		t.Errorf("by itself:\n%s", metrics)
	}
	ask(t, http.MethodPost, sandboxes+"/still/clock/advance", `{"duration":"240h"}`, json)
	if metrics := ask(t, http.MethodGet, up.OrderOps+"/metrics", ""); !strings.Contains(metrics, accepted+"2\n") || strings.Contains(metrics, "invalid_signature") {
		t.Errorf("ten days later:\n%s", metrics)
	}
	cancel()
	if err := wait(); err != nil {
		t.Error(err)
	}
}

// hold puts an order on hold in the simulated org.
func hold(t *testing.T, api, client string) {
	t.Helper()
	var session struct {
		AccessToken string `json:"access_token"`
	}
	text := ask(t, http.MethodPost, api+"/services/oauth2/token", "grant_type=client_credentials&client_secret=somsim&client_id="+client, "Content-Type: application/x-www-form-urlencoded")
	if err := json.Unmarshal([]byte(text), &session); err != nil {
		t.Fatal(err)
	}
	ask(t, http.MethodPatch, api+"/services/data/v60.0/sobjects/OrderSummary/1Os5i0000000001CAA", `{"Status":"On Hold"}`,
		"Content-Type: application/json", "Authorization: Bearer "+session.AccessToken)
}
