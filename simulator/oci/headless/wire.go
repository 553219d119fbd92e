package headless

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/oci"
)

// quantity is a number of units, written as a JSON number.
type quantity struct{ decimal.Decimal }

// MarshalJSON writes the number without quotes.
func (q quantity) MarshalJSON() ([]byte, error) { return []byte(q.String()), nil }

// echoed is a record together with the text it came in, so that it can be given back as it was.
type echoed[T any] struct {
	record T
	raw    json.RawMessage
}

// UnmarshalJSON reads the record and keeps its text.
func (e *echoed[T]) UnmarshalJSON(text []byte) error {
	e.raw = append(json.RawMessage{}, text...)
	return json.Unmarshal(text, &e.record)
}

// place is a location or a location group; the specification sees to it that it is one of them.
func place(location, group string) oci.Place {
	if group != "" {
		return oci.GroupPlace(group)
	}
	return oci.LocationPlace(location)
}

// identifiers is the reverse of place.
func identifiers(p oci.Place) (location, group string) {
	if p.Kind == oci.AtGroup {
		return "", p.ID
	}
	return p.ID, ""
}

func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// optional renders an instant that may not be.
func optional(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return instant(t)
}

// parsed reads an instant; the specification's pattern lets days pass that no month has.
func parsed(name, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, &refusal{
			status: http.StatusBadRequest, title: "Bad Request", kind: "bad-request", rule: "oci.request.valid",
			detail: name + ": " + text + " is no instant",
		}
	}
	return t, nil
}
