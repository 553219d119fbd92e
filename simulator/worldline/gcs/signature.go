// Package gcs is what the faces of the payment platform have in common, under the name that its headers bear: signed
// requests, idempotence keys and error documents.
package gcs

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/worldline"
)

const scheme = "GCS v1HMAC:"

// credential splits the Authorization header into key id, sandbox and signature.
func credential(r *binding.Request) (keyID, sandbox, signature string) {
	rest, found := strings.CutPrefix(r.Header.Get("Authorization"), scheme)
	if !found {
		return "", "", ""
	}
	keyID, signature, _ = strings.Cut(rest, ":")
	keyID, sandbox, _ = strings.Cut(keyID, "~")
	return keyID, sandbox, signature
}

// Sandbox returns the sandbox that is named behind the key id.
func Sandbox(r *binding.Request) string {
	_, sandbox, _ := credential(r)
	return sandbox
}

// Typed tells in which requests the content type that was sent is signed.
type Typed func(method string) bool

// WritesTyped is Direct's way: its client sends a content type with every request and signs it with those that can carry a
// body. AllTyped is Connect's (SOURCES.md, authentication).
func WritesTyped(method string) bool {
	return method == http.MethodPost || method == http.MethodPut || method == http.MethodDelete
}

// AllTyped signs the content type of every request that has one.
func AllTyped(string) bool { return true }

// Authenticator checks key, date, signature and merchant, in this order.
func Authenticator(d *worldline.Worldline, typed Typed) binding.Authenticator {
	return func(c *binding.Call) (binding.Principal, error) { return authenticate(d, typed, c) }
}

func authenticate(d *worldline.Worldline, typed Typed, c *binding.Call) (binding.Principal, error) {
	keyID, _, signature := credential(c.Request)
	key, err := d.Key(c.Tx, keyID)
	if err != nil {
		return binding.Principal{}, err
	}
	date, err := http.ParseTime(c.Request.Header.Get("Date"))
	if err != nil {
		return binding.Principal{}, unauthorized("worldline.auth.date", "the Date header is missing or no HTTP date")
	}
	if err := d.CheckDate(c.Tx, date); err != nil {
		return binding.Principal{}, err
	}
	given, err := base64.StdEncoding.DecodeString(signature)
	if err != nil || !hmac.Equal(given, sign(key.Secret, typed, c.Request.HTTP())) {
		return binding.Principal{}, unauthorized("worldline.auth.signature", "the signature does not fit the request")
	}
	if c.Request.Vars["merchantId"] != key.MerchantID {
		return binding.Principal{}, &worldline.Error{
			Code: worldline.MerchantNotAllowed, Rule: "worldline.auth.merchant", Message: "the API key is not one of this merchant's",
		}
	}
	return binding.Principal{Kind: "merchant", ID: key.MerchantID, Client: key.ID}, nil
}

func unauthorized(rule, message string) error {
	return &worldline.Error{Code: worldline.InvalidAuthorization, Rule: rule, Message: message}
}

// sign computes the signature that a request should have.
func sign(secret string, typed Typed, r *http.Request) []byte {
	contentType := ""
	if typed(r.Method) {
		contentType = r.Header.Get("Content-Type")
	}
	mac := hmac.New(sha256.New, []byte(secret))
	for _, line := range append([]string{r.Method, contentType, r.Header.Get("Date")}, gcsLines(r.Header)...) {
		mac.Write([]byte(line + "\n"))
	}
	mac.Write([]byte(target(r) + "\n"))
	return mac.Sum(nil)
}

// folded matches the line breaks in a header value that the signature reads as one space.
var folded = regexp.MustCompile(`\r?\n[^\S\r\n]*`)

func gcsLines(h http.Header) []string {
	var lines []string
	for name := range h {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-gcs") {
			lines = append(lines, lower+":"+strings.TrimSpace(folded.ReplaceAllString(h.Get(name), " ")))
		}
	}
	slices.Sort(lines)
	return lines
}

// target is path and query as the client wrote them, a sandbox prefix included, so that nothing that lies between
// changes what was signed.
func target(r *http.Request) string {
	if u, err := url.ParseRequestURI(r.RequestURI); err == nil && u.IsAbs() {
		return u.RequestURI()
	}
	return r.RequestURI
}
