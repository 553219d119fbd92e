package httpapi

import (
	"context"
	"io"
	"net/http"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/inbound"
)

// receipt answers an event.
type receipt struct {
	EventUUID string `json:"event_uuid"`
	Duplicate bool   `json:"duplicate"`
}

// webhookReceipt answers what the payment provider sends.
type webhookReceipt struct {
	Received []receivedWebhook `json:"received"`
}

type receivedWebhook struct {
	ID        string `json:"id"`
	Duplicate bool   `json:"duplicate"`
}

// takeWebhook takes in what the payment provider tells of payments.
func (a *API) takeWebhook(ctx context.Context, r *http.Request) (answer, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return answer{}, orderops.Refuse(orderops.InvalidRequest, "the body cannot be read, or is too large")
	}
	taken, err := a.Webhooks.Take(ctx, r.Header.Get(inbound.WebhookKeyHeader), r.Header.Get(inbound.WebhookSignatureHeader), body)
	if err != nil {
		return answer{}, err
	}
	out := webhookReceipt{Received: []receivedWebhook{}}
	for _, t := range taken {
		out.Received = append(out.Received, receivedWebhook{t.UUID, t.Duplicate})
	}
	return answer{Status: http.StatusAccepted, Body: out}, nil
}

// verifyEndpoint tells the payment provider that its webhooks are wanted, by saying what it said.
func verifyEndpoint(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.WriteString(w, r.Header.Get(inbound.WebhookVerificationHeader)) // who has hung up hears nothing
}

// takeEvent takes in a platform event of order management. One that came before is answered like a new one: its sender is
// done with it either way.
func (a *API) takeEvent(ctx context.Context, r *http.Request) (answer, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return answer{}, orderops.Refuse(orderops.InvalidRequest, "the body cannot be read, or is too large")
	}
	taken, err := a.Inbox.Take(ctx, r.Header.Get(inbound.SignatureHeader), body)
	if err != nil {
		return answer{}, err
	}
	return answer{Status: http.StatusAccepted, Body: receipt{taken.UUID, taken.Duplicate}}, nil
}
