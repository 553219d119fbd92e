package mapping

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Fields are scalar values by name, as JSON: the fields of a row, or the properties of a document with dots between nested
// names.
type Fields map[string]json.RawMessage

// ToCommerce translates a row. A field that is null or missing has no property. The error names the first field with a
// value that is not of its rule's form.
func (t *Table) ToCommerce(e Entity, row Fields) (Fields, error) {
	out := Fields{}
	for _, r := range t.rules[e] {
		value, ok := row[r.SOM]
		if !ok || isNull(value) {
			continue
		}
		translated, err := r.toCommerce(value)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", e.Object(), r.SOM, err)
		}
		out[r.Commerce] = translated
	}
	return out, nil
}

// ToSOM translates a document. A property that is missing or null makes the field null. The error names the first property
// with a value that is not of its rule's form.
func (t *Table) ToSOM(e Entity, doc Fields) (Fields, error) {
	out := Fields{}
	for _, r := range t.rules[e] {
		value, ok := doc[r.Commerce]
		if !ok || isNull(value) {
			out[r.SOM] = json.RawMessage("null")
			continue
		}
		translated, err := r.toSOM(value)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", e, r.Commerce, err)
		}
		out[r.SOM] = translated
	}
	return out, nil
}

func isNull(value json.RawMessage) bool { return len(value) == 0 || string(value) == "null" }

// The forms of instants on either side.
const (
	somInstant      = "2006-01-02T15:04:05.000-0700"
	commerceInstant = "2006-01-02T15:04:05.000Z"
)

func (r Rule) toCommerce(value json.RawMessage) (json.RawMessage, error) {
	switch r.As {
	case Instant:
		return instant(value, commerceInstant)
	case Choice:
		return choice(value, r.Values)
	case Text, Number, Flag, Date:
	}
	return r.plain(value)
}

func (r Rule) toSOM(value json.RawMessage) (json.RawMessage, error) {
	switch r.As {
	case Instant:
		return instant(value, somInstant)
	case Choice:
		back := map[string]string{}
		for som, commerce := range r.Values {
			back[commerce] = som
		}
		return choice(value, back)
	case Text, Number, Flag, Date:
	}
	return r.plain(value)
}

// plain checks a value that is written alike on both sides.
func (r Rule) plain(value json.RawMessage) (json.RawMessage, error) {
	switch r.As {
	case Number:
		var d decimal.Decimal
		if err := d.UnmarshalJSON(value); err != nil || bytes.HasPrefix(value, []byte(`"`)) {
			return nil, fmt.Errorf("%s is not a number", value)
		}
		return json.RawMessage(d.String()), nil
	case Flag:
		var b bool
		if err := json.Unmarshal(value, &b); err != nil {
			return nil, fmt.Errorf("%s is neither true nor false", value)
		}
		return json.Marshal(b)
	case Text, Date, Instant, Choice:
	}
	text, err := textOf(value)
	if err != nil {
		return nil, err
	}
	if _, err := time.Parse(time.DateOnly, text); r.As == Date && err != nil {
		return nil, fmt.Errorf("%s is not a day", value)
	}
	return json.Marshal(text)
}

func textOf(value json.RawMessage) (string, error) {
	var text string
	if err := json.Unmarshal(value, &text); err != nil {
		return "", fmt.Errorf("%s is not a text", value)
	}
	return text, nil
}

func choice(value json.RawMessage, words map[string]string) (json.RawMessage, error) {
	text, err := textOf(value)
	if err != nil {
		return nil, err
	}
	word, ok := words[text]
	if !ok {
		return nil, fmt.Errorf("%s is none of the values of the rule", value)
	}
	return json.Marshal(word)
}

// instant writes an instant, to the millisecond, in another form.
func instant(value json.RawMessage, form string) (json.RawMessage, error) {
	text, err := textOf(value)
	if err != nil {
		return nil, err
	}
	for _, layout := range []string{somInstant, time.RFC3339Nano} {
		if t, err := time.Parse(layout, text); err == nil {
			return json.Marshal(t.UTC().Truncate(time.Millisecond).Format(form))
		}
	}
	return nil, fmt.Errorf("%s is not an instant", value)
}

// Flat reads a document as fields: nested documents with dots, lists left out.
func Flat(document json.RawMessage) (Fields, error) {
	out := Fields{}
	return out, flatten("", document, out)
}

func flatten(prefix string, document json.RawMessage, into Fields) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(document, &members); err != nil {
		return fmt.Errorf("read document: %w", err)
	}
	for name, value := range members {
		switch {
		case bytes.HasPrefix(value, []byte("{")):
			if err := flatten(prefix+name+".", value, into); err != nil {
				return err
			}
		case !bytes.HasPrefix(value, []byte("[")):
			into[prefix+name] = value
		}
	}
	return nil
}

// Nested writes fields as a document.
func (f Fields) Nested() (json.RawMessage, error) {
	inner, plain := map[string]Fields{}, map[string]json.RawMessage{}
	for name, value := range f {
		head, tail, nested := strings.Cut(name, ".")
		if !nested {
			plain[name] = value
			continue
		}
		if inner[head] == nil {
			inner[head] = Fields{}
		}
		inner[head][tail] = value
	}
	for name, fields := range inner {
		document, err := fields.Nested()
		if err != nil {
			return nil, err
		}
		plain[name] = document
	}
	return json.Marshal(plain)
}
