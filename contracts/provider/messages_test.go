//go:build pact

package provider_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pact-foundation/pact-go/v2/matchers"
	"github.com/pact-foundation/pact-go/v2/models"

	"github.com/somsim/somsim/contracts/messages"
	"github.com/somsim/somsim/simulator/simtest"
)

var update = flag.Bool("update", false, "write the pacts of consumers that are simulated anew instead of comparing with them")

// TestAnalyticsHearsOfRefunds is the consumer's side of the pact about events for analytics: the collector, which is
// simulated, finds nothing wrong with such an event, and counts it.
func TestAnalyticsHearsOfRefunds(t *testing.T) {
	sim := simtest.Start(t)
	pact := messages.New(t, "tracking", "order-ops")
	type object = map[string]any
	content := object{"client_id": matchers.Regex("1.2", `^\d+\.\d+$`), "events": []object{{"name": "refund", "params": object{
		"transaction_id": "00000101", "value": matchers.Like(149.59), "currency": matchers.Regex("USD", "^[A-Z]{3}$"),
		"event_id": matchers.Regex("6f1b6d0c9a2e4f7785c1d2e3a4b5c6d7", "^[0-9a-f]{32,64}$"),
		"items":    matchers.EachLike(object{"item_id": matchers.Like("SHIRT-M"), "quantity": matchers.Like(1)}, 1),
	}}}}
	cancelled := models.ProviderState{Name: "the shopper has cancelled an order", Parameters: map[string]any{"orderNumber": "00000101"}}
	pact.Hears(t, "that an order was cancelled", cancelled, content, func(body []byte) error {
		found, err := call(t, http.MethodPost, sim.URL+"/debug/mp/collect", body)
		if err != nil || !strings.Contains(found, `"validationMessages":[]`) {
			return fmt.Errorf("%w: the validation server says %s", err, found)
		}
		if _, err := call(t, http.MethodPost, sim.URL+"/mp/collect?measurement_id=G-SOMSIM&api_secret=somsim", body); err != nil {
			return err
		}
		counted, err := call(t, http.MethodGet, sim.ControlURL+"/control/v1/sandboxes/default/tracked-events?status=accepted", nil)
		if err != nil || !strings.Contains(counted, "6f1b6d0c9a2e4f7785c1d2e3a4b5c6d7") {
			return fmt.Errorf("%w: what was counted is %s", err, counted)
		}
		return nil
	})
	pact.Settle(t, *update)
}

// call sends JSON and returns the answer, which is no refusal.
func call(t *testing.T, method, address string, body json.RawMessage) (string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := (&http.Client{Timeout: 20 * time.Second}).Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s %s: %s %s", method, address, resp.Status, answer)
	}
	return string(answer), err
}
