package inbound

import (
	"context"
	"fmt"
	"time"
)

// Proof checks that a body was sent by somebody who shares a secret, and lately.
type Proof struct {
	Secret string
	Clock  Clock
}

// Check holds a body against the signature of [SignatureHeader] and its time. A clock that was read a while ago is read again
// before a body is refused for its time.
func (p Proof) Check(ctx context.Context, signature string, body []byte) error {
	at, err := signedAt(p.Secret, signature, body)
	if err != nil {
		return err
	}
	if timely(at, p.Clock.Now(ctx)) {
		return nil
	}
	p.Clock.Refresh(ctx)
	if now := p.Clock.Now(ctx); !timely(at, now) {
		return fmt.Errorf("the signature was made at %s, which is more than %s from now, %s", at.Format(time.RFC3339), tolerance, now.Format(time.RFC3339))
	}
	return nil
}
