package cdc

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the vendor's signature of a call
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/sandbox"
)

// signatureWindow is how far the timestamp of a signed call may be from now.
const signatureWindow = 2 * time.Minute

// SignedCall is a call with a signature in place of a secret.
type SignedCall struct {
	// Texts are the forms that the signed text may have: the caller knows whether the connection is encrypted, the called
	// may not.
	Texts            []string
	Signature, Nonce string
	// Timestamp counts seconds since 1970.
	Timestamp string
	// UserKey is the application's, when it names one. Token is set for a session, whose secret signs then.
	UserKey, Token string
}

// spentNonce is one that a signed call has used.
type spentNonce struct {
	Key       string
	ExpiresAt time.Time
}

// CheckSignature tells whether a call is signed with the secret of the site, or of a session. Errors have the codes
// [InvalidSignature], [RequestExpired], [DuplicateNonce] and [UnauthorizedUser].
func (d *CDC) CheckSignature(tx *sandbox.Tx, site Site, c SignedCall) error {
	secret, err := d.secretOf(tx, site, c)
	if err != nil {
		return err
	}
	if !c.signedWith(secret) || c.Nonce == "" {
		return refuse(InvalidSignature, "cdc.auth.signature", "The signature is not that of the call.")
	}
	seconds, err := strconv.ParseInt(c.Timestamp, 10, 64)
	if err != nil {
		return refuse(InvalidSignature, "cdc.auth.signature", "The timestamp is no number of seconds.")
	}
	if off := tx.Now().Sub(time.Unix(seconds, 0)).Abs(); off > signatureWindow && tx.ClockMode() != clock.ModeManual {
		return refuse(RequestExpired, "cdc.auth.timestamp", "The timestamp is %s away from %s.", off.Truncate(time.Second), sortable(tx.Now()))
	}
	if n, ok := d.nonces.Get(tx.Tx, c.nonceKey(site)); ok && tx.Now().Before(n.ExpiresAt) {
		return refuse(DuplicateNonce, "cdc.auth.nonce", "The nonce was used before.")
	}
	return nil
}

// SpendNonce remembers the nonce of a call, so that the call cannot be sent again.
func (d *CDC) SpendNonce(tx *sandbox.Tx, site Site, c SignedCall) {
	forget(tx, d.nonces, func(n spentNonce) string { return n.Key })
	d.nonces.Put(tx.Tx, spentNonce{Key: c.nonceKey(site), ExpiresAt: tx.Now().Add(2 * signatureWindow)})
}

func (c SignedCall) nonceKey(site Site) string {
	return site.APIKey + "\x01" + c.Token + "\x01" + c.Nonce
}

func (d *CDC) secretOf(tx *sandbox.Tx, site Site, c SignedCall) (string, error) {
	if c.Token == "" {
		if site.Secret == "" || c.UserKey != "" && c.UserKey != site.UserKey {
			return "", refuse(UnauthorizedUser, "cdc.auth.secret", "The user key is none of the site's.")
		}
		return site.Secret, nil
	}
	if _, err := d.SessionAccount(tx, site, c.Token); err != nil {
		return "", err
	}
	s, _ := d.sessions.Get(tx.Tx, c.Token)
	return s.Secret, nil
}

func (c SignedCall) signedWith(secret string) bool {
	for _, text := range c.Texts {
		if hmac.Equal([]byte(signature(secret, text)), []byte(c.Signature)) {
			return true
		}
	}
	return false
}

// signature is the vendor's: HMAC-SHA1 keyed with the decoded secret. Secrets that are no base64 count as they are.
func signature(secret, text string) string {
	key, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(secret, "="))
	if err != nil {
		key = []byte(secret)
	}
	mac := hmac.New(sha1.New, key)
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// sessionSecret is a new secret in the base64 that clients decode.
func sessionSecret(tx *sandbox.Tx) string {
	return strings.NewReplacer("-", "+", "_", "/").Replace(tx.Token("cdc.SessionSecret")) + "="
}
