package journal

import (
	"net/http"
	"regexp"
	"strings"
)

// Redacted stands where something was taken out.
const Redacted = "[redacted]"

// A Redactor takes credentials and card numbers out of what is recorded. Fields that a specification marks
// x-sensitive are added to the built-in names.
type Redactor struct {
	jsonField *regexp.Regexp
	formField *regexp.Regexp
	xmlField  *regexp.Regexp
	names     []string
}

var (
	sensitiveNames   = []string{"access_token", "refresh_token", "id_token", "client_secret", "password", "secret", "assertion", "signature"}
	sensitiveHeaders = []string{"Authorization", "Cookie", "Set-Cookie", "Proxy-Authorization"}
	// A card number is 13 to 19 digits that stand alone; masked numbers do not match.
	cardNumber = regexp.MustCompile(`\b\d(?:[ -]?\d){12,18}\b`)
)

// NewRedactor returns a redactor for the built-in names and the given ones.
func NewRedactor(extra ...string) *Redactor {
	names := append(append([]string{}, sensitiveNames...), extra...)
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = regexp.QuoteMeta(name)
	}
	alternatives := "(?:" + strings.Join(quoted, "|") + ")"
	return &Redactor{
		names:     names,
		jsonField: regexp.MustCompile(`("` + alternatives + `"\s*:\s*)"(?:[^"\\]|\\.)*"`),
		formField: regexp.MustCompile(`(?i)((?:^|[?&])` + alternatives + `=)[^&]*`),
		xmlField:  regexp.MustCompile(`(<(?:\w+:)?(?:` + alternatives + `|sessionId)>)[^<]*`),
	}
}

// Header returns a copy without credentials; the scheme of an Authorization header stays readable.
func (r *Redactor) Header(h http.Header) http.Header {
	out := h.Clone()
	for _, name := range sensitiveHeaders {
		for i, value := range out[name] {
			scheme, _, found := strings.Cut(value, " ")
			if !found || name != "Authorization" {
				scheme = ""
			}
			out[name][i] = strings.TrimSpace(scheme + " " + Redacted)
		}
	}
	return out
}

// Text returns a body, a query or a rendered row without credentials and card numbers.
func (r *Redactor) Text(s string) string {
	if s == "" {
		return s
	}
	if r.mentions(s) {
		s = r.jsonField.ReplaceAllString(s, `$1"`+Redacted+`"`)
		s = r.formField.ReplaceAllString(s, "${1}"+Redacted)
		s = r.xmlField.ReplaceAllString(s, "${1}"+Redacted)
	}
	if !longDigits(s) {
		return s
	}
	return cardNumber.ReplaceAllStringFunc(s, func(found string) string {
		if !luhn(found) {
			return found
		}
		return Redacted
	})
}

func (r *Redactor) mentions(s string) bool {
	for _, name := range r.names {
		if strings.Contains(s, name) {
			return true
		}
	}
	return strings.Contains(s, "sessionId")
}

// longDigits is a cheap test before the expensive search: is there a run of digits that could be a card number?
func longDigits(s string) bool {
	run := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if run++; run >= 13 {
				return true
			}
		case c == ' ' || c == '-':
		default:
			run = 0
		}
	}
	return false
}

// luhn reports whether the digits carry a card number's check digit.
func luhn(s string) bool {
	sum, odd := 0, true
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] < '0' || s[i] > '9' {
			continue
		}
		d := int(s[i] - '0')
		if !odd {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum, odd = sum+d, !odd
	}
	return sum%10 == 0
}
