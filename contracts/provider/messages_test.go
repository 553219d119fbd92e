//go:build pact

package provider_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pact-foundation/pact-go/v2/matchers"
	"github.com/pact-foundation/pact-go/v2/message"
	"github.com/pact-foundation/pact-go/v2/models"
	"github.com/pact-foundation/pact-go/v2/provider"

	"github.com/somsim/somsim/contracts/messages"
	"github.com/somsim/somsim/simulator/simtest"
)

var update = flag.Bool("update", false, "write the pacts of consumers that are simulated anew instead of comparing with them")

// teller has a provider of messages tell something, in a sandbox of its own.
type teller struct {
	t                      *testing.T
	api, control, orderOps string
	made                   int
	sandbox                string
}

// tells replays the messages of a pact against what the provider really sends.
func (p *teller) tells(file, name string, handlers message.Handlers) {
	p.t.Helper()
	p.t.Setenv("PACT_DO_NOT_TRACK", "true")
	path := filepath.Join("../pacts/messages", file)
	states := models.StateHandlers{}
	for _, i := range readPact(p.t, path).Interactions {
		if handlers[i.Description] == nil {
			p.t.Fatalf("nobody tells %q", i.Description)
		}
		for _, s := range i.ProviderStates { // each message is sent out of a sandbox that is brought there by its handler
			states[s.Name] = func(bool, models.ProviderState) (models.ProviderStateResponse, error) { return nil, nil }
		}
	}
	err := provider.NewVerifier().VerifyProvider(p.t, provider.VerifyRequest{
		Provider: name, ProviderBaseURL: p.api, PactFiles: []string{path}, FailIfNoPactsFound: true,
		MessageHandlers: handlers, StateHandlers: states, DisableColoredOutput: true,
	})
	if err != nil {
		p.t.Fatalf("%s breaks %s: %v", name, file, err)
	}
}

// handler makes a message of what a function has the provider send.
func (p *teller) handler(send func() (json.RawMessage, error)) message.Handler {
	return func([]models.ProviderState) (message.Body, message.Metadata, error) {
		body, err := p.fresh()
		if err == nil {
			body, err = send()
		}
		if err != nil {
			p.t.Error(err) // the verifier says only that it could not
		}
		return []byte(body), message.Metadata{"contentType": "application/json"}, err
	}
}

// fresh moves on to a sandbox of the preset to which nothing has happened.
func (p *teller) fresh() (json.RawMessage, error) {
	p.made++
	p.sandbox = fmt.Sprintf("messages-%d", p.made)
	return p.call(http.MethodPost, p.control+"/control/v1/sandboxes", map[string]string{
		"name": p.sandbox, "from": "omnichannel", "clock": "manual", "at": "2026-06-01T10:00:00Z",
	})
}

func (p *teller) own(path string) string {
	return p.control + "/control/v1/sandboxes/" + p.sandbox + path
}

// call sends JSON, and reads it; header are names and values.
func (p *teller) call(method, address string, in any, header ...string) (json.RawMessage, error) {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequestWithContext(p.t.Context(), method, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := (&http.Client{Timeout: 20 * time.Second}).Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s %s: %s %s", method, address, resp.Status, answer)
	}
	return answer, err
}

// event is the first platform event of a type that the org of the sandbox has published.
func (p *teller) event(name string) func() (json.RawMessage, error) {
	return func() (json.RawMessage, error) {
		answer, err := p.call(http.MethodGet, p.own("/som/events?limit=1&type="+name), nil)
		if err != nil {
			return nil, err
		}
		var page struct{ Events []json.RawMessage }
		if err := json.Unmarshal(answer, &page); err != nil || len(page.Events) != 1 {
			return nil, fmt.Errorf("%w: no event %s in %s", err, name, answer)
		}
		return page.Events[0], nil
	}
}

