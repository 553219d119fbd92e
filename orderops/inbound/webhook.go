package inbound

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// The headers by which the payment provider proves its webhooks: the id of a key, and the HMAC-SHA256 of the raw body
// under it, in base64.
const (
	WebhookKeyHeader       = "X-GCS-KeyId"
	WebhookSignatureHeader = "X-GCS-Signature"
)

// WebhookVerificationHeader is that of the GET by which the provider asks whether an endpoint wants its webhooks: the value
// is to be echoed as the body.
const WebhookVerificationHeader = "X-GCS-Webhooks-Endpoint-Verification"

// Statuses keeps events and the latest status of the things that they are about.
type Statuses interface {
	// Later reports whether a later status of a thing is known than one of an instant.
	Later(ctx context.Context, sandbox, thing string, rank int, at time.Time) (bool, error)
	// Advance stores an event and the status that it tells of a thing. Without fresh it came before, without newer a later
	// status of the thing is known.
	Advance(ctx context.Context, e command.Event, thing, status string, rank int, at time.Time) (fresh, newer bool, err error)
}

// Effects are what commands have brought about.
type Effects interface {
	// Overturn makes an effect that was done a failed one. Where there is none, the error is command.ErrNoCommand.
	Overturn(ctx context.Context, o command.Overturned) (command.Row, error)
}

// Webhooks takes in what the payment provider tells of payments.
type Webhooks struct {
	Statuses Statuses
	Effects  Effects
	Clock    Clock
	// KeyID and Secret are shared with the provider. Without a secret nothing is taken. MerchantID is whose payments these are.
	KeyID, Secret, MerchantID string
	// RefundAgain is how a refund that was taken back is made once more.
	RefundAgain func(row command.Row, refused orderops.Effect) (command.Due, error)
	Metrics     *Metrics
	Log         *slog.Logger
}

// operation is what a webhook tells of an operation of a payment.
type operation struct {
	ID           string `json:"id"`
	Status       string `json:"status"`
	StatusOutput struct {
		StatusCode               int    `json:"statusCode"`
		StatusCodeChangeDateTime string `json:"statusCodeChangeDateTime"`
	} `json:"statusOutput"`
}

// webhook is a document of the provider. Of refund and payment it has one; other kinds are taken and left alone.
type webhook struct {
	ID         string     `json:"id"`
	MerchantID string     `json:"merchantId"`
	Type       string     `json:"type"`
	Payment    *operation `json:"payment"`
	Refund     *operation `json:"refund"`
	raw        json.RawMessage
	at         time.Time
}

// about is the operation that the webhook is about; nil when it is about something else.
func (w webhook) about() *operation {
	if w.Refund != nil {
		return w.Refund
	}
	return w.Payment
}

// Take proves, reads and keeps what the provider sends: one document, or several. A refusal leaves nothing behind. A
// document that came before, or that tells of a status that is past, does nothing.
func (h *Webhooks) Take(ctx context.Context, keyID, signature string, body []byte) ([]Receipt, error) {
	if h.Secret == "" {
		h.Metrics.count("", outcomeNotConfigured)
		return nil, orderops.RefuseFor(notConfiguredRetry, orderops.EventsNotConfigured, "this service has no secret to check webhooks with")
	}
	if !h.proved(keyID, signature, body) {
		h.Metrics.count("", outcomeUnproved)
		return nil, orderops.Refuse(orderops.InvalidSignature, "the signature is not of this body under the key that is shared")
	}
	documents, err := h.parse(body)
	if err != nil {
		h.Metrics.count("", outcomeMalformed)
		return nil, orderops.Refuse(orderops.InvalidRequest, "%s", err)
	}
	var receipts []Receipt
	for _, document := range documents {
		receipt, err := h.take(ctx, document)
		if err != nil {
			return nil, err
		}
		receipts = append(receipts, receipt)
	}
	return receipts, nil
}

func (h *Webhooks) proved(keyID, signature string, body []byte) bool {
	given, err := base64.StdEncoding.DecodeString(signature)
	if err != nil || keyID != h.KeyID {
		return false
	}
	mac := hmac.New(sha256.New, []byte(h.Secret))
	mac.Write(body)
	return hmac.Equal(given, mac.Sum(nil))
}

// parse reads what was sent; its error says what is wrong, in words that repeat nothing of it.
func (h *Webhooks) parse(body []byte) ([]webhook, error) {
	raw := []json.RawMessage{body}
	if trimmed := bytes.TrimSpace(body); len(trimmed) > 0 && trimmed[0] == '[' {
		if err := json.Unmarshal(body, &raw); err != nil {
			return nil, errors.New("the body is no JSON list of webhooks")
		}
	}
	var documents []webhook
	for _, text := range raw {
		w, err := h.parseOne(text)
		if err != nil {
			return nil, err
		}
		documents = append(documents, w)
	}
	return documents, nil
}

