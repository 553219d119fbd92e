package ga4

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/tracking"
)

// fields are the properties of an object, read one by one: one that is wrong does not spoil the others.
type fields map[string]json.RawMessage

// hit reads a request, however wrong.
func hit(r *binding.Request) tracking.Hit {
	key, _ := secret(r)
	h := tracking.Hit{MeasurementID: r.Query("measurement_id"), Secret: key, Bytes: len(r.Body)}
	var payload fields
	if err := json.Unmarshal(r.Body, &payload); err != nil {
		h.Malformed = err.Error()
		return h
	}
	var events []fields
	if raw, ok := payload["events"]; ok {
		if err := json.Unmarshal(raw, &events); err != nil {
			h.Malformed = "events: " + err.Error()
			return h
		}
	}
	h.ClientID, h.UserID = payload.text("client_id"), payload.text("user_id")
	h.Timestamp, _ = scalar(payload["timestamp_micros"])
	for _, e := range events {
		h.Events = append(h.Events, candidate(e))
	}
	return h
}

func candidate(e fields) tracking.Candidate {
	c := tracking.Candidate{Name: e.text("name")}
	given := e.object("params")
	c.Params = given.params()
	var items []fields
	if raw, ok := given["items"]; ok && json.Unmarshal(raw, &items) == nil {
		for _, item := range items {
			c.Items = append(c.Items, item.params())
		}
	}
	return c
}

func (f fields) object(name string) fields {
	var out fields
	if json.Unmarshal(f[name], &out) != nil {
		return nil
	}
	return out
}

// text returns a property that is a string; one that is something else counts as missing.
func (f fields) text(name string) string {
	var out string
	if json.Unmarshal(f[name], &out) != nil {
		return ""
	}
	return out
}

// params are the properties that hold one value, by name.
func (f fields) params() tracking.Params {
	var ps tracking.Params
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if value, number := scalar(f[name]); value != "" {
			ps = append(ps, tracking.Param{Name: name, Value: value, Number: number})
		}
	}
	return ps
}

// scalar renders a string, a number or a boolean; anything else is empty.
func scalar(raw json.RawMessage) (value string, number bool) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return "", false
	}
	switch raw[0] {
	case '"':
		_ = json.Unmarshal(raw, &value) // it is part of a document that was read
		return value, false
	case '{', '[', 'n':
		return "", false
	case 't', 'f':
		return string(raw), false
	default:
		return string(raw), true
	}
}
