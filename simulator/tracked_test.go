package simulator_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/simtest"
)

func TestTrackedEventsAreListedForAssertion(t *testing.T) {
	t.Parallel()
	sim := simtest.Start(t)
	send := func(event string) {
		body := `{"client_id":"c.1","events":[` + event + `]}`
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/mp/collect?measurement_id=G-SOMSIM&api_secret=somsim", strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		sim.Handler.ServeHTTP(httptest.NewRecorder(), req)
	}
	refund := `{"name":"refund","params":{"transaction_id":"T-1","event_id":"e1","currency":"USD","value":5.5,"items":[{"item_id":"sku","quantity":1,"price":5.5}]}}`
	send(refund)
	send(refund)
	send(`{"name":"refund","params":{"transaction_id":"T-1","value":5}}`)
	for query, want := range map[string][]string{
		"?transaction_id=T-1&status=accepted":  {`"event":"refund","status":"accepted","rules":[],"transaction_id":"T-1","event_id":"e1"`, `"value":"5.5"`, `"item_id":"sku"`},
		"?transaction_id=T-1&status=duplicate": {`"tracking.event.once"`},
		"?transaction_id=T-1&status=rejected":  {`"tracking.value.currency"`},
		"?transaction_id=T-2":                  {`{"events":[]}`},
		"?event=purchase&transaction_id=T-1":   {`{"events":[]}`},
	} {
		status, body := control(t, sim, http.MethodGet, "/tracked-events"+query, "")
		for _, text := range want {
			if status != http.StatusOK || !strings.Contains(body, text) || strings.Count(body, `"event":`) > 1 {
				t.Errorf("%s: %d %s", query, status, body)
			}
		}
	}
	if status, body := control(t, sim, http.MethodGet, "/tracked-events?status=lost", ""); status != http.StatusBadRequest {
		t.Errorf("%d %s", status, body)
	}
}
