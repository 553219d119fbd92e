package ocijson

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/oci"
)

// Quantity is a number of units, written as a JSON number.
type Quantity struct{ decimal.Decimal }

// MarshalJSON writes the number without quotes.
func (q Quantity) MarshalJSON() ([]byte, error) { return []byte(q.String()), nil }

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

// Identifiers is the reverse of place.
func Identifiers(p oci.Place) (location, group string) {
	if p.Kind == oci.AtGroup {
		return "", p.ID
	}
	return p.ID, ""
}

// Instant renders an instant as the vendor does, in UTC with milliseconds.
func Instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// Optional renders an instant that may not be.
func Optional(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return Instant(t)
}

// parsed reads an instant; the specification's pattern lets days pass that no month has.
func parsed(name, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, &Refusal{Rule: "oci.request.valid", Detail: name + ": " + text + " is no instant"}
	}
	return t, nil
}
