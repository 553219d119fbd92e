package simulator

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/courier"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/worldline"
	"github.com/somsim/somsim/simulator/worldline/direct"
	"github.com/somsim/somsim/simulator/worldline/globalcollect"
)

// The lines on which the payment platform tells of payments, in the documents of Direct and of Connect.
const (
	directWebhooks  = "worldline.webhooks"
	connectWebhooks = "worldline.connect-webhooks"
)

// paymentLines are the webhooks of the payment platform. It tries again after ten minutes, one, two, eight and twenty-four
// hours (specs/worldline/SOURCES.md).
func paymentLines() []courier.Line {
	var lines []courier.Line
	for _, name := range []string{directWebhooks, connectWebhooks} {
		lines = append(lines, courier.Line{
			Name: name, System: "worldline", Operation: "deliverWebhook", Sign: signWebhook,
			Backoff:     []time.Duration{10 * time.Minute, time.Hour, 2 * time.Hour, 8 * time.Hour, 24 * time.Hour},
			GiveUpAfter: 36 * time.Hour,
		})
	}
	return lines
}

// signWebhook proves that a body comes from the platform: by the id of a key, the target's name unless it has one, and the
// HMAC-SHA256 of the body under it.
func signWebhook(t courier.Target, _ time.Time, body []byte) http.Header {
	mac := hmac.New(sha256.New, []byte(t.Secret))
	mac.Write(body)
	h := http.Header{}
	h.Set("X-GCS-KeyId", cmp.Or(t.KeyID, t.Name))
	h.Set("X-GCS-Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return h
}

// sendWebhooks has every change of a payment told to who is registered for that.
func (s *Simulator) sendWebhooks(d *worldline.Worldline) {
	d.Recognize(s.signsWebhooks)
	d.Announce(func(tx *sandbox.Tx, e worldline.Event) {
		s.courier.Send(tx, directWebhooks, func() courier.Message { return s.webhook(tx, d, e, direct.Webhook) })
		s.courier.Send(tx, connectWebhooks, func() courier.Message { return s.webhook(tx, d, e, globalcollect.Webhook) })
	})
}

// signsWebhooks reports whether a target of Direct's webhooks has a key.
func (s *Simulator) signsWebhooks(tx *sandbox.Tx, keyID, secret string) bool {
	return slices.ContainsFunc(s.courier.Targets(tx), func(t courier.Target) bool {
		return t.Line == directWebhooks && cmp.Or(t.KeyID, t.Name) == keyID && t.Secret == secret
	})
}

// renderer writes an event as one generation of the platform's API does.
type renderer func(d *worldline.Worldline, tx *sandbox.Tx, id string, e worldline.Event) ([]byte, error)

func (s *Simulator) webhook(tx *sandbox.Tx, d *worldline.Worldline, e worldline.Event, render renderer) courier.Message {
	id := tx.UUID("worldline.webhook")
	body, err := render(d, tx, id, e)
	if err != nil {
		s.config.Log.Error("simulator bug", "system", "worldline", "error", err)
	}
	return courier.Message{Subject: id, Body: body}
}
