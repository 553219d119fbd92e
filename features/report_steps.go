package features

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

func (w *world) reportSteps() []step {
	return []step{
		{when, `^(somebody else|the payment provider) reports that the refund (was refused|had been refused before it was made)$`, w.reportRefused},
		{then, `^the report is (turned away|taken)$`, w.reportEnded},
	}
}

// reportRefused tells order-ops of a refund that came to nothing. Whoever is not the payment provider does not know the
// secret that is shared with it.
func (w *world) reportRefused(ctx context.Context, who, since string) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	at, err := w.control.now(ctx)
	if err != nil {
		return err
	}
	if since == "had been refused before it was made" {
		at = opening().Add(-time.Hour)
	}
	secret := wellKnown
	if who != "the payment provider" {
		secret = "a guess"
	}
	for _, p := range now.payments {
		for _, o := range p.operations {
			if o.kind() == "refund" {
				return w.report(ctx, o.ID, at, secret)
			}
		}
	}
	return errors.New("there is no refund")
}

// report sends a document of the payment provider's to where order-ops takes them.
func (w *world) report(ctx context.Context, refundID string, at time.Time, secret string) error {
	if err := w.env.reach.knows(""); err != nil {
		return err
	}
	raw, err := json.Marshal(map[string]any{
		"apiVersion": "v1", "id": "report-" + at.Format("150405"), "created": at.Format(time.RFC3339), "merchantId": wellKnown, "type": "refund.refunded",
		"refund": map[string]any{
			"id": refundID, "status": "REJECTED", "statusOutput": map[string]any{"statusCode": 83, "statusCodeChangeDateTime": at.UTC().Format("20060102150405")},
		},
	})
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write(raw) // a hash never fails to write
	got, err := w.shopper.send(ctx, request{http.MethodPost, w.env.orderOps + "/order-ops/v1/events/worldline", map[string]string{
		"X-GCS-KeyId": wellKnown, "X-GCS-Signature": base64.StdEncoding.EncodeToString(mac.Sum(nil)), "baggage": "sandbox=" + w.control.sandbox,
	}, json.RawMessage(raw)})
	w.answers = append(w.answers, answer{lost: err, status: got.status, body: got.body})
	return err
}

func (w *world) reportEnded(_ context.Context, how string) error {
	got, err := w.latest()
	if err == nil && (got.status == http.StatusUnauthorized) != (how == "turned away") {
		err = fmt.Errorf("the report was answered %d: %s", got.status, got.body)
	}
	return err
}
