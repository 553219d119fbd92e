package worldline

import (
	"fmt"
	"time"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/sandbox"
)

// DefaultMerchant, DefaultKeyID and DefaultSecret are what every preset has, so that a client can be pointed at the
// simulator without reading anything.
const (
	DefaultMerchant = "somsim"
	DefaultKeyID    = "somsim"
	DefaultSecret   = "somsim"
)

// Merchant is an account at the platform.
type Merchant struct{ ID, Name string }

// APIKey lets a client act for one merchant; requests are signed with the secret.
type APIKey struct{ ID, MerchantID, Secret string }

// AddMerchant stores a merchant and its first API key.
func (w *Worldline) AddMerchant(tx *sandbox.Tx, m Merchant, key APIKey) {
	key.MerchantID = m.ID
	w.merchants.Put(tx.Tx, m)
	w.keys.Put(tx.Tx, key)
}

// Key returns the API key of that id. The error has the code [InvalidAuthorization].
func (w *Worldline) Key(tx *sandbox.Tx, id string) (APIKey, error) {
	k, ok := w.keys.Get(tx.Tx, id)
	if !ok {
		return APIKey{}, &Error{
			Code: InvalidAuthorization, Rule: "worldline.auth.key", Message: "the API key is unknown",
		}
	}
	return k, nil
}

// CheckDate checks that a request was signed about now. The error has the code [InvalidAuthorization].
func (w *Worldline) CheckDate(tx *sandbox.Tx, date time.Time) error {
	window := w.SettingsOf(tx).DateWindow
	if window == 0 {
		if tx.ClockMode() == clock.ModeManual {
			return nil
		}
		window = defaultDateWindow
	}
	if off := tx.Now().Sub(date).Abs(); off > window {
		return &Error{
			Code: InvalidAuthorization, Rule: "worldline.auth.date-window",
			Message: fmt.Sprintf("the Date header is %s away from %s, the time of the sandbox", off.Truncate(time.Second), tx.Now().Format(time.RFC3339)),
		}
	}
	return nil
}
