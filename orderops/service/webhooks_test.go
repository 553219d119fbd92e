package service_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"
)

const webhookBody = `{"apiVersion":"v1","id":"77b1a1f0-9d5d-4a43-9f2e-0a3b6a4b1f11","created":"2026-06-01T12:00:00.000Z","merchantId":"somsim","type":"payment.captured",` +
	`"payment":{"id":"3000000001_1","status":"CAPTURED","statusOutput":{"statusCode":9,"statusCodeChangeDateTime":"20260601120000"}}}`

func webhookRequest(key, secret, body string) request {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	return request{path: "/order-ops/v1/events/worldline", body: body, token: "-", header: http.Header{
		"X-Gcs-Keyid": {key}, "X-Gcs-Signature": {base64.StdEncoding.EncodeToString(mac.Sum(nil))},
	}}
}

func TestWebhooksOfThePaymentProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	for i, want := range []string{`"duplicate":false`, `"duplicate":true`} {
		if got := g.do(webhookRequest("somsim", "somsim", webhookBody)); got.status != http.StatusAccepted || !strings.Contains(got.raw, want) {
			t.Errorf("attempt %d: %d %s", i, got.status, got.raw)
		}
	}
	if got := g.do(webhookRequest("somsim", "guess", webhookBody)); got.status != http.StatusUnauthorized || got.body.Code != "INVALID_SIGNATURE" {
		t.Errorf("a bad signature: %d %s", got.status, got.raw)
	}
	if got := g.do(webhookRequest("somsim", "somsim", `{}`)); got.status != http.StatusBadRequest || got.body.Code != "INVALID_REQUEST" {
		t.Errorf("a malformed body: %d %s", got.status, got.raw)
	}
	if metrics := g.metrics(); !strings.Contains(metrics, `orderops_inbound_events_total{event="payment.captured",outcome="accepted"} 1`) {
		t.Errorf("the metrics say\n%s", metrics)
	}
}

func TestAnEndpointForWebhooksIsVerified(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := start(t, w, simulation(w))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, g.server.URL+"/order-ops/v1/events/worldline", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-GCS-Webhooks-Endpoint-Verification", "say <b>this</b>")
	resp, err := (&http.Client{}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil || string(body) != "say <b>this</b>" || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/plain") {
		t.Errorf("%v, %s %q", err, resp.Header.Get("Content-Type"), body)
	}
}

func TestWebhooksWithoutASecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cfg := production(w)
	cfg.Webhooks.Secret = ""
	g := start(t, w, cfg)
	if got := g.do(webhookRequest("", "", webhookBody)); got.status != http.StatusServiceUnavailable || got.body.Code != "EVENTS_NOT_CONFIGURED" {
		t.Errorf("%d %s", got.status, got.raw)
	}
}
