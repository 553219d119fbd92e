package ocapi

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
)

// Instant renders a time as documents do.
func Instant(t time.Time) string { return instant(t) }

// Number renders a number as it is.
func Number(n decimal.Decimal) json.Number { return number(n) }

// DocumentVersion is how documents spell the version of a path: "23.2" for v23_2.
func DocumentVersion(token string) string { return documentVersion(token) }

// WithCustom renders a document with custom attributes behind its own properties.
func WithCustom(document any, custom b2c.Attributes) ([]byte, error) {
	return withCustom(document, custom)
}

// ReadCustom reads the custom attributes of a document that came in: those to set, and those that a null removes.
func ReadCustom(body map[string]json.RawMessage) (set b2c.Attributes, unset []string, err error) {
	return customInput(body).attributes()
}
