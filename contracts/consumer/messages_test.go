//go:build pact

package consumer_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/pact-foundation/pact-go/v2/matchers"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/somsim/somsim/contracts/messages"
	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/inbound"
)

// heard is what the inboxes of order-ops make of a message.
type heard struct {
	events     []command.Event
	things     map[string]string
	overturned []command.Overturned
}

func (h *heard) KeepEvent(_ context.Context, e command.Event) (bool, error) {
	h.events = append(h.events, e)
	return true, nil
}

func (h *heard) Later(context.Context, string, string, int, time.Time) (bool, error) {
	return false, nil
}

func (h *heard) Advance(ctx context.Context, e command.Event, thing, status string, _ int, at time.Time) (fresh, newer bool, err error) {
	if at.IsZero() {
		return false, false, fmt.Errorf("the status of %s has no time", thing)
	}
	h.things[thing] = status
	fresh, err = h.KeepEvent(ctx, e)
	return fresh, true, err
}

func (h *heard) Overturn(_ context.Context, o command.Overturned) (command.Row, error) {
	h.overturned = append(h.overturned, o)
	return command.Row{}, nil
}

func (h *heard) Now(context.Context) time.Time { return time.Date(2026, 6, 1, 10, 0, 0, 0, time.UTC) }

func (h *heard) WakeDue(context.Context, string, string, string, time.Time) error { return nil }

func (h *heard) Refresh(context.Context) {}

func newHeard(t *testing.T) (*heard, *inbound.Metrics) {
	t.Helper()
	metrics, err := inbound.NewMetrics(prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	return &heard{things: map[string]string{}}, metrics
}

// The signature of a delivery is no part of a pact; each side has a test of its own for it.
const messageSecret = "shared"

func hmacOf(text string) []byte {
	mac := hmac.New(sha256.New, []byte(messageSecret))
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// platformEvent is an event as order-ops reads it.
func platformEvent(name string, payload object) object {
	return object{"channel": "/event/" + name, "data": object{
		"payload": payload,
		"event": object{
			"EventUuid": matchers.Regex("3993f35f-6a61-46d5-a044-1bcc0a57c9b3", `^[0-9a-f-]{36}$`),
			"replayId":  matchers.Integer(1),
		},
	}}
}

func TestOrderOpsHearsOfOrderManagement(t *testing.T) {
	p := messages.New(t, "order-ops", "som")
	take := func(channel string) func(body []byte) error {
		return func(body []byte) error {
			h, metrics := newHeard(t)
			box := &inbound.Inbox{Store: h, Clock: h, Secret: messageSecret, Metrics: metrics, Log: slog.New(slog.DiscardHandler)}
			seconds := h.Now(t.Context()).Unix()
			signature := fmt.Sprintf("t=%d,v1=%s", seconds, hex.EncodeToString(hmacOf(fmt.Sprintf("%d.%s", seconds, body))))
			receipt, err := box.Take(t.Context(), signature, body)
			if err != nil || receipt.UUID == "" || len(h.events) != 1 || h.events[0].Channel != channel || h.events[0].ReplayID < 1 {
				return fmt.Errorf("%w: %+v, %+v", err, receipt, h.events)
			}
			return nil
		}
	}
	for _, e := range []struct {
		what, name string
		payload    object
	}{
		{"that an order summary was created", "OrderSummaryCreatedEvent", object{"OrderSummaryId": id(summaryID), "OrderId": id(changeID)}},
		{"that the status of an order summary has changed", "OrderSumStatusChangedEvent", object{"OrderSummaryId": id(summaryID), "NewStatus": matchers.Like("Approved")}},
		{"that the status of a fulfillment order has changed", "FOStatusChangedEvent", object{"FulfillmentOrderId": id(fulfillID), "OrderSummaryId": id(summaryID), "NewStatus": matchers.Like("Fulfilled")}},
	} {
		p.Hears(t, e.what, state("preset omnichannel"), platformEvent(e.name, e.payload), take("/event/"+e.name))
	}
	p.Settle(t, *update)
}

// aboutMoney is a webhook as order-ops reads it.
func aboutMoney(kind, subject, status string, number int) object {
	return object{
		"id": matchers.Regex("77b1a1f0-9d5d-4a43-9f2e-0a3b6a4b1f11", `^[0-9a-f-]{36}$`), "merchantId": "somsim", "type": kind,
		subject: object{
			"id": matchers.Regex(operationRef, `^\d+_\d+$`), "status": status,
			"statusOutput": object{"statusCode": number, "statusCodeChangeDateTime": matchers.Regex("20260601100000", `^\d{14}$`)},
		},
	}
}

func TestOrderOpsHearsOfPayments(t *testing.T) {
	p := messages.New(t, "order-ops", "worldline")
	take := func(kept string, takenBack bool) func(body []byte) error {
		return func(body []byte) error {
			h, metrics := newHeard(t)
			box := &inbound.Webhooks{
				Statuses: h, Effects: h, Clock: h, KeyID: "key", Secret: messageSecret, MerchantID: "somsim", Metrics: metrics, Log: slog.New(slog.DiscardHandler),
				RefundAgain: func(command.Row, orderops.Effect) (command.Due, error) { return command.Due{}, nil },
			}
			receipts, err := box.Take(t.Context(), "key", base64.StdEncoding.EncodeToString(hmacOf(string(body))), body)
			if err != nil || len(receipts) != 1 || h.things["worldline:"+operationRef] != kept {
				return fmt.Errorf("%w: %+v, %v", err, receipts, h.things)
			}
			if got := len(h.overturned) == 1 && h.overturned[0].Reference == operationRef; got != takenBack {
				return fmt.Errorf("the refund is taken back: %t", got)
			}
			return nil
		}
	}
	for _, m := range []struct {
		what, state, kind, subject, status, kept string
		number                                   int
		takenBack                                bool
	}{
		{"that money was captured", "money was captured", "payment.captured", "payment", "CAPTURED", "CAPTURED", 9, false},
		{"that a refund was accepted", "a refund was accepted", "refund.refund_requested", "refund", "REFUND_REQUESTED", "REFUND_REQUESTED", 81, false},
		// However it is refused, order-ops keeps one word for it.
		{"that a refund was refused after all", "a refund was accepted and then refused", "refund.rejected", "refund", "REJECTED", "REFUSED", 83, true},
	} {
		p.Hears(t, m.what, state(m.state), aboutMoney(m.kind, m.subject, m.status, m.number), take(m.kept, m.takenBack))
	}
	p.Settle(t, *update)
}
