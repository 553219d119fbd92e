package worldline

import (
	"fmt"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Settings are what differs from acquirer to acquirer and from environment to environment, in sandbox time.
type Settings struct {
	// AuthorizationDelay, CaptureDelay and RefundDelay pass between a request and its settlement; with zero it settles at
	// once. Who books in the platform's own name, as presets and the adapter of Order Management do, has captures settle at
	// once whatever the delay.
	AuthorizationDelay, CaptureDelay, RefundDelay time.Duration
	// AuthorizationLife is how long an authorisation can be captured.
	AuthorizationLife time.Duration
	// DateWindow is how far the Date of a signed request may be from the sandbox's time. With zero it is five minutes while
	// the clock runs by itself, and not looked at while it is moved by hand.
	DateWindow time.Duration
	// RefuseRefunds has refunds that were requested end as refused when they would settle, as when a card is closed.
	RefuseRefunds bool
}

// DefaultSettings settle captures after a minute, uncertain authorisations and refunds after five, and let authorisations
// expire after a week.
func DefaultSettings() Settings {
	return Settings{
		AuthorizationDelay: 5 * time.Minute, CaptureDelay: time.Minute, RefundDelay: 5 * time.Minute, AuthorizationLife: 7 * 24 * time.Hour,
	}
}

// chosen is the row of a sandbox that has settings of its own.
type chosen struct{ Settings Settings }

// SettingsOf returns what holds in a sandbox.
func (w *Worldline) SettingsOf(tx *sandbox.Tx) Settings {
	if row, ok := w.chosen.Peek(tx.Tx, "settings"); ok {
		return row.Settings
	}
	return w.Settings
}

// Choose has a sandbox use settings of its own. Durations are not negative, and an authorisation lives for some time.
func (w *Worldline) Choose(tx *sandbox.Tx, s Settings) error {
	if min(s.AuthorizationDelay, s.CaptureDelay, s.RefundDelay, s.DateWindow) < 0 || s.AuthorizationLife <= 0 {
		return fmt.Errorf("durations are not negative, and authorization_life is more than zero")
	}
	w.chosen.Put(tx.Tx, chosen{s})
	return nil
}

// defaultDateWindow is how far the Date of a request may be off where the clock runs by itself.
const defaultDateWindow = 5 * time.Minute
