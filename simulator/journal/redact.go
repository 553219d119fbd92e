package journal

import (
	"maps"
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
	sensitiveNames   = []string{"access_token", "refresh_token", "id_token", "client_secret", "password", "secret", "assertion", "signature"} //nolint:gochecknoglobals // a constant that Go cannot spell
	sensitiveHeaders = []string{"Authorization", "Cookie", "Set-Cookie", "Proxy-Authorization"}                                               //nolint:gochecknoglobals // a constant that Go cannot spell
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

// Header returns the header without credentials; the scheme of an Authorization header stays readable. What holds none
// is shared with the argument, which nobody may alter from then on.
func (r *Redactor) Header(h http.Header) http.Header {
	out, copied := h, false
	for _, name := range sensitiveHeaders {
		values := h[name]
		if len(values) == 0 {
			continue
		}
		if !copied {
			out, copied = maps.Clone(h), true
		}
		hidden := make([]string, len(values))
		for i, value := range values {
			hidden[i] = withoutCredential(name, value)
		}
		out[name] = hidden
	}
	return out
}

func withoutCredential(name, value string) string {
	scheme, _, found := strings.Cut(value, " ")
	if !found || name != "Authorization" {
		return Redacted
	}
	return scheme + " " + Redacted
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
	return withoutCards(s)
}

func (r *Redactor) mentions(s string) bool {
	for _, name := range r.names {
		if strings.Contains(s, name) {
			return true
		}
	}
	return strings.Contains(s, "sessionId")
}

// A card number has 13 to 19 digits, grouped by single spaces or hyphens or not at all, and stands alone.
const shortestCard, longestCard = 13, 19

// withoutCards replaces card numbers. It is written out, and not a regular expression, since it reads every byte that
// goes through the simulator.
func withoutCards(s string) string {
	var out strings.Builder
	kept := 0
	for i := 0; i < len(s); {
		if s[i] < '0' || s[i] > '9' {
			i++
			continue
		}
		end, digits := numberAt(s, i)
		alone := (i == 0 || !wordByte(s[i-1])) && (end == len(s) || !wordByte(s[end]))
		if alone && digits >= shortestCard && digits <= longestCard && luhn(s[i:end]) {
			out.WriteString(s[kept:i])
			out.WriteString(Redacted)
			kept = end
		}
		i = end
	}
	if kept == 0 {
		return s
	}
	out.WriteString(s[kept:])
	return out.String()
}

// numberAt returns where the number that begins at i ends, and how many digits it has.
func numberAt(s string, i int) (end, digits int) {
	for i < len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
			i++
			end = i
		case (c == ' ' || c == '-') && i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9':
			i++
		default:
			return end, digits
		}
	}
	return end, digits
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
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