// statusChanged has somebody give an order summary another status, and returns the event.
func (p *teller) statusChanged() (json.RawMessage, error) {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {"somsim~" + p.sandbox}, "client_secret": {"somsim"}}
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.api+"/services/oauth2/token", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := (&http.Client{}).Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&token); err != nil {
		return nil, err
	}
	data, bearer := p.api+"/services/data/v60.0/", "Bearer "+token.AccessToken
	answer, err := p.call(http.MethodGet, data+"query?q="+url.QueryEscape("SELECT Id FROM OrderSummary WHERE OrderNumber = '00000101'"), nil, "Authorization", bearer)
	if err != nil {
		return nil, err
	}
	var found struct{ Records []struct{ ID string } }
	if err := json.Unmarshal(answer, &found); err != nil || len(found.Records) != 1 {
		return nil, fmt.Errorf("%w: %s", err, answer)
	}
	summary := data + "sobjects/OrderSummary/" + found.Records[0].ID
	if _, err := p.call(http.MethodPatch, summary, map[string]string{"Status": "Approved"}, "Authorization", bearer); err != nil {
		return nil, err
	}
	return p.event("OrderSumStatusChangedEvent")()
}

func TestOrderManagementTellsWhatWasAgreed(t *testing.T) {
	sim := simtest.Start(t)
	p := &teller{t: t, api: sim.URL, control: sim.ControlURL}
	p.tells("order-ops-som.json", "som", message.Handlers{
		"that an order summary was created":                  p.handler(p.event("OrderSummaryCreatedEvent")),
		"that the status of an order summary has changed":    p.handler(p.statusChanged),
		"that the status of a fulfillment order has changed": p.handler(p.event("FOStatusChangedEvent")),
	})
}

// pay asks the payment platform for something, as a merchant does, and returns the id of what came of it.
func (p *teller) pay(path string, in any) (string, error) {
	path = "/v2/somsim/payments" + path
	const date = "Mon, 01 Jun 2026 10:00:00 GMT"
	mac := hmac.New(sha256.New, []byte("somsim"))
	mac.Write([]byte("POST\napplication/json\n" + date + "\n" + path + "\n"))
	answer, err := p.call(http.MethodPost, p.api+path, in, "Date", date,
		"Authorization", "GCS v1HMAC:somsim~"+p.sandbox+":"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	if err != nil {
		return "", err
	}
	var made struct {
		ID      string
		Payment struct{ ID string }
	}
	err = json.Unmarshal(answer, &made)
	return made.ID + made.Payment.ID, err
}

// webhook has a captured payment refunded, with those settings of the platform, and returns the webhook of a type that it
// really delivered.
func (p *teller) webhook(kind string, settings map[string]any) func() (json.RawMessage, error) {
	return func() (json.RawMessage, error) {
		var delivered []json.RawMessage
		inbox := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if body, err := io.ReadAll(r.Body); err == nil {
				delivered = append(delivered, body)
			}
		}))
		defer inbox.Close()
		target := map[string]string{"line": "worldline.webhooks", "url": inbox.URL, "key_id": "key", "secret": "secret"}
		_, errTarget := p.call(http.MethodPut, p.own("/targets/inbox"), target)
		_, errSettings := p.call(http.MethodPut, p.own("/payments"), settings)
		if err := errors.Join(errTarget, errSettings); err != nil {
			return nil, err
		}
		money := map[string]any{"amount": 5000, "currencyCode": "EUR"}
		id, err := p.pay("", map[string]any{
			"order": map[string]any{"amountOfMoney": money, "references": map[string]string{"merchantReference": "77"}},
			"cardPaymentMethodSpecificInput": map[string]any{"authorizationMode": "PRE_AUTHORIZATION", "card": map[string]string{
				"cardNumber": "4111111111111111", "expiryDate": "1230", "cvv": "123", "cardholderName": "Ada",
			}},
		})
		if err != nil {
			return nil, err
		}
		steps := []func() error{
			func() error { _, err := p.pay("/"+id+"/capture", map[string]any{"amount": 5000}); return err }, p.wait,
			func() error { _, err := p.pay("/"+id+"/refund", map[string]any{"amountOfMoney": money}); return err }, p.wait,
		}
		for _, step := range steps {
			if err := step(); err != nil {
				return nil, err
			}
		}
		for _, body := range delivered {
			if strings.Contains(string(body), `"type":"`+kind+`"`) {
				return body, nil
			}
		}
		return nil, fmt.Errorf("no webhook %s was delivered: %s", kind, delivered)
	}
}

// wait lets everything settle that was asked for.
func (p *teller) wait() error {
	_, err := p.call(http.MethodPost, p.own("/clock/advance"), map[string]string{"duration": "10m"})
	return err
}

