package somrest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// getRow answers one row: all its fields, or those the caller names. The id is always there.
func (a *API) getRow(c *binding.Call) (*binding.Response, error) {
	o, err := a.domain.Object(c.Request.Vars["sobject"])
	if err != nil {
		return nil, err
	}
	r, err := a.domain.Record(c.Tx, o, c.Request.Vars["id"])
	if err != nil {
		return nil, err
	}
	fields, err := chosenFields(o, c.Request.Query("fields"))
	if err != nil {
		return nil, err
	}
	d := &document{version: c.Request.Vars["version"]}
	d.WriteByte('{')
	d.attributes(o.Name, r.ID)
	for _, f := range fields {
		d.WriteByte(',')
		d.text(f.Name)
		d.WriteByte(':')
		d.value(f, a.catalog.Value(r, f))
	}
	d.WriteByte('}')
	return &binding.Response{Status: http.StatusOK, Body: d.Bytes()}, nil
}

func chosenFields(o *sobject.Object, list string) ([]*sobject.Field, error) {
	if list == "" {
		return o.Fields, nil
	}
	var chosen []*sobject.Field
	for _, name := range append(strings.Split(list, ","), "Id") {
		f, ok := o.Field(strings.TrimSpace(name))
		if !ok {
			return nil, &som.Error{
				Code: som.CodeInvalidField, Rule: "som.data.field-exists",
				Message: fmt.Sprintf("No such column '%s' on entity '%s'. If you are attempting to use a custom field, be sure to append "+
					"the '__c' after the custom field name.", strings.TrimSpace(name), o.Name),
			}
		}
		if !slices.Contains(chosen, f) {
			chosen = append(chosen, f)
		}
	}
	return chosen, nil
}

type createdRow struct {
	ID      string          `json:"id"`
	Success bool            `json:"success"`
	Errors  []errorDocument `json:"errors"`
}

// createRow stores a new row.
func (a *API) createRow(c *binding.Call) (*binding.Response, error) {
	o, err := a.domain.Object(c.Request.Vars["sobject"])
	if err != nil {
		return nil, err
	}
	fields, err := readChanges(o, c.Request.Body)
	if err != nil {
		return nil, err
	}
	id, err := a.domain.Create(c.Tx, c.Principal.ID, o, fields)
	if err != nil {
		return nil, err
	}
	resp := binding.JSONResponse(http.StatusCreated, createdRow{ID: id, Success: true, Errors: []errorDocument{}})
	resp.Header.Set("Location", "/services/data/"+c.Request.Vars["version"]+"/sobjects/"+o.Name+"/"+id)
	return resp, nil
}

// updateRow changes the fields in the body.
func (a *API) updateRow(c *binding.Call) (*binding.Response, error) {
	o, err := a.domain.Object(c.Request.Vars["sobject"])
	if err != nil {
		return nil, err
	}
	changes, err := readChanges(o, c.Request.Body)
	if err != nil {
		return nil, err
	}
	if err := a.domain.Update(c.Tx, c.Principal.ID, o.Name, c.Request.Vars["id"], changes); err != nil {
		return nil, err
	}
	return &binding.Response{Status: http.StatusNoContent}, nil
}

// readChanges reads the fields of a body in alphabetic order, each by the type its field has.
func readChanges(o *sobject.Object, body []byte) ([]sobject.FieldValue, error) {
	var sent map[string]json.RawMessage
	if err := json.Unmarshal(body, &sent); err != nil {
		return nil, &binding.InvalidRequest{In: "body", Problem: binding.ProblemSyntax, Reason: err.Error()}
	}
	delete(sent, "attributes")
	names := make([]string, 0, len(sent))
	for name := range sent {
		names = append(names, name)
	}
	slices.Sort(names)
	var changes []sobject.FieldValue
	for _, name := range names {
		f, _ := o.Field(name)
		value, ok := readValue(f, sent[name])
		if !ok {
			return nil, &som.Error{
				Code: som.CodeWrongType, Rule: "som.data.field-type", Fields: []string{name},
				Message: fmt.Sprintf("Cannot deserialize instance of %s from %s value %s", typeName(f), jsonType(sent[name]), sent[name]),
			}
		}
		changes = append(changes, sobject.FieldValue{Name: name, Value: value})
	}
	return changes, nil
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
		return nil, false
	}
}

// readText reads what may travel as a text: texts themselves, instants, days, and numbers in quotes.
func readText(f *sobject.Field, s string) (sobject.Value, bool) {
	switch {
	case f == nil || s == "":
		return s, true
	case f.Type == sobject.TypeDatetime:
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999-0700", time.DateOnly} {
			if at, err := time.Parse(layout, s); err == nil {
				return at, true
			}
		}
		return nil, false
	case f.Type == sobject.TypeDate:
		day, _, _ := strings.Cut(s, "T")
		_, err := time.Parse(time.DateOnly, day)
		return day, err == nil
	case f.Type.Numeric():
		n, err := decimal.NewFromString(s)
		return n, err == nil
	default:
		return s, true
	}
}

func typeName(f *sobject.Field) string {
	if f == nil {
		return "a field"
	}
	return string(f.Type)
}

// jsonType names a JSON value as the platform's parser does.
func jsonType(raw json.RawMessage) string {
	switch {
	case len(raw) > 0 && raw[0] == '"':
		return "VALUE_STRING"
	case len(raw) > 0 && raw[0] == '{':
		return "START_OBJECT"
	case len(raw) > 0 && raw[0] == '[':
		return "START_ARRAY"
	default:
		return "VALUE_NUMBER_FLOAT"
	}
}
