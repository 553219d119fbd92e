package somrest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// member is one property of a JSON object, and where in the text its value begins.
type member struct {
	name string
	raw  json.RawMessage
	at   int
}

// members reads the properties of a JSON object in the order they were sent, which decides about the first error told.
func members(body []byte) ([]member, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return nil, notJSON(errors.Join(err, errors.New("an object was expected")))
	}
	var all []member
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, notJSON(err)
		}
		m := member{name: fmt.Sprint(name)}
		if err := decoder.Decode(&m.raw); err != nil {
			return nil, notJSON(err)
		}
		m.at = int(decoder.InputOffset()) - len(m.raw)
		all = append(all, m)
	}
	return all, nil
}

func notJSON(err error) error {
	return &binding.InvalidRequest{In: "body", Problem: binding.ProblemSyntax, Reason: err.Error()}
}

// readFields reads the fields of a row, each by the type its field has. A property that is the name of a parent and
// holds an object names the parent by an external id.
func (a *API) readFields(c *binding.Call, o *sobject.Object, body []byte) ([]sobject.FieldValue, error) {
	sent, err := members(body)
	if err != nil {
		return nil, err
	}
	fields := make([]sobject.FieldValue, 0, len(sent))
	for _, m := range sent {
		if m.name == "attributes" {
			continue
		}
		fv, err := a.readField(c, o, m, body)
		if err != nil {
			return nil, err
		}
		fields = append(fields, fv)
	}
	return fields, nil
}

func (a *API) readField(c *binding.Call, o *sobject.Object, m member, body []byte) (sobject.FieldValue, error) {
	f, known := o.Field(m.name)
	if _, parent := o.Parent(m.name); parent && !known && jsonType(m.raw) == "START_OBJECT" {
		return a.readForeign(c, o, m)
	}
	value, ok := readValue(f, m.raw)
	if !ok {
		return sobject.FieldValue{}, wrongType(f, m, body)
	}
	return sobject.FieldValue{Name: m.name, Value: value}, nil
}

// readForeign reads {"Account": {"ExternalId__c": "4711"}}.
func (a *API) readForeign(c *binding.Call, o *sobject.Object, m member) (sobject.FieldValue, error) {
	keys, err := members(m.raw)
	if err != nil {
		return sobject.FieldValue{}, err
	}
	for _, key := range keys {
		if key.name == "attributes" || key.name == "type" {
			continue
		}
		return a.domain.Foreign(c.Tx, o, m.name, key.name, scalar(key.raw))
	}
	return sobject.FieldValue{}, &som.Error{
		Code: som.CodeInvalidField, Rule: "som.data.foreign-key", Message: fmt.Sprintf("No external ID is specified for the relationship %s", m.name),
	}
}

// scalar is a JSON text, number or truth as bare text.
func scalar(raw json.RawMessage) string {
	var text string
	if err := json.Unmarshal(raw, &text); err == nil {
		return text
	}
	return string(raw)
}

func wrongType(f *sobject.Field, m member, body []byte) error {
	line, column := position(body, m.at+1)
	return &som.Error{
		Code: som.CodeWrongType, Rule: "som.data.field-type",
		Message: fmt.Sprintf("Cannot deserialize instance of %s from %s value %s or request may be missing a required field at [line:%d, column:%d]",
			typeName(f), jsonType(m.raw), scalar(m.raw), line, column),
	}
}

// readValue reads a JSON value as a field of that type would; fields nobody knows keep their value for the refusal.
func readValue(f *sobject.Field, raw json.RawMessage) (sobject.Value, bool) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return nil, false
	}
	switch v := v.(type) {
	case nil:
		return nil, true
	case bool:
		return v, true
	case json.Number:
		n, err := decimal.NewFromString(v.String())
		return n, err == nil
	case string:
		return readText(f, v)
	default:
		return nil, f == nil
	}
}

// readText reads what may travel as a text: texts themselves, instants, days, truths, and numbers in quotes.
func readText(f *sobject.Field, s string) (sobject.Value, bool) {
	if f == nil || s == "" {
		return s, true
	}
	switch {
	case f.Type == sobject.TypeDatetime:
		return readInstant(s)
	case f.Type == sobject.TypeDate:
		day, _, _ := strings.Cut(s, "T")
		_, err := time.Parse(time.DateOnly, day)
		return day, err == nil
	case f.Type == sobject.TypeTime:
		return readTimeOfDay(s)
	case f.Type.Numeric():
		n, err := decimal.NewFromString(s)
		return n, err == nil
	case f.Type == sobject.TypeBoolean:
		return strings.EqualFold(s, "true"), strings.EqualFold(s, "true") || strings.EqualFold(s, "false")
	default:
		return s, true
	}
}

func readInstant(s string) (sobject.Value, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999-0700", "2006-01-02T15:04:05.999", time.DateOnly} {
		if at, err := time.Parse(layout, s); err == nil && at.Year() >= oldestYear && at.Year() <= newestYear {
			return at, true
		}
	}
	return nil, false
}

// The years that date fields reach. Source: SOAP API Developer Guide, "Primitive Data Types".
const (
	oldestYear = 1700
	newestYear = 4000
)

func readTimeOfDay(s string) (sobject.Value, bool) {
	for _, layout := range []string{"15:04:05.999Z", "15:04:05.999"} {
		if at, err := time.Parse(layout, s); err == nil {
			return at.Format("15:04:05.000Z"), true
		}
	}
	return nil, false
}

func typeName(f *sobject.Field) string {
	switch {
	case f == nil:
		return "a field"
	case f.Type == sobject.TypeReference || f.Type == sobject.TypeID:
		return "reference"
	default:
		return string(f.Type)
	}
}

// jsonType names a JSON value as the platform's parser does.
func jsonType(raw json.RawMessage) string {
	switch text := string(raw); {
	case strings.HasPrefix(text, `"`):
		return "VALUE_STRING"
	case strings.HasPrefix(text, "{"):
		return "START_OBJECT"
	case strings.HasPrefix(text, "["):
		return "START_ARRAY"
	case text == "true":
		return "VALUE_TRUE"
	case text == "false":
		return "VALUE_FALSE"
	case strings.ContainsAny(text, ".eE"):
		return "VALUE_NUMBER_FLOAT"
	default:
		return "VALUE_NUMBER_INT"
	}
}