func (h *Webhooks) parseOne(text json.RawMessage) (webhook, error) {
	w := webhook{raw: text}
	if err := json.Unmarshal(text, &w); err != nil {
		return w, errors.New("the body is no JSON document of a webhook")
	}
	switch op := w.about(); {
	case !uuidPattern.MatchString(w.ID):
		return w, errors.New("id is missing or not like one")
	case w.Type == "" || len(w.Type) > 80:
		return w, errors.New("type is missing")
	case w.MerchantID != h.MerchantID:
		return w, errors.New("merchantId is another merchant's")
	case op == nil:
		return w, nil
	case op.ID == "" || len(op.ID) > 80 || op.Status == "":
		return w, errors.New("the payment or refund has no id or status")
	default:
		var err error
		if w.at, err = time.Parse("20060102150405", op.StatusOutput.StatusCodeChangeDateTime); err != nil {
			return w, errors.New("statusCodeChangeDateTime is not like 20261231235959")
		}
		return w, nil
	}
}

func (h *Webhooks) take(ctx context.Context, w webhook) (Receipt, error) {
	scope := remote.ScopeOf(ctx)
	event := command.Event{Sandbox: scope.Sandbox, UUID: "worldline:" + w.ID, Channel: "worldline/" + w.Type, Body: string(w.raw), ReceivedAt: h.Clock.Now(ctx)}
	thing, status, rank := "worldline:"+w.ID, w.Type, 0
	if op := w.about(); op != nil {
		thing, status, rank = worldlineclient.System+":"+op.ID, op.Status, rankOf(op.Status)
	}
	overtook := false
	if w.refused() { // before it is kept: what fails here comes again, and what was done is not done twice
		status = statusRefused
		var err error
		if overtook, err = h.takeBack(ctx, w, thing, rank, scope); err != nil {
			return Receipt{}, err
		}
	}
	fresh, newer, err := h.Statuses.Advance(ctx, event, thing, status, rank, w.at)
	if err != nil {
		return Receipt{}, fmt.Errorf("keep webhook %s: %w", w.ID, err)
	}
	if overtook { // the effect may have been noted as done since it was looked for, without anybody looking back any more
		if _, err := h.takeBack(ctx, w, thing, rank, scope); err != nil {
			return Receipt{}, err
		}
	}
	receipt := Receipt{UUID: w.ID, Duplicate: !fresh}
	switch {
	case !fresh:
		h.Metrics.count(w.Type, outcomeDuplicate)
		return receipt, nil
	case !newer:
		h.Metrics.count(w.Type, outcomeStale)
	default:
		h.Metrics.count(w.Type, outcomeAccepted)
	}
	h.audit(ctx, w, newer, scope)
	return receipt, nil
}

// rankOf tells what was asked for from what has become of it, where both happened within a second.
func rankOf(status string) int {
	if strings.HasSuffix(status, "_REQUESTED") {
		return 0
	}
	return 1
}

// refundRefused is the provider's number for a refund that was refused after it had been accepted.
const refundRefused = 83

// refused says that the provider takes a refund back.
func (w webhook) refused() bool {
	return w.Refund != nil && (w.Refund.StatusOutput.StatusCode == refundRefused || w.Refund.Status == "REJECTED")
}

// takeBack opens the question of the money again, unless the provider has thought better of it meanwhile. It reports true
// for a refund that stands behind no effect: it is one that nobody here has asked for, that was taken back already, or of
// which the answer is still under way. The status is kept for that (Overtaken).
func (h *Webhooks) takeBack(ctx context.Context, w webhook, thing string, rank int, scope remote.Scope) (overtook bool, err error) {
	if later, err := h.Statuses.Later(ctx, scope.Sandbox, thing, rank, w.at); err != nil || later {
		return false, err
	}
	_, err = h.Effects.Overturn(ctx, h.overturned(scope.Sandbox, w.Refund.ID))
	if errors.Is(err, command.ErrNoCommand) {
		h.Log.InfoContext(ctx, "a refund was refused that stands behind no effect", "refund", w.Refund.ID, "sandbox", scope.Sandbox)
		return true, nil
	}
	return false, err
}

func (h *Webhooks) overturned(sandbox, refund string) command.Overturned {
	return command.Overturned{
		Sandbox: sandbox, System: worldlineclient.System, Reference: refund, Code: strconv.Itoa(refundRefused),
		Reason: "the payment provider has refused the refund after it had accepted it: have it tried again, or give the money back another way",
		Again:  h.RefundAgain,
	}
}

// statusRefused is the status of a refund that the provider took back, whatever it calls that.
const statusRefused = "REFUSED"

// Overtaken is a command.Overtaking: of a refund whose end a webhook told before order-ops knew of its beginning.
func (h *Webhooks) Overtaken(sandbox string, effect orderops.Effect, status string) (command.Overturned, bool) {
	return h.overturned(sandbox, effect.Reference), status == statusRefused
}

func (h *Webhooks) audit(ctx context.Context, w webhook, newer bool, scope remote.Scope) {
	attrs := []any{"event", w.Type, "webhook_id", w.ID, "stale", !newer, "sandbox", scope.Sandbox, "correlation_id", scope.CorrelationID}
	if op := w.about(); op != nil {
		attrs = append(attrs, "payment_operation", op.ID, "status", op.Status)
	}
	h.Log.InfoContext(ctx, "audit", attrs...)
}
