package journal

import (
	"net/http"
	"slices"
	"strings"
)

// Header is a header as it is recorded: one line for each value, sorted by name. One text takes a third of the room of a
// map, and a journal of ten thousand entries is not walked by every garbage collection.
type Header string

// Header returns a header as it is recorded, without credentials; the scheme of an Authorization header stays readable.
func (r *Redactor) Header(h http.Header) Header {
	if len(h) == 0 {
		return ""
	}
	var space [32]string
	names, size := space[:0], 0
	for name, values := range h {
		names = append(names, name)
		for _, value := range values {
			size += len(name) + len(": \n") + recordedLength(name, value)
		}
	}
	slices.Sort(names)
	var out strings.Builder
	out.Grow(size)
	for _, name := range names {
		for _, value := range h[name] {
			out.WriteString(name)
			out.WriteString(": ")
			out.WriteString(r.recorded(name, value))
			out.WriteByte('\n')
		}
	}
	return Header(out.String())
}

func sensitive(name string) bool {
	return name == "Authorization" || name == "Proxy-Authorization" || name == "Cookie" || name == "Set-Cookie"
}

// recordedLength is about how long a value is once it is recorded.
func recordedLength(name, value string) int {
	if sensitive(name) {
		return len("Bearer ") + len(Redacted)
	}
	return len(value)
}

func (r *Redactor) recorded(name, value string) string {
	if sensitive(name) {
		if scheme, _, found := strings.Cut(value, " "); found && name == "Authorization" {
			return scheme + " " + Redacted
		}
		return Redacted
	}
	// Addresses such as that of a redirect can hold a one-time code in their query, or a token in their fragment.
	if strings.ContainsAny(value, "?#") || strings.Contains(value, tokenMark) {
		value = r.Text(value)
	}
	if strings.Contains(value, "\n") {
		return strings.ReplaceAll(value, "\n", " ")
	}
	return value
}

// Values returns the header as a map again; nil when there is none.
func (h Header) Values() http.Header {
	if h == "" {
		return nil
	}
	out := http.Header{}
	for line := range strings.Lines(string(h)) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		out[name] = append(out[name], value)
	}
	return out
}