func TestThePaymentPlatformTellsWhatWasAgreed(t *testing.T) {
	sim := simtest.Start(t)
	p := &teller{t: t, api: sim.URL, control: sim.ControlURL}
	p.tells("order-ops-worldline.json", "worldline", message.Handlers{
		"that money was captured":             p.handler(p.webhook("payment.captured", map[string]any{})),
		"that a refund was accepted":          p.handler(p.webhook("refund.refund_requested", map[string]any{})),
		"that a refund was refused after all": p.handler(p.webhook("refund.rejected", map[string]any{"refuse_refunds": true})),
	})
}

// TestAnalyticsHearsOfRefunds is the consumer's side of the pact about events for analytics: the collector, which is
// simulated, finds nothing wrong with such an event, and counts it.
func TestAnalyticsHearsOfRefunds(t *testing.T) {
	sim := simtest.Start(t)
	p := &teller{t: t, api: sim.URL, control: sim.ControlURL, sandbox: "default"}
	pact := messages.New(t, "tracking", "order-ops")
	type object = map[string]any
	content := object{"client_id": matchers.Regex("1.2", `^\d+\.\d+$`), "events": []object{{"name": "refund", "params": object{
		"transaction_id": "00000101", "value": matchers.Like(149.59), "currency": matchers.Regex("USD", "^[A-Z]{3}$"),
		"event_id": matchers.Regex("6f1b6d0c9a2e4f7785c1d2e3a4b5c6d7", "^[0-9a-f]{32,64}$"),
		"items":    matchers.EachLike(object{"item_id": matchers.Like("SHIRT-M"), "quantity": matchers.Like(1)}, 1),
	}}}}
	pact.Hears(t, "that an order was cancelled", "an order was cancelled", content, func(body []byte) error {
		found, err := p.call(http.MethodPost, sim.URL+"/debug/mp/collect", json.RawMessage(body))
		if err != nil || !strings.Contains(string(found), `"validationMessages":[]`) {
			return fmt.Errorf("%w: the validation server says %s", err, found)
		}
		if _, err := p.call(http.MethodPost, sim.URL+"/mp/collect?measurement_id=G-SOMSIM&api_secret=somsim", json.RawMessage(body)); err != nil {
			return err
		}
		counted, err := p.call(http.MethodGet, p.own("/tracked-events?status=accepted"), nil)
		if err != nil || !strings.Contains(string(counted), "6f1b6d0c9a2e4f7785c1d2e3a4b5c6d7") {
			return fmt.Errorf("%w: what was counted is %s", err, counted)
		}
		return nil
	})
	pact.Settle(t, *update)
}

func TestOrderOpsTellsAnalyticsWhatWasAgreed(t *testing.T) {
	sim := simtest.Start(t)
	p := &teller{t: t, api: sim.URL, control: sim.ControlURL, orderOps: startOrderOps(t, sim.URL, sim.ControlURL)}
	p.tells("tracking-order-ops.json", "order-ops", message.Handlers{"that an order was cancelled": p.handler(p.cancelled)})
}

// cancelled has a shopper cancel an order, and returns the event that order-ops has sent.
func (p *teller) cancelled() (json.RawMessage, error) {
	shop := p.api + "/sandbox/" + p.sandbox + "/s/RefArch/dw/shop/v23_2/customers/auth"
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, shop, strings.NewReader(`{"type":"credentials"}`))
	if err != nil {
		return nil, err
	}
	req.SetBasicAuth("shopper-1@somsim.test", "somsim")
	req.Header.Set("x-dw-client-id", strings.Repeat("a", 30))
	req.Header.Set("Content-Type", "application/json")
	resp, err := (&http.Client{}).Do(req)
	if err != nil {
		return nil, err
	}
	_ = resp.Body.Close()
	_, err = p.call(http.MethodPost, p.orderOps+"/order-ops/v1/orders/00000101/cancellations", map[string]string{"reason_code": "Unknown"},
		"Authorization", resp.Header.Get("Authorization"), "Idempotency-Key", "try-1", "baggage", "sandbox="+p.sandbox)
	if err != nil {
		return nil, err
	}
	answer, err := p.call(http.MethodGet, p.own("/journal?system=tracking&operation=collectEvents"), nil)
	if err != nil {
		return nil, err
	}
	var journal struct {
		Entries []struct{ Request struct{ Body string } }
	}
	if err := json.Unmarshal(answer, &journal); err != nil || len(journal.Entries) != 1 {
		return nil, fmt.Errorf("%w: %s", err, answer)
	}
	return json.RawMessage(journal.Entries[0].Request.Body), nil
}
