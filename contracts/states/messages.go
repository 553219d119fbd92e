package states

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// tell has a provider say something of its own accord, in the present sandbox.
type tell func(s *Stage) (json.RawMessage, error)

// tellers list what providers tell, by provider and the pacts' words for it.
func tellers() map[string]map[string]tell {
	return map[string]map[string]tell{
		"som": {
			"that an order summary was created":                  event("OrderSummaryCreatedEvent"),
			"that the status of an order summary has changed":    (*Stage).approved,
			"that the status of a fulfillment order has changed": event("FOStatusChangedEvent"),
		},
		"worldline": {
			"that money was captured":             webhook("payment.captured", map[string]any{}),
			"that a refund was accepted":          webhook("refund.refund_requested", map[string]any{}),
			"that a refund was refused after all": webhook("refund.rejected", map[string]any{"refuse_refunds": true}),
		},
		"order-ops": {"that an order was cancelled": (*Stage).tracked},
	}
}

// Tell returns a message that a provider has really sent, in the words of the
// pact. One that nobody here can have it send is ErrUnknown.
func (s *Stage) Tell(provider, what string) ([]byte, error) {
	say := tellers()[provider][what]
	if say == nil {
		return nil, fmt.Errorf("%w: nobody has %s tell %q", ErrUnknown, provider, what)
	}
	message, err := say(s)
	if err != nil {
		return nil, fmt.Errorf("%s was to tell %q: %w", provider, what, err)
	}
	return message, nil
}

// Messages serves a provider's messages as Pact's verifiers ask for them: a POST
// with the description, answered with the message.
func (s *Stage) Messages(provider string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct{ Description string }
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&asked); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		message, err := s.Tell(provider, asked.Description)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Pact-Message-Metadata", base64.StdEncoding.EncodeToString([]byte(`{"contentType":"application/json"}`)))
		_, _ = w.Write(message) // the verifier has hung up otherwise
	})
}

// ownPath is a path of the control plane about the present sandbox.
func (s *Stage) ownPath(path string) string {
	return s.control + "/control/v1/sandboxes/" + s.sandbox() + path
}

// event is the first platform event of a type that the org has published.
func event(name string) tell {
	return func(s *Stage) (json.RawMessage, error) {
		var page struct{ Events []json.RawMessage }
		if err := s.exchange(http.MethodGet, s.ownPath("/som/events?limit=1&type="+name), nil, nil, &page); err != nil {
			return nil, err
		}
		if len(page.Events) != 1 {
			return nil, fmt.Errorf("no event %s was published", name)
		}
		return page.Events[0], nil
	}
}

// approved has somebody give an order summary another status.
func (s *Stage) approved() (json.RawMessage, error) {
	_, err := withSession(func(s *Stage, _ string) (Values, error) {
		rows, err := s.query("SELECT Id FROM OrderSummary WHERE OrderNumber = '00000101'")
		if err != nil {
			return nil, err
		}
		path := fmt.Sprintf("/services/data/v60.0/sobjects/OrderSummary/%s", rows[0]["Id"])
		return nil, s.exchange(http.MethodPatch, s.api+path, as(s.real(pactSession)), map[string]string{"Status": "Approved"}, nil)
	})(s, "")
	if err != nil {
		return nil, err
	}
	return event("OrderSumStatusChangedEvent")(s)
}

// webhook has a captured payment refunded, with those settings of the platform,
// and returns the webhook of a type that it really delivered.
func webhook(kind string, settings map[string]any) tell {
	return func(s *Stage) (json.RawMessage, error) {
		box, err := openInbox()
		if err != nil {
			return nil, err
		}
		defer box.close()
		target := map[string]string{"line": "worldline.webhooks", "url": box.url, "key_id": "key", "secret": "secret"}
		err = errors.Join(s.exchange(http.MethodPut, s.ownPath("/targets/inbox"), nil, target, nil), s.exchange(http.MethodPut, s.ownPath("/payments"), nil, settings, nil))
		if err != nil {
			return nil, err
		}
		if err := s.refundedPayment(); err != nil {
			return nil, err
		}
		return box.find(kind)
	}
}

// refundedPayment pays, captures, and refunds, and lets each settle.
func (s *Stage) refundedPayment() error {
	money := map[string]any{"amount": 5000, "currencyCode": "EUR"}
	id, err := s.pay("", map[string]any{
		"order": map[string]any{"amountOfMoney": money, "references": map[string]string{"merchantReference": "77"}},
		"cardPaymentMethodSpecificInput": map[string]any{"authorizationMode": "PRE_AUTHORIZATION", "card": map[string]string{
			"cardNumber": "4111111111111111", "expiryDate": "1230", "cvv": "123", "cardholderName": "Ada",
		}},
	})
	if err != nil {
		return err
	}
	if _, err := s.pay("/"+id+"/capture", map[string]any{"amount": 5000}); err != nil {
		return err
	}
	if err := s.wait(10 * time.Minute); err != nil {
		return err
	}
	if _, err := s.pay("/"+id+"/refund", map[string]any{"amountOfMoney": money}); err != nil {
		return err
	}
	return s.wait(10 * time.Minute)
}

// pay asks the payment platform for something, as a merchant does, and returns
// the id of what came of it.
func (s *Stage) pay(path string, in any) (string, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return "", err
	}
	address := s.api + "/v2/somsim/payments" + path
	req, err := http.NewRequestWithContext(s.ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header = http.Header{"Content-Type": {"application/json"}, "Date": {"Mon, 01 Jun 2026 10:00:00 GMT"}, "X-Sandbox": {s.sandbox()}}
	req.Header.Set("Authorization", signature(req))
	var made struct {
		ID      string
		Payment struct{ ID string }
	}
	_, err = s.send(http.MethodPost, address, req.Header, "application/json", string(body), &made)
	return made.ID + made.Payment.ID, err
}

// inbox keeps the webhooks that are delivered to it.
type inbox struct {
	url    string
	server *http.Server

	mu        sync.Mutex
	delivered []json.RawMessage
}

func openInbox() (*inbox, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it lasts for one message
	if err != nil {
		return nil, err
	}
	box := &inbox{url: "http://" + listener.Addr().String()}
	box.server = &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20)); err == nil {
			box.mu.Lock()
			defer box.mu.Unlock()
			box.delivered = append(box.delivered, body)
		}
	})}
	go func() { _ = box.server.Serve(listener) }() // ends with close
	return box, nil
}

func (b *inbox) close() { _ = b.server.Close() }

// find is the first webhook of a type.
func (b *inbox) find(kind string) (json.RawMessage, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, body := range b.delivered {
		if strings.Contains(string(body), `"type":"`+kind+`"`) {
			return body, nil
		}
	}
	return nil, fmt.Errorf("no webhook %s was delivered, but %s", kind, b.delivered)
}

// tracked is the event that order-ops has sent to web analytics.
func (s *Stage) tracked() (json.RawMessage, error) {
	var journal struct {
		Entries []struct{ Request struct{ Body string } }
	}
	if err := s.exchange(http.MethodGet, s.ownPath("/journal?system=tracking&operation=collectEvents"), nil, nil, &journal); err != nil {
		return nil, err
	}
	if len(journal.Entries) != 1 {
		return nil, fmt.Errorf("%d events were sent, want 1", len(journal.Entries))
	}
	return json.RawMessage(journal.Entries[0].Request.Body), nil
}
